"""The runbook: one Markdown page per cause, read when it is asked for."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass

from preflight.causes import markup, words
from preflight.model import Cause, Remedy, Safety

ANY = "any"
PROVIDERS: Mapping[str, str] = {
    "S3": "s3",
    "Google Cloud Storage": "gcs",
    "Azure Blob Storage": "abs",
    "Any provider": ANY,
}
SECTIONS = ("What it means", "How to tell", "How to fix", "Who", "Example")

_SAFE = "Safe to run as it stands."
_RANKED = re.compile(r"^ranked: with ([a-z-]+) first\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do at one provider. `commands` and `patch` hold `{placeholders}`; `language` is the patch's."""

    sentence: str
    commands: tuple[str, ...]
    patch: str
    safety: Safety
    language: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One cause explained. `means`, `tell` and `who` are Markdown; `text` is the whole page.

    `fixes` is keyed by storage type, or `any`. `example` is a provider's answer that shows the cause; where
    the answer alone ranks another cause first, that one is `behind`.
    """

    cause: Cause
    title: str
    means: str
    tell: str
    fixes: Mapping[str, Fix]
    who: str
    example: str
    behind: Cause | None
    text: str


@functools.cache
def page(cause: Cause) -> Page:
    """The page of a cause."""
    text = importlib.resources.files(__name__).joinpath(f"{cause}.md").read_text(encoding="utf-8")
    title, *rest = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    sections = dict(zip(rest[::2], (body.strip() for body in rest[1::2]), strict=True))
    example = sections["Example"]
    behind = _RANKED.search(example)
    return Page(
        cause=cause,
        title=title.removeprefix("# ").strip(),
        means=sections["What it means"],
        tell=sections["How to tell"],
        fixes=_fixes(sections["How to fix"]),
        who=sections["Who"],
        example=markup.fences(example)[0].text,
        behind=Cause(behind[1]) if behind else None,
        text=text,
    )


def remedy(cause: Cause, storage_type: str, known: Mapping[str, str]) -> Remedy:
    """What to do about a cause at one provider, with every known word filled in.

    A word that is not known stays visible as `<UPPER_CASE>`. Values are quoted for the shell in commands and
    escaped in patches. `storage_type` is `s3`, `gcs` or `abs`; another one gets what holds for any provider.
    """
    found = page(cause)
    fix = found.fixes.get(storage_type) or found.fixes.get(ANY)
    if fix is None:
        summary = f"{found.title}: the page says what to do at each provider."
        return Remedy(summary=summary, owner=cause.owner, commands=(f"preflight explain {cause}",))
    known = words.complete(known)
    return Remedy(
        summary=words.plain(markup.bare(fix.sentence), known),
        owner=cause.owner,
        commands=tuple(words.shell(command, known) for command in fix.commands),
        patch=words.patch(fix.patch, known, fix.language),
        safety=fix.safety,
    )


def _fixes(section: str) -> Mapping[str, Fix]:
    _, *rest = re.split(r"^### (.+)\n", section, flags=re.MULTILINE)
    return {PROVIDERS[name]: _fix(body) for name, body in zip(rest[::2], rest[1::2], strict=True)}


def _fix(section: str) -> Fix:
    blocks = markup.parse(section)
    sentence = next(block.text for block in blocks if isinstance(block, markup.Paragraph))
    fences = markup.fences(section)
    patches = [fence for fence in fences if fence.language in words.PATCHES]
    return Fix(
        sentence=sentence,
        commands=tuple(line for fence in fences if fence.language == "sh" for line in fence.text.splitlines()),
        patch=patches[0].text if patches else "",
        safety=Safety.SAFE if _SAFE in section else Safety.REVIEW,
        language=patches[0].language if patches else "",
    )
