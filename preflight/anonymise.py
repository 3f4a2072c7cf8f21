"""Evidence without the names of its owner: each name becomes a stand-in of the same shape, the same one everywhere."""

from __future__ import annotations

import glob
import hmac
import re
import secrets
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from preflight.evidence import sealed
from preflight.stream import ACCOUNT, RESERVED_NAME

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

# Names that betray themselves by their shape; the first group stays.
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"()\b{_GUID}\b",
        r"()(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9.-]{1,250}\.[A-Za-z]{2,24}\b",
        r"(\barn:[\w-]{1,20}:(?:iam|sts)::\d{0,12}:[a-z-]{1,20}/)[\w+=,.@/-]{1,500}",
        r"(\barn:[\w-]{1,20}:s3:::)[a-z0-9][a-z0-9.-]{1,62}",
        r"()(?<![\w-])\d{12}(?![\w-])",
        r"(\b(?:o|vpc|vpce|r|ou)-)[0-9a-z]{8,32}(?:-[0-9a-z]{8,32})?\b",
        r"(/(?:subscriptions|resourceGroups|storageAccounts|projects|serviceAccounts|vaults)/)[\w.@-]{1,200}",
        r"(https?://)[A-Za-z0-9.-]{1,250}",
        r"('\()[^()']{1,200}(?=\))",  # the display name that Entra puts behind an identifier
        r"()(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])",
    )
)

# What a provider's own hosts end with stays, and the words before it, for the diagnosis reads them.
_PROVIDERS = re.compile(
    r"(amazonaws\.com(?:\.cn)?|googleapis\.com|gserviceaccount\.com|windows\.net|microsoftonline\.(?:com|us)|azure\.com|"
    r"chinacloudapi\.cn|usgovcloudapi\.net|getstream\.io)$"
)
_WORDS = re.compile(
    r"s3|sts|iam|kms|storage|oauth2|www|blob|dfs|core|vault|management|login|accelerate|dualstack|developer|"
    r"(?:s3-)?[a-z]{2}(?:-[a-z]+)+-\d"
)
# Roles of Azure's that every account has, and identities that belong to nobody.
_PUBLIC_GUIDS = re.compile(
    r"ba92f5b4-2d11-453d-a403-e96b0029c9fe|b7e6dc6d-f1e8-4753-8033-0f276bb0955b|0{8}-(?:0{4}-){3}0{12}", re.IGNORECASE
)

_NAMES = ("name", "bucket", "account_name", "project_id", "client_id", "tenant_id")
# Words of ours and of the providers', whatever a storage is called.
_VERBATIM = frozenset(
    {
        *("schema", "version", "started", "finished", "created", "verdict", "configuration", "digest", "run", "plan"),
        *("storage_type", "region", "identity", "present", "verb", "setting", "effect", "check", "cause", "confidence"),
        *("provider", "stage", "status", "code", "method", "expires"),
    }
)
# Words of prose and of provider's answers that people also give as names: left alone where they may be prose.
_PROSE = frozenset(
    {
        *("access", "account", "bucket", "call", "calls", "config", "container", "data", "default", "deploy", "error"),
        *("file", "files", "media", "name", "object", "objects", "path", "policy", "production", "project", "public"),
        *("recording", "recordings", "region", "service", "stage", "staging", "storage", "storages", "stream", "test"),
        *("token", "user", "users", "video", "videos", "write"),
    }
)


def anonymise(document: Mapping[str, Any], key: bytes | None = None) -> dict[str, Any]:
    """The evidence with stand-ins; the same `key` gives the same ones, and without it nobody finds the way back.

    Replaced: names of storages, buckets, accounts, projects, files, folders, principals; account numbers, GUIDs, e-mail
    and IP addresses, hosts of one's own. Kept: what Stream and the providers call their own, regions, codes, and every
    length, so that the places in a line stay right. What has no shape of a name is kept, too: ids of statements, values
    of tags, reasons of waivers.
    """
    masks = _Masks(key or secrets.token_bytes(32))
    for storage in document["storages"]:
        masks.learn(storage)
    waivers = list(
        _by_name(document.get("waivers", ()), [storage["fields"].get("name", "") for storage in document["storages"]])
    )
    anonymous = masks.apply({**document, "waivers": waivers})
    return sealed({**anonymous, "anonymised": True})


def _by_name(waivers: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Patterns for names would not fit the stand-ins: a waiver becomes one for each storage that it is for."""
    for waiver in waivers:
        pattern = waiver.get("storage", "*")
        if pattern == "*":
            yield dict(waiver)
        else:
            fitting = [name for name in names if fnmatchcase(name, pattern)]
            yield from ({**waiver, "storage": glob.escape(name)} for name in fitting)


@dataclass(slots=True)
class _Masks:
    key: bytes
    known: dict[str, str] = field(default_factory=dict)

    def learn(self, storage: Mapping[str, Any]) -> None:
        """The names that a storage brings: those of its fields, and each part of its paths."""
        fields, file = storage["fields"], str(storage["origin"]["file"])
        stems = [part.rpartition(".")[0] or part for part in file.split("/")]
        for name in (*(fields.get(each, "") for each in _NAMES), *fields.get("path", "").split("/"), *stems):
            if name.strip("._-") and name not in {RESERVED_NAME, "<stdin>"}:
                self.known.setdefault(name, self.stand_in(name))
        host = urlsplit(fields.get("endpoint_url", "")).hostname
        if host:
            self.known.setdefault(host, self._shaped(host))

    def apply(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.apply(item) for item in value]
            case dict():
                return {name: item if name in _VERBATIM else self.apply(item) for name, item in value.items()}
            case _:
                return value

    def text(self, value: str) -> str:
        """Every hit once, the first and longest first, so that no stand-in is replaced again."""
        done: list[str] = []
        at = 0
        for start, end, stand_in in sorted(self._hits(value), key=lambda hit: (hit[0], -hit[1])):
            if start >= at:
                done += [value[at:start], stand_in]
                at = end
        return "".join(done) + value[at:]

    def _hits(self, value: str) -> Iterator[tuple[int, int, str]]:
        for name, stand_in in self.known.items():
            yield from ((found.start(), found.end(), stand_in) for found in _by_itself(name).finditer(value))
        for shape in _SHAPES:
            for found in shape.finditer(value):
                yield found.end(1), found.end(), self._shaped(value[found.end(1) : found.end()])

    def _shaped(self, value: str) -> str:
        if value in {ACCOUNT, "localhost"} or _PUBLIC_GUIDS.fullmatch(value) or value.startswith("127."):
            return value
        if "@" in value:
            local, _, host = value.partition("@")
            return f"{self._part(local)}@{self._host(host)}"
        if re.fullmatch(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,24}", value):
            return self.known.get(value) or self._host(value)
        return "/".join(map(self._part, value.split("/")))

    def _host(self, host: str) -> str:
        """A host keeps its end; one of a provider's keeps the provider's words, too."""
        found = _PROVIDERS.search(host)
        end = found[0] if found else host.rpartition(".")[2]
        labels = host.removesuffix(end).rstrip(".").split(".")
        words = [label if found and _WORDS.fullmatch(label) else self._part(label) for label in labels]
        return ".".join([*words, end])

    def _part(self, name: str) -> str:
        return self.known.get(name) or self.stand_in(name)

    def stand_in(self, name: str) -> str:
        """Letters become letters and digits digits; all else stays, so that a legal name stays one."""
        letters = "abcdef" if re.fullmatch(_GUID, name) else string.ascii_lowercase
        return "".join(_alike(sign, chance, letters) for sign, chance in zip(name, self._chances(name), strict=False))

    def _chances(self, name: str) -> Iterator[int]:
        for block in range(len(name) // 32 + 1):
            yield from hmac.digest(self.key, f"{block}\0{name}".encode(errors="replace"), "sha256")


def _alike(sign: str, chance: int, letters: str) -> str:
    if sign.isascii() and sign.isdigit():
        return string.digits[chance % 10]
    if sign.isalpha():
        found = letters[chance % len(letters)]
        return found.upper() if sign.isupper() else found
    return sign


def _by_itself(name: str) -> re.Pattern[str]:
    """A name where it stands as a whole word; a short one, or a word of prose, only where it is a name for sure."""
    exact = re.escape(name)
    if len(name) < 4 or name.lower() in _PROSE:
        return re.compile(
            rf"^{exact}$|(?<![A-Za-z0-9_-]){exact}(?=/)|(?<=[/'\"`]){exact}(?=[/'\"`.:?]|$)|"
            rf"(?:(?<=[:=] )|(?<=-name )|(?<=--bucket )|(?<=container )|(?<=bucket )){exact}(?=[,\s]|$)"
        )
    return re.compile(rf"(?<![A-Za-z0-9]){exact}(?![A-Za-z0-9])")
