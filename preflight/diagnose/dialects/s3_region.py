"""The answers that name the bucket's region: Amazon's headers, elements and sentences outrank every code."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding
from preflight.model import Cause

FAMILIES = frozenset({"s3"})
RANK = 5
RULES = ()

_EXPECTING = re.compile(
    r"region\s+(?:['\"](?P<sent>[^'\"]{0,60})['\"]\s+)?is wrong[;,]\s+expecting\s+['\"](?P<right>[\w-]{2,40})['\"]"
)
_ENDPOINT = re.compile(r"s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]{2,12}){1,3}-\d)\.amazonaws")
_REDIRECTS = frozenset(
    {
        "permanentredirect",
        "temporaryredirect",
        "authorizationheadermalformed",
        "illegallocationconstraint",
        "301",
        "badrequest",
    }
)
_BARE = (Cause.CREDENTIAL_EXPIRED, Cause.REQUEST_INVALID, Cause.CREDENTIAL_MALFORMED)


def region(reading: Reading) -> Finding | None:
    """Reads `expecting 'eu-west-1'`, `x-amz-bucket-region` on a refusal that is about the region, and `<Endpoint>`."""
    sentence = _EXPECTING.search(reading.line) if "expecting" in reading.words else None
    if sentence:
        sent = f", not {sentence['sent']!r}" if sentence["sent"] else ""
        return _finding(sentence["right"], f"the server expects region {sentence['right']!r}{sent}")
    if not _redirects(reading):
        return None
    header = reading.headers.get("x-amz-bucket-region")
    if header:
        # Amazon names the bucket's region in answers of other kinds too, so a bare 400 proves less than a redirect.
        beside = _BARE if reading.status == 400 and not _REDIRECTS & reading.codes - {"badrequest"} else ()
        return _finding(header, f"the answer's header says that the bucket is in {header!r}", beside)
    endpoint = reading.elements.get("Endpoint", "")
    if endpoint == "s3.amazonaws.com":
        return _finding("us-east-1", "the answer sends us to s3.amazonaws.com, which is us-east-1")
    if found := _ENDPOINT.search(endpoint):
        return _finding(found[1], f"the answer sends us to {endpoint}")
    return None


def _redirects(reading: Reading) -> bool:
    """Whether the answer is about the region: a redirect, its code, or a 400 that has no code of its own."""
    if reading.status in {301, 307} or _REDIRECTS & reading.codes:
        return True
    coded = "Code" in reading.elements or any(not code.isdecimal() for code in reading.given_codes)
    return reading.status == 400 and not coded


def _finding(expected: str, because: str, beside: tuple[Cause, ...] = ()) -> Finding:
    return Finding(
        cause=Cause.REGION_WRONG,
        because=because,
        beside=beside,
        field="aws_s3.s3_region",
        expected=expected,
    )


READERS = (region,)
