"""Ceph's gateway decides as we do, over bucket policies made up at random; where it does not, the reason is listed."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.values import ABSENT, Context, Value
from preflight.iam.decision import Answer, Decision
from preflight.iam.globs import SOMETHING, Glob
from tests.servers.names import unique
from tests.servers.radosgw import Radosgw, User

ROUNDS, POLICIES = 8, 65  # in each round as many policies, each asked about one key and about every key
WRITTEN = ("r/a", "r/ab/c", "q/a", "R/a")
READ = ("g/g", "g/ab/c", "q/g", "R/g")  # others: whoever writes an object may read it, whatever the policy says
NOW, AGENT, REFERER = "2026-08-01T00:00:00Z", "probe", "https://a.example/"
Policy = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Furnished:
    """A bucket of the admin's with an object under each key to read, and two users who own nothing."""

    bucket: str
    owner: Any
    users: tuple[User, User]
    clients: tuple[Any, Any]

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}"

    def put_policy(self, *statements: Policy) -> Policy:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        self.owner.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(policy))
        return policy


def signed(request: AWSRequest, **_: object) -> None:
    """Every request carries these; a connection of its own spares a refused one a delay of 40 ms."""
    del request.headers["Expect"]
    request.headers["Connection"] = "close"
    request.headers["User-Agent"] = AGENT
    request.headers["Referer"] = REFERER


@pytest.fixture(scope="module")
def here(radosgw: Radosgw) -> Iterator[Furnished]:
    bucket = radosgw.create_bucket(unique("policies"))
    owner = radosgw.admin.client()
    for key in READ:
        owner.put_object(Bucket=bucket, Key=key, Body=b"x")
    users = radosgw.create_user(), radosgw.create_user()
    clients = users[0].client(), users[1].client()
    for client in clients:
        client.meta.events.register("before-sign.s3", signed)
    yield Furnished(bucket, owner, users, clients)
    owner.delete_bucket_policy(Bucket=bucket)


def some(dice: random.Random, values: list[str]) -> str | list[str]:
    return dice.choice(values) if dice.random() < 0.6 else dice.sample(values, dice.randint(1, 2))


def statement(dice: random.Random, here: Furnished) -> Policy:
    """One statement at random, of what the gateway decides as AWS documents it (see DIFFERENCES)."""
    tails = ["r/*", "r/a", "r/*b*", "r/?", "r*", "r/a*/c", "r/??/*", "?/a", "?/g", "*/a", "*c", "q/*", "R/*"]
    tails += ["g/*", "g/g", "g/*b*", "g/??/*"]
    resources = [f"{here.arn}/{tail}" for tail in tails] + [here.arn, "arn:aws:s3:::*", f"{here.arn}*", f"{here.arn}/*"]
    everyone: list[Any] = ["*", {"AWS": "*"}]
    named: list[Any] = [{"AWS": user.arn} for user in here.users] + [{"AWS": [user.arn for user in here.users]}]
    narrow = ["s3:PutObject", "s3:GetObject", "s3:putobject", "s3:*Object", "s3:Get*"]
    made: Policy = {"Effect": dice.choice(["Allow", "Allow", "Allow", "Deny"])}
    denies = made["Effect"] == "Deny"
    if denies and dice.random() < 0.5:
        made["Principal"] = dice.choice(named)
        made["Action"] = some(dice, [*narrow, "s3:*", "s3:Put*", "s3:ListBucket"])
    else:  # a wide Deny to everyone would keep the owner from putting the next policy
        made[dice.choice(["Principal"] * 9 + ["NotPrincipal"])] = dice.choice(everyone + named)
        made["Action"] = some(dice, narrow if denies else [*narrow, "s3:*", "s3:Put*", "s3:ListBucket"])
    made[dice.choice(["Resource"] * 6 + ["NotResource"])] = some(dice, resources)
    if dice.random() < 0.5:
        made["Condition"] = dict(condition(dice, here) for _ in range(dice.randint(1, 2)))
    return made


def condition(dice: random.Random, here: Furnished) -> tuple[str, Policy]:
    """One operator with one key, nearly all of them of keys that every request carries."""
    strings = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"]
    suffix = dice.choice(["", "", "IfExists"])
    match dice.choice(["string", "string", "string", "address", "date", "null", "acl", "absent"]):
        case "string":
            values = ["probe", "Probe", "p*", "pro?e", "other", REFERER, "https://*", here.users[0].name]
            key = dice.choice(["aws:UserAgent", "aws:Referer", "aws:username"])
            name = dice.choice(strings)
            return name + suffix, {key: dice.choice(values) if "Not" in name else some(dice, values)}
        case "address":
            ranges = ["127.0.0.0/8", "127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "127.0.0.1/32", "::1/128"]
            return dice.choice(["IpAddress", "NotIpAddress"]), {"aws:SourceIp": some(dice, ranges)}
        case "date":
            dates = ["2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z"]
            return dice.choice(["DateLessThan", "DateGreaterThan"]), {"aws:CurrentTime": dice.choice(dates)}
        case "null":
            key = dice.choice(["aws:Referer", "aws:UserAgent", "s3:x-amz-server-side-encryption"])
            return "Null", {key: "true"}
        case "acl":
            return dice.choice(["StringEquals", "StringLike"]), {"s3:x-amz-acl": some(dice, ["private", "public-read"])}
        case _:
            return "StringEquals" + suffix, {"s3:x-amz-server-side-encryption": "AES256"}


@dataclass(frozen=True, slots=True)
class Probe:
    """One request of one of the two users, as we decide on it and as it is sent."""

    who: int
    action: str
    key: str
    acl: str = ""

    def send(self, here: Furnished) -> Answer:
        client, acl = here.clients[self.who], {"ACL": self.acl} if self.acl else {}
        try:
            if self.action == "s3:PutObject":
                client.put_object(Bucket=here.bucket, Key=self.key, Body=b"x", **acl)
            else:
                client.get_object(Bucket=here.bucket, Key=self.key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return Answer.DENIED
        return Answer.ALLOWED

    def ours(self, here: Furnished, policy: Policy, asked: Glob | None = None) -> Decision:
        caller = Principal.of(here.users[self.who].arn, tags={})
        context: dict[str, Value] = {
            "aws:CurrentTime": NOW,
            "aws:SourceIp": "127.0.0.1",
            "aws:UserAgent": AGENT,
            "aws:Referer": REFERER,
            "aws:SecureTransport": "false",
            "s3:x-amz-acl": self.acl or ABSENT,
        }
        document = read(json.dumps(policy), Kind.RESOURCE)
        assert document.valid, document.findings
        layers = Layers(
            resource=document,
            identity=None,
            boundary=None,
            session=None,
            endpoint=None,
            scps=None,
            rcps=None,
            owner="",
            restricted=False,
        )
        resource = asked or Glob.literal(f"{here.arn}/{self.key}")
        return decide(Request(caller, self.action, resource, Context(context, ABSENT).over(caller.keys())), layers)


def probe(dice: random.Random) -> Probe:
    who = dice.randint(0, 1)
    if dice.random() < 0.5:
        return Probe(who, "s3:GetObject", dice.choice(READ))
    return Probe(who, "s3:PutObject", dice.choice(WRITTEN), dice.choice(["", "", "private"]))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_same_answer(here: Furnished, number: int) -> None:
    """One key is decided alike; and so are the examples of a decision about every key under a prefix."""
    dice = random.Random(number)  # noqa: S311 - no secret
    decided = 0
    for _ in range(POLICIES):
        policy = here.put_policy(*(statement(dice, here) for _ in range(dice.randint(1, 4))))
        one = probe(dice)
        answer = one.ours(here, policy).answer
        if answer is not Answer.UNKNOWN:  # NotPrincipal that lists a user without its account
            decided += 1
            assert one.send(here) is answer, (one, json.dumps(policy))
        every = Probe(one.who, "s3:PutObject", "")
        whole = every.ours(here, policy, Glob.literal(f"{here.arn}/r/") + SOMETHING)
        examples = ((whole.allowed, Answer.ALLOWED), (whole.denied, Answer.DENIED))
        for example, claimed in (pair for pair in examples if pair[0]):
            key = str(example).removeprefix(f"{here.arn}/")
            assert Probe(one.who, "s3:PutObject", key).send(here) is claimed, (one.who, key, json.dumps(policy))
    assert decided > POLICIES * 0.9


def grant(here: Furnished, **elements: object) -> Policy:
    found = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{here.arn}/*"} | elements
    return {name: value for name, value in found.items() if value is not None}


DIFFERENCES: dict[str, dict[str, object]] = {
    "a statement with NotAction applies to nothing": {"Action": None, "NotAction": "s3:GetObject"},
    "aws:SecureTransport is never false": {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    "a negated operator does not match an absent key": {
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}
    },
    "Null asks whether the key is absent, whatever its value says": {"Condition": {"Null": {"aws:Referer": "false"}}},
    "s3:x-amz-acl is there, and empty, in a PUT without ACL": {
        "Condition": {"StringEqualsIfExists": {"s3:x-amz-acl": "private"}}
    },
}


@pytest.mark.parametrize("reason", DIFFERENCES)
def test_known_difference(here: Furnished, reason: str) -> None:
    """What AWS documents and we allow, the gateway is known to refuse: these are not made up above."""
    policy = here.put_policy(grant(here, **DIFFERENCES[reason]))
    one = Probe(0, "s3:PutObject", "r/a")
    assert one.ours(here, policy).answer is Answer.ALLOWED
    assert one.send(here) is Answer.DENIED


def test_known_difference_in_lists(here: Furnished) -> None:
    """A negated operator of several values asks for none of them; the gateway for any that differs."""
    policy = here.put_policy(grant(here, Condition={"StringNotEquals": {"aws:UserAgent": ["other", AGENT]}}))
    one = Probe(0, "s3:PutObject", "r/a")
    assert one.ours(here, policy).answer is Answer.DENIED
    assert one.send(here) is Answer.ALLOWED
