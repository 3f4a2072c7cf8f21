"""The two witnesses of a write reconciled: one test for each row of the table, through the whole run."""

from __future__ import annotations

import functools
import io

import pytest

from preflight.cli.demo import at_home, examine
from preflight.config import load
from preflight.model import Candidate, Cause, Outcome, Permission, Refusal, Reply, Report, Status, Verdict, Witness
from preflight.run import Plan, check
from preflight.sandbox import Sandbox
from tests.checks.conftest import KEYED, KEYLESS, Documents, Examine, Writing, outcome

DENYING = Candidate(
    cause=Cause.EXPLICIT_DENY, because="statement OnlyTheArchiver of the bucket policy denies s3:PutObject"
)


def documents(answer: str, *candidates: Candidate, message: str = "as the documents say") -> Documents:
    facts = {"answer": answer, "statement": "OnlyTheArchiver of the bucket policy", "needs": ["the identity policies"]}
    if answer == "allowed":
        return Documents(Reply(message=message, facts=facts))
    refusal = Refusal(provider="s3", stage="documents", code=answer, message=message)
    return Documents(Reply(code=answer, message=message, facts=facts, refusal=refusal, candidates=candidates))


@functools.cache
def sandbox(name: str) -> Report:
    with Sandbox(name) as box, at_home([box]):
        return examine(box)


def write(report: Report) -> Outcome:
    return outcome(report, "write-object")


def test_both_say_yes() -> None:
    """Proven twice: by a write, and by policy for every key."""
    found = write(sandbox("s3/proven-twice"))

    assert (found.status, sandbox("s3/proven-twice").verdict) == (Status.PASS, Verdict.READY)
    assert "proven twice" in found.message
    assert [evidence.witness for evidence in found.evidence] == [Witness.LIVE, Witness.PAPER]


def test_the_write_passes_and_the_documents_are_silent() -> None:
    """Proven by a write; why is not known: an inspector who may read nothing spoils nothing."""
    found = write(sandbox("s3/blind-inspector"))

    assert (found.status, sandbox("s3/blind-inspector").verdict) == (Status.PASS, Verdict.READY)
    assert "why it is allowed is not known" in found.message


def test_nobody_can_try_and_the_documents_say_yes() -> None:
    """Proven by policy, for every key under the path, under the assumptions that are printed."""
    report = sandbox("s3/keyless-proven")

    assert (write(report).status, report.verdict) == (Status.PASS, Verdict.READY)
    assert "for every key" in write(report).message
    assert any("identity policies cannot be read" in one for one in report.storages[0].assumptions)
    assert [evidence.witness for evidence in write(report).evidence] == [Witness.PAPER]


def test_nobody_can_try_and_nobody_looked() -> None:
    """Without documents a keyless storage is never ready, and never refuted."""
    report = sandbox("s3/keyless")

    assert (write(report).status, report.verdict, report.exit_code) == (Status.UNKNOWN, Verdict.UNDETERMINED, 3)


def test_the_write_is_refused_though_the_documents_say_yes(examine: Examine) -> None:
    """Something that the documents do not show refuses: ranked, and no grant is asked for that is there already."""
    report = examine(KEYED, writer=Writing(writes=False), documents=documents("allowed"))
    causes = [candidate.cause for candidate in write(report).candidates]

    assert write(report).status is Status.FAIL
    assert {Cause.ORGANIZATION_DENY, Cause.ENCRYPTION_KEY_DENIED, Cause.NETWORK_DENIED} <= set(causes)
    assert Cause.PERMISSION_MISSING not in causes[:3]
    assert "documents that were read allow it" in write(report).message


def test_an_organization_that_refuses_is_named_by_the_answer(examine: Examine) -> None:
    """What AWS states stays first, even where the documents that were read say yes."""
    who = "User: arn:aws:iam::111122223333:user/w is not authorized to perform: s3:PutObject"
    where = 'on resource: "arn:aws:s3:::my-recordings/recordings/x"'
    stated = f"{who} {where} with an explicit deny in a service control policy"
    refusal = Refusal(
        provider="s3", stage="put_object", operation="PutObject", status=403, code="AccessDenied", message=stated
    )
    writer = Writing(writes=False, refusal=refusal)
    report = examine(KEYED, writer=writer, documents=documents("allowed"))

    assert write(report).candidates[0].cause is Cause.ORGANIZATION_DENY


def test_the_write_passes_though_the_documents_deny_it(examine: Examine) -> None:
    """The documents are about somebody else, or not all of them were read: never green, and no proof against it."""
    report = examine(KEYED, writer=Writing(), documents=documents("denied", DENYING))

    assert (write(report).status, report.verdict, report.exit_code) == (Status.UNKNOWN, Verdict.UNDETERMINED, 3)
    assert write(report).candidates[0].cause is Cause.WRONG_PRINCIPAL


def test_the_write_passes_and_the_documents_deny_other_keys(examine: Examine) -> None:
    """One name was written, and others are denied: a recording would be lost, so this is no pass."""
    report = examine(KEYED, writer=Writing(), documents=documents("split", DENYING))

    assert (write(report).status, report.verdict) == (Status.FAIL, Verdict.NOT_READY)


def test_both_say_no() -> None:
    """The statement that denies is named, with its Sid, beside AWS's own words."""
    found = write(sandbox("s3/statement-named"))

    assert (found.status, found.candidates[0].cause) == (Status.FAIL, Cause.EXPLICIT_DENY)
    assert "OnlyTheArchiver" in found.message
    assert any("OnlyTheArchiver" in str(evidence.reply.facts.get("statement")) for evidence in found.evidence)


def test_both_say_no_and_a_grant_is_missing(examine: Examine) -> None:
    """A missing grant is named with its permission and resource."""
    missing = Permission("s3:PutObject", "arn:aws:s3:::my-recordings/recordings/*")
    lacking = Candidate(cause=Cause.PERMISSION_MISSING, because="nothing allows s3:PutObject", missing=(missing,))
    found = write(examine(KEYED, writer=Writing(writes=False), documents=documents("denied", lacking)))

    assert (found.status, found.candidates[0].missing) == (Status.FAIL, (missing,))


@pytest.mark.parametrize("answer", ["unknown", "denied", "split"])
def test_a_keyless_storage_is_never_green_without_proof(examine: Examine, answer: str) -> None:
    """Whatever is short of a proof for every key leaves it not ready or undetermined."""
    report = examine(KEYLESS, facts={}, documents=documents(answer, DENYING))

    assert report.verdict is (Verdict.UNDETERMINED if answer == "unknown" else Verdict.NOT_READY)


@pytest.mark.parametrize("skip", [frozenset(), frozenset({"write-object"})], ids=["all", "without write-object"])
def test_half_a_storage_that_nobody_can_write_to_waits_for_its_fields(skip: frozenset[str]) -> None:
    """A key without its secret: parts wait for the missing field, whichever check is left out before them."""
    half = "{s3_region: eu-west-1, s3_api_key: AKIAIOSFODNN7EXAMPLE}"
    text = f"storages: [{{name: a, storage_type: s3, bucket: my-bucket, path: p/, aws_s3: {half}}}]"
    report = check(load(["-"], stdin=io.StringIO(text), environ={}), Plan(skip=skip))
    parts = outcome(report, "write-multipart")

    assert report.exit_code == 1
    assert (parts.status, parts.crashed, parts.waits_for) == (
        Status.SKIP,
        False,
        "complete-fields" if skip else "write-object",
    )
