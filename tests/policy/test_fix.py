"""Mending: the smallest change that makes the grant hold, judged again, and no other decision changed."""

from __future__ import annotations

import itertools
import json
import shlex
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preflight import grants
from preflight.cli.demo import at_home
from preflight.documents import FileStore
from preflight.documents.files import Source
from preflight.grants import Mended
from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.shape import Operation, asking, writing
from preflight.iam.decision import Answer
from preflight.iam.globs import Glob
from preflight.model import S3Storage
from preflight.providers import recogniser
from preflight.sandbox import Sandbox
from tests.policy.conftest import GRANT, KEY, STREAM, Desk, Json, allow, deny, policy

BUCKET = "arn:aws:s3:::my-recordings"
PATH = f"{BUCKET}/recordings/*"
OFFICE = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


def mended(*documents: tuple[str, Any], path: str = "recordings/") -> Mended:
    """What mending the keyless storage comes to, from documents given by kind."""
    storage = S3Storage(name="my-s3", storage_type="s3", bucket="my-recordings", path=path, region="eu-central-1")
    known = recogniser("s3")
    assert known
    held = []
    for kind, value in (("encryption", None), *documents):
        source = Source(name=f"{kind}.json", kind=kind, value=value, absent=value is None)
        parts = (known.absent(kind),) if value is None else known.recognise(value, kind)
        held += [grants_part(part, source) for part in parts]
    return grants.mend(storage, FileStore.of(storage, known, held))


def grants_part(part: Any, source: Source) -> Any:
    from preflight.documents import Assigned

    return Assigned(part, source)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (policy(allow(BUCKET)), policy(allow(PATH))),
        (policy(allow([BUCKET])), policy(allow([PATH]))),
        (policy(allow(f"{BUCKET}/recordings/")), policy(allow(PATH))),
        (policy(allow("arn:aws-cn:s3:::my-recordings/*")), policy(allow(PATH))),
        (policy(allow([f"{BUCKET}/other/*"])), policy(allow([f"{BUCKET}/other/*", PATH]))),
    ],
)
def test_a_statement_meant_for_this_is_put_right(current: Json, expected: Json) -> None:
    """The bare bucket, the folder without a star, the wrong partition: the one resource is corrected in its place."""
    [change] = mended(("policy", current)).changes

    assert change.after == expected
    assert not change.review


@pytest.mark.parametrize(
    "near",
    [
        allow(BUCKET, principal="arn:aws:iam::111122223333:root"),
        allow([BUCKET, f"{BUCKET}/x/*"], action="s3:*"),
        {**allow(BUCKET), "Principal": {"AWS": [STREAM, "111122223333"]}},
        allow(PATH, Condition={"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}),
    ],
    ids=["somebody else's", "other actions", "others too", "on a condition"],
)
def test_a_statement_that_is_for_more_is_left_alone(near: Json) -> None:
    """Where correcting would widen something else, a statement of its own is added."""
    [change] = mended(("policy", policy(near))).changes
    first, added = change.after["Statement"]

    assert first == near
    assert (added["Principal"], added["Action"], added["Resource"]) == ({"AWS": STREAM}, ["s3:PutObject"], [PATH])


def test_where_there_is_no_policy_the_documented_one_is_made() -> None:
    """From nothing, the change is what `policy show` shows."""
    [change] = mended(("policy", None)).changes

    assert (change.before, change.after["Id"], len(change.after["Statement"])) == (
        None,
        "StreamExternalStoragePolicy",
        1,
    )


def test_a_deny_is_narrowed_by_this_grant_only() -> None:
    """Everybody else is denied as before, and Stream's account too, but for writing under the path: to be reviewed."""
    current = policy(allow(PATH), deny([BUCKET, f"{BUCKET}/*"], Sid="Office", Condition=OFFICE))
    [change] = mended(("policy", current)).changes
    _, everybody, actions, elsewhere = change.after["Statement"]

    assert change.review
    assert everybody["Condition"] == {**OFFICE, "StringNotEquals": {"aws:PrincipalAccount": "185583345998"}}
    assert (actions["Principal"], actions["NotAction"], actions["Condition"]) == (
        {"AWS": STREAM},
        "s3:PutObject",
        OFFICE,
    )
    assert (elsewhere["Action"], elsewhere["NotResource"]) == ("s3:PutObject", PATH)


def test_every_statement_keeps_a_name_of_its_own() -> None:
    """AWS stores no policy that holds a Sid twice: what takes a Deny's place is numbered where its name is taken."""
    current = policy(
        {**allow(PATH), "Sid": "OfficeButWriting"}, deny([BUCKET, f"{BUCKET}/*"], Sid="Office", Condition=OFFICE)
    )
    [change] = mended(("policy", current)).changes
    names = [one["Sid"] for one in change.after["Statement"]]

    assert len(names) == len(set(names)) == 4


@pytest.mark.parametrize(
    ("current", "why"),
    [
        (policy(allow(PATH), deny(PATH, action="s3:Put*")), "list the actions"),
        (policy(allow(PATH), deny(f"{BUCKET}/*.mp4")), "some of which"),
        (
            policy(allow(PATH), {**deny(PATH), "NotPrincipal": {"AWS": "111122223333"}, "Principal": None}),
            "NotPrincipal",
        ),
        (policy(allow(PATH), allow(PATH, principal="*", action="s3:GetObject")), "public"),
        (policy({**allow(PATH), "Effect": "allow"}), "cannot be stored"),
    ],
    ids=["pattern of actions", "some of the keys", "NotPrincipal", "public statement", "malformed"],
)
def test_what_cannot_be_mended_exactly_is_said(current: Json, why: str) -> None:
    """No change is shown that would change more than was asked: the sentence says what stands in the way."""
    for statement in current["Statement"]:
        if statement.get("Principal", "") is None:
            del statement["Principal"]
    blocks = {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": True}}
    found = mended(("policy", current), ("public-access", blocks))

    assert (found.holds, found.changes, found.exit_code) == (False, (), 1)
    assert why in found.why


def test_what_was_not_given_is_not_mended() -> None:
    """A policy that nobody read cannot be changed: replacing it would lose what it says."""
    found = mended()

    assert (found.holds, found.exit_code) == (False, 3)
    assert "bucket policy" in found.why


def test_the_key_policy_is_mended_too() -> None:
    """With a key of the customer's, its policy gets the one statement that lets Stream's account in through S3."""
    encryption = {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
        }
    }
    own = policy(allow("*", principal="arn:aws:iam::111122223333:root", action="kms:*"))
    storage = S3Storage(name="a", storage_type="s3", bucket="my-recordings", path="recordings/", region="eu-central-1")
    known = recogniser("s3")
    assert known
    kinds = {"encryption": encryption, "key-policy": own, "policy": GRANT}
    held = [
        grants_part(part, Source(name=kind, kind=kind, value=value))
        for kind, value in kinds.items()
        for part in known.recognise(value, kind)
    ]
    [change] = grants.mend(storage, FileStore.of(storage, known, held)).changes

    assert change.after["Statement"][0] == own["Statement"][0]
    assert change.after["Statement"][1]["Principal"] == {"AWS": STREAM}
    assert sorted(change.after["Statement"][1]["Action"]) == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert KEY in change.commands[0]


def test_the_command_shows_diff_document_and_command(desk: Desk) -> None:
    """A unified diff, the whole document, and the command that puts exactly it; nothing is applied."""
    current = desk.write("p.json", policy(allow(BUCKET)))
    said = desk.policy("fix", desk.storage(), "-d", current, "-d", "encryption=none")
    lines = said.out.splitlines()
    [command] = [line for line in lines if line.startswith("aws ")]
    words = shlex.split(command)

    assert said.code == 0
    assert f'-      "Resource": "{BUCKET}"' in lines
    assert f'+      "Resource": "{PATH}"' in lines
    assert json.loads(words[-1]) == policy(allow(PATH))
    assert json.loads(current.read_text(encoding="utf-8")) == policy(allow(BUCKET))


def test_what_holds_is_not_changed(desk: Desk) -> None:
    """A good grant has nothing to mend."""
    said = desk.policy("fix", desk.storage(), "-d", desk.write("p.json", GRANT), "-d", "encryption=none")

    assert (said.code, "nothing to mend" in said.out, "+++" in said.out) == (0, True, False)


def test_a_user_s_own_policy_is_mended(desk: Desk) -> None:
    """With a key, the user's policy is what changes: it is edited, and no other one put beside it."""
    current = policy(
        {"Sid": "Mine", **allow(BUCKET, principal=None)}, allow("*", principal=None, action="s3:ListAllMyBuckets")
    )
    held = desk.write("u.json", {"UserName": "writer", "PolicyName": "Mine", "PolicyDocument": current})
    said = desk.policy("fix", desk.with_key(), "-d", held, "-d", "policy=none", "-d", "encryption=none")
    [command] = [line for line in said.out.splitlines() if line.startswith("aws ")]
    after = json.loads(shlex.split(command)[-1])

    assert (said.code, shlex.split(command)[:3]) == (0, ["aws", "iam", "put-user-policy"])
    assert shlex.split(command)[3:7] == ["--user-name", "writer", "--policy-name", "Mine"]
    assert after["Statement"] == [{**current["Statement"][0], "Resource": PATH}, current["Statement"][1]]


def test_the_current_documents_can_be_read_by_the_operator(desk: Desk) -> None:
    """With --inspect the current policy comes from the cloud; it is shown mended, and stays as it is there."""
    with Sandbox("s3/keyless-bare-bucket") as box, at_home([box]):
        endpoints = [
            part for name, url in box.endpoints.items() if name != "s3" for part in ("--endpoint", f"{name}={url}")
        ]
        storage = desk.write("storages.yaml", box.configuration)
        code, text = _fixed(box, endpoints, storage, desk)
        methods = {request.method for service, request in box.world.served if service == "s3"}

    assert (code, methods) == (0, {"GET"})
    assert '+        "arn:aws:s3:::my-recordings/recordings/*"' in text


def _fixed(box: Sandbox, endpoints: list[str], storage: Any, desk: Desk) -> tuple[int, str]:
    """Run with S3 itself in the sandbox, which has no name on the command line."""
    from preflight.cli import _options

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_options, "ENDPOINTS", (*_options.ENDPOINTS, "s3"))
        said = desk.policy("fix", storage, "--inspect", *endpoints, "--endpoint", f"s3={box.endpoints['s3']}")
    return said.code, said.out + said.err


def test_no_documents_is_a_usage_error(desk: Desk) -> None:
    """There is no current document to change."""
    assert desk.policy("fix", desk.storage()).code == 2


# --- for policies made up at random ---------------------------------------------------------------

PRINCIPALS = ["*", {"AWS": "*"}, {"AWS": STREAM}, {"AWS": "111122223333"}, {"AWS": [STREAM, "111122223333"]}]
ACTIONS = [
    "s3:PutObject",
    "s3:*",
    "*",
    "s3:GetObject",
    ["s3:PutObject", "s3:GetObject"],
    ["s3:DeleteObject"],
    "s3:Put*",
]
RESOURCES = [BUCKET, f"{BUCKET}/*", PATH, f"{BUCKET}/recordings/a/*", [BUCKET, f"{BUCKET}/*"], f"{BUCKET}/other/*", "*"]
CONDITIONS: list[Json] = [
    {},
    {},
    {"Condition": OFFICE},
    {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {"Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}}},
    {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": ["111122223333"]}}},
    {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}},
]

STATEMENTS = st.builds(
    lambda effect, principal, action, resource, condition: {
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        **condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(PRINCIPALS),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONDITIONS),
)

PEOPLE = [
    Principal.of("*"),
    Principal.of("arn:aws:iam::111122223333:root"),
    Principal.of("arn:aws:iam::111122223333:user/ann"),
    Principal.of("arn:aws:iam::444455556666:role/other"),
    Principal.of_account("185583345998"),
]
KEYS = ["recordings/a.mp4", "recordings/a/b.jsonl", "recordings", "other/x", "x"]
OTHERS = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:PutObjectTagging"]


def decisions(document: Json) -> dict[str, Answer]:
    """What a policy decides for a sample of principals, actions and keys, asked one by one."""
    layers = Layers(
        resource=read(document, Kind.RESOURCE),
        identity=None,
        boundary=None,
        session=None,
        endpoint=None,
        scps=None,
        rcps=None,
        owner="111122223333",
        restricted=False,
    )
    found = {}
    for who, action, key in itertools.product(PEOPLE, OTHERS, KEYS):
        context = (writing(Operation.PUT) if action == "s3:PutObject" else asking()).over(who.keys())
        request = Request(who, action, Glob.literal(f"{BUCKET}/{key}"), context)
        found[f"{who.arn} {action} {key}"] = decide(request, layers).answer
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STATEMENTS, min_size=0, max_size=4))
def test_mending_makes_it_hold_and_changes_nothing_else(statements: list[Json]) -> None:
    """Judged again the grant holds; for every other principal, action and key the answer is what it was."""
    current = policy(*statements)
    blocks = {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": False}}
    found = mended(("policy", current), ("public-access", blocks))
    if not found.holds:
        assert found.changes == ()
        assert found.why
        return
    after = found.changes[0].after if found.changes else current
    before, now = decisions(current), decisions(after)
    granted = {f"{STREAM} s3:PutObject {key}" for key in KEYS if key.startswith("recordings/")}

    assert {name: answer for name, answer in now.items() if name not in granted} == {
        name: answer for name, answer in before.items() if name not in granted
    }
    assert mended(("policy", after), ("public-access", blocks)) == Mended(holds=True)
