"""What one reply proves: a success proves many claims at once, a refusal only those that come before it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from preflight.checks import Check, Examine, before, owner_of
from preflight.model import (
    Candidate,
    Cause,
    Confidence,
    Delete,
    Evidence,
    Get,
    Identity,
    List,
    Outcome,
    Owner,
    Permission,
    Problem,
    Read,
    Remedy,
    Reply,
    Safety,
    Setting,
    Status,
)
from preflight.redact import redact
from preflight.session import OUR_BUG, Session


def passed(check: Check, session: Session, message: str = "", evidence: Sequence[Evidence] = ()) -> Outcome:
    return _outcome(check, session, Status.PASS, message=message, evidence=tuple(evidence))


def skipped(check: Check, session: Session, reason: str) -> Outcome:
    return _outcome(check, session, Status.SKIP, reason=reason)


def waiting(check: Check, session: Session, name: str) -> Outcome:
    return _outcome(check, session, Status.SKIP, reason=f"waits for {name}", waits_for=name)


def crashed(check: Check, session: Session, error: Exception) -> Outcome:
    """Our own bug: it must neither pass for a finding nor hide what the other checks found."""
    message = f"preflight itself failed here: {type(error).__name__}: {redact(str(error), session.storage.secrets)}"
    return _outcome(check, session, Status.UNKNOWN, message=message, crashed=True)


def unknown(
    check: Check,
    session: Session,
    message: str,
    evidence: Sequence[Evidence] = (),
    candidates: Sequence[Candidate] = (),
) -> Outcome:
    """The evidence does not decide; `message` says what would."""
    return _outcome(
        check,
        session,
        Status.UNKNOWN,
        message=message,
        evidence=tuple(evidence),
        candidates=tuple(candidates),
        remedy=_remedy(session, candidates),
    )


def failed(
    check: Check,
    session: Session,
    message: str,
    candidates: Sequence[Candidate] = (),
    evidence: Sequence[Evidence] = (),
    remedy: Remedy | None = None,
) -> Outcome:
    """The claim is refuted. The first candidate is the likeliest, and its page gives the remedy unless one is given."""
    return _outcome(
        check,
        session,
        Status.FAIL,
        message=message,
        candidates=tuple(candidates),
        evidence=tuple(evidence),
        remedy=remedy or _remedy(session, candidates),
    )


def write(session: Session) -> Evidence | None:
    """The write as the one who will write, asked once; none where nobody here can try."""
    return session.ask(session.put) if Identity.WRITER in session.stores else None


def on_the_write(check: Check, session: Session) -> Outcome:
    """Judge a claim on the evidence of the write."""
    evidence = write(session)
    if evidence is None:
        return skipped(check, session, session.absent_writer)
    return judge(check, session, evidence)


def on_the_bucket(check: Check, session: Session) -> Outcome:
    """Judge a claim on the evidence of the write or, where nobody here can write, on the inspector's look at it."""
    if Identity.WRITER in session.stores or Identity.INSPECTOR not in session.stores:
        return on_the_write(check, session)
    evidence = seen(session, Setting.LOCATION)
    if evidence.reply.ok:
        return passed(check, session, "seen by the inspector", [evidence])
    if evidence.reply.code == OUR_BUG:
        return unknown(check, session, str(evidence.reply.message), [evidence])
    candidates = () if evidence.reply.code in _NO_ANSWER else session.diagnose(evidence).candidates
    if candidates and candidates[0].cause in check.causes:
        return _refused(check, session, evidence, candidates)
    return skipped(check, session, session.absent_writer)


_NO_ANSWER = {"not-offered", "not-given"}  # a setting that this provider, or these files, do not have


def judge(check: Check, session: Session, evidence: Evidence) -> Outcome:
    """What a reply says about one claim.

    A success proves it. A refusal whose first cause is the claim's own refutes it, if the fault decides
    anything about the storage; a refusal that can only come further on proves it, unless one of the
    candidates is the claim's own; any other refusal leaves it waiting.
    """
    if evidence.reply.ok:
        return passed(check, session, evidence=[evidence])
    candidates = session.diagnose(evidence).candidates
    if not candidates:
        return unknown(check, session, _said(evidence.reply), [evidence])
    first = candidates[0].cause
    if first in check.causes:
        return _refused(check, session, evidence, candidates)
    owner = owner_of(first)
    if owner is None:
        return unknown(check, session, candidates[0].because or _said(evidence.reply), [evidence], candidates)
    if check.name not in before(owner.name):
        return waiting(check, session, owner.name)
    own = [candidate.cause for candidate in candidates if candidate.cause in check.causes]
    if own:
        return skipped(check, session, f"open: {owner.name} was refused, and {own[0]} may be why")
    return passed(check, session, f"proven by the answer to {owner.name}", [evidence])


def withheld(verb: type[Get | List | Delete]) -> Examine:
    """The examination of a right that the writer should not have, asked about this run's own names only."""

    def examine(check: Check, session: Session) -> Outcome:
        if Identity.WRITER not in session.stores:
            return _withheld_on_paper(check, session, verb(session.key))
        if session.dry and verb is not List and not session.residue:
            return skipped(check, session, f"no test object to ask about: {session.spared or '--no-residue'}")
        evidence = [session.ask(verb(name)) for name in session.keys if verb is Delete or name == session.key]
        first = evidence[0]
        if first.reply.ok:
            right = session.provider.needs(verb(session.key), session.storage) if session.provider else ()
            named = " and ".join(permission.action for permission in right)
            message = f"{named or 'the right'} is granted, and writing does not need it"
            granted = Candidate(cause=Cause.NOT_NEEDED, confidence=Confidence.STATED, because=message)
            return failed(check, session, message, [granted], evidence, take_away(session, named))
        candidates = session.diagnose(first).candidates
        if candidates and candidates[0].cause in _DENIALS:
            return passed(check, session, "refused: least privilege", evidence)
        message = candidates[0].because if candidates else _said(first.reply)
        return unknown(check, session, message, evidence, candidates)

    return examine


def _withheld_on_paper(check: Check, session: Session, ask: Get | List | Delete) -> Outcome:
    """Nobody here can try: the documents say whether some key under the path is open."""
    if Identity.DOCUMENTS not in session.stores:
        return skipped(check, session, session.absent_writer)
    evidence = session.ask(ask, Identity.DOCUMENTS)
    facts = evidence.reply.facts
    if facts.get("answer") == "denied":
        return passed(check, session, "the documents do not grant it", [evidence])
    if facts.get("allowed") is None:
        message = evidence.reply.message or "the documents do not decide"
        return unknown(check, session, message, [evidence])
    right = session.provider.needs(ask, session.storage) if session.provider else ()
    named = " and ".join(facts.get("granted") or (permission.action for permission in right))
    message = f"the documents grant {named or 'the right'}, and writing does not need it: {evidence.reply.message}"
    granted = Candidate(cause=Cause.NOT_NEEDED, because=message)
    return failed(check, session, message, [granted], [evidence], take_away(session, named))


def take_away(session: Session, rights: str) -> Remedy:
    """What to do about a right that is too much: nobody but the cloud's administrator can take it back."""
    return Remedy(
        summary=f"take {rights or 'the right'} away from the writer; the least grant is shown by the command",
        owner=Owner.CLOUD,
        commands=(f"preflight policy show {shlex.quote(session.storage.origin.argument or 'FILE')}",),
    )


_DENIALS = {
    Cause.NOT_NEEDED,
    Cause.ACCESS_DENIED,
    Cause.PERMISSION_MISSING,
    Cause.BUCKET_POLICY_MISSING,
    Cause.EXPLICIT_DENY,
    Cause.BOUNDARY_DENY,
    Cause.ORGANIZATION_DENY,
}
"""The causes by which a right is withheld. A lock is none: it stops those who hold the right as well."""


def from_configuration(check: Check, session: Session) -> Outcome:
    """Judge a claim on what the configuration rules found."""
    problems = [problem for problem in session.problems if problem.check == check.name]
    if not problems:
        return passed(check, session)
    candidates = [
        Candidate(
            cause=problem.cause,
            confidence=Confidence.STATED,
            because=problem.message,
            field=problem.field,
            location=problem.location,
        )
        for problem in problems
    ]
    message = "; ".join(problem.message for problem in problems)
    return failed(check, session, message, candidates, remedy=_in_the_file(problems) or _remedy(session, candidates))


def _in_the_file(problems: Sequence[Problem]) -> Remedy | None:
    """What to change in the configuration, in the words of the rules; none where they leave it to the runbook."""
    told = dict.fromkeys(problem.remedy for problem in problems if problem.remedy)
    patches = dict.fromkeys(problem.patch for problem in problems if problem.patch)
    if not told and not patches:
        return None
    return Remedy(summary="; ".join(told), owner=Owner.CONFIG, patch="\n".join(patches))


def read(check: Check, session: Session, setting: Setting) -> Reply | Outcome:
    """A setting as the inspector sees it, or the outcome that says why it is not known."""
    if Identity.INSPECTOR not in session.stores:
        return skipped(check, session, session.absent[Identity.INSPECTOR])
    evidence = seen(session, setting)
    if evidence.reply.ok:
        return evidence.reply
    if evidence.reply.code == "not-offered":
        return skipped(check, session, f"{session.storage.words['provider']} has no such setting")
    if evidence.reply.code == "not-given":
        return skipped(check, session, str(evidence.reply.message))
    first = next(iter(session.diagnose(evidence).candidates), None)
    if first and first.cause in _ABOUT_WHO_ASKS:
        return _not_let_in(check, session, evidence, first)
    if first and first.cause not in _DENIALS:
        message = f"not readable by the inspector: {first.because or _said(evidence.reply)}"
        return unknown(check, session, message, [evidence], [first])
    missing = _lacking(session, setting, evidence.reply)
    lacks = ", ".join(permission.action for permission in missing) or "a permission"
    candidate = Candidate(
        cause=Cause.NOT_NEEDED,
        because=f"the inspector may not read this: it lacks {lacks}",
        missing=missing,
    )
    return unknown(check, session, f"not readable by the inspector, who lacks {lacks}", [evidence], [candidate])


# What is wrong with the identity that asks: of an inspector it says nothing about the storage or its configuration.
_ABOUT_WHO_ASKS = {
    Cause.CREDENTIAL_MISSING,
    Cause.CREDENTIAL_MALFORMED,
    Cause.CREDENTIAL_UNKNOWN,
    Cause.CREDENTIAL_DISABLED,
    Cause.CREDENTIAL_EXPIRED,
    Cause.SESSION_TOKEN_INVALID,
    Cause.SECRET_WRONG,
    Cause.TENANT_WRONG,
    Cause.SCOPE_WRONG,
    Cause.AUTH_METHOD_REFUSED,
}


def _not_let_in(check: Check, session: Session, evidence: Evidence, found: Candidate) -> Outcome:
    words = session.storage.words
    told = evidence.reply.message or found.because
    outcome = unknown(check, session, f"the inspector is not logged in to {words['provider']}: {told}", [evidence])
    return replace(
        outcome,
        candidates=(replace(found, field=None, location=None, tell=""),),
        remedy=Remedy(
            summary=f"Log in as somebody who may read the {words['bucket']}'s settings, or leave the inspector out: "
            f"the {words['credential']} in the configuration has nothing to do with it.",
            owner=Owner.CALLER,
            commands=(words["login"],),
            safety=Safety.SAFE,
        ),
    )


def _lacking(session: Session, setting: Setting, reply: Reply) -> tuple[Permission, ...]:
    """The permission that the refused request needs; of a setting that takes many, the one that was refused."""
    needed = session.provider.needs(Read(setting), session.storage) if session.provider else ()
    operation = reply.refusal.operation if reply.refusal else None
    return tuple(one for one in needed if one.action.endswith(f":{operation}")) or needed


def seen(session: Session, setting: Setting) -> Evidence:
    """The evidence behind a setting that has been read."""
    return session.ask(Read(setting), Identity.INSPECTOR)


def remedy(session: Session, candidate: Candidate) -> Remedy:
    """The runbook's fix for a cause, with this storage's words filled in."""
    from preflight import causes  # the happy path opens no page
    from preflight.causes.words import gather

    storage = session.storage
    known = gather(candidate, storage, session.writer)
    return causes.remedy(candidate.cause, storage.storage_type, known)


def _refused(check: Check, session: Session, evidence: Evidence, candidates: Iterable[Candidate]) -> Outcome:
    ranked = tuple(candidates)
    message = ranked[0].because or _said(evidence.reply)
    if ranked[0].cause.owner.decides:
        return failed(check, session, message, ranked, [evidence])
    return unknown(check, session, message, [evidence], ranked)


def _said(reply: Reply) -> str:
    said = " ".join(str(part) for part in (reply.status, reply.code, reply.message) if part)
    return f"refused in words that preflight does not know: {said or 'no text at all'}"


def _remedy(session: Session, candidates: Sequence[Candidate]) -> Remedy | None:
    return remedy(session, candidates[0]) if candidates else None


def _outcome(check: Check, session: Session, status: Status, **rest: object) -> Outcome:
    evidence: tuple[Evidence, ...] = rest.get("evidence", ())  # type: ignore[assignment]  # as each caller passes it
    bug = next((one.reply for one in evidence if one.reply.code == OUR_BUG), None)
    if bug:  # an ask that we failed to make says nothing about the storage
        status, rest = Status.UNKNOWN, {"message": str(bug.message), "evidence": evidence, "crashed": True}
    return Outcome(
        check=check.name,
        title=check.titled(session.storage),
        status=status,
        severity=check.severity,
        essential=check.essential,
        **rest,  # type: ignore[arg-type]  # each caller above passes Outcome's own fields
    )
