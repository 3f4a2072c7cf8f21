"""What documents grant beside the write: to the writer, and to anybody on the internet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from preflight.iam.decision import Decision
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects
from preflight.iam.globs import Glob
from preflight.providers.gcs.rights import CREATE, DELETES, DOCUMENTED, FURTHER, LISTS, READS

_EVERYBODY = (CREATE, READS, DELETES, LISTS, "storage.objects.setIamPolicy", "storage.buckets.setIamPolicy")
_JUDGED_APART = {CREATE, READS, DELETES, LISTS}
_BEYOND = tuple(right for right in (*DOCUMENTED, *FURTHER) if right not in _JUDGED_APART)
_STRANGER = Account(email="somebody-else@gserviceaccount.com", prevented=False, groups=frozenset())


def beside_writing(account: Account, bucket: str, layers: Layers) -> dict[str, list[str]]:
    """Facts: what `anyone` may, and what the account may do `beyond` writing, or perhaps (`beyond_open`).

    Where a level was not read, what it may grant beside all the rest is not told.
    """
    anyone = _granted(_decided(_STRANGER, _EVERYBODY, bucket, layers)) if account.prevented is not True else []
    if anyone and account.prevented is None:
        anyone[-1] += " (unless an organization policy prevents public access)"
    held = _decided(account, _BEYOND, bucket, layers)
    told = {"anyone": anyone, "beyond": _granted(held)}
    if not layers.missing:
        return told | {"beyond_open": [right for right, one in held.items() if one.undecided and not one.allowed]}
    return told if told["beyond"] else {"anyone": anyone}


def _decided(account: Account, rights: Iterable[str], bucket: str, layers: Layers) -> Mapping[str, Decision]:
    return {right: decide(_request(account, right, bucket), layers) for right in rights}


def _request(account: Account, right: str, bucket: str) -> Request:
    """Whether the account holds a right on anything in the bucket, or on the bucket where that is what it is about."""
    base, names = objects(bucket)
    found = Request(account=account, permission=right, asked=names, base=base)
    match right.split(".")[1]:
        case "objects" if right != LISTS:
            return found
        case "objects" | "buckets":
            name = base.removesuffix("/objects/")
            return replace(found, asked=Glob.literal(name), base=name, typed="storage.googleapis.com/Bucket")
        case _:
            return replace(found, typed=None)  # no page says what conditions see of a folder


def _granted(decisions: Mapping[str, Decision]) -> list[str]:
    return [right for right, decision in decisions.items() if decision.allowed]
