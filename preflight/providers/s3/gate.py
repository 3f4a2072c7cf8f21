"""The gate: the one place where requests to S3 leave, and the list of what may leave.

On some compatibles a `DELETE /bucket?encryption` deletes the bucket and a `PUT /bucket?policy` creates one, so
nothing at bucket level is ever sent but reads, and nothing is written but this run's own names below the path.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

_READS = frozenset(
    {
        "policy",
        "encryption",
        "ownershipControls",
        "object-lock",
        "publicAccessBlock",
        "location",
        "versioning",
        "requestPayment",
        "lifecycle",
    }
)
OBJECT_OPERATIONS = frozenset(
    {
        "PutObject",
        "CreateMultipartUpload",
        "UploadPart",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
        "GetObject",
        "DeleteObject",
    }
)
CLEANING = frozenset({"DeleteObject", "AbortMultipartUpload"})
LISTING = "ListObjectsV2"
_OBJECT_QUERIES = frozenset({"uploads", "uploadId", "partNumber", "x-id"})


class Forbidden(Exception):  # noqa: N818 - says what the request is, as in the protocol's own word
    """A request that preflight must never send: always a bug of ours, never a provider's refusal."""


def check(operation: str, method: str, url: str, *, bucket: str, prefix: str, endpoint: str = "") -> None:
    """Let the request pass, or raise `Forbidden`. `prefix` is what every object's key must begin with.

    `endpoint` is the custom endpoint, which may have a path of its own, as Supabase's has.
    """
    key, query = _object_of(url, bucket, endpoint)
    if key is None:
        own_listing = operation == LISTING and query.get("prefix", "").startswith(prefix)
        if method == "GET" and (own_listing or set(query) & _READS):
            return
    elif operation in OBJECT_OPERATIONS and _is_own(key, prefix) and set(query) <= _OBJECT_QUERIES:
        return
    raise Forbidden(f"{operation}: {method} {urlsplit(url).path}")


def check_cleaning(operation: str, method: str, url: str, *, bucket: str, prefix: str, endpoint: str = "") -> None:
    """Likewise for whoever tidies up: names of ours are deleted, and uploads to them looked for and aborted."""
    key, query = _object_of(url, bucket, endpoint)
    if key is None:
        own = query.get("prefix", "").startswith(prefix) and bool(prefix)
        if operation == "ListMultipartUploads" and method == "GET" and own and "uploads" in query:
            return
    elif operation in CLEANING and method == "DELETE" and _is_own(key, prefix) and set(query) <= {"uploadId", "x-id"}:
        return
    raise Forbidden(f"{operation}: {method} {urlsplit(url).path}")


def _is_own(key: str, prefix: str) -> bool:
    """Whether a key is one of ours, also for a server that resolves dots in paths."""
    return bool(prefix) and key.startswith(prefix) and ".." not in key


def _object_of(url: str, bucket: str, endpoint: str) -> tuple[str | None, dict[str, str]]:
    """The key that a URL names (none for the bucket itself), and its query."""
    parts = urlsplit(url)
    pairs = (item.partition("=") for item in parts.query.split("&") if item)
    query = {unquote(name): unquote(value) for name, _, value in pairs}
    path = unquote(_below(parts.path, urlsplit(endpoint).path.rstrip("/")))
    if not (parts.hostname or "").startswith(f"{bucket.lower()}."):
        head, _, path = path.partition("/")
        if head != bucket:
            raise Forbidden(f"another bucket: {head}")
    return path or None, query


def _below(path: str, base: str) -> str:
    """What of a path comes after the endpoint's own."""
    if path != base and not path.startswith(f"{base}/"):
        raise Forbidden(f"outside the endpoint: {path}")
    return path.removeprefix(base).removeprefix("/")
