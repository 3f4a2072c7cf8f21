"""What is left in a bucket that keeps versions: each is named, and what is not known of them is said."""

from __future__ import annotations

from dataclasses import dataclass

from preflight.model import Ask, Effect, PutParts, Reply
from tests.providers.contract.stores import memory_session


@dataclass
class Versioned:
    """A store that keeps versions; the answer to the first write may have lost its version."""

    told: bool

    def ask(self, ask: Ask) -> Reply:
        version = "v2" if isinstance(ask, PutParts) else "v1"
        facts = {"version": version, "version_command": f"forget {version}"}
        return Reply(status=200, effect=Effect.CERTAIN, facts=facts if self.told or version == "v2" else {})


def test_every_version_has_its_command() -> None:
    """Two writes to one name are two versions, and each is deleted for itself."""
    session = memory_session(Versioned(told=True))
    session.ask(session.put)
    session.ask(session.put_parts)
    (left,) = session.residue

    assert left.delete == "forget v1 && forget v2"
    assert left.note == "the bucket keeps versions: v1, v2"


def test_a_version_that_nobody_named_is_not_passed_over() -> None:
    """Where one answer was lost, the commands are known not to be all."""
    session = memory_session(Versioned(told=False))
    session.ask(session.put)
    session.ask(session.put_parts)
    (left,) = session.residue

    assert left.delete == "forget v2"
    assert "perhaps another" in left.note
