"""Canary secrets over every command, format and verbosity, and over everything that goes wrong: none is ever seen."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from preflight import cli, reports
from preflight.cli.explain import ERROR_FORMATS
from preflight.config import load
from preflight.model import Secret
from preflight.redact import redact
from preflight.sandbox import Fault, Kind
from preflight.session import Session
from tests.safety.conftest import Clouds, Say, raw

LOUDNESS: tuple[list[str], ...] = ([], ["-v"], ["-vv"], ["-vvv"])
COVERED = {"check", "clean", "compare", "demo", "explain", "lint", "list", "policy", "replay", "runbook", "schema"}
REFUSED = Fault(kind=Kind.REFUSE, status=403, code="AccessDenied", message="Access Denied")


def everywhere(folder: Path) -> list[str]:
    """Options for every format there is, each to a file of its own."""
    return [word for form in reports.formats() for word in ("-o", f"{form}={folder / form}")]


def written(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


def home(environ: pytest.MonkeyPatch, folder: Path) -> Path:
    """A home of its own below the test's folder, so that the journals are looked through as well."""
    environ.setenv("XDG_STATE_HOME", str(folder))
    return folder


def test_every_command_is_looked_through() -> None:
    """A new command has to come by here; `completion` prints a script that knows of no storage."""
    assert set(cli.preflight.list_commands(click.Context(cli.preflight))) == COVERED | {"completion"}


@pytest.mark.parametrize("loud", LOUDNESS, ids="".join)
@pytest.mark.parametrize("fault", [None, REFUSED], ids=["ready", "refused"])
def test_a_check_shows_none(
    clouds: Clouds,
    say: Say,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    loud: list[str],
    fault: Fault | None,
) -> None:
    """Not in any report, evidence or journal, however much of the wire is shown, and whatever was answered."""
    out = tmp_path / "out"
    out.mkdir()
    home(monkeypatch, out)
    if fault:
        clouds.inject(fault)
    done = say("check", clouds.file, *everywhere(out), "-o", "human", "--evidence", out / "evidence", *loud)

    assert done.code == (1 if fault else 0), done.all
    assert len(list(out.rglob("*.jsonl"))) == (0 if fault else 1)
    assert len(clouds.canaries) > len(clouds.configured)
    assert clouds.seen(done.all + written(out)) == []


@pytest.mark.parametrize("loud", LOUDNESS, ids="".join)
def test_no_command_after_a_check_shows_one(
    clouds: Clouds, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loud: list[str]
) -> None:
    """Evidence, plain and without names, judged again, compared and made a runbook of; and what is left, listed."""
    out = tmp_path / "out"
    out.mkdir()
    home(monkeypatch, out)
    evidence, anonymous, report = out / "evidence", out / "anonymous", out / "report"
    said = [
        say("check", clouds.file, "--evidence", evidence, "-o", f"json={report}"),
        say("check", clouds.file, "--evidence", anonymous, "--anonymise", "-o", "short"),
        say("replay", evidence, *everywhere(out), "-o", "human", *loud),
        say("replay", evidence, "--anonymise", out / "again", *loud),
        *(say("compare", report, anonymous, "-o", form) for form in ("text", "json")),
        *(say("runbook", evidence, "-o", form) for form in ("markdown", "html")),
        *(say("clean", "--dry-run", "-o", form) for form in ("text", "json")),
    ]

    assert {one.code for one in said} <= {0, 1}, [one.err for one in said]
    assert clouds.seen("".join(one.all for one in said) + written(out)) == []


@pytest.mark.parametrize("loud", LOUDNESS, ids="".join)
def test_what_is_done_offline_shows_none(clouds: Clouds, say: Say, tmp_path: Path, loud: list[str]) -> None:
    """Rules, policies and lists never need a secret, even one that is written into the file."""
    plain = tmp_path / "plain.yaml"
    text = clouds.file.read_text(encoding="utf-8")
    for box in clouds.boxes:
        for name, value in box.environ.items():
            text = text.replace(f"${{{name}}}", json.dumps(value))
    plain.write_text(text.replace("bucket: my-recordings", "bucket: No_Where"), encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    document = tmp_path / "policy.json"
    document.write_text('{"Version": "2012-10-17", "Statement": []}', encoding="utf-8")
    given = ("-d", f"policy={document}", "--storage", "my-s3")
    said = [
        say("lint", plain, *everywhere(out), "-o", "human", *loud),
        *(say("policy", "show", clouds.file, "-o", form) for form in ("json", "terraform", "commands")),
        say("policy", "test", clouds.file, "-d", document, "--storage", "my-s3", *everywhere(out), *loud),
        say("policy", "fix", clouds.file, *given[2:], "-d", document),
        *(say("list", what, "-o", form) for what in ("checks", "causes", "scenarios") for form in ("text", "json")),
        *(say("schema", what) for what in ("config", "report")),
    ]

    assert said[0].code == 1
    assert "No_Where" in said[0].out
    assert clouds.seen("".join(one.all for one in said) + written(out)) == []


@pytest.mark.parametrize("loud", LOUDNESS, ids="".join)
def test_a_demo_shows_none(clouds: Clouds, say: Say, loud: list[str]) -> None:
    """The sandbox's own secrets are treated as anybody's."""
    done = say("demo", "s3/healthy", "gcs/no-permission", "abs/wrong-secret", *loud)

    assert done.code == 0
    assert clouds.seen(done.all) == []


def pasted(secret: str) -> list[str]:
    """How a secret stands in what people paste."""
    return [
        f"Authorization: Bearer {secret}",
        f"https://x.blob.core.windows.net/c/b?sv=2023-11-03&se=2026-01-01&sig={secret}",
        f"https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIA1234567890ABCDEF%2F20260101&X-Amz-Signature={secret}",
        f"aws_secret_access_key = {secret}",
        f'{{"client_secret": "{secret}"}}',
        f"AccountName=a;AccountKey={secret};EndpointSuffix=core.windows.net",
        f"<Error><Code>SignatureDoesNotMatch</Code><StringToSign>{secret}</StringToSign></Error>",
        f'{{"private_key": "-----BEGIN PRIVATE KEY-----\\n{secret}\\n-----END PRIVATE KEY-----\\n"}}',
        f"fatal: unable to access https://user:{secret}@example.com/",
    ]


SECRET = "cAnArY0sEcReT1cAnArY2sEcReT3cAnArY4sEcReT"


@pytest.mark.parametrize("text", pasted(SECRET))
def test_a_pasted_error_is_explained_without_its_secret(say: Say, tmp_path: Path, text: str) -> None:
    """People paste whole logs, and share the answer; broken lines of a batch are not repeated either."""
    batch = tmp_path / "batch"
    lines = [json.dumps({"text": text}), json.dumps({"message": text, "code": text}), text, json.dumps([text])]
    batch.write_text("\n".join([*lines, json.dumps({text: 1}), json.dumps({"provider": text})]), encoding="utf-8")
    said = [
        *(say("explain", "--error", text, "-o", form) for form in ERROR_FORMATS),
        say("explain", "--batch", batch),
    ]

    assert {one.code for one in said} == {0}
    assert SECRET not in "".join(one.all for one in said)


ANYTHING = st.text(st.characters(exclude_characters="*"))  # halves of characters, too


@given(text=ANYTHING, value=ANYTHING.filter(lambda value: len(value.strip()) >= 4))
@example(text="\ud83d", value="abc\udcff\udcfe")
def test_any_secret_is_hidden_in_any_text(text: str, value: str) -> None:
    """A crash while a secret is being hidden would lose the report, and what was left behind with it."""
    assert value not in redact(text + value, [Secret(value, source="test")])


ADDRESS = f"https://user:{SECRET}@example.com/x?sig={SECRET}"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "f", "--endpoint", f"sts={ADDRESS}"),
        ("check", "f", "--endpoint", ADDRESS),
        ("check", "f", "--endpoint", f"sts=ftp://example.com/?sig={SECRET}"),
        ("check", "f", "--endpoint", f"sts=http://[{SECRET}?sig={SECRET}"),
        ("check", "f", "--timeout", ADDRESS),
        ("check", "f", "--wait", ADDRESS),
        ("check", "f", "--only", ADDRESS),
        ("check", "f", "--fail-on", ADDRESS),
        ("check", "f", "-o", ADDRESS),
        ("check", ADDRESS),
        ("lint", ADDRESS),
        ("lint", "f", f"--{ADDRESS}"),
        ("explain", ADDRESS),
        ("explain", "--batch", ADDRESS),
        ("explain", "--error", "x", "--provider", ADDRESS),
        ("explain", "region-wrong", "-o", ADDRESS),
        ("policy", "show", ADDRESS),
        ("policy", "test", "f", "-d", ADDRESS),
        ("replay", ADDRESS),
        ("compare", ADDRESS, ADDRESS),
        ("runbook", ADDRESS),
        ("runbook", "f", "-o", ADDRESS),
        ("clean", ADDRESS),
        ("demo", ADDRESS),
        ("list", ADDRESS),
        ("schema", ADDRESS),
        (ADDRESS,),
    ],
    ids=lambda words: " ".join(words).replace(ADDRESS, "ADDRESS").replace(SECRET, "SECRET"),
)
def test_a_usage_error_does_not_repeat_a_password(say: Say, arguments: tuple[str, ...]) -> None:
    """What was typed may be an address with a password in it, put in the wrong place."""
    done = say(*arguments)

    assert done.code == 2, done.err
    assert done.err
    assert SECRET not in done.all


def test_a_file_that_cannot_be_read_is_not_repeated(say: Say, tmp_path: Path) -> None:
    """Broken in every format, with a secret on the line that breaks it."""
    broken = {
        "a.yaml": f"s3_secret: [{SECRET}\n  b: {SECRET}: }}",
        "b.json": f'{{"s3_secret": "{SECRET}", {SECRET}',
        "c.toml": f's3_secret = "{SECRET}\n{SECRET}',
        "d.jsonl": f'{{"s3_secret": "{SECRET}"}}\n{SECRET}',
        "e.yaml": f"{SECRET}",
        "f.yaml": f"a: &{SECRET} 1\nb: *{SECRET}x\n",
        "g.yaml": f"s3_secret: !{SECRET} x\n",
    }
    for name, text in broken.items():
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        for command in (["lint"], ["check"], ["policy", "show"], ["replay"], ["runbook"], ["clean"]):
            done = say(*command, file)
            assert done.code in {1, 2}, (name, command, done.all)
            assert SECRET not in done.all, (name, command)


@pytest.mark.parametrize(
    ("cloud", "line", "code"),
    [
        ("s3", "botocore.httpsession.URLLib3Session.send", 3),
        ("gcs", "requests.adapters.HTTPAdapter.send", 1),  # an error that shows a PEM is about a key that is none
        ("abs", "azure.core.pipeline.transport.RequestsTransport.send", 3),
    ],
)
def test_a_store_that_raises_does_not_leak(
    clouds: Clouds, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cloud: str, line: str, code: int
) -> None:
    """An error in the midst of an SDK, chained, with the storage's secrets in its message: unseen in every place."""
    out = tmp_path / "out"
    out.mkdir()
    home(monkeypatch, out)
    entry = next(one for one in load([str(clouds.file)]).storages if one.storage_type == cloud)
    secrets = raw(secret.reveal() for secret in entry.secrets)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"failed with {secrets}") from ValueError(secrets)

    monkeypatch.setattr(line, broken)
    done = say("check", clouds.file, *everywhere(out), "-o", "human", "--evidence", out / "evidence", "-vvv")

    assert "RuntimeError" in done.out
    assert done.code == code
    assert clouds.seen(done.all + written(out)) == []


@pytest.mark.parametrize("where", ["checks.write_object.examine_write", "session.Session._settle"])
def test_a_crash_of_ours_does_not_leak(
    clouds: Clouds, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A bug in a check, or in what carries them, whose message holds the storage's secrets."""
    out = tmp_path / "out"
    out.mkdir()
    home(monkeypatch, out)

    def bug(*given: object, **_: object) -> None:
        session = next(one for one in given if isinstance(one, Session))
        raise LookupError(raw(secret.reveal() for secret in session.storage.secrets))

    monkeypatch.setattr(f"preflight.{where}", bug)
    done = say("check", clouds.file, *everywhere(out), "-o", "human", "--evidence", out / "evidence", "-vvv")

    assert "LookupError" in done.out
    assert done.code in {3, 4}
    assert clouds.seen(done.all + written(out)) == []
