"""The happy path on an independent server: Google's wire shape as other people understand it."""

import pytest

from preflight.model import Delete, Effect, GcsStorage, Get, List, Put, PutParts, Read, Secret, Setting, Store
from preflight.providers import Reach, gcs
from preflight.sandbox import Sandbox
from tests.providers.gcs.conftest import KEY, PARTS
from tests.servers.gcs import GcsEmulator


@pytest.fixture
def store(gcs_emulator: GcsEmulator) -> Store:
    """The writer on a new bucket; the emulator takes any token, so the sandbox gives one."""
    bucket = gcs_emulator.create_bucket()
    with Sandbox("gcs/healthy") as box:
        storage = GcsStorage(
            name="s",
            storage_type="gcs",
            bucket=bucket,
            path="recordings/",
            credentials=Secret(box.environ["GCS_KEY"], source="here"),
        )
        endpoints = {"gcs": gcs_emulator.endpoint, "google-token": box.endpoints["google-token"]}
        opened = gcs.writer(storage, Reach(timeout=5, endpoints=endpoints))
        assert not isinstance(opened, str)
        assert opened.ask(Put(KEY)).effect is Effect.CERTAIN
    return opened


def test_written_read_listed_deleted(store: Store) -> None:
    """Both ways of writing are understood, and what was written is found, read and removed."""
    assert store.ask(PutParts(KEY)).facts["key"] == PARTS
    assert store.ask(Get(KEY)).ok
    assert store.ask(List(KEY)).facts["keys"] == [KEY]
    assert store.ask(Delete(KEY)).ok
    assert store.ask(Delete(PARTS)).ok
    assert store.ask(List(KEY)).facts["keys"] == []


def test_an_ignored_precondition_is_seen(store: Store) -> None:
    """The emulator overwrites in spite of the precondition: the second create goes through and says so."""
    assert store.ask(Put(KEY, again=True)).ok


def test_an_upload_that_cannot_be_cancelled_is_in_doubt(store: Store) -> None:
    """The emulator answers 501 to a cancellation: the open upload is reported."""
    reply = store.ask(Put(KEY, dry=True))
    assert reply.effect is Effect.POSSIBLE
    assert reply.facts["cancelled"] is False


def test_permissions_are_listed(store: Store) -> None:
    """The answer to `testIamPermissions` is read as Google's client would read it."""
    assert "storage.objects.create" in store.ask(Read(Setting.HELD)).facts["permissions"]
