"""Every cause has a page that is complete, agrees with the vocabulary, and whose lines can be pasted."""

import json
import re
import shlex
from importlib import resources

import pytest
import yaml

from preflight.causes import ANY, PROVIDERS, SECTIONS, markup, page, remedy
from preflight.causes.words import gather
from preflight.model import AbsStorage, Cause, GcsStorage, Owner, S3Storage

WHO = {
    Owner.CONFIG: "Whoever wrote the storage configuration",
    Owner.CLOUD: "The cloud administrator",
    Owner.ORGANIZATION: "The organization's administrator",
    Owner.NETWORK: "Whoever runs the network",
    Owner.CALLER: "Whoever runs the client",
    Owner.PROVIDER: "The provider",
}
EVERYWHERE = frozenset({"s3", "gcs", "abs"})
# Causes that only some providers can answer with; every other one can happen everywhere.
ONLY = {
    Cause.SESSION_TOKEN_INVALID: {"s3"},
    Cause.BUCKET_POLICY_MISSING: {"s3"},
    Cause.REGION_WRONG: {"s3"},
    Cause.CHECKSUM_REQUIRED: {"s3"},
    Cause.ACCOUNT_NAME_WRONG: {"abs"},
    Cause.TENANT_WRONG: {"gcs", "abs"},
    Cause.SCOPE_WRONG: {"gcs", "abs"},
    Cause.PAYER_REQUIRED: {"s3", "gcs"},
}
WORDS = frozenset(
    {"account", "account_name", "bucket", "client_email", "client_id", "container", "expected", "file"}
    | {"key_arn", "path", "region", "project", "user", "stream", "stream_account", "except_operator"}
    | {"except_key", "excepted", "current"}
    # nobody but the reader knows these
    | {"bucket_project", "endpoint", "host", "object", "organization", "resource_group", "subscription"}
)
TOOLS = frozenset({"aws", "gcloud", "az", "curl", "openssl", "dig", "date", "timedatectl", "env", "preflight"})
WIDE = re.compile(
    r"s3:\*|PutObject\*|\"Principal\": \"\*\"|AllUsers|allAuthenticatedUsers|storage\.admin|objectAdmin"
    r"|--role (Owner|Contributor)|Storage Blob Data Owner|--acl|blobs/delete|AdministratorAccess|--insecure| -k "
)
LANGUAGES = frozenset({"sh", "json", "yaml", "text"})
EVERY = pytest.mark.parametrize("cause", Cause, ids=str)


@EVERY
def test_a_page_has_its_title_and_every_heading_in_order(cause: Cause) -> None:
    """A reader finds the same five questions on each page."""
    headings = [block for block in markup.parse(page(cause).text) if isinstance(block, markup.Heading)]
    assert headings[0].level == 1
    assert headings[0].text == page(cause).title
    assert tuple(heading.text for heading in headings if heading.level == 2) == SECTIONS
    assert {heading.text for heading in headings if heading.level == 3} <= set(PROVIDERS)


@EVERY
def test_a_page_names_who_can_fix_it_as_the_vocabulary_does(cause: Cause) -> None:
    """The page and the report never send the reader to two different people."""
    assert page(cause).who.startswith(WHO[cause.owner])


@EVERY
def test_a_page_says_what_to_do_for_every_provider_where_it_can_happen(cause: Cause) -> None:
    """Nobody is left with a diagnosis and no next step."""
    fixes = page(cause).fixes
    assert ANY in fixes or ONLY.get(cause, EVERYWHERE) <= fixes.keys()


@EVERY
def test_no_command_prints_every_variable(cause: Cause) -> None:
    """Secrets stand in the environment, and what a command prints ends up in a log."""
    commands = [line for fix in page(cause).fixes.values() for line in fix.commands]
    assert not [line for line in commands if line.strip() in {"env", "printenv", "export", "set"}]


@pytest.mark.parametrize("provider", ["s3", "gcs", "abs"])
def test_a_proxy_is_passed_by_on_the_way_to_the_storages_own_provider(provider: str) -> None:
    """Whether one host is let through says nothing about another provider's."""
    storage = {
        "s3": S3Storage(name="s", storage_type="s3", bucket="b", region="eu-central-1"),
        "gcs": GcsStorage(name="s", storage_type="gcs", bucket="b"),
        "abs": AbsStorage(name="s", storage_type="abs", bucket="b", account_name="contoso"),
    }[provider]
    own = {
        "s3": "s3.eu-central-1.amazonaws.com",
        "gcs": "storage.googleapis.com",
        "abs": "contoso.blob.core.windows.net",
    }
    told = remedy(Cause.PROXY_INTERFERED, provider, gather(None, storage))
    assert any(line.startswith("curl ") and own[provider] in line for line in told.commands)


@EVERY
def test_each_fix_begins_with_one_sentence(cause: Cause) -> None:
    """The first paragraph of a fix is what the report prints after `fix:`."""
    for fix in page(cause).fixes.values():
        assert fix.sentence.endswith(".")
        assert not re.search(r"[.!?] [A-Z]", markup.bare(fix.sentence)), fix.sentence


@EVERY
def test_a_page_is_short_enough_to_be_read_on_call(cause: Cause) -> None:
    """Three providers on one screen or two."""
    assert 20 <= len(page(cause).text.splitlines()) <= 90


@EVERY
def test_every_fence_is_of_a_known_language_and_parses(cause: Cause) -> None:
    """A patch that is no JSON or YAML would fail in the reader's hands."""
    for fence in markup.fences(page(cause).text):
        assert fence.language in LANGUAGES
        if fence.language == "json":
            json.loads(fence.text)
        if fence.language == "yaml":
            yaml.safe_load(fence.text)


@EVERY
def test_every_command_begins_with_a_tool_that_people_have(cause: Cause) -> None:
    """Each line of a command fence is one whole command of a provider's tool or a standard one."""
    for fix in page(cause).fixes.values():
        for command in fix.commands:
            assert command.split()[0] in TOOLS, command
            shlex.split(command)
            assert not re.search(r"[;&|]\s", command), command


@EVERY
def test_every_open_word_is_one_that_is_filled_in(cause: Cause) -> None:
    """A misspelt word would stay open for ever."""
    assert set(re.findall(r"(?<!\$)\{([a-z_]+)\}", page(cause).text)) <= WORDS


@EVERY
def test_no_page_widens_more_than_needed(cause: Cause) -> None:
    """Least privilege: no wildcard action, no broad role, no public principal, no disabled verification."""
    for fix in page(cause).fixes.values():
        for line in (*fix.commands, fix.patch):
            assert not WIDE.search(line), line


@EVERY
def test_the_pages_that_a_page_points_to_exist(cause: Cause) -> None:
    """A look-alike that is named must have a page of its own name."""
    causes = {each.value for each in Cause}
    named = re.findall(r"`preflight explain ([a-z-]+)`", page(cause).text)
    assert set(named) <= causes
    for word in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page(cause).text):
        if word.rpartition("-")[2] in {name.rpartition("-")[2] for name in causes}:
            assert word in causes, word


def test_no_page_is_without_its_cause() -> None:
    """A cause that was renamed leaves no page behind."""
    found = {each.name for each in resources.files("preflight.causes").iterdir() if each.name.endswith(".md")}
    assert found == {f"{cause}.md" for cause in Cause}


def test_the_least_grants_are_the_documented_ones() -> None:
    """What the most frequent page grants is what writing needs, neither less nor more."""
    fixes = page(Cause.PERMISSION_MISSING).fixes
    (statement,) = json.loads(fixes["s3"].patch)["Statement"]
    assert statement["Action"] == "s3:PutObject"
    assert statement["Resource"] == "arn:aws:s3:::{bucket}/{path}*"
    assert "--role=roles/storage.objectCreator" in fixes["gcs"].commands[0]
    role = json.loads(fixes["abs"].patch)
    assert [action.rpartition("/blobs/")[2] for action in role["DataActions"]] == ["write", "add/action"]
    assert role["Actions"] == []
    assert "/blobServices/default/containers/{container}" in fixes["abs"].commands[1]
