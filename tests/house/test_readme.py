"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
BLOCKS = FENCE.findall(README.read_text(encoding="utf-8"))
SHOWN = [text for language, text in BLOCKS if language == "console"]
FILES = [text for language, text in BLOCKS if language in {"yaml", "json"} and text.startswith(("# ", "// "))]


def _steps(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output that is shown below it."""
    parts = re.split(r"^\$ (.+)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def _pattern(shown: str) -> str:
    """What is shown as a pattern: `…` alone on a line stands for any lines, within a line for anything."""
    lines = [r"(?:.*\n)*?" if line == "…" else _line(line) for line in shown.rstrip("\n").split("\n")]
    return "".join(lines) + r"(?:.*\n)*\Z" if shown.rstrip("\n").endswith("…") else "".join(lines) + r"\n*\Z"


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split("…")) + r"\n"


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.splitlines()[0].removeprefix("$ "))
def test_what_is_shown_is_printed(block: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """Every command of the README prints what stands below it, run in a folder with the README's own files."""
    for text in FILES:
        path = tmp_path / text.splitlines()[0].split()[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for command, shown in _steps(block):
        words = shlex.split(command)
        assert words[0] == "preflight", command
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert re.match(_pattern(shown), done.stdout), f"{command} printed:\n{done.stdout}{done.stderr}"


def test_the_first_two_commands_are_for_newcomers() -> None:
    """The first runs the main job, the second the tests; whoever follows them needs nothing else."""
    first, second = [text for language, text in BLOCKS if language == "sh"][:2]

    assert ("preflight demo" in first, "pytest" in second) == (True, True)


def test_every_command_that_is_named_exists() -> None:
    """No command is promised that is not there."""
    named = set(re.findall(r"`preflight ([a-z]+)", README.read_text(encoding="utf-8")))
    done = subprocess.run([sys.executable, "-m", "preflight", "--help"], capture_output=True, text=True, check=True)

    assert {name for name in named if not re.search(rf"^  {name}\b", done.stdout, re.MULTILINE)} == set()
