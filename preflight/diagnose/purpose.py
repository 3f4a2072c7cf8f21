"""What a refused call was for: writing needs few calls, and a refusal of any other decides nothing."""

import dataclasses
import itertools
import re
from enum import Enum

from preflight.diagnose.phrase import by_anchor, heard
from preflight.diagnose.reading import Reading


class Purpose(Enum):
    """Why the call was made. Only `WRITE`, and `ASSUME` before it, are needed for recordings."""

    WRITE = "write"
    READ = "read the object"
    LIST = "list"
    SETTINGS = "read a setting of the bucket"
    ADMIN = "change a setting of the bucket"
    CREATE = "create the bucket"
    DELETE = "delete"
    IDENTITY = "ask who the caller is"
    ASSUME = "assume a role"
    UNKNOWN = ""

    @property
    def needless(self) -> bool:
        return self not in {Purpose.WRITE, Purpose.ASSUME, Purpose.UNKNOWN}


# Names of calls, of permissions and of stages, as letters only. The first line that knows a name decides.
_NAMES = """
ASSUME   assumerole* generateaccesstoken getaccesstoken serviceaccountsactas impersonate*
IDENTITY getcalleridentity getfederationtoken getsessiontoken sts
CREATE   createbucket bucketsinsert bucketscreate createcontainer makebucket containerswrite bucketcreate
DELETE   delete* abort* cleanup objectsdelete blobsdelete bucketsdelete multipartuploadsabort remove*
WRITE    putobject* putblob* putblock* uploadpart* upload* createmultipartupload completemultipartupload
         initiatemultipartupload postobject copyobject objectsinsert objectscreate objectscompose objectsrewrite
         objectscopy objectsupdate objectssetiampolicy objectssetretention multipartuploadscreate folderscreate
         xmlputobject resumableput appendblock blobswrite blobsaddaction blobstagswrite writeobject
         generatedatakey* decrypt encrypt reencrypt* describekey cryptokeyversions*
LIST     list* objectslist bucketslist hmackeyslist
ADMIN    putbucket* putpublic* putencryption* putlifecycle* bucketsupdate bucketspatch bucketssetiampolicy
         defaultobjectacl hmac* createtable storageaccountslistkeys*
SETTINGS getbucket* headbucket* getencryption* getlifecycle* getpublic* getreplication* getaccelerate*
         getobjectlockconfiguration bucketsget* bucketaccesscontrols* objectaccesscontrols* getiampolicy* testiam*
         containersread getcontainer* getanalytics* getinventory* getmetrics* listkeysaction
READ     getobject* headobject* objectsget* blobsread getblob* selectobject* download* readobject* headblob*
"""

_METHOD = re.compile(r"\b(GET|PUT|POST|HEAD|DELETE|PATCH|Get|Put|Post|Head|Delete)['\"]?,? ['\"`]?$")
_BUCKET_ADDRESS = re.compile(r"/b/[^/]+(?:/iam|/acl)?$")
_PROSE = {
    Purpose.CREATE: "creating s3 bucket | to create bucket | error creating bucket | to create container | "
    "create filesystem",
    Purpose.DELETE: "removeobject | deleteobject | delete_blob | deleteblob | remove( | failed to delete object | "
    "could not delete object | unable to delete object | error deleting object",
    Purpose.LIST: "could not list bucket | unable to list | failed to list | error listing | listing buckets",
    # Java's client writes the status where a code should stand: the answer to HEAD has no body.
    Purpose.READ: "error code: 403 forbidden | error code: 404 not found | getfilestatus | getobjectmetadata",
    Purpose.ASSUME: "impersonate: | impersonated credentials",
    Purpose.ADMIN: "setting iam policy | applying iam policy | setting bucket policy",
    Purpose.SETTINGS: "reading s3 bucket | getting s3 bucket | failed to get bucket",
}
_TOLD = tuple((purpose, by_anchor(table)) for purpose, table in _PROSE.items())


def _table() -> tuple[dict[str, Purpose], list[tuple[str, Purpose]]]:
    whole: dict[str, Purpose] = {}
    beginnings: list[tuple[str, Purpose]] = []
    purpose = Purpose.UNKNOWN
    for line in _NAMES.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            purpose = Purpose[words.pop(0)]
        for word in words:
            if word.endswith("*"):
                beginnings.append((word[:-1], purpose))
            else:
                whole.setdefault(word, purpose)
    return whole, beginnings


_WHOLE, _BEGINNINGS = _table()
_STAGES = {"get_bucket_policy": Purpose.SETTINGS, "head_bucket": Purpose.SETTINGS, "list": Purpose.LIST}


def named(name: str) -> Purpose:
    """What a call, permission or stage of this name is for: `s3:PutObject`, `storage.buckets.get`, `put_blob`."""
    parts = re.split(r"[:/.]", name)
    last = parts[-2:] if len(parts) > 2 or (len(parts) == 2 and ":" not in name) else parts[-1:]
    key = "".join(letter for letter in "".join(last).lower() if letter.isalpha())
    if key in _WHOLE:
        return _WHOLE[key]
    return next((purpose for beginning, purpose in _BEGINNINGS if key.startswith(beginning)), Purpose.UNKNOWN)


def operation_of(reading: Reading) -> str:
    """The name of the refused call as the answer or its rendering tells it; empty if it does not."""
    found = reading.calls
    return found[0][1] if found else reading.operation


def pieces(reading: Reading) -> list[Reading]:
    """The reading, cut before every further call that is named: one piece for each error of a paste, ten at most."""
    found = reading.calls
    if len({name.lower() for _, name in found}) < 2:
        return [reading]
    places = [_beginning(reading.plain, place) for place, _ in found[1:10]]
    cuts = [0, *sorted(set(places) - {0}), len(reading.plain)]
    texts = [reading.plain[start:end] for start, end in itertools.pairwise(cuts)]
    return [dataclasses.replace(reading, plain=text) for text in texts if text.strip()]


def _beginning(text: str, place: int) -> int:
    """Where the error begins that names its call at `place`: its sentence, or its line."""
    sentence = text.rfind("An error occurred", max(0, place - 80), place)
    return sentence if sentence >= 0 else text.rfind("\n", 0, place) + 1


def purpose_of(reading: Reading) -> Purpose:
    """What the refused call was for, from the call's name, its address, the stage, or the prose around it."""
    operation = operation_of(reading)
    purpose = named(operation) if operation else Purpose.UNKNOWN
    if purpose is Purpose.UNKNOWN and reading.stage:
        purpose = _STAGES.get(reading.stage) or named(reading.stage)
    if purpose is Purpose.UNKNOWN:
        purpose = _requested(reading)
    if purpose is Purpose.UNKNOWN:
        purpose = next((told for told, phrases in _TOLD if heard(phrases, reading)), purpose)
    return purpose


def _requested(reading: Reading) -> Purpose:
    """From the first address that has a method before it."""
    for address in reading.urls[:20]:
        method = _METHOD.search(reading.plain[max(0, address.start() - 12) : address.start()])
        if method:
            return _of_request(method[1].upper(), address[0].lower())
    return Purpose.UNKNOWN


def _of_request(method: str, url: str) -> Purpose:
    path, _, query = url.partition("?")
    if "restype=container" in query or "resource=filesystem" in query:
        return _of_container(method, query)
    in_objects = "/o/" in path or "/upload/" in path or path.endswith("/o")
    match method:
        case "DELETE":
            return Purpose.DELETE
        case "PUT" | "POST" | "PATCH" if in_objects or (method != "POST" and path.count("/") > 3):
            return Purpose.WRITE
        case "GET" | "HEAD" if "list" in query or path.endswith(("/o", "/b")):
            return Purpose.LIST
        case "GET" | "HEAD" if in_objects:
            return Purpose.READ
        case "GET" | "HEAD" if _BUCKET_ADDRESS.search(path):
            return Purpose.SETTINGS
        case _:
            return Purpose.UNKNOWN


def _of_container(method: str, query: str) -> Purpose:
    """Azure addresses a container like a blob; only the query tells."""
    match method:
        case "DELETE":
            return Purpose.DELETE
        case "PUT" | "PATCH":
            return Purpose.ADMIN if "comp=" in query or method == "PATCH" else Purpose.CREATE
        case _:
            return Purpose.LIST if "list" in query or "recursive=" in query else Purpose.SETTINGS
