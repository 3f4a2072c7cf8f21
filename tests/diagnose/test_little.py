"""Errors that say little: what the stage, the address, the words of a code and vague words still tell."""

from typing import Any

import pytest

from preflight.diagnose import diagnose
from preflight.model import Cause, Confidence, GcsStorage, Refusal, S3Storage


def found(**known: Any) -> list[Cause]:
    return [candidate.cause for candidate in diagnose(Refusal(**known)).candidates]


@pytest.mark.parametrize(
    ("stage", "provider", "cause"),
    [
        ("dns", "abs", Cause.ACCOUNT_NAME_WRONG),
        ("dns", "s3", Cause.DNS_FAILED),
        ("tls", "s3", Cause.TLS_FAILED),
        ("connect", "gcs", Cause.CONNECTION_FAILED),
        ("token", "gcs", Cause.CREDENTIAL_MALFORMED),
        ("config", "s3", Cause.CREDENTIAL_MISSING),
    ],
)
def test_a_stage_alone_has_its_usual_suspects(stage: str, provider: str, cause: Cause) -> None:
    """Where no answer came, the stage and the kind of storage lead; nothing is stated."""
    candidates = diagnose(Refusal(stage=stage, provider=provider, code="RequestError")).candidates
    assert candidates[0].cause is cause
    assert len(candidates) > 1
    assert candidates[0].confidence is Confidence.INFERRED


def test_a_known_code_says_more_than_the_stage() -> None:
    """The stage is asked only where no code or sentence was understood."""
    assert found(stage="dns", provider="s3", code="SlowDown", status=503)[0] is Cause.THROTTLED


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("NoSuchTrailBucket", Cause.BUCKET_MISSING),
        ("XVendorNotInitialized", Cause.SERVICE_UNAVAILABLE),
        ("VendorRateLimitExceeded", Cause.THROTTLED),
        ("SSL_SOMETHING_ODD", Cause.TLS_FAILED),
    ],
)
def test_an_unknown_code_is_read_by_its_words(code: str, cause: Cause) -> None:
    """A code that no table has is split at its capitals, and its words are read like plain ones."""
    assert found(provider="s3", code=code)[0] is cause


def test_a_guess_is_for_a_reader_and_not_for_a_verdict() -> None:
    """Vague words give candidates to who asks what a text may mean, and none to a check, which judges by them."""
    refusal = Refusal(provider="s3", text="the flux is not supported here")
    assert diagnose(refusal).candidates[0].cause is Cause.FEATURE_UNSUPPORTED
    assert diagnose(refusal, S3Storage(name="s", storage_type="s3", bucket="b")).candidates == ()


def test_what_nobody_understands_is_not_explained() -> None:
    """Words that prove nothing have no cause, not even a likely one."""
    assert found(text="Error: the flux did something") == []


@pytest.mark.parametrize(
    "text",
    [
        "404 GET https://storage.googleapis.com/upload/storage/v1/b//o?uploadType=multipart: Not Found",
        "PUT https://acct.blob.core.windows.net/?restype=container failed: 400",
    ],
)
def test_an_address_without_a_bucket_is_noticed(text: str) -> None:
    """Nothing stands where the bucket's name should: the field is empty."""
    leading = diagnose(Refusal(text=text)).candidates[0]
    assert (leading.cause, leading.field) == (Cause.BUCKET_NAME_INVALID, "bucket")


def test_a_hex_dump_is_read() -> None:
    """Go prints an answer that it cannot parse as a dump; the code stands in its right column, cut between lines."""
    dump = (
        "UnmarshalError: failed to unmarshal error message\n"
        "\t00000000  3c 45 72 72 6f 72 3e 3c  43 6f 64 65 3e 4e 6f 53  |<Error><Code>NoS|\n"
        "\t00000010  75 63 68 42 75 63 6b 65  74 3c 2f 43 6f 64 65 3e  |uchBucket</Code>|\n"
    )
    assert found(text=dump)[0] is Cause.BUCKET_MISSING


@pytest.mark.parametrize(
    "query",
    ["https://a.dfs.core.windows.net/c?resource=filesystem", "https://a.blob.core.windows.net/c?restype=container"],
)
def test_creating_a_container_is_not_needed(query: str) -> None:
    """Azure addresses a container like a blob; a refusal to create one demands nothing of a writer."""
    text = f"Operation failed: AuthorizationPermissionMismatch, 403, PUT, {query}"
    leading = diagnose(Refusal(text=text)).candidates[0]
    assert leading.cause is Cause.NOT_NEEDED
    assert leading.missing[0].action == "Microsoft.Storage/storageAccounts/blobServices/containers/write"


def test_what_is_stated_has_its_near_causes_beside_it() -> None:
    """A rule that names no other cause states its own, and what lies near is listed after it."""
    leading, *others = diagnose(Refusal(text="upload failed: the storage cap exceeded", provider="s3")).candidates
    assert (leading.cause, leading.confidence) == (Cause.QUOTA_EXCEEDED, Confidence.STATED)
    assert Cause.THROTTLED in {other.cause for other in others}


def test_what_lies_near_a_stated_cause_is_no_finding_of_a_check() -> None:
    """A check that met a missing bucket on its own write is not told that writing may not need the call."""
    refusal = Refusal(provider="gcs", stage="put_object", status=404, message="The specified bucket does not exist.")
    found = diagnose(refusal, GcsStorage(name="g", storage_type="gcs", bucket="b")).candidates
    assert found[0].cause is Cause.BUCKET_MISSING
    assert Cause.NOT_NEEDED not in {candidate.cause for candidate in found}


@pytest.mark.parametrize("text", ["文件上传失败：Access Denied。", "→AccessDenied←", "échec…access denied…fin"])
def test_signs_of_every_script_part_words(text: str) -> None:
    """What stands against an error in another script, without a blank, hides neither its code nor its sentence."""
    assert found(text=text, provider="s3")[0] is Cause.ACCESS_DENIED
