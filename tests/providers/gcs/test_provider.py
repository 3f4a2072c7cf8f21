"""What the provider says without asking anybody: names, needs and commands."""

import shlex

from preflight.model import Ask, Delete, GcsStorage, Get, List, Permission, Put, PutParts, Read, Secret, Setting, WhoAmI
from preflight.providers import Reach, gcs

STORAGE = GcsStorage(
    name="s",
    storage_type="gcs",
    bucket="my-recordings",
    path="recordings/",
    credentials=Secret("{}", source="file keys.json"),
    client_email="w@p.iam.gserviceaccount.com",
    project_id="p",
)
KEY = "recordings/preflight-test-1.txt"


def test_writing_needs_one_permission() -> None:
    """Google's documentation: a new object, resumable or not, needs `storage.objects.create` alone."""
    create = Permission("storage.objects.create", "projects/_/buckets/my-recordings/objects/recordings/*")
    assert gcs.needs(Put(KEY), STORAGE) == gcs.needs(PutParts(KEY), STORAGE) == (create,)


def test_everything_else_needs_its_own() -> None:
    """Each ask names the permission of its method in the JSON API."""
    actions: dict[Ask, str] = {
        Get(KEY): "storage.objects.get",
        List(KEY): "storage.objects.list",
        Delete(KEY): "storage.objects.delete",
        Read(Setting.POLICY): "storage.buckets.getIamPolicy",
        Read(Setting.RETENTION): "storage.buckets.get",
    }
    for ask, action in actions.items():
        assert [permission.action for permission in gcs.needs(ask, STORAGE)] == [action]
    assert gcs.needs(WhoAmI(), STORAGE) == gcs.needs(Read(Setting.HELD), STORAGE) == ()


def test_the_writer_is_the_account_of_the_key() -> None:
    """Who writes is known from the key file, and where that came from; the key itself is not told."""
    writer = gcs.identify(STORAGE)
    assert (writer.principal, writer.account, writer.source) == ("w@p.iam.gserviceaccount.com", "p", "file keys.json")


def test_parts_have_a_sibling_below_the_same_path() -> None:
    """The second name stays below the path and keeps its extension."""
    assert gcs.parts_key(STORAGE, KEY) == "recordings/preflight-test-1-parts.txt"


def test_the_command_survives_a_shell() -> None:
    """The command that deletes is quoted, whatever the path holds."""
    odd = "rec ordings/$(x)'s/preflight-test-1.txt"
    assert shlex.split(gcs.delete_command(STORAGE, odd)) == ["gcloud", "storage", "rm", f"gs://my-recordings/{odd}"]


def test_no_inspector_unless_asked_for() -> None:
    """The operator's own credentials are not looked for on our own account."""
    assert isinstance(gcs.inspector(STORAGE, Reach()), str)
