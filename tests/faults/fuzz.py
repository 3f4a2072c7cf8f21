"""Thousands of whole checks against S3 in memory, over a line that loses, delays, replaces and breaks what it carries.

`python -m tests.faults.fuzz 10000 [SEED]` runs as many and prints what must all be zero. Everything of ours is real,
boto3 too; only the socket is not there. The server is the sandbox's, which verifies signatures and decides.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, HTTPClientError, ReadTimeoutError
from urllib3.exceptions import ProtocolError

from preflight import reports, run
from preflight.config import Configuration
from preflight.model import Identity, Problem, Reach, Report, S3Storage, Secret, Storage, Verdict
from preflight.providers import pauses, s3
from preflight.providers.s3 import client, store
from preflight.sandbox import World, load
from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.s3 import furnish
from preflight.sandbox.scenario import merge
from preflight.session import Limits, Session

KEY, SECRET = "AKIASANDBOXEXAMPLE01", "sandbox/secret+of+the+stream+writer/0001"
ENDPOINT = "http://127.0.0.1:9"  # nothing is ever sent there
EVERYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
NOTHING = '{"Version": "2012-10-17", "Statement": []}'
WORLDS: Sequence[Mapping[str, Any]] = (
    {},
    {"users": {"stream-writer": {"policies": [EVERYTHING]}}},
    {"users": {"stream-writer": {"policies": [EVERYTHING]}}, "ignored": ["if-none-match"]},
    {"users": {"stream-writer": {"policies": [NOTHING]}}},
    {"users": {"stream-writer": {"secret": "another/secret/than+the+configured/00001"}}},
)
MUST_BE_ZERO = (
    "objects overwritten",
    "secrets found",
    "wrong greens",
    "objects unaccounted for",
    "crashes",
    "requests outside our own names",
)


class Body:
    """A body as urllib3 hands it out, which may break off."""

    def __init__(self, content: bytes, *, whole: bool = True) -> None:
        self._content, self._whole = content, whole

    def read1(self, *_: object, **__: object) -> bytes:
        content, self._content = self._content, b""
        if not content and not self._whole:
            raise ProtocolError("Connection broken: IncompleteRead")
        return content

    read = read1

    def close(self) -> None: ...


@dataclass(slots=True)
class Line:
    """Stands in for the socket: carries a request to the world's S3, and does harm on the way.

    `late` holds requests that arrive only after the run; `ever` all that was stored at any time.
    """

    dice: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - no secret is made of it
    world: World | None = None
    serve: Callable[[Request], Response] | None = None
    intensity: float = 0.0
    ever: set[str] = field(default_factory=set)
    late: list[Request] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def set_out(self, world: World, seed: Random) -> None:
        self.world, self.dice = world, seed
        self.serve = furnish(world)["s3"].handle
        self.intensity = seed.choice((0.0, 0.1, 0.3, 0.6, 1.0))
        self.ever, self.late, self.strays = set(), [], []

    def send(self, prepared: AWSPreparedRequest) -> AWSResponse:
        """As `URLLib3Session.send`."""
        request = _request(prepared)
        own = "/recordings/preflight-test-" in request.path
        if request.method != "GET" and not own:
            self.strays.append(str(request))
        if self.dice.random() >= self.intensity:
            return self._answer(prepared, self._commit(request))
        return self.dice.choice((self._break, self._replace, self._damage))(prepared, request)

    def arrive_late(self) -> None:
        for request in self.late:
            self._commit(request)

    def _commit(self, request: Request) -> Response:
        assert self.world
        assert self.serve
        answer = self.serve(request)
        self.ever |= set(self.world.stored())
        return answer

    def _break(self, prepared: AWSPreparedRequest, request: Request) -> AWSResponse:
        match self.dice.randrange(6):
            case 0 | 1:
                self._commit(request)
            case 2:
                self.late.append(request)
            case 3:
                raise EndpointConnectionError(endpoint_url=prepared.url, error=f"refused {SECRET}")
            case _:
                pass
        lost = (ReadTimeoutError, ConnectionClosedError)[self.dice.randrange(2)]
        if self.dice.random() < 0.1:
            raise HTTPClientError(error=f"{KEY} {SECRET}")
        raise lost(endpoint_url=f"{prepared.url}?{SECRET}")

    def _replace(self, prepared: AWSPreparedRequest, request: Request) -> AWSResponse:
        status = self.dice.choice((200, 200, 204, 301, 307, 400, 403, 404, 408, 409, 412, 429, 500, 502, 503))
        code = self.dice.choice(("AccessDenied", "SlowDown", "NoSuchUpload", "BadDigest", "InternalError", SECRET, "x"))
        bodies = (
            b"",
            b"<html>" + SECRET.encode() + b"</html>",
            b"<Error><Code>AccessDenied</Code><Mess",
            f"<Error><Code>{code}</Code><Message>\x1b[2J{KEY} {SECRET}</Message></Error>".encode(),
            f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{SECRET}\n::error::x</Message></Error>'.encode(),
            b"\x00\xff" * 50,
            b"<a>" * 2000,
            self.dice.randbytes(300),
        )
        body = self.dice.choice(bodies)
        # Who refuses in S3's own words and has done it all the same is beyond anybody's telling.
        believable = 300 <= status < 500 and status != 408 and b"</Error>" in body
        if not believable and self.dice.random() < 0.5:
            self._commit(request)
        headers = {"Server": SECRET, "Retry-After": self.dice.choice(("0", "86400", "soon", "-1", SECRET))}
        return self._answer(prepared, Response(status, headers, body), dated=False)

    def _damage(self, prepared: AWSPreparedRequest, request: Request) -> AWSResponse:
        """The server's own answer, cut off, garbled, or without some of its headers."""
        answer = self._commit(request)
        body, headers = answer.body, dict(answer.headers)
        match self.dice.randrange(4):
            case 0:
                return self._answer(prepared, Response(answer.status, headers, body[: len(body) // 2]), whole=False)
            case 1:
                body = bytes(self.dice.choice((byte, byte, byte, 0x3C, 0xFF)) for byte in body)
            case 2:
                headers = {name: value for name, value in headers.items() if self.dice.random() < 0.5}
            case _:
                headers |= {"x-amz-request-id": SECRET, "x-amz-bucket-region": KEY, "x-amz-version-id": "\x1b[31m"}
        return self._answer(prepared, Response(answer.status, headers, body))

    def _answer(
        self, prepared: AWSPreparedRequest, answer: Response, *, whole: bool = True, dated: bool = True
    ) -> AWSResponse:
        assert self.world
        headers = {**({"Date": format_datetime(self.world.now(), usegmt=True)} if dated else {}), **answer.headers}
        kept: Any = _Headers(headers)  # as far as botocore reads them
        return AWSResponse(prepared.url, answer.status, kept, Body(answer.body, whole=whole))


class _Headers(dict[str, str]):
    """Header names in any case, as urllib3 has them."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in given.items()})

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())


def _request(prepared: AWSPreparedRequest) -> Request:
    parts = urlsplit(prepared.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {name.lower(): _text(value) for name, value in prepared.headers.items()}
    headers.setdefault("host", parts.netloc)
    body = prepared.body or b""
    given: Any = body.read() if hasattr(body, "read") else body
    content = given.encode() if isinstance(given, str) else bytes(given)
    return Request(prepared.method, target, headers, content)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


class Fuzz:
    """One store, whose line is changed for every run: making a client takes longer than a run."""

    def __init__(self, seed: int) -> None:
        self.line = Line()
        self.counts: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self._seed = seed
        self._scenario = load("s3/healthy")
        self._storage = S3Storage(
            name="main",
            storage_type="s3",
            bucket="my-recordings",
            path="recordings/",
            region="eu-central-1",
            api_key=Secret(KEY, source="test", prefix="AKIA"),
            secret=Secret(SECRET, source="test"),
            endpoint_url=ENDPOINT,
        )
        before, self._pause = vars(client)["URLLib3Session"], pauses.SHORTEST
        vars(client)["URLLib3Session"] = lambda **_: self.line  # until the client is made
        self._writer = store.WriterStore(self._storage, Reach(timeout=5))
        self._writer._open()
        vars(client)["URLLib3Session"], pauses.SHORTEST = before, 0.0

    def close(self) -> None:
        pauses.SHORTEST = self._pause

    def examine(self, number: int) -> None:
        """One check, held against what is there."""
        seed = Random(f"{self._seed}/{number}")  # noqa: S311 - as above
        changed = merge(self._scenario.world, seed.choice(WORLDS))
        world = World.of(self._scenario)
        world.document = changed
        self.line.set_out(world, seed)
        plan = run.Plan(opener=self._open, no_residue=seed.random() < 0.15, deadline=30)
        report = run.check(Configuration(storages=(self._storage,)), plan)
        self.line.arrive_late()
        self._judge(report, world)

    def _open(self, storage: Storage, problems: Sequence[Problem], plan: run.Plan, limits: Limits) -> Session:
        session = Session(storage=storage, provider=s3, problems=tuple(problems), limits=limits, dry=plan.no_residue)
        session.admit(Identity.WRITER, self._writer)
        session.admit(Identity.INSPECTOR, "nobody inspects")
        session.admit(Identity.DOCUMENTS, "no documents")
        return session

    def _judge(self, report: Report, world: World) -> None:
        left = {one.address.removeprefix("s3://").partition("?uploadId=")[0] for one in report.storages[0].residue}
        texts = [reports.reader(form)(report, reports.Look(verbosity=2)) for form in ("human", "json")]
        self.verdicts[report.verdict] += 1
        self.counts["wrong greens"] += report.verdict is Verdict.READY and not self.line.ever
        self.counts["objects unaccounted for"] += len(set(world.stored()) - left)
        self.counts["objects overwritten"] += sum("preflight-test-" not in name for name in world.stored())
        self.counts["secrets found"] += sum(SECRET in text or KEY in text for text in (*texts, repr(report)))
        self.counts["secrets found"] += "\x1b" in texts[0]
        self.counts["crashes"] += report.exit_code == 4
        self.counts["requests outside our own names"] += len(self.line.strays)


def fuzz(runs: int, seed: int = 1) -> tuple[Counter[str], Counter[str]]:
    """The counts that must all be zero, and how often each verdict was reached."""
    made = Fuzz(seed)
    try:
        for number in range(runs):
            made.examine(number)
    finally:
        made.close()
    return Counter({name: made.counts[name] for name in MUST_BE_ZERO}), made.verdicts


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    counts, verdicts = fuzz(wanted, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    told = ", ".join(f"{name} {counts[name]}" for name in MUST_BE_ZERO)
    print(f"{wanted} runs: {told}")  # noqa: T201 - the numbers are what is wanted
    print(", ".join(f"{verdict} {times}" for verdict, times in sorted(verdicts.items())))  # noqa: T201 - likewise
    sys.exit(any(counts.values()))
