"""What a refused call was for: writing needs few calls, and a refusal of any other decides nothing."""

import dataclasses
import itertools
import re
from enum import Enum

from preflight.diagnose.reading import Reading


class Purpose(Enum):
    """Why the call was made. Only `WRITE` is needed for recordings."""

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


_STAGES = {
    "put_object": Purpose.WRITE,
    "put_blob": Purpose.WRITE,
    "list": Purpose.LIST,
    "get_object": Purpose.READ,
    "get_blob": Purpose.READ,
    "head_object": Purpose.READ,
    "head_bucket": Purpose.SETTINGS,
    "get_bucket": Purpose.SETTINGS,
    "get_container": Purpose.SETTINGS,
    "get_bucket_policy": Purpose.SETTINGS,
    "create_bucket": Purpose.CREATE,
    "create_container": Purpose.CREATE,
    "cleanup": Purpose.DELETE,
    "delete": Purpose.DELETE,
    "hmac": Purpose.ADMIN,
    "sts": Purpose.IDENTITY,
}

# Names of calls and of permissions, in the order in which they are tried.
_NAMES = (
    (Purpose.ASSUME, r"assumerole\w*|impersonat\w+|generateaccesstoken|getaccesstoken|actas"),
    (Purpose.IDENTITY, r"getcalleridentity|getfederationtoken|getsessiontoken|getuser\b"),
    (
        Purpose.CREATE,
        r"createbucket|bucketsinsert|bucketscreate|createcontainer|makebucket|containerswrite|bucketcreate|mb",
    ),
    (Purpose.DELETE, r"delete\w*|abort\w*|objectsdelete|blobsdelete|bucketsdelete|remove\w*|rm"),
    (
        Purpose.WRITE,
        r"putobject\w*|uploadpart\w*|createmultipartupload|completemultipartupload|initiatemultipartupload|postobject"
        r"|copyobject|upload\w*|objects(?:insert|create|compose|rewrite|copy|update|setiamp\w*)|multipartuploads\w*|folderscreate"
        r"|xmlputobject|resumableput|put(?:blob|block)\w*|appendblock|blobs(?:write|addaction|tagswrite)|writeobject|streamingwrite\w*"
        r"|generatedatakey\w*|decrypt|encrypt|reencrypt\w*|describekey|usetoencrypt|usetodecrypt",
    ),
    (Purpose.LIST, r"list\w*|objectslist|bucketslist|hmackeyslist|ls"),
    (
        Purpose.ADMIN,
        r"putbucket\w*|putpublic\w*|putencryption\w*|putlifecycle\w*|bucketsupdate|bucketspatch|bucketssetiam\w*|defaultobjectacl|hmackeys\w*|createtable",
    ),
    (
        Purpose.SETTINGS,
        r"getbucket\w*|headbucket\w*|getencryption\w*|getlifecycle\w*|getpublic\w*|getreplication\w*|getaccelerate\w*"
        r"|getobjectlockconfiguration|bucketsget\w*|\w*accesscontrols\w*|getiampolicy|testiam\w*|containersread|getcontainer\w*|getanalytics\w*|getinventory\w*|getmetrics\w*",
    ),
    (
        Purpose.READ,
        r"getobject\w*|headobject\w*|objectsget\w*|blobsread|getblob\w*|selectobject\w*|download\w*|readobject\w*",
    ),
)
_PATTERNS = tuple((purpose, re.compile(rf"(?:{names})$")) for purpose, names in _NAMES)

_OPERATION = re.compile(
    r"when calling the (\w{3,60}) operation|operation error [\w ]{1,30}: (\w{3,60})|error executing ['\"`](\w{3,60})['\"`]"
    r"|\bs3[:.](?:client\.)?((?:Put|Get|Head|List|Create|Delete|Upload|Complete|Abort|Copy)[A-Z]\w{2,50})\b"
    r"|\b(?:S3|STS) ((?:Put|Get|Head|List|Create|Delete|Upload|Complete|Abort|Copy|Assume)[A-Z]\w{2,50})\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\b(GET|PUT|POST|HEAD|DELETE|PATCH)['\"]?,? ['\"]?(https?://[^\s'\"<>]{4,600})", re.IGNORECASE)
_PROSE = (
    (
        Purpose.CREATE,
        (
            "creating s3 bucket",
            "failed to create bucket",
            "error creating bucket",
            "failed to create container",
        ),
    ),
    (
        Purpose.LIST,
        ("could not list bucket", "unable to list", "failed to list", "error listing", "listing buckets"),
    ),
    (
        Purpose.SETTINGS,
        (
            "error reading s3 bucket",
            "reading s3 bucket",
            "getting s3 bucket",
            "error getting s3 bucket",
            "failed to get bucket",
        ),
    ),
)


def operation_of(reading: Reading) -> str:
    """The name of the refused call as the answer or its rendering tells it; empty if it does not."""
    found = _OPERATION.search(reading.plain)
    return next((name for name in found.groups() if name), "") if found else reading.operation


def pieces(reading: Reading) -> list[Reading]:
    """The reading, cut before every further call that is named: one piece for each error of a paste, ten at most."""
    calls = list(_OPERATION.finditer(reading.plain))
    names = {"".join(name for name in call.groups() if name).lower() for call in calls}
    if len(names) < 2:
        return [reading]
    cuts = [0, *(_beginning(reading.plain, call.start()) for call in calls[1:10]), len(reading.plain)]
    texts = [reading.plain[start:end] for start, end in itertools.pairwise(cuts)]
    return [dataclasses.replace(reading, plain=text) for text in texts if text.strip()]


def _beginning(text: str, place: int) -> int:
    """Where the error begins that names its call at `place`: its sentence, or its line."""
    sentence = text.rfind("An error occurred", max(0, place - 80), place)
    return sentence if sentence >= 0 else text.rfind("\n", 0, place) + 1


def named(name: str) -> Purpose:
    """What a call or permission of this name is for: `s3:PutObject`, `storage.buckets.get`, `objects.insert`."""
    words = re.split(r"[:/.]", name)
    short = "".join(words[-2:] if len(words) > 2 or "." in name or "/" in name else words[-1:])
    short = re.sub(r"[^a-z]", "", short.lower())
    return next((purpose for purpose, pattern in _PATTERNS if pattern.match(short)), Purpose.UNKNOWN)


def purpose_of(reading: Reading) -> Purpose:
    """What the refused call was for, from the call's name, its address, the stage, or the prose around it."""
    operation = operation_of(reading)
    purpose = named(operation) if operation else Purpose.UNKNOWN
    if purpose is Purpose.UNKNOWN:
        purpose = _STAGES.get(reading.stage, Purpose.UNKNOWN)
    if purpose is Purpose.UNKNOWN and (request := _REQUEST.search(reading.plain)):
        purpose = _requested(request[1].upper(), request[2].lower())
    if purpose is Purpose.UNKNOWN:
        purpose = next((p for p, phrases in _PROSE if any(phrase in reading.folded for phrase in phrases)), purpose)
    return purpose


def _requested(method: str, url: str) -> Purpose:
    path, _, query = url.partition("?")
    in_objects = "/o/" in path or "/upload/" in path or path.endswith("/o")
    match method:
        case "DELETE":
            return Purpose.DELETE
        case "PUT" | "POST" | "PATCH" if in_objects:
            return Purpose.WRITE
        case "PUT" if path.count("/") > 3 and "restype=container" not in query:
            return Purpose.WRITE
        case "GET" | "HEAD" if "list" in query or path.endswith(("/o", "/b")):
            return Purpose.LIST
        case "GET" | "HEAD" if in_objects:
            return Purpose.READ
        case "GET" | "HEAD" if re.search(r"/b/[^/]+(?:/iam|/acl)?$", path) or "restype=container" in query:
            return Purpose.SETTINGS
        case _:
            return Purpose.UNKNOWN
