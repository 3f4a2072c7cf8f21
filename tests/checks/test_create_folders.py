"""A hierarchical namespace: a write into a folder that is there proves nothing about those that are not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from preflight.checks import drawer
from preflight.cli.demo import at_home, examine
from preflight.model import Cause, Outcome, Read, Reply, Report, Setting, Status, Verdict
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.checks.conftest import GOOGLE, KEYED, Documents, Examine, Writing, outcome

WRITER = "serviceAccount:stream-writer@my-project.iam.gserviceaccount.com"
RECORDER = "projects/my-project/roles/recorder"
FOLDERS = "storage.folders.create"


def bucket(*held: str, hierarchical: bool = True, condition: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """A bucket whose folder `recordings/` is there, and a writer with a role of these permissions."""
    binding = {"role": RECORDER, "members": [WRITER], **({"condition": condition} if condition else {})}
    table = {
        "policy": json.dumps({"version": 3, "bindings": [binding]}),
        "resource": {"hierarchicalNamespace": {"enabled": hierarchical}},
        "folders": {"recordings/"},
    }
    return {"roles": {RECORDER: list(held)}, "buckets": {"my-recordings": table}}


def run(name: str, changes: Mapping[str, Any]) -> tuple[Report, Outcome]:
    scenario = load(name)
    with Sandbox(replace(scenario, world=merge(scenario.world, changes))) as box, at_home([box]):
        report = examine(box)
    return report, outcome(report, "create-folders")


@pytest.mark.parametrize("name", ["gcs/healthy", "gcs/proven-twice"], ids=["nobody looks", "an inspector looks"])
def test_who_may_not_create_folders_is_not_ready(name: str) -> None:
    """Both writes pass, for their folder is there; whether recordings come to lie in others is nobody's promise."""
    report, found = run(name, bucket("storage.objects.create"))

    assert outcome(report, "write-object").status is Status.PASS
    assert outcome(report, "write-multipart").status is Status.PASS
    assert (found.status, report.verdict) == (Status.UNKNOWN, Verdict.UNDETERMINED)
    assert found.candidates[0].cause is Cause.PERMISSION_MISSING
    assert [one.action for one in found.candidates[0].missing] == [FOLDERS]
    assert found.remedy
    assert ("--inspect" in found.message) is (name == "gcs/healthy")


@pytest.mark.parametrize("name", ["gcs/healthy", "gcs/proven-twice"], ids=["nobody looks", "an inspector looks"])
def test_who_may_create_folders_is_ready(name: str) -> None:
    """The permission is held on the bucket: deeper names are no question."""
    report, found = run(name, bucket("storage.objects.create", FOLDERS))

    assert (found.status, report.verdict) == (Status.PASS, Verdict.READY)


def test_a_flat_bucket_has_no_folders() -> None:
    """There the one permission is enough, and whoever looks sees that the bucket is flat."""
    report, found = run("gcs/proven-twice", bucket("storage.objects.create", hierarchical=False))

    assert (found.status, report.verdict) == (Status.PASS, Verdict.READY)


def test_a_grant_on_a_condition_is_not_seen_from_the_bucket() -> None:
    """What holds for some names only is held by nobody on the bucket: the question says nothing about folders then."""
    condition = {
        "title": "below the path",
        "expression": 'resource.name.startsWith("projects/_/buckets/my-recordings/objects/recordings/")',
    }
    report, found = run("gcs/healthy", bucket("storage.objects.create", hierarchical=False, condition=condition))

    assert (found.status, found.essential, report.verdict) == (Status.SKIP, False, Verdict.READY)


class Strict(Writing):
    """A writer whom Google tells nothing about folders, for it takes no names that its page does not list."""

    def ask(self, ask: Any) -> Reply:
        if ask == Read(Setting.HELD):
            return Reply(status=200, facts={"asked": ["storage.objects.create"], "permissions": [], "beyond": []})
        return super().ask(ask)


def test_what_google_does_not_tell_is_open_only_where_folders_are(examine: Examine) -> None:
    """Where the bucket is known to have folders, nobody having told of the right is no proof of it."""
    known = outcome(examine(GOOGLE, writer=Strict(), facts={Setting.ACCOUNT: {"hierarchical": True}}), "create-folders")
    unknown = outcome(examine(GOOGLE, writer=Strict()), "create-folders")

    assert (known.status, known.essential) == (Status.UNKNOWN, True)
    assert (unknown.status, unknown.essential) == (Status.SKIP, False)


def test_only_google_has_folders_that_need_a_right(examine: Examine) -> None:
    """No other storage is asked, and none waits for it."""
    found = outcome(examine(KEYED, writer=Writing()), "create-folders")

    assert (found.status, found.applies, found.essential) == (Status.SKIP, False, False)
    assert drawer()["create-folders"].essential


def test_documents_judge_folders_with_the_write(examine: Examine) -> None:
    """Where nobody can write, the policies are asked for folders as for objects, in one answer."""
    allowed = Documents(Reply(facts={"answer": "allowed"}))
    report = examine(GOOGLE, facts={Setting.ACCOUNT: {"hierarchical": True}}, documents=allowed)
    found = outcome(report, "create-folders")

    assert (found.status, found.essential, found.reason) == (
        Status.SKIP, False, "the documents judge folders with the write",
    )  # fmt: skip
