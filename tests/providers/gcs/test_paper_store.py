"""What Google's documents say about the write, from settings alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from preflight.model import Cause, GcsStorage, Get, List, Put, PutParts, Refusal, Reply, Setting, Store
from preflight.providers import gcs
from preflight.providers.gcs import settings

WRITER = "writer@video.iam.gserviceaccount.com"
KEY = "projects/video/locations/eu/keyRings/r/cryptoKeys/k"
CREATOR = {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{WRITER}"]}
NAMES = "projects/_/buckets/b/objects/"
NONE_ABOVE: dict[str, Any] = {"above": {"project": {}, "folders and organization above it": {}}}

Told = Mapping[Setting, Mapping[str, Any]]


def policy(*bindings: Any) -> dict[Setting, dict[str, Any]]:
    return {Setting.POLICY: {"document": {"version": 3, "bindings": list(bindings)}}}


def on(condition: str) -> dict[str, Any]:
    return {**CREATOR, "condition": {"title": "t", "expression": condition}}


def store(told: Told) -> Store:
    def read(setting: Setting) -> Reply:
        if setting in told:
            return Reply(facts=told[setting])
        return Reply(code="not-given", refusal=Refusal(provider="gcs", code="not-given"))

    storage = GcsStorage(name="s", storage_type="gcs", bucket="b", path="recordings/", client_email=WRITER)
    found = gcs.paper(storage, read)
    assert not isinstance(found, str)
    return found


def ask(told: Told, asked: Any = None) -> Reply:
    return store(told).ask(asked or Put("recordings/x"))


def test_the_documented_grant_is_proven_with_its_assumptions() -> None:
    """Allowed for every name, by the binding; what was not read is said."""
    reply = ask(policy(CREATOR))
    assert reply.ok
    assert reply.facts["answer"] == "allowed"
    assert reply.facts["statement"] == "#1 (roles/storage.objectCreator) of the IAM policy of the bucket"
    assert any("deny policy" in one for one in reply.facts["assumptions"])
    assert any("encryption" in one for one in reply.facts["assumptions"])


def test_parts_need_no_more() -> None:
    """A resumable upload is authorised like a whole one."""
    assert ask(policy(CREATOR), PutParts("recordings/x")).ok


def test_without_the_levels_above_nothing_is_denied() -> None:
    """The project may grant what the bucket does not; the nearest binding is named all the same."""
    reply = ask(policy(on(f'resource.name.startsWith("{NAMES}uploads/")')))
    assert reply.facts["answer"] == "unknown"
    assert reply.candidates[0].cause is Cause.CONDITION_UNMET
    assert any("project" in need for need in reply.facts["needs"])


def test_with_every_level_a_denial_names_what_lacks() -> None:
    """The condition, and a name that anybody can try."""
    told = policy(on(f'resource.name.startsWith("{NAMES}uploads/")')) | {Setting.IDENTITY: NONE_ABOVE}
    reply = ask(told)
    assert (reply.facts["answer"], reply.facts["denied"]) == ("denied", "recordings/x")
    assert reply.candidates[0].cause is Cause.CONDITION_UNMET
    assert reply.candidates[0].missing[0].action == "storage.objects.create"


def test_a_grant_that_ends_says_when() -> None:
    """Allowed now, and the day is told."""
    reply = ask(policy(on('request.time < timestamp("2099-01-01T00:00:00Z")')))
    assert (reply.ok, reply.facts["until"]) == (True, "2099-01-01T00:00:00+00:00")
    assert "2099-01-01" in (reply.message or "")


def test_some_names_only() -> None:
    """Split, with a name that is refused."""
    told = policy(on('resource.name.endsWith(".mp4")')) | {Setting.IDENTITY: NONE_ABOVE}
    reply = ask(told)
    assert reply.facts["answer"] == "split"
    assert reply.facts["allowed"] == "recordings/.mp4"
    assert str(reply.facts["denied"]).startswith("recordings/")


def test_folders_of_a_hierarchical_bucket_are_created_too() -> None:
    """A custom role with the one permission is not enough there."""
    held = {"name": "projects/p/roles/r", "includedPermissions": ["storage.objects.create"]}
    told = policy({**CREATOR, "role": "projects/p/roles/r"}) | {Setting.IDENTITY: {**NONE_ABOVE, "roles": [held]}}
    assert ask(told).ok
    reply = ask({**told, Setting.ACCOUNT: {"hierarchical": True}})
    assert reply.facts["answer"] == "denied"
    assert reply.candidates[0].missing[0].action == "storage.folders.create"


@pytest.mark.parametrize(
    ("users", "answer"),
    [
        (["serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"], "allowed"),
        ([f"serviceAccount:{WRITER}"], "unknown"),
        ([], "unknown"),
        (None, "unknown"),
    ],
)
def test_a_key_of_the_customers_is_cloud_storages_to_use(users: list[str] | None, answer: str) -> None:
    """Its policy has to let Cloud Storage's own account encrypt; the uploader's right to it means nothing."""
    told = policy(CREATOR) | {Setting.ENCRYPTION: {"customer_key": True, "key": KEY}}
    if users is not None:
        binding = {"role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "members": users}
        told[Setting.KEY_POLICY] = {"document": {"bindings": [binding]}}
    reply = ask(told)
    assert reply.facts["answer"] == answer
    if answer == "unknown":
        assert reply.candidates[0].cause is Cause.ENCRYPTION_KEY_DENIED
        assert reply.candidates[0].missing[0].action == "cloudkms.cryptoKeyVersions.useToEncrypt"


AGENT = "serviceAccount:service-{}@gs-project-accounts.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    ("number", "answer", "assumed"),
    [("123456789012", "allowed", False), ("999999999999", "unknown", False), (None, "allowed", True)],
    ids=["the bucket's project", "another project", "the project is not known"],
)
def test_a_key_is_granted_to_the_account_of_the_buckets_own_project(
    number: str | None, answer: str, *, assumed: bool
) -> None:
    """Every project has a Cloud Storage account of its own, and only that of the bucket's encrypts there."""
    told = policy(CREATOR) | {Setting.ENCRYPTION: {"customer_key": True, "key": KEY}}
    binding = {"role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "members": [AGENT.format("123456789012")]}
    told[Setting.KEY_POLICY] = {"document": {"bindings": [binding]}}
    told[Setting.ACCOUNT] = {"project_number": number}
    reply = ask(told)
    assert reply.facts["answer"] == answer
    assert any("account of the bucket's project" in one for one in reply.facts["assumptions"]) is assumed
    if answer == "unknown":
        assert AGENT.format(number).partition(":")[2] in (reply.message or "")


RESTRICTED = {"restrictionMode": "FullyRestricted", "effectiveTime": "2026-11-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("encryption", "answer"),
    [
        ({"googleManagedEncryptionEnforcementConfig": RESTRICTED}, "denied"),
        ({"googleManagedEncryptionEnforcementConfig": {"restrictionMode": "NotRestricted"}}, "allowed"),
        ({"customerManagedEncryptionEnforcementConfig": RESTRICTED}, "allowed"),
        ({"customerManagedEncryptionEnforcementConfig": RESTRICTED, "defaultKmsKeyName": KEY}, "denied"),
        ({"customerSuppliedEncryptionEnforcementConfig": RESTRICTED}, "allowed"),
    ],
)
def test_an_encryption_that_the_bucket_refuses_is_no_default(encryption: dict[str, Any], answer: str) -> None:
    """Stream's uploads name no key and get the bucket's default: where that is restricted, they are refused."""
    facts = settings.read(Setting.ENCRYPTION, {"encryption": encryption})
    reply = ask(policy(CREATOR) | {Setting.ENCRYPTION: facts})
    assert reply.facts["answer"] == answer
    if answer == "denied":
        assert reply.candidates[0].cause is Cause.HEADER_REQUIRED


def test_the_rights_that_writing_does_not_need() -> None:
    """The same documents tell whether reading and listing are withheld."""
    told = policy(CREATOR) | {Setting.IDENTITY: NONE_ABOVE}
    assert ask(told, Get("recordings/x")).facts["answer"] == "denied"
    assert ask(told, List("recordings/")).facts["answer"] == "denied"
    viewer = policy({**CREATOR, "role": "roles/storage.objectViewer"})
    assert ask(viewer, List("recordings/")).ok


PREFIX = 'api.getAttribute("storage.googleapis.com/objectListPrefix", "")'


@pytest.mark.parametrize(
    ("condition", "listing"),
    [
        (f'{PREFIX}.startsWith("recordings/")', "allowed"),
        (f'resource.name.startsWith("{NAMES}x/") || {PREFIX}.startsWith("recordings/")', "allowed"),
        (f'{PREFIX} == "elsewhere/"', "allowed"),
        (f'{PREFIX} in ["a/", "b/"]', "allowed"),
        (f'!{PREFIX}.startsWith("recordings/")', "allowed"),
        (f'{PREFIX}.startsWith("a/") && {PREFIX}.startsWith("b/")', "denied"),
        (f'resource.name.startsWith("{NAMES}recordings/")', "denied"),
    ],
)
def test_a_list_may_ask_for_the_prefix_that_a_condition_lets_in(condition: str, listing: str) -> None:
    """Whoever lists chooses the prefix: one that is let in is enough to be told names that writing does not need."""
    viewer = {**on(condition), "role": "roles/storage.objectViewer"}
    told = policy(CREATOR, viewer) | {Setting.IDENTITY: NONE_ABOVE}
    assert ask(told, List("recordings/preflight-test-1.txt")).facts["answer"] == listing


def test_a_write_asks_for_no_list() -> None:
    """A condition on the prefix of a list sees its default in a write."""
    for default, answer in (("", "denied"), ("recordings/", "allowed")):
        told = policy(on(f'{PREFIX[:-3]}"{default}").startsWith("recordings/")')) | {Setting.IDENTITY: NONE_ABOVE}
        assert ask(told).facts["answer"] == answer


def test_a_file_that_google_would_refuse_is_no_grant() -> None:
    """The place in the file is told."""
    source = {"file": "policy.json", "lines": {"": [1, 1], "/bindings/0/members/0": [4, 9]}}
    told = {Setting.POLICY: {"document": {"bindings": [{**CREATOR, "members": [WRITER]}]}, "sources": [source]}}
    reply = ask(told)
    assert reply.facts["answer"] == "denied"
    assert str(reply.candidates[0].location) == "policy.json:4:9"


def test_without_an_account_there_is_nothing_to_look_up() -> None:
    """A key that names nobody has no grants."""
    storage = GcsStorage(name="s", storage_type="gcs", bucket="b")
    assert isinstance(gcs.paper(storage, lambda _: Reply()), str)
