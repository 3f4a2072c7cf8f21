"""What is asked for with `-o` is written, or refused before anything is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from preflight.cli import run

STORAGES = "storages: [{name: a, storage_type: s3, bucket: my-rec, path: x/, aws_s3: {s3_region: eu-central-1}}]\n"
REPORT = '{"schema": "preflight.report/1", "verdict": "ready"}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "storages.yaml").write_text(STORAGES, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("storages.yaml")
    (tmp_path / "policy.json").write_text("{}", encoding="utf-8")
    (tmp_path / "report.json").write_text(REPORT, encoding="utf-8")
    (tmp_path / "batch.jsonl").write_text('"NoSuchBucket"\n"AccessDenied"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "check storages.yaml -o json=same -o junit=same",
        "check storages.yaml -o json=same -o junit=./same",
        "check storages.yaml -o json=same --evidence same",
        "check storages.yaml -o json=storages.yaml",
        "check storages.yaml -o json=link.yaml",
        "check link.yaml -o json=storages.yaml",
        "check storages.yaml --evidence ./storages.yaml",
        "lint storages.yaml -o json=same -o json=same",
        "lint storages.yaml -o json=storages.yaml",
        "policy test storages.yaml -d policy.json -o json=policy.json",
        "policy test storages.yaml -d policy=policy.json -o json=policy.json",
        "policy test storages.yaml -d policy.json -o json=storages.yaml",
        "replay report.json -o json=report.json",
        "replay report.json -o json=same --anonymise same",
        "replay report.json --anonymise report.json",
        "runbook report.json -o html=report.json",
        "explain region-wrong -o json=same -o html=same",
        "explain --batch batch.jsonl -o json=batch.jsonl",
    ],
)
def test_no_output_takes_the_place_of_another_or_of_what_is_read(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and one sentence that names the file; all files stay as they were, and none is made."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert run(command.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "would be written" in said.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("outputs", ["-o json=/dev/null -o html=/dev/null", "-o json=a -o junit=b", "-o json -o short"])
def test_what_does_not_collide_is_written(folder: Path, outputs: str) -> None:
    """A device loses nothing that two write to it, and standard output takes one after the other."""
    assert run(["lint", "storages.yaml", *outputs.split()]) == 0
    assert (folder / "storages.yaml").read_text(encoding="utf-8") == STORAGES


def test_a_batch_is_written_where_it_is_wanted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same lines as on standard output, in place of what stood in the file."""
    (folder / "out.json").write_text("of yesterday\n" * 99, encoding="utf-8")

    assert run(["explain", "--batch", "batch.jsonl", "-o", "json=out.json", "-o", "json"]) == 0
    told = capsys.readouterr().out
    assert (folder / "out.json").read_text(encoding="utf-8") == told
    causes = [json.loads(line)["candidates"][0]["cause"] for line in told.splitlines()]
    assert causes == ["bucket-missing", "access-denied"]


@pytest.mark.parametrize("output", ["text", "html=page.html", "jsno"])
def test_a_batch_has_one_format(folder: Path, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What would not be written is refused, not ignored."""
    assert run(["explain", "--batch", "batch.jsonl", "-o", output]) == 2
    assert "json" in capsys.readouterr().err
    assert not (folder / "page.html").exists()
