"""Documents out of files: what each one is, told by its content, and a store that answers from them.

Which documents a cloud has is said by `preflight.providers.<storage_type>.documents`, a `Recogniser`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from preflight.documents.files import Source
from preflight.model import Ask, Read, Refusal, Reply, Setting, Storage

__all__ = ["Assigned", "FileStore", "Part", "Recogniser", "Source", "UnrecognisedError", "assign"]


class UnrecognisedError(Exception):
    """A file that is none of the documents that we know, or more than one; its text says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document in a file: what it is, in words, and what it says about one setting.

    `said` is in the provider's own words; `pointer` is where it stands in the file. `bucket` is the one that it
    belongs to, where its source says so; `buckets` are those that its text speaks of, which may be mistaken. `later`
    says why there is such a part and nothing is known of it yet.
    """

    setting: Setting
    what: str
    said: Mapping[str, Any]
    pointer: str = ""
    bucket: str = ""
    buckets: frozenset[str] = frozenset()
    later: str = ""


class Recogniser(Protocol):
    """What a provider's `documents` module offers. `KINDS`: the names for `--document KIND=PATH`, and their meaning."""

    KINDS: Mapping[str, str]

    def recognise(self, value: Any, kind: str | None) -> tuple[Part, ...]:  # noqa: ANN401 - any JSON value
        """What a file holds; nothing if none of this cloud's. Raises `UnrecognisedError` for what is ambiguous."""

    def absent(self, kind: str) -> Part:
        """What `--document KIND=none` says: that there is none."""

    def facts(self, setting: Setting, parts: Sequence[Part], storage: Storage) -> dict[str, Any]:
        """The facts of a setting. Raises `UnrecognisedError` where parts contradict each other."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A part and the file that it comes from."""

    part: Part
    source: Source

    @property
    def title(self) -> str:
        return f"{self.source.name}: {self.part.what}"


@dataclass(slots=True)
class FileStore:
    """Answers settings from files. What no file gives is refused with code `not-given`: unread is not empty.

    The fact `later` is there where a file gives the setting, and not yet its value.
    """

    storage: Storage
    recogniser: Recogniser
    held: Sequence[Assigned]
    told: dict[Setting, Reply] = field(default_factory=dict)

    @classmethod
    def of(cls, storage: Storage, recogniser: Recogniser, held: Sequence[Assigned]) -> FileStore:
        """The store, with every setting put together. Raises `UnrecognisedError` where parts contradict each other."""
        store = cls(storage, recogniser, held)
        for one in held:
            store.ask(Read(one.part.setting))
        return store

    def ask(self, ask: Ask) -> Reply:
        if not isinstance(ask, Read):
            raise ValueError(f"files only tell settings: {ask}")  # noqa: TRY004 - the type is right, the question is not
        if ask.setting not in self.told:
            self.told[ask.setting] = self._answer(ask.setting)
        return self.told[ask.setting]

    def _answer(self, setting: Setting) -> Reply:
        held = [one for one in self.held if one.part.setting is setting]
        found = [one for one in held if not one.part.later]
        if not found:
            later = "; ".join(f"{one.title}: {one.part.later}" for one in held)
            message = later or f"no document gives {setting}"
            refusal = Refusal(provider=self.storage.storage_type, stage="documents", code="not-given", message=message)
            return Reply(code="not-given", message=message, refusal=refusal, facts={"later": later} if later else {})
        facts = self.recogniser.facts(setting, [one.part for one in found], self.storage)
        sources = [one.source.places(one.part.pointer) for one in found if "document" in one.part.said]
        return Reply(facts={**facts, "sources": sources} if sources else facts)


def assign(
    sources: Sequence[Source], storages: Sequence[Storage], recogniser: Callable[[str], Recogniser | None]
) -> dict[int, list[Assigned]]:
    """The parts for each storage, by its number. Raises `UnrecognisedError` for a file that serves no storage."""
    found: dict[int, list[Assigned]] = {number: [] for number in range(len(storages))}
    for source in sources:
        kinds = {storage.storage_type: recogniser(storage.storage_type) for storage in storages}
        parts = {kind: _parts(source, known) for kind, known in kinds.items() if known}
        if not any(parts.values()):
            raise UnrecognisedError(_unknown(source, [known for known in kinds.values() if known]))
        mine = [_meant_for(parts.get(storage.storage_type, ()), storage, storages) for storage in storages]
        if not any(mine):
            raise UnrecognisedError(_others(source, parts.values(), storages))
        for number, meant in enumerate(mine):
            found[number] += [Assigned(part, source) for part in meant]
    return found


def _parts(source: Source, recogniser: Recogniser) -> tuple[Part, ...]:
    try:
        if source.kind and source.kind not in recogniser.KINDS:
            return ()
        if source.absent:
            return (recogniser.absent(source.kind),)
        return recogniser.recognise(source.value, source.kind or None)
    except UnrecognisedError as wrong:
        raise UnrecognisedError(f"{source.name}: {wrong}") from None


def _meant_for(parts: Sequence[Part], storage: Storage, storages: Sequence[Storage]) -> list[Part]:
    """What belongs to a bucket is for its storages alone; what only speaks of buckets, if of nobody's, for everybody.

    A text that speaks of the wrong bucket is a fault that has to be found, so it is judged.
    """
    buckets = {one.bucket for one in storages}
    return [part for part in parts if _is_for(part, storage.bucket, buckets)]


def _is_for(part: Part, bucket: str, buckets: set[str]) -> bool:
    return part.bucket == bucket if part.bucket else bucket in part.buckets or not part.buckets & buckets


def _others(source: Source, parts: Iterable[Sequence[Part]], storages: Sequence[Storage]) -> str:
    theirs = sorted({part.bucket for known in parts for part in known})
    ours = sorted({storage.bucket for storage in storages})
    return f"{source.name}: this is about the bucket {', '.join(theirs)}; expected {', '.join(ours)}"


def _unknown(source: Source, recognisers: Sequence[Recogniser]) -> str:
    kinds = sorted({kind for one in recognisers for kind in one.KINDS})
    if not recognisers:
        return f"{source.name}: documents for these storages are not evaluated"
    if source.kind:
        return f"{source.name}: {source.kind!r} is no kind of document; expected {', '.join(kinds)}"
    hint = f"name it: --document KIND={source.name}, with KIND one of {', '.join(kinds)}"
    return f"{source.name}: this is none of the documents known here; {hint}"
