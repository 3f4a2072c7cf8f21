"""What the echoed address tells: a request that names no bucket asks the service itself."""

import re

from preflight.diagnose.purpose import Purpose, operation_of, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 9
RULES = ()


_NO_BUCKET = re.compile(
    r"/b//o|\.(?:blob|dfs)\.core\.windows\.net//|[./]amazonaws\.com//|\.core\.windows\.net/?\?restype=container"
)
_JOINED = re.compile(r"://s3[.-][^/]{0,60}amazonaws\.com/[^/?]{1,80}%2f", re.IGNORECASE)


def skipped(reading: Reading) -> Finding | None:
    """An address in which nothing stands where the bucket should: `/b//o`, `.net/?restype=container`."""
    if not any(_NO_BUCKET.search(address[0]) for address in reading.urls[:20]):
        return None
    return Finding(
        cause=Cause.BUCKET_NAME_INVALID,
        because="nothing stands in the address where the bucket's name should",
        beside=(Cause.BUCKET_MISSING, Cause.REQUEST_INVALID),
        field="bucket",
    )


def nameless(reading: Reading) -> Finding | None:
    """`<Resource>/</Resource>`, or `<ResourceType>SERVICE`, in the answer to a call on a bucket."""
    if reading.families and "s3" not in reading.families:
        return None
    service = reading.elements.get("ResourceType") == "SERVICE" or reading.elements.get("Resource") == "/"
    if not service or operation_of(reading).lower() == "listbuckets" or purpose_of(reading) is Purpose.UNKNOWN:
        return None
    return Finding(
        cause=Cause.BUCKET_NAME_INVALID,
        because="the request names no bucket: the answer is about the service as a whole",
        beside=(Cause.ENDPOINT_WRONG, Cause.NOT_NEEDED, Cause.ACCESS_DENIED),
        field="bucket",
    )


def joined(reading: Reading) -> Finding | None:
    """An address whose bucket holds an escaped slash: a path was written into the field of the bucket."""
    if not any(_JOINED.search(address[0]) for address in reading.urls[:20]):
        return None
    return Finding(
        cause=Cause.BUCKET_NAME_INVALID,
        because="where the bucket's name should stand in the address, there is a name and a path",
        beside=(Cause.ACCESS_DENIED, Cause.SIGNATURE_BROKEN, Cause.BUCKET_MISSING),
        field="bucket",
        strength=Strength.CODE,
    )


READERS = (nameless, skipped, joined)
