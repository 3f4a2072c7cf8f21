"""What one format owes to those who read it: limits, levels, escapes, tables."""

from __future__ import annotations

import json
import re
import urllib.parse
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from preflight import reports
from preflight.model import Candidate, Cause, Location, Outcome, Report, Severity, Status, StorageReport, Verdict
from preflight.reports import Look
from tests.reports import sample
from tests.reports.test_every_format import HOSTILE


def _read(name: str, report: Report, **look: Any) -> str:
    return reports.reader(name)(report, Look(**look))


def _of(*outcomes: Outcome, verdict: Verdict = Verdict.NOT_READY) -> Report:
    storage = replace(sample.BAD, outcomes=outcomes, verdict=verdict, residue=())
    return replace(sample.REPORT, storages=(storage,), outcomes=(), verdict=verdict)


def _fleet(number: int) -> Report:
    bad = (replace(sample.BAD, storage=replace(sample.STORAGE, name=f"bad-{n}")) for n in range(number))
    return replace(sample.REPORT, storages=(*bad, sample.GOOD))


def test_github_shows_ten_of_a_kind() -> None:
    """GitHub drops the eleventh annotation of a kind: the gravest are annotated, and the log has the rest."""
    text = _read("github", _fleet(8))
    lines = text.splitlines()
    folded = text[text.index("::group::") : text.index("::endgroup::")]

    for kind in ("error", "warning", "notice"):
        assert len([line for line in lines if line.startswith(f"::{kind} ")]) <= 10
    annotated = len([line for line in lines if line.startswith("::error ")])
    assert annotated == 10
    assert (
        annotated + folded.count("write-object/permission-missing:") + folded.count("match-region/region-wrong:") >= 16
    )


@pytest.mark.parametrize("kind", HOSTILE)
def test_github_escapes_are_undone_by_github(kind: str) -> None:
    """Properties hold neither a colon nor a comma, the text no line end, and the runner gets the text back."""
    for line in _read("github", sample.spoiled(HOSTILE[kind])).splitlines():
        if line.startswith("::") and "group" not in line:
            command, message = line[2:].split("::", 1)
            properties = command.partition(" ")[2]
            names = [each.split("=", 1)[0] for each in properties.split(",")]
            assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
            assert "%" not in re.sub(r"%(25|0A|0D|3A|2C)", "", properties + message)
            assert urllib.parse.unquote(message)


def test_sarif_has_no_level_for_what_is_open() -> None:
    """Section 3.27.10: a result of a kind other than `fail` has level `none`."""
    results = json.loads(_read("sarif", sample.REPORT))["runs"][0]["results"]
    levels = {(result["kind"], result["level"]) for result in results}

    assert levels == {("fail", "error"), ("fail", "warning"), ("fail", "note"), ("open", "none")}


def test_sarif_suppresses_what_is_waived() -> None:
    """Demoted to a note, suppressed with its reason, and still there."""
    results = json.loads(_read("sarif", sample.REPORT))["runs"][0]["results"]
    waived = [result for result in results if "suppressions" in result]

    assert [result["ruleId"] for result in waived] == ["withhold-list/not-needed"]
    assert waived[0]["level"] == "note"


def _prints(report: Report) -> dict[str, list[str]]:
    results = json.loads(_read("sarif", report))["runs"][0]["results"]
    issues = [issue for issue in json.loads(_read("gitlab", report)) if issue["check_name"] != "left-behind"]
    return {
        "sarif": [result["partialFingerprints"]["preflightFinding/v2"] for result in results],
        "gitlab": [issue["fingerprint"] for issue in issues],
    }


def _at(file: str, line: int, name: str = "my-s3", outcome: Outcome = sample.REFUSED_WRITE) -> StorageReport:
    storage = replace(sample.STORAGE, name=name, origin=Location(file, line, 5))
    return replace(sample.BAD, storage=storage, outcomes=(outcome,), residue=())


def _all(*storages: StorageReport) -> Report:
    return replace(sample.REPORT, storages=storages, outcomes=())


def test_a_finding_keeps_its_fingerprint() -> None:
    """Moved in its file, said in other words, it is the same finding; of another storage it is another one."""
    reworded = replace(sample.REFUSED_WRITE, message="other words")
    first = _prints(_all(_at("a.yaml", 3)))

    assert _prints(_all(_at("./a.yaml", 99, outcome=reworded))) == first
    assert _prints(_all(_at("a.yaml", 3, name="other"))) != first


def test_findings_of_namesakes_have_fingerprints_of_their_own() -> None:
    """Of one name in two files, or of no name in one: nothing hides behind another, and lines may move."""
    before = _all(_at("eu.yaml", 3), _at("us.yaml", 3), _at("us.yaml", 9, name=""), _at("us.yaml", 15, name=""))
    moved = _all(_at("eu.yaml", 7), _at("us.yaml", 8), _at("us.yaml", 20, name=""), _at("us.yaml", 30, name=""))

    assert [len(set(found)) for found in _prints(before).values()] == [4, 4]
    assert _prints(moved) == _prints(before)
    assert _prints(_all(_at("us.yaml", 3)))["gitlab"] == _prints(before)["gitlab"][1:2]


def test_junit_tells_namesakes_apart() -> None:
    """Build servers know a case by its class and name: no two cases of a report share both."""
    root = ET.fromstring(_read("junit", _all(_at("eu.yaml", 3), _at("us.yaml", 3), _at("us.yaml", 9, "b"))))  # noqa: S314 - we wrote it
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]

    assert [suite.get("name") for suite in root] == ["my-s3 (eu.yaml)", "my-s3 (us.yaml)", "b"]
    assert len(set(cases)) == len(cases)


SKIPPED = replace(sample.OPEN, status=Status.SKIP, reason="waits for write-object")
ENDS = {
    "failed": (sample.REFUSED_WRITE, Verdict.NOT_READY, "failure"),
    "open": (sample.OPEN, Verdict.UNDETERMINED, "error"),
    "essential, and never asked": (SKIPPED, Verdict.UNDETERMINED, "error"),
    "not asked offline": (SKIPPED, Verdict.READY, "skipped"),
    "open, not essential": (replace(sample.OPEN, essential=False), Verdict.READY, "skipped"),
    "waived": (sample.WAIVED, Verdict.READY, "skipped"),
    "warned": (sample.WARNED, Verdict.READY, "skipped"),
    "waiting": (sample.WAITING, Verdict.READY, "skipped"),
}


@pytest.mark.parametrize("kind", ENDS)
def test_junit_is_red_where_the_exit_code_is(kind: str) -> None:
    """What does not decide the verdict fails no suite; what is left open is an error, never a pass."""
    outcome, verdict, tag = ENDS[kind]
    root = ET.fromstring(_read("junit", _of(outcome, verdict=verdict)))  # noqa: S314 - we wrote it
    cases = [child.tag for child in root.iter("testcase") for child in child]

    assert cases == [tag]
    assert (int(root.get("failures", "0")) + int(root.get("errors", "0")) > 0) == (verdict is not Verdict.READY)


def test_junit_counts_a_warning_where_the_gate_does() -> None:
    """With `--fail-on warning` a warning is a failure."""
    report = replace(_of(sample.WARNED), fail_on=Severity.WARNING)
    root = ET.fromstring(_read("junit", report))  # noqa: S314 - we wrote it

    assert root.get("failures") == "1"


def test_many_storages_begin_with_a_table() -> None:
    """One line for each; the details are of what failed, and `-v` has all."""
    report = _fleet(4)
    text = _read("human", report)
    table = text.split("\n\n")[0].splitlines()

    assert len(table) == 5
    assert [line.split()[:2] for line in table] == [["not-ready", f"bad-{n}"] for n in range(4)] + [["ready", "my-gcs"]]
    assert "service account key is accepted" not in text
    assert "service account key is accepted" in _read("human", report, verbosity=1)


def test_evidence_is_told_on_demand() -> None:
    """With `-v` every request that stands behind a finding is shown with its answer."""
    assert "7Q2KXE0PXR): User" not in _read("human", _of(sample.REFUSED_WRITE))
    assert "7Q2KXE0PXR): User" in _read("human", _of(sample.REFUSED_WRITE), verbosity=1)


@pytest.mark.parametrize("name", ["human", "short"])
def test_show_leaves_out_what_is_less_grave(name: str) -> None:
    """`--show error` tells errors and what is open; the count still has the warnings."""
    report = _of(sample.REFUSED_WRITE, sample.WARNED, sample.OPEN)
    text = _read(name, report, show=Severity.ERROR)

    assert "withhold-delete" not in text
    assert "write-object" in text
    assert "write-multipart" in text
    assert "1 warned" in text


@pytest.mark.parametrize("name", ["human", "short", "markdown", "html", "github"])
def test_nothing_tried_is_not_ready(name: str) -> None:
    """Offline, a clean file is a clean file: no format says that a storage is ready to be registered."""
    untried: StorageReport = replace(sample.GOOD, outcomes=(SKIPPED, replace(sample.PASSED, check="shape-bucket")))
    text = _read(name, replace(sample.READY, storages=(untried,)))

    assert "READY to register" not in text
    assert "NOTHING WRONG in the files; not tried" in text


@pytest.mark.parametrize("outcome", [sample.WARNED, sample.WAIVED], ids=["warned", "waived"])
@pytest.mark.parametrize("name", ["human", "short", "markdown", "html", "github"])
def test_nothing_wrong_is_not_said_beside_a_warning(name: str, outcome: Outcome) -> None:
    """Offline, a file with a warning or a waived finding is not one with nothing wrong in it."""
    untried: StorageReport = replace(sample.GOOD, outcomes=(SKIPPED, outcome))
    text = _read(name, replace(sample.READY, storages=(untried,)))

    assert "NOTHING WRONG in the files" not in text
    assert "READY to register" not in text
    assert "NOTHING THAT COUNTS is wrong in the files; not tried" in text


@pytest.mark.parametrize("name", ["human", "html"])
def test_no_storage_is_called_ready_untried(name: str) -> None:
    """Offline, the table of many storages does not say of one what only a try could tell."""
    untried: StorageReport = replace(sample.GOOD, outcomes=(SKIPPED, replace(sample.PASSED, check="shape-bucket")))
    text = _read(name, replace(sample.READY, storages=(untried,) * 4))

    assert (
        re.search(r"\bready\b(?! to)", re.sub(r"<style>.*</style>|class=\"[^\"]*\"", "", text, flags=re.DOTALL)) is None
    )
    assert text.count("untried") >= 4


def test_a_verdict_has_a_colour_on_a_terminal_only() -> None:
    """Text for a file or a pipe has no escapes."""
    assert "\x1b[31m" in _read("human", sample.REPORT, colour=True)
    assert "\x1b" not in _read("human", sample.REPORT)


def test_a_chat_is_not_woken() -> None:
    """Pasted into a chat, nothing calls everybody."""
    assert re.search(r"@(everyone|here)|<!channel", _read("short", sample.spoiled(HOSTILE["mentions"]))) is None


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_becomes_markup_of_the_summary(kind: str) -> None:
    """Rendered by a Markdown library, a hostile report has the same structure as a harmless one."""
    assert _structure(sample.spoiled(HOSTILE[kind])) == _structure(sample.spoiled("x"))


def _structure(report: Report) -> list[str]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(_read("markdown", report))
    spans = [child for token in tokens for child in token.children or () if child.content != "<!-- -->"]
    return [token.type for token in tokens] + [
        span.type for span in spans if span.type not in {"text", "text_special", "softbreak"}
    ]


def test_the_fields_of_a_patch_can_be_copied_from_markdown() -> None:
    """A fence holds the patch character for character, whatever fences are in it."""
    patch = "a: |\n  ```\n  b\n  ````"
    remedy = replace(sample.REFUSED_WRITE.remedy, patch=patch) if sample.REFUSED_WRITE.remedy else None
    text = _read("markdown", _of(replace(sample.REFUSED_WRITE, remedy=remedy)))
    fences = [token.content for token in MarkdownIt().parse(text) if token.type == "fence"]

    assert f"{patch}\n" in fences


@pytest.mark.parametrize("name", ["human", "html"])
def test_a_less_likely_cause_shows_no_line_as_wrong(name: str) -> None:
    """Only where the likeliest cause is a field is its line shown; another cause's field says whose it is."""
    first, *_ = sample.REFUSED_WRITE.candidates
    bucket = Candidate(
        cause=Cause.BUCKET_NOT_YOURS, field="bucket", location=sample.at(5, 13, 3, "    bucket: my-recordings")
    )
    text = _read(name, _of(replace(sample.REFUSED_WRITE, candidates=(first, bucket))))

    assert "    bucket: " not in text
    assert "no identity-based policy allows" in text
    assert "bucket at deploy/storages.yaml:5:13 (if it is bucket-not-yours)" in " ".join(text.split())
