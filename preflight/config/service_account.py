"""The text in `gcs_credentials` read as a key file, also where it was wrapped or damaged on the way."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from preflight.config.characters import flaw

_WRAPS = 3  # how often a key may be wrapped before we stop unwrapping
_SMART = str.maketrans("“”„‟″", '"""""')


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What was found: the JSON object, its canonical text, and what was wrong with how it was written."""

    text: str
    document: Mapping[str, Any] | None = None
    fault: str = ""
    remedy: str = ""

    @property
    def kind(self) -> str:
        return self.field("type")

    def field(self, name: str) -> str:
        value = (self.document or {}).get(name)
        return value if isinstance(value, str) else ""


def decode(text: str, wraps: int = _WRAPS) -> KeyFile:
    """Reads a key file; a wrapped or damaged one is mended as far as possible, with the fault named."""
    found = _decoded(text, wraps)
    if flaw(found.text) or flaw(json.dumps(found.document, ensure_ascii=False)):
        return KeyFile(text, fault="it is not valid Unicode: an escape in it is half of a character", remedy=_PASTE)
    return found


def _decoded(text: str, wraps: int) -> KeyFile:
    bare = text.strip().removeprefix("\ufeff")
    if not wraps:
        return KeyFile(text, fault="it is wrapped over and over", remedy=_PASTE)
    match _json(bare):
        case {"privateKeyData": str(data)}:
            return _unwrapped(
                data,
                text,
                wraps,
                "it is the answer of the IAM API, which wraps the key file in base64 (privateKeyData)",
            )
        case dict() as found:
            return KeyFile(canonical(found), found)
        case str(inner):
            return _again(inner, wraps, "it is a JSON text inside a JSON text (encoded twice)")
        case None:
            return _mend(bare, wraps)
        case _:
            return KeyFile(text, fault="it is JSON, but not an object", remedy=_PASTE)


_PASTE = "put in the whole key file as it was downloaded, or {file: keys.json}"


def canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document)


def _json(text: str, *, strict: bool = True) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text, strict=strict)
    except (ValueError, RecursionError):
        return None


def _again(inner: str, wraps: int, fault: str, remedy: str = "put in the inner text, which begins with {") -> KeyFile:
    found = decode(inner, wraps - 1)
    if found.document is None:
        return KeyFile(inner, fault=found.fault or fault, remedy=found.remedy or _PASTE)
    return replace(found, fault=fault, remedy=remedy)


def _unwrapped(data: str, text: str, wraps: int, fault: str) -> KeyFile:
    try:
        inner = base64.b64decode("".join(data.split()), validate=True).decode()
    except ValueError:
        return KeyFile(text, fault=fault, remedy=_PASTE)
    found = decode(inner, wraps - 1)
    if found.document is None:
        return KeyFile(text, fault=fault, remedy=_PASTE)
    return replace(found, fault=fault, remedy="put in the decoded text: base64 --decode gives the key file")


def _mend(text: str, wraps: int) -> KeyFile:
    """What no JSON parser takes: names the damage, and undoes it where that is safe."""
    if text.startswith("{"):
        return _mend_object(text, wraps)
    if re.fullmatch(r"[A-Za-z0-9+/\s]{40,}={0,2}", text) and _is_base64_json(text):
        return _unwrapped(text, text, wraps, "it is the key file in base64")
    for pattern, fault, remedy in _NO_KEY_FILES:
        if re.search(pattern, text):
            return KeyFile(text, fault=fault, remedy=remedy)
    return KeyFile(text, fault="it is not JSON", remedy=_PASTE)


def _is_base64_json(text: str) -> bool:
    return base64.b64decode("".join(text.split())[:4], validate=False).lstrip()[:1] == b"{"


_NO_KEY_FILES = (
    (r"^-----BEGIN", "it is the private key alone, not the key file around it", _PASTE),
    (r"^\$\w+$|^\$\(|^%\w+%$|^\{\{", "it is a variable that nobody expanded", "write ${NAME}; preflight looks it up"),
    (r"^GOOG[A-Z0-9]{8,}$", "it is an HMAC access id, which belongs to the S3 interface", _PASTE),
    (r"^ya29\.", "it is an access token, which expires within the hour", _PASTE),
    (r"^[^\s{}]+\.(json|p12|pem)$", "it is the name of a file, not what is in it", "write {file: keys.json}"),
    (r"^[\w.-]+@[\w.-]+\.gserviceaccount\.com$", "it is the name of the service account, not its key", _PASTE),
)


def _mend_object(text: str, wraps: int) -> KeyFile:
    loose = _json(text, strict=False)
    if isinstance(loose, dict):
        fault = "there are raw line breaks inside its texts, where JSON wants \\n"
        return KeyFile(canonical(loose), loose, fault, _PASTE)
    if text != (straight := text.translate(_SMART)):
        return _again(straight, wraps, "its quotes are typographic; a word processor replaced them", _PASTE)
    if isinstance(unescaped := _json(f'"{text}"', strict=False), str) and unescaped != text:
        return _again(unescaped, wraps, "its quotes are escaped; it was copied out of another text")
    try:
        found, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        if re.match(r"\{\s*'", text):
            return KeyFile(text, fault="it is Python's way to print a dictionary, not JSON", remedy="use json.dumps")
        return KeyFile(text, fault="it is not JSON: it breaks off or is damaged", remedy=_PASTE)
    rest = text[end:].strip()
    if rest and isinstance(found, dict):
        return KeyFile(canonical(found), found, "there is text after its closing brace", "end it with the brace")
    return KeyFile(text, fault="it is not JSON", remedy=_PASTE)
