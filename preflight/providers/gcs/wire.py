"""One identity's way to the storage API: plain requests with its token, all through one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import requests
from google.auth.credentials import Credentials
from google.auth.transport.requests import Request
from requests.auth import AuthBase

from preflight.model import Effect, Refusal
from preflight.providers.gcs.door import Door, NotAllowedError, Pass, chain, never_sent
from preflight.providers.gcs.refusals import Answer, refuse

API = "https://storage.googleapis.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one or more requests: the last that was sent, its whole answer, and what failed."""

    sent: Pass | None = None
    answer: Answer | None = None
    failure: Exception | None = None

    @property
    def ok(self) -> bool:
        """Whether all that was asked for was answered well, as far as the status tells."""
        return self.failure is None and self.answer is not None and 200 <= self.answer.status < 300

    @property
    def doubt(self) -> Effect:
        """Whether an object may exist, should the answer not prove it."""
        if self.sent is None or not self.sent.writes:
            return Effect.NONE
        if self.answer is None:
            return Effect.NONE if never_sent(self.failure) else Effect.POSSIBLE
        refused = 300 <= self.answer.status < 500 and self.answer.status != 408
        return Effect.NONE if refused else Effect.POSSIBLE

    @property
    def refusal(self) -> Refusal:
        """Why it did not go well, raw."""
        if self.answer is None:
            return _unanswered(self.sent, self.failure)
        if self.failure is None or self.answer.status >= 300:
            return refuse(self.answer)
        said = f"answered {self.answer.status}, but not with what was asked for"
        return refuse(self.answer, code="unexpected-answer", message=said)


class Bearer(AuthBase):
    """Fetches a token where there is none, and adds it.

    google-auth's own session does so too; beside it, it looks up the account's regional boundary in a
    thread of its own and repeats a request that was answered 401, and requests heeds `.netrc` in it.
    """

    def __init__(self, credentials: Credentials, request: Request) -> None:
        self.credentials, self._request = credentials, request

    def refresh(self) -> None:
        if not self.credentials.valid:
            self.credentials.refresh(self._request)  # type: ignore[no-untyped-call]  # typed in part

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        self.refresh()
        self.credentials.apply(prepared.headers)  # type: ignore[no-untyped-call]  # likewise
        return prepared


@dataclass(slots=True)
class Wire:
    """`session` may be handed to the SDK: what it sends goes through the same door.

    `token` is the pass for fetching one; without it, the credentials fetch theirs outside the door.
    """

    credentials: Credentials
    bucket: str
    api: str
    token: Pass | None = None
    door: Door = field(default_factory=Door)
    session: requests.Session = field(init=False)
    bearer: Bearer = field(init=False)

    def __post_init__(self) -> None:
        self.session = _session(self.door)
        self.bearer = Bearer(self.credentials, Request(_session(self.door) if self.token else None))
        self.session.auth = self.bearer

    @property
    def of_bucket(self) -> str:
        return f"{self.api}/storage/v1/b/{quote(self.bucket, safe='')}"

    @property
    def of_uploads(self) -> str:
        return f"{self.api}/upload/storage/v1/b/{quote(self.bucket, safe='')}/o"

    def of_object(self, key: str) -> str:
        return f"{self.of_bucket}/o/{quote(key, safe='')}"

    def attempt(self, act: Callable[[], object], deadline: float, *passes: Pass) -> Attempt:
        """Do something that may send these requests, and a token's; only our own bug raises."""
        visit = self.door.open((*passes, *([self.token] if self.token else ())), deadline)
        failure = None
        try:
            act()
        except NotAllowedError:
            raise
        except Exception as error:  # noqa: BLE001 - SDK, token and network fail in dozens of types: all are answers
            failure = error
        return Attempt(sent=visit.sent, answer=visit.answer, failure=failure)

    def send(self, way: Pass, deadline: float, more: Mapping[str, str | list[str]] | None = None) -> Attempt:
        """One request without a body."""
        query = urlencode({**way.query, **(more or {})}, doseq=True)
        url = f"{way.url}?{query}" if query else way.url
        return self.attempt(lambda: self.session.request(way.method, url), deadline, way)


def _session(door: Door) -> requests.Session:
    session = requests.Session()
    session.max_redirects = 0  # a token is not carried on to wherever an answer points
    session.mount("https://", door)
    session.mount("http://", door)
    return session


def _unanswered(sent: Pass | None, failure: Exception | None) -> Refusal:
    """No whole answer: the innermost failure of the transport says most."""
    found = [error for error in chain(failure) if isinstance(error, requests.exceptions.RequestException)]
    error = found[-1] if found else failure
    if sent is None or not found:
        stage = "token"  # what fails before anything is sent is the signing of the token's request
    else:
        stage = "tls" if isinstance(error, requests.exceptions.SSLError) else "connect"
    return Refusal(
        provider="gcs",
        stage=stage,
        operation=sent.operation if sent else "load credentials",
        code=type(error).__name__,
        message=str(error)[:4096],
    )
