"""The path of the permission as a picture: identity, policy, bucket, key, and the link that is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

from preflight.model import AbsStorage, Cause, GcsStorage, S3Storage, Status, Storage, StorageReport
from preflight.reports._findings import Finding
from preflight.reports._page import text
from preflight.reports._text import one_line


class Stop(IntEnum):
    """Where a request has to come by, in this order."""

    IDENTITY = 0
    POLICY = 1
    BUCKET = 2
    KEY = 3


class Link(Enum):
    """The state of the link that leads to a stop: its style, its mark, its word."""

    PROVEN = ("proven", "√")
    REACHED = ("reached", "√")
    BROKEN = ("broken", "×")
    OPEN = ("open", "?")
    UNKNOWN = ("unknown", "")

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def mark(self) -> str:
        return self.value[1]


_WIDTH, _GAP, _TOP, _HEIGHT, _LEFT = 186, 52, 14, 96, 52
_LETTERS = 20  # of the monospaced text that a box holds

_IDENTITY = {
    Cause.CREDENTIAL_MISSING,
    Cause.CREDENTIAL_MALFORMED,
    Cause.CREDENTIAL_UNKNOWN,
    Cause.SECRET_WRONG,
    Cause.CREDENTIAL_EXPIRED,
    Cause.CREDENTIAL_DISABLED,
    Cause.SESSION_TOKEN_INVALID,
    Cause.TENANT_WRONG,
    Cause.SCOPE_WRONG,
    Cause.AUTH_METHOD_REFUSED,
    Cause.CLOCK_SKEW,
    Cause.SIGNATURE_BROKEN,
    Cause.WRONG_PRINCIPAL,
    # What never got as far as being asked who it is:
    Cause.ENDPOINT_WRONG,
    Cause.ACCOUNT_NAME_WRONG,
    Cause.DNS_FAILED,
    Cause.CONNECTION_FAILED,
    Cause.TLS_FAILED,
    Cause.HTTPS_REQUIRED,
    Cause.PROXY_INTERFERED,
    Cause.THROTTLED,
    Cause.SERVICE_UNAVAILABLE,
}
_POLICY = {
    Cause.PERMISSION_MISSING,
    Cause.BUCKET_POLICY_MISSING,
    Cause.EXPLICIT_DENY,
    Cause.BOUNDARY_DENY,
    Cause.ORGANIZATION_DENY,
    Cause.CONDITION_UNMET,
    Cause.NOT_PROPAGATED,
    Cause.ACCESS_DENIED,
}
_BUCKET = {
    Cause.BUCKET_MISSING,
    Cause.BUCKET_NAME_INVALID,
    Cause.BUCKET_NOT_YOURS,
    Cause.REGION_WRONG,
    Cause.ACCOUNT_SUSPENDED,
    Cause.API_DISABLED,
    Cause.ACCOUNT_KIND_UNSUPPORTED,
    Cause.NETWORK_DENIED,
    Cause.PAYER_REQUIRED,
    Cause.QUOTA_EXCEEDED,
}
_KEY = {
    Cause.HEADER_REQUIRED,
    Cause.ACL_REFUSED,
    Cause.ENCRYPTION_KEY_DENIED,
    Cause.ENCRYPTION_KEY_UNUSABLE,
    Cause.ENCRYPTION_REFUSED,
    Cause.OBJECT_EXISTS,
    Cause.OBJECT_LOCKED,
    Cause.CHECKSUM_REQUIRED,
    Cause.FEATURE_UNSUPPORTED,
    Cause.REQUEST_INVALID,
}
STOPS = dict(zip(Stop, (_IDENTITY, _POLICY, _BUCKET, _KEY), strict=True))
OFF_THE_PATH = {Cause.NOT_NEEDED}  # a right too many holds up no request


@dataclass(frozen=True, slots=True)
class Path:
    """The links to the four stops, and the finding that breaks one."""

    links: tuple[Link, Link, Link, Link]
    finding: Finding | None = None

    def spoken(self, names: Mapping[Stop, str]) -> str:
        """The picture in words, for those who do not see it."""
        return ", ".join(
            f"{names[stop]} {link.word}" + (f" ({self.finding.name})" if self.finding and link in _BAD else "")
            for stop, link in zip(Stop, self.links, strict=True)
        )


_BAD = {Link.BROKEN, Link.OPEN}


def path(found: StorageReport) -> Path:
    """How far a request comes. What is broken hides what comes after; a missing bucket says nothing of policies."""
    finding = _breaking(found)
    if finding is None:
        essential = [outcome for outcome in found.outcomes if outcome.essential]
        proven = bool(essential) and all(outcome.status is Status.PASS for outcome in essential)
        link = Link.PROVEN if proven else Link.UNKNOWN
        return Path((link, link, link, link))
    at = _stop(finding)
    links = [Link.REACHED if stop < at else Link.UNKNOWN for stop in Stop]
    if at is Stop.BUCKET:
        links[Stop.POLICY] = Link.UNKNOWN
    links[at] = Link.BROKEN if finding.outcome.status is Status.FAIL else Link.OPEN
    first, second, third, fourth = links
    return Path((first, second, third, fourth), finding)


def _breaking(found: StorageReport) -> Finding | None:
    """The first finding that holds up the request: a failure rather than a doubt."""
    findings = [Finding(outcome, found) for outcome in found.outcomes if not outcome.waived]
    on_the_path = [one for one in findings if one.first and one.first.cause not in OFF_THE_PATH]
    failed = [one for one in on_the_path if one.outcome.status is Status.FAIL and one.level.value == "error"]
    doubted = [one for one in on_the_path if one.outcome.status is Status.UNKNOWN and one.outcome.essential]
    return next(iter([*failed, *doubted]), None)


def _stop(finding: Finding) -> Stop:
    return next((stop for stop, causes in STOPS.items() if finding.first and finding.first.cause in causes), Stop.KEY)


def svg(found: StorageReport, number: int) -> str:
    """The picture; `number` tells it from the others of its page."""
    way = path(found)
    words = _words(found, way)
    names = {stop: name for stop, (name, _, _) in words.items()}
    spoken = way.spoken(names)
    width = _LEFT + 4 * _WIDTH + 3 * _GAP + 6
    stops = "".join(_box(stop, words[stop], way.links[stop]) for stop in Stop)
    links = "".join(_arrow(stop, way.links[stop]) for stop in Stop)
    return f"""\
<figure>
<div class="picture" tabindex="0" role="group" aria-label="The path of the permission">
<svg viewBox="0 0 {width} {_TOP + _HEIGHT + 16}" width="{width}" height="{_TOP + _HEIGHT + 16}" role="img" \
aria-labelledby="path-{number}">
<title id="path-{number}">{text(spoken)}</title>
<circle class="start" cx="10" cy="{_TOP + _HEIGHT // 2}" r="7"/>
{links}{stops}</svg>
</div>
<figcaption>{" → ".join(names.values())}: {text(spoken)}</figcaption>
</figure>
"""


def _words(found: StorageReport, way: Path) -> dict[Stop, tuple[str, str, str]]:
    storage = found.storage
    return {
        Stop.IDENTITY: ("identity", found.writer.principal or "not known", found.writer.source),
        Stop.POLICY: ("policy", *_policy(way)),
        Stop.BUCKET: (storage.words["bucket"], storage.bucket, _home(storage)),
        Stop.KEY: ("key", f"{storage.path}…", ""),
    }


def _policy(way: Path) -> tuple[str, str]:
    """What is missing, else the statement that decides, else nothing that is known."""
    if way.finding and way.finding.first and way.finding.first.missing:
        return f"lacks {way.finding.first.missing[0].action}", ""
    evidence = way.finding.outcome.evidence if way.finding else ()
    statements = [str(one.reply.facts["statement"]) for one in evidence if one.reply.facts.get("statement")]
    return (statements[0], "") if statements else ("the writer's grant", "")


def _home(storage: Storage) -> str:
    match storage:
        case S3Storage():
            return storage.endpoint_url or storage.region
        case GcsStorage():
            return storage.project_id
        case AbsStorage():
            return storage.account_name
        case _:
            return ""


def _box(stop: Stop, words: tuple[str, str, str], link: Link) -> str:
    left = _LEFT + stop * (_WIDTH + _GAP)
    title, name, beside = words
    lines = [("stop", title), ("name", name), ("beside", beside)]
    drawn = "".join(
        f'<text class="{kind}" x="{left + 12}" y="{_TOP + 28 + 24 * row}">{text(_short(line))}</text>'
        for row, (kind, line) in enumerate(lines)
        if line
    )
    box = f'<rect class="{link.word}" x="{left}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" rx="8"/>'
    return f"<g>{box}{drawn}<title>{text(f'{title}: {one_line(name)} {one_line(beside)}')}</title></g>\n"


def _arrow(stop: Stop, link: Link) -> str:
    end = _LEFT + stop * (_WIDTH + _GAP)
    start = end - _GAP + 2 if stop else 18
    middle = _TOP + _HEIGHT // 2
    line = f'<path class="link {link.word}" d="M{start} {middle}H{end - 4}m-8 -6l8 6l-8 6"/>'
    if not link.mark:
        return line + "\n"
    at = (start + end) // 2 - 3
    return f'{line}<text class="mark {link.word}" x="{at}" y="{middle - 10}">{link.mark}</text>\n'


def _short(line: str) -> str:
    """The end of a long name tells more than its beginning."""
    flat = one_line(line)
    return flat if len(flat) <= _LETTERS else f"{flat[:8]}…{flat[9 - _LETTERS :]}"
