"""What the documents let the service principal do with every blob under the path: role and deny assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from preflight.iam.azure.document import Definition, Read, read_assignments, read_definition, read_denials
from preflight.iam.azure.evaluate import decide, paths, prefixes
from preflight.iam.azure.reasons import DENIALS, DOCUMENT
from preflight.iam.azure.scopes import Target
from preflight.iam.azure.weighing import Layers, Principal, Request
from preflight.iam.globs import Glob
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
from preflight.providers.abs import settings
from preflight.providers.abs.actions import ADD, DELETE, LIST, READ, WRITE, container

ReadSetting = Callable[[Setting], Reply]


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
                return combined("abs", ask, self._writing(ADD, WRITE))  # either will do for a name that is free
            case PutParts():
                return combined("abs", ask, self._writing(WRITE))
            case Get():
                return combined("abs", ask, self._holding(READ))
            case List():
                return combined("abs", ask, self._holding(READ, asked=prefixes(self.storage.path), suboperation=LIST))
            case Delete():
                return combined("abs", ask, self._holding(DELETE))
            case WhoAmI() | ReadAsk():
                raise ValueError(f"documents do not answer: {ask}")

    def _writing(self, *actions: str) -> Iterator[Testimony]:
        facts = self.account.facts
        if other := settings.made_for(facts):
            kind = " ".join(str(facts[name]) for name in ("kind", "sku") if facts.get(name))
            because = f"account {self.storage.account_name} ({kind}) holds {other} and no block blobs"
            yield Testimony.denying("settings", Cause.ACCOUNT_KIND_UNSUPPORTED, because)
        yield from self._holding(*actions)

    def _holding(self, *actions: str, asked: Glob | None = None, suboperation: str = "") -> Iterator[Testimony]:
        malformed = list(self._malformed())
        yield from malformed
        if malformed:
            return
        request = Request(
            principal=Principal(object_id=str(self.document.get("principal") or ""), client_id=self.storage.client_id),
            actions=actions,
            asked=asked or paths(self.storage.path),
            target=self.target,
            suboperation=suboperation,
        )
        missing = tuple(Permission(action, self.target.scope or container(self.storage)) for action in actions[-1:])
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
