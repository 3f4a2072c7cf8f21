"""The blob service through the real client: who may, what is protected, and how refusals look."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from azure.storage.blob import BlobBlock, BlobServiceClient, ContainerClient, ContentSettings

from preflight.sandbox import Sandbox, Transport
from tests.sandbox.abs.conftest import Login, OpenAzure, Service

BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
KEY = base64.b64encode(b"the key of the account").decode()
VERSION = {"x-ms-version": "2026-06-06"}


def _role(*actions: str, **fields: Any) -> dict[str, Any]:
    return {"roles": {"Stream recordings writer": {"data_actions": [f"{BLOBS}/{one}" for one in actions], **fields}}}


def _account(**fields: Any) -> dict[str, Any]:
    return {"accounts": {"contosorecordings": fields}}


def _container(**fields: Any) -> dict[str, Any]:
    return _account(containers={"recordings": fields})


def _code(act: Callable[[], object]) -> str:
    """The code of the refusal that this gives, from the header that Microsoft says to trust."""
    with pytest.raises(HttpResponseError) as refused:
        act()
    response: Any = refused.value.response
    return str(response.headers["x-ms-error-code"])


def _recordings(client: BlobServiceClient) -> ContainerClient:
    return client.get_container_client("recordings")


def test_a_writer_writes_and_nothing_else(open_azure: OpenAzure, service: Service) -> None:
    """`blobs/write` uploads whole and in blocks; every other verb is refused in the same words."""
    recordings = _recordings(service(open_azure()))
    blob = recordings.upload_blob("calls/one", b"data")
    parts = recordings.get_blob_client("calls/two")
    parts.stage_block("a", b"data")
    parts.commit_block_list([BlobBlock("a")])
    others: list[Callable[[], object]] = [
        blob.download_blob,
        blob.delete_blob,
        recordings.get_container_properties,
        lambda: list(recordings.list_blobs()),
    ]
    assert {_code(act) for act in others} == {"AuthorizationPermissionMismatch"}


def test_add_creates_whole_blobs_only(open_azure: OpenAzure, service: Service) -> None:
    """`add/action` suffices for a new blob in one piece, not for blocks, not to replace."""
    recordings = _recordings(service(open_azure(_role("add/action"))))
    blob = recordings.upload_blob("calls/one", b"data")
    assert _code(lambda: blob.upload_blob(b"data", overwrite=True)) == "UnauthorizedBlobOverwrite"
    assert _code(lambda: blob.stage_block("a", b"data")) == "AuthorizationPermissionMismatch"


def test_a_reader_gets_what_was_written(open_azure: OpenAzure, service: Service) -> None:
    """Content and type come back; a listing shows the name; deleting ends it."""
    recordings = _recordings(service(open_azure(_role("*"))))
    blob = recordings.upload_blob("calls/one", b"data", content_settings=ContentSettings("text/plain"))
    assert blob.download_blob().readall() == b"data"
    assert blob.get_blob_properties().content_settings.content_type == "text/plain"
    assert [found.name for found in recordings.list_blobs(name_starts_with="calls/")] == ["calls/one"]
    assert list(recordings.list_blobs(name_starts_with="other/")) == []
    blob.delete_blob()
    assert _code(blob.download_blob) == "BlobNotFound"


def test_listings_come_in_pages(open_azure: OpenAzure, service: Service) -> None:
    """The page size that the client asks for is kept."""
    recordings = _recordings(service(open_azure(_role("*"))))
    for name in ("a", "b", "c"):
        recordings.upload_blob(name, b"")
    first = next(iter(recordings.list_blobs(results_per_page=2).by_page()))
    assert [found.name for found in first] == ["a", "b"]


def test_taken_data_actions_are_gone(open_azure: OpenAzure, service: Service) -> None:
    """What `notDataActions` takes is not held, whatever `dataActions` gives."""
    role = _role("*", not_data_actions=[f"{BLOBS}/delete"])
    blob = _recordings(service(open_azure(role))).upload_blob("calls/one", b"data")
    assert _code(blob.delete_blob) == "AuthorizationPermissionMismatch"


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Reader", "Storage Account Contributor"])
def test_control_plane_roles_hold_no_data(open_azure: OpenAzure, service: Service, role: str) -> None:
    """The most frequent fault: a role that manages the account reads and writes no blob."""
    held = {"assignments": {"writer": {"role": role, "scope": "contosorecordings"}}}
    recordings = _recordings(service(open_azure(held)))
    assert _code(lambda: recordings.upload_blob("calls/one", b"")) == "AuthorizationPermissionMismatch"


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        ("contosorecordings/recordings", True),
        ("contosorecordings", True),
        ("/", True),
        ("/subscriptions/5D2E8C47-3B6A-4F19-8E70-1C9B4A6D2E03", True),
        ("/subscriptions/5d2e8c47-3b6a-4f19-8e70-1c9b4a6d2e03/resourceGroups/rg", False),
        ("contosorecordings/record", False),
    ],
)
def test_scopes_nest_by_segments(open_azure: OpenAzure, service: Service, scope: str, *, holds: bool) -> None:
    """A role holds at its scope and below; a name that merely begins alike is another scope."""
    recordings = _recordings(service(open_azure({"assignments": {"writer": {"scope": scope}}})))
    if holds:
        recordings.upload_blob("calls/one", b"")
    else:
        assert _code(lambda: recordings.upload_blob("calls/one", b"")) == "AuthorizationPermissionMismatch"


def test_create_only_writes_do_not_replace(open_azure: OpenAzure, service: Service) -> None:
    """`If-None-Match: *` protects what is there, for both ways of writing."""
    box = open_azure(_role("*"))
    blob = _recordings(service(box)).upload_blob("calls/one", b"first")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"second", overwrite=False)
    blob.stage_block("a", b"second")
    free = MatchConditions.IfMissing
    assert _code(lambda: blob.commit_block_list([BlobBlock("a")], match_condition=free)) == "BlobAlreadyExists"
    assert blob.download_blob().readall() == b"first"


def test_digests_are_compared_after_the_right_to_write(open_azure: OpenAzure, service: Service) -> None:
    """A wrong digest is refused with both digests, and only to those who may write."""
    wrong = {"Content-MD5": base64.b64encode(bytes(16)).decode()}
    for changes, code in ((_role("write"), "Md5Mismatch"), (_role("read"), "AuthorizationPermissionMismatch")):
        recordings = _recordings(service(open_azure(changes)))
        assert _code(lambda found=recordings: found.upload_blob("calls/one", b"", headers=dict(wrong))) == code  # type: ignore[misc]  # bound now


def test_a_commit_of_unknown_blocks_is_refused(open_azure: OpenAzure, service: Service) -> None:
    """A block list may name staged blocks only."""
    blob = service(open_azure()).get_blob_client("recordings", "calls/one")
    assert _code(lambda: blob.commit_block_list([BlobBlock("a")])) == "InvalidBlockList"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"immutable_days": 7}, "BlobImmutableDueToPolicy"),
        ({"legal_hold": True}, "BlobImmutableDueToLegalHold"),
        ({"blobs": {"calls/one": {"leased": True}}}, "LeaseIdMissing"),
    ],
)
def test_protected_blobs_stay(open_azure: OpenAzure, service: Service, fields: dict[str, Any], code: str) -> None:
    """Policy, hold and lease keep a blob from being deleted or replaced; new names are free."""
    recordings = _recordings(service(open_azure({**_role("*"), **_container(**fields)})))
    blob = recordings.get_blob_client("calls/one")
    if "blobs" not in fields:
        blob.upload_blob(b"")
    assert _code(blob.delete_blob) == code
    assert _code(lambda: blob.upload_blob(b"", overwrite=True)) == code
    recordings.upload_blob("calls/two", b"")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        (_account(disabled=True), 403, "AccountIsDisabled"),
        (_account(firewall=True), 403, "AuthorizationFailure"),
        (_account(firewall=True, addresses=["127.0.0.1"]), 201, ""),
        (_account(public_network=False, addresses=["127.0.0.1"]), 403, "AuthorizationFailure"),
        (_account(sku="Premium_LRS"), 400, "BlobTypeNotSupported"),
        (_account(sku="Premium_LRS", kind="BlockBlobStorage"), 201, ""),
        (_account(vault_key="https://v/keys/k", vault_key_found=False), 403, "KeyVaultEncryptionKeyNotFound"),
        (_container(state="deleting"), 409, "ContainerBeingDeleted"),
        (_container(state="disabled"), 409, "ContainerDisabled"),
    ],
)
def test_accounts_and_containers_have_states(
    open_azure: OpenAzure, service: Service, changes: dict[str, Any], status: int, code: str
) -> None:
    """Settings and states of account and container answer as they are documented to."""
    recordings = _recordings(service(open_azure(changes)))
    if status == 201:
        recordings.upload_blob("calls/one", b"")
        return
    with pytest.raises(HttpResponseError) as refused:
        recordings.upload_blob("calls/one", b"")
    response: Any = refused.value.response
    assert (response.status_code, response.headers["x-ms-error-code"]) == (status, code)


def test_an_access_list_lets_in_where_no_role_does(open_azure: OpenAzure, service: Service) -> None:
    """Hierarchical accounts: execute on the way, write on the folder; nothing elsewhere."""
    recordings = _recordings(service(open_azure(name="abs/hierarchical")))
    recordings.upload_blob("calls/one", b"")
    for elsewhere in ("one", "calls/deeper/one"):
        code = _code(lambda name=elsewhere: recordings.upload_blob(name, b""))  # type: ignore[misc]  # bound now
        assert code == "AuthorizationPermissionMismatch"


@pytest.mark.parametrize(("fields", "permanent"), [({}, "true"), ({"soft_delete_days": 7}, "false")])
def test_a_delete_tells_whether_it_is_for_good(
    open_azure: OpenAzure, service: Service, fields: dict[str, Any], permanent: str
) -> None:
    """Soft delete shows in the answer's header."""
    blob = _recordings(service(open_azure({**_role("*"), **_account(**fields)}))).upload_blob("calls/one", b"")
    told: list[str] = []
    blob.delete_blob(raw_response_hook=lambda r: told.append(r.http_response.headers["x-ms-delete-type-permanent"]))
    assert told == [permanent]


def test_a_refusal_looks_like_azures(open_azure: OpenAzure) -> None:
    """A byte order mark, XML, the request id twice, and the challenge that names tenant and resource."""
    box = open_azure()
    url = f"{box.endpoints['abs']}/contosorecordings/recordings/calls/one"
    answer = requests.get(url, headers=VERSION, timeout=5)
    assert answer.status_code == 401
    assert answer.content.startswith(b"\xef\xbb\xbf<?xml")
    assert re.search(rf"RequestId:{answer.headers['x-ms-request-id']}\nTime:\d{{4}}-", answer.text)
    assert answer.headers["x-ms-error-code"] == "NoAuthenticationInformation"
    assert answer.headers["Server"] == "Microsoft-HTTPAPI/2.0"
    assert answer.headers["WWW-Authenticate"] == (
        f"Bearer authorization_uri=https://login.microsoftonline.com/{box.world.document['tenant']}/oauth2/authorize "
        "resource_id=https://storage.azure.com"
    )
    head = requests.head(url, headers=VERSION, timeout=5)
    assert (head.content, head.headers["x-ms-error-code"]) == (b"", "NoAuthenticationInformation")


def test_tokens_are_checked(open_azure: OpenAzure, login: Login) -> None:
    """Signature, tenant and audience: each fault has its own sentence."""
    box = open_azure()
    url = f"{box.endpoints['abs']}/contosorecordings/recordings/calls/one"
    storage = login(box).get_token("https://storage.azure.com/.default").token
    arm = login(box).get_token("https://management.azure.com/.default").token

    def detail(token: str) -> str:
        headers = {**VERSION, "Authorization": f"Bearer {token}", "x-ms-date": _now(box)}
        return requests.get(url, headers=headers, timeout=5).text

    assert "Audience validation failed" in detail(arm)
    assert "Signature validation failed" in detail(f"{storage}x")
    assert "Signature validation failed" in detail("nonsense")


def _now(box: Sandbox) -> str:
    return box.world.now().strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(("ahead", "refused"), [(960, True), (840, False), (-3600, False)])
def test_only_the_past_is_too_old(open_azure: OpenAzure, service: Service, *, ahead: float, refused: bool) -> None:
    """A request more than a quarter of an hour old is refused; one from the future is not."""
    recordings = _recordings(service(open_azure(clock=ahead)))
    if not refused:
        recordings.upload_blob("calls/one", b"")
        return
    with pytest.raises(HttpResponseError, match="Request date header too old"):
        recordings.upload_blob("calls/one", b"")


def test_account_keys_sign(open_azure: OpenAzure, service: Service) -> None:
    """The key's holder may do everything; a wrong key fails its signature; keys can be switched off."""
    box = open_azure(_account(key=KEY))
    blob = _recordings(service(box, {"account_name": "contosorecordings", "account_key": KEY})).upload_blob(
        "a b/ü", b""
    )
    blob.delete_blob()
    wrong = {"account_name": "contosorecordings", "account_key": base64.b64encode(b"wrong").decode()}
    assert _code(lambda: _recordings(service(box, wrong)).upload_blob("one", b"")) == "AuthenticationFailed"
    off = open_azure(_account(key=KEY, shared_key=False))
    right = {"account_name": "contosorecordings", "account_key": KEY}
    assert (
        _code(lambda: _recordings(service(off, right)).upload_blob("one", b"")) == "KeyBasedAuthenticationNotPermitted"
    )


def test_plain_http_is_refused_where_tls_is_required(open_azure: OpenAzure, service: Service) -> None:
    """Secure transfer required, which is the default."""
    box = open_azure(_account(key=KEY), transport=Transport.HTTP)
    key = {"account_name": "contosorecordings", "account_key": KEY}
    assert _code(lambda: _recordings(service(box, key)).upload_blob("one", b"")) == "AccountRequiresHttps"


def test_an_unknown_account_is_no_resource(open_azure: OpenAzure, service: Service) -> None:
    """On loopback there is no name to fail to resolve: the answer is the emulator's."""
    recordings = _recordings(service(open_azure(), account="somebodyelse"))
    assert _code(lambda: recordings.upload_blob("one", b"")) == "ResourceNotFound"


def test_other_verbs_are_not_spoken(open_azure: OpenAzure, service: Service) -> None:
    """Creating containers, tiers and the rest are nobody's business here."""
    client = service(open_azure(_role("*")))
    assert _code(lambda: client.create_container("new")) == "UnsupportedHttpVerb"
