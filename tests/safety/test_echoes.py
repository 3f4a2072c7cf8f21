"""Secrets that a provider, or whoever stands between, puts into its answers: none comes out again."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight import reports
from preflight.cli.demo import at_home
from preflight.config import Configuration, load
from preflight.evidence import Recorder, dumps
from preflight.journal import Journal
from preflight.model import Reach, Secret, Verdict
from preflight.run import Plan, check
from preflight.sandbox import Fault, Kind, Sandbox
from preflight.sandbox.faults import Faults

CLOUDS = ("s3", "gcs", "abs")
UNKNOWN = "cAnArY0sEcReT1cAnArY2sEcReT3cAnArY4sEcReT"  # none that was configured: known by where it stands

# How servers and proxies repeat what they were sent.
WRITINGS: tuple[Callable[[str], str], ...] = (
    str,
    html.escape,
    lambda secret: quote(secret, safe=""),
    lambda secret: json.dumps(secret)[1:-1],
    lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    lambda secret: f"x{secret}y",
)
BODIES = (
    "<Error><Code>{0}</Code><Message>m</Message></Error>",
    "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>{0} {0}</Message><Key>{0}</Key></Error>",
    "<Error><Code>AccessDenied</Code><Message>no</Message><AWSAccessKeyId>{0}</AWSAccessKeyId></Error>",
    "<Error {0}='{0}'><{0}>{0}</{0}>",
    "<InitiateMultipartUploadResult><UploadId>{0}</UploadId></InitiateMultipartUploadResult>",
    "<ListBucketResult><Contents><Key>{0}</Key></Contents></ListBucketResult>",
    '{{"error": {{"code": 403, "message": "{0}", "errors": [{{"reason": "{0}", "message": "{0}"}}]}}}}',
    '{{"error": {{"status": "{0}", "details": [{{"reason": "{0}", "metadata": {{"{0}": "{0}"}}}}]}}}}',
    '{{"error": "{0}", "error_description": "AADSTS7000215: {0}", "error_codes": ["{0}"], "correlation_id": "{0}"}}',
    '{{"access_token": "{0}", "token_type": "Bearer", "expires_in": 3599}}',
    '{{"kind": "storage#object", "bucket": "my-recordings", "name": "{0}", "generation": "{0}", "id": "{0}"}}',
    '{{"permissions": ["{0}"], "{0}": "{0}"}}',
    "<!doctype html><title>{0}</title><body onload='{0}'>{0}</body>",
    "{0}",
    "\x1b]0;{0}\x07::error::{0}\n::add-mask::{0}",
)
SHAPES = (
    "Authorization: Bearer {0}",
    "https://a.blob.core.windows.net/c/b?sv=2023-11-03&sig={0}",
    "https://b.s3.amazonaws.com/k?X-Amz-Signature={0}&X-Amz-Date=1",
    "https://user:{0}@example.com/",
    "AccountKey={0};",
    "client_secret={0}",
)
HEADERS = (
    *(
        "Server",
        "Via",
        "ETag",
        "Date",
        "Location",
        "Retry-After",
        "WWW-Authenticate",
        "Content-Type",
        "Content-Language",
    ),
    *("x-amz-request-id", "x-amz-id-2", "x-amz-bucket-region", "x-amz-version-id", "x-amz-server-side-encryption"),
    *("x-ms-request-id", "x-ms-error-code", "x-ms-version-id", "x-ms-delete-type-permanent", "x-ms-client-request-id"),
    *("X-GUploader-UploadID", "x-cloud-trace-context", "x-goog-hash", "Set-Cookie"),
)
STATUSES = (200, 201, 204, 301, 307, 308, 400, 401, 403, 404, 408, 409, 412, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class Cloud:
    """An open sandbox, to be examined again and again under other faults."""

    box: Sandbox
    configuration: Configuration
    folder: Path

    @property
    def secrets(self) -> list[str]:
        """Those that were configured; of a key file, the lines of its private key."""
        values = [secret.reveal() for storage in self.configuration.storages for secret in storage.secrets]
        return [part for value in values for part in _parts(value)]

    def examine(self, *faults: Fault) -> tuple[Verdict, str]:
        """The verdict, and everything that a run under these faults says and keeps."""
        self.box.world.faults = Faults(faults)
        recorder, journal = Recorder(), Journal.begin({"XDG_STATE_HOME": str(self.folder)})
        reach = Reach(endpoints=self.box.endpoints, timeout=5)
        plan = Plan(reach=reach, opener=recorder.open, journal=journal)
        report = check(self.configuration, plan)
        told = [reports.reader(form)(report, reports.Look(verbosity=3)) for form in reports.formats()]
        kept = dumps(recorder.document(self.configuration, plan, report))
        written = [path.read_text(encoding="utf-8") for path in self.folder.rglob("*.jsonl")]
        for path in self.folder.rglob("*.jsonl"):
            path.unlink()
        return report.verdict, "\n".join([*told, kept, *written, repr(report)])


def _parts(value: str) -> list[str]:
    if not value.startswith("{"):
        return [value]
    lines: list[str] = json.loads(value)["private_key"].splitlines()
    return [line for line in lines if len(line) >= 16 and not line.startswith("-")]


@pytest.fixture(scope="module", params=CLOUDS)
def cloud(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with ExitStack() as stack:
        box = stack.enter_context(Sandbox(f"{request.param}/healthy"))
        stack.enter_context(at_home([box]))
        configuration = load(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        yield Cloud(box, configuration, tmp_path_factory.mktemp("state"))


def _header(text: str) -> str:
    """As a header can carry it."""
    return text.encode("latin-1", "replace").decode("latin-1").translate(dict.fromkeys(range(32)))


@st.composite
def answers(draw: st.DrawFn, secrets: list[str]) -> tuple[Fault, list[str]]:
    """An answer with secrets in it, and how they were written."""
    writing = draw(st.sampled_from(WRITINGS))
    known = draw(st.booleans())
    secret = draw(st.sampled_from(secrets)) if known else UNKNOWN
    put = writing(secret) if known else draw(st.sampled_from(SHAPES)).format(secret)
    names = draw(st.lists(st.sampled_from(HEADERS), max_size=4, unique=True))
    fault = Fault(
        kind=Kind.ANSWER,
        request=draw(st.sampled_from(["*", "PUT *", "POST *", "GET *", "DELETE *", "*/token*", "*upload*"])),
        skip=draw(st.integers(0, 3)),
        status=draw(st.sampled_from(STATUSES)),
        headers={name: _header(put) for name in names},
        body=draw(st.sampled_from(BODIES)).format(put),
    )
    return fault, [secret, put if known else secret]


@given(data=st.data())
@settings(max_examples=40)
def test_what_an_answer_repeats_of_a_secret_is_not_told(cloud: Cloud, data: st.DataObject) -> None:
    """Wherever it stands in an answer, however it is written there, and whatever the answer claims to be."""
    fault, hidden = data.draw(answers(cloud.secrets))

    _, told = cloud.examine(fault)

    assert [form for form in hidden if form in told] == []


def test_without_a_fault_the_cloud_is_healthy(cloud: Cloud) -> None:
    """What is examined here is what people run: it is ready, and tells what it found."""
    verdict, told = cloud.examine()

    assert verdict is Verdict.READY
    assert "preflight-test-" in told


@pytest.mark.parametrize("written", WRITINGS)
def test_a_secret_is_known_in_the_writings_of_the_wire(written: Callable[[str], str]) -> None:
    """Percent signs, entities and escapes do not hide it from us, for they hide it from nobody."""
    from preflight.redact import redact

    secret = 'aB/c+d"e&f<g>h=/0123456789'

    assert (
        redact(f"a {written(secret)} b", [Secret(secret, source="test")]).replace("x", "").replace("y", "") == "a *** b"
    )
