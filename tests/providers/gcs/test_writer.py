"""The writer asks Google as the account of its key, and believes only answers that prove what they say."""

import json

import pytest

from preflight.model import Delete, Effect, Get, List, Put, PutParts, Read, Setting, WhoAmI
from preflight.sandbox import Fault, Kind
from tests.providers.gcs.conftest import ADMIN, KEY, PARTS, Open, signal


def test_one_upload_is_one_request_and_one_token(open_room: Open) -> None:
    """A write costs a token and an insert: nothing else is asked behind our back by the libraries."""
    room = open_room()
    reply = room.store.ask(Put(KEY))
    assert (reply.ok, reply.effect, reply.status) == (True, Effect.CERTAIN, 200)
    assert reply.facts["stored"] is True
    assert abs(reply.facts["skew_seconds"]) <= 1
    assert reply.request_id
    assert [service for service, _ in room.box.world.served] == ["google-token", "gcs"]


def test_what_is_written_explains_itself(open_room: Open) -> None:
    """The object says in plain text what it is and that it may go, and fits the size that is reported."""
    room = open_room()
    room.store.ask(Put(KEY))
    sent = room.asked[0].body.decode()
    assert "test object of preflight" in sent
    assert "safe to delete" in sent
    assert "content-type: text/plain" in sent
    assert len(sent.rpartition("This is a test")[2]) < 512
    assert "acl" not in sent.lower()
    assert room.asked[0].query == {"uploadType": "multipart", "ifGenerationMatch": "0"}


def test_a_second_create_is_refused(open_room: Open) -> None:
    """The create-only precondition is sent and honoured, and nothing is overwritten."""
    room = open_room(changes=ADMIN)
    first = room.store.ask(Put(KEY))
    again = room.store.ask(Put(KEY, again=True))
    assert signal(again) == ("put_object", 412, "conditionNotMet")
    assert again.effect is Effect.NONE
    assert room.store.ask(Delete(KEY)).ok
    assert f"generation={first.facts['generation']}" in room.asked[-1].target


def test_parts_take_a_name_of_their_own(open_room: Open) -> None:
    """A resumable upload is opened and finished under a sibling name, for overwriting needs more rights."""
    room = open_room()
    room.store.ask(Put(KEY))
    reply = room.store.ask(PutParts(KEY))
    assert (reply.ok, reply.effect, reply.facts["key"]) == (True, Effect.CERTAIN, PARTS)
    assert room.lines[1:] == ["POST /upload/storage/v1/b/my-recordings/o", "PUT /upload/storage/v1/b/my-recordings/o"]
    assert room.asked[1].query["ifGenerationMatch"] == "0"


@pytest.mark.parametrize("kind", [None, Kind.REFUSE, Kind.RESET, Kind.CUT], ids=str)
@pytest.mark.parametrize("ask", [PutParts(KEY), PutParts(KEY, dry=True)], ids=str)
def test_the_address_of_an_open_upload_is_told_to_nobody(open_room: Open, ask: PutParts, kind: Kind | None) -> None:
    """Whoever knows an upload's id may write into it: it is in no reply, whether the upload went well or not."""
    room = open_room()
    if kind:
        told = {"X-GUploader-UploadID": "the id of the upload"}
        room.box.inject(Fault(kind=kind, service="gcs", request="[PD]* *upload_id=*", headers=told))
    reply = room.store.ask(ask)
    opened = {request.query["upload_id"] for request in room.asked if "upload_id" in request.query}
    assert opened
    assert not [one for one in (*opened, "the id of the upload") if one in repr(reply)]


def test_a_write_only_key_is_refused_everything_else(open_room: Open) -> None:
    """With `roles/storage.objectCreator`, reading, listing and deleting our own object are refused by name."""
    room = open_room()
    room.store.ask(Put(KEY))
    asks = (
        (Get(KEY), "get_object", "storage.objects.get"),
        (List(KEY), "list", "storage.objects.list"),
        (Delete(KEY), "cleanup", "storage.objects.delete"),
    )
    for ask, stage, permission in asks:
        reply = room.store.ask(ask)
        assert signal(reply) == (stage, 403, "forbidden")
        assert permission in (reply.message or "")
        assert "stream-writer@my-project" in (reply.message or "")


def test_an_admin_reads_lists_and_deletes_its_own(open_room: Open) -> None:
    """What is granted too widely is found out, and nothing of ours stays."""
    room = open_room(changes=ADMIN)
    room.store.ask(Put(KEY))
    assert room.store.ask(Get(KEY)).facts["bytes"] > 0
    assert room.store.ask(List(KEY)).facts["keys"] == [KEY]
    assert room.store.ask(Delete(KEY)).ok
    assert room.store.ask(List(KEY)).facts["keys"] == []
    assert room.store.ask(Delete(KEY)).facts["gone"] is True


def test_versioning_keeps_nothing_of_ours(open_room: Open) -> None:
    """Where the bucket keeps old versions, the very generation is deleted."""
    versioned = {
        "buckets": {
            "my-recordings": {**ADMIN["buckets"]["my-recordings"], "resource": {"versioning": {"enabled": True}}}
        }
    }
    room = open_room(changes=versioned)
    first = room.store.ask(Put(KEY))
    reply = room.store.ask(Delete(KEY))
    assert reply.ok
    assert not reply.facts.get("version_remains")
    assert f"generation={first.facts['generation']}" in room.asked[-1].target


def test_the_token_tells_who_writes(open_room: Open) -> None:
    """The identity is proven by a token, which later asks use again."""
    room = open_room()
    reply = room.store.ask(WhoAmI())
    assert reply.facts["principal"] == "stream-writer@my-project.iam.gserviceaccount.com"
    assert reply.facts["account"] == "my-project"
    room.store.ask(Put(KEY))
    assert [service for service, _ in room.box.world.served] == ["google-token", "gcs"]


@pytest.mark.parametrize("strict", [False, True], ids=["takes all names", "takes documented names only"])
def test_held_permissions_are_exact(open_room: Open, strict: bool) -> None:  # noqa: FBT001 - a parameter of the world
    """`testIamPermissions` tells what is held, also where it refuses names that its page does not list."""
    room = open_room(changes={"strict": strict})
    reply = room.store.ask(Read(Setting.HELD))
    assert "storage.objects.create" in reply.facts["permissions"]
    assert {"storage.objects.delete", "storage.objects.get", "storage.objects.list"} <= set(reply.facts["asked"])
    assert not {"storage.objects.delete", "storage.objects.get"} & set(reply.facts["permissions"])
    assert ("storage.folders.create" in reply.facts["asked"]) is not strict


FURTHER = (
    "storage.buckets.setIpFilter",
    "storage.folders.delete",
    "storage.folders.rename",
    "storage.managedFolders.delete",
    "storage.managedFolders.setIamPolicy",
    "storage.objects.overrideUnlockedRetention",
    "storage.objects.restore",
    "storage.objects.setRetention",
)


def test_rights_that_no_request_can_try_are_asked_for(open_room: Open) -> None:
    """One question tells of all of them; what comes with the recommended role is not too much."""
    role = "projects/my-project/roles/r"
    accompanying = ("storage.folders.create", "storage.multipartUploads.create", "storage.managedFolders.create")
    binding = {"role": role, "members": ["serviceAccount:stream-writer@my-project.iam.gserviceaccount.com"]}
    table = {"policy": json.dumps({"bindings": [binding]})}
    held = ["storage.objects.create", *accompanying, *FURTHER]
    room = open_room(changes={"roles": {role: held}, "buckets": {"my-recordings": table}})
    reply = room.store.ask(Read(Setting.HELD))
    assert set(reply.facts["beyond"]) == set(FURTHER)
    assert len(room.asked) == 1


def test_other_settings_are_the_inspectors(open_room: Open) -> None:
    """A writer is never asked to read a setting: that would need more than writing does."""
    room = open_room()
    assert room.store.ask(Read(Setting.POLICY)).code == "not-offered"
    assert room.asked == []


def test_what_keeps_the_object_is_told(open_room: Open) -> None:
    """Retention and holds, which the answer to a write shows, are in the note about what stays."""
    retained = open_room("gcs/locked").store.ask(Put(KEY))
    assert "retention" in retained.facts["residue_note"]
    held = {"buckets": {"my-recordings": {"resource": {"defaultEventBasedHold": True}}}}
    assert "hold" in open_room(changes=held).store.ask(Put(KEY)).facts["residue_note"]


def test_the_encryption_key_is_told(open_room: Open) -> None:
    """The key that the bucket encrypts with stands in the answer to a write."""
    reply = open_room("gcs/key-granted").store.ask(Put(KEY))
    assert reply.facts["kms_key"].startswith("projects/my-project/locations/eu/keyRings/storage/")


def test_secrets_stay_in(open_room: Open) -> None:
    """Neither the key nor a token is in anything that a store says or shows of itself."""
    room = open_room("gcs/no-permission")
    said = repr([room.store.ask(ask) for ask in (WhoAmI(), Put(KEY), PutParts(KEY), Get(KEY))]) + repr(room.store)
    assert "PRIVATE KEY" not in said
    assert "ya29." not in said
    assert json.loads(room.box.environ["GCS_KEY"])["private_key"][100:160] not in said
