"""Evidence judged again: the same verdict without credentials, no secret in the file, no name where none is wanted."""

from __future__ import annotations

import dataclasses
import json
import re
import socket
from collections.abc import Callable
from typing import Any, Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight import evidence
from preflight.anonymise import anonymise
from preflight.config import Configuration
from preflight.evidence import SCHEMA, KeptAsk, Recorder, Unusable, as_kept, dumps, fingerprint, read, sealed
from preflight.model import Ask, Get, Read, S3Storage, Secret, Setting, Storage
from preflight.replay import Recorded
from preflight.run import Plan
from preflight.sandbox import scenarios
from preflight.stream import ACCOUNT
from tests.gate.seen import again, judged, seen
from tests.providers.contract.stores import Memory, memory_session
from tests.reports import sample

ALL = [scenario.name for scenario in scenarios()]
FEW = ["s3/key-denied", "gcs/no-permission", "abs/denied"]


@pytest.mark.parametrize("name", ALL)
def test_a_replay_says_what_the_check_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same verdict, same causes, same words, same residue, from the file alone: not one connection is opened."""
    found = seen(name)

    def refuse(*_: object) -> Never:
        raise AssertionError("a replay asked somebody")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    replayed = again(found.text)

    assert judged(replayed) == judged(found.report)
    for then, now in zip(found.report.storages, replayed.storages, strict=True):
        assert [outcome.message for outcome in now.outcomes] == [outcome.message for outcome in then.outcomes]
        assert now.residue == then.residue
        assert now.writer == then.writer


@pytest.mark.parametrize("name", ["s3/key-denied", "s3/no-permission"])
def test_a_denial_that_names_the_caller_fills_the_name_in(name: str) -> None:
    """Whom the provider saw is in the commands of the check itself, as in those of its replay."""
    found = seen(name)
    fixes = [
        [
            outcome.remedy.commands
            for outcome in report.storages[0].outcomes
            if outcome.check == "write-object" and outcome.remedy
        ]
        for report in (found.report, again(found.text))
    ]
    assert fixes[0] == fixes[1]
    assert any("--user-name stream-writer " in f"{command} " for commands in fixes[0] for command in commands)


@pytest.mark.parametrize("name", ALL)
def test_no_secret_is_in_the_evidence(name: str) -> None:
    """A customer may send the file to anybody: no secret value is in it, whole or line by line."""
    found = seen(name)
    pieces = {line for secret in found.secrets for line in re.split(r"\\n|\n", secret) if len(line) >= 16}

    assert found.secrets or "keyless" in name
    assert [piece for piece in {*found.secrets, *pieces} if piece in found.text] == []


@pytest.mark.parametrize("name", ALL)
def test_without_names_the_diagnosis_is_the_same(name: str) -> None:
    """The stand-ins have the shape of the names: whoever judges the file finds the same causes."""
    found = seen(name)

    assert judged(again(dumps(anonymise(found.document)))) == judged(found.report)


@pytest.mark.parametrize("name", ALL)
def test_no_name_is_left(name: str) -> None:
    """Names of storages, buckets, accounts and principals, account numbers and GUIDs are gone everywhere."""
    found = seen(name)
    text = dumps(anonymise(found.document))
    fields = ("name", "bucket", "account_name", "project_id", "client_email", "client_id", "tenant_id")
    names = {getattr(storage, each, "") for storage in found.configuration.storages for each in fields}
    accounts = set(re.findall(r"(?<![\w.-])\d{12}(?![\w-])", found.text)) - {ACCOUNT}  # no fractions of seconds
    mails = set(re.findall(r"[\w.+-]+@[\w.-]+\.com\b", found.text))
    principals = set(re.findall(r"arn:aws:iam::\d+:user/([\w/-]+)", found.text))
    told = {one for one in {*names, *accounts, *mails, *principals} if len(one) > 3}

    assert [one for one in told if re.search(_as_a_name(one), text)] == []


def _as_a_name(name: str) -> str:
    """Where a name would stand; a word of prose may stand elsewhere (a role may be `Stream recordings writer`)."""
    exact = re.escape(name)
    anywhere = rf"(?<![A-Za-z0-9]){exact}(?![A-Za-z0-9])"
    return rf"[/'\"]{exact}[/'\"]|(?:container|bucket:?) {exact}\b" if name == "recordings" else anywhere


def test_the_same_name_has_the_same_stand_in() -> None:
    """What belongs together stays together: the bucket of the configuration is the one of the policy."""
    document = anonymise(seen("s3/key-denied").document)
    bucket = document["storages"][0]["fields"]["bucket"]
    asked = json.dumps(document["storages"][0]["residue"]) + json.dumps(document["storages"][0]["replies"])

    assert bucket != "my-recordings"
    assert len(bucket) == len("my-recordings")
    assert bucket in asked or "preflight-test-" in asked


def test_two_files_do_not_share_their_stand_ins() -> None:
    """Without the key nobody finds the way back, and two files cannot be laid side by side."""
    document = seen("s3/key-denied").document

    assert anonymise(document)["storages"][0]["fields"] != anonymise(document)["storages"][0]["fields"]
    assert anonymise(document, b"k" * 32) == anonymise(document, b"k" * 32)


@settings(max_examples=25, deadline=None)
@given(name=st.from_regex(r"[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]", fullmatch=True))
def test_any_bucket_name_can_be_left_out(name: str) -> None:
    """Whatever a bucket is called, even like a word of ours, the diagnosis stays what it is."""
    text = seen("s3/no-permission").text.replace("my-recordings", name)
    document = sealed(json.loads(text))

    before = judged(again(dumps(document)))

    assert judged(again(dumps(anonymise(document)))) == before


def test_what_was_not_asked_is_not_known() -> None:
    """A newer version may ask more than was recorded: that is open, never green."""
    reply = Recorded("s3", {}).ask(Read(Setting.LIFECYCLE))

    assert not reply.ok
    assert reply.refusal is not None
    assert "not in the evidence" in (reply.message or "")


def test_without_its_replies_nothing_is_proven() -> None:
    """Evidence from which every answer was taken says undetermined, whatever it said before."""
    document = json.loads(seen("s3/healthy").text)
    document["storages"][0]["replies"] = []

    assert again(dumps(sealed(document))).exit_code == 3


@pytest.mark.parametrize("name", FEW)
def test_the_same_configuration_has_the_same_hash(name: str) -> None:
    """The hash tells whether evidence is about this configuration; where the file stands makes no difference."""
    found = seen(name)
    storages = found.configuration.storages
    changed = [dataclasses.replace(storage, bucket="other") for storage in storages]

    assert found.document["configuration"] == fingerprint(storages)
    assert fingerprint(changed) != fingerprint(storages)


def test_the_hash_does_not_know_the_secret() -> None:
    """Nobody tries secrets against the hash."""
    one, two = (S3Storage(name="a", storage_type="s3", secret=Secret(text, source="t")) for text in ("x" * 9, "y" * 9))

    assert fingerprint([one]) == fingerprint([two])


def _changed(**changes: Any) -> str:
    return json.dumps({**seen("s3/healthy").document, **changes})


BROKEN: dict[str, tuple[str | Callable[[], str], str]] = {
    "not JSON": ("{", "not JSON"),
    "another document": ('{"schema": "preflight.report/1"}', "no evidence"),
    "a list": ("[1]", "no evidence"),
    "older": ('{"schema": "preflight.evidence/0", "version": "0.1"}', "written by preflight 0.1"),
    "newer": ('{"schema": "preflight.evidence/2", "version": "9.0"}', "written by preflight 9.0"),
    "tampered": (lambda: _changed(verdict="ready", started="1999"), "was changed"),
    "cut": (lambda: seen("s3/healthy").text[:-200], "not JSON"),
    "incomplete": (lambda: dumps(sealed({"schema": SCHEMA})), "version: "),
    "a moment that is none": (lambda: dumps(sealed(json.loads(_changed(started="1700000000")))), "started: "),
    "a status that there is not": (lambda: dumps(sealed(json.loads(_changed(verdict="fine")))), "verdict: "),
}


FACTS: dict[str, tuple[str, object]] = {
    "a number as text": ("days", "x"),
    "a number that looks like one": ("days", "7"),
    "an answer that there is not": ("answer", "perhaps"),
    "text for a table": ("of", "policy"),
    "a table without its answer": ("of.policy", {"message": "m"}),
    "another answer in a table": ("of.policy.answer", {"policy": {"answer": "x", "message": "m"}}),
    "assumptions that are no text": ("assumptions.0", [1]),
    "a table for text": ("statement", {}),
}


@pytest.mark.parametrize("kind", FACTS)
def test_facts_of_another_shape_are_refused_at_the_door(kind: str) -> None:
    """Whoever edits evidence and seals it anew is told the place, the field and what was expected."""
    place, value = FACTS[kind]
    document = json.loads(seen("s3/proven-twice").text)
    field = place.partition(".")[0]
    given = {"policy": value} if place == "of.policy" else value
    document["storages"][0]["replies"][3]["reply"]["facts"][field] = given

    with pytest.raises(Unusable, match=re.escape(f"storages.0.replies.3.reply.facts.{place}")) as refused:
        read("evidence.json", dumps(sealed(document)))
    assert "expected what `check --evidence` writes" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_setting_without_what_it_always_says_is_refused_at_the_door() -> None:
    """A location without a region would crash the check that compares it."""
    document = json.loads(seen("s3/keyless-proven").text)
    replies = document["storages"][0]["replies"]
    number = next(at for at, one in enumerate(replies) if one["ask"]["setting"] == "location")
    del replies[number]["reply"]["facts"]["region"]

    with pytest.raises(Unusable, match=rf"replies\.{number}\.reply\.facts\.region: field required"):
        read("evidence.json", dumps(sealed(document)))


@pytest.mark.parametrize("kept", [{}, {"waivers": [{"check": "a", "reason": "b", "expires": "2999-01-01"}]}])
def test_what_may_be_left_out_may_be_left_out_of_an_anonymous_file(kept: dict[str, Any]) -> None:
    """Fields with a default are optional for whoever leaves out the names, as they are for whoever judges."""
    document = json.loads(seen("s3/healthy").text)
    del document["waivers"]
    sparing = sealed({**document, **kept})

    assert judged(again(dumps(anonymise(sparing)))) == judged(again(dumps(sparing)))


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_evidence_is_refused(kind: str) -> None:
    """One sentence says which file and what is wrong with it; nothing is judged by halves."""
    text, said = BROKEN[kind]

    with pytest.raises(Unusable, match=re.escape(said)) as refused:
        read("evidence.json", text if isinstance(text, str) else text())
    assert str(refused.value).startswith("evidence.json")
    assert "\n" not in str(refused.value)


def test_what_another_version_adds_is_passed_by() -> None:
    """A field that this version does not know makes evidence no less readable."""
    document = sealed({**seen("s3/healthy").document, "weather": "fine"})

    assert again(dumps(document)).exit_code == 0


def test_a_storage_type_that_nobody_knows_can_be_kept() -> None:
    """Evidence of a broken configuration is evidence, too."""
    storage = Storage(name="a", storage_type="ftp", bucket="b")

    assert fingerprint([storage])


def test_an_answer_that_arrives_while_the_file_is_made_spoils_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interruption the thread of a check may still note a reply: the file holds what was there before."""
    session = memory_session(Memory())
    session.ask(session.put)

    def late(ask: Ask) -> KeptAsk:
        session.ask(Get(session.key))
        return as_kept(ask)

    monkeypatch.setattr(evidence, "as_kept", late)
    storage = sample.GOOD.storage
    configuration = Configuration(storages=(storage,))
    report = dataclasses.replace(sample.READY, storages=(sample.GOOD,))
    document = Recorder({id(storage): session}).document(configuration, Plan(), report)

    assert [one["ask"]["verb"] for one in document["storages"][0]["replies"]] == ["put"]
