"""What the documents prove of a storage that only Stream can write to, and what an unread setting leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from preflight import stream
from preflight.model import Cause, Put, Refusal, Reply, S3Storage, Setting
from preflight.providers.s3.paper_store import PaperStore

STORAGE = S3Storage(name="s", storage_type="s3", bucket="my-recordings", path="recordings/", region="eu-central-1")
KEY = "arn:aws:kms:{region}:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"


def _statement(principal: object, **more: object) -> dict[str, object]:
    objects = f"arn:aws:s3:::{STORAGE.bucket}/*"
    return {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": objects, **more}


def _policy(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


STREAM = _statement({"AWS": stream.PRINCIPAL})
PUBLIC = _statement("*", Action="s3:GetObject", Resource=f"arn:aws:s3:::{STORAGE.bucket}/public/*")
OPEN = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False)

HEALTHY: dict[Setting, dict[str, Any]] = {
    Setting.POLICY: {"document": _policy(STREAM)},
    Setting.ENCRYPTION: {"algorithm": "AES256", "key": None, "customer_key": False},
    Setting.PUBLIC_ACCESS: {"blocks": OPEN},
    Setting.PAYER: {"requester_pays": False},
    Setting.RETENTION: {"locked": False, "mode": None, "days": None},
}
DENIED = Reply(status=403, code="AccessDenied", refusal=Refusal(provider="s3", status=403, code="AccessDenied"))
BUSY = Reply(status=503, code="SlowDown", refusal=Refusal(provider="s3", status=503, code="SlowDown"))
NO_ANSWER = Reply(code="NoAnswer", refusal=Refusal(provider="s3", code="NoAnswer"))
NOT_GIVEN = Reply(code="not-given", refusal=Refusal(provider="s3", code="not-given"))


def _told(changes: dict[Setting, dict[str, Any] | Reply] | None = None) -> Reply:
    """What the documents say, of a healthy storage in which these settings are otherwise."""

    def read(setting: Setting) -> Reply:
        found = {**HEALTHY, **(changes or {})}.get(setting, NOT_GIVEN)
        return found if isinstance(found, Reply) else Reply(status=200, facts=found)

    return PaperStore(STORAGE, read).ask(Put("recordings/preflight-test-x.txt"))


def test_a_healthy_storage_without_a_key_is_proven_by_its_documents() -> None:
    """Nothing is taken for granted of what was read."""
    reply = _told()
    assert (reply.ok, reply.facts["answer"]) == (True, "allowed")
    assert not [one for one in reply.facts["assumptions"] if "was not read" in one]


@pytest.mark.parametrize("reply", [DENIED, BUSY, NO_ANSWER], ids=["denied", "busy", "silent"])
@pytest.mark.parametrize(
    ("setting", "cause", "right"),
    [
        (Setting.PAYER, Cause.PAYER_REQUIRED, "s3:GetBucketRequestPayment"),
        (Setting.RETENTION, Cause.CHECKSUM_REQUIRED, "s3:GetBucketObjectLockConfiguration"),
    ],
)
def test_a_setting_that_could_not_be_read_proves_nothing(
    setting: Setting, cause: Cause, right: str, reply: Reply
) -> None:
    """Who pays and what is locked decide a foreign account's write: undecided, with the right that reads them."""
    told = _told({setting: reply})
    assert told.facts["answer"] == "unknown"
    assert told.candidates[0].cause is cause
    assert right in (told.message or "")


@pytest.mark.parametrize("setting", [Setting.PAYER, Setting.RETENTION])
def test_a_setting_that_no_file_gives_is_assumed_in_so_many_words(setting: Setting) -> None:
    """Whoever tests a document alone is told what was taken for granted."""
    told = _told({setting: NOT_GIVEN})
    assert told.facts["answer"] == "allowed"
    assert any("was not read: taken not to" in one for one in told.facts["assumptions"])


def test_a_lock_by_default_leaves_the_write_open() -> None:
    """S3 then demands a checksum, and nobody knows whether Stream sends one."""
    told = _told({Setting.RETENTION: {"locked": True, "mode": "GOVERNANCE", "days": 1}})
    assert told.facts["answer"] == "unknown"
    assert "checksum" in (told.message or "")


def test_a_payer_that_is_the_requester_refuses() -> None:
    """Stream does not say that it will pay."""
    told = _told({Setting.PAYER: {"requester_pays": True}})
    assert (told.facts["answer"], told.candidates[0].cause) == ("denied", Cause.PAYER_REQUIRED)


@pytest.mark.parametrize(
    ("blocks", "answer"),
    [
        ({"blocks": OPEN}, "allowed"),
        ({"blocks": {**OPEN, "RestrictPublicBuckets": True}}, "denied"),
        (DENIED, "unknown"),
    ],
    ids=["open", "restricted", "unread"],
)
def test_a_public_statement_beside_makes_the_public_access_block_decide(
    blocks: dict[str, Any] | Reply, answer: str
) -> None:
    """Unread, the block is not taken to be off."""
    changes = {Setting.POLICY: {"document": _policy(STREAM, PUBLIC)}, Setting.PUBLIC_ACCESS: blocks}
    assert _told(changes).facts["answer"] == answer


@pytest.mark.parametrize("public", [True, False])
def test_the_account_s_own_block_is_assumed_off_where_it_would_decide(public: bool) -> None:  # noqa: FBT001 - a case
    """What the account rules out for all its buckets stands in no setting of the bucket, and shuts Stream out, too."""
    statements = (STREAM, PUBLIC) if public else (STREAM,)
    told = _told({Setting.POLICY: {"document": _policy(*statements)}})
    assert told.facts["answer"] == "allowed"
    assert any("RestrictPublicBuckets of the bucket's account" in one for one in told.facts["assumptions"]) is public


@pytest.mark.parametrize(("region", "answer"), [("eu-central-1", "allowed"), ("us-east-1", "denied")])
def test_a_key_of_another_region_encrypts_nothing(region: str, answer: str) -> None:
    """A bucket encrypts with keys of its own region only, whatever the key's policy grants."""
    arn = KEY.format(region=region)
    grant = _statement({"AWS": stream.PRINCIPAL}, Action=["kms:GenerateDataKey", "kms:Decrypt"], Resource="*")
    told = _told(
        {
            Setting.ENCRYPTION: {"algorithm": "aws:kms", "key": arn, "customer_key": True},
            Setting.KEY_POLICY: {"document": _policy(grant), "key": arn, "state": "Enabled", "managed": False},
        }
    )
    assert told.facts["answer"] == answer
    if answer == "denied":
        assert told.candidates[0].cause is Cause.ENCRYPTION_KEY_UNUSABLE
        assert "us-east-1" in told.candidates[0].because
