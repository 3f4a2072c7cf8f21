"""The requests to the blob endpoint that preflight may send: about one own name, and never over what is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from preflight.providers.abs.door import Allows, Call, origin

# Method and `comp`, each with the headers that protect what is there.
_CREATE = {"if-none-match": "*"}
_ON_BLOBS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("PUT", ""): {**_CREATE, "x-ms-blob-type": "BlockBlob"},
    ("PUT", "block"): {},
    ("PUT", "blocklist"): _CREATE,
    ("GET", ""): {},
    ("DELETE", ""): {},
}
_QUERY = frozenset({"comp", "restype", "blockid", "prefix", "maxresults", "timeout"})


def own_requests(url: str, container: str, name: str, signature: Collection[str] = ()) -> Allows:
    """What may leave for the account at `url`; `signature` are query parameters by which the credential signs."""
    home, folder = origin(url), f"{urlsplit(url).path.rstrip('/')}/{container}"

    def allows(call: Call) -> bool:
        if call.origin != home or not call.query.keys() <= _QUERY.union(signature):
            return False
        comp = call.query.get("comp", "")
        if call.path == folder:
            listing = call.method == "GET" and comp == "list" and call.query.get("restype") == "container"
            return listing and call.query.get("prefix") == name
        wanted = _ON_BLOBS.get((call.method, comp))
        own = call.path == f"{folder}/{name}" and "restype" not in call.query
        return own and wanted is not None and all(call.headers.get(header) == value for header, value in wanted.items())

    return allows
