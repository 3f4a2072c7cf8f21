"""The blob endpoint as the identity that writes: seven requests, about its own names only."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from azure.core import MatchConditions
from azure.storage.blob import BlobBlock, BlobClient, ContainerClient, ContentSettings

from preflight import __version__
from preflight.model import (
    AbsStorage,
    Ask,
    Candidate,
    Cause,
    Delete,
    Effect,
    Get,
    List,
    Put,
    PutParts,
    Read,
    Reply,
    WhoAmI,
)
from preflight.providers import Reach, pauses
from preflight.providers.abs import parts_key
from preflight.providers.abs.allowance import own_requests
from preflight.providers.abs.door import Door, Exchange, ForbiddenRequestError, wire
from preflight.providers.abs.entra import AccountKey, Credential, ServicePrincipal
from preflight.providers.abs.replies import (
    Step,
    accepted,
    challenged_tenant,
    genuine,
    not_offered,
    refused,
    unanswered,
    unknown,
)

_AZURE = frozenset({"x-ms-request-id"})
_CREATED = _AZURE | {"etag"}
PUT = Step("put_blob", "Put Blob", writes=True, proof=_CREATED)
STAGE = Step("put_blob", "Put Block", writes=True, proof=_AZURE)
COMMIT = Step("put_blob", "Put Block List", writes=True, proof=_CREATED)
GET = Step("get_blob", "Get Blob", proof=_AZURE)
LIST = Step("list", "List Blobs", proof=_AZURE)
DELETE = Step("cleanup", "Delete Blob", proof=_AZURE)

UNCOMMITTED = "at most an uncommitted block, which no listing of blobs shows; Azure discards it after 7 days"
STORED = "stored although its digest was wrong: this server does not check it"
WEAKER = "refused for its digest on purpose: what applies only when a blob is stored was not tried"
OPENING = "This object proves that recordings can be written here."  # by which we know our own again
TYPE = "text/plain; charset=utf-8"
WRONG_DIGEST = bytes(16)
API_VERSION = "2023-11-03"  # old enough for every cloud, new enough for the challenge that names the tenant


class BlobWriter:
    """A `Store`. `credential` is for whom neither a client secret nor an account key stands (tests, with a SAS)."""

    def __init__(self, storage: AbsStorage, reach: Reach, credential: Credential | None = None) -> None:
        self._storage = storage
        self._url = account_url(storage, reach)
        self._wire = wire(reach.timeout)
        by_key = storage.account_key and not storage.client_secret
        own = AccountKey(storage) if by_key else ServicePrincipal(storage, reach, self._wire)
        self._credential: Credential = credential or own
        self._patience = reach.timeout / 2
        self._doubtful: set[str] = set()
        self._versioned = False
        self._challenge: Exchange | None = None

    def ask(self, ask: Ask) -> Reply:
        started = time.monotonic()
        reply = self._answer(ask)
        return replace(reply, millis=round((time.monotonic() - started) * 1000))

    def _answer(self, ask: Ask) -> Reply:
        who = self._credential.present()
        if isinstance(ask, Read):
            return not_offered(ask.setting, "settings are not the writer's to read")
        if not who.ok or isinstance(ask, WhoAmI):
            return self._with_tenant(who)
        name = ask.prefix if isinstance(ask, List) else ask.key
        if {".", ".."} & set(name.split("/")):
            return _unsendable()
        if "grants_everything" in who.facts:
            reply = self._operate(ask)
            return replace(reply, facts={**reply.facts, "grants_everything": True})
        return self._operate(ask)

    def _operate(self, ask: Put | PutParts | Get | List | Delete) -> Reply:
        match ask:
            case Put():
                return self._put(ask)
            case PutParts():
                return self._put_parts(ask)
            case Get():
                return self._get(ask.key)
            case List():
                return self._list(ask.prefix)
            case Delete():
                return self._delete(ask.key)

    def _put(self, ask: Put) -> Reply:
        settings = ContentSettings(content_type=TYPE, content_md5=bytearray(WRONG_DIGEST) if ask.dry else None)
        headers = _wrong_digest() if ask.dry else {}

        def upload(blob: BlobClient) -> object:
            return blob.upload_blob(_text(), overwrite=False, content_settings=settings, headers=dict(headers))

        reply = self._create(PUT, ask.key, upload, expects_doubt=not ask.again)
        return _authorised(reply) if ask.dry else reply

    def _put_parts(self, ask: PutParts) -> Reply:
        name, text, block = parts_key(self._storage, ask.key), _text(), "preflight"
        if ask.dry:
            return _authorised(
                self._send(STAGE, name, lambda b: b.stage_block(block, text, headers=_wrong_digest()), {201})
            )

        def stage(blob: BlobClient) -> object:
            return blob.stage_block(block, text)

        staged = self._send(STAGE, name, stage, {201})
        staged = self._send(STAGE, name, stage, {201}) if self._rested(staged) else staged
        if not staged.ok:
            return _noted(staged)

        def commit(blob: BlobClient) -> object:
            free = MatchConditions.IfMissing
            return blob.commit_block_list(
                [BlobBlock(block)], content_settings=ContentSettings(TYPE), match_condition=free
            )

        reply = self._create(COMMIT, name, commit)
        return reply if reply.ok else _noted(replace(reply, effect=Effect.POSSIBLE))

    def _create(
        self, step: Step, key: str, act: Callable[[BlobClient], object], *, expects_doubt: bool = True
    ) -> Reply:
        """Create a blob of a new name. Put off or lost, the request is repeated once: it cannot overwrite."""
        reply = self._send(step, key, act, {201})
        if expects_doubt and self._rested(reply):
            if reply.effect is Effect.POSSIBLE:
                self._doubtful.add(key)
            reply = self._send(step, key, act, {201})
        if expects_doubt and _lost(reply):
            self._doubtful.add(key)
            reply = self._send(step, key, act, {201})
        if expects_doubt and key in self._doubtful and reply.code == "BlobAlreadyExists":
            facts = {**reply.facts, "earlier_answer_lost": True}
            return replace(reply, refusal=None, message=None, facts=facts, effect=Effect.CERTAIN)
        if key in self._doubtful and reply.effect is Effect.NONE:
            return replace(reply, effect=Effect.POSSIBLE)
        return reply

    def _rested(self, reply: Reply) -> bool:
        """Whether the service was busy, and has been left alone for as long as it asks."""
        busy = reply.status == 429 or (reply.status, reply.code) == (503, "ServerBusy")
        if reply.refusal is None or not busy:
            return False
        return pauses.rest(reply.refusal.headers.get("retry-after"), self._patience)

    def _get(self, key: str) -> Reply:
        answer = self._through(key, lambda door: self._blob(door, key).download_blob(max_concurrency=1))
        reply = self._judge(GET, answer, {200, 206})
        if reply.ok and isinstance(answer, Exchange) and not answer.body.startswith(OPENING):
            return refused(GET, answer, "a success without the blob that was written: somebody else answered")
        return reply

    def _list(self, prefix: str) -> Reply:
        def names(container: ContainerClient) -> object:
            return next(iter(container.list_blobs(name_starts_with=prefix, results_per_page=1)), None)

        def enter(door: Door) -> object:
            return names(ContainerClient(self._url, self._storage.bucket, **self._options(door)))

        return self._judge(LIST, self._through(prefix, enter), {200})

    def _delete(self, key: str) -> Reply:
        reply = self._send(DELETE, key, lambda blob: blob.delete_blob(), {202})
        remains = self._versioned or reply.facts.get("delete_permanent") == "false"
        return replace(reply, facts={**reply.facts, "version_remains": remains}) if reply.ok else reply

    def _send(self, step: Step, key: str, act: Callable[[BlobClient], object], good: set[int]) -> Reply:
        return self._judge(step, self._through(key, lambda door: act(self._blob(door, key))), good)

    def _blob(self, door: Door, key: str) -> BlobClient:
        return BlobClient(self._url, self._storage.bucket, key, **self._options(door))

    def _through(self, name: str, enter: Callable[[Door], object]) -> Exchange | Exception:
        """Send one request through a door of its own; its answer is read from the door, not from the SDK."""
        door = Door(self._wire, own_requests(self._url, self._storage.bucket, name, self._credential.query))
        try:
            enter(door)
        except ForbiddenRequestError:
            raise
        except Exception as error:  # noqa: BLE001 - the SDK meets an answer that is none with errors of any type
            if not door.exchanges:
                return error
        return door.exchanges[0]

    def _judge(self, step: Step, answer: Exchange | Exception, good: set[int]) -> Reply:
        if isinstance(answer, Exception):
            return unanswered(step, self._url, answer)
        if answer.status not in good:
            return self._with_tenant(refused(step, answer))
        if not genuine(step, answer):
            return refused(step, answer, "a success without the headers of Azure: somebody else answered")
        self._versioned |= "x-ms-version-id" in answer.headers
        permanent = answer.headers.get("x-ms-delete-type-permanent")
        facts = {} if permanent is None else {"delete_permanent": permanent}
        return accepted(answer, facts, Effect.CERTAIN if step.writes else Effect.NONE)

    def _with_tenant(self, reply: Reply) -> Reply:
        """Where the credential itself is refused, an anonymous request tells which tenant the account trusts."""
        refusal = reply.refusal
        if refusal is None or not (refusal.stage == "token" or _unauthenticated(reply)) or reply.status is None:
            return reply
        challenge = refusal.headers.get("www-authenticate") or self._anonymous()
        if not challenge:
            return reply
        refusal = replace(refusal, headers={**refusal.headers, "www-authenticate": challenge})
        tenant = challenged_tenant(challenge)
        facts = {**reply.facts, "tenant": tenant} if tenant else reply.facts
        return replace(reply, refusal=refusal, facts=facts)

    def _anonymous(self) -> str:
        if self._challenge is None:
            answer = self._through(self._nobody, lambda door: self._stranger(door).download_blob())
            if isinstance(answer, Exception):
                return ""
            self._challenge = answer
        return self._challenge.headers.get("www-authenticate", "")

    @property
    def _nobody(self) -> str:
        """A name that no object has: only the challenge is of interest."""
        return f"{self._storage.path}preflight-test"

    def _stranger(self, door: Door) -> BlobClient:
        return BlobClient(self._url, self._storage.bucket, self._nobody, **{**self._options(door), "credential": None})

    def _options(self, door: Door) -> dict[str, Any]:
        return {
            "credential": self._credential.sdk,
            "transport": door,
            "retry_total": 0,
            "permit_redirects": False,
            "api_version": API_VERSION,
            "user_agent": f"preflight/{__version__}",
        }


def account_url(storage: AbsStorage, reach: Reach) -> str:
    """Where the account answers. An override on loopback carries the account in its path; any other is a suffix."""
    override = reach.endpoints.get("abs")
    if not override:
        return f"https://{storage.account_name}.blob.core.windows.net"
    parts = urlsplit(override)
    if parts.hostname in {"127.0.0.1", "::1", "localhost"}:
        return f"{parts.scheme}://{parts.netloc}/{storage.account_name}"
    return f"{parts.scheme}://{storage.account_name}.{parts.netloc}"


def _unsendable() -> Reply:
    """A blob's name is a part of its URL, where clients resolve `.` and `..` (RFC 3986, 6.2.2.3)."""
    said = "the path has a . or .. between slashes, which clients take out of a URL: nothing was sent"
    candidate = Candidate(cause=Cause.REQUEST_INVALID, because=said, field="path")
    return replace(unknown(PUT, "path-unsendable", said), candidates=(candidate,))


def _text() -> bytes:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    said = f"{OPENING} It is not needed any more and safe to delete."
    return f"{said}\nWritten {now} by preflight {__version__}.\n".encode()


def _wrong_digest() -> dict[str, str]:
    return {"Content-MD5": base64.b64encode(WRONG_DIGEST).decode()}


def _authorised(reply: Reply) -> Reply:
    """A dry request is refused for its digest once everything before was right."""
    if reply.ok:
        return replace(reply, facts={**reply.facts, "weaker": WEAKER, "residue_note": STORED})
    if reply.status == 400 and reply.code == "Md5Mismatch":
        return replace(reply, refusal=None, message=None, facts={**reply.facts, "weaker": WEAKER})
    return reply


def _noted(reply: Reply) -> Reply:
    if reply.effect is Effect.NONE:
        return reply
    return replace(reply, facts={**reply.facts, "residue_note": UNCOMMITTED})


def _lost(reply: Reply) -> bool:
    """Broken without an answer, and not by time running out: then there is none left to repeat anything."""
    return reply.status is None and reply.effect is Effect.POSSIBLE and reply.code != "ReadTimeout"


def _unauthenticated(reply: Reply) -> bool:
    return reply.status == 401 or reply.code == "AuthenticationFailed"
