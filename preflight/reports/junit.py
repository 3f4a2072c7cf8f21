"""The report as JUnit XML: one suite per storage, one case per check, so that any build server can show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from preflight.model import Outcome, Report, Status, StorageReport, Verdict
from preflight.namesakes import apart
from preflight.reports import Look, _findings
from preflight.reports._findings import Finding
from preflight.reports._text import one_line, tame, unordered
from preflight.verdict import fails

FILES = "files"  # the suite of what is about the files rather than one storage


def read(report: Report, look: Look) -> str:
    """A failed check is a failure; an essential one that the evidence leaves open, an error.

    What does not decide the verdict (waived, below `--fail-on`, open but not essential) is a skipped case with its
    whole text: a suite is red exactly where the exit code is not 0.
    """
    del look
    root = ET.Element("testsuites", name="preflight", time=f"{report.seconds:.3f}")
    [names] = apart([found.storage for found in report.storages])
    for found, name in zip(report.storages, names, strict=True):
        root.append(_suite(report, one_line(str(name)) or "(no name)", found.outcomes, found))
    if report.outcomes:
        root.append(_suite(report, FILES, report.outcomes, None))
    _add_totals(root)
    ET.indent(root)
    return unordered('<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n")


def _suite(report: Report, name: str, outcomes: Sequence[Outcome], found: StorageReport | None) -> ET.Element:
    suite = ET.Element("testsuite", name=name, timestamp=report.started, time="0")
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(report, found):
        ET.SubElement(properties, "property", name=key, value=one_line(value))
    for outcome in outcomes:
        suite.append(_case(report, name, Finding(outcome, found)))
    if found and found.residue:
        ET.SubElement(suite, "system-out").text = "\n".join(
            f"left behind: {one_line(_findings.left(one))}\ndelete with: {one_line(one.delete)}"
            for one in found.residue
        )
    for attribute, tag in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(outcomes)))
    return suite


def _properties(report: Report, found: StorageReport | None) -> Iterable[tuple[str, str]]:
    yield "preflight", report.version
    yield "verdict", (found.verdict if found else report.verdict).value
    if found:
        yield "address", found.storage.address
        yield "writer", found.writer.principal or "unknown"
        yield from (("assumption", told) for told in found.assumptions)


def _case(report: Report, suite: str, finding: Finding) -> ET.Element:
    outcome = finding.outcome
    case = ET.Element("testcase", classname=f"preflight.{suite}", name=f"{outcome.check}: {one_line(outcome.title)}")
    case.set("time", f"{sum(one.reply.millis for one in outcome.evidence) / 1000:.3f}")
    told = "\n".join(f"{part}: {tame(text)}" if part else tame(text) for part, text in finding.told())
    message = f"{finding.name}: {one_line(outcome.message)}"
    match outcome.status:
        case Status.FAIL if fails(outcome, report.fail_on):
            _add(case, "failure", finding.name, message, told)
        case Status.FAIL:
            why = f"waived {_findings.waiver(outcome.waived)}" if outcome.waived else outcome.severity.value
            _add(case, "skipped", finding.name, f"{why}; {message}", told)
        case Status.UNKNOWN if outcome.essential or outcome.crashed:
            _add(case, "error", finding.name, message, told)
        case Status.UNKNOWN:
            _add(case, "skipped", finding.name, f"not known; {message}", told)
        case Status.SKIP if outcome.essential and finding.storage and finding.storage.verdict is Verdict.UNDETERMINED:
            _add(case, "error", outcome.check, outcome.reason)
        case Status.SKIP:
            _add(case, "skipped", outcome.check, outcome.reason)
        case Status.PASS:
            if outcome.message:
                ET.SubElement(case, "system-out").text = tame(outcome.message)
    return case


def _add(case: ET.Element, tag: str, kind: str, message: str, told: str = "") -> None:
    ET.SubElement(case, tag, type=kind, message=one_line(message)).text = told or None


def _add_totals(root: ET.Element) -> None:
    for name in ("tests", "failures", "errors", "skipped"):
        total = sum(int(suite.get(name, "0")) for suite in root)
        if name != "skipped":  # the schema of build servers knows no total of it
            root.set(name, str(total))
