"""A Deny is lifted for the writer and the grant alone: whoever and whatever else it met, it meets as before."""

from __future__ import annotations

import itertools
import json
import shlex
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preflight import grants
from preflight.documents import Assigned, FileStore
from preflight.documents.files import Source
from preflight.grants import Mended
from preflight.grants.kinds import Change
from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.shape import asking
from preflight.iam.decision import Answer
from preflight.iam.globs import Glob
from preflight.model import S3Storage, Secret
from preflight.providers import recogniser
from tests.policy.conftest import Json, allow, deny, policy

OURS = "111122223333"
ROOT = f"arn:aws:iam::{OURS}:root"
WRITER = f"arn:aws:iam::{OURS}:user/stream-writer"
ANN = f"arn:aws:iam::{OURS}:user/ann"
BUCKET = "arn:aws:s3:::my-recordings"
PATH = f"{BUCKET}/recordings/*"
OFFICE = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
STRANGERS = {"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}}
ALL_OF_S3 = policy(allow("*", principal=None, action="s3:*"))
CALLER = {"UserId": "AIDAEXAMPLEEXAMPLE12", "Account": OURS, "Arn": WRITER}


def mended(*documents: tuple[str, Any]) -> Mended:
    """What mending a storage with a key comes to, from documents given by kind."""
    storage = S3Storage(
        name="my-s3",
        storage_type="s3",
        bucket="my-recordings",
        path="recordings/",
        region="eu-central-1",
        api_key=Secret("AKIAIOSFODNN7EXAMPLE", source="a test"),
        secret=Secret("a" * 40, source="a test"),
    )
    known = recogniser("s3")
    assert known
    held = []
    for kind, value in (("encryption", None), *documents):
        source = Source(name=f"{kind}.json", kind=kind, value=value, absent=value is None)
        parts = (known.absent(kind),) if value is None else known.recognise(value, kind)
        held += [Assigned(part, source) for part in parts]
    return grants.mend(storage, FileStore.of(storage, known, held))


def of_bucket(current: Json) -> Mended:
    return mended(("caller", CALLER), ("identity", ALL_OF_S3), ("policy", current))


WORLDS = [
    {"aws:SourceIp": address, "aws:PrincipalOrgID": organization}
    for address, organization in itertools.product(("203.0.113.7", "198.51.100.7"), ("o-ours", "o-theirs"))
]


def denied(document: Json, kind: Kind, who: Principal, action: str, resource: str) -> list[bool]:
    """Whether a policy denies it, in each of some worlds in which nothing is left open."""
    found = read(policy(*(one for one in document["Statement"] if one["Effect"] == "Deny")), kind)
    everything = read(policy(allow("*", principal=None, action="*")), Kind.IDENTITY)
    own = kind is Kind.IDENTITY
    layers = Layers(
        resource=None if own else found,
        identity=(everything, found) if own else (everything,),
        boundary=None,
        session=None,
        endpoint=None,
        scps=None,
        rcps=None,
        owner=who.account,
        restricted=False,
    )
    context = asking().over(who.keys())
    answers = [
        decide(Request(who, action, Glob.literal(resource), context.with_(world)), layers).answer for world in WORLDS
    ]
    assert set(answers) <= {Answer.ALLOWED, Answer.DENIED}
    return [answer is Answer.DENIED for answer in answers]


@pytest.mark.parametrize("account", [OURS, ROOT])
@pytest.mark.parametrize("condition", [{}, {"Condition": OFFICE}])
def test_an_account_in_principal_is_all_its_people(account: str, condition: Json) -> None:
    """A bare account id and the account's root are one thing: the Deny stays for everybody but the writer."""
    [change] = of_bucket(
        policy(deny(f"{BUCKET}/*", principal={"AWS": account}, action="s3:PutObject", **condition))
    ).changes
    everybody, elsewhere = change.after["Statement"]

    assert everybody["Principal"] == {"AWS": account}
    assert everybody["Condition"] == {**condition.get("Condition", {}), "ArnNotEquals": {"aws:PrincipalArn": WRITER}}
    assert (elsewhere["Principal"], elsewhere["NotResource"]) == ({"AWS": WRITER}, PATH)


def test_a_deny_of_the_writer_alone_is_replaced() -> None:
    """Where nobody else is named, nobody else has to be named again."""
    [change] = of_bucket(policy(deny(f"{BUCKET}/*", principal={"AWS": WRITER}, action="s3:PutObject"))).changes

    assert [one["Principal"] for one in change.after["Statement"]] == [{"AWS": WRITER}]


def test_a_writer_known_by_account_only_frees_nobody() -> None:
    """Without the writer's name, a Deny could be lifted from the whole account only: so who it is has to be told."""
    found = mended(("identity", ALL_OF_S3), ("policy", policy(deny(PATH, principal="*", action="s3:PutObject"))))

    assert (found.changes, found.exit_code) == ((), 3)
    assert "--document caller=PATH" in found.why


def test_the_root_user_is_not_the_account() -> None:
    """A root user's own key: the Deny goes on for the account's users, who share its ARN in Principal."""
    current = policy(deny(f"{BUCKET}/*", principal={"AWS": ROOT}, action="s3:PutObject"))
    found = mended(("caller", {**CALLER, "Arn": ROOT}), ("policy", current))

    for change in found.changes:
        assert all(denied(change.after, Kind.RESOURCE, Principal.of(ANN), "s3:PutObject", f"{BUCKET}/recordings/a"))
        assert change.after["Statement"][0]["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": ROOT}}


@pytest.mark.parametrize("opaque", [{"CanonicalUser": "79a59df900b949e5"}, {"AWS": [WRITER, "AIDAQAZQAZQAZQAZQAZQA"]}])
def test_who_an_id_means_need_not_be_known(opaque: Json) -> None:
    """A statement that keeps naming them is kept for them; one that cannot be followed is refused, not loosened."""
    found = of_bucket(policy(deny(PATH, action="s3:PutObject"), deny(PATH, principal=opaque, action="s3:PutObject")))

    kept = [one for change in found.changes for one in change.after["Statement"] if one["Principal"] == opaque]
    assert kept or found.why


PRINCIPALS = ["*", {"AWS": OURS}, {"AWS": ROOT}, {"AWS": WRITER}, {"AWS": [WRITER, OURS]}, {"AWS": [WRITER, ANN]}]
ACTIONS = ["s3:PutObject", "s3:*", ["s3:PutObject", "s3:DeleteObject"]]
RESOURCES = [f"{BUCKET}/*", PATH, [BUCKET, f"{BUCKET}/*"]]
CONDITIONS: list[Json] = [
    {},
    {"Condition": OFFICE},
    {"Condition": STRANGERS},
    {"Condition": {**OFFICE, **STRANGERS}},
    {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": ANN}}},
]
DENIES = st.builds(
    lambda principal, action, resource, condition: deny(resource, principal=principal, action=action, **condition),
    st.sampled_from(PRINCIPALS),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from(CONDITIONS),
)
PEOPLE = [
    Principal.of(name)
    for name in (WRITER, ANN, ROOT, f"arn:aws:iam::{OURS}:role/other", "arn:aws:iam::444455556666:user/bob")
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DENIES, min_size=1, max_size=3))
def test_in_every_world_only_the_grant_is_lifted(statements: list[Json]) -> None:
    """Whatever the address and organization: two open conditions do not hide that one of them was taken away."""
    current = policy(*statements)
    found = of_bucket(current)
    assert found.holds or found.why
    after = found.changes[0].after if found.changes else current
    for who, action, key in itertools.product(PEOPLE, ("s3:PutObject", "s3:DeleteObject"), ("recordings/a", "other/a")):
        before, now = (denied(one, Kind.RESOURCE, who, action, f"{BUCKET}/{key}") for one in (current, after))
        if found.changes and (who.arn, action, key) == (WRITER, "s3:PutObject", "recordings/a"):
            assert not any(now)
        else:
            assert now == before


# --- policies of an identity, which are about every service and bucket ---------------------------------

OFFICE_ONLY = {"Sid": "OfficeOnly", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": OFFICE}
PLACES = {
    "s3:PutObject": (f"{BUCKET}/recordings/a", f"{BUCKET}/other/a", "arn:aws:s3:::invoices/recordings/a"),
    "s3:DeleteObject": (f"{BUCKET}/recordings/a", f"{BUCKET}/other/a", "arn:aws:s3:::invoices/a"),
    "s3:ListBucket": (BUCKET, "arn:aws:s3:::invoices"),
    "sqs:SendMessage": (f"arn:aws:sqs:eu-central-1:{OURS}:queue",),
    "kms:Decrypt": (f"arn:aws:kms:eu-central-1:{OURS}:key/one",),
}


def of_identity(*statements: Json) -> Mended:
    grant = {"Sid": "Writes", **allow(PATH, principal=None)}
    held = {"UserName": "stream-writer", "PolicyName": "Own", "PolicyDocument": policy(grant, *statements)}
    return mended(("caller", CALLER), ("identity", held), ("policy", None))


def test_a_deny_of_a_service_stays_one_of_this_service() -> None:
    """`s3:*` on everything goes on denying S3 elsewhere, and under the path all but writing; nothing of SQS or KMS."""
    [change] = of_identity(OFFICE_ONLY).changes
    _, elsewhere, here = change.after["Statement"]

    assert (elsewhere["Action"], elsewhere["NotResource"], elsewhere["Condition"]) == ("s3:*", PATH, OFFICE)
    assert (here["NotAction"], here["Resource"], here["Condition"]) == ("s3:PutObject", [PATH], OFFICE)


@pytest.mark.parametrize("resource", [f"{BUCKET}/*", [f"{BUCKET}/*", "arn:aws:s3:::invoices/*"], "arn:aws:s3:::*"])
def test_a_deny_on_a_bucket_is_not_made_one_on_all_others(resource: Any) -> None:
    """No resource element says "this bucket but for the path" where other buckets count too: refused, and why."""
    found = of_identity({"Effect": "Deny", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": resource})

    assert (found.changes, found.exit_code) == ((), 1)
    assert "a policy of an identity" in found.why


def test_a_deny_below_the_path_goes() -> None:
    """What is denied elsewhere, and what else is denied here, is denied as before."""
    one = {
        "Effect": "Deny",
        "Action": ["s3:PutObject", "s3:DeleteObject"],
        "Resource": [PATH, "arn:aws:s3:::invoices/*"],
    }
    [change] = of_identity(one).changes
    _, elsewhere, here = change.after["Statement"]

    assert elsewhere == {**one, "Resource": ["arn:aws:s3:::invoices/*"]}
    assert here == {**one, "Action": ["s3:DeleteObject"], "Resource": [PATH]}


IDENTITY_DENIES = st.builds(
    lambda action, resource, condition: {"Effect": "Deny", **action, **resource, **condition},
    st.sampled_from(
        [{"Action": one} for one in (*ACTIONS, "*", ["s3:*", "sqs:*"], ["s3:PutObject", "kms:Decrypt"])]
        + [{"NotAction": one} for one in ("iam:*", ["s3:DeleteObject", "sqs:*"])]
    ),
    st.sampled_from(
        [{"Resource": one} for one in (*RESOURCES, "*", ["*", PATH], [PATH, "arn:aws:s3:::invoices/*"])]
        + [{"NotResource": one} for one in ("arn:aws:s3:::invoices/*", f"{BUCKET}/recordings/a/*", PATH)]
    ),
    st.sampled_from(CONDITIONS),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(IDENTITY_DENIES, min_size=1, max_size=2))
def test_in_an_identity_s_policy_every_service_and_bucket_counts(statements: list[Json]) -> None:
    """In every world the writer is denied what they were, in S3 and elsewhere, but for the grant."""
    found = of_identity(*statements)
    assert found.holds or found.why
    after = found.changes[0].after if found.changes else policy(*statements)
    for action, resource in ((one, place) for one, places in PLACES.items() for place in places):
        before, now = (
            denied(one, Kind.IDENTITY, Principal.of(WRITER), action, resource) for one in (policy(*statements), after)
        )
        if found.changes and (action, resource) == ("s3:PutObject", f"{BUCKET}/recordings/a"):
            assert not any(now)
        else:
            assert now == before


# --- whose the policy is, and how it is put in place ------------------------------------------------------

GRANTING = {"Sid": "Writes", **allow(PATH, principal=None)}
DENYING = {"Sid": "NoWrites", "Effect": "Deny", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": [PATH]}
HELD = policy(GRANTING, DENYING)
USER = {"UserName": "stream-writer", "PolicyName": "Own", "PolicyDocument": HELD}
ROLE = {"RoleName": "writers", "PolicyName": "RoleRules", "PolicyDocument": HELD}
GROUP = {"GroupName": "writers", "PolicyName": "GroupRules", "PolicyDocument": HELD}
MANAGED = {"PolicyVersion": {"Document": HELD, "VersionId": "v3", "IsDefaultVersion": True}}


def words(change: Change) -> list[str]:
    [command] = change.commands
    return shlex.split(command)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (USER, "put-user-policy --user-name stream-writer --policy-name Own --policy-document"),
        (ROLE, "put-role-policy --role-name writers --policy-name RoleRules --policy-document"),
        (GROUP, "put-group-policy --group-name writers --policy-name GroupRules --policy-document"),
        (MANAGED, "create-policy-version --policy-arn <POLICY_ARN> --set-as-default --policy-document"),
    ],
    ids=["user", "role", "group", "managed"],
)
def test_the_command_replaces_the_policy_that_denies(held: Json, told: str) -> None:
    """A Deny goes only by replacing the very document that holds it: one more policy beside it would change nothing."""
    [change] = mended(("caller", CALLER), ("identity", held), ("policy", None)).changes

    assert words(change)[:-1] == ["aws", "iam", *told.split()]
    assert json.loads(words(change)[-1]) == change.after


def test_where_the_policy_s_kind_is_not_told_no_command_is_made_up() -> None:
    """A bare document may be inline or managed, the user's or a group's: the statements are shown, and what to do."""
    [change] = mended(("caller", CALLER), ("identity", HELD), ("policy", None)).changes
    said = "\n".join(change.notes)

    assert change.commands == ()
    assert "identity.json" in said
    assert all(word in said for word in ("put-user-policy", "put-group-policy", "create-policy-version"))


@pytest.mark.parametrize("held", [GROUP, MANAGED, HELD], ids=["group", "managed", "not told"])
def test_whoever_else_holds_the_policy_is_denied_as_before(held: Json) -> None:
    """What others may hold too is narrowed by a condition on who asks, not for all of them."""
    [change] = mended(("caller", CALLER), ("identity", held), ("policy", None)).changes
    _, everybody, writer = change.after["Statement"]

    assert everybody == {**DENYING, "Condition": {"ArnNotEquals": {"aws:PrincipalArn": WRITER}}}
    assert (writer["Action"], writer["Condition"]) == (["s3:DeleteObject"], {"ArnEquals": {"aws:PrincipalArn": WRITER}})
    for key, who in itertools.product(("recordings/a", "other/a"), (Principal.of(ANN), Principal.of(WRITER))):
        before, now = (
            denied(one, Kind.IDENTITY, who, "s3:PutObject", f"{BUCKET}/{key}") for one in (HELD, change.after)
        )
        assert now == ([False] * len(WORLDS) if who.arn == WRITER else before)


def test_who_shares_a_policy_has_to_be_known() -> None:
    """Without the writer's name a shared policy cannot be narrowed for them alone."""
    found = mended(("identity", MANAGED), ("policy", None))

    assert (found.changes, found.exit_code) == ((), 3)
    assert "--document caller=PATH" in found.why


@pytest.mark.parametrize("held", [GROUP, MANAGED], ids=["group", "managed"])
def test_a_grant_is_not_given_to_all_who_share_a_policy(held: Json) -> None:
    """What lacks is granted to the writer in a policy of their own; the shared one stays as it is."""
    bare = json.loads(json.dumps(held).replace(json.dumps(HELD), json.dumps(policy(allow(BUCKET, principal=None)))))
    [change] = mended(("caller", CALLER), ("identity", bare), ("policy", None)).changes

    assert words(change)[2:7] == [
        "put-user-policy",
        "--user-name",
        "stream-writer",
        "--policy-name",
        "StreamExternalStorage",
    ]
    assert [one["Resource"] for one in change.after["Statement"]] == [[PATH]]


@pytest.mark.parametrize("held", [GROUP, MANAGED], ids=["group", "managed"])
def test_a_grant_beside_a_deny_in_a_shared_policy_is_for_the_writer(held: Json) -> None:
    """Where the shared policy has to change anyway, what is added to it names the writer."""
    bare = json.loads(json.dumps(held).replace(json.dumps(HELD), json.dumps(policy(DENYING))))
    [change] = mended(("caller", CALLER), ("identity", bare), ("policy", None)).changes
    added = change.after["Statement"][-1]

    assert (added["Effect"], added["Condition"]) == ("Allow", {"ArnEquals": {"aws:PrincipalArn": WRITER}})
