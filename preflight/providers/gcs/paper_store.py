"""What the documents let the account do with every name under the path: bindings, deny rules, encryption key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from preflight.iam.decision import Answer
from preflight.iam.gcp.document import DenyPolicy, Policy, read_deny, read_policy, read_role
from preflight.iam.gcp.evaluate import decide
from preflight.iam.gcp.members import Account
from preflight.iam.gcp.weighing import Layers, Request, objects
from preflight.iam.globs import Glob
from preflight.iam.regions import Truth
from preflight.iam.testimony import Testimony, Texts, combined, faulty, told
from preflight.model import (
    Ask,
    Cause,
    Delete,
    GcsStorage,
    Get,
    List,
    Permission,
    Put,
    PutParts,
    Read,
    Reply,
    Setting,
    WhoAmI,
)
from preflight.providers.gcs.excess import beside_writing

ReadSetting = Callable[[Setting], Reply]

BUCKET = "IAM policy of the bucket"
LEVELS = ("project", "folders and organization above it")
"""The levels above a bucket, each with an IAM policy of its own."""

_WIDEST_LAST = (Answer.DENIED, Answer.UNKNOWN, Answer.SPLIT, Answer.ALLOWED)
_ENCRYPT = "cloudkms.cryptoKeyVersions.useToEncrypt"
_AGENTS = "service-{}@gs-project-accounts.iam.gserviceaccount.com"
_AGENT = re.compile(r"serviceAccount:(service-\d+@gs-project-accounts\.iam\.gserviceaccount\.com)")


class PaperStore:
    """Decides from what `read` gives; each setting is read when a question first depends on it.

    Facts of `Setting.IDENTITY`, where a file gives them: `above` (policies of other levels, by level), `roles`
    (custom roles), `denials` (deny policies; missing: none was read).
    """

    def __init__(self, storage: GcsStorage, read: ReadSetting) -> None:
        self.storage = storage
        self.read = read
        self.texts = Texts()

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Put():
                reply = combined("gcs", ask, self._writing())
                beside = beside_writing(self.account, self.storage.bucket, self.layers)
                return replace(reply, facts={**reply.facts, **beside})
            case PutParts():
                return combined("gcs", ask, self._writing())
            case Get():
                return combined("gcs", ask, self._holding("storage.objects.get"))
            case Delete():
                return combined("gcs", ask, self._holding("storage.objects.delete"))
            case List():
                return combined("gcs", ask, self._listing(ask.prefix))
            case WhoAmI() | Read():
                raise ValueError(f"documents do not answer: {ask}")

    def _writing(self) -> Iterator[Testimony]:
        malformed = list(self._malformed())
        yield from malformed
        if malformed:
            return
        yield from self._holding("storage.objects.create")
        account = self.read(Setting.ACCOUNT)
        if account.ok and account.facts.get("hierarchical"):
            yield from self._holding("storage.folders.create")
        yield from self._encrypting()

    def _malformed(self) -> Iterator[Testimony]:
        documents: list[Policy | DenyPolicy] = [*self.layers.policies, *(self.layers.denials or ())]
        for document in documents:
            yield from faulty(document.label, document.findings, self.texts)

    def _holding(self, permission: str) -> Iterator[Testimony]:
        """Whether the account holds a permission on every name under the path."""
        base, names = objects(self.storage.bucket, self.storage.path)
        # no page says what conditions see of a folder
        typed = None if permission == "storage.folders.create" else "storage.googleapis.com/Object"
        path = f"{base}{self.storage.path}"
        request = Request(account=self.account, permission=permission, asked=names, base=path, typed=typed)
        yield self._told(request, base, f"{path}*")

    def _listing(self, prefix: str) -> Iterator[Testimony]:
        """Whether the account may list: the bucket is asked, and whoever asks chooses one of the prefixes let in."""
        base, _ = objects(self.storage.bucket)
        bucket = base.removesuffix("/objects/")
        request = Request(
            account=self.account,
            permission="storage.objects.list",
            asked=Glob.literal(bucket),
            base=bucket,
            typed="storage.googleapis.com/Bucket",
        )
        asked = dict.fromkeys((prefix, "", *self.layers.prefixes))
        found = [self._told(replace(request, prefix=one), base, bucket) for one in asked]
        yield max(
            found, key=lambda one: (Answer.DENIED, Answer.UNKNOWN, Answer.SPLIT, Answer.ALLOWED).index(one.answer)
        )

    def _told(self, request: Request, base: str, resource: str) -> Testimony:
        missing = Permission(request.permission, resource)
        return told(decide(request, self.layers), (missing,), self.texts, base=base)

    @cached_property
    def account(self) -> Account:
        found = self.read(Setting.PUBLIC_ACCESS)
        blocks: Mapping[str, Truth] = found.facts.get("blocks", {}) if found.ok else {}
        return Account(email=self.storage.client_email, prevented=blocks.get("publicAccessPrevention"))

    @cached_property
    def layers(self) -> Layers:
        above = self.read(Setting.IDENTITY)
        facts: Mapping[str, Any] = above.facts if above.ok else {}
        levels: Mapping[str, Any] = facts.get("above") or {}
        denials = facts.get("denials")
        roles = (read_role(role) for role in facts.get("roles") or ())
        uniform = self.read(Setting.OWNERSHIP)
        return Layers(
            bucket=self._bucket(),
            above=tuple(read_policy(document, f"IAM policy of the {level}") for level, document in levels.items()),
            unread=tuple(level for level in LEVELS if level not in levels),
            denials=None if denials is None else tuple(read_deny(one, "deny policy") for one in denials),
            roles=dict(role for role in roles if role),
            uniform=bool(uniform.facts.get("uniform")) if uniform.ok else None,
        )

    def _bucket(self) -> Policy | None:
        found = self.read(Setting.POLICY)
        if not found.ok:
            return None
        document = found.facts.get("document")
        source = next(iter(found.facts.get("sources") or ()), None)
        self.texts.remember(BUCKET, source)
        return read_policy({} if document is None else document, BUCKET, found.facts.get("doubts") or ())

    def _encrypting(self) -> Iterator[Testimony]:
        """With a key of the customer's, Cloud Storage itself must be allowed to use it: the uploader needs nothing."""
        found = self.read(Setting.ENCRYPTION)
        if not found.ok:
            assumption = "the bucket's default encryption was not read: taken to need no key of the customer's"
            yield Testimony(about="settings", answer=Answer.ALLOWED, assumptions=(assumption,))
        elif found.facts.get("default_refused"):
            how = found.facts.get("key") or "a key of Google's"
            because = f"the bucket encrypts with {how} by default, and restricts new objects to another encryption"
            yield Testimony.denying("key", Cause.HEADER_REQUIRED, because)
        elif found.facts.get("customer_key"):
            yield self._key(str(found.facts.get("key") or ""))

    def _key(self, key: str) -> Testimony:
        missing = (Permission(_ENCRYPT, key),)
        found = self.read(Setting.KEY_POLICY)
        if not found.ok:
            because = (
                f"the bucket encrypts with {key}, whose IAM policy was not read: Cloud Storage's own account needs it"
            )
            return Testimony.doubting("key", Cause.ENCRYPTION_KEY_DENIED, because, missing)
        policy = read_policy(found.facts.get("document"), "IAM policy of the key")
        layers = Layers(bucket=policy, unread=("key ring and project of the key",))
        wanted = self._agent()
        for agent in [wanted] if wanted else _agents(policy):
            request = Request(account=Account(email=agent), permission=_ENCRYPT, asked=Glob.literal(key), typed=None)
            if decide(request, layers).answer is Answer.ALLOWED:
                assumption = f"{agent} is the Cloud Storage account of the bucket's project"
                return Testimony(
                    about="key",
                    answer=Answer.ALLOWED,
                    message=f"{agent} may encrypt with it",
                    assumptions=() if wanted else (assumption,),
                )
        nobody = f"does not let {wanted} encrypt" if wanted else f"lets no {_AGENTS.format('…')} encrypt"
        because = f"the IAM policy of {key} {nobody}; the policies above the key were not read"
        return Testimony.doubting("key", Cause.ENCRYPTION_KEY_DENIED, because, missing)

    def _agent(self) -> str | None:
        """Cloud Storage's own account in the bucket's project, where the bucket tells which that is."""
        found = self.read(Setting.ACCOUNT)
        number = found.facts.get("project_number") if found.ok else None
        return _AGENTS.format(number) if number else None


def _agents(policy: Policy) -> list[str]:
    """Cloud Storage's own accounts, of whichever projects, among the members of a policy."""
    members = (member for binding in policy.bindings for member in binding.members)
    return sorted({match[1] for match in map(_AGENT.fullmatch, members) if match})
