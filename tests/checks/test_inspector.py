"""What the operator's own identity reads, through the real SDK: settings, keys, and what a user holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from preflight.model import Put, Reach, Read, Reply, S3Storage, Secret, Setting, Store
from preflight.providers import provider
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.policy.conftest import allow, policy
from tests.servers.moto import EVERYTHING, Moto

KEY = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"


@contextmanager
def inspected(
    monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Any] | None = None, name: str = "s3/healthy"
) -> Iterator[tuple[Sandbox, Store, S3Storage]]:
    """A sandbox whose world is changed, and the inspector of its storage."""
    from dataclasses import replace

    scenario = load(name)
    with Sandbox(replace(scenario, world=merge(scenario.world, changes or {}))) as box:
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(variable, box.environ[variable])
        storage = S3Storage(
            name="my-s3",
            storage_type="s3",
            bucket="my-recordings",
            path="recordings/",
            region="eu-central-1",
            api_key=Secret(box.environ["S3_KEY"], source="$S3_KEY"),
            secret=Secret(box.environ["S3_SECRET"], source="$S3_SECRET"),
        )
        store = provider("s3").inspector(storage, Reach(timeout=5, endpoints=box.endpoints, inspect=True))
        assert not isinstance(store, str)
        yield box, store, storage


def paper(storage: S3Storage, store: Store) -> Reply:
    found = provider("s3").paper(storage, lambda setting: store.ask(Read(setting)))
    assert not isinstance(found, str)
    return found.ask(Put("recordings/preflight-test-x.txt"))


def test_what_a_user_holds_is_read_from_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Own, attached and group policies count, and the boundary that limits them."""
    managed = "arn:aws:iam::111122223333:policy/recordings"
    text = json.dumps(policy(allow("arn:aws:s3:::my-recordings/*", principal=None)))
    writer = {"policies": [text], "attached": [managed], "groups": ["writers"], "boundary": text}
    world = {
        "users": {"stream-writer": writer},
        "groups": {"writers": {"policies": [text], "attached": [managed]}},
        "policies": {managed: text},
    }
    with inspected(monkeypatch, world) as (_, store, storage):
        reply = store.ask(Read(Setting.IDENTITY))
        answer = paper(storage, store)

    assert reply.facts["principal"] == "arn:aws:iam::111122223333:user/stream-writer"
    assert len(reply.facts["documents"]) == 4
    assert reply.facts["boundary"] == json.loads(text)
    assert answer.facts["answer"] == "allowed"


def test_a_boundary_that_does_not_allow_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The boundary is a layer of its own: what it leaves out is refused, whatever else is granted."""
    boundary = json.dumps(policy(allow("*", principal=None, action="ec2:*")))
    with inspected(monkeypatch, {"users": {"stream-writer": {"boundary": boundary}}}) as (_, store, storage):
        answer = paper(storage, store)

    assert (answer.facts["answer"], answer.candidates[0].cause) == ("denied", "boundary-deny")


def test_a_right_that_lacks_to_read_a_part_makes_the_whole_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group's policy that may not be read could be the one that denies."""
    rights = policy(allow("*", principal=None, action="s3:*"), allow("*", principal=None, action="iam:GetUser"))
    world = {"users": {"operator": {"policies": [json.dumps(rights)]}}}
    with inspected(monkeypatch, world) as (_, store, storage):
        reply = store.ask(Read(Setting.IDENTITY))
        answer = paper(storage, store)

    assert reply.refusal
    assert reply.refusal.operation == "ListUserPolicies"
    assert answer.facts["answer"] == "unknown"
    assert any("identity policies" in need for need in answer.facts["needs"])


def test_the_key_s_policy_and_state_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the key that the bucket encrypts with: where it is, whether it is on, whom it lets in."""
    with inspected(monkeypatch, name="s3/key-granted") as (_, store, storage):
        reply = store.ask(Read(Setting.KEY_POLICY))
        answer = paper(storage, store)

    assert (reply.facts["key"], reply.facts["state"], reply.facts["managed"]) == (KEY, "Enabled", False)
    assert "kms:*" in str(reply.facts["document"])
    assert answer.facts["answer"] == "allowed"


def test_a_key_that_is_switched_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disabled key refuses every write, whatever its policy says."""
    with inspected(monkeypatch, {"keys": {KEY: {"state": "Disabled"}}}, "s3/key-granted") as (_, store, storage):
        answer = paper(storage, store)

    assert (answer.facts["answer"], answer.candidates[0].cause) == ("denied", "encryption-key-unusable")


def test_whose_the_bucket_is_is_told_by_s3_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's account, if S3 agrees that it owns the bucket; else it is not known."""
    with inspected(monkeypatch) as (_, store, _storage):
        assert store.ask(Read(Setting.ACCOUNT)).facts == {"account": "111122223333"}
    with inspected(monkeypatch, {"buckets": {"my-recordings": {"account": "444455556666"}}}) as (_, store, _storage):
        assert not store.ask(Read(Setting.ACCOUNT)).ok


def test_an_inspector_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of it, nothing leaves but GET to S3 and the named reads of IAM, KMS and STS."""
    with inspected(monkeypatch, name="s3/key-granted") as (box, store, _):
        for setting in Setting:
            store.ask(Read(setting))
        served = [(service, request) for service, request in box.world.served]

    assert {request.method for service, request in served if service == "s3"} == {"GET"}
    actions = {request.form.get("Action", "") for service, request in served if service == "iam"}
    assert actions
    assert all(action.startswith(("Get", "List")) for action in actions)


def test_what_nobody_has_set_is_told_by_code(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto gives AWS's own codes for settings that were never made: each has a meaning, and none is an error."""
    user = moto.create_user(policy=EVERYTHING)
    client = user.client()
    bucket = f"settings-{user.name}".lower()
    client.create_bucket(Bucket=bucket)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", user.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", user.secret)
    storage = S3Storage(name="a", storage_type="s3", bucket=bucket, path="recordings/", region=moto.region)
    endpoints = dict.fromkeys(("s3", "sts", "iam", "kms"), moto.endpoint)
    store = provider("s3").inspector(storage, Reach(timeout=5, endpoints=endpoints, inspect=True))
    assert not isinstance(store, str)
    unset = {setting: store.ask(Read(setting)).facts for setting in (Setting.POLICY, Setting.LIFECYCLE)}
    rule = {"ID": "x", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}}
    for prefix, days in (("other/", None), ("record", 3)):
        rules = {"Rules": [{**rule, "Filter": {"Prefix": prefix}}]}
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules)
        assert store.ask(Read(Setting.LIFECYCLE)).facts["aborts_uploads_after_days"] == days
    client.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )

    assert unset[Setting.POLICY]["document"] is None
    assert unset[Setting.LIFECYCLE]["aborts_uploads_after_days"] is None
    assert store.ask(Read(Setting.OWNERSHIP)).facts["ownership"] == "BucketOwnerPreferred"
