"""The plan and the run: every storage against every check, side by side, into one report."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from preflight import __version__, claims, stream, waivers
from preflight.checks import Check, Stage, before, drawer
from preflight.config import Configuration
from preflight.journal import Forgetful, Journal
from preflight.model import (
    Identity,
    Outcome,
    Problem,
    Report,
    S3Storage,
    Severity,
    Status,
    Storage,
    StorageReport,
    Store,
    Verdict,
    Writer,
)
from preflight.providers import Reach, names, provider
from preflight.session import Limits, Session

SIDE_BY_SIDE = 8  # storages under examination at once

Progress = Callable[[str], None]
Opener = Callable[[Storage, Sequence[Problem], "Plan", Limits], Session]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is asked to do. Names in `only` and `skip` are checks; seconds are wall-clock.

    `opener` opens sessions in place of `open_session`: to keep what they see, or to answer from what was kept.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    fail_on: Severity = Severity.ERROR
    deadline: float = 120.0
    reach: Reach = field(default_factory=Reach)
    offline: bool = False
    documents: Callable[[Storage], Store] | None = None  # `policy test`: settings come from files, nobody writes
    journal: Journal | Forgetful = field(default_factory=Forgetful)
    opener: Opener | None = None

    def deselects(self, check: Check) -> str:
        """Why this plan leaves a check out, or nothing."""
        if self.offline and check.stage is not Stage.CONFIG:
            return "not asked: offline"
        if self.only and check.name not in self.only and not self._needed(check):
            return "not selected by --only"
        if check.name in self.skip:
            return "left out by --skip"
        return ""

    def _needed(self, check: Check) -> bool:
        return any(check.name in before(name) for name in self.only)


def check(configuration: Configuration, plan: Plan, progress: Progress = lambda _: None) -> Report:
    """Examine every storage of the configuration and report; `KeyboardInterrupt` still reports (exit code 130)."""
    began, start = datetime.now(UTC), time.monotonic()
    limits = Limits(timeout=plan.reach.timeout * 2, deadline=start + plan.deadline)
    runs = [_Examination(storage, configuration, plan, limits, progress) for storage in configuration.storages]
    interrupted = _side_by_side(runs, plan.deadline)
    storages = tuple(run.report() for run in runs)
    file_wide = tuple(_file_wide(configuration))
    verdict = _together([s.verdict for s in storages], file_wide, plan.fail_on)
    return Report(
        version=__version__,
        started=began.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=time.monotonic() - start,
        verdict=verdict,
        exit_code=130 if interrupted else _exit_code(verdict, storages),
        fail_on=plan.fail_on,
        storages=storages,
        outcomes=file_wide,
    )


def verdict(outcomes: Iterable[Outcome], fail_on: Severity = Severity.ERROR) -> Verdict:
    """`ready` is constructed, never the absence of bad news: every essential claim passed and nothing failed.

    What is waived counts for neither side.
    """
    found = tuple(outcomes)
    if any(outcome.status is Status.FAIL and _counts(outcome, fail_on) for outcome in found):
        return Verdict.NOT_READY
    essential = [outcome for outcome in found if outcome.essential and not outcome.waived]
    if essential and all(outcome.status is Status.PASS for outcome in essential):
        return Verdict.READY
    return Verdict.UNDETERMINED


class _Examination:
    """One storage on its way through the plan; can be read at any moment."""

    def __init__(
        self, storage: Storage, configuration: Configuration, plan: Plan, limits: Limits, progress: Progress
    ) -> None:
        self.plan = plan
        self.progress = progress
        self.outcomes: dict[str, Outcome] = {}
        self.waivers = configuration.waivers
        place = str(storage.origin)
        problems = tuple(problem for problem in configuration.problems if problem.storage == place)
        self.session = (plan.opener or open_session)(storage, problems, plan, limits)

    def run(self) -> None:
        for name, check in drawer().items():
            if not check.file_wide:
                self.progress(f"{self.session.storage.name}: {check.titled(self.session.storage)}")
                self.outcomes[name] = waivers.waive(self._one(check), self.session.storage.name, self.waivers)

    def report(self) -> StorageReport:
        """All that is known now; what was not reached is skipped, never dropped."""
        session, storage = self.session, self.session.storage
        for name, check in drawer().items():
            if not check.file_wide and name not in self.outcomes:
                self.outcomes[name] = claims.skipped(check, session, "interrupted before it was asked")
        outcomes = tuple(self.outcomes[name] for name, check in drawer().items() if not check.file_wide)
        return StorageReport(
            storage=storage,
            writer=_writer(session),
            verdict=_offline_verdict(outcomes, self.plan)
            if self.plan.offline
            else verdict(outcomes, self.plan.fail_on),
            outcomes=outcomes,
            residue=session.residue,
            assumptions=_assumptions(session, self.plan),
        )

    def _one(self, check: Check) -> Outcome:
        session = self.session
        reason = self.plan.deselects(check) or check.applies(session.storage)
        if reason:
            return claims.skipped(check, session, reason)
        blocked = next((name for name in check.waits_for if self._blocks(name)), None)
        if blocked:
            return claims.waiting(check, session, blocked)
        try:
            return check.examine(check, session)
        except Exception as error:  # noqa: BLE001 - our own bug must not hide what the other checks found
            return claims.crashed(check, session, error)

    def _blocks(self, name: str) -> bool:
        """A check that waits is held up by what did not pass, but not by what does not apply or was left out."""
        outcome = self.outcomes[name]
        if outcome.status is Status.SKIP:
            return bool(outcome.waits_for)
        return outcome.status is not Status.PASS


def open_session(storage: Storage, problems: Sequence[Problem], plan: Plan, limits: Limits) -> Session:
    """A session with the stores that can be asked about a storage, and the reasons why others cannot."""
    if plan.offline or storage.storage_type not in names():
        reason = "offline" if plan.offline else f"{storage.storage_type or 'no type'} is no storage type of Stream's"
        absent = dict.fromkeys(Identity, reason)
        return Session(storage=storage, absent=absent, problems=tuple(problems), limits=limits)
    found = provider(storage.storage_type)
    session = Session(storage=storage, provider=found, problems=tuple(problems), limits=limits, journal=plan.journal)
    if plan.documents:
        session.admit(Identity.WRITER, "not asked: only documents are evaluated")
        session.admit(Identity.INSPECTOR, plan.documents(storage))
    else:
        session.admit(Identity.WRITER, found.writer(storage, plan.reach))
        session.admit(Identity.INSPECTOR, found.inspector(storage, plan.reach))
    if Identity.INSPECTOR in session.stores:
        session.admit(Identity.DOCUMENTS, found.paper(storage, session.read))
    else:
        session.admit(Identity.DOCUMENTS, session.absent[Identity.INSPECTOR])
    return session


def _side_by_side(runs: Sequence[_Examination], seconds: float) -> bool:
    """Run all, a few at once, on threads that die with the process. True if the user interrupted."""
    waiting: queue.SimpleQueue[_Examination] = queue.SimpleQueue()
    done: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
    for run in runs:
        waiting.put(run)
    for _ in range(min(SIDE_BY_SIDE, len(runs))):
        threading.Thread(target=_work, args=(waiting, done), daemon=True).start()
    end = time.monotonic() + seconds + 1
    try:
        for _ in runs:
            bug = done.get(timeout=max(0.0, end - time.monotonic()))
            if bug:
                raise bug
    except queue.Empty:
        return False
    except KeyboardInterrupt:
        return True
    return False


def _work(waiting: queue.SimpleQueue[_Examination], done: queue.SimpleQueue[Exception | None]) -> None:
    """Examine what waits until nothing does; a crash is handed to whoever waits for this thread."""
    while True:
        try:
            run = waiting.get_nowait()
        except queue.Empty:
            return
        try:
            run.run()
        except Exception as bug:  # noqa: BLE001 - raised again by the main thread
            done.put(bug)
        else:
            done.put(None)


def _file_wide(configuration: Configuration) -> Iterable[Outcome]:
    problems = [problem for problem in configuration.problems if problem.storage is None]
    session = Session(
        storage=Storage(name="", storage_type=""),
        problems=(*problems, *waivers.doubts(configuration.waivers)),
    )
    for found in drawer().values():
        if found.file_wide:
            yield waivers.waive(claims.from_configuration(found, session), "", configuration.waivers)


def _together(verdicts: Sequence[Verdict], file_wide: Sequence[Outcome], fail_on: Severity) -> Verdict:
    if Verdict.NOT_READY in verdicts or any(o.status is Status.FAIL and _counts(o, fail_on) for o in file_wide):
        return Verdict.NOT_READY
    if verdicts and all(one is Verdict.READY for one in verdicts):
        return Verdict.READY
    return Verdict.UNDETERMINED


def _offline_verdict(outcomes: Sequence[Outcome], plan: Plan) -> Verdict:
    """Offline, `ready` means that the configuration rules found nothing; the titles say what was judged."""
    bad = any(outcome.status is Status.FAIL and _counts(outcome, plan.fail_on) for outcome in outcomes)
    return Verdict.NOT_READY if bad else Verdict.READY


def _counts(outcome: Outcome, fail_on: Severity) -> bool:
    order = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    return outcome.waived is None and order.index(outcome.severity) >= order.index(fail_on)


def _exit_code(verdict: Verdict, storages: Sequence[StorageReport]) -> int:
    if any(outcome.crashed for one in storages for outcome in one.outcomes):
        return 4
    return {Verdict.READY: 0, Verdict.NOT_READY: 1, Verdict.UNDETERMINED: 3}[verdict]


def _writer(session: Session) -> Writer:
    if session.provider is None:
        return Writer("")
    writer = session.provider.identify(session.storage)
    for evidence in session.evidence:
        principal = evidence.reply.facts.get("principal")
        if evidence.identity is Identity.WRITER and principal:
            return Writer(str(principal), str(evidence.reply.facts.get("account") or writer.account), writer.source)
    return writer


def _assumptions(session: Session, plan: Plan) -> tuple[str, ...]:
    if plan.offline:
        return ("only the configuration was read: nothing was asked of the provider",)
    keyless = isinstance(session.storage, S3Storage) and session.storage.keyless
    told = ("own-side", "plain") if keyless else ("elsewhere", "plain")
    return tuple(stream.ASSUMPTIONS[name] for name in told)
