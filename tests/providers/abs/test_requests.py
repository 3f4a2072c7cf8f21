"""What leaves this machine: about own names below the path only, never over anything, and nothing unforeseen."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model import AbsStorage, Ask, Cause, Delete, Effect, Get, List, Put, PutParts, Secret, Setting, WhoAmI
from preflight.model import Read as ReadSetting
from preflight.providers import Reach
from preflight.providers import abs as azure
from preflight.providers.abs.allowance import own_requests
from preflight.providers.abs.door import Call
from preflight.sandbox import Fault, Kind
from tests.providers.abs.conftest import KEY, OpenAzure

STORAGE = AbsStorage(
    name="azure",
    storage_type="abs",
    bucket="recordings",
    path="calls/",
    account_name="contoso",
    tenant_id="3c1f0f6e-8d0a-4c7e-9a34-6d1c2b5e7f01",
    client_id="7a9e4b52-1f3d-4e8b-b6c2-90d8e5a1c302",
    client_secret=Secret("Qx28Q~secret", source="$ABS_SECRET"),
)
ASKS: list[Ask] = [WhoAmI(), Put(KEY), PutParts(KEY), Get(KEY), List(KEY), Delete(KEY), ReadSetting(Setting.POLICY)]


def test_all_asks_stay_with_own_names(open_azure: OpenAzure) -> None:
    """A whole session touches two blob names, both below the path, and every write is create-only."""
    box = open_azure("abs/grants-too-much")
    writer = box.writer
    for ask in [*ASKS, Delete(azure.parts_key(box.storage, KEY))]:
        writer.ask(ask)
    container = f"/{box.storage.account_name}/{box.storage.bucket}"
    own = {f"{container}/{KEY}", f"{container}/{azure.parts_key(box.storage, KEY)}"}
    for service, request in box.box.world.served:
        if service != "abs":
            continue
        if request.query.get("comp") == "list":
            assert (request.path, request.query["prefix"], request.query["maxresults"]) == (container, KEY, "1")
        else:
            assert request.path in own
        if request.method == "PUT" and request.query.get("comp") != "block":
            assert request.headers["if-none-match"] == "*"


@pytest.mark.parametrize("path", ["./", "calls/./", "../"])
def test_a_name_that_would_arrive_as_another_is_not_sent(open_azure: OpenAzure, path: str) -> None:
    """Clients resolve dots in a URL: the reply says so, names the path and blames no container."""
    azure_ = open_azure()
    reply = azure_.writer.ask(Put(f"{path}preflight-test-0123456789abcdef.txt"))
    assert [(one.cause, one.field) for one in reply.candidates] == [(Cause.REQUEST_INVALID, "path")]
    assert (reply.effect, azure_.asked) == (Effect.NONE, [])


def test_deleting_says_when_a_version_stays(open_azure: OpenAzure) -> None:
    """Where the account keeps deleted blobs or versions, the delete is no end of it."""
    kept = {"accounts": {"contosorecordings": {"soft_delete_days": 7}}}
    for changes, remains in ((None, False), (kept, True)):
        writer = open_azure("abs/grants-too-much", changes).writer
        assert writer.ask(Put(KEY)).ok
        assert writer.ask(Delete(KEY)).facts["version_remains"] is remains


def test_a_version_stays_whatever_the_delete_says(open_azure: OpenAzure) -> None:
    """An account that gave our blob a version keeps it: that the delete says nothing about it changes nothing."""
    azure_ = open_azure("abs/grants-too-much", {"accounts": {"contosorecordings": {"versioning": True}}})
    silent = {"x-ms-request-id": "1", "Content-Type": "application/xml"}
    azure_.box.inject(Fault(kind=Kind.ANSWER, service="abs", request="DELETE *", status=202, headers=silent, body=""))
    writer = azure_.writer
    assert writer.ask(Put(KEY)).ok
    assert writer.ask(Delete(KEY)).facts["version_remains"] is True


def test_one_round_trip_for_one_blob(open_azure: OpenAzure, put: Put) -> None:
    """The happy path is the tenant's metadata, one token and one upload."""
    box = open_azure()
    writer = box.writer
    assert writer.ask(WhoAmI()).ok
    assert writer.ask(put).ok
    assert [f"{service} {request.method}" for service, request in box.box.world.served] == [
        "entra GET",
        "entra POST",
        "abs PUT",
    ]


def test_a_netrc_of_the_operator_changes_nothing(
    open_azure: OpenAzure, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer's identity is the configured one, whatever this machine keeps for the host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert open_azure().writer.ask(put).ok


def test_a_refused_commit_owns_up_to_its_block(open_azure: OpenAzure) -> None:
    """Whoever may stage but not commit leaves a block: possible residue, with what becomes of it."""
    box = open_azure()
    box.box.inject(Fault(kind=Kind.REFUSE, service="abs", request="PUT *comp=blocklist*", status=403, code="Nope"))
    reply = box.writer.ask(PutParts(KEY))
    assert (reply.code, reply.effect) == ("Nope", Effect.POSSIBLE)
    assert "7 days" in reply.facts["residue_note"]


def test_a_server_that_does_not_check_digests_is_noticed(open_azure: OpenAzure) -> None:
    """A dry request that was stored all the same is residue, and said to be."""
    box = open_azure()
    headers = {"x-ms-request-id": "1", "ETag": '"0x1"', "Content-Type": "application/xml"}
    box.box.inject(Fault(kind=Kind.ANSWER, service="abs", request="PUT *", status=201, headers=headers, body=""))
    reply = box.writer.ask(Put(KEY, dry=True))
    assert reply.effect is Effect.CERTAIN
    assert "digest" in reply.facts["residue_note"]


calls = st.builds(
    Call,
    method=st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "MERGE"]),
    origin=st.sampled_from(
        ["https://contoso.blob.core.windows.net", "https://contoso.dfs.core.windows.net", "http://x"]
    ),
    path=st.sampled_from(["/", "/recordings", f"/recordings/{KEY}", f"/recordings/{KEY}x", "/other", f"/other/{KEY}"]),
    query=st.dictionaries(
        st.sampled_from(["comp", "restype", "prefix", "blockid", "snapshot", "versionid"]),
        st.sampled_from(["", "list", "block", "blocklist", "container", "acl", "lease", "tier", KEY, "calls/"]),
    ),
    headers=st.dictionaries(
        st.sampled_from(["if-none-match", "x-ms-blob-type", "x-ms-copy-source"]),
        st.sampled_from(["*", "BlockBlob", "PageBlob", '"etag"']),
    ),
)


@given(calls)
def test_only_foreseen_requests_leave(call: Call) -> None:
    """Of all requests only those of the contract pass: own blob, own listing, create-only writes, own host."""
    allowed = own_requests("https://contoso.blob.core.windows.net", "recordings", KEY)(call)
    if not allowed:
        return
    comp = call.query.get("comp", "")
    assert call.origin == "https://contoso.blob.core.windows.net"
    assert not {"snapshot", "versionid"} & call.query.keys()
    if call.path == "/recordings":
        assert (call.method, comp, call.query["prefix"]) == ("GET", "list", KEY)
        return
    assert call.path == f"/recordings/{KEY}"
    assert (call.method, comp) in {("GET", ""), ("DELETE", ""), ("PUT", ""), ("PUT", "block"), ("PUT", "blocklist")}
    if call.method == "PUT" and comp != "block":
        assert call.headers["if-none-match"] == "*"


@pytest.mark.parametrize("comp", ["", "blocklist"])
@pytest.mark.parametrize(
    ("guard", "passes"), [({"if-none-match": "*"}, True), ({"if-none-match": '"etag"'}, False), ({}, False)]
)
def test_no_write_leaves_without_its_guard(comp: str, guard: dict[str, str], *, passes: bool) -> None:
    """What makes a blob visible goes only where nothing is: without the guard our own bug would overwrite."""
    home = "https://contoso.blob.core.windows.net"
    call = Call(
        method="PUT",
        origin=home,
        path=f"/recordings/{KEY}",
        query={"comp": comp} if comp else {},
        headers={"x-ms-blob-type": "BlockBlob", **guard},
    )
    assert own_requests(home, "recordings", KEY)(call) is passes


@given(st.text(alphabet="ab./-", max_size=12))
def test_parts_get_a_sibling_of_the_name(stem: str) -> None:
    """The name for parts is another one, in the same folder, with the same ending."""
    key = f"{stem}/preflight-test-1.txt"
    parts = azure.parts_key(STORAGE, key)
    assert parts != key
    assert parts.rpartition("/")[0] == key.rpartition("/")[0]
    assert parts.endswith(".txt")
    assert "preflight-test-1" in parts


def test_the_package_imports_nothing_of_azure() -> None:
    """A run without Azure storages pays nothing for it; nor does listing what a storage needs."""
    code = (
        "import sys; from preflight.providers import provider; provider('abs');"
        "sys.exit(any(name.split('.')[0] in {'azure', 'msal', 'requests'} for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_sdk_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a trimmed image the answer names what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    for door in (azure.writer, azure.inspector):
        said = door(STORAGE, Reach(inspect=True))
        assert isinstance(said, str)
        assert "azure-storage-blob" in said


def test_missing_fields_are_named() -> None:
    """Nobody can try without an identity; the sentence says which fields are missing."""
    said = azure.writer(replace(STORAGE, client_secret=None, tenant_id=""), Reach())
    assert isinstance(said, str)
    assert "abs_client_secret" in said
    assert "abs_tenant_id" in said


def test_who_writes_is_told_without_the_secret() -> None:
    """The public ids and where the secret came from; with a key only, whose key it is."""
    writer = azure.identify(STORAGE)
    assert (writer.principal, writer.account, writer.source) == (STORAGE.client_id, STORAGE.tenant_id, "$ABS_SECRET")
    keyed = replace(STORAGE, client_secret=None, account_key=Secret("a2V5", source="$KEY"))
    assert azure.identify(keyed).principal == "account key of contoso"


def test_the_delete_command_is_quoted() -> None:
    """A name with a blank or a quote is one word of the shell."""
    assert azure.delete_command(STORAGE, "calls/it's mine.txt") == (
        "az storage blob delete --auth-mode login --account-name contoso --container-name recordings "
        "--name 'calls/it'\"'\"'s mine.txt'"
    )
