"""Documents judged offline: recognised by what they say, judged as in a check, and never green by omission."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.policy.conftest import GRANT, KEY, PLAIN, USER_GRANT, Desk, Json, allow, deny, policy

KEY_POLICY = policy({**allow("*"), "Action": ["kms:GenerateDataKey", "kms:Decrypt"]})
ENFORCED = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}


def encrypted(key: str | None) -> Json:
    default = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    return {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}}


ENCRYPTED = encrypted(KEY)
CALLER = {"UserId": "AIDAEXAMPLE", "Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/writer"}


def test_a_keyless_storage_is_ready_on_proof(desk: Desk) -> None:
    """Policy, ownership and encryption together prove every key: ready, with what is assumed printed."""
    said = desk.policy(
        "test", desk.storage(), "-d", desk.write("p.json", GRANT), "-d", desk.write("o.json", ENFORCED), "-d",
        "encryption=none", "-o", "json",
    )  # fmt: skip
    report = json.loads(said.out)

    assert (said.code, report["verdict"]) == (0, "ready")
    assert any("identity policies cannot be read" in one for one in report["storages"][0]["assumptions"])
    assert any("requesters pay" in one for one in report["storages"][0]["assumptions"])


@pytest.mark.parametrize("left_out", ["p.json", "o.json", "encryption=none"])
def test_what_is_not_given_is_unknown_not_empty(desk: Desk, left_out: str) -> None:
    """Without the policy, the ownership or the encryption nothing is proven, and nothing is refuted."""
    desk.write("p.json", GRANT)
    desk.write("o.json", ENFORCED)
    given = [one for one in ("p.json", "o.json", "encryption=none") if one != left_out]
    code, _ = desk.tested(desk.storage(), *(desk.folder / one if "." in one else one for one in given))

    assert code == 3


@pytest.mark.parametrize(
    ("document", "cause", "says"),
    [
        (policy(allow("arn:aws:s3:::my-recordings")), "bucket-policy-missing", "is the bucket"),
        (policy(allow("arn:aws:s3:::my-recordings/recordings/")), "bucket-policy-missing", "empty name"),
        (policy(allow("arn:aws-cn:s3:::my-recordings/*")), "bucket-policy-missing", "partition"),
        (
            policy(allow("arn:aws:s3:::my-recordings/*", principal="185583345989")),
            "bucket-policy-missing",
            "typing mistake",
        ),
        (
            policy(allow("arn:aws:s3:::my-recordings/*", action="s3:PutObjectAcl")),
            "bucket-policy-missing",
            "s3:PutObject",
        ),
        (policy(allow("arn:aws:s3:::my-recordings/*"), deny("arn:aws:s3:::my-recordings/*")), "explicit-deny", "#2"),
        (
            policy(
                allow("arn:aws:s3:::my-recordings/*"),
                deny("arn:aws:s3:::my-recordings/*", Condition={"Null": {"s3:x-amz-acl": "true"}}),
            ),
            "header-required",
            "s3:x-amz-acl",
        ),
        (policy(allow("arn:aws:s3:::my-recordings/recordings/a*")), "bucket-policy-missing", "keys such as"),
    ],
)
def test_a_policy_that_does_not_grant_is_named_with_its_statement(
    desk: Desk, document: Json, cause: str, says: str
) -> None:
    """The most frequent faults: not ready, the cause, and a sentence that names what to change."""
    code, found = desk.tested(desk.storage(), desk.write("p.json", document), *PLAIN)
    outcome = found["write-object"]

    assert (code, outcome["status"], outcome["candidates"][0]["cause"]) == (1, "fail", cause)
    assert says in outcome["message"]
    assert outcome["evidence"][0]["statement"]
    assert outcome["evidence"][0]["witness"] == "paper"


def test_a_denied_key_is_given_as_an_example(desk: Desk) -> None:
    """Granted for some keys only: the example key can be checked by the reader."""
    document = policy(allow("arn:aws:s3:::my-recordings/*"), deny("arn:aws:s3:::my-recordings/*.jsonl"))
    _, found = desk.tested(desk.storage(), desk.write("p.json", document), *PLAIN)

    assert "recordings/" in found["write-object"]["message"]
    assert ".jsonl" in found["write-object"]["message"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"Effect": "allow"}, 6),
        ({"Resource": "my-recordings/*"}, 11),
        ({"Principal": {"AWS": "Stream"}}, 8),
        ({"Condition": {"StringEqual": {"aws:PrincipalArn": "x"}}}, 13),
    ],
)
def test_a_malformed_policy_is_a_finding_with_its_line(desk: Desk, change: Json, line: int) -> None:
    """AWS would not store it, so it grants nothing: neither a crash nor a pass, and the line is named."""
    statement = {"Sid": "Stream", **allow("arn:aws:s3:::my-recordings/*"), **change}
    document = json.dumps(policy(statement), indent=1)
    code, found = desk.tested(desk.storage(), desk.write("p.json", document), *PLAIN)
    candidate = found["write-object"]["candidates"][0]

    assert (code, candidate["location"]["line"]) == (1, line)
    assert "/Statement/0" in candidate["because"]


MANY = [f"arn:aws:s3:::my-recordings/recordings/{number:04}/{'x' * 60}/*" for number in range(200)]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (allow("arn:aws:s3:::other-bucket/*", principal="111122223333"), "other-bucket"),
        (
            deny(["arn:aws:s3:::my-recordings/*", "arn:aws:s3:::my-recordings-2/*"], action="s3:GetObject"),
            "recordings-2",
        ),
        (allow("arn:aws:s3:::my-recordings/*", principal="111122223333", action="sqs:SendMessage"), "sqs:SendMessage"),
        (allow(MANY, principal="111122223333", action="s3:GetObject"), "20 KB"),
    ],
    ids=["other-bucket", "another-beside", "other-service", "too-large"],
)
def test_a_policy_that_s3_does_not_store_grants_nothing(desk: Desk, statement: Json, says: str) -> None:
    """However right the grant in it is, it will not come into force: the statement that stands in the way is named."""
    document = desk.write("p.json", policy(*GRANT["Statement"], statement))
    code, found = desk.tested(desk.storage(), f"policy={document}", *PLAIN)
    candidate = found["write-object"]["candidates"][0]

    assert (code, candidate["cause"]) == (1, "bucket-policy-missing")
    assert says in candidate["because"]
    assert "cannot be stored" in candidate["because"]


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::my-*/x",
        "arn:aws:s3:::${aws:PrincipalTag/b}/*",
        "arn:aws:s3:::my-recordings",
    ],
)
def test_a_pattern_that_may_reach_the_bucket_is_stored(desk: Desk, resource: str) -> None:
    """Nothing is said of patterns and variables, which S3 matches itself."""
    other = allow(resource, principal="111122223333", action="s3:*")
    code, _ = desk.tested(
        desk.storage(), desk.write("p.json", policy(*GRANT["Statement"], other)), desk.write("o.json", ENFORCED), *PLAIN
    )

    assert code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "p.json:1"),
        ("{", "p.json:1"),
        ('{"a": 1}', "none of the documents"),
        ("[]", "none of the documents"),
        ('{"Version": "2012-10-17", "Statement": []}', "--document policy=PATH"),
        (json.dumps(policy(allow("*", action="sqs:SendMessage"))), "queue"),
        (json.dumps(policy(allow("*", action="sts:AssumeRole"))), "say what it is"),
        ('{"format_version": "1.2", "planned_values": {"root_module": {}}}', "aws_s3_bucket"),
    ],
)
def test_what_is_no_document_is_a_usage_error(desk: Desk, text: str, says: str) -> None:
    """The file and what was expected, exit code 2, and no report."""
    said = desk.policy("test", desk.storage(), "-d", desk.write("p.json", text))

    assert (said.code, said.out) == (2, "")
    assert "p.json" in said.err
    assert says in said.err


def test_a_missing_file_is_a_usage_error(desk: Desk) -> None:
    """A document that cannot be read is not a document that is not there."""
    said = desk.policy("test", desk.storage(), "-d", "nowhere.json")

    assert (said.code, "nowhere.json" in said.err) == (2, True)


def test_two_policies_of_one_bucket_contradict_each_other(desk: Desk) -> None:
    """A bucket has one policy: which of two files holds it is not ours to choose."""
    one, two = desk.write("one.json", GRANT), desk.write("two.json", GRANT)
    said = desk.policy("test", desk.storage(), "-d", one, "-d", two)

    assert (said.code, "expected one" in said.err) == (2, True)


@pytest.mark.parametrize(
    "wrapped",
    [
        GRANT,
        {"Policy": json.dumps(GRANT)},
        {
            "format_version": "1.2",
            "planned_values": {
                "root_module": {
                    "child_modules": [
                        {
                            "resources": [
                                {
                                    "mode": "managed",
                                    "type": "aws_s3_bucket_policy",
                                    "values": {"bucket": "my-recordings", "policy": json.dumps(GRANT)},
                                }
                            ]
                        }
                    ]
                }
            },
        },
    ],
    ids=["bare", "get-bucket-policy", "terraform"],
)
def test_a_bucket_policy_is_known_however_it_comes(desk: Desk, wrapped: Json) -> None:
    """The policy itself, the command line's answer with a text inside, and a plan."""
    _, found = desk.tested(desk.storage(), desk.write("p.json", wrapped), *PLAIN)

    assert found["match-policy"]["status"] == "pass"


@pytest.mark.parametrize(
    "wrapped",
    [
        USER_GRANT,
        {"UserName": "writer", "PolicyName": "p", "PolicyDocument": USER_GRANT},
        {"PolicyVersion": {"Document": USER_GRANT, "VersionId": "v1", "IsDefaultVersion": True}},
    ],
    ids=["bare", "get-user-policy", "get-policy-version"],
)
def test_a_user_s_policy_is_known_however_it_comes(desk: Desk, wrapped: Json) -> None:
    """With the statement that the bucket has no policy of its own, a user's grant is proof."""
    code, found = desk.tested(desk.with_key(), desk.write("u.json", wrapped), "policy=none", *PLAIN)

    assert (code, found["write-object"]["status"], found["write-multipart"]["status"]) == (0, "pass", "pass")


def test_what_files_cannot_tell_is_assumed_in_so_many_words(desk: Desk) -> None:
    """Whose the bucket is, a boundary, and the organization's policies are in no file: the report says so."""
    user = desk.write("u.json", USER_GRANT)
    given = [part for one in (user, "policy=none", *PLAIN) for part in ("-d", str(one))]
    [storage] = json.loads(desk.policy("test", desk.with_key(), *given, "-o", "json").out)["storages"]
    told = " ".join(storage["assumptions"])

    assert all(words in told for words in ("account of the key", "boundary", "service control", "nothing was asked"))


def test_a_user_s_policy_alone_leaves_the_bucket_s_open(desk: Desk) -> None:
    """A bucket policy that was not given may deny."""
    code, found = desk.tested(desk.with_key(), desk.write("u.json", USER_GRANT), *PLAIN)

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert "bucket policy: not read" in found["write-object"]["message"]


def test_a_writer_can_be_told_by_a_document(desk: Desk) -> None:
    """Whoever keeps the key to themselves can say whose it is: a grant to that very user holds, to another not."""
    storage = desk.storage(s3_api_key="${NOT_SET_KEY}", s3_secret="${NOT_SET_SECRET}")
    who = desk.write("who.json", CALLER)
    mine = desk.write("mine.json", policy(allow("arn:aws:s3:::my-recordings/*", principal=CALLER["Arn"])))
    theirs = desk.write("theirs.json", policy(allow("arn:aws:s3:::my-recordings/*", principal=CALLER["Arn"] + "-2")))

    assert desk.tested(storage, who, mine, "identity=none", *PLAIN)[0] == 0
    assert desk.tested(storage, who, theirs, "identity=none", *PLAIN)[0] == 1


@pytest.mark.parametrize(
    ("encryption", "key_policy", "expected", "cause"),
    [
        (ENCRYPTED, KEY_POLICY, 0, None),
        (ENCRYPTED, None, 3, None),
        (ENCRYPTED, policy(allow("*", principal="111122223333", action="kms:*")), 1, "encryption-key-denied"),
        (ENCRYPTED, policy(allow("*", action="kms:GenerateDataKey")), 1, "encryption-key-denied"),
        (encrypted(None), None, 1, "encryption-key-denied"),
    ],
    ids=["granted", "unread", "other-account", "no-decrypt", "aws-managed"],
)
def test_the_encryption_key_has_a_say(
    desk: Desk, encryption: Json, key_policy: Json | None, expected: int, cause: str | None
) -> None:
    """Key policy included: granted, unread, denied, denied for parts only, and the key that AWS manages."""
    documents: list[Any] = [
        desk.write("p.json", GRANT),
        desk.write("o.json", ENFORCED),
        desk.write("e.json", encryption),
    ]
    if key_policy:
        documents.append(desk.write("k.json", {"Policy": json.dumps(key_policy), "PolicyName": "default"}))
    code, found = desk.tested(desk.storage(), *documents)
    causes = [one["candidates"][0]["cause"] for one in found.values() if one["status"] == "fail" and one["candidates"]]

    assert (code, causes) == (expected, [cause] if cause else [])


def test_an_address_condition_is_no_proof(desk: Desk) -> None:
    """Stream publishes no addresses: a list of them is a finding, whichever addresses it holds."""
    office = deny("arn:aws:s3:::my-recordings/*", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    code, found = desk.tested(
        desk.storage(), desk.write("p.json", policy(allow("arn:aws:s3:::my-recordings/*"), office)), *PLAIN
    )

    assert (code, found["write-object"]["status"]) == (1, "unknown")
    assert found["admit-network"]["candidates"][0]["cause"] == "network-denied"


@pytest.mark.parametrize("ranges", [["0.0.0.0/0", "::/0"], "0.0.0.0/0"])
def test_a_condition_that_every_address_meets_lists_nobody(desk: Desk, ranges: Any) -> None:
    """It shuts out only who comes through a VPC endpoint or by IPv6, which nobody knows of Stream: no failure."""
    anywhere = allow("arn:aws:s3:::my-recordings/*", Condition={"IpAddress": {"aws:SourceIp": ranges}})
    code, found = desk.tested(desk.storage(), desk.write("p.json", policy(anywhere)), *PLAIN)

    assert (code, found["write-object"]["status"], found["admit-network"]["status"]) == (3, "unknown", "skip")
    assert "VPC endpoint" in found["write-object"]["candidates"][0]["because"]


def test_too_much_is_a_warning(desk: Desk) -> None:
    """A policy that also lets Stream's account read and delete is ready, and said to be too wide."""
    wide = policy(allow(["arn:aws:s3:::my-recordings/*", "arn:aws:s3:::my-recordings"], action="s3:*"))
    code, found = desk.tested(desk.storage(), desk.write("p.json", wide), desk.write("o.json", ENFORCED), *PLAIN)

    assert code == 0
    assert {name for name, one in found.items() if one["status"] == "fail" and one["severity"] == "warning"} == {
        "withhold-read",
        "withhold-list",
        "withhold-delete",
        "hold-permissions",
        "stay-private",
    }


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_a_keyless_storage_cannot_be_where_stream_is_not(desk: Desk, region: str) -> None:
    """No principal of Stream's exists in China or GovCloud, whatever the policy says."""
    code, found = desk.tested(desk.storage(s3_region=region), desk.write("p.json", GRANT), *PLAIN)

    assert (code, found["share-partition"]["status"]) == (1, "fail")


LOCKED = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}}


def test_a_lock_by_default_leaves_a_user_s_write_open_too(desk: Desk) -> None:
    """S3 then demands a checksum of every upload, whoever sends it."""
    user, lock = desk.write("u.json", USER_GRANT), desk.write("l.json", {"ObjectLockConfiguration": LOCKED})
    code, found = desk.tested(desk.with_key(), user, lock, "policy=none", *PLAIN)

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert found["write-object"]["candidates"][0]["cause"] == "checksum-required"


def test_a_requester_who_pays_leaves_a_user_s_write_open(desk: Desk) -> None:
    """The bucket's own account is spared, and no file tells whose the bucket is."""
    user, payer = desk.write("u.json", USER_GRANT), desk.write("r.json", {"Payer": "Requester"})
    code, found = desk.tested(desk.with_key(), user, payer, "policy=none", *PLAIN)

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert found["write-object"]["candidates"][0]["cause"] == "payer-required"


def test_a_boundary_that_an_answer_names_is_not_absent(desk: Desk) -> None:
    """`aws iam get-user` tells that there is one, and not what it allows: open, until it is given as well."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Bound"}}
    who = desk.write("who.json", {"User": {"UserName": "writer", "Arn": CALLER["Arn"], **bounded}})
    user = desk.write("u.json", USER_GRANT)
    code, found = desk.tested(desk.with_key(), who, user, "policy=none", *PLAIN)

    assert (code, found["write-object"]["status"]) == (3, "unknown")
    assert "policy/Bound" in found["write-object"]["message"]
    everything = desk.write("b.json", policy(allow("*", principal=None, action="*")))
    assert desk.tested(desk.with_key(), who, user, "policy=none", f"boundary={everything}", *PLAIN)[0] == 0
