"""Rules about which fields an entry has: there, known, filled, and spelled as Stream spells them today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.config.entry import ACCOUNT_KEY, CLIENT_ID, GROUPS, GUID, KEY_FILE, Entry, Stray
from preflight.config.shapes import SHAPES, every_field, fields_of
from preflight.config.spelling import current_form
from preflight.config.wording import listed, nearest, quoted
from preflight.model import Cause, Problem

_KINDS = "s3, gcs or abs"
_KEY, _SECRET, _ENDPOINT = (f"aws_s3.{name}" for name in ("s3_api_key", "s3_secret", "s3_custom_endpoint_url"))

_ROLE = "Stream has no field for a role: without a key its own account writes, and the bucket policy lets that in"
_TOKEN = "Stream has no field for a session token: use the long-lived key of a user that may only write"  # noqa: S105 - prose
_IMPORT = "this is the storage of Stream's importer, another feature; recordings take name, storage_type, bucket, path"
_START = "this belongs to the request that starts a recording; a storage is registered by its name before"

# Fields that people bring from elsewhere, and what to say of them.
_FOREIGN = (
    (r"(^|\.)(role_arn|iam_role|external_id|assume_role\w*)$", _ROLE),
    (r"(^|\.)(s3_)?(aws_)?session_token$", _TOKEN),
    (r"(^|\.)path_prefix$|^aws_s3\.(region|bucket)$|^type$|^gcs($|\.)", _IMPORT),
    (r"^((recording|transcription)_)?external_storage$|^recording_(type|storage)$|^(call|start)_\w+$", _START),
    (
        r"(^|\.)(s3_)?(kms\w*|sse\w*|server_side_encryption|acl|storage_class|force_path_style|path_style)$",
        "Stream cannot be told this; the bucket's own settings decide",
    ),
    (
        r"(^|\.)(abs_)?(connection_string|sas\w*|account_key|endpoint_suffix)$",
        "Stream reaches Azure by a service principal only, in Azure's public cloud",
    ),
)


def load_secrets(entry: Entry) -> Iterator[Problem]:
    for name, location, value in entry.lost:
        check = "recognise-fields" if value.shape else "load-secrets"
        cause = Cause.REQUEST_INVALID if value.shape else None
        message = f"{name}: {value.fault}"
        known = every_field().get(name)
        if cause is None and (known is None or known.about.private):
            cause = Cause.CREDENTIAL_MISSING
        yield entry.problem(check, name, message, cause=cause, remedy=value.remedy, location=location)


def complete_fields(entry: Entry) -> Iterator[Problem]:
    if entry.lacks("storage_type"):
        wanted = f"; this one looks like {entry.kind}" if entry.kind else ""
        remedy = f"add storage_type: {entry.kind}" if entry.kind else f"add storage_type: {_KINDS}"
        yield entry.problem("complete-fields", "storage_type", f"storage_type is missing{wanted}", remedy=remedy)
    for spec in fields_of(entry.kind).values() if entry.kind else (every_field()["name"], every_field()["bucket"]):
        group = spec.name.partition(".")[0]
        absent_group = group in GROUPS and group != spec.name and spec.required and not spec.group
        if spec.required and not spec.group and spec.name != "storage_type" and entry.lacks(spec.name):
            written = spec.name in entry.fields
            yield entry.problem(
                "complete-fields",
                spec.name,
                f"{spec.name} is {'empty' if written else 'missing'}; {entry.kind or 'every kind of'} storage needs it",
                remedy=f"add {spec.name.rpartition('.')[2]}" + (f" under {group}" if absent_group else ""),
            )
    if entry.kind == "s3":
        yield from _key_pair(entry)


def _key_pair(entry: Entry) -> Iterator[Problem]:
    """Key and secret come together; with a custom endpoint they must be there."""
    lacking = [name for name in (_KEY, _SECRET) if entry.lacks(name)]
    match lacking:
        case [one]:
            other = _SECRET if one == _KEY else _KEY
            yield entry.problem(
                "complete-fields",
                one,
                f"{one} is missing while {other} is there; a key is a pair",
                remedy="add the other half, or leave both out to let Stream's own account write",
                location=entry.locate(one if one in entry.fields else other),
            )
        case [_, _] if not entry.lacks(_ENDPOINT):
            yield entry.problem(
                "complete-fields",
                _KEY,
                "a custom endpoint needs s3_api_key and s3_secret; Stream's own account exists on Amazon S3 only",
                remedy="add both, or remove s3_custom_endpoint_url if the bucket is on Amazon S3",
                location=entry.locate(_ENDPOINT),
            )
        case _:
            for name in lacking:
                if name in entry.fields:
                    message = f"{name} is there and empty; without a key Stream's own account would write"
                    yield entry.problem("complete-fields", name, message, remedy="fill it in, or leave both out")


def recognise_fields(entry: Entry) -> Iterator[Problem]:
    kind = entry.text("storage_type")
    if kind and kind not in SHAPES:
        hint = f"; did you mean {entry.kind}?" if entry.kind else ""
        remedy = f"write storage_type: {entry.kind}" if entry.kind else f"write {_KINDS}"
        message = f"storage_type {quoted(kind)} is none that Stream knows ({_KINDS}){hint}"
        yield entry.problem("recognise-fields", "storage_type", message, remedy=remedy)
    for stray in entry.strays:
        yield _stray(entry, stray)
    yield from _other_kind(entry)
    if ACCOUNT_KEY in entry.fields and entry.kind == "abs" and not entry.lacks(ACCOUNT_KEY):
        yield entry.problem(
            "recognise-fields",
            ACCOUNT_KEY,
            "abs_account_key is no field of Stream's: it cannot use an account's shared key",
            remedy="let an application of Entra ID write to the container, and give its ids and secret",
        )


def _stray(entry: Entry, stray: Stray) -> Problem:
    leaf = stray.name.rpartition(".")[2]
    remedy = f"remove {leaf}"
    if stray.twice:
        message = f"{stray.name} says again what {stray.twice} says"
        remedy = (
            f"keep one of them; today's name is {stray.twice if stray.twice in every_field() else 'the nested one'}"
        )
    elif foreign := next((text for pattern, text in _FOREIGN if re.search(pattern, stray.name)), ""):
        message = f"{stray.name} is not a field of a storage: {foreign}"
        if meant := nearest(stray.name, fields_of(entry.kind)):
            message, remedy = f"{message}; did you mean {meant}?", f"write {meant}, or {remedy}"
    elif meant := nearest(stray.name, fields_of(entry.kind)):
        message, remedy = f"{stray.name} is not a field of a storage; did you mean {meant}?", f"write {meant}"
    else:
        message = f"{stray.name} is not a field of a storage"
    return entry.problem(
        "recognise-fields", stray.name, message, cause=Cause.REQUEST_INVALID, remedy=remedy, location=stray.location
    )


def _other_kind(entry: Entry) -> Iterator[Problem]:
    """Settings of one kind of storage in an entry of another."""
    own = fields_of(entry.kind)
    foreign = {name.partition(".")[0] for name in (*entry.fields, *entry.groups) if name not in own}
    for name in sorted(foreign):
        owner = next(kind for kind in SHAPES if name in fields_of(kind))
        message = f"{name} belongs to storage type {owner}; this entry is {entry.kind}"
        yield entry.problem(
            "recognise-fields",
            name,
            message,
            cause=Cause.REQUEST_INVALID,
            remedy=f"remove {name}, or write storage_type: {owner}",
        )


def use_current_spelling(entry: Entry) -> Iterator[Problem]:
    aged = [found for found in entry.fields.values() if found.aged]
    if not aged:
        return
    first = aged[0]
    if first.name == CLIENT_ID and first.spelling.endswith(ACCOUNT_KEY) and GUID.fullmatch(entry.text(CLIENT_ID)):
        message = "abs_account_key holds a GUID: the older page of Stream's documentation meant the client id"
    else:
        pairs = listed(f"{found.spelling} is {found.name}" for found in aged)
        message = f"this is an older spelling: today {pairs}"
    yield entry.problem(
        "use-current-spelling",
        first.name,
        message,
        cause=Cause.REQUEST_INVALID,
        remedy="write the entry as below" if first.name != KEY_FILE else "write {file: …}",
        patch=current_form(entry),
        location=first.location,
    )
