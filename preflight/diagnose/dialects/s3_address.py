"""What the echoed address tells: a request that names no bucket asks the service itself."""

from preflight.diagnose.purpose import Purpose, operation_of, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause

FAMILIES = frozenset({"s3"})
RANK = 9
RULES = ()


def nameless(reading: Reading) -> Finding | None:
    """`<Resource>/</Resource>`, or `<ResourceType>SERVICE`, in the answer to a call on a bucket."""
    service = reading.elements.get("ResourceType") == "SERVICE" or reading.elements.get("Resource") == "/"
    if not service or operation_of(reading).lower() == "listbuckets" or purpose_of(reading) is Purpose.UNKNOWN:
        return None
    return Finding(
        cause=Cause.BUCKET_NAME_INVALID,
        because="the request names no bucket: the answer is about the service as a whole",
        beside=(Cause.ENDPOINT_WRONG, Cause.NOT_NEEDED, Cause.ACCESS_DENIED),
        field="bucket",
    )


READERS = (nameless,)
