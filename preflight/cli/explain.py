"""`preflight explain`: the runbook page of a cause or check, and what a pasted provider error means."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from preflight.cli import _places
from preflight.cli._streams import reader_gone

if TYPE_CHECKING:
    from preflight.causes.sheet import Sheet
    from preflight.model import Diagnosis

PAGE_FORMATS = ("text", "json", "markdown", "html")
ERROR_FORMATS = ("text", "json")
BATCH_FORMATS = ("json",)
LARGEST = 1 << 20  # bytes of one error; what providers say takes a hundredth
TITLE = "preflight: every refusal explained"

_PREFIXES = {  # of fields and of actions
    "aws_s3.": "s3",
    "s3:": "s3",
    "kms:": "s3",
    "gcs_credentials": "gcs",
    "storage.": "gcs",
    "azure_blob.": "abs",
    "Microsoft.": "abs",
}

Render = Callable[[str, bool], str]  # format, whether in colour
Places = Sequence[tuple[str, str]]  # format, path; without one, standard output


@click.command("explain")
@click.argument("name", required=False)
@click.option("--error", metavar="TEXT|-", help="Diagnose a pasted provider error; - reads standard input.")
@click.option("--provider", type=click.Choice(["s3", "gcs", "abs"]), help="Who answered, if you know it.")
@click.option("--batch", metavar="FILE|-", help="Diagnose JSON Lines: one diagnosis per line out, in order.")
@click.option("--all", "everything", is_flag=True, help="The whole runbook.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=PATH]",
    help=f"How: {', '.join(PAGE_FORMATS)}; may be repeated. Default: text, on standard output; of --batch, json.",
)
def command(
    *,
    name: str | None,
    error: str | None,
    provider: str | None,
    batch: str | None,
    everything: bool,
    outputs: tuple[str, ...],
) -> int:
    """Explain NAME, a cause or a check; or say what a pasted error means."""
    if sum([name is not None, error is not None, batch is not None, everything]) != 1:
        raise click.UsageError("ask for one thing: a NAME, --error, --batch or --all")
    if provider and error is None:
        raise click.BadParameter("it goes with --error", param_hint="--provider")
    if batch is not None:
        return _batch(batch, _placed(outputs or ("json",), BATCH_FORMATS, read=batch))
    places = _placed(outputs or ("text",), PAGE_FORMATS if error is None else ERROR_FORMATS)
    if error is not None:
        given = sys.stdin.buffer.read(LARGEST + 1) if error == "-" else os.fsencode(error)
        if len(given) > LARGEST:
            raise click.UsageError(f"this is more than {LARGEST >> 20} MiB: give the error alone")
        _error(_text(given), provider, places)
    elif name is not None:
        sheet = _sheet(name)
        _deliver(places, lambda kind, colour: _pages([sheet], kind, colour=colour))
    else:
        sheets = _sheets()
        _deliver(places, lambda kind, colour: _pages(sheets, kind, colour=colour))
    return 0


def _sheet(name: str) -> Sheet:
    from preflight.causes.sheet import of_cause, of_check
    from preflight.model import Cause

    if name in set(Cause):
        return of_cause(Cause(name))
    from preflight.checks import drawer

    if name in drawer():
        return of_check(name, drawer()[name].page)
    raise click.UsageError(f"there is no cause or check {name!r}{_nearest(name, [*Cause, *drawer()])}")


def _sheets() -> Sequence[Sheet]:
    from preflight.causes.sheet import of_cause, of_check
    from preflight.checks import drawer
    from preflight.model import Cause

    checks = (of_check(name, check.page) for name, check in drawer().items())
    return [*map(of_cause, Cause), *checks]


def _nearest(name: str, names: Collection[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, names, 1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else "; `preflight list causes` names them"


def _pages(sheets: Sequence[Sheet], kind: str, *, colour: bool) -> str:
    if kind == "html":
        from preflight.causes import runbook

        return runbook.html(sheets, sheets[0].title if len(sheets) == 1 else TITLE)
    if kind == "json":
        from preflight.causes.sheet import as_json

        found = [as_json(sheet) for sheet in sheets]
        whole = found[0] if len(found) == 1 else {"schema": "preflight.runbook/1", "pages": found}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    if kind == "markdown":
        return "\n".join(sheet.text for sheet in sheets)
    from preflight.causes import terminal

    return "\n\n".join(terminal.render(sheet.text, colour=colour) for sheet in sheets)


def _error(text: str, provider: str | None, places: Places) -> None:
    from preflight.causes import answer
    from preflight.diagnose import diagnose
    from preflight.diagnose.batch import as_json
    from preflight.model import Refusal
    from preflight.reports._text import tame

    if not text.strip():
        raise click.UsageError("there is no error to explain: the text is empty")
    diagnosis = answer.redacted(diagnose(Refusal(text=text, provider=provider)))

    def show(kind: str, _colour: bool) -> str:  # noqa: FBT001 - a `Render`
        if kind == "json":
            return json.dumps(as_json(diagnosis), indent=2) + "\n"
        return tame(answer.text(diagnosis, provider or _storage_type(diagnosis)))

    _deliver(places, show)


def _storage_type(found: Diagnosis) -> str:
    """The storage type whose fix fits: by who answered, else by whose words the first candidate uses."""
    from preflight.diagnose.speaker import MARKS

    families = next((mark.families for mark in MARKS if mark.speaker == found.provider), frozenset())
    if len(families) == 1:
        return next(iter(families))
    first = found.candidates[0] if found.candidates else None
    said = [first.field or "", *(each.action for each in first.missing)] if first else []
    return next((of for word in said for prefix, of in _PREFIXES.items() if word.startswith(prefix)), "")


def _batch(source: str, places: Places) -> int:
    """Answers while it reads, one line for each line. Only a file that cannot be read or written is an error."""
    if source == "-":
        return _answer_lines(sys.stdin.buffer, places)
    try:
        with Path(source).open("rb") as lines:
            return _answer_lines(lines, places)
    except OSError as wrong:
        raise click.UsageError(f"{source}: cannot be read: {wrong.strerror}") from None


def _answer_lines(lines: IO[bytes], places: Places) -> int:
    from preflight.causes.answer import redacted
    from preflight.diagnose import diagnose
    from preflight.diagnose.batch import SCHEMA, as_json, refusal_from

    for path in filter(None, (path for _, path in places)):
        _places.write(path, "")
    for number, line in enumerate(_bounded(lines), 1):
        if not line.strip():
            continue
        try:
            answer = as_json(redacted(diagnose(refusal_from(_value(line)))))
        except (ValueError, RecursionError) as wrong:
            answer = {"schema": SCHEMA, "error": f"line {number}: {wrong}"}
        for _, path in places:  # each writes through at once, so that a slow reader sees each answer
            _write(path, json.dumps(answer) + "\n", after=True)
        if reader_gone():
            break
    return 0


def _value(line: bytes) -> Any:  # noqa: ANN401 - any JSON value
    if len(line) > LARGEST:
        raise ValueError(f"longer than {LARGEST >> 20} MiB")
    return json.loads(_text(line))


def _bounded(lines: IO[bytes]) -> Iterator[bytes]:
    """Line by line; of one that is too long only the beginning, which is too long still."""
    while line := lines.readline(LARGEST + 1):
        yield line
        while not line.endswith(b"\n") and (rest := lines.readline(LARGEST)):
            line = rest


def _text(given: bytes) -> str:
    return given.decode("utf-8-sig", "replace")


def _placed(outputs: Iterable[str], formats: Sequence[str], read: str = "-") -> Places:
    """Each format that was asked for and its place. Raises `click.UsageError`."""
    places = [_places.parted(output, formats) for output in outputs]
    _places.spare([read], [path for _, path in places])
    return places


def _deliver(places: Places, render: Render) -> None:
    """Renders each format to its place."""
    from preflight.reports import look

    for kind, path in places:
        _write(path, render(kind, look(to_terminal=not path).colour))


def _write(path: str, text: str, *, after: bool = False) -> None:
    if path:
        _places.write(path, text, after=after)
    else:
        click.echo(text, nl=False)
