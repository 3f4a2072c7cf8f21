"""A remedy fills in what is known, leaves the rest visible, and never lets a value become a command."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight import stream
from preflight.causes import page, remedy, words
from preflight.model import (
    AbsStorage,
    Candidate,
    Cause,
    GcsStorage,
    Location,
    Owner,
    Permission,
    S3Storage,
    Safety,
    Storage,
    Writer,
)

HOSTILE = """a'b"c $(touch pwned) `touch pwned` \\ ; touch pwned | * <x> ~ &"""
PRINTABLE = st.text(min_size=1, max_size=30).filter(str.isprintable)
TOOLS = ("aws", "gcloud", "az", "curl", "openssl", "dig", "date", "timedatectl", "env", "preflight", "touch")
OPEN = frozenset(re.findall(r"\{([a-z][a-z_]*)\}", "".join(page(cause).text for cause in Cause)))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stand-ins for every tool that the pages use: each only writes down its arguments."""
    folder = tmp_path_factory.mktemp("tools")
    for name in TOOLS:
        script = "#!/bin/sh\n: > pwned\n" if name == "touch" else '#!/bin/sh\nprintf "%s\\n" "$@" >> said\n'
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder


def test_known_words_are_filled_in() -> None:
    """The command of the report can be pasted as it stands."""
    known = {"bucket": "acme", "client_email": "w@p.iam.gserviceaccount.com"}
    found = remedy(Cause.PERMISSION_MISSING, "gcs", known)
    assert found.owner is Owner.CLOUD
    assert found.commands == (
        (
            "gcloud storage buckets add-iam-policy-binding gs://acme"
            " --member=serviceAccount:w@p.iam.gserviceaccount.com --role=roles/storage.objectCreator"
        ),
    )


def test_unknown_words_stay_visible() -> None:
    """Nothing is silently wrong: an open word is in capitals and in angle brackets."""
    found = remedy(Cause.PERMISSION_MISSING, "gcs", {})
    assert "gs://'<BUCKET>'" in found.commands[0]
    assert "<CLIENT_EMAIL>" in found.commands[0]


def test_an_empty_path_is_a_value_and_an_empty_bucket_is_none() -> None:
    """No path means the whole bucket; no bucket means that we do not know."""
    found = remedy(Cause.PERMISSION_MISSING, "s3", {"bucket": "acme", "path": ""})
    assert '"arn:aws:s3:::acme/*"' in found.patch
    assert "<BUCKET>" in remedy(Cause.PERMISSION_MISSING, "s3", {"bucket": "", "path": ""}).patch


def test_the_grant_for_a_storage_without_key_names_streams_account() -> None:
    """Nobody has to look up who writes."""
    found = remedy(Cause.BUCKET_POLICY_MISSING, "s3", {"bucket": "acme", "path": "rec/"})
    (statement,) = json.loads(found.patch)["Statement"]
    assert statement["Principal"] == {"AWS": stream.PRINCIPAL}
    assert statement["Resource"] == "arn:aws:s3:::acme/rec/*"


def test_the_user_is_read_from_the_writers_arn() -> None:
    """IAM commands want the name, not the ARN and not its path."""
    known = {"writer": "arn:aws:iam::111122223333:user/teams/video/rec-writer"}
    assert "--user-name rec-writer " in remedy(Cause.PERMISSION_MISSING, "s3", known).commands[0]
    role = {"writer": "arn:aws:sts::111122223333:assumed-role/x/session"}
    assert "'<USER>'" in remedy(Cause.PERMISSION_MISSING, "s3", role).commands[0]


def test_an_exception_from_a_deny_names_who_asks() -> None:
    """A condition never sees an account's root, so Stream is excepted by its account, and a user by the ARN."""
    stream_writes = {"writer": stream.PRINCIPAL, "account": stream.ACCOUNT}
    patch = json.loads(remedy(Cause.EXPLICIT_DENY, "s3", stream_writes).patch)
    assert patch == {"StringNotEquals": {"aws:PrincipalAccount": stream.ACCOUNT}}
    user = "arn:aws:iam::111122223333:user/w"
    patch = json.loads(remedy(Cause.NETWORK_DENIED, "s3", {"writer": user}).patch)
    assert patch == {"ArnNotEquals": {"aws:PrincipalArn": user}}
    root = "arn:aws:iam::111122223333:root"
    assert json.loads(remedy(Cause.EXPLICIT_DENY, "s3", {"writer": root}).patch)["ArnNotEquals"] == {
        "aws:PrincipalArn": root
    }
    session = "arn:aws:sts::111122223333:assumed-role/r/s"
    assert "<WRITER_ARN>" in remedy(Cause.EXPLICIT_DENY, "s3", {"writer": session}).patch


def test_streams_account_is_never_taken_for_the_buckets() -> None:
    """Control policies are looked for on the customer's account, not on Stream's."""
    commands = remedy(Cause.ORGANIZATION_DENY, "s3", {"account": stream.ACCOUNT}).commands
    assert all("--target-id '<ACCOUNT>' " in command for command in commands)


def test_the_keys_project_is_never_taken_for_the_buckets() -> None:
    """A key may be of one project and the bucket of another."""
    (command,) = remedy(Cause.ENCRYPTION_KEY_DENIED, "gcs", {"project": "of-the-key"}).commands
    assert "--project='<BUCKET_PROJECT>'" in command
    assert "--project=of-the-key" in remedy(Cause.API_DISABLED, "gcs", {"project": "of-the-key"}).commands[0]


def test_a_bucket_is_the_container_on_azure() -> None:
    """Azure's commands say container; the configuration says bucket."""
    commands = remedy(Cause.BUCKET_MISSING, "abs", {"bucket": "recordings", "account_name": "acme"}).commands
    assert "az storage container create --name recordings --account-name acme --auth-mode login" in commands


def test_waiting_is_safe_and_granting_wants_review() -> None:
    """Only what changes nothing is offered as safe."""
    assert remedy(Cause.NOT_PROPAGATED, "s3", {}).safety is Safety.SAFE
    assert remedy(Cause.PERMISSION_MISSING, "s3", {}).safety is Safety.REVIEW


def test_a_provider_without_a_fix_of_its_own_is_sent_to_the_page() -> None:
    """A cause that a provider never sends still answers, in words."""
    found = remedy(Cause.REGION_WRONG, "gcs", {})
    assert found.commands == ("preflight explain region-wrong",)
    assert found.owner is Owner.CONFIG
    assert remedy(Cause.NOT_NEEDED, "", {}).summary.startswith("Grant nothing")


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_no_value_becomes_a_command(cause: Cause, tools: Path) -> None:
    """A shell runs every command of every page with a hostile value in every place: it is only ever an argument."""
    known = dict.fromkeys(OPEN, HOSTILE)
    for provider, fix in page(cause).fixes.items():
        for template, command in zip(fix.commands, remedy(cause, provider, known).commands, strict=True):
            subprocess.run(["/bin/sh", "-c", command], cwd=tools, env={"PATH": str(tools)}, check=False, timeout=10)
            assert {each.name for each in tools.iterdir()} <= {*TOOLS, "said"}
            said = tools / "said"
            if command != template:
                assert HOSTILE in said.read_text()
            said.unlink(missing_ok=True)


@pytest.mark.parametrize("cause", Cause, ids=str)
@pytest.mark.parametrize("value", ['a"b', "a\\b", "a'b", "a: b # c", "{x}", "</script>"])
def test_no_value_breaks_a_patch(cause: Cause, value: str) -> None:
    """A patch is valid JSON or YAML whatever is filled in."""
    for provider, fix in page(cause).fixes.items():
        found = remedy(cause, provider, dict.fromkeys(OPEN, value))
        if fix.language == "json":
            json.loads(found.patch)
        if fix.language == "yaml":
            yaml.safe_load(found.patch)


@settings(max_examples=60, deadline=None)
@given(PRINTABLE)
def test_a_shell_gives_every_value_back_as_it_was(value: str) -> None:
    """Bare, in single and in double quotes, and inside a command substitution."""
    template = (
        """printf '%s|' {bucket} 'x{bucket}' "y{bucket}z" "$(printf '%s' {bucket})" "$(printf '%s' "{bucket}")"."""
    )
    said = subprocess.run(
        ["/bin/sh", "-c", words.shell(template, {"bucket": value})], capture_output=True, check=True
    ).stdout.decode()
    assert said == f"{value}|x{value}|y{value}z|{value}|{value}.|"


@given(st.text(max_size=30))
def test_a_value_that_cannot_be_printed_is_not_filled_in(value: str) -> None:
    """A line end or an escape sequence in a name never reaches a command."""
    filled = words.shell("aws {bucket}", {"bucket": value})
    assert filled.isprintable()
    if not value or not value.isprintable():
        assert filled == "aws '<BUCKET>'"


def test_wildcards_in_a_path_stay_letters_in_a_policy() -> None:
    """A path with a star must not grant more than itself."""
    found = remedy(Cause.PERMISSION_MISSING, "s3", {"bucket": "acme", "path": "rec*/$1?"})
    (statement,) = json.loads(found.patch)["Statement"]
    assert statement["Resource"] == "arn:aws:s3:::acme/rec${*}/${$}1${?}*"


def test_a_finding_offers_the_words_that_it_knows() -> None:
    """What the storage, the writer and the first candidate say is enough for most pages."""
    s3 = S3Storage(name="n", storage_type="s3", bucket="b", path="p/", region="eu-west-1", origin=Location("f", 3, 1))
    key = "arn:aws:kms:eu-west-1:111122223333:key/1"
    candidate = Candidate(
        cause=Cause.ENCRYPTION_KEY_DENIED, missing=(Permission("kms:GenerateDataKey", key),), expected="x"
    )
    found = words.gather(candidate, s3, Writer("arn:aws:iam::111122223333:user/w", "111122223333"))
    assert found["key_arn"] == found["resource"] == key
    assert (found["bucket"], found["path"], found["region"]) == ("b", "p/", "eu-west-1")
    assert (found["file"], found["line"], found["account"]) == ("f", "3", "111122223333")
    assert found["expected"] == "x"


def test_a_finding_knows_the_names_of_each_provider() -> None:
    """Google's account and Azure's four names come from the configuration."""
    gcs = GcsStorage(name="n", storage_type="gcs", bucket="b", client_email="w@p", project_id="p")
    assert {"client_email": "w@p", "project": "p"}.items() <= words.gather(storage=gcs).items()
    azure = AbsStorage(name="n", storage_type="abs", bucket="c", account_name="a", tenant_id="t", client_id="i")
    assert {"account_name": "a", "tenant": "t", "client_id": "i"}.items() <= words.gather(storage=azure).items()
    assert "region" not in words.gather(storage=azure)


@pytest.mark.parametrize("cause", [Cause.CONNECTION_FAILED, Cause.DNS_FAILED])
@pytest.mark.parametrize(
    ("storage", "host"),
    [
        (
            S3Storage(name="a", storage_type="s3", region="us-east-1", endpoint_url="https://s3.acme.example:9000"),
            "s3.acme.example",
        ),
        (S3Storage(name="a", storage_type="s3", region="eu-west-1"), "s3.eu-west-1.amazonaws.com"),
        (S3Storage(name="a", storage_type="s3", region="cn-north-1"), "s3.cn-north-1.amazonaws.com.cn"),
        (GcsStorage(name="a", storage_type="gcs"), "storage.googleapis.com"),
        (AbsStorage(name="a", storage_type="abs", account_name="acme"), "acme.blob.core.windows.net"),
    ],
    ids=["custom endpoint", "AWS", "AWS in China", "Google", "Azure"],
)
def test_who_cannot_connect_tries_the_storage_itself(cause: Cause, storage: Storage, host: str) -> None:
    """The commands go to where this storage is, and to no other provider."""
    commands = " ".join(remedy(cause, storage.storage_type, words.gather(storage=storage)).commands)
    hosts = set(re.findall(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|example)\b", commands))

    assert host in hosts
    assert (
        hosts - {host}
        <= {"s3": set(), "gcs": {"oauth2.googleapis.com"}, "abs": {"login.microsoftonline.com"}}[storage.storage_type]
    )
    assert not re.search("<[A-Z_]+>", commands)


@pytest.mark.parametrize("endpoint", ["http://[", "nonsense", "https://"])
def test_an_endpoint_that_is_no_address_leaves_its_host_open(endpoint: str) -> None:
    """A mistyped endpoint crashes no remedy, and no host is made up."""
    storage = S3Storage(name="a", storage_type="s3", endpoint_url=endpoint)

    assert "<HOST>" in remedy(Cause.DNS_FAILED, "s3", words.gather(storage=storage)).commands[0]


def test_a_password_in_an_endpoint_is_in_no_command() -> None:
    """Commands are pasted into tickets: of an endpoint they show scheme, host and path."""
    endpoint = "https://user:canary-0123456789@s3.acme.example/x?token=canary-0123456789"
    storage = S3Storage(name="a", storage_type="s3", endpoint_url=endpoint)

    assert remedy(Cause.CONNECTION_FAILED, "s3", words.gather(storage=storage)).commands == (
        "curl -sv -o /dev/null --max-time 10 https://s3.acme.example/x",
    )
