"""`preflight explain` prints pages, diagnoses what is pasted, and answers lines in order."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from preflight.causes import runbook
from preflight.checks import drawer
from preflight.cli import preflight
from preflight.cli.explain import _deliver
from preflight.model import Cause

REGION = (
    "An error occurred (AuthorizationHeaderMalformed) when calling the PutObject operation: The authorization "
    "header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"
)
KMS = (
    "User: arn:aws:iam::111122223333:user/w is not authorized to perform: kms:GenerateDataKey on resource: "
    "arn:aws:kms:eu-central-1:111122223333:key/1234 because no identity-based policy allows the "
    "kms:GenerateDataKey action"
)


def explain(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(preflight, ["explain", *arguments], input=given)


def test_a_cause_is_explained() -> None:
    """The page stands in the terminal without colour when nobody looks."""
    found = explain("region-wrong")
    assert found.exit_code == 0
    assert found.output.startswith("The bucket lives in another region than the configured one\n")
    assert "\x1b" not in found.output


def test_every_check_is_explained() -> None:
    """Every line of a report has a page that begins with its title."""
    for name, check in drawer().items():
        found = explain(name)
        assert found.exit_code == 0
        assert check.page.startswith(f"# {found.output.splitlines()[0]}\n")


def test_a_page_comes_in_every_format(tmp_path: Path) -> None:
    """One call may write several files."""
    files = {kind: tmp_path / kind for kind in ("text", "json", "markdown", "html")}
    wanted = [part for kind, path in files.items() for part in ("-o", f"{kind}={path}")]
    found = explain("region-wrong", *wanted)
    assert (found.exit_code, found.output) == (0, "")
    assert json.loads(files["json"].read_text())["name"] == "region-wrong"
    assert files["markdown"].read_text().startswith("# The bucket lives")
    assert files["html"].read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["regoin-wrong"], "did you mean region-wrong?"),
        (["qqqq"], "preflight list causes"),
        ([], "ask for one thing"),
        (["region-wrong", "--all"], "ask for one thing"),
        (["region-wrong", "-o", "pdf"], "'pdf' is none of text, json, markdown, html"),
        (["--error", "x", "-o", "html"], "'html' is none of text, json"),
        (["--error", "  "], "the text is empty"),
        (["--batch", "no-such-file"], "no-such-file: cannot be read"),
        (["region-wrong", "-o", "text=/no/such/folder/page"], "cannot be written"),
        (["region-wrong", "--provider", "s3"], "it goes with --error"),
    ],
)
def test_a_mistake_is_said_in_one_sentence(arguments: list[str], said: str) -> None:
    """Exit code 2 and what would have been right; never a traceback."""
    found = explain(*arguments)
    assert found.exit_code == 2
    assert said in found.output


def test_a_pasted_error_is_diagnosed_and_mended() -> None:
    """The cause, the field, the value that is right, the lines, who, and where to read on."""
    found = explain("--error", REGION)
    assert found.exit_code == 0
    assert found.output.startswith("answered by: s3\n\n1. region-wrong ")
    assert "field: aws_s3.s3_region, expected eu-central-1" in found.output
    assert 's3_region: "eu-central-1"' in found.output
    assert "who: Whoever wrote the storage configuration." in found.output
    assert found.output.endswith("see: preflight explain region-wrong\n")


def test_the_missing_permission_and_its_key_reach_the_lines_that_mend() -> None:
    """The key and the region of a refused key are filled in from the error itself."""
    said = explain("--error", "-", given=KMS).output
    assert "missing: kms:GenerateDataKey on arn:aws:kms:eu-central-1:111122223333:key/1234" in said
    assert '"Resource": "arn:aws:kms:eu-central-1:111122223333:key/1234"' in said
    assert '"s3.eu-central-1.amazonaws.com"' in said


def test_several_candidates_come_with_what_tells_them_apart() -> None:
    """An answer that does not decide is followed by the next question."""
    said = explain("--error", "AuthorizationPermissionMismatch", "--provider", "abs").output
    assert said.index("1. permission-missing") < said.index("2. ")
    assert said.count("to tell: ") >= 2
    assert "az role assignment create" in said


def test_a_text_that_is_no_error_has_no_cause() -> None:
    """Nothing is made up."""
    found = explain("--error", "good morning")
    assert found.exit_code == 0
    assert "No cause fits" in found.output
    assert json.loads(explain("--error", "good morning", "-o", "json").output)["candidates"] == []


def test_a_diagnosis_as_json_is_one_document() -> None:
    """Programs get the documented names."""
    found = json.loads(explain("--error", "-", "-o", "json", given=REGION).output)
    assert found["schema"] == "preflight.diagnosis/1"
    assert found["provider"] == "s3"
    assert found["candidates"][0]["cause"] == "region-wrong"


SECRETS = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    "text",
    [
        f"An error occurred (ExpiredToken): <Token-0>{SECRETS}</Token-0> The provided token has expired. {SECRETS}",
        f"User: Bearer {SECRETS} is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/{SECRETS}",
        f"the region 'us-east-1' is wrong; expecting '{SECRETS}'",
        f"getaddrinfo ENOTFOUND {SECRETS}.blob.core.windows.net?sig={SECRETS}",
    ],
)
@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_secret_in_the_paste_is_not_printed(text: str, kind: str) -> None:
    """Neither as a token nor as part of a name or a resource."""
    assert SECRETS not in explain("--error", text, "-o", kind).output
    assert SECRETS not in explain("--batch", "-", given=json.dumps(text)).output


def test_a_paste_cannot_drive_the_terminal() -> None:
    """Escape sequences and direction marks from a server do nothing here."""
    said = explain("--error", REGION.replace("eu-central-1", "eu\x1b[2J\u202e-1")).output
    assert not any(letter in said for letter in "\x1b\u202e")


def test_a_batch_answers_line_by_line_in_order(tmp_path: Path) -> None:
    """A bad line is answered in its place and stops nothing; empty lines are no lines."""
    lines = [
        json.dumps(REGION),
        "{bad",
        "",
        "[1]",
        json.dumps({"text": "AADSTS7000215", "more": 1}),
        '"\\ud800"',
        "[" * 9999,
    ]
    file = tmp_path / "errors.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode() + b'\n"\xff"')
    found = explain("--batch", str(file))
    answers = [json.loads(line) for line in found.output.splitlines()]
    assert found.exit_code == 0
    assert [bool(answer.get("error")) for answer in answers] == [False, True, True, False, False, True, False]
    assert answers[0]["candidates"][0]["cause"] == "region-wrong"
    assert answers[1]["error"].startswith("line 2: ")
    assert answers[2]["error"].startswith("line 4: ")
    assert answers[3]["candidates"][0]["cause"] == "secret-wrong"
    assert {answer["schema"] for answer in answers} == {"preflight.diagnosis/1"}


def test_a_batch_answers_while_more_is_still_to_come() -> None:
    """A pipe that stays open gets each answer at once."""
    with subprocess.Popen(
        [sys.executable, "-m", "preflight", "explain", "--batch", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        for text, cause in ((REGION, "region-wrong"), (KMS, "encryption-key-denied")):
            running.stdin.write(json.dumps(text).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["candidates"][0]["cause"] == cause
        running.stdin.close()
        assert running.wait(10) == 0


def test_the_whole_runbook_comes_in_every_format() -> None:
    """Every cause and every check is in it."""
    names = {*Cause, *drawer()}
    found = json.loads(explain("--all", "-o", "json").output)
    assert found["schema"] == "preflight.runbook/1"
    assert {page["name"] for page in found["pages"]} == names
    html = explain("--all", "-o", "html").output
    assert all(f'<article id="{name}">' in html for name in names)
    assert explain("--all", "-o", "markdown").output.count("\n## What it means\n") == len(Cause)


def test_causes_and_checks_share_one_set_of_names() -> None:
    """A name means one page."""
    assert not {*Cause} & drawer().keys()


def test_a_page_is_there_at_once() -> None:
    """The real command, in a process of its own, loads neither a provider's library nor the checks."""
    script = "import sys; from preflight.cli import run; run(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, "explain", "region-wrong"], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"boto3", "google.cloud", "azure", "pydantic", "yaml", "preflight.checks", "preflight.diagnose"}


def test_pages_are_read_from_a_zip(tmp_path: Path) -> None:
    """The package may be installed or bundled in any way that Python imports from."""
    package = Path(runbook.__file__).parents[1]
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        for file in package.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, Path("preflight", file.relative_to(package)))
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from preflight.cli import run; run(['explain', 'not-needed'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(bundle)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.startswith("The refused call is not needed for writing\n")


def test_colour_is_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colour, unless NO_COLOR says otherwise; a file never does."""
    shown: list[bool] = []

    def render(_kind: str, colour: bool) -> str:  # noqa: FBT001 - as the command calls it
        shown.append(colour)
        return ""

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    _deliver([("text", "")], render)
    monkeypatch.setenv("NO_COLOR", "1")
    _deliver([("text", "")], render)
    assert shown == [True, False]
