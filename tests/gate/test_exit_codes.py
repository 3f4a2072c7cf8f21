"""One report, one exit code: the format makes no difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from preflight import reports
from preflight.cli import run
from tests.gate.seen import seen

ENDS = {"s3/healthy": 0, "s3/no-permission": 1, "s3/lost-answer": None, "gcs/unavailable": 3}


@pytest.mark.parametrize("name", reports.formats())
@pytest.mark.parametrize("scenario", ENDS)
def test_every_format_ends_the_same(name: str, scenario: str, tmp_path: Path) -> None:
    """Whoever changes `-o` in a pipeline changes what is printed, and never whether it goes on."""
    evidence = tmp_path / "evidence.json"
    evidence.write_text(seen(scenario).text, encoding="utf-8")
    wanted = seen(scenario).report.exit_code

    assert run(["replay", str(evidence), "-o", name]) == wanted
    assert ENDS[scenario] in {None, wanted}


@pytest.mark.parametrize("name", reports.formats())
def test_a_file_that_cannot_be_read_is_usage_in_every_format(name: str, tmp_path: Path) -> None:
    """Exit code 2 is no finding: a broken pipeline is told from a broken storage."""
    assert run(["replay", str(tmp_path / "missing.json"), "-o", name]) == 2
    assert run(["lint", str(tmp_path / "missing.yaml"), "-o", name]) == 2


def test_several_formats_are_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` may be repeated: each format goes to its place, and standard output has only what was asked for there."""
    evidence = tmp_path / "evidence.json"
    evidence.write_text(seen("s3/healthy").text, encoding="utf-8")
    outputs = [f"{name}={tmp_path / name}" for name in reports.formats()]

    assert run(["replay", str(evidence), *(part for output in outputs for part in ("-o", output))]) == 0
    assert capsys.readouterr().out == ""
    assert all((tmp_path / name).stat().st_size for name in reports.formats())
