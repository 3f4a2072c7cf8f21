"""What the configuration adds to a diagnosis: it explains and reorders candidates, and never overrules the answer."""

import re
from collections.abc import Iterator

from preflight.diagnose.hints import TELL
from preflight.diagnose.reading import Reading
from preflight.model import AbsStorage, Candidate, Cause, GcsStorage, S3Storage, Storage

_EMAIL = re.compile(r"[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,5}")
_FOREIGN = {"GOOG": "Google", "DO00": "DigitalOcean", "LTAI": "Alibaba", "00": "Backblaze"}
_FOR_A_WHILE = 307  # S3's own code for it is TemporaryRedirect; 301 is for a bucket of another region
_KEYED = {Cause.CREDENTIAL_UNKNOWN, Cause.SESSION_TOKEN_INVALID}


def refined(candidates: tuple[Candidate, ...], reading: Reading, storage: Storage) -> tuple[Candidate, ...]:
    """The candidates, with those first that the configured values prove.

    A proof is sought only where the answer leaves its cause open.
    """
    if not candidates:
        return candidates
    candidates = tuple(candidate for candidate in candidates if not _ruled_out(candidate, candidates, reading, storage))
    proofs = list(_proofs(candidates, reading, storage))
    causes = {proof.cause for proof in proofs}
    rest = tuple(candidate for candidate in candidates if candidate.cause not in causes)
    return (*proofs, *rest)


def _ruled_out(candidate: Candidate, candidates: tuple[Candidate, ...], reading: Reading, storage: Storage) -> bool:
    """Whether the configuration excludes this candidate, and another one is left."""
    if not isinstance(storage, S3Storage) or len(candidates) < 2:
        return False
    match candidate.cause:
        case Cause.REGION_WRONG:  # a redirect to where we asked keeps its riddle; a bare 400 has other reasons
            return reading.status == 400 and candidate.expected == storage.region != ""
        case Cause.ENDPOINT_WRONG:  # no endpoint is configured that could be the unresolved name
            return not storage.endpoint_url and any(other.cause is Cause.DNS_FAILED for other in candidates)
        case _:
            return False


def _proofs(candidates: tuple[Candidate, ...], reading: Reading, storage: Storage) -> Iterator[Candidate]:
    if "/" in storage.bucket and any(c.cause in {Cause.REGION_WRONG, Cause.BUCKET_MISSING} for c in candidates[:1]):
        because = (
            f"the bucket field holds {storage.bucket!r}: a bucket's name has no slash, the prefix belongs into path"
        )
        yield _proof(Cause.BUCKET_NAME_INVALID, because, "bucket", storage.bucket.partition("/")[0])
    match storage:
        case S3Storage():
            yield from _s3(candidates, reading, storage)
        case GcsStorage():
            yield from _gcs(candidates, reading, storage)
        case AbsStorage():
            yield from _abs(candidates, reading, storage)
        case _:
            return


def _s3(candidates: tuple[Candidate, ...], reading: Reading, storage: S3Storage) -> Iterator[Candidate]:
    first = candidates[0]
    prefix = storage.api_key.prefix if storage.api_key else ""
    owner = next((name for start, name in _FOREIGN.items() if prefix.startswith(start)), "")
    if first.cause in _KEYED and owner and reading.speaker == "s3":
        because = f"a key of {owner} ({prefix}…) was sent to Amazon: the custom endpoint is missing"
        yield _proof(Cause.ENDPOINT_WRONG, because, "aws_s3.s3_custom_endpoint_url")
    if first.cause in _KEYED and prefix == "ASIA":
        because = "the configured key begins with ASIA: a temporary key, and there is no field for its session token"
        yield _proof(Cause.SESSION_TOKEN_INVALID, because, "aws_s3.s3_api_key")
    here = first.expected == storage.region if first.expected else reading.status == _FOR_A_WHILE
    if first.cause is Cause.REGION_WRONG and here and reading.status == _FOR_A_WHILE:
        because = "S3 redirects for a while only, as it does until the name of a young bucket is known everywhere"
        yield _proof(Cause.NOT_PROPAGATED, because)
    elif first.cause is Cause.REGION_WRONG and here:
        because = f"the region {storage.region!r} is the bucket's own: then the bucket field or the endpoint is wrong"
        yield _proof(Cause.BUCKET_NAME_INVALID, because, "bucket")


def _gcs(candidates: tuple[Candidate, ...], reading: Reading, storage: GcsStorage) -> Iterator[Candidate]:
    """The e-mail in a denial is the identity that Google saw."""
    if not storage.client_email or candidates[0].cause not in {Cause.PERMISSION_MISSING, Cause.NOT_NEEDED}:
        return
    seen = _EMAIL.search(candidates[0].because) or _EMAIL.search(reading.plain)
    if seen and "*" not in seen[0] and seen[0].rstrip(".").lower() != storage.client_email.lower():
        because = f"Google saw {seen[0]}, and the configured account is {storage.client_email}"
        yield _proof(Cause.WRONG_PRINCIPAL, because, "gcs_credentials", storage.client_email)


def _abs(candidates: tuple[Candidate, ...], reading: Reading, storage: AbsStorage) -> Iterator[Candidate]:
    """A tenant in the challenge that is not the configured one proves the wrong tenant."""
    challenge = reading.headers.get("www-authenticate", "")
    told = re.search(r"/([0-9a-f-]{36})/oauth2", challenge.lower())
    told_wrong = {Cause.TENANT_WRONG, Cause.SECRET_WRONG, Cause.CREDENTIAL_MALFORMED, Cause.CREDENTIAL_MISSING}
    if told and storage.tenant_id and told[1] != storage.tenant_id.lower() and candidates[0].cause in told_wrong:
        because = f"the account belongs to tenant {told[1]}, and the configured one is {storage.tenant_id}"
        yield _proof(Cause.TENANT_WRONG, because, "azure_blob.abs_tenant_id", told[1])


def _proof(cause: Cause, because: str, field: str | None = None, expected: str | None = None) -> Candidate:
    return Candidate(cause=cause, because=because, field=field, expected=expected, tell=TELL[cause])
