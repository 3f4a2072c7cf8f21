"""What comes after a check: evidence on the command line, comparisons, the guide for the person on call, completion."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from preflight import guide
from preflight.cli import _evidence as evidence
from preflight.cli import run
from preflight.compare import compare, plain
from preflight.compare import text as compared
from preflight.model import Location, Outcome, Report, Status, StorageReport, Verdict, Writer
from preflight.past import Past, Unfit, read
from preflight.reports import _plain
from preflight.run import Plan, check
from preflight.sandbox import Sandbox
from preflight.stream import PRINCIPAL
from tests.gate.seen import again, seen
from tests.reports import sample
from tests.reports.test_every_format import HOSTILE

ROOT = Path(__file__).parents[2]


def _past(report: Report) -> Past:
    return read(json.loads(_plain.dumps(_plain.report(report))))


def _with(*outcomes: Outcome, name: str = "my-s3") -> Report:
    storage = replace(sample.BAD, storage=replace(sample.STORAGE, name=name), outcomes=outcomes, residue=())
    return replace(sample.REPORT, storages=(storage,), outcomes=())


def _settled(outcome: Outcome) -> Outcome:
    return replace(outcome, status=Status.PASS, message="", candidates=(), remedy=None)


def _command(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "preflight", *arguments]
    known = environment | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, check=False)


@pytest.fixture
def compatible(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment in which `storages.yaml` names a storage of the sandbox, checked with its evidence kept."""
    with Sandbox("s3/locked-compatible") as box:
        (tmp_path / "storages.yaml").write_text(box.configuration, encoding="utf-8")
        environment |= box.environ
        evidence = ["--evidence", "evidence.json"]
        done = _command(tmp_path, environment, "check", "storages.yaml", "-o", "json", *evidence)
        names = _command(tmp_path, environment, "check", "storages.yaml", "--evidence", "other.json", "--anonymise")
    environment["CHECKED"] = done.stdout
    assert names.returncode == done.returncode, done.stderr + names.stderr
    return environment


def test_support_reproduces_the_verdict_and_the_fix(compatible: dict[str, str], tmp_path: Path) -> None:
    """The customer checks and sends a file; support, without credentials and with the cloud gone, has the same."""
    away = {name: value for name, value in compatible.items() if not name.startswith(("S3_", "SANDBOX_"))}
    checked = json.loads(compatible["CHECKED"])

    done = _command(tmp_path, away, "replay", "evidence.json", "-o", "json")

    replayed = json.loads(done.stdout)
    assert done.returncode == checked["exit_code"]
    assert replayed["verdict"] == checked["verdict"]
    then, now = (
        [(one["check"], one["status"], one["candidates"], one["remedy"]) for one in found["storages"][0]["outcomes"]]
        for found in (checked, replayed)
    )
    assert now == then


def test_evidence_is_for_its_owner(compatible: dict[str, str], tmp_path: Path) -> None:
    """It names accounts and buckets: nobody else on the machine may read it, and no secret is in it."""
    text = (tmp_path / "evidence.json").read_text(encoding="utf-8")
    secrets = [value for name, value in compatible.items() if name.startswith("S3_") and "SECRET" in name]

    assert oct((tmp_path / "evidence.json").stat().st_mode & 0o777) == "0o600"
    assert secrets
    assert [secret for secret in secrets if secret in text] == []


def test_evidence_takes_the_place_of_a_file_that_everybody_could_read(
    compatible: dict[str, str], tmp_path: Path
) -> None:
    """Neither its mode nor a reader who has it open learns anything; a link stays a link, and nothing else is left."""
    there, link = tmp_path / "there.json", tmp_path / "link.json"
    there.write_text("of yesterday", encoding="utf-8")
    there.chmod(0o644)
    link.symlink_to(there.name)
    names = {path.name for path in tmp_path.iterdir()}

    with there.open(encoding="utf-8") as reader:
        done = _command(tmp_path, compatible, "replay", "evidence.json", "--anonymise", "link.json")
        assert reader.read() == "of yesterday"

    assert done.returncode == json.loads(compatible["CHECKED"])["exit_code"]
    assert link.is_symlink()
    assert oct(there.stat().st_mode & 0o777) == "0o600"
    assert json.loads(there.read_text(encoding="utf-8"))["anonymised"] is True
    assert {path.name for path in tmp_path.iterdir()} == names


def test_evidence_goes_into_a_pipe_and_does_not_replace_it(compatible: dict[str, str], tmp_path: Path) -> None:
    """What is no regular file, a device such as /dev/null among them, is written to and stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # a pipe's own buffer holds what this evidence weighs
    done = _command(tmp_path, compatible, "replay", "evidence.json", "--anonymise", "pipe")
    with os.fdopen(reading, "rb") as stream:
        said = json.loads(stream.read())

    assert done.returncode == json.loads(compatible["CHECKED"])["exit_code"]
    assert said["anonymised"] is True
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", [".", "no/such/folder", "storages.yaml/x", "loop"])
def test_evidence_that_cannot_be_written_is_one_sentence(compatible: dict[str, str], tmp_path: Path, name: str) -> None:
    """With the path; what was there before is there still."""
    (tmp_path / "loop").symlink_to("loop")
    names = {path.name for path in tmp_path.iterdir()}
    done = _command(tmp_path, compatible, "replay", "evidence.json", "--anonymise", name)

    assert done.returncode == 2
    assert f"Error: {name}: cannot be written: " in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == names


def test_evidence_without_names_is_judged_the_same(compatible: dict[str, str], tmp_path: Path) -> None:
    """`--anonymise` and `replay --anonymise` leave out the names, and nothing of the verdict."""
    name = json.loads(compatible["CHECKED"])["storages"][0]["bucket"]
    later = _command(tmp_path, compatible, "replay", "evidence.json", "--anonymise", "third.json")

    for file in ("other.json", "third.json"):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert json.loads(text)["anonymised"] is True
        assert name not in text
        assert _command(tmp_path, compatible, "replay", file).returncode == later.returncode


def test_anonymise_needs_something_to_write_to(tmp_path: Path) -> None:
    """The option by itself would promise what does not happen."""
    (tmp_path / "a.yaml").write_text("storages: []\n", encoding="utf-8")

    assert run(["check", str(tmp_path / "a.yaml"), "--anonymise"]) == 2


def test_what_is_new_what_is_fixed_what_is_still_there() -> None:
    """By storage, check and cause; a repaired finding is told beside the one that came."""
    before = _past(_with(sample.WRONG_REGION, sample.WAIVED))
    after = _past(_with(_settled(sample.WRONG_REGION), sample.REFUSED_WRITE, sample.WAIVED))

    found = compare(before, after)

    assert [change.check for change in found.new] == ["write-object"]
    assert [change.check for change in found.fixed] == ["match-region"]
    assert [change.check for change in found.still] == ["withhold-list"]
    assert found.exit_code == 1


def test_the_same_check_with_another_cause_is_news() -> None:
    """`check` and `cause` together are the identity of a finding."""
    other = replace(sample.REFUSED_WRITE, candidates=sample.REFUSED_WRITE.candidates[1:])
    found = compare(_past(_with(sample.REFUSED_WRITE)), _past(_with(other)))

    assert [(change.check, change.cause) for change in found.new] == [("write-object", "explicit-deny")]
    assert [(change.check, change.cause) for change in found.unjudged] == [("write-object", "permission-missing")]
    assert found.fixed == ()


@pytest.mark.parametrize(
    "later",
    [
        replace(sample.REFUSED_WRITE, status=Status.SKIP, reason="not selected by --only", candidates=()),
        replace(sample.REFUSED_WRITE, status=Status.SKIP, reason="waits for match-region", candidates=()),
        replace(sample.REFUSED_WRITE, status=Status.UNKNOWN, message="the deadline was reached", candidates=()),
        None,
    ],
    ids=["left out", "waiting", "out of time", "no such check"],
)
def test_what_was_not_judged_again_is_not_fixed(later: Outcome | None) -> None:
    """A run that was cut short or asked for less has repaired nothing, and says why it does not know."""
    found = compare(_past(_with(sample.REFUSED_WRITE)), _past(_with(*filter(None, [later]))))

    (change,) = found.unjudged
    assert found.fixed == ()
    assert change.check == "write-object"
    assert change.now == (later.reason or later.message if later else "there is no such check in the later report")
    assert f"now: {change.now}" in compared(found)
    assert plain(found)["unjudged"][0]["now"] == change.now


def test_what_makes_no_sense_any_more_is_fixed() -> None:
    """Whoever takes the endpoint out of the configuration has nothing left to mend about it."""
    later = replace(sample.REFUSED_WRITE, status=Status.SKIP, reason="for endpoints only", candidates=(), applies=False)
    found = compare(_past(_with(sample.REFUSED_WRITE)), _past(_with(later)))

    assert ([change.check for change in found.fixed], found.unjudged) == (["write-object"], ())


def test_what_was_open_and_is_refuted_is_news() -> None:
    """The same check and cause, but what was a doubt yesterday is a failure today; the other way round it is none."""
    open_ = replace(sample.REFUSED_WRITE, status=Status.UNKNOWN)
    worse = compare(_past(_with(open_)), _past(_with(sample.REFUSED_WRITE)))
    better = compare(_past(_with(sample.REFUSED_WRITE)), _past(_with(open_)))

    assert ([change.check for change in worse.new], worse.still, worse.exit_code) == (["write-object"], (), 1)
    assert ([change.check for change in better.still], better.new, better.exit_code) == (["write-object"], (), 0)


def test_a_waiver_that_has_ended_is_news() -> None:
    """What was accepted for a while counts again, and a pipeline has to see it; a new waiver is no alarm."""
    waived = replace(sample.REFUSED_WRITE, waived=sample.WAIVED.waived)
    ended = compare(_past(_with(waived)), _past(_with(sample.REFUSED_WRITE)))
    accepted = compare(_past(_with(sample.REFUSED_WRITE)), _past(_with(waived)))

    assert ([change.check for change in ended.new], ended.exit_code) == (["write-object"], 1)
    assert (accepted.new, accepted.exit_code) == ((), 0)


def test_a_run_that_is_cut_short_fixes_nothing() -> None:
    """The same broken storage, then lint, which judges the files alone."""
    report = seen("s3/no-permission").report
    fixed = compare(_past(report), _past(check(seen("s3/no-permission").configuration, Plan(offline=True)))).fixed

    assert report.verdict is Verdict.NOT_READY
    assert fixed == ()


def test_a_storage_that_is_gone_has_fixed_nothing() -> None:
    """Whoever removes a storage from the file has repaired none."""
    found = compare(_past(_with(sample.REFUSED_WRITE, name="old")), _past(_with(sample.WRONG_REGION, name="new")))

    assert found.fixed == ()
    assert (found.appeared, found.vanished) == (("new",), ("old",))


def _in(file: str, *outcomes: Outcome, name: str = "my-s3", line: int = 3) -> StorageReport:
    storage = replace(sample.STORAGE, name=name, origin=Location(file, line, 5))
    return replace(sample.BAD, storage=storage, outcomes=outcomes, residue=())


def _of(*storages: StorageReport) -> Past:
    return _past(replace(sample.REPORT, storages=storages, outcomes=()))


def test_storages_of_one_name_in_two_files_are_two() -> None:
    """Names are unique in a file only: what was there in one hides nothing that is new in the other."""
    well, bad = _settled(sample.REFUSED_WRITE), sample.REFUSED_WRITE
    before = _of(_in("eu/storages.yaml", bad), _in("us/storages.yaml", well))
    found = compare(before, _of(_in("./eu/storages.yaml", bad, line=9), _in("us/storages.yaml", bad)))

    assert [change.storage for change in found.new] == ["my-s3 (us/storages.yaml)"]
    assert [change.storage for change in found.still] == ["my-s3 (eu/storages.yaml)"]
    assert (found.exit_code, found.appeared, found.vanished) == (1, (), ())
    assert "my-s3 (us/storages.yaml): can create objects" in compared(found)
    assert plain(found)["new"][0]["storage"] == "my-s3 (us/storages.yaml)"


def test_a_namesake_that_is_added_is_told() -> None:
    """The file tells it from the one that was there."""
    bad = sample.REFUSED_WRITE
    found = compare(_of(_in("eu.yaml", bad)), _of(_in("eu.yaml", bad), _in("us.yaml", bad)))

    assert (found.appeared, found.vanished) == (("my-s3 (us.yaml)",), ())
    assert [change.storage for change in found.new] == ["my-s3 (us.yaml)"]


def test_storages_without_a_name_are_counted() -> None:
    """Two of one file are told apart by their order, and moving lines changes nothing."""
    well, bad = _settled(sample.REFUSED_WRITE), sample.REFUSED_WRITE
    before = _of(_in("a.yaml", bad, name=""), _in("a.yaml", well, name="", line=8))
    found = compare(before, _of(_in("a.yaml", bad, name="", line=5), _in("a.yaml", bad, name="", line=20)))

    assert [change.storage for change in found.new] == ["(no name) (a.yaml, 2)"]


def test_a_storage_of_its_own_name_may_move_to_another_file() -> None:
    """Where the name says which one it is, the path by which its file was named takes no part."""
    found = compare(_of(_in("a.yaml", sample.REFUSED_WRITE)), _of(_in("/ci/b.yaml", sample.REFUSED_WRITE)))

    assert ([change.storage for change in found.still], found.new) == (["my-s3"], ())


@pytest.mark.parametrize("outcome", [sample.WAIVED, sample.WARNED], ids=["waived", "warned"])
def test_what_does_not_count_is_no_alarm(outcome: Outcome) -> None:
    """A new warning is told, and the exit code stays 0."""
    found = compare(_past(_with()), _past(_with(outcome)))

    assert len(found.new) == 1
    assert found.exit_code == 0


def test_a_report_is_compared_with_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Either kind of file will do, as text and as JSON."""
    (tmp_path / "a.json").write_text(_plain.dumps(_plain.report(seen("s3/healthy").report)), encoding="utf-8")
    (tmp_path / "b.json").write_text(seen("s3/no-permission").text, encoding="utf-8")

    assert run(["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "-o", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["new"][0]["cause"]
    assert run(["compare", str(tmp_path / "b.json"), str(tmp_path / "a.json")]) == 0
    assert "nothing" in capsys.readouterr().out


def test_an_older_report_can_be_read() -> None:
    """What this version writes besides, an older one did not; what a newer one adds is passed by."""
    document = _plain.report(sample.REPORT)
    for storage in document["storages"]:
        storage.pop("address")
        for outcome in storage["outcomes"]:
            outcome.pop("waived")
            outcome["mood"] = "fine"

    assert len(list(read(document).findings())) == len(list(_past(sample.REPORT).findings()))


@pytest.mark.parametrize("document", [{}, {"verdict": "fine"}, {"verdict": "ready", "storages": [{}]}])
def test_a_cut_report_is_refused(document: dict[str, object]) -> None:
    """One sentence names the place."""
    with pytest.raises(Unfit, match="expected what `preflight schema report` says"):
        read(document)


def test_a_file_that_is_neither_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and a sentence that says what would do."""
    (tmp_path / "a.json").write_text('{"schema": "sarif"}', encoding="utf-8")

    assert run(["compare", str(tmp_path / "a.json"), str(tmp_path / "a.json")]) == 2
    assert run(["runbook", str(tmp_path / "a.json")]) == 2
    assert "expected preflight.report/1" in capsys.readouterr().err


def test_the_guide_begins_with_what_holds_up_the_rest() -> None:
    """Failures in the order of the checks, then what is open, then warnings, then what was left behind."""
    titles = [step.title for step in guide.steps(_past(sample.REPORT))]

    assert [title.rpartition("(")[2].split(":")[0].rstrip(")") for title in titles[:4]] == [
        "match-region",
        "write-object",
        "resolve-call-types",
        "write-multipart",
    ]
    assert "left behind" in titles[-1]
    assert not any("withhold-list" in title for title in titles)  # waived


def test_each_step_says_who_does_what_and_what_is_seen_then() -> None:
    """Nobody on call has to guess: the command to run, the line to expect, who takes over."""
    step = guide.steps(_past(sample.REPORT))[1]

    assert step.who == "cloud administrator"
    assert step.commands == sample.REFUSED_WRITE.remedy.commands if sample.REFUSED_WRITE.remedy else False
    assert "s3:PutObject on arn:aws:s3:::my-recordings/recordings/*" in step.summary
    assert step.verify == "preflight check deploy/storages.yaml --only write-object"
    assert step.expect == "√ can create objects under recordings/"
    assert [cause for _, cause in step.otherwise] == ["explicit-deny"]


@pytest.mark.parametrize(
    "asked",
    [
        ("check", "--inspect"),
        ("check", "--aws-profile", "the auditor", "--endpoint", "sts=https://sts.example"),
        ("policy", "test", "--document", "policy=my bucket.json", "--storage", "my-s3"),
        ("lint",),
    ],
    ids=" ".join,
)
def test_a_step_is_proven_the_way_it_was_found(asked: tuple[str, ...]) -> None:
    """Whoever asks less than the report did is not shown what the step promises."""
    step = guide.steps(_past(replace(sample.REPORT, asked=asked)))[1]

    assert shlex.split(step.verify) == ["preflight", *asked, "deploy/storages.yaml", "--only", "write-object"]


def test_a_storage_without_a_key_is_proven_by_documents() -> None:
    """Only Stream can try it: a check that reads no documents would never show that it can be written to."""
    storage = replace(sample.BAD, writer=Writer(PRINCIPAL), outcomes=(sample.OPEN, sample.WARNED), residue=())
    verify = [step.verify for step in guide.steps(_past(replace(sample.REPORT, storages=(storage,), outcomes=())))]

    assert verify == [
        "preflight check --inspect deploy/storages.yaml --only write-multipart",
        "preflight check deploy/storages.yaml --only withhold-delete",
    ]


@pytest.mark.parametrize("scenario", ["s3/keyless-no-policy", "abs/denial-named"])
def test_evidence_tells_that_somebody_inspected(scenario: str) -> None:
    """From evidence the same steps come as from the report of that run."""
    asked = [guide.steps(_past(report))[0].verify for report in (again(seen(scenario).text), seen(scenario).report)]

    assert " --inspect " in asked[0]
    assert shlex.split(asked[1])[-3:] == shlex.split(asked[0])[-3:]


def test_what_a_step_promises_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Documents that grant nothing are judged, mended, and judged again by the very command of the step."""
    monkeypatch.chdir(tmp_path)
    storage = "{name: mine, storage_type: s3, bucket: my-recordings, path: x/, aws_s3: {s3_region: eu-central-1}}"
    Path("storages.yaml").write_text(f"storages: [{storage}]\n", encoding="utf-8")
    Path("bucket.json").write_text('{"Version": "2012-10-17", "Statement": []}', encoding="utf-8")
    given = ["-d", "policy=bucket.json", "-d", "encryption=none", "-d", "public-access=none"]

    assert run(["policy", "test", "storages.yaml", *given, "-o", "json=report.json"]) == 1
    steps = guide.steps(evidence.past("report.json"))
    [step] = [step for step in steps if "(write-object" in step.title]
    assert run(["policy", "show", "storages.yaml"]) == 0
    Path("bucket.json").write_text(capsys.readouterr().out, encoding="utf-8")

    assert run(shlex.split(step.verify)[1:]) in {0, 3}
    assert step.expect in capsys.readouterr().out


def test_where_all_is_well_nothing_has_to_be_done() -> None:
    """A guide without steps says so."""
    assert guide.steps(_past(sample.READY)) == ()
    assert "Nothing has to be done" in guide.markdown(_past(sample.READY))


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_becomes_markup_of_the_guide(kind: str) -> None:
    """Rendered by a Markdown library, a hostile report makes no link, no image, no HTML and no heading of its own."""
    spoiled = replace(sample.spoiled(HOSTILE[kind]), verdict=Verdict.NOT_READY)
    clean = replace(sample.spoiled("x"), verdict=Verdict.NOT_READY)
    counted = [_counted(guide.markdown(_past(report))) for report in (clean, spoiled)]

    assert counted[0] == counted[1]


def _counted(text: str) -> dict[str, int]:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    spans = [child for token in tokens for child in token.children or ()]
    found = [token.type for token in [*tokens, *spans] if token.type not in {"text", "softbreak"}]
    harmless = [token.content for token in spans if token.type == "html_inline" and token.content != "<!-- -->"]
    kinds = ("heading_open", "link_open", "image", "html_block", "fence", "bullet_list_open", "table_open")
    return {kind: found.count(kind) for kind in kinds} | {"markup": len(harmless)}


@pytest.mark.parametrize("output", ["markdown", "html"])
def test_the_guide_is_written_where_it_is_wanted(output: str, tmp_path: Path) -> None:
    """From a report or from evidence, to a file."""
    (tmp_path / "evidence.json").write_text(seen("s3/no-permission").text, encoding="utf-8")

    assert run(["runbook", str(tmp_path / "evidence.json"), "-o", f"{output}={tmp_path / 'guide'}"]) == 0
    assert "write-object" in (tmp_path / "guide").read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The script is for that shell, and names the command."""
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out

    assert f"_PREFLIGHT_COMPLETE={shell}_complete" in script
    parser = shutil.which(shell)
    if parser:
        done = subprocess.run([parser, "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("preflight comp", "compare"),
        ("preflight check --only write-o", "write-object"),
        ("preflight check -o sar", "sarif"),
        ("preflight check --fail-on w", "warning"),
    ],
)
def test_a_shell_completes(line: str, found: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Commands, checks, formats and choices are offered."""
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_PREFLIGHT_COMPLETE": "bash_complete"}
    done = _command(tmp_path, {**environment, **words})

    assert f"plain,{found}" in done.stdout.splitlines()


def test_an_editor_finds_the_schema(tmp_path: Path, environment: dict[str, str]) -> None:
    """The line that editors read is a comment, and `$schema` is a field: neither is a finding."""
    schema = _command(tmp_path, environment, "schema", "config")
    (tmp_path / "schema.json").write_text(schema.stdout, encoding="utf-8")
    content = "# yaml-language-server: $schema=schema.json\nstorages: []\ncall_types: {default: stream-s3}\n"
    (tmp_path / "storages.yaml").write_text(content, encoding="utf-8")

    done = _command(tmp_path, environment, "lint", "storages.yaml", "-o", "json")

    assert "schema.json" not in done.stdout
    assert json.loads(schema.stdout)["properties"]["waive"]
