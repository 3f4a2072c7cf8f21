"""The writer against Azurite: real signatures, preconditions, digests and tokens, through the real SDKs."""

from typing import Any

import pytest
from azure.core.credentials import AzureSasCredential

from preflight.model import (
    AbsStorage,
    Delete,
    Effect,
    Get,
    List,
    Permission,
    Put,
    PutParts,
    Read,
    Reply,
    Secret,
    Setting,
    WhoAmI,
)
from preflight.providers import Reach
from preflight.providers import abs as azure
from preflight.providers.abs.blobs import BlobWriter
from tests.servers.azurite import Azurite
from tests.servers.entra import Entra
from tests.servers.names import unique

PATH = "recordings/"


def _storage(server: Azurite, **fields: Any) -> AbsStorage:
    given = {"account_name": server.account, "bucket": server.create_container(), "path": PATH, **fields}
    return AbsStorage(name="azure", storage_type="abs", **given)


def _reach(server: Azurite, **endpoints: str) -> Reach:
    return Reach(timeout=10, endpoints={"abs": server.endpoint.rpartition("/")[0], **endpoints})


def _key() -> str:
    return f"{PATH}{unique('preflight-test')}.txt"


def _by_key(server: Azurite) -> AbsStorage:
    return _storage(server, account_key=Secret(server.key, source="test"))


class _Signed:
    """A shared access signature as credential: the nearest thing to a write-only principal that Azurite has."""

    query = frozenset({"sv", "se", "sr", "sp", "sig"})

    def __init__(self, signature: str) -> None:
        self.sdk = AzureSasCredential(signature)

    def present(self) -> Reply:
        return Reply()


def _signed(server: Azurite, storage: AbsStorage, letters: str) -> BlobWriter:
    return BlobWriter(storage, _reach(server), _Signed(server.sas(storage.bucket, letters)))


def _names(server: Azurite, storage: AbsStorage) -> list[str]:
    with server.service() as service:
        return sorted(service.get_container_client(storage.bucket).list_blob_names())


def test_writes_with_an_account_key_and_says_that_it_grants_everything(azurite: Azurite) -> None:
    """The older page's account key really uploads one small text, and is reported as the master key it is."""
    storage, key = _by_key(azurite), _key()
    reply = BlobWriter(storage, _reach(azurite)).ask(Put(key))
    assert reply.ok
    assert reply.status == 201
    assert reply.effect is Effect.CERTAIN
    assert reply.request_id
    assert reply.facts["grants_everything"] is True
    assert abs(reply.facts["skew_seconds"]) < 60
    with azurite.service() as service:
        blob = service.get_blob_client(storage.bucket, key).download_blob()
        said = blob.readall().decode()
        kind = blob.properties.content_settings.content_type or ""
    assert "safe to delete" in said
    assert kind.startswith("text/plain")
    assert len(said) <= 512


def test_never_overwrites(azurite: Azurite) -> None:
    """A second create of the same name is refused, and what is there stays as it was."""
    storage, key = _by_key(azurite), _key()
    with azurite.service() as service:
        service.get_blob_client(storage.bucket, key).upload_blob(b"somebody's recording")
    writer = BlobWriter(storage, _reach(azurite))
    for ask in (Put(key), Put(key, again=True)):
        reply = writer.ask(ask)
        assert reply.refusal is not None
        assert (reply.status, reply.code, reply.effect) == (409, "BlobAlreadyExists", Effect.NONE)
    with azurite.service() as service:
        assert service.get_blob_client(storage.bucket, key).download_blob().readall() == b"somebody's recording"


def test_never_overwrites_in_parts(azurite: Azurite) -> None:
    """Blocks are not committed over a blob that exists; the block that may remain is owned up to."""
    storage, key = _by_key(azurite), _key()
    name = azure.parts_key(storage, key)
    with azurite.service() as service:
        service.get_blob_client(storage.bucket, name).upload_blob(b"somebody's recording")
    reply = BlobWriter(storage, _reach(azurite)).ask(PutParts(key))
    assert reply.refusal is not None
    assert reply.refusal.operation == "Put Block List"
    assert reply.status in {409, 412}
    assert "uncommitted" in reply.facts["residue_note"]
    with azurite.service() as service:
        assert service.get_blob_client(storage.bucket, name).download_blob().readall() == b"somebody's recording"


def test_writes_in_blocks_under_a_name_of_its_own(azurite: Azurite) -> None:
    """Blocks and a block list make one blob beside the test object, below the path."""
    storage, key = _by_key(azurite), _key()
    reply = BlobWriter(storage, _reach(azurite)).ask(PutParts(key))
    assert reply.ok
    assert reply.effect is Effect.CERTAIN
    assert _names(azurite, storage) == [azure.parts_key(storage, key)]
    assert _names(azurite, storage)[0].startswith(PATH)


def test_reads_lists_and_deletes_its_own_object_where_it_may(azurite: Azurite) -> None:
    """What the writer may do beyond writing is found out, about its own object only."""
    storage, key = _by_key(azurite), _key()
    writer = BlobWriter(storage, _reach(azurite))
    assert [writer.ask(ask).ok for ask in (Put(key), Get(key), List(key), Delete(key))] == [True] * 4
    assert _names(azurite, storage) == []
    assert writer.ask(Get(key)).code == "BlobNotFound"


@pytest.mark.parametrize(("dry"), [Put, PutParts])
def test_dry_requests_are_authorised_and_store_nothing(azurite: Azurite, dry: type[Put | PutParts]) -> None:
    """A wrong digest is refused after authorisation: proof of the right without a blob, and said to be weaker."""
    storage, key = _by_key(azurite), _key()
    reply = BlobWriter(storage, _reach(azurite)).ask(dry(key, dry=True))
    assert reply.ok
    assert reply.code == "Md5Mismatch"
    assert reply.facts["weaker"]
    assert reply.effect is Effect.NONE
    assert _names(azurite, storage) == []


def test_dry_requests_are_refused_without_the_right(azurite: Azurite) -> None:
    """Missing permission wins over the wrong digest."""
    storage = _by_key(azurite)
    for ask in (Put(_key(), dry=True), PutParts(_key(), dry=True)):
        reply = _signed(azurite, storage, "r").ask(ask)
        assert (reply.status, reply.code) == (403, "AuthorizationPermissionMismatch")


def test_a_write_only_writer_writes_and_does_nothing_else(azurite: Azurite) -> None:
    """With write letters only both ways of writing succeed; reading, listing and deleting are refused."""
    storage, key = _by_key(azurite), _key()
    writer = _signed(azurite, storage, "w")
    assert writer.ask(Put(key)).ok
    assert writer.ask(PutParts(key)).ok
    for ask, stage in ((Get(key), "get_blob"), (List(key), "list"), (Delete(key), "cleanup")):
        reply = writer.ask(ask)
        assert reply.refusal is not None
        assert (reply.refusal.provider, reply.refusal.stage) == ("abs", stage)
        assert (reply.status, reply.code) == (403, "AuthorizationPermissionMismatch")


def test_a_reader_cannot_write(azurite: Azurite) -> None:
    """A refusal carries the raw signal: status, code, message, body and the headers that tell who answered."""
    storage, key = _by_key(azurite), _key()
    reply = _signed(azurite, storage, "rl").ask(Put(key))
    refusal = reply.refusal
    assert refusal is not None
    assert (refusal.stage, refusal.operation, refusal.status) == ("put_blob", "Put Blob", 403)
    assert refusal.code == "AuthorizationPermissionMismatch"
    assert refusal.message
    assert "<Error>" in (refusal.body or "")
    assert refusal.headers["x-ms-error-code"] == refusal.code
    assert refusal.headers["x-ms-request-id"] == reply.request_id
    assert reply.effect is Effect.NONE


def test_a_missing_container_is_told(azurite: Azurite) -> None:
    """The container's absence is Azure's own code, for both ways of writing."""
    storage = _storage(azurite, bucket="not-there", account_key=Secret(azurite.key, source="test"))
    writer = BlobWriter(storage, _reach(azurite))
    assert [writer.ask(ask).code for ask in (Put(_key()), PutParts(_key()))] == ["ContainerNotFound"] * 2


def test_a_wrong_account_key_never_shows(azurite: Azurite) -> None:
    """A refused key appears in no word of the reply."""
    secret = "d3JvbmcgYWNjb3VudCBrZXk="
    storage = _storage(azurite, account_key=Secret(secret, source="test"))
    reply = BlobWriter(storage, _reach(azurite)).ask(Put(_key()))
    assert reply.status == 403
    assert secret not in repr(reply)


@pytest.mark.parametrize("secret", ["not base64 at all", "ä", "AAA"])
def test_a_malformed_account_key_is_a_refusal(azurite: Azurite, secret: str) -> None:
    """A key that cannot sign anything is no crash, and does not show."""
    storage = _storage(azurite, account_key=Secret(secret, source="test"))
    reply = BlobWriter(storage, _reach(azurite)).ask(Put(_key()))
    assert reply.refusal is not None
    assert reply.effect is Effect.NONE


def test_segments_that_clients_resolve_are_refused_before_they_leave(azurite: Azurite) -> None:
    """`..` in a path would be resolved on the way and name something outside it."""
    storage = _storage(azurite, path="recordings/../", account_key=Secret(azurite.key, source="test"))
    reply = BlobWriter(storage, _reach(azurite)).ask(Put("recordings/../preflight-test-1.txt"))
    assert reply.refusal is not None
    assert _names(azurite, storage) == []


@pytest.mark.parametrize("path", ["", "a b/", "ü/", "100%/", "q?x#y/", "a//b/", "+&=/"])
def test_any_path_is_written_as_it_stands(azurite: Azurite, path: str) -> None:
    """Blob names survive the client unchanged, whatever the path holds."""
    storage = _storage(azurite, path=path, account_key=Secret(azurite.key, source="test"))
    key = f"{path}preflight-test-1.txt"
    writer = BlobWriter(storage, _reach(azurite))
    assert writer.ask(Put(key)).ok
    assert writer.ask(List(key)).ok
    assert _names(azurite, storage) == [key]


@pytest.fixture
def _trusting(monkeypatch: pytest.MonkeyPatch, fake_entra: Entra) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake_entra.ca))


def _principal(server: Azurite, entra: Entra, secret: str) -> AbsStorage:
    return _storage(server, tenant_id=entra.tenant, client_id=entra.client, client_secret=Secret(secret, source="test"))


@pytest.mark.usefixtures("_trusting")
def test_writes_as_a_service_principal_over_tls(azurite_tls: Azurite, fake_entra: Entra) -> None:
    """A client secret becomes a token, the token's claims name the object id, and the token uploads."""
    storage, key = _principal(azurite_tls, fake_entra, fake_entra.secret), _key()
    writer = BlobWriter(storage, _reach(azurite_tls, entra=fake_entra.authority))
    who = writer.ask(WhoAmI())
    assert who.ok
    assert (who.facts["principal"], who.facts["account"]) == (fake_entra.client, fake_entra.tenant)
    assert "access_token" not in repr(who)
    assert writer.ask(Put(key)).ok
    assert writer.ask(PutParts(key)).ok


@pytest.mark.usefixtures("_trusting")
def test_a_wrong_client_secret_is_refused_by_number(azurite_tls: Azurite, fake_entra: Entra) -> None:
    """Entra's number is the code, the stage is the token, and nothing reached the container."""
    storage = _principal(azurite_tls, fake_entra, "wrong~secret-value")
    writer = BlobWriter(storage, _reach(azurite_tls, entra=fake_entra.authority))
    reply = writer.ask(Put(_key()))
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.status, reply.code) == ("token", 401, "AADSTS7000215")
    assert "wrong~secret-value" not in repr(reply)
    assert _names(azurite_tls, storage) == []


def test_an_unknown_authority_fails_the_handshake(azurite_tls: Azurite, fake_entra: Entra) -> None:
    """TLS is verified: without the authority nothing is sent, and the code says why."""
    storage = _principal(azurite_tls, fake_entra, fake_entra.secret)
    reply = BlobWriter(storage, _reach(azurite_tls, entra=fake_entra.authority)).ask(Put(_key()))
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.code) == ("connect", "CERTIFICATE_VERIFY_FAILED")
    assert reply.effect is Effect.NONE


def test_settings_are_not_the_writers_to_read(azurite: Azurite) -> None:
    """A data-only identity cannot read settings, and does not try."""
    assert BlobWriter(_by_key(azurite), _reach(azurite)).ask(Read(Setting.POLICY)).code == "not-offered"


def test_needs_name_the_action_and_the_container() -> None:
    """A new blob needs `add`, blocks need `write`; nothing else is demanded for writing."""
    storage = AbsStorage(name="azure", storage_type="abs", account_name="acct", bucket="rec")
    of = "Microsoft.Storage/storageAccounts"
    resource = f"{of}/acct/blobServices/default/containers/rec"
    blobs = f"{of}/blobServices/containers/blobs"
    assert azure.needs(Put("k"), storage) == (Permission(f"{blobs}/add/action", resource),)
    assert azure.needs(PutParts("k"), storage) == (Permission(f"{blobs}/write", resource),)
