"""The least grant: what Stream documents, narrowed to the path, in three forms that real readers understand."""

from __future__ import annotations

import json
import shlex
import uuid
from typing import Any

import hcl2
import pytest
from botocore.exceptions import ClientError

from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import keyless
from preflight.iam.aws.shape import writing
from preflight.iam.decision import Answer
from preflight.iam.globs import Glob
from tests.policy.conftest import KEY, STREAM, Desk
from tests.servers.radosgw import Radosgw


def test_the_bucket_policy_is_the_documented_one_narrowed_to_the_path(desk: Desk) -> None:
    """Stream's Id and principal, the one action, and no resource beyond the path."""
    said = desk.policy("show", desk.storage())
    document = json.loads(said.out)
    [statement] = document["Statement"]

    assert (said.code, document["Id"], document["Version"]) == (0, "StreamExternalStoragePolicy", "2012-10-17")
    assert statement["Principal"] == {"AWS": STREAM}
    assert (statement["Effect"], statement["Action"]) == ("Allow", ["s3:PutObject"])
    assert statement["Resource"] == ["arn:aws:s3:::my-recordings/recordings/*"]
    assert "Condition" not in statement


def test_with_a_key_it_is_a_policy_of_the_user(desk: Desk) -> None:
    """A user's own policy names no principal, and grants no more."""
    [statement] = json.loads(desk.policy("show", desk.with_key()).out)["Statement"]

    assert (statement["Action"], statement["Resource"]) == (
        ["s3:PutObject"],
        ["arn:aws:s3:::my-recordings/recordings/*"],
    )
    assert "Principal" not in statement


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_the_partition_is_the_region_s(desk: Desk, region: str, partition: str) -> None:
    """An ARN of the wrong partition grants nothing."""
    [statement] = json.loads(desk.policy("show", desk.with_key(s3_region=region)).out)["Statement"]

    assert statement["Resource"] == [f"arn:{partition}:s3:::my-recordings/recordings/*"]


def test_no_policy_can_name_stream_where_it_has_no_account(desk: Desk) -> None:
    """In China and GovCloud there is nobody to grant to: an error, not a policy that AWS would refuse."""
    said = desk.policy("show", desk.storage(s3_region="cn-north-1"))

    assert (said.code, said.out) == (2, "")
    assert "no account" in said.err


@pytest.mark.parametrize("path", ["a*b/", "a?/", "${aws:username}/", "plain/", "50%{x}/", "a$b/", 'quo"te/'])
def test_what_stands_in_the_path_is_meant_as_it_stands(desk: Desk, path: str) -> None:
    """Wildcards, variables and marks of templates in a path are names: granted, and nothing beside them."""
    document = json.loads(desk.policy("show", desk.storage(path=path.replace("${", "$${"))).out)

    assert _decided(document, f"{path}x") is Answer.ALLOWED
    assert _decided(document, path.replace("*", "zz").replace("?", "z").replace("${aws:username}", "bob") + "x") is (
        Answer.ALLOWED if path in {"plain/", "50%{x}/", "a$b/", 'quo"te/'} else Answer.DENIED
    )


@pytest.mark.parametrize("path", ["recordings/", "a*b/", "${aws:username}/", "50%{x}/", 'quo"te/'])
def test_terraform_says_what_json_says(desk: Desk, path: str) -> None:
    """A real HCL parser reads the same policy out of the Terraform form."""
    storage = desk.storage(path=path.replace("${", "$${"))
    block = hcl2.loads(desk.policy("show", storage, "-o", "terraform").out)
    resource = _only(block["resource"])['"aws_s3_bucket_policy"']['"my-s3"']

    assert resource["bucket"] == '"my-recordings"'
    assert _value(resource["policy"]) == json.loads(desk.policy("show", storage).out)


def test_a_path_that_could_not_be_read_is_not_an_empty_one(desk: Desk) -> None:
    """A grant for a variable that is not set would be a grant on the whole bucket: refused, with the place."""
    said = desk.policy("show", desk.storage(path="${NOT_SET}/"))

    assert (said.code, said.out) == (2, "")
    assert "NOT_SET" in said.err
    assert "storages.json:" in said.err


def test_the_key_s_statement_lets_stream_in_through_s3_only(desk: Desk) -> None:
    """On request, what the encryption key needs: data keys, decryption for parts, by way of S3 in the key's region."""
    shown = json.loads(desk.policy("show", desk.storage(), "--kms-key", KEY).out)
    statement = shown["my-s3/key-policy-statement"]

    assert statement["Principal"] == {"AWS": STREAM}
    assert sorted(statement["Action"]) == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}


def test_a_user_s_key_permissions_name_the_key(desk: Desk) -> None:
    """A user's policy grants one key, never all."""
    [_, statement] = json.loads(desk.policy("show", desk.with_key(), "--kms-key", KEY).out)["Statement"]

    assert (sorted(statement["Action"]), statement["Resource"]) == (["kms:Decrypt", "kms:GenerateDataKey"], KEY)


def test_commands_carry_the_document_through_a_shell(desk: Desk) -> None:
    """The command puts exactly the shown document, whatever quotes are in it."""
    storage = desk.storage(path='it\'s "mine"/')
    [line] = [line for line in desk.policy("show", storage, "-o", "commands").out.splitlines() if line[0] != "#"]
    words = shlex.split(line)

    assert words[:3] == ["aws", "s3api", "put-bucket-policy"]
    assert json.loads(words[words.index("--policy") + 1]) == json.loads(desk.policy("show", storage).out)


def test_a_real_gateway_grants_just_this(desk: Desk, radosgw: Radosgw) -> None:
    """Put on a server that enforces policies, the document lets the writer create recordings, and nothing else."""
    user, bucket = radosgw.create_user(), f"b-{uuid.uuid4().hex[:12]}"
    document = desk.policy("show", desk.storage(bucket=bucket)).out.replace(STREAM, user.arn)
    radosgw.create_bucket(bucket, policy=json.loads(document))
    client = user.client()
    client.put_object(Bucket=bucket, Key="recordings/a.mp4", Body=b"x")

    for operation, names in (
        ("put_object", {"Key": "elsewhere/a.mp4"}),
        ("list_objects_v2", {}),
        ("delete_object", {"Key": "recordings/a.mp4"}),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(client, operation)(Bucket=bucket, **names)


def _decided(document: Any, key: str) -> Answer:
    caller = Principal.of_account("185583345998")
    context = writing().over(caller.keys())
    request = Request(caller, "s3:PutObject", Glob.literal(f"arn:aws:s3:::my-recordings/{key}"), context)
    return decide(request, keyless(read(document, Kind.RESOURCE), owner="111122223333", restricted=False)).answer


def _only(items: list[Any]) -> Any:
    [item] = items
    return item


def _value(expression: str) -> Any:
    """The argument of `jsonencode`, parsed by the same parser, as plain values."""
    inner = expression.removeprefix("${jsonencode(").removesuffix(")}")
    return _plain(hcl2.loads(f"v = {inner}\n")["v"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_text(key): _plain(item) for key, item in value.items() if key != "__is_block__"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _text(value)


def _text(value: str) -> str:
    """A literal of Terraform's as the text that it stands for."""
    unquoted = json.loads(value) if value.startswith('"') else value
    return str(unquoted).replace("$${", "${").replace("%%{", "%{")


def _s3(name: str | None, bucket: str) -> dict[str, Any]:
    named = {"name": name} if name else {}
    return named | {"storage_type": "s3", "bucket": bucket, "path": "x/", "aws_s3": {"s3_region": "eu-central-1"}}


def test_storages_of_one_name_have_each_their_document(desk: Desk) -> None:
    """Names are unique in a file only: none of two files takes the place of another."""
    files = [desk.write(f"{name}.json", {"storages": [_s3("my-s3", f"recordings-{name}")]}) for name in ("eu", "us")]
    said = desk.policy("show", *files)
    documents = json.loads(said.out)

    assert [json.dumps(one).count("recordings-eu") for one in documents.values()] == [1, 0]
    assert [json.dumps(one).count("recordings-us") for one in documents.values()] == [0, 1]
    assert list(documents) == [f"my-s3 ({file})/bucket-policy" for file in files]


def _addresses(terraform: str) -> list[tuple[str, str]]:
    return [
        (kind.strip('"'), name.strip('"'))
        for resource in hcl2.loads(terraform)["resource"]
        for kind, named in resource.items()
        for name in named
    ]


def test_no_two_resources_share_an_address(desk: Desk) -> None:
    """Terraform refuses a second resource of one address: of one name in two files, or alike in its characters."""
    one = desk.write("one.json", {"storages": [_s3("a.b", "first"), _s3("a_b", "second"), _s3("a b", "third")]})
    two = desk.write("two.json", {"storages": [_s3("a.b", "fourth")]})
    addresses = _addresses(desk.policy("show", one, two, "-o", "terraform").out)

    assert len(addresses) == 4
    assert len(set(addresses)) == 4
    assert ("aws_s3_bucket_policy", "a_b") in addresses
