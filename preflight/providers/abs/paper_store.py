"""What the documents let the service principal do with every blob under the path: role and deny assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from preflight.iam.azure.document import Definition, Read, read_assignments, read_definition, read_denials
from preflight.iam.azure.evaluate import decide, paths, prefixes
from preflight.iam.azure.reasons import DENIALS, DOCUMENT
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.decision import Answer
from preflight.iam.testimony import Testimony, Texts, combined, faulty, told
from preflight.model import (
    AbsStorage,
    Ask,
    Cause,
    Delete,
    Get,
    List,
    Permission,
    Put,
    PutParts,
    Reply,
    Setting,
    WhoAmI,
)
from preflight.model import (
    Read as ReadAsk,
)
from preflight.providers.abs import excess, settings
from preflight.providers.abs.actions import ADD, DELETE, LIST, LIST_KEYS, READ, WRITE, container

ReadSetting = Callable[[Setting], Reply]

_WIDEST_LAST = (Answer.DENIED, Answer.UNKNOWN, Answer.SPLIT, Answer.ALLOWED)


class PaperStore:
    """Decides from what `read` gives: the facts of `Setting.POLICY` and `Setting.ACCOUNT`.

    A `document` that names the `principal` and the `scope` that it was listed for, or says so itself, is complete;
    any other holds what somebody exported, and says nothing about what is not in it.
    """

    def __init__(self, storage: AbsStorage, read: ReadSetting) -> None:
        self.storage = storage
        self.read = read
        self.texts = Texts()

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Put():
                reply = combined("abs", ask, self._writing(ADD, WRITE))  # either will do for a name that is free
                return replace(reply, facts={**reply.facts, **self._beside_writing()})
            case PutParts():
                return combined("abs", ask, self._writing(WRITE))
            case Get():
                return self._beyond(ask, self._request(READ))
            case List():
                listing = replace(self._request(READ), asked=prefixes(self.storage.path), suboperation=LIST)
                return self._beyond(ask, listing)
            case Delete():
                return self._beyond(ask, self._request(DELETE))
            case WhoAmI() | ReadAsk():
                raise ValueError(f"documents do not answer: {ask}")

    def _writing(self, *actions: str) -> Iterator[Testimony]:
        facts = self.account.facts
        if other := settings.made_for(facts):
            kind = " ".join(str(facts[name]) for name in ("kind", "sku") if facts.get(name))
            because = f"account {self.storage.account_name} ({kind}) holds {other} and no block blobs"
            yield Testimony.denying("settings", Cause.ACCOUNT_KIND_UNSUPPORTED, because)
        yield from self._holding(self._request(*actions))

    def _beyond(self, ask: Ask, request: Request) -> Reply:
        """What writing does not need: granted as such or, to who may read the account's keys, open by one of them."""
        granted = combined("abs", ask, self._holding(request))
        if not self.account.facts.get("shared_key"):
            return granted
        by_key = combined("abs", ask, self._holding(excess.by_key(request)))
        if by_key.ok:
            message = f"{by_key.message}: with the account's key, everything in it can be read, listed and deleted"
            by_key = replace(by_key, message=message, facts={**by_key.facts, "granted": [LIST_KEYS]})
        return max(granted, by_key, key=lambda reply: _WIDEST_LAST.index(reply.facts["answer"]))

    def _beside_writing(self) -> dict[str, list[str]]:
        """Facts: what the writer may do `beyond` writing, or perhaps (`beyond_open`)."""
        keyed = self.account.facts.get("shared_key") is not False
        asked = excess.requests(self._request(WRITE), keyed=keyed)
        return excess.held({request.actions[0]: decide(request, self.layers) for request in asked})

    def _request(self, *actions: str) -> Request:
        """The writer's, for any one of the actions, on every blob under the path."""
        return Request(
            principal=Principal(object_id=str(self.document.get("principal") or ""), client_id=self.storage.client_id),
            actions=actions,
            asked=paths(self.storage.path),
            target=self.target,
        )

    def _holding(self, request: Request) -> Iterator[Testimony]:
        malformed = list(self._malformed())
        yield from malformed
        if malformed:
            return
        resource = request.target.scope or container(self.storage)
        missing = tuple(Permission(action, resource) for action in request.actions[-1:])
        yield told(decide(request, self.layers), missing, self.texts)

    def _malformed(self) -> Iterator[Testimony]:
        for label, held in ((DOCUMENT, self.layers.assignments), (DENIALS, self.layers.denials)):
            if held:
                yield from faulty(label, held.findings, self.texts)

    @cached_property
    def found(self) -> Reply:
        return self.read(Setting.POLICY)

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The lists as they were read; empty where they were not."""
        document = self.found.facts.get("document") if self.found.ok else None
        return document if isinstance(document, Mapping) else {}

    @cached_property
    def complete(self) -> bool:
        return bool(self.document.get("complete") or (self.document.get("principal") and self.document.get("scope")))

    @cached_property
    def target(self) -> Target:
        return Target(
            account=self.storage.account_name,
            container=self.storage.bucket,
            scope=str(self.document.get("scope") or ""),
            listed=self.complete,
        )

    @cached_property
    def account(self) -> Reply:
        return self.read(Setting.ACCOUNT)

    @cached_property
    def layers(self) -> Layers:
        self.texts.remember(DOCUMENT, next(iter(self.found.facts.get("sources") or ()), None))
        return Layers(
            assignments=self._list("assignments", read_assignments),
            complete=self.complete,
            definitions={one.id: one for one in self._definitions()},
            denials=self._list("deny_assignments", read_denials),
            hierarchical=bool(self.account.facts.get("hierarchical")) if self.account.ok else None,
        )

    def _list(self, name: str, read: Callable[[object], Read]) -> Read | None:
        return read(self.document[name]) if name in self.document else None

    def _definitions(self) -> Iterator[Definition]:
        given = self.document.get("definitions")
        for index, one in enumerate(given if isinstance(given, list) else ()):
            yield read_definition(one, f"/{index}")
