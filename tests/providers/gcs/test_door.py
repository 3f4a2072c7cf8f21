"""Nothing leaves that is not on the list: every other operation is stopped before a byte is sent."""

import time
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preflight.model import Put, Refusal
from preflight.providers.gcs import passes
from preflight.providers.gcs.door import NotAllowedError, Pass
from preflight.providers.gcs.unopened import Unopened
from preflight.providers.gcs.wire import Wire
from preflight.providers.gcs.writer_store import WriterStore
from tests.providers.gcs.conftest import KEY, PARTS, Open, Room

FORBIDDEN = {
    "create a bucket": ("POST", "/storage/v1/b?project=my-project", '{"name": "new"}'),
    "change a bucket": ("PATCH", "/storage/v1/b/my-recordings", "{}"),
    "replace a bucket": ("PUT", "/storage/v1/b/my-recordings", "{}"),
    "delete a bucket": ("DELETE", "/storage/v1/b/my-recordings", ""),
    "write a policy": ("PUT", "/storage/v1/b/my-recordings/iam", "{}"),
    "lock a retention policy": ("POST", "/storage/v1/b/my-recordings/lockRetentionPolicy?ifMetagenerationMatch=1", ""),
    "list a customer's names": ("GET", "/storage/v1/b/my-recordings/o", ""),
    "list below the path": ("GET", "/storage/v1/b/my-recordings/o?prefix=recordings/&maxResults=1", ""),
    "read a customer's object": ("GET", "/storage/v1/b/my-recordings/o/recordings%2Fold.mp4?alt=media", ""),
    "delete a customer's object": ("DELETE", "/storage/v1/b/my-recordings/o/recordings%2Fold.mp4", ""),
    "change an object": ("PATCH", f"/storage/v1/b/my-recordings/o/{quote(KEY, safe='')}", "{}"),
    "rewrite an object": ("POST", "/storage/v1/b/my-recordings/o/a/rewriteTo/b/my-recordings/o/b", "{}"),
    "compose an object": ("POST", "/storage/v1/b/my-recordings/o/a/compose", "{}"),
    "batch": ("POST", "/batch/storage/v1", ""),
    "overwrite": ("POST", "/upload/storage/v1/b/my-recordings/o?uploadType=multipart", f'{{"name": "{KEY}"}}'),
    "write another name": (
        "POST",
        "/upload/storage/v1/b/my-recordings/o?uploadType=multipart&ifGenerationMatch=0",
        '{"name": "recordings/other"}',
    ),
    "write into another bucket": (
        "POST",
        "/upload/storage/v1/b/other/o?uploadType=multipart&ifGenerationMatch=0",
        f'{{"name": "{KEY}"}}',
    ),
    "let a project pay": (
        "POST",
        "/upload/storage/v1/b/my-recordings/o?uploadType=multipart&ifGenerationMatch=0&userProject=my-project",
        f'{{"name": "{KEY}"}}',
    ),
    "set an ACL": (
        "POST",
        "/upload/storage/v1/b/my-recordings/o?uploadType=multipart&ifGenerationMatch=0&predefinedAcl=publicRead",
        f'{{"name": "{KEY}"}}',
    ),
}


def every_pass(wire: Wire) -> tuple[Pass, ...]:
    own = (passes.insert(wire, KEY), passes.start(wire, PARTS), passes.get(wire, KEY), passes.list_own(wire, KEY))
    rest = (passes.delete(wire, KEY), passes.finish(wire), passes.cancel(wire), passes.test_permissions(wire))
    return own + rest


def wire_of(room: Room) -> Wire:
    room.store.ask(Put(KEY))
    assert isinstance(room.store, Unopened)
    opened = room.store.store
    assert isinstance(opened, WriterStore)
    assert opened.opened is not None
    assert not isinstance(opened.opened, Refusal)
    return opened.opened[0]


@pytest.mark.parametrize(("method", "path", "body"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_nothing_else_leaves(open_room: Open, method: str, path: str, body: str) -> None:
    """With every pass that a writer ever has, this request is our bug and stays here."""
    room = open_room()
    wire = wire_of(room)
    before = len(room.box.world.served)
    with pytest.raises(NotAllowedError):
        wire.attempt(
            lambda: wire.session.request(method, f"{wire.api}{path}", data=body),
            time.monotonic() + 5,
            *every_pass(wire),
        )
    assert len(room.box.world.served) == before


def test_no_other_host_is_called(open_room: Open) -> None:
    """Neither the metadata server nor Google's other services are reached through the door."""
    wire = wire_of(open_room())
    for url in ("http://169.254.169.254/computeMetadata/v1/", "https://iamcredentials.googleapis.com/v1/x"):
        with pytest.raises(NotAllowedError):
            wire.attempt(lambda url=url: wire.session.get(url), time.monotonic() + 5, *every_pass(wire))  # type: ignore[misc]  # bound now


def test_an_ask_admits_its_own_requests_only(open_room: Open) -> None:
    """What one ask may send, another may not: the passes are given one by one."""
    wire = wire_of(open_room())
    url = f"{wire.of_object(KEY)}"
    with pytest.raises(NotAllowedError):
        wire.attempt(lambda: wire.session.delete(url), time.monotonic() + 5, passes.get(wire, KEY))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]),
    path=st.text(st.sampled_from("abo/%2F.?=&v1storageuploadmy-recordings"), max_size=60),
)
def test_only_exact_addresses_pass(method: str, path: str) -> None:
    """An address passes only if it is one of ours to the letter."""
    from google.auth.credentials import AnonymousCredentials

    wire = Wire(AnonymousCredentials(), "my-recordings", "https://storage.googleapis.com")  # type: ignore[no-untyped-call]  # typed in part
    url = f"https://storage.googleapis.com/{path}"
    ours = {(way.method, way.url) for way in every_pass(wire)}
    if any(way.admits(method, url) for way in every_pass(wire)):
        assert (method, url.partition("?")[0]) in ours
