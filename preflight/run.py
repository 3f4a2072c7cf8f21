"""The plan and the run: every storage against every check, side by side, into one report."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from preflight import __version__, claims, stream, verdict, waivers
from preflight.checks import Check, Stage, before, drawer
from preflight.config import Configuration
from preflight.journal import Forgetful, Journal
from preflight.model import (
    Candidate,
    Cause,
    Identity,
    Outcome,
    Owner,
    Problem,
    Report,
    S3Storage,
    Setting,
    Severity,
    Status,
    Storage,
    StorageReport,
    Store,
)
from preflight.providers import Reach, names, provider
from preflight.session import TOO_LATE, UNANSWERED, Limits, Session

SIDE_BY_SIDE = 8  # storages under examination at once

Progress = Callable[[str], None]
Opener = Callable[[Storage, Sequence[Problem], "Plan", Limits], Session]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is asked to do. Names in `only` and `skip` are checks; seconds are wall-clock.

    `no_residue`: the writes are authorised and store nothing. `allow_locked_residue`: a test object is written even
    where nobody could delete it. `wait`: so long, all is asked again while something passes by itself; `notify` says
    for what, first after `pause`.
    `opener` opens sessions in place of `open_session`: to keep what they see, or to answer from what was kept.
    `finished` is told of each storage once, on the caller's thread, as soon as nothing more is asked about it.
    """

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    fail_on: Severity = Severity.ERROR
    deadline: float = 120.0
    reach: Reach = field(default_factory=Reach)
    offline: bool = False
    documents: Callable[[Storage], Store] | None = None  # `policy test`: settings come from files, nobody writes
    given: tuple[str, ...] = ()  # the options that named those files
    journal: Journal | Forgetful = field(default_factory=Forgetful)
    opener: Opener | None = None
    no_residue: bool = False
    allow_locked_residue: bool = False
    wait: float = 0.0
    pause: float = 5.0
    notify: Progress = lambda _: None
    finished: Callable[[StorageReport], None] = lambda _: None

    @property
    def asked(self) -> tuple[str, ...]:
        """The words of the command that asks the same again, but for its files."""
        if self.offline:
            return ("lint",)
        if self.documents:
            return ("policy", "test", *self.given)
        who = ("--aws-profile", self.reach.aws_profile) if self.reach.aws_profile else ("--inspect",)
        where = (word for name, url in self.reach.endpoints.items() for word in ("--endpoint", f"{name}={url}"))
        locked = ("--allow-locked-residue",) if self.allow_locked_residue else ()
        return ("check", *(who if self.reach.inspect else ()), *where, *locked)

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


def check(
    configuration: Configuration,
    plan: Plan,
    progress: Progress = lambda _: None,
    interruptible: AbstractContextManager[object] = nullcontext(),  # noqa: B008 - has no state
) -> Report:
    """Examine every storage of the configuration and report; `KeyboardInterrupt` still reports (exit code 130).

    It is awaited within `interruptible` only, which may hold it back elsewhere.
    """
    began, start = datetime.now(UTC), time.monotonic()
    seconds = plan.deadline + plan.wait
    # An ask may repeat a request whose answer was lost: it has time for two, and for the pause between.
    limits = Limits(timeout=plan.reach.timeout * 2 + 1, deadline=start + seconds)
    runs = [_Examination(storage, configuration, plan, limits, progress) for storage in configuration.storages]
    try:
        interrupted = _side_by_side(runs, seconds, interruptible)
    finally:
        for run in runs:
            run.halt()  # whatever still hangs may end, and nothing new is asked: the residue is complete
    storages = tuple(run.finish() for run in runs)
    plan.journal.close()
    file_wide = tuple(_file_wide(configuration))
    together = verdict.together([one.verdict for one in storages], file_wide, plan.fail_on)
    return Report(
        version=__version__,
        started=began.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=time.monotonic() - start,
        verdict=together,
        exit_code=verdict.INTERRUPTED if interrupted else verdict.exit_code(together, storages),
        fail_on=plan.fail_on,
        storages=storages,
        outcomes=file_wide,
        journal=str(plan.journal.path or "") if any(one.residue for one in storages) else "",
        asked=plan.asked,
    )


# What a grant that was made minutes ago answers as well: no provider says whether one is on its way.
_PERHAPS_ON_ITS_WAY = frozenset(
    {Cause.PERMISSION_MISSING, Cause.BUCKET_POLICY_MISSING, Cause.ACCESS_DENIED, Cause.ENCRYPTION_KEY_DENIED}
)


class _Examination:
    """One storage on its way through the plan; can be finished at any moment."""

    def __init__(
        self, storage: Storage, configuration: Configuration, plan: Plan, limits: Limits, progress: Progress
    ) -> None:
        self.plan = plan
        self.progress = progress
        self.outcomes: dict[str, Outcome] = {}
        self.halted = threading.Event()
        self.waivers = configuration.waivers
        place = str(storage.origin)
        problems = tuple(problem for problem in configuration.problems if problem.storage == place)
        self.session = (plan.opener or open_session)(storage, problems, plan, limits)
        self.finished: StorageReport | None = None

    def run(self) -> None:
        self._examine()
        end, pause = time.monotonic() + self.plan.wait, self.plan.pause
        while (passing := self._passing()) and self._wait(passing, min(pause, end - time.monotonic())):
            pause = min(pause * 1.5, 30.0)
            self.outcomes.clear()
            self.session.begin_again()
            self._examine()

    def halt(self) -> None:
        self.session.halt()
        self.halted.set()

    def _examine(self) -> None:
        for name, check in drawer().items():
            if check.file_wide:
                continue
            self.progress(f"{self.session.storage.name}: {check.titled(self.session.storage)}")
            self.outcomes[name] = waivers.waive(self._one(check), self.session.storage, self.waivers)

    def _passing(self) -> Candidate | None:
        """A cause that may end by itself, where one is among those of what did not pass."""
        open_or_bad = [o for o in self.outcomes.values() if o.status in {Status.FAIL, Status.UNKNOWN}]
        found = (candidate for outcome in open_or_bad for candidate in outcome.candidates)
        return next(
            (one for one in found if one.cause.owner is Owner.PROVIDER or one.cause in _PERHAPS_ON_ITS_WAY), None
        )

    def _wait(self, passing: Candidate, seconds: float) -> bool:
        """Wait before all is asked again; False when there is no time for it, or the run was halted."""
        if seconds <= 0:
            return False
        because = f" ({passing.because})" if passing.because else ""
        name = self.session.storage.name
        self.plan.notify(f"{name}: waiting for {passing.cause} to pass{because}; asking again in {seconds:.0f} s")
        return not self.halted.wait(seconds)

    def _spare_the_locked(self) -> None:
        """Where nobody could delete a test object, the write is only authorised, unless more is wanted."""
        plan, session = self.plan, self.session
        if (
            plan.no_residue
            or plan.allow_locked_residue
            or not {Identity.WRITER, Identity.INSPECTOR} <= set(session.stores)
        ):
            return
        reply = session.read(Setting.RETENTION)
        kept = _kept(reply.facts, session.storage) if reply.ok else ""
        if kept:
            session.dry = True
            session.spared = f"{kept}, a test object too: --allow-locked-residue writes one all the same"

    def finish(self) -> StorageReport:
        """The report of what was examined, told to whoever follows the run the first time."""
        if not self.finished:
            self.finished = self._report()
            self.plan.finished(self.finished)
        return self.finished

    def _report(self) -> StorageReport:
        """All that is known now; what was not reached is skipped, never dropped."""
        session, storage, found = self.session, self.session.storage, dict(self.outcomes)
        for name, check in drawer().items():
            if not check.file_wide and name not in found:
                late = session.limits.left() <= 0
                found[name] = claims.skipped(
                    check, session, TOO_LATE if late else "interrupted before it could be judged"
                )
        outcomes = tuple(found[name] for name, check in drawer().items() if not check.file_wide)
        return StorageReport(
            storage=storage,
            writer=session.writer,
            verdict=(verdict.offline if self.plan.offline else verdict.of)(outcomes, self.plan.fail_on),
            outcomes=outcomes,
            residue=session.residue,
            assumptions=_assumptions(session, self.plan),
        )

    def _one(self, check: Check) -> Outcome:
        session = self.session
        if senseless := check.applies(session.storage):
            return replace(claims.skipped(check, session, senseless), essential=False, applies=False)
        if deselected := self.plan.deselects(check):
            # offline, no claim about the storage is made, so that none is essential
            return replace(
                claims.skipped(check, session, deselected), essential=check.essential and not self.plan.offline
            )
        blocked = next((name for name in check.waits_for if self._blocks(name)), None)
        if blocked:
            return claims.waiting(check, session, blocked)
        try:
            if check.stage >= Stage.WRITE:
                self._spare_the_locked()
            return _as_far_as_asked(check, session, check.examine(check, session))
        except Exception as error:  # noqa: BLE001 - our own bug must not hide what the other checks found
            return claims.crashed(check, session, error)

    def _blocks(self, name: str) -> bool:
        """A check that waits is held up by what did not pass, but not by what does not apply or was left out."""
        outcome = self.outcomes[name]
        if outcome.status is Status.SKIP:
            return bool(outcome.waits_for)
        if outcome.status is Status.UNKNOWN and self.session.dry and outcome.evidence:
            return not all(evidence.reply.ok for evidence in outcome.evidence)  # authorised is enough to go on
        return outcome.status is not Status.PASS


def _as_far_as_asked(check: Check, session: Session, outcome: Outcome) -> Outcome:
    """What is open because nobody answered says just that, whatever a check makes of a missing answer."""
    unanswered = [one.reply for one in outcome.evidence if one.reply.code in UNANSWERED]
    if outcome.status is not Status.UNKNOWN or not unanswered:
        return outcome
    return claims.unknown(check, session, str(unanswered[0].message), outcome.evidence)


def open_session(storage: Storage, problems: Sequence[Problem], plan: Plan, limits: Limits) -> Session:
    """A session with the stores that can be asked about a storage, and the reasons why others cannot."""
    if plan.offline or storage.storage_type not in names():
        reason = "offline" if plan.offline else f"{storage.storage_type or 'no type'} is no storage type of Stream's"
        absent = dict.fromkeys(Identity, reason)
        return Session(storage=storage, absent=absent, problems=tuple(problems), limits=limits)
    found = provider(storage.storage_type)
    session = Session(storage=storage, provider=found, problems=tuple(problems), limits=limits, journal=plan.journal)
    session.dry = plan.no_residue
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


def _kept(facts: Mapping[str, Any], storage: Storage) -> str:
    """How long a new object would have to stay, in words; nothing if it may be deleted at once."""
    where = f"the {storage.words['bucket']}"
    if facts.get("hold"):
        return f"a hold of {where} keeps every new object until somebody releases it"
    if facts.get("days"):
        return f"{where} keeps every new object for {facts['days']:g} days"
    return f"{where} keeps every new object until {facts['until']}" if facts.get("until") else ""


def _side_by_side(runs: Sequence[_Examination], seconds: float, interruptible: AbstractContextManager[object]) -> bool:
    """Run all, a few at once, on threads that die with the process. True if the user interrupted."""
    waiting: queue.SimpleQueue[_Examination] = queue.SimpleQueue()
    done: queue.SimpleQueue[_Examination | Exception] = queue.SimpleQueue()
    for run in runs:
        waiting.put(run)
    end = time.monotonic() + seconds + 1
    try:
        for _ in range(min(SIDE_BY_SIDE, len(runs))):
            threading.Thread(target=_work, args=(waiting, done), daemon=True).start()
        for _ in runs:
            with interruptible:  # but not while a storage is told of: that would cut its line
                ended = done.get(timeout=max(0.0, end - time.monotonic()))
            if isinstance(ended, Exception):
                raise ended
            ended.finish()
    except queue.Empty:
        return False
    except KeyboardInterrupt:
        return True
    return False


def _work(waiting: queue.SimpleQueue[_Examination], done: queue.SimpleQueue[_Examination | Exception]) -> None:
    """Examine what waits until nothing does, and hand over each that ended, or the crash that ended it."""
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
            done.put(run)


def _file_wide(configuration: Configuration) -> Iterable[Outcome]:
    problems = [problem for problem in configuration.problems if problem.storage is None]
    session = Session(
        storage=Storage(name="", storage_type=""),
        problems=(*problems, *waivers.doubts(configuration.waivers)),
    )
    for found in drawer().values():
        if found.file_wide:
            yield waivers.waive(claims.from_configuration(found, session), session.storage, configuration.waivers)


def _assumptions(session: Session, plan: Plan) -> tuple[str, ...]:
    if plan.offline:
        return ("only the configuration was read: nothing was asked of the provider",)
    keyless = isinstance(session.storage, S3Storage) and session.storage.keyless
    whence = "documents" if plan.documents else "elsewhere"
    told = [stream.ASSUMPTIONS[name] for name in (("own-side", "plain") if keyless else (whence, "plain"))]
    for evidence in session.evidence:
        if evidence.identity is Identity.DOCUMENTS and evidence.reply.facts.get("answer") == "allowed":
            told += evidence.reply.facts.get("assumptions", ())
    if plan.journal.because:
        told.append(f"no journal of what may be left was kept: {plan.journal.because}")
    return tuple(dict.fromkeys(told))
