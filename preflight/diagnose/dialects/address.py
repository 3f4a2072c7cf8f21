"""What the echoed address tells: a request that names no bucket asks the service itself."""

import re

from preflight.diagnose.purpose import Purpose, operation_of, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 9
RULES = ()


_NO_BUCKET = re.compile(r"/b//o|[./](?:core\.windows\.net|amazonaws\.com)//|\.core\.windows\.net/?\?restype=container")


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


READERS = (nameless, skipped)
