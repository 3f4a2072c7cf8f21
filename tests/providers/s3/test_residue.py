"""What a run leaves in S3, version by version and upload by upload, and the commands that remove it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from preflight.cli.demo import at_home, examine
from preflight.model import Effect, PutParts, Reach, Residue, S3Storage, Secret
from preflight.providers import s3
from preflight.providers.s3.store import WriterStore
from preflight.sandbox import Fault, Kind, Sandbox, load
from preflight.sandbox.s3.buckets import Bucket
from preflight.sandbox.scenario import merge

BUCKET = "my-recordings"
VERSIONED = {"buckets": {BUCKET: {"settings": {"versioning": "Enabled"}}}}


class Cloud:
    """A sandbox, its bucket as it really is, and the store as the identity that writes."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        state: Any = box.world.stored.__self__  # type: ignore[attr-defined]  # the state that answers what is stored
        self.bucket: Bucket = state.buckets[BUCKET]

    @property
    def writer(self) -> WriterStore:
        storage = S3Storage(
            name="s",
            storage_type="s3",
            bucket=BUCKET,
            path="recordings/",
            region="eu-central-1",
            api_key=Secret(self.box.environ["S3_KEY"], source="test"),
            secret=Secret(self.box.environ["S3_SECRET"], source="test"),
        )
        return WriterStore(storage, Reach(timeout=5, endpoints=self.box.endpoints))

    def residue(self) -> tuple[Residue, ...]:
        return examine(self.box).storages[0].residue


@pytest.fixture
def open_cloud() -> Iterator[Any]:
    with ExitStack() as stack:

        def opened(name: str, changes: dict[str, Any] | None = None) -> Cloud:
            scenario = load(name)
            box = stack.enter_context(Sandbox(replace(scenario, world=merge(scenario.world, changes or {}))))
            stack.enter_context(at_home([box]))
            return Cloud(box)

        yield opened


def _versions(command: str) -> set[str]:
    """The versions that a command line deletes; a deletion without one would only add a marker."""
    words = [words for part in command.split(" && ") if (words := shlex.split(part))]
    assert all(one[:3] == ["aws", "s3api", "delete-object"] for one in words)
    return {one.removeprefix("--version-id=") for part in words for one in _values(part)}


def _values(words: list[str]) -> list[str]:
    joined = [word for word in words if word.startswith("--version-id=")]
    return joined or [words[words.index("--version-id") + 1]]


@pytest.mark.parametrize("scenario", ["s3/healthy", "s3/over-granted"], ids=["write-only key", "key that may delete"])
def test_every_version_that_is_left_is_named_and_deleted_for_good(open_cloud: Any, scenario: str) -> None:
    """In a bucket that keeps versions, the commands name what is really there, delete markers too."""
    cloud = open_cloud(scenario, VERSIONED)
    (left,) = cloud.residue()
    really = {version.id for versions in cloud.bucket.objects.values() for version in versions}

    assert len(really) >= 2
    assert _versions(left.delete) == really
    assert all(one in left.note for one in really)


def test_without_versions_the_name_is_enough(open_cloud: Any) -> None:
    """A bucket that keeps none is cleaned by the plain command."""
    (left,) = open_cloud("s3/healthy").residue()
    assert "--version-id" not in left.delete
    assert left.note == ""


MAY_ABORT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
NO_PART = Fault(kind=Kind.REFUSE, service="s3", request="PUT *partNumber*", status=403, code="AccessDenied")
KEY = "recordings/preflight-test-0123456789abcdef0123456789abcdef.txt"


def test_an_upload_that_cannot_be_finished_is_aborted(open_cloud: Any) -> None:
    """Nothing is left open where the key may end it: a part that was refused costs nobody storage."""
    cloud = open_cloud("s3/healthy", {"users": {"stream-writer": {"policies": [MAY_ABORT]}}})
    cloud.box.inject(NO_PART)
    reply = cloud.writer.ask(PutParts(KEY))

    assert (reply.ok, reply.effect) == (False, Effect.NONE)
    assert cloud.bucket.uploads == {}
    assert "open_upload" not in reply.facts


def test_an_upload_that_stays_open_is_told_with_the_command_that_ends_it(open_cloud: Any) -> None:
    """A write-only key may not abort: the upload that really is open is named, and how to end it."""
    cloud = open_cloud("s3/healthy")
    cloud.box.inject(NO_PART)
    left = cloud.residue()
    (upload,) = cloud.bucket.uploads

    (unfinished,) = [one for one in left if one.address.endswith(f"?uploadId={upload}")]
    words = shlex.split(unfinished.delete)
    assert words[:3] == ["aws", "s3api", "abort-multipart-upload"]
    assert any(upload in word for word in words)
    assert unfinished.certain


@pytest.mark.parametrize("path", ["-x/", "--profile=other/", "- a'b/"])
def test_a_name_that_begins_with_a_dash_is_no_option(path: str) -> None:
    """The command line would read it as an option of its own: it is joined to the option that it belongs to."""
    storage = S3Storage(name="s", storage_type="s3", bucket=BUCKET, path=path, region="eu-central-1")
    words = shlex.split(s3.delete_command(storage, f"{path}a.txt"))
    assert f"--key={path}a.txt" in words
    assert [word for word in words if word.startswith("-x") or word == "--profile=other/a.txt"] == []
