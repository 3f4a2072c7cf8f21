"""Sentences that no table has: what is said of which thing is understood in other words and another order."""

import itertools

import pytest

from preflight.diagnose import diagnose
from preflight.model import Candidate, Cause, Refusal, S3Storage


def leading(text: str, **known: object) -> Candidate:
    return diagnose(Refusal(text=text, **known)).candidates[0]  # type: ignore[arg-type] # any field of a refusal


@pytest.mark.parametrize(
    ("thing", "said", "cause"),
    [
        ("access key", ("is not known", "is unknown", "was deleted"), Cause.CREDENTIAL_UNKNOWN),
        ("access key", ("has been deactivated", "is no longer active", "was disabled"), Cause.CREDENTIAL_DISABLED),
        ("session token", ("has expired", "is expired"), Cause.CREDENTIAL_EXPIRED),
        ("bucket", ("was deleted", "cannot be found", "no longer exists", "doesn't exist"), Cause.BUCKET_MISSING),
        ("KMS key", ("was disabled", "does not exist", "is not enabled"), Cause.ENCRYPTION_KEY_UNUSABLE),
        ("region", ("is not valid", "is unknown", "was not recognised"), Cause.REGION_WRONG),
        ("IP address", ("is not in the allowlist", "was blocked", "is not permitted"), Cause.NETWORK_DENIED),
        ("account", ("was suspended", "is in arrears", "has been closed"), Cause.ACCOUNT_SUSPENDED),
        ("storage quota", ("has been exceeded", "was reached", "is exhausted"), Cause.QUOTA_EXCEEDED),
    ],
)
def test_the_same_is_said_in_many_ways(thing: str, said: tuple[str, ...], cause: Cause) -> None:
    """Whatever comes before and after it, a thing and its state are one meaning."""
    for words, frame in itertools.product(said, ("ERR_17: the {}.", "upload failed: Your {}, see the manual")):
        found = leading(frame.format(f"{thing} {words}"), provider="s3")
        assert found.cause is cause, frame.format(f"{thing} {words}")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("E1204 no such tenant", Cause.TENANT_WRONG),
        ("storage says: unknown access key", Cause.CREDENTIAL_UNKNOWN),
        ("PUT failed (invalid region)", Cause.REGION_WRONG),
        ("disabled user", Cause.CREDENTIAL_DISABLED),
    ],
)
def test_a_state_may_stand_before_its_thing(text: str, cause: Cause) -> None:
    """`no such tenant` says what `the tenant does not exist` says."""
    assert leading(text).cause is cause


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AccountOverdue", Cause.ACCOUNT_SUSPENDED),
        ("UserSuspendedByOwner", Cause.CREDENTIAL_DISABLED),
        ("invalid_user_token", Cause.CREDENTIAL_MALFORMED),
        ("TENANT_NOT_FOUND", Cause.TENANT_WRONG),
        ("CustomDomainNotAllowed", Cause.ENDPOINT_WRONG),
        ("MasterKeyDisabledException", Cause.ENCRYPTION_KEY_UNUSABLE),
    ],
)
def test_a_code_is_a_sentence_too(code: str, cause: Cause) -> None:
    """A code that no table has says what its words say, to who pastes it and to a check that got nothing else."""
    assert leading(f"<Error><Code>{code}</Code></Error>").cause is cause
    assert diagnose(Refusal(provider="s3", status=403, code=code)).candidates[0].cause is cause


@pytest.mark.parametrize(
    ("provider", "cause"),
    [("abs", Cause.ACCOUNT_NAME_WRONG), ("s3", Cause.CREDENTIAL_UNKNOWN), ("gcs", Cause.CREDENTIAL_UNKNOWN)],
)
def test_whose_account_it_is_decides(provider: str, cause: Cause) -> None:
    """Azure's account is the storage itself; elsewhere an account is who calls."""
    assert leading("The specified account does not exist.", provider=provider).cause is cause


def test_a_state_belongs_to_the_thing_of_its_own_sentence() -> None:
    """A thing of the sentence before is not what was refused."""
    assert leading("Uploading to your bucket. The region is not valid.", provider="s3").cause is Cause.REGION_WRONG


def test_a_server_that_failed_finds_no_fault_with_what_it_was_given() -> None:
    """A 5xx is the server's own failure, whatever its text says of a key or token inside it."""
    storage = S3Storage(name="s", storage_type="s3", bucket="b")
    refusal = Refusal(provider="s3", status=503, message="internal: the access key was not found in the cache")
    assert diagnose(refusal, storage).candidates[0].cause is Cause.SERVICE_UNAVAILABLE
