"""The normal form of a refusal: whatever was pasted or received, reduced to what the dialects look at."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from preflight.diagnose.fold import clean, folded, unwrapped
from preflight.model import Refusal

# Where renderings put the code, each behind a word that must be there: a look for the word is far cheaper.
_NAME = r"([a-z][\w.#-]{1,80})"
_VALUE = rf"['\"]?\s?[:=][\s'\"<(\[{{]{{0,8}}{_NAME}"
_PLACES = tuple(
    (word, re.compile(re.escape(word) + rest))
    for word, rest in (
        ("code", _VALUE),
        ("reason", _VALUE),
        ("error", _VALUE),
        ("status", _VALUE),
        ("type", _VALUE),
        ("<code>", rf"\s*{_NAME}"),
        ("error occurred (", _NAME),
        ("api error ", _NAME),
        ("error ", rf"\d\d\d:\s*{_NAME}"),
        ("error: ", rf"\d\d\d \({_NAME}\)"),
    )
)
_LAST = re.compile(r",[ \n]([a-zA-Z]{4,40})[ .]*$")  # googleapi: Error 403: sentence, reason
_APART = str.maketrans({chr(n): " " for n in range(128) if not (chr(n).isalnum() or chr(n) in "_.")})
_TOKEN = re.compile(r"[\w.]+")
# `aB`, `ABc`, `A1`, `a_b` or an errno such as `EPIPE`: looked for from the capital on, which few words have.
_HUMP = re.compile(r"[A-Z_](?:(?<=_)|\d|[A-Z][a-z]|(?<=[a-z0-9].)|(?<=^E)[A-Z]{4,}$)")
_LANGUAGE = frozenset({  # errors of a language, and of no provider
    "InvalidArgumentException", "IllegalArgumentException", "ArgumentException", "InvalidOperationException",
    "UnsupportedOperationException", "NotSupportedException",
})  # fmt: skip
_ENVELOPES = frozenset({  # they say that no answer came: less than the stage, where that is told
    "ServiceRequestError", "RequestError", "RestError", "EndpointConnectionError", "ConnectionError", "URLError",
    "NetworkingError", "SdkClientException", "HttpRequestException", "FetchError", "TransportError", "MaxRetryError",
})  # fmt: skip
_ENTRA = re.compile(r"error_codes['\"]?: ?\[(\d{4,9})")
_STATUSES = frozenset(str(number) for number in range(100, 600))
_NUMBER = re.compile(r"[1-5]\d\d(?![\w:/-]|\.\d)")
_INSIDE = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.:/-")
_BEFORE = re.compile(
    r"(?:status(?: ?code)?(?: is| of|[a-z\s]{2,32}(?=:))?['\"]?[:= (]{1,3}|http(?:/\d(?:\.\d)?| code)?[ :=(]{1,2}"
    r"|error |response(?: code)?[: ]{1,2}|code['\"]?[:=] ?|occurred \("
    r"|returned(?: http)?(?: response)?(?: code| status)?[: ]"
    r"|resulted in a `?|exception: |error: |actual\(|status code', |error: \(|^|\n)"
    r"['\"]?$"
)
_URL = re.compile(r"https?://(?:[^\s/@'\"<>]{1,200}@)?([^\s/:?'\"<>)\\,]*)(?::(\d+))?([^\s'\"<>)]*)")
_HEADER = re.compile(r"[<\s*]{0,4}([A-Za-z][A-Za-z0-9-]{2,40}): ?(.{0,300})$")
_TELLING = frozenset({"server", "x", "via", "content", "www"})  # how the names begin that anybody looks for
_CODE_HEADERS = ("x-ms-error-code", "x-amzn-errortype", "x-minio-error-code")
_ELEMENT = re.compile(r"<([A-Z][A-Za-z0-9-]{1,40})>([^<]{0,2000})</\1>")


# Where renderings name the call that was refused, each beside a word that must be there.
_WHEN_CALLING = re.compile(r"when\s+calling\s+the\s+(\w{3,60})\s+operation")
_OPERATION_ERROR = re.compile(r"operation\s+error\s+[\w ]{1,30}:\s+(\w{3,60})")
_EXECUTING = re.compile(r"executing ['\"`](\w{3,60})['\"`]")
_VERBS = "(?:Put|Get|Head|List|Create|Delete|Upload|Complete|Abort|Copy|Assume)"
# An action (`s3:PutObject`) is no call: it stands in the sentence about a call that has its own name.
_S3_CALL = re.compile(rf"3(?<=[sS]3)[. ](?:client\.)?({_VERBS}[A-Z]\w{{2,50}})\b")
_STS_CALL = re.compile(rf"(?:STS |calling sts:)({_VERBS}[A-Z]\w{{2,50}})\b")
_CALLS = (
    ("calling", _WHEN_CALLING),
    ("operation", _OPERATION_ERROR),
    ("executing", _EXECUTING),
    ("s3", _S3_CALL),
    ("sts", _STS_CALL),
)


@functools.lru_cache(maxsize=4096)
def code_key(code: str) -> str:
    """A code as it is compared: `AccessDenied`, `ACCESS_DENIED` and `AccessDeniedException` are one."""
    key = code.lower().replace("_", "").replace("-", "")
    return str(key.removesuffix("exception") if len(key) > len("exception") else key)


@dataclass(frozen=True)
class Reading:
    """What a refusal says, in the form that rules are written for.

    `plain` keeps case and lines, `folded` is for phrases; `families` are the vocabularies that may be meant
    (`s3`, `gcs`, `abs`; empty if nothing tells), `speaker` who answered.
    """

    plain: str
    stage: str
    operation: str
    given_headers: Mapping[str, str]
    given_code: str
    given_status: int | None
    provider: str
    speaker: str = ""
    families: frozenset[str] = frozenset()

    def taking_over(self, earlier: "Reading") -> "Reading":
        """Keep what has been worked out of the same text already; returns itself."""
        self.__dict__.update({name: earlier.__dict__[name] for name in _OF_THE_TEXT & earlier.__dict__.keys()})
        return self

    @cached_property
    def line(self) -> str:
        """The text on one line, case kept."""
        return unwrapped(self.plain)

    @cached_property
    def folded(self) -> str:
        return folded(self.line)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The words, case kept; a dot parts none."""
        line = self.line
        return frozenset(line.translate(_APART).split() if line.isascii() else _TOKEN.findall(line))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word in lower case, and the parts of those that an underscore joins."""
        words = frozenset(" ".join(self.tokens).replace(".", " ").lower().split())
        return words.union(*(word.split("_") for word in words if "_" in word))

    @cached_property
    def vocabulary(self) -> str:
        """Every word once, to look into: much shorter than the text."""
        return " ".join(self.words)

    @cached_property
    def status(self) -> int | None:
        """The HTTP status that was given, or else the first number that stands where renderings put it."""
        if self.given_status:
            return self.given_status
        if self.given_code.isdecimal():
            return int(self.given_code[:9])
        return None if self.words.isdisjoint(_STATUSES) else _status(self.plain)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers that were given or stand in the text, by name in lower case."""
        lines = () if self.words.isdisjoint(_TELLING) else self.plain.split("\n")
        found = (match for line in lines if ":" in line and (match := _HEADER.match(line)))
        return {match[1].lower(): match[2].strip() for match in found} | dict(self.given_headers)

    @cached_property
    def given_codes(self) -> tuple[str, ...]:
        """The code that was given, and those that headers tell."""
        return tuple(code for code in (self.given_code, *map(self.headers.get, _CODE_HEADERS)) if code)

    @cached_property
    def codes(self) -> frozenset[str]:
        """What stands where a code stands, and every other word that is shaped like one, as they are compared."""
        folded = self.folded
        places = [place for word, place in _PLACES if word in folded]
        placed = [match[1].rstrip("-#") for place in places for match in place.finditer(folded)]
        last = _LAST.search(self.plain[-80:].rstrip())
        placed += [*self.given_codes, *([last[1]] if last else [])]
        worthwhile = (token for token in self.tokens if token[0].isalpha() and (not token.islower() or "_" in token))
        shaped = [token for token in worthwhile if _HUMP.search(token)]
        shaped = [token for token in shaped if token.rpartition(".")[2] not in _LANGUAGE]
        numbers = [f"aadsts{number}" for number in _ENTRA.findall(self.plain)] if "error_codes" in self.words else []
        return frozenset(numbers).union(*(_keys(name.strip(".")) for name in (*placed, *shaped)))

    @cached_property
    def calls(self) -> list[tuple[int, str]]:
        """Where the text names a call, and which, in order."""
        patterns = [pattern for word, pattern in _CALLS if word in self.words]
        return sorted((match.start(), match[1]) for pattern in patterns for match in pattern.finditer(self.plain))

    @cached_property
    def elements(self) -> Mapping[str, str]:
        """The XML elements that carry text, by name; the first of a name counts."""
        found: dict[str, str] = {}
        for match in _ELEMENT.finditer(self.plain):
            found.setdefault(match[1], match[2].strip())
        return found

    @cached_property
    def urls(self) -> tuple[re.Match[str], ...]:
        """Every address in the text; its groups are the host, the port and the rest."""
        return tuple(_URL.finditer(self.plain))


_OF_THE_TEXT = frozenset(
    {"line", "folded", "tokens", "words", "vocabulary", "status", "headers", "codes", "calls", "elements", "urls"}
)


def _keys(name: str) -> tuple[str, ...]:
    """A dotted code is compared as a whole, by its last part and by its last two."""
    if "." not in name and "#" not in name:
        return (code_key(name),)
    parts = name.replace("#", ".").split(".")
    return code_key(name), code_key(parts[-1]), code_key(".".join(parts[-2:]))


def read(refusal: Refusal) -> Reading:
    """Reduces a refusal to its normal form; who answered is not decided yet."""
    parts = [refusal.text, refusal.message, refusal.body if refusal.body != refusal.message else None]
    plain = clean("\n".join(part for part in parts if part))
    mute = _LANGUAGE | _ENVELOPES if refusal.stage in {"dns", "tls", "connect"} else _LANGUAGE
    return Reading(
        plain=plain,
        stage=(refusal.stage or "").lower(),
        operation=refusal.operation or "",
        given_headers={str(name).lower(): str(value) for name, value in refusal.headers.items()},
        given_code=refusal.code if refusal.code and refusal.code not in mute else "",
        given_status=refusal.status,
        provider=(refusal.provider or "").lower(),
    )


def _status(plain: str) -> int | None:
    for number in _NUMBER.finditer(plain):
        before = plain[max(0, number.start() - 48) : number.start()]
        if (not before or before[-1] not in _INSIDE) and _BEFORE.search(before.lower()):
            return int(number[0])
    return None
