"""Every fault on every server: what a check makes of it, in one table.

`python -m tests.faults.matrix` runs all and prints the table and its counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preflight import reports, run
from preflight.config import Configuration
from preflight.journal import Journal, Left, read
from preflight.model import Report, Residue, Verdict
from tests.faults.fault import (
    BROKEN_JSON,
    BROKEN_XML,
    INTERNAL_ERROR,
    LOGIN_PAGE,
    REDIRECT_LOOP,
    SLOW_DOWN,
    Answer,
    Drip,
    Endless,
    Fault,
    Hang,
    Misstate,
    Reset,
    Shut,
    Truncate,
)
from tests.faults.proxy import Door
from tests.faults.targets import EVERY, Step, Target

TIMEOUT = 0.4  # seconds for a request: no server here needs a tenth of it
DEADLINE = 6.0

FAULTS: Mapping[str, Fault] = {
    "reset before": Reset(),
    "reset after the server committed": Reset(committed=True),
    "no answer, not seen": Hang(),
    "no answer, committed": Hang(committed=True),
    "cut, then refused": Shut(),
    "byte by byte": Drip(pause=0.05),
    "body cut off": Truncate(),
    "length too long": Misstate(off=100),
    "length too short": Misstate(off=-100),
    "endless body": Endless(),
    "endless body, committed": Endless(committed=True),
    "200 with a login page": LOGIN_PAGE,
    "200 with a login page, committed": Answer(
        status=200, body=LOGIN_PAGE.body, headers=LOGIN_PAGE.headers, committed=True
    ),
    "200 and empty": Answer(status=200),
    "500": INTERNAL_ERROR,
    "500, committed": Answer(status=500, committed=True),
    "503 slow down": SLOW_DOWN,
    "429 with Retry-After": Answer(status=429, headers={"Retry-After": "0"}),
    "429 with a long Retry-After": Answer(status=429, headers={"Retry-After": "3600"}),
    "403 with broken XML": BROKEN_XML,
    "403 with broken JSON": BROKEN_JSON,
    "redirect to itself": REDIRECT_LOOP,
    "redirect elsewhere": Answer(status=307, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
}
DOORS: Mapping[str, Door] = {
    "connection refused": Door.SHUT,
    "connection slammed": Door.SLAM,
    "connection silent": Door.SILENT,
}

# What is a plain refusal by its status, whatever became of its body, may be believed to be one.
REFUSALS = {"403 with broken XML", "403 with broken JSON"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run under one fault. `wrong` holds what must never be: nothing, where all is well."""

    server: str
    fault: str
    step: str
    times: str
    verdict: str
    seconds: float
    there: int
    named: int
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    fault: str
    step: Step
    once: bool

    @property
    def id(self) -> str:
        return f"{self.fault}, {'once' if self.once else 'always'}, at {self.step.name}"


def cases(steps: Sequence[Step]) -> list[Case]:
    """Every fault once at every step, and for good from the first request on."""
    once = [Case(fault, step, once=True) for fault in FAULTS for step in steps]
    return [*once, *(Case(fault, EVERY, once=False) for fault in (*FAULTS, *DOORS))]


def examine(target: Target, case: Case, number: int, patience: float = 1) -> Row:
    """Run the whole check under one fault, and hold its report against what is really there.

    `patience`: how many times the usual seconds a request and the run may take; for faults in which nothing hangs.
    """
    path, proxy = f"row-{number}/", target.proxy
    proxy.calm()
    if case.fault in DOORS:
        proxy.door(DOORS[case.fault])
    else:
        proxy.strike(
            FAULTS[case.fault], method=case.step.method, target=case.step.target, times=1 if case.once else None
        )
    journal = Journal.begin()
    began = time.monotonic()
    plan = run.Plan(reach=target.reach(TIMEOUT * patience), deadline=DEADLINE * patience, journal=journal)
    report = run.check(Configuration(storages=(target.storage(path),)), plan)
    seconds = time.monotonic() - began
    written = [
        str(request)
        for request, status in proxy.committed
        if request.method in {"PUT", "POST"}
        and status in {200, 201}
        and "preflight-test" in request.target + _body(request.body)
    ]
    proxy.calm()
    there = target.seen(path)
    left = {residue.address: residue for residue in report.storages[0].residue}
    return Row(
        server=target.name,
        fault=case.fault,
        step=case.step.name,
        times="once" if case.once else "always",
        verdict=report.verdict.value,
        seconds=seconds,
        there=len(there),
        named=len(left),
        wrong=tuple(_wrong(target, case, report, there, left, written, seconds)),
    )


def _body(body: bytes) -> str:
    return body[:2000].decode("latin-1")


def _wrong(  # noqa: C901 - one line for each thing that must never be
    target: Target,
    case: Case,
    report: Report,
    there: set[str],
    left: Mapping[str, Residue],
    written: Sequence[str],
    seconds: float,
) -> Iterable[str]:
    if report.verdict is Verdict.READY and not written:
        yield "wrong green"
    if report.verdict is Verdict.NOT_READY and case.fault not in REFUSALS:
        yield "wrong red"
    if {_name(one) for one in there} - {_name(one) for one in left}:
        yield "unaccounted"
    objects = {address: one for address, one in left.items() if target.lists_uploads or "?uploadId=" not in address}
    if any(residue.certain and address not in there for address, residue in objects.items()):
        yield "sure of what is not there"
    if report.journal and {entry.address for entry in read_journal(report.journal)} != set(left):
        yield "journal differs"
    if bool(report.journal) != bool(left):
        yield "no journal"
    if seconds > DEADLINE + 1.5:
        yield "late"
    if report.exit_code == 4:
        yield "crashed"
    if target.precious() != b"precious":
        yield "overwritten"
    if _tells(report, target.secrets):
        yield "secret"


def _name(address: str) -> str:
    """An object's address, or that of the object that an upload is for: the report may know no more of a lost one."""
    return address.partition("?uploadId=")[0]


def read_journal(path: str) -> tuple[Left, ...]:
    return read(Path(path))


def _tells(report: Report, secrets: Iterable[str]) -> bool:
    texts = [reports.reader(name)(report, reports.Look(verbosity=2)) for name in reports.formats()]
    texts.append(repr(report))
    return any(secret in text for secret in secrets for text in texts)


COUNTED = {
    "objects overwritten": "overwritten",
    "secrets found": "secret",
    "wrong greens": "wrong green",
    "wrong reds": "wrong red",
    "objects unaccounted for": "unaccounted",
}


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text, with the counts below."""
    head = ("server", "fault", "at", "times", "verdict", "s", "there", "named", "wrong")
    cells = [head]
    for row in rows:
        numbers = (f"{row.seconds:.1f}", str(row.there), str(row.named))
        cells.append((row.server, row.fault, row.step, row.times, row.verdict, *numbers, ", ".join(row.wrong) or "-"))
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    counts = [f"{name} {sum(word in row.wrong for row in rows)}" for name, word in COUNTED.items()]
    return "\n".join([*lines, "", f"{len(rows)} runs: {', '.join(counts)}"])


if __name__ == "__main__":
    import subprocess
    import sys

    test = __file__.replace("matrix.py", "test_matrix.py")
    sys.exit(subprocess.run([sys.executable, "-m", "pytest", "-q", "-s", test], check=False).returncode)
