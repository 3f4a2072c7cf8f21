"""What of a configuration may be shown: the text with everything private masked, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from preflight.config.shapes import ServiceAccountKey, WaiverEntry, describe, every_field
from preflight.config.tree import Array, Node, Page, Scalar, Table

# Names whose values may be shown. Whatever is not here is masked: a misspelt name may well hold a secret.
_OTHERS = {
    *("type", "custom_folder", "storage_provider", "recording_storage", "external_storage", "recording_type"),
    *("recording_external_storage", "transcription_external_storage", "role_arn", "region", "path_prefix"),
    *("Version", "Statement", "Effect", "Action", "Resource", "Sid", "env", "file"),
}
_PUBLIC = _OTHERS | {
    spec.name.rpartition(".")[2]
    for spec in (*every_field().values(), *describe(ServiceAccountKey), *describe(WaiverEntry))
    if not spec.about.private
}

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_COMMENT = re.compile(r"#[^\r\n]*")
_PREFIX = re.compile(r"(AKIA|ASIA|GOOG|DO00)[A-Z0-9]{8,}")

# Shapes that no public field has: whatever looks so is masked wherever it stands.
_SECRET_SHAPES = re.compile(
    r"""^(?:AKIA|ASIA|GOOG|DO00)[A-Z0-9]{8,}$           # access key ids
      | ^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+]{40}$ # AWS secrets
      | ^[A-Za-z0-9/+]{86}==$                           # Azure account keys
      | ^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[~._])[A-Za-z0-9~._-]{34,44}$  # Azure client secrets
      | -----BEGIN | AccountKey= | SharedAccessSignature | [?&]sig= | X-Amz-Signature= | Signature=
    """,
    re.VERBOSE,
)


def looks_private(text: str) -> bool:
    """Whether a text has the shape of a secret, or a password in an address."""
    return ":" in text.rpartition("@")[0] or _SECRET_SHAPES.search(text) is not None


def prefix(value: str) -> str:
    """The public type prefix of an access key id (`AKIA`), or nothing."""
    found = _PREFIX.fullmatch(value)
    return found[1] if found else ""


def cover(page: Page, documents: tuple[Node, ...]) -> Page:
    """The page with its masked text. Columns stay, for every character is covered by one."""
    shown: list[str] = []
    at = 0
    for scalar, public in sorted(_scalars(documents), key=lambda found: found[0].start):
        if scalar.start < at:  # an alias comes back to its anchor
            continue
        shown.append(_COMMENT.sub(lambda found: " " * len(found[0]), page.text[at : scalar.start]))
        raw = page.text[scalar.start : scalar.end]
        shown.append(raw if public and not looks_private(scalar.text) else _masked(raw))
        at = scalar.end
    shown.append(_COMMENT.sub(lambda found: " " * len(found[0]), page.text[at:]))
    return Page.of(page.name, page.text, "".join(shown))


def _masked(raw: str) -> str:
    """Stars for letters; what only points at a value, and what merely encloses it, stays."""
    if block := re.match(r"[|>][-+\d]*(?=[ \t\r\n])", raw):
        return block[0] + re.sub(r"[^\r\n]", "*", raw[block.end() :])
    quote = raw[0] if len(raw) > 1 and raw[0] in "\"'" and raw[0] == raw[-1] else ""
    inner = raw[len(quote) : len(raw) - len(quote)]
    if REFERENCE.fullmatch(inner):
        return raw
    kept = prefix(inner)
    return quote + kept + re.sub(r"[^\r\n]", "*", inner[len(kept) :]) + quote


def _scalars(documents: tuple[Node, ...]) -> Iterator[tuple[Scalar, bool]]:
    for document in documents:
        yield from _walk(document, public=False)


def _walk(node: Node, *, public: bool, all_public: bool = False) -> Iterator[tuple[Scalar, bool]]:
    """Every scalar, and whether its name lets it be shown; a list has the name that it stands under."""
    match node:
        case Scalar():
            yield node, public or all_public or node.null
        case Array(items=items):
            for item in items:
                yield from _walk(item, public=public, all_public=all_public)
        case Table(pairs=pairs):
            for key, value in pairs:
                yield key, True
                below = all_public or key.text == "call_types"
                yield from _walk(value, public=key.text in _PUBLIC, all_public=below)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """The text without any of these values, should one have slipped through, and without control characters."""
    for value in secrets:
        text = text.replace(value, "(hidden)")
    return "".join(mark if mark.isprintable() or mark == "\n" else "\ufffd" for mark in text)
