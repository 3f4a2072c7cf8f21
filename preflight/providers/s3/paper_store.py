"""What the documents let the writer do with every key under the path: policies, encryption key, payer and lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from preflight import stream
from preflight.iam.aws.document import Document, Kind, read
from preflight.iam.aws.layers import ASSUMED, UNREAD, Layer, Layers, Without, documents
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.public import is_public
from preflight.iam.aws.s3 import Bucket, keyless, may, may_encrypt, may_write, partition_of, unstorable
from preflight.iam.aws.shape import Operation
from preflight.iam.decision import Answer, Decision, Role
from preflight.iam.testimony import Testimony, Texts
from preflight.model import (
    Ask,
    Cause,
    Delete,
    Get,
    List,
    Permission,
    Put,
    PutParts,
    Read,
    Reply,
    S3Storage,
    Setting,
)
from preflight.providers.s3.excess import ALTERNATIVES, DELETES, LISTS, OF_BUCKET, OF_OBJECTS, READS
from preflight.providers.s3.identity import account_of
from preflight.providers.s3.needs import needs
from preflight.providers.s3.replies import not_offered
from preflight.providers.s3.testimony import combined, faulty, told

ReadSetting = Callable[[Setting], Reply]

GENERATE, DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"


class PaperStore:
    """Decides from what `read` gives; each setting is read when a question first depends on it."""

    def __init__(self, storage: S3Storage, read: ReadSetting) -> None:
        self.storage = storage
        self.read = read
        self.texts = Texts()

    def ask(self, ask: Ask) -> Reply:
        match ask:
            case Put():
                reply = combined(ask, self._writing((Operation.PUT,), (GENERATE,)))
                return replace(reply, facts={**reply.facts, **self._beside_writing()})
            case PutParts():
                operations = (Operation.CREATE, Operation.PART, Operation.COMPLETE)
                return combined(ask, self._writing(operations, (GENERATE, DECRYPT)))
            case Get() | Delete() | List():
                return self._beyond(ask)
            case _:
                return not_offered(str(ask))

    def _writing(self, operations: tuple[Operation, ...], key_actions: tuple[str, ...]) -> Iterator[Testimony]:
        caller = self.caller
        if caller is None:
            yield _nobody()
            return
        malformed = list(faulty(self.documents, self.texts))
        yield from malformed
        if malformed:
            return
        decisions = may_write(caller, self.bucket, self.storage.path, self.layers, operations=operations)
        missing = Permission("s3:PutObject", self.resource)
        for decision in decisions.values():
            yield told("policy", decision, missing, self.bucket, self.texts, keyless=self.storage.keyless)
        for action in key_actions:
            yield from self.encrypting(caller, action)
        yield from self._of_the_account()
        yield from self._beside_the_grant()

    def _beyond(self, ask: Get | Delete | List) -> Reply:
        """Whether any right that is enough for the ask is granted, anywhere in the bucket; fact `granted`: which."""
        if self.caller is None:
            return combined(ask, [_nobody()])
        path = None if isinstance(ask, List) else ""
        decisions = {right: self._may(self.caller, right, path, self.layers) for right in ALTERNATIVES[type(ask)]}
        right, decision = max(decisions.items(), key=lambda one: (bool(one[1].allowed), bool(one[1].undecided)))
        missing = Permission(right, self.bucket.arn if path is None else f"{self.bucket.arn}/*")
        reply = combined(ask, [told("policy", decision, missing, self.bucket, self.texts, keyless=True)])
        if not (granted := _granted(decisions)):
            return reply
        example = f", for keys such as {self.bucket.key(decision.allowed)}" if path is not None else ""
        return replace(reply, message=_granting(decision) + example, facts={**reply.facts, "granted": granted})

    def _beside_writing(self) -> dict[str, list[str]]:
        """Facts: what `anyone` may, and what the writer may do `beyond` writing, or perhaps (`beyond_open`)."""
        nobody = keyless(self.policy, owner="", restricted=self.restricted is True)
        anyone = self._rights(Principal.of("*"), ("s3:PutObject", *READS, *DELETES), LISTS, nobody)
        if self.caller is None or self.layers.identity is UNREAD:
            return {"anyone": _granted(anyone)}
        held = self._rights(self.caller, (), (), self.layers)
        return {"anyone": _granted(anyone), "beyond": _granted(held), "beyond_open": _open(held)}

    def _rights(
        self, caller: Principal, of_objects: tuple[str, ...], of_bucket: tuple[str, ...], layers: Layers
    ) -> dict[str, Decision]:
        """What these documents say of rights that writing does not need, and of some more."""
        on_objects = {one: self._may(caller, one, "", layers) for one in (*of_objects, *OF_OBJECTS)}
        return on_objects | {one: self._may(caller, one, None, layers) for one in (*of_bucket, *OF_BUCKET)}

    def _may(self, caller: Principal, right: str, path: str | None, layers: Layers) -> Decision:
        return may(caller, right, self.bucket, path, layers)

    @cached_property
    def caller(self) -> Principal | None:
        """Who writes; of a key whose identity cannot be read, at least the account that it names."""
        if self.storage.keyless:
            return Principal.of_account(stream.ACCOUNT)
        principal = self.read(Setting.IDENTITY).facts.get("principal")
        if principal:
            return Principal.of(str(principal))
        account = account_of(self.storage.api_key.reveal()) if self.storage.api_key else ""
        return Principal.of_account(account, self.partition) if account else None

    @property
    def partition(self) -> str:
        return partition_of(self.storage.region)

    @cached_property
    def owner(self) -> str | None:
        """The account of the bucket; of files alone, nobody can tell, so that it is the writer's is assumed."""
        found = self.read(Setting.ACCOUNT)
        if found.ok:
            return str(found.facts["account"])
        return self.caller.account if self.caller and found.code == "not-given" else None

    @property
    def own(self) -> bool:
        """Whether the bucket is of the writer's account, as far as is known or assumed."""
        return not self.storage.keyless and self.caller is not None and self.caller.account == self.owner

    @cached_property
    def bucket(self) -> Bucket:
        owner = None if self.storage.keyless else self.owner
        return Bucket(name=self.storage.bucket, partition=self.partition, account=owner, region=self.storage.region)

    @property
    def resource(self) -> str:
        return f"{self.bucket.arn}/{self.storage.path}*"

    @cached_property
    def policy(self) -> Layer:
        """The bucket's. One that AWS itself handed out was stored, whatever we think of it."""
        found = self._document(Setting.POLICY, Kind.RESOURCE)
        if not isinstance(found, Document) or self.texts.locate(found.label, "") is None:
            return found
        return replace(found, findings=(*found.findings, *unstorable(found, self.bucket)))

    @cached_property
    def restricted(self) -> bool | Without:
        blocks = self.read(Setting.PUBLIC_ACCESS)
        return bool(blocks.facts["blocks"].get("RestrictPublicBuckets")) if blocks.ok else UNREAD

    @cached_property
    def layers(self) -> Layers:
        """Everything that takes part; what nobody outside an organization can read is assumed, in so many words."""
        if self.storage.keyless:
            return keyless(self.policy, owner="", restricted=self.restricted)
        identity, boundary = self._held()
        return Layers(
            resource=self.policy,
            identity=identity,
            boundary=boundary,
            session=None,
            endpoint=ASSUMED,
            scps=ASSUMED,
            rcps=ASSUMED,
            owner=self.owner,
            restricted=self.restricted,
        )

    def _held(self) -> tuple[Layer, Layer]:
        """The writer's own policies and boundary."""
        found = self.read(Setting.IDENTITY)
        if not found.ok or "documents" not in found.facts:
            return UNREAD, ASSUMED if found.code == "not-given" or found.ok else UNREAD
        names = found.facts.get("names") or [""] * len(found.facts["documents"])
        sources = found.facts.get("sources") or [None] * len(names)
        held = tuple(
            self._read(text, Kind.IDENTITY, f"identity policy {name}".strip(), source)
            for text, name, source in zip(found.facts["documents"], names, sources, strict=True)
        )
        held += tuple(_unread(name, Kind.IDENTITY) for name in found.facts.get("unread") or ())
        if "boundary_unread" in found.facts and not found.facts.get("boundary"):
            return held, _unread(found.facts["boundary_unread"], Kind.BOUNDARY)
        if "boundary" not in found.facts:  # files need not come with one
            return held, ASSUMED
        boundary = found.facts["boundary"]
        return held, self._read(boundary, Kind.BOUNDARY, "") if boundary is not None else None

    @property
    def documents(self) -> Iterator[Document]:
        """All that were read, for their faults."""
        for layer in (self.layers.resource, self.layers.identity, self.layers.boundary, self.key_policy):
            for document in layer if isinstance(layer, tuple) else (layer,):
                if isinstance(document, Document) and not document.unread:
                    yield document

    def _document(self, setting: Setting, kind: Kind) -> Layer:
        found = self.read(setting)
        if later := found.facts.get("later"):
            return _unread(str(later), kind)
        if not found.ok:
            return UNREAD
        text = found.facts.get("document")
        source = next(iter(found.facts.get("sources") or ()), None)
        return None if text is None else self._read(text, kind, "", source)

    def _read(self, text: object, kind: Kind, label: str, source: object = None) -> Document:
        document = read(text, kind, label)
        self.texts.remember(document.label, source)
        return document

    @cached_property
    def encryption(self) -> Reply:
        return self.read(Setting.ENCRYPTION)

    @property
    def encrypts_by_key(self) -> bool:
        return self.encryption.ok and str(self.encryption.facts.get("algorithm") or "").startswith("aws:kms")

    @cached_property
    def key_policy(self) -> Layer:
        return self._document(Setting.KEY_POLICY, Kind.KEY) if self.encrypts_by_key else None

    def encrypting(self, caller: Principal, action: str) -> Iterator[Testimony]:
        """What the key that the bucket encrypts with by default says to the writer."""
        if not self.encryption.ok:
            unread = self.encryption.facts.get("later") or "the bucket's default encryption was not read"
            need = f"{unread}: a key may refuse the writer"
            yield Testimony(about="key", answer=Answer.UNKNOWN, message=need, needs=(need,))
        elif self.encrypts_by_key:
            key = str(self.encryption.facts.get("key") or "")
            facts = self.read(Setting.KEY_POLICY).facts if key else {}
            if not key or key.endswith("alias/aws/s3") or facts.get("managed"):
                yield self._managed()
            elif fault := self._unusable(key, str(facts.get("state") or "")):
                yield Testimony.denying("key", Cause.ENCRYPTION_KEY_UNUSABLE, fault)
            else:
                arn = str(facts.get("key") or self._arn(key, caller))
                decision = may_encrypt(caller, action, arn, self.bucket, self.key_layers(arn))
                missing = Permission(action, arn)
                yield told("key", decision, missing, self.bucket, self.texts, keyless=self.storage.keyless)

    def _managed(self) -> Testimony:
        """The key `aws/s3` serves everybody of the bucket's account, and nobody of another, ever."""
        if self.own:
            return Testimony(about="key", answer=Answer.ALLOWED, message="aws/s3 serves the bucket's own account")
        because = "the bucket encrypts with the AWS-managed key aws/s3, which no other account can ever use"
        if self.storage.keyless or self.owner is not None:
            return Testimony.denying("key", Cause.ENCRYPTION_KEY_DENIED, because)  # nobody can grant it
        return Testimony(about="key", answer=Answer.UNKNOWN, message=because, needs=("the bucket's account",))

    def _unusable(self, key: str, state: str) -> str:
        if state not in {"", "Enabled"}:
            return f"the key that the bucket encrypts with is {state}"
        if self.storage.keyless and not key.startswith("arn:"):
            return f"the bucket names its key `{key}`, not by its ARN: that is looked up in the writer's account"
        region = key.split(":")[3] if key.count(":") >= 5 else self.storage.region
        if region != self.storage.region:
            return f"the key is in {region}, and the bucket encrypts with keys of {self.storage.region} only"
        return ""

    def _arn(self, key: str, caller: Principal) -> str:
        if key.startswith("arn:"):
            return key
        return f"arn:{self.partition}:kms:{self.storage.region}:{self.owner or caller.account}:key/{key}"

    def key_layers(self, arn: str) -> Layers:
        owner = arn.split(":")[4]
        if self.storage.keyless:
            return keyless(self.key_policy, owner=owner, restricted=False)
        own = self.layers
        return Layers(
            resource=self.key_policy,
            identity=own.identity,
            boundary=own.boundary,
            session=None,
            endpoint=ASSUMED,
            scps=ASSUMED,
            rcps=ASSUMED,
            owner=owner,
            restricted=False,
        )

    def _of_the_account(self) -> Iterator[Testimony]:
        """The bucket's block does not tell what its account blocks for all of them, which decides as well."""
        if not self.own and self.restricted is False and is_public(documents(self.policy)) is not False:
            assumed = (
                "RestrictPublicBuckets of the bucket's account is taken to be off: with it, the public statement "
                "of the policy would shut every other account out"
            )
            yield Testimony(about="settings", answer=Answer.ALLOWED, assumptions=(assumed,))

    def _beside_the_grant(self) -> Iterator[Testimony]:
        """What else decides a write that nobody here can try, and what is taken for granted."""
        if not self.storage.keyless:
            yield Testimony(about="settings", answer=Answer.ALLOWED, assumptions=tuple(self._taken_for_granted()))
        yield from self._paying()
        lock = self.read(Setting.RETENTION)
        if lock.ok and lock.facts.get("mode"):
            because = "new objects are locked by default, so S3 demands a checksum that Stream may not send"
            yield Testimony.doubting("lock", Cause.CHECKSUM_REQUIRED, because)
        yield from self._unread("lock", Setting.RETENTION, Cause.CHECKSUM_REQUIRED, "locks new objects")

    def _paying(self) -> Iterator[Testimony]:
        """Identities of the bucket's own account are spared."""
        payer = self.read(Setting.PAYER)
        told = self.read(Setting.ACCOUNT).code != "not-given"
        if payer.ok and payer.facts.get("requester_pays") and not (self.own and told):
            because = "the bucket makes requesters pay, and refuses other accounts that do not say that they will"
            if self.storage.keyless or (told and self.owner is not None):
                yield Testimony.denying("payer", Cause.PAYER_REQUIRED, because)
            else:
                yield Testimony.doubting("payer", Cause.PAYER_REQUIRED, f"{because}; whose the bucket is was not read")
        if not self.own:
            yield from self._unread("payer", Setting.PAYER, Cause.PAYER_REQUIRED, "makes requesters pay")

    def _taken_for_granted(self) -> Iterator[str]:
        """What no file tells of the writer with a key."""
        if self.read(Setting.ACCOUNT).code == "not-given":
            yield "the bucket belongs to the account of the key"
        if self.read(Setting.IDENTITY).facts.get("others"):
            yield "the writer holds no other policies than those given, of its own, attached or of a group"

    def _unread(self, about: str, setting: Setting, cause: Cause, does: str) -> Iterator[Testimony]:
        """A setting that no file gives is taken to be harmless, in so many words; one that was asked for is not."""
        reply = self.read(setting)
        if later := reply.facts.get("later"):
            yield Testimony.doubting(about, cause, str(later))
        elif reply.code == "not-given":
            assumed = f"whether the bucket {does} was not read: taken not to"
            yield Testimony(about="settings", answer=Answer.ALLOWED, assumptions=(assumed,))
        elif not reply.ok:
            (right,) = needs(Read(setting), self.storage)
            said = " ".join(str(part) for part in (reply.status, reply.code) if part)
            because = f"whether the bucket {does} could not be read ({said}): {right.action} allows to read it"
            yield Testimony.doubting(about, cause, because)


def _granted(decisions: Mapping[str, Decision]) -> list[str]:
    """The rights that are granted for some name."""
    return [right for right, decision in decisions.items() if decision.allowed]


def _open(decisions: Mapping[str, Decision]) -> list[str]:
    """Those that may be, and are not known to be."""
    return [right for right, decision in decisions.items() if decision.undecided and not decision.allowed]


def _granting(decision: Decision) -> str:
    return next((reason.says for reason in decision.reasons if reason.role is Role.GRANT), decision.sentence)


def _unread(label: str, kind: Kind) -> Document:
    """A document that is there, and whose text nobody has."""
    return Document(kind=kind, label=label, value=None, unread=True)


def _nobody() -> Testimony:
    need = "who the access key belongs to is not known, so no document can be judged for them"
    return Testimony(about="policy", answer=Answer.UNKNOWN, message=need, needs=(need,))
