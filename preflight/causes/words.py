"""The words that a page leaves open, and how each is filled in: in prose, in a command, in a patch."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from preflight import stream
from preflight.journal import bare
from preflight.model import AbsStorage, Candidate, GcsStorage, S3Storage, Storage, Writer

PATCHES = frozenset({"json", "yaml"})

_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")
_EMPTY_IS_A_VALUE = frozenset({"path"})
_WITHIN = {
    "excepted": ("writer", re.compile(r"^(arn:aws:iam::\d{12}:(?:user/.+|root))$")),
    "user": ("writer", re.compile(r":user/(?:.*/)?([^/]+)$")),
    "bucket": ("resource", re.compile(r"^(?:arn:aws:s3:::|//storage\.googleapis\.com/projects/_/buckets/)([^/]+)")),
    "region": ("key_arn", re.compile(r"^arn:aws:kms:([^:]+):")),
}
_ALWAYS = {"stream": stream.PRINCIPAL, "stream_account": stream.ACCOUNT}
# What stands where nothing better is known: how a condition spares a user, how the current documents are found.
_USUALLY = {
    "except_operator": "ArnNotEquals",
    "except_key": "aws:PrincipalArn",
    "excepted": "<WRITER_ARN>",
    "current": "--inspect",
}
# A condition sees the role or user that asks, never the root that a policy trusts: so Stream is spared by account.
_STREAM = {
    "except_operator": "StringNotEquals",
    "except_key": "aws:PrincipalAccount",
    "excepted": stream.ACCOUNT,
}


def plain(text: str, known: Mapping[str, str]) -> str:
    """Prose with its words filled in."""
    return _fill(text, known, lambda _, value: value)


def shell(command: str, known: Mapping[str, str]) -> str:
    """A command whose values are quoted for the place that they stand in: bare, in single or double quotes.

    A word that is not known stays a placeholder, quoted too: a shell would take its brackets for redirections.
    """
    quotes = dict(_quotes(command))
    result, end = [], 0
    for found in _PLACE.finditer(command):
        value = _value(found[1], known)
        quoted = _QUOTED[quotes[found.start()]](_placeholder(found[1]) if value is None else value)
        result += [command[end : found.start()], quoted]
        end = found.end()
    return "".join([*result, command[end:]])


def patch(text: str, known: Mapping[str, str], language: str) -> str:
    """A patch whose values are escaped; every place in a patch stands inside double quotes.

    A value with a quote or backslash stays a placeholder: it would have to be escaped once more for the
    expression language inside the string. In JSON, which is for AWS policies, wildcards in a path are made literal.
    """

    def escape(name: str, value: str) -> str:
        if "'" in value or "\\" in value:
            return _placeholder(name)
        if language == "json" and name == "path":
            value = re.sub(r"[*?$]", lambda found: f"${{{found[0]}}}", value)
        return json.dumps(value, ensure_ascii=False)[1:-1]

    return _fill(text, known, escape)


def complete(known: Mapping[str, str]) -> Mapping[str, str]:
    """The known words and what follows from them, where it is not known already.

    The user's name is in its ARN, the bucket in its resource's, the region in the key's; a container is a bucket.
    `account` and `project` are the writer's, `bucket_project` is the bucket's. `excepted` is whom a condition spares,
    and how: `except_operator`, `except_key`.
    """
    values = {word: value for word, value in known.items() if value or word in _EMPTY_IS_A_VALUE}
    if values.get("account") == stream.ACCOUNT:
        del values["account"]  # the bucket is never there
    derived = {
        word: found[1]
        for word, (source, pattern) in _WITHIN.items()
        if (found := pattern.search(known.get(source, "")))
    }
    spared = _STREAM if values.get("writer") == stream.PRINCIPAL else {}
    everything = derived | spared | values
    return {"container": everything.get("bucket", "")} | everything


def gather(
    candidate: Candidate | None = None, storage: Storage | None = None, writer: Writer | None = None
) -> Mapping[str, str]:
    """The words that a finding knows. `account` is the writer's account in the provider's words.

    `file` is the configuration; a finding in another file speaks of a document, which is the `current` one.
    """
    found: dict[str, str] = {}
    if writer:
        found |= {"writer": writer.principal, "account": writer.account}
    if storage:
        found |= _of_storage(storage)
    if candidate:
        found |= _of_candidate(candidate)
    if candidate and candidate.location and storage and storage.origin.file not in {"", candidate.location.file}:
        found |= {"file": storage.origin.argument, "current": f"--document={candidate.location.argument}"}
    return {name: value for name, value in found.items() if value or name in _EMPTY_IS_A_VALUE}


def _of_storage(storage: Storage) -> dict[str, str]:
    endpoint = _endpoint(storage)
    known = {
        "endpoint": endpoint,
        "host": urlsplit(endpoint).hostname or "",
        "name": storage.name,
        "bucket": storage.bucket,
        "path": storage.path,
        "file": storage.origin.argument,
        "line": str(storage.origin.line or ""),
    }
    match storage:
        case S3Storage():
            return known | {"region": storage.region}
        case GcsStorage():
            return known | {"client_email": storage.client_email, "project": storage.project_id}
        case AbsStorage():
            names = ("account_name", "client_id")
            return known | {"tenant": storage.tenant_id} | {name: getattr(storage, name) for name in names}
        case _:
            return known


def _endpoint(storage: Storage) -> str:
    """Where the storage's provider is reached, as an address; nothing where the configuration does not tell."""
    match storage:
        case S3Storage(endpoint_url="", region=region) if region:
            return f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"
        case S3Storage():
            return bare(storage.endpoint_url)
        case GcsStorage():
            return "https://storage.googleapis.com"
        case AbsStorage(account_name=account) if account:
            return f"https://{account}.blob.core.windows.net"
        case _:
            return ""


def _of_candidate(candidate: Candidate) -> dict[str, str]:
    known = {"field": candidate.field or "", "expected": candidate.expected or ""}
    if candidate.missing:
        first = candidate.missing[0]
        known |= {"action": first.action, "resource": first.resource}
        if "kms" in first.action.partition(":")[0].partition(".")[0]:
            known["key_arn"] = first.resource
    if candidate.location:
        known |= {"file": candidate.location.argument, "line": str(candidate.location.line)}
    return {name: value for name, value in known.items() if value}


def _fill(text: str, known: Mapping[str, str], escape: Callable[[str, str], str]) -> str:
    def fill(found: re.Match[str]) -> str:
        value = _value(found[1], known)
        return _placeholder(found[1]) if value is None else escape(found[1], value)

    return _PLACE.sub(fill, text)


def _placeholder(name: str) -> str:
    return f"<{name.upper()}>"


def _value(name: str, known: Mapping[str, str]) -> str | None:
    """The value of a word. One that cannot be printed, such as a line end, is not filled in anywhere."""
    value = {**_USUALLY, **known, **_ALWAYS}.get(name)
    if value is None or not value.isprintable() or (not value and name not in _EMPTY_IS_A_VALUE):
        return None
    return value


def _in_single(value: str) -> str:
    return value.replace("'", "'\\''")


def _in_double(value: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", value)


def _bare(value: str) -> str:
    return shlex.quote(value) if value else ""


_QUOTED = {"": _bare, "'": _in_single, '"': _in_double}


def _quotes(command: str) -> Iterator[tuple[int, str]]:
    """For every position of a command, the quote that it stands in; `$(` opens a command of its own."""
    open_quotes = [""]
    for position, letter in enumerate(command):
        yield position, open_quotes[-1]
        quote = open_quotes[-1]
        if quote == letter:
            open_quotes[-1] = ""
        elif quote != "'" and command.startswith("$(", position):
            open_quotes.append("")
        elif quote == "" and letter == ")" and len(open_quotes) > 1:
            open_quotes.pop()
        elif quote == "" and letter in "'\"":
            open_quotes[-1] = letter
