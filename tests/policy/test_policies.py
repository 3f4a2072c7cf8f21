"""The example grants in `policies/` are what the command writes today, and they grant what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy.conftest import Desk

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())
FORMS = {"json": "grant.json", "terraform": "grant.tf", "commands": "grant.sh"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_is_what_the_command_writes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, folder: str, form: str
) -> None:
    """Regenerate with the command in policies/README.md when this fails."""
    monkeypatch.chdir(ROOT)
    here = Path("policies") / folder
    key = here / "kms-key.txt"
    more = ("--kms-key", key.read_text(encoding="utf-8").strip()) if key.exists() else ()
    said = desk.policy("show", here / "storages.yaml", "-o", form, *more)

    assert (said.code, said.out) == (0, (here / FORMS[form]).read_text(encoding="utf-8"))


def test_every_example_is_told_about() -> None:
    """The page names each folder, and no other."""
    page = (ROOT / "policies" / "README.md").read_text(encoding="utf-8")

    assert [name for name in FOLDERS if f"`{name}`" not in page] == []
