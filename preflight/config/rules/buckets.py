"""Rules about the bucket's name, as strict as each provider, and no stricter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preflight.config.entry import Entry
from preflight.config.rules.endpoints import on_amazon
from preflight.config.wording import quoted
from preflight.model import Problem

CHECK = "shape-bucket"
LOOSE = "shape-bucket-plainly"

_URL = re.compile(r"(?P<scheme>s3|s3a|gs|https?|wasbs?|abfss?)://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_PLACEHOLDER = re.compile(r"\.\.\.|…|<.*>|\{\{.*\}\}|\[.*\]|\$(?!web$|root$|logs$)\w+")

# (pattern, what it is, what to do). The first that fits speaks; `{}` is the value.
_ANYWHERE = (
    (r"arn:.*", "is an ARN, not a name", "write the bucket's name alone: what stands after the last colon"),
    (r".*[\s\x00-\x1f\x7f].*", "has white space in it", "write the name without it"),
    (r"[\"'“”‘’].*", "has quotes around it", "write the name without them"),
    (r".*\\.*", "has a backslash in it", "write the bucket here, and what follows it in path"),
)
_AMAZON_PLAINLY = (
    (r".*-s3alias", "is the alias of an access point, which is not where policies are read", "name the bucket itself"),
    (r".{0,2}|.{64,}", "is not 3 to 63 characters long", "take the name from the console"),
    (r"\d+\.\d+\.\d+\.\d+", "is an IP address", "write the bucket's name; a server belongs in s3_custom_endpoint_url"),
    (r".*[^A-Za-z0-9.-].*", "has characters that bucket names do not have", "use a-z, 0-9 and -"),
    (r"[.-].*|.*[.-]", "begins or ends with a dot or hyphen", "begin and end with a letter or digit"),
    (r".*\..*", "has dots, which TLS certificates of S3 do not cover", "prefer a name without dots"),
)
_GOOGLE_PLAINLY = (
    (r"goog.*", "begins with goog, which Google keeps for itself", "take the name from the console"),
    (r".{0,2}|[^.]{64,}|.{223,}", "is not as long as bucket names are (3 to 63)", "take the name from the console"),
    (r".*[^a-z0-9._-].*", "has characters that bucket names do not have", "use a-z, 0-9, - and _"),
)
_CONTAINER = re.compile(r"[a-z0-9](-?[a-z0-9]){2,62}|\$web|\$root|\$logs")


def shape_bucket(entry: Entry) -> Iterator[Problem]:
    bucket = entry.text("bucket")
    if not bucket.strip():
        if bucket:
            yield _problem(entry, CHECK, "is nothing but white space", "write the bucket's name")
        return
    if _PLACEHOLDER.fullmatch(bucket):
        yield _problem(entry, CHECK, "is a placeholder", "write the bucket's name")
    elif address := _URL.fullmatch(bucket):
        yield _url(entry, address)
    elif found := _first(_ANYWHERE, bucket):
        yield _problem(entry, CHECK, *found)
    elif "/" in bucket.strip("/"):
        name, _, rest = bucket.strip("/").partition("/")
        yield _split(entry, "is a name and a prefix; expected the name alone", name, rest)
    elif "/" in bucket:
        yield _problem(entry, CHECK, "has a slash", f"write bucket: {bucket.strip('/')}", bucket.strip("/"))
    else:
        yield from _provider(entry, bucket)


def _provider(entry: Entry, bucket: str) -> Iterator[Problem]:
    match entry.kind:
        case "s3" if on_amazon(entry):
            yield from _amazon(entry, bucket)
        case "gcs":
            if bucket != bucket.lower():
                yield _problem(
                    entry, CHECK, "has upper-case letters", f"write bucket: {bucket.lower()}", bucket.lower()
                )
            elif found := _first(_GOOGLE_PLAINLY, bucket):
                yield _problem(entry, LOOSE, *found)
        case "abs" if len(bucket) > 63 or not _CONTAINER.fullmatch(bucket):
            yield _problem(
                entry,
                CHECK,
                "cannot be a container; expected 3 to 63 of a-z, 0-9 and single hyphens",
                "write the container's name alone, as the portal shows it",
            )


def _amazon(entry: Entry, bucket: str) -> Iterator[Problem]:
    if bucket != bucket.lower():
        # Buckets made in us-east-1 before March 2018 may have upper case and underscores.
        check = LOOSE if entry.text("aws_s3.s3_region") == "us-east-1" else CHECK
        yield _problem(entry, check, "has upper-case letters", f"write bucket: {bucket.lower()}", bucket.lower())
    elif found := _first(_AMAZON_PLAINLY, bucket):
        yield _problem(entry, LOOSE, *found)


def _first(table: tuple[tuple[str, str, str], ...], bucket: str) -> tuple[str, str] | None:
    return next(((what, how) for pattern, what, how in table if re.fullmatch(pattern, bucket, re.DOTALL)), None)


def _url(entry: Entry, found: re.Match[str]) -> Problem:
    scheme, rest = found["scheme"].lower(), found["rest"].split("?")[0].strip("/")
    if scheme in {"http", "https"}:
        return _problem(entry, CHECK, "is a URL, not a name", "write the bucket's name alone")
    if scheme in {"s3", "s3a", "gs"}:
        name, _, path = rest.partition("/")
        return _split(entry, f"is a {scheme}:// address, not a name", name, path)
    return _problem(entry, CHECK, f"is a {scheme}:// address, not a name", "write the container's name alone")


def _split(entry: Entry, what: str, name: str, path: str) -> Problem:
    prefix, held = f"{path.rstrip('/')}/", entry.text("path")
    whole = held if held.startswith(prefix) else prefix + held.lstrip("/")  # nothing of the path is lost, or said twice
    patch = f"bucket: {name}" + (f"\npath: {whole}" if path.strip("/") else "")
    return _problem(entry, CHECK, what, "write " + patch.replace("\n", " and "), patch=patch)


def _problem(entry: Entry, check: str, what: str, remedy: str, name: str = "", patch: str = "") -> Problem:
    message = f"bucket {quoted(entry.text('bucket'))} {what}"
    return entry.problem(check, "bucket", message, remedy=remedy, patch=patch or (f"bucket: {name}" if name else ""))
