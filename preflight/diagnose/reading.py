"""The normal form of a refusal: whatever was pasted or received, reduced to what the dialects look at."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from preflight.diagnose.fold import clean, fold
from preflight.model import Refusal

# Where renderings put the code: XML, JSON and Python dictionaries, the SDKs' sentences, headers.
_CODE = re.compile(
    r"(?:<code>|<error>|error occurred \(|\bapi error |error[ _-]?code['\"]?\s?[:=]|x-amzn-errortype:"
    r"|\b(?:code|reason|error|status|suberror|__type|errortype|error_reason)['\"]?\s?[:=]|\berror \d{3}:|\bs3error:)"
    r"[\s'\"<(\[{]{0,8}([a-z][\w.#-]{1,80})",
    re.IGNORECASE,
)
_LAST = re.compile(r",[ \n]([a-zA-Z]{4,40})[ .]*$")  # googleapi: Error 403: sentence, reason
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Z][A-Za-z0-9_]*)*")
_NUMBERS = re.compile(r"error_codes['\"]?: ?\[(\d{4,9})")
_WORD = re.compile(r"[a-z0-9_]+")
_HUMP = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|_|[A-Z]\d|^E[A-Z]{4,}$")
_STATUS = re.compile(
    r"(?:status(?:[ _-]?code)?(?: is| of)?['\"]?[:= (]{1,3}|http(?:/\d(?:\.\d)?)?[ :=(]{1,2}|\berror |\bresponse(?: code)?[: ]{1,2}"
    r"|['\"]code['\"]: ?|occurred \(|returned(?: http)?(?: response)?(?: code| status)?[: ]|\bcode: ?|resulted in a `?|^|exception: |error: )"
    r"['\"]?([1-5]\d\d)\b(?![.:-]\d)",
    re.IGNORECASE | re.MULTILINE,
)
_URL = re.compile(r"\bhttps?://(?:[^\s/@'\"<>]{1,200}@)?([^\s/:?'\"<>)\\,]*)(?::(\d+))?([^\s'\"<>)]*)", re.IGNORECASE)
_HEADER = re.compile(r"^[<\s*]{0,4}([A-Za-z][A-Za-z0-9-]{2,40}): ?([^\n]{0,300})$", re.MULTILINE)
_ELEMENT = re.compile(r"<([A-Z][A-Za-z0-9-]{1,40})>([^<]{0,2000})</\1>")


@functools.lru_cache(maxsize=4096)
def code_key(code: str) -> str:
    """A code as it is compared: `AccessDenied`, `ACCESS_DENIED` and `AccessDeniedException` are one."""
    key = code.lower().replace("_", "").replace("-", "")
    return key.removesuffix("exception") if len(key) > len("exception") else key


@dataclass(frozen=True)
class Reading:
    """What a refusal says, in the form that rules are written for.

    `plain` keeps case and lines, `folded` is for phrases; `families` are the vocabularies that may be meant
    (`s3`, `gcs`, `abs`; empty if nothing tells), `speaker` who answered.
    """

    plain: str
    stage: str
    operation: str
    status: int | None
    headers: Mapping[str, str]
    given_codes: tuple[str, ...]
    provider: str
    speaker: str = ""
    families: frozenset[str] = frozenset()

    @cached_property
    def folded(self) -> str:
        return fold(self.plain)

    @cached_property
    def line(self) -> str:
        """The text on one line, case kept."""
        return " ".join(self.plain.split())

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.folded))

    @cached_property
    def structured(self) -> tuple[str, ...]:
        """The codes that stand where a rendering puts a code, in order, as they are compared."""
        found = [match.group(1) for match in _CODE.finditer(self.plain)]
        last = _LAST.search(self.plain[-80:].rstrip())
        names = [*self.given_codes, *found, *([last.group(1)] if last else [])]
        return tuple(dict.fromkeys(key for name in names for key in _keys(name.rstrip(".-:#"))))

    @cached_property
    def codes(self) -> frozenset[str]:
        """The structured codes and every other word that has the shape of one (`NoSuchBucket`, `SERVICE_DISABLED`)."""
        tokens = set(_TOKEN.findall(self.plain))
        shaped = [token for token in tokens if (not token.islower() or "_" in token) and _HUMP.search(token)]
        return frozenset(self.structured).union(*map(_keys, shaped)) | {
            f"aadsts{n}" for n in _NUMBERS.findall(self.plain)
        }

    @cached_property
    def elements(self) -> Mapping[str, str]:
        """The XML elements that carry text, by name; the first of a name counts."""
        found: dict[str, str] = {}
        for match in _ELEMENT.finditer(self.plain):
            found.setdefault(match[1], match[2].strip())
        return found

    @cached_property
    def urls(self) -> tuple[tuple[str, str, str], ...]:
        """Host (lower case), port and the rest of every address in the text."""
        return tuple((m[1].lower(), m[2] or "", m[3]) for m in _URL.finditer(self.plain))


def _keys(name: str) -> set[str]:
    if "." not in name and "#" not in name:
        return {code_key(name)}
    parts = re.split(r"[.#]", name)
    return {code_key(name), code_key(parts[-1]), code_key(".".join(parts[-2:]))}


def read(refusal: Refusal) -> Reading:
    """Reduces a refusal to its normal form; who answered is not decided yet."""
    headers = {str(name).lower(): str(value) for name, value in refusal.headers.items()}
    lines = [refusal.text, refusal.message, refusal.body if refusal.body != refusal.message else None]
    plain = clean("\n".join(line for line in lines if line))
    pasted = {match[1].lower(): match[2].strip() for match in _HEADER.finditer(plain)}
    headers = pasted | headers
    named = [
        refusal.code,
        headers.get("x-ms-error-code"),
        headers.get("x-amzn-errortype"),
        headers.get("x-minio-error-code"),
    ]
    status = refusal.status
    if status is None and (found := _STATUS.search(plain)):
        status = int(found[1])
    if status is None and refusal.code and refusal.code.isdigit():
        status = int(refusal.code)
    return Reading(
        plain=plain,
        stage=(refusal.stage or "").lower(),
        operation=refusal.operation or "",
        status=status,
        headers=headers,
        given_codes=tuple(name for name in named if name),
        provider=(refusal.provider or "").lower(),
    )
