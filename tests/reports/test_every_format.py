"""What every reader owes, whichever format it writes: everything that was found, no secret, no order to anybody."""

from __future__ import annotations

import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator

import pytest

from preflight import reports
from preflight.reports import Look
from tests.reports import sample

FORMATS = reports.formats()
TOLD = {
    "the check": "write-object",
    "the cause": "permission-missing",
    "another cause": "explicit-deny",
    "the missing permission": "s3:PutObject",
    "its resource": "arn:aws:s3:::my-recordings/recordings/*",
    "the field": "aws_s3.s3_region",
    "the value it should have": "eu-central-1",
    "the remedy": "Allow the writer to put objects below recordings/",
    "who does it": "cloud",
    "the command": "aws iam put-user-policy --user-name stream-writer",
    "the patch": "s3_region: eu-central-1",
    "what is left behind": "preflight-test-00112233445566778899aabbccddeeff.txt",
    "how to delete it": "aws s3api delete-object --bucket my-recordings",
    "the assumption": "Stream writes from elsewhere",
    "the waiver's reason": "the archive job shares this key until March",
    "the waiver's end": "2027-03-31",
    "what the waiver is about": "withhold-list",
    "what is open": "write-multipart",
    "what is about the file": "resolve-call-types",
    "where more is said": "preflight explain permission-missing",
}


def _plain(name: str, text: str) -> str:
    """The text without the escapes of its format, in one line."""
    match name:
        case "json" | "sarif" | "gitlab" | "jsonl":
            text = "\n".join(
                _strings([json.loads(line) for line in (text.splitlines() if name == "jsonl" else [text])])
            )
        case "github":
            text = urllib.parse.unquote(text)
        case "html" | "junit":
            text = html.unescape(re.sub(r"<[a-z/][^>]*>", "", text) if name == "html" else text)
        case _:
            pass
    if name in {"markdown", "gitlab"}:
        text = re.sub(r"\\([\\`*_\[\]|<>~&$.-])", r"\1", text)
    return " ".join(text.split())


def _strings(value: object) -> Iterator[str]:
    """Every name and word of a JSON document, as `name: word`."""
    match value:
        case dict():
            for name, item in value.items():
                yield from (f"{name}: {word}" for word in _strings(item))
        case list():
            for item in value:
                yield from _strings(item)
        case _:
            yield str(value)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("what", TOLD)
def test_every_reader_says_everything(name: str, what: str) -> None:
    """Whoever reads one format misses nothing that another one tells."""
    text = _plain(name, reports.reader(name)(sample.REPORT, Look()))

    assert TOLD[what] in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_reader_says_where(name: str) -> None:
    """The file and the line of the wrong field are in every format."""
    text = _plain(name, reports.reader(name)(sample.REPORT, Look()))

    assert sample.FILE in text
    assert re.search(r"(:|line\W{1,4}|begin\W{1,4}|startLine\W{1,4})9\b", text)


@pytest.mark.parametrize("name", FORMATS)
def test_every_reader_says_something_on_success(name: str) -> None:
    """A ready storage makes no finding, and still a well-formed document."""
    text = reports.reader(name)(sample.READY, Look())

    assert text.endswith("\n")
    assert "permission-missing" not in text
    assert name == "gitlab" or "my-gcs" in text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("verbosity", [0, 1, 2])
def test_no_reader_prints_a_secret(name: str, verbosity: int) -> None:
    """The secret of the storage is in no format, however verbose."""
    text = reports.reader(name)(sample.REPORT, Look(colour=True, verbosity=verbosity))

    assert sample.CANARY not in text
    assert "IOSFODNN7EXAMPLE" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_readers_are_pure(name: str) -> None:
    """The same report gives the same text."""
    read = reports.reader(name)

    assert read(sample.REPORT, Look()) == read(sample.REPORT, Look())


HOSTILE = {
    "controls": "a\x1b[2J\x1b]0;t\x07\x00\x08\x7f\x9b31m\u202eb\u2028\u200b\ue000",
    "workflow command": "x\n::error file=a::b\n ::add-mask::c\r::stop-commands::d ##[error]e ##vso[task.complete]f",
    "percent": "100% %0A::error::x %25",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>\" onload='x'",
    "markdown": "[a](javascript:b) ![c](http://d.example/e) `f` ``g`` *h* | i |\n# j\n- k\n> l @m\n```\nn",
    "xml": "]]> <!-- x --> &amp; <![CDATA[y]]>",
    "surrogate": "a\ud800b",
    "mentions": "@everyone <!channel> @here",
    "long": "x" * 20_000,
}
SHOWN_AS_TEXT = [name for name in FORMATS if name not in {"json", "jsonl", "sarif", "gitlab"}]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_any_text_can_be_written_to_a_file(name: str, kind: str) -> None:
    """No text of a file or a server makes a report that cannot be encoded."""
    text = reports.reader(name)(sample.spoiled(HOSTILE[kind]), Look())

    assert text.encode()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_drives_a_terminal(name: str, kind: str) -> None:
    """No control, format or separator character gets through, for any output may be shown on a terminal."""
    text = reports.reader(name)(sample.spoiled(HOSTILE[kind]), Look())

    assert [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}] == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_gives_orders_to_a_build(name: str, kind: str) -> None:
    """A build's log takes `::name` at the start of a line, and `##[name]` anywhere, for a command of ours."""
    clean = set(re.findall(r"^\s*::[a-z-]+|##\w*\[", reports.reader(name)(sample.REPORT, Look()), re.MULTILINE))

    text = reports.reader(name)(sample.spoiled(HOSTILE[kind]), Look())

    assert set(re.findall(r"^\s*::[a-z-]+|##\w*\[", text, re.MULTILINE)) <= clean | {"::error", "::notice", "::warning"}
    assert name == "github" or not re.search(r"^\s*::[a-z-]+", text, re.MULTILINE)
