"""Google's documents: recognised as people have them, judged, shown at their least, and mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preflight import grants
from preflight.iam.decision import Answer
from preflight.iam.gcp.document import read_policy
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects
from preflight.model import GcsStorage, Refusal, Reply, Setting
from preflight.sandbox.gcs import state
from preflight.sandbox.gcs.keys import key_file
from tests.policy.conftest import Desk, Json

WRITER = "writer@video.iam.gserviceaccount.com"
CREATOR: Json = {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{WRITER}"]}
RECORDER: Json = {"name": "projects/video/roles/recorder", "includedPermissions": ["storage.objects.create"]}
NAMES = "projects/_/buckets/my-recordings/objects/"
EVERY = ("project-policy=none", "above-policy=none")
YAML = f"""
bindings:
- members:
  - serviceAccount:{WRITER}
  role: roles/storage.objectCreator
- condition:
    expression: resource.name.startsWith("{NAMES}uploads/")
    title: uploads only
  members:
  - serviceAccount:other@video.iam.gserviceaccount.com
  role: roles/storage.objectUser
etag: CAE=
version: 3
"""


def storage(desk: Desk, path: str = "recordings/") -> Path:
    key = key_file(state.Account(email=WRITER, project="video"))
    fields = {"bucket": "my-recordings", "path": path, "gcs_credentials": key.replace("${", "$${")}
    return desk.write("storages.json", {"storages": [{"name": "my-gcs", "storage_type": "gcs", **fields}]})


def policy(*bindings: Any) -> Json:
    return {"version": 3, "bindings": list(bindings)}


def on(condition: str, **more: Any) -> Json:
    return {**CREATOR, "condition": {"title": "t", "expression": condition}, **more}


def may(bindings: list[Json], permission: str, path: str) -> Answer:
    """What bindings alone grant the writer on every name below a path."""
    base, asked = objects("my-recordings", path)
    request = Request(account=Account(email=WRITER), permission=permission, asked=asked, base=base)
    return decide(request, Layers(bucket=read_policy(policy(*bindings), "p"), unread=())).answer


def test_what_gcloud_prints_is_read_as_it_is(desk: Desk) -> None:
    """YAML, as the command prints it by itself."""
    code, found = desk.tested(storage(desk), desk.write("policy.yaml", YAML))
    assert (code, found["write-object"]["status"], found["match-policy"]["status"]) == (0, "pass", "pass")


@pytest.mark.parametrize(
    ("documents", "code", "cause"),
    [
        ({"p.json": policy(CREATOR)}, 0, None),
        ({"p.json": policy({**CREATOR, "role": "roles/storage.objectViewer"})}, 1, "permission-missing"),
        ({"p.json": policy(on(f'resource.name.startsWith("{NAMES}uploads/")'))}, 1, "condition-unmet"),
        ({"p.json": policy(on('request.time < timestamp("2020-01-01T00:00:00Z")'))}, 1, "condition-unmet"),
        (
            {
                "p.json": policy({**CREATOR, "role": "projects/video/roles/recorder"}),
                "role.json": {
                    "name": "projects/video/roles/recorder",
                    "includedPermissions": ["storage.objects.create"],
                },
            },
            0,
            None,
        ),
        (
            {
                "p.json": policy(CREATOR),
                "deny.json": {
                    "rules": [
                        {
                            "denyRule": {
                                "deniedPrincipals": ["principalSet://goog/public:all"],
                                "deniedPermissions": ["storage.googleapis.com/objects.create"],
                            }
                        }
                    ]
                },
            },
            1,
            "explicit-deny",
        ),
    ],
)
def test_documents_decide(desk: Desk, documents: dict[str, Json], code: int, cause: str | None) -> None:
    """With every level told, the grant is proven or its fault named."""
    files = [desk.write(name, document) for name, document in documents.items()]
    got, found = desk.tested(storage(desk), f"policy={files[0]}", *files[1:], *EVERY)
    outcome = found["write-object"]
    assert got == code
    assert [one["cause"] for one in outcome["candidates"][:1]] == ([cause] if cause else [])


def test_what_is_not_given_is_unknown_not_empty(desk: Desk) -> None:
    """The project may grant what the bucket does not."""
    code, found = desk.tested(
        storage(desk), desk.write("p.json", policy({**CREATOR, "role": "roles/storage.objectViewer"}))
    )
    assert (code, found["write-object"]["status"]) == (3, "unknown")


def test_the_projects_policy_is_told_by_its_roles(desk: Desk) -> None:
    """Basic roles stand in no bucket's policy."""
    owner = {"role": "roles/owner", "members": ["user:ann@example.com"]}
    project = desk.write("project.json", policy(owner, CREATOR))
    said = desk.policy("test", storage(desk), "-d", "policy=none", "-d", project)
    assert said.code == 0
    assert "gcloud projects get-iam-policy" in said.err


def test_a_policy_that_does_not_tell_whose_it_is_has_to_be_named(desk: Desk) -> None:
    """An error with the kinds, never a guess."""
    document = policy({"role": "roles/pubsub.publisher", "members": ["allUsers"]})
    said = desk.policy("test", storage(desk), "-d", desk.write("p.json", document))
    assert said.code == 2
    assert "project-policy=PATH" in said.err


def test_the_buckets_own_resource_tells_its_settings(desk: Desk) -> None:
    """A hierarchical namespace asks for folders, which a role with one permission does not create."""
    bucket = {
        "kind": "storage#bucket",
        "name": "my-recordings",
        "location": "EU",
        "hierarchicalNamespace": {"enabled": True},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}},
    }
    documents = [policy({**CREATOR, "role": RECORDER["name"]}), RECORDER, bucket]
    files = [desk.write(f"{number}.json", one) for number, one in enumerate(documents)]
    code, found = desk.tested(storage(desk), f"policy={files[0]}", *files[1:], *EVERY)
    assert code == 1
    assert found["write-object"]["candidates"][0]["missing"][0]["action"] == "storage.folders.create"


def test_a_fault_in_a_file_is_found_on_its_line(desk: Desk) -> None:
    """What Google would refuse to store grants nothing, and the place is told."""
    file = desk.write("p.json", policy({**CREATOR, "members": [WRITER]}))
    code, found = desk.tested(storage(desk), f"policy={file}", *EVERY)
    location = found["write-object"]["candidates"][0]["location"]
    assert code == 1
    assert location["file"] == str(file)
    assert location["line"] > 1


def test_a_plan_is_read(desk: Desk) -> None:
    """Bindings before they are applied."""
    values = {"bucket": "my-recordings", "role": CREATOR["role"], "member": CREATOR["members"][0], "condition": []}
    resource = {"type": "google_storage_bucket_iam_member", "values": values}
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [resource]}}}
    code, found = desk.tested(storage(desk), desk.write("plan.json", plan))
    assert (code, found["write-object"]["status"]) == (0, "pass")


@pytest.mark.parametrize("path", ["recordings/", "", 'quo"te/', "a,b:c;d|e/", "50%{x}/", "täst/"])
def test_the_least_grant_reaches_the_path_and_nothing_beside_it(desk: Desk, path: str) -> None:
    """One binding: create below the path, no read, no list, no delete, and nothing elsewhere."""
    bound = json.loads(desk.policy("show", storage(desk, path), "--prefix-condition").out)
    assert bound["role"] == "roles/storage.objectCreator"
    assert bound["members"] == [f"serviceAccount:{WRITER}"]
    assert may([bound], "storage.objects.create", path) is Answer.ALLOWED
    assert may([bound], "storage.objects.get", path) is Answer.DENIED
    assert may([bound], "storage.objects.delete", path) is Answer.DENIED
    if path:
        assert may([bound], "storage.objects.create", "elsewhere/") is Answer.DENIED


def test_a_condition_is_written_on_request_only(desk: Desk) -> None:
    """Not every bucket takes conditions: the binding is Stream's documented one unless one is asked for."""
    bound = json.loads(desk.policy("show", storage(desk)).out)
    assert (bound["role"], "condition" in bound) == ("roles/storage.objectCreator", False)


@pytest.mark.parametrize("path", ["recordings/", 'quo"te/', "50%{x}/"])
def test_terraform_says_what_json_says(desk: Desk, path: str) -> None:
    """A real HCL parser reads the same binding out of the Terraform form."""
    bound = json.loads(desk.policy("show", storage(desk, path), "--prefix-condition").out)
    [resource] = hcl2.loads(desk.policy("show", storage(desk, path), "--prefix-condition", "-o", "terraform").out)[
        "resource"
    ]
    written = resource['"google_storage_bucket_iam_member"']['"my-gcs"']
    [condition] = written["condition"]
    assert json.loads(written["role"]) == bound["role"]
    assert json.loads(written["member"]) == bound["members"][0]
    assert json.loads(condition["expression"].replace("%%{", "%{")) == bound["condition"]["expression"]


def test_the_key_is_cloud_storages_to_use(desk: Desk) -> None:
    """The binding on the key names Cloud Storage's account, never the writer."""
    key = "projects/video/locations/eu/keyRings/r/cryptoKeys/k"
    shown = json.loads(desk.policy("show", storage(desk), "--kms-key", key).out)
    assert "gs-project-accounts" in shown["my-gcs/key-binding"]["members"][0]
    assert desk.policy("show", storage(desk), "--kms-key", "k").code == 2


def store(document: Json) -> Any:
    class Told:
        def ask(self, ask: Any) -> Reply:
            if ask.setting is Setting.POLICY:
                return Reply(facts={"document": document})
            if ask.setting is Setting.IDENTITY:
                return Reply(facts={"above": {"project": {}, "folders and organization above it": {}}})
            return Reply(code="not-given", refusal=Refusal(provider="gcs", code="not-given"))

    return Told()


bindings = st.lists(
    st.sampled_from(
        [
            CREATOR,
            {**CREATOR, "role": "roles/storage.objectViewer"},
            {**CREATOR, "members": ["group:g@example.com"]},
            on(f'resource.name.startsWith("{NAMES}recordings/a")'),
            on(f'resource.name.startsWith("{NAMES}recordings/")'),
            on('request.time < timestamp("2020-01-01T00:00:00Z")'),
            on('resource.name.contains("x")'),
        ]
    ),
    max_size=3,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(bindings)
def test_mending_makes_it_hold_and_changes_nothing_else(current: list[Json]) -> None:
    """The changed policy grants the path; nothing that stood in it is lost, and nothing elsewhere is granted."""
    gcs = GcsStorage(name="g", storage_type="gcs", bucket="my-recordings", path="recordings/", client_email=WRITER)
    mended = grants.mend(gcs, store(policy(*current)))
    assert mended.holds
    after = mended.changes[0].after["bindings"] if mended.changes else current
    assert may(after, "storage.objects.create", "recordings/") is Answer.ALLOWED
    assert all(one in after for one in current if one.get("condition") != after[-1].get("condition"))
    for permission, path in (
        ("storage.objects.get", "recordings/"),
        ("storage.objects.delete", "recordings/"),
        ("storage.objects.create", "elsewhere/"),
    ):
        assert may(after, permission, path) is may(current, permission, path)


def test_a_deny_policy_cannot_be_mended_by_a_binding(desk: Desk) -> None:
    """It stands above every grant: the rule is named instead."""
    denied = {
        "deniedPrincipals": ["principalSet://goog/public:all"],
        "deniedPermissions": ["storage.googleapis.com/objects.create"],
    }
    files = [desk.write("p.json", policy(CREATOR)), desk.write("d.json", {"rules": [{"denyRule": denied}]})]
    said = desk.policy("fix", storage(desk), "-d", files[0], "-d", files[1])
    assert said.code == 1
    assert "rule #1 of the deny policy" in said.out


PLAIN: Json = {
    "kind": "storage#bucket",
    "name": "my-recordings",
    "location": "EU",
    "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "inherited"},
}


def bucket(prevention: str | None) -> Json:
    return {**PLAIN, "iamConfiguration": {**PLAIN["iamConfiguration"], "publicAccessPrevention": prevention}}


def test_without_enforcement_nobody_knows_whether_the_public_is_kept_out(desk: Desk) -> None:
    """An organization may prevent public access for a bucket that only inherits: a grant to everyone may be void."""
    everyone = desk.write("p.json", policy({**CREATOR, "members": ["allUsers"]}))
    for prevention, code in (("inherited", 3), (None, 3), ("enforced", 1)):
        files = (f"policy={everyone}", desk.write(f"{prevention}.json", bucket(prevention)), *EVERY)
        found = desk.tested(storage(desk), *files)
        assert found[0] == code, prevention
        if code == 3:
            assert "public access prevention" in found[1]["write-object"]["message"]


@pytest.mark.parametrize("member", ["allUsers", "allAuthenticatedUsers"])
def test_what_anybody_may_do_is_said(desk: Desk, member: str) -> None:
    """A grant to everyone is no privacy, whoever else it lets write; enforced prevention makes nothing of it."""
    file = desk.write("p.json", policy(CREATOR, {**CREATOR, "members": [member]}))
    code, found = desk.tested(storage(desk), f"policy={file}", desk.write("b.json", PLAIN), *EVERY)
    assert code == 0
    assert found["stay-private"]["status"] == "fail"
    assert "anybody on the internet" in found["stay-private"]["message"]
    assert "storage.objects.create" in found["stay-private"]["message"]
    assert "unless an organization policy" in found["stay-private"]["message"]
    _, found = desk.tested(storage(desk), f"policy={file}", desk.write("e.json", bucket("enforced")), *EVERY)
    assert found["stay-private"]["status"] == "pass"


def test_a_domain_and_a_group_are_not_everybody(desk: Desk) -> None:
    """Who is in them is not known, and not everybody is."""
    file = desk.write("p.json", policy(CREATOR, {**CREATOR, "members": ["domain:example.com", "group:g@example.com"]}))
    _, found = desk.tested(storage(desk), f"policy={file}", desk.write("b.json", PLAIN), *EVERY)
    assert "anybody" not in found["stay-private"]["message"]


@pytest.mark.parametrize(
    ("role", "right"),
    [
        ("roles/storage.objectAdmin", "storage.objects.overrideUnlockedRetention"),
        ("roles/storage.objectUser", "storage.folders.delete"),
        ("roles/storage.legacyBucketOwner", "storage.managedFolders.setIamPolicy"),
        ("roles/storage.legacyBucketOwner", "storage.buckets.setIpFilter"),
    ],
)
def test_rights_that_change_more_than_objects_are_named(desk: Desk, role: str, right: str) -> None:
    """What no harmless request can try is read in the documents."""
    file = desk.write("p.json", policy(CREATOR, {**CREATOR, "role": role}))
    code, found = desk.tested(storage(desk), f"policy={file}", desk.write("b.json", PLAIN), *EVERY)
    assert (code, found["hold-permissions"]["status"]) == (0, "fail")
    assert right in found["hold-permissions"]["message"]


def test_the_least_grant_holds_nothing_more(desk: Desk) -> None:
    """What comes with the recommended role is no excess; a level that was not read leaves it open."""
    file = desk.write("p.json", policy(CREATOR))
    _, found = desk.tested(storage(desk), f"policy={file}", desk.write("b.json", PLAIN), *EVERY)
    assert found["hold-permissions"]["status"] == "pass"
    _, found = desk.tested(storage(desk), f"policy={file}", desk.write("b.json", PLAIN))
    assert found["hold-permissions"]["status"] in {"skip", "unknown"}


MEMBER, BINDING, POLICY = (f"google_storage_bucket_iam_{kind}" for kind in ("member", "binding", "policy"))
GRANTED: Json = {"bucket": "my-recordings", "role": CREATOR["role"], "member": CREATOR["members"][0], "condition": []}
OTHERS: Json = {"bucket": "my-recordings", "role": CREATOR["role"], "members": ["user:a@example.com"], "condition": []}


def planned(desk: Desk, *resources: tuple[str, Json]) -> Path:
    told = [{"type": kind, "values": values} for kind, values in resources]
    return desk.write("plan.json", {"format_version": "1.2", "planned_values": {"root_module": {"resources": told}}})


def whole(*bindings: Json) -> Json:
    return {"bucket": "my-recordings", "policy_data": json.dumps({"bindings": list(bindings)})}


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ((BINDING, OTHERS), 3),
        ((BINDING, {**OTHERS, "members": CREATOR["members"]}), 0),
        ((BINDING, {**OTHERS, "role": "roles/storage.objectViewer"}), 0),
        ((BINDING, {**OTHERS, "condition": [{"title": "t", "expression": "true"}]}), 0),
        ((BINDING, {**OTHERS, "bucket": "another"}), 0),
        ((MEMBER, {**GRANTED, "member": "user:a@example.com"}), 0),
        ((POLICY, whole({**CREATOR, "members": ["user:a@example.com"]})), 3),
        ((POLICY, whole(CREATOR)), 0),
        ((POLICY, {"bucket": "my-recordings"}), 3),
    ],
    ids=lambda value: value if isinstance(value, int) else str(value[0]).rpartition("_")[2],
)
def test_what_an_authoritative_resource_takes_away_is_open(desk: Desk, beside: tuple[str, Json], code: int) -> None:
    """Terraform warns of it: such a resource removes what it does not list, whatever another one granted."""
    found = desk.tested(storage(desk), planned(desk, (MEMBER, GRANTED), beside), *EVERY)
    assert found[0] == code
    if code == 3:
        assert beside[0] in found[1]["write-object"]["message"]


@pytest.mark.parametrize("bindings", [7, [7], [None], {"role": "x"}, [{"role": 7, "condition": 7}]], ids=str)
def test_a_malformed_policy_in_a_plan_is_no_crash(desk: Desk, bindings: Any) -> None:
    """What Google would not store grants nothing, and takes away what it does not list."""
    odd = (POLICY, {"bucket": "my-recordings", "policy_data": json.dumps({"bindings": bindings})})
    code, _ = desk.tested(storage(desk), planned(desk, (MEMBER, GRANTED), (BINDING, OTHERS), odd), *EVERY)
    assert code in {1, 3}


def test_two_authoritative_resources_leave_each_other_open(desk: Desk) -> None:
    """Which of them is applied last is told by no plan."""
    mine = {**OTHERS, "members": CREATOR["members"]}
    assert desk.tested(storage(desk), planned(desk, (BINDING, mine), (BINDING, OTHERS)), *EVERY)[0] == 3
    assert desk.tested(storage(desk), planned(desk, (POLICY, whole(CREATOR)), (BINDING, OTHERS)), *EVERY)[0] == 3
    assert desk.tested(storage(desk), planned(desk, (BINDING, mine)), *EVERY)[0] == 0


@pytest.mark.parametrize(
    ("planned_access", "now", "code"),
    [(False, None, 3), (True, None, 0), (None, None, 0), (False, PLAIN, 3), (True, PLAIN, 0)],
)
def test_the_plans_own_bucket_tells_whether_conditions_hold(
    desk: Desk,
    *,
    planned_access: bool | None,
    now: Json | None,
    code: int,
) -> None:
    """Without uniform access a bucket takes no conditions, whatever it is like before the plan is applied."""
    condition = [{"title": "t", "expression": f'resource.name.startsWith("{NAMES}recordings/")'}]
    own = ("google_storage_bucket", {"name": "my-recordings", "uniform_bucket_level_access": planned_access})
    plan = planned(desk, own, (MEMBER, {**GRANTED, "condition": condition}))
    files = [plan, *([desk.write("now.json", now)] if now else [])]
    found = desk.tested(storage(desk), *files, *EVERY)
    assert found[0] == code
    if code == 3:
        assert "uniform bucket-level access" in found[1]["write-object"]["message"]
