"""The smallest change to the documents of a bucket that lets its writer write, found step by step and judged again.

A missing grant is added where it is nearest; a Deny is narrowed by this grant alone. After every step all documents
are judged again by the same store that judges them in a check.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from preflight import stream
from preflight.grants.kinds import Change, Mended
from preflight.grants.s3 import put_bucket_policy, put_key_policy
from preflight.grants.s3.carving import ACTION, UncarvableError, carve_own, only_for, spare, spare_own, statements_of
from preflight.grants.s3.draft import Draft, others, unmended
from preflight.grants.s3.holding import Holding
from preflight.grants.s3.narrowed import Narrowing
from preflight.grants.s3.statements import KEY_ACTIONS, POLICY_NAME, key_statement, literal, policy, statement, use_key
from preflight.iam.aws.document import Kind
from preflight.iam.aws.principals import Kind as Caller
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import may_encrypt, may_write
from preflight.iam.aws.shape import Operation
from preflight.iam.decision import Answer, Decision, Part, Reason, Role
from preflight.model import Cause, Permission, Put, PutParts, S3Storage, Setting, Store
from preflight.providers.s3.paper_store import DECRYPT, GENERATE, PaperStore

Json = dict[str, Any]

STEPS = 24  # one for each statement that speaks against the write, and one for each grant


class UnmendableError(Exception):
    """No change that we know how to make helps; its text says what stands in the way. `open`: it is not even known."""

    def __init__(self, why: str, *, is_open: bool = False) -> None:
        super().__init__(why)
        self.open = is_open


def mend(storage: S3Storage, current: Store) -> Mended:
    """What to change, or why no change helps."""
    draft = Draft(storage, current)
    try:
        _readable(draft)
        return _Mending(draft).mended()
    except UnmendableError as why:
        return Mended(open=why.open, why=str(why))
    except UncarvableError as why:
        return Mended(why=str(why))


def _readable(draft: Draft) -> None:
    """Nothing is built on a document that AWS would refuse, or on a writer that is not known."""
    paper = draft.before
    if paper.caller is None:
        raise UnmendableError("who the access key belongs to is not known; add --document caller=PATH", is_open=True)
    for document in paper.documents:
        if not document.valid:
            raise UnmendableError(f"the {document.label} cannot be stored like this: {document.findings[0]}")


class _Mending:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.storage = draft.storage
        self.reviewed: set[Setting] = set()
        self.left_alone = dict(others(draft.before))

    def mended(self) -> Mended:
        for _ in range(STEPS):
            if not self.step():
                break
        else:
            raise UnmendableError("too many statements speak against the write")
        paper = self.draft.paper
        for ask in (Put(self.key), PutParts(self.key)):
            reply = paper.ask(ask)
            if not reply.ok:
                raise UnmendableError(str(reply.message), is_open=reply.facts["answer"] == Answer.UNKNOWN)
        disturbed = unmended(self.left_alone, dict(others(paper)))
        if disturbed:
            raise UnmendableError(f"every change would also change another decision: {disturbed}")
        return Mended(holds=True, changes=tuple(self.changes()))

    @property
    def key(self) -> str:
        return f"{self.storage.path}x"

    def step(self) -> bool:
        """Make one change for the first decision that is not yet as wanted; false if there is none."""
        paper = self.draft.paper
        assert paper.caller  # noqa: S101 - looked at before anything was changed
        decisions = may_write(paper.caller, paper.bucket, self.storage.path, paper.layers, operations=tuple(_CREATING))
        for decision in decisions.values():
            if decision.answer is not Answer.ALLOWED:
                self.write(paper, decision)
                return True
        return self.encrypt(paper)

    def write(self, paper: PaperStore, decision: Decision) -> None:
        """Narrow what denies, or else add what lacks."""
        for reason in decision.reasons:
            if reason.role is Role.DENY or (reason.role is Role.OPEN and self.denies(reason)):
                return self.narrow(paper, reason)
        if decision.denied is None and not any(reason.role is Role.OPEN for reason in decision.reasons):
            needs = "; ".join(need.says for need in decision.needs)
            raise UnmendableError(needs or "the documents do not decide", is_open=True)
        return self.grant(paper, next((one for one in decision.reasons if one.role is not Role.GRANT), None))

    def denies(self, reason: Reason) -> bool:
        found = self.statement(reason)
        return found is not None and found[2]["Effect"] == "Deny"

    def statement(self, reason: Reason) -> tuple[Setting, str, Json] | None:
        """The statement of a reason, if it stands in a document that can be changed."""
        setting = self.setting(reason)
        document = self.draft.value(setting, filed=True) if setting else None
        for pointer, one in statements_of(document or {}):
            if setting and (reason.pointer == pointer or reason.pointer.startswith(f"{pointer}/")):
                return setting, pointer, one
        return None

    def setting(self, reason: Reason) -> Setting | None:
        if reason.document == Kind.RESOURCE:
            return Setting.POLICY
        if reason.document == Kind.KEY:
            return Setting.KEY_POLICY
        return Setting.IDENTITY if self.holding and reason.document.startswith(str(Kind.IDENTITY)) else None

    @property
    def holding(self) -> Holding | None:
        """The one policy of the writer's own that can be changed, for it stands in a file."""
        held = self.draft.read(Setting.IDENTITY)
        return Holding.of(held.facts) if held.ok else None

    def narrow(self, paper: PaperStore, reason: Reason) -> None:
        found = self.statement(reason)
        if found is None or found[0] is Setting.KEY_POLICY:
            raise UnmendableError(reason.says)
        setting, pointer, one = found
        assert paper.caller  # noqa: S101 - likewise
        alone = setting is Setting.IDENTITY and self.holding is not None and self.holding.alone(paper.caller)
        if not alone:
            self.identified(paper.caller)
        where = (paper.bucket, self.storage.path, literal(paper.resource))
        if setting is Setting.POLICY:
            instead = spare(one, paper.caller, *where)
        else:
            instead = carve_own(one, *where) if alone else spare_own(one, paper.caller, *where)
        disturbed = Narrowing(
            kind=Kind.RESOURCE if setting is Setting.POLICY else Kind.IDENTITY,
            version=str((self.draft.value(setting, filed=True) or {}).get("Version", "2008-10-17")),
            one=one,
            instead=instead,
            caller=paper.caller,
            bucket=paper.bucket,
            path=self.storage.path,
            alone=alone,
        ).disturbed()
        if disturbed:
            raise UnmendableError(f"{reason.says}; to narrow it would also change whether it denies {disturbed}")
        self.replace(setting, pointer, instead)
        self.reviewed.add(setting)

    def identified(self, caller: Principal) -> None:
        """A Deny is lifted for a user, never for all of the customer's account because no more is known."""
        if caller.kind is Caller.ACCOUNT and not self.storage.keyless:
            why = f"which user of account {caller.account} the key belongs to is not known; add --document caller=PATH"
            raise UnmendableError(why, is_open=True)

    def grant(self, paper: PaperStore, reason: Reason | None) -> None:
        """Correct the nearest statement if it is for this writer and this action alone, else add one."""
        if self.storage.keyless and not paper.read(Setting.POLICY).ok:
            raise UnmendableError("the bucket policy was not read", is_open=True)
        target = Setting.POLICY if self.storage.keyless else Setting.IDENTITY
        near = self.statement(reason) if reason and reason.role is Role.LACK and reason.part is Part.RESOURCE else None
        wanted = literal(paper.resource)
        shared = target is Setting.IDENTITY and self.holding is not None and self.holding.shared
        if near and near[0] is target and not shared and _alone(near[2], paper):
            self.replace(target, near[1], [{**near[2], "Resource": _corrected(near[2]["Resource"], paper, wanted)}])
            return
        principal = stream.PRINCIPAL if self.storage.keyless else ""
        self.add(target, statement([Permission(ACTION, paper.resource)], principal))

    def encrypt(self, paper: PaperStore) -> bool:
        """The same for the key that the bucket encrypts with; false if there is nothing left to do."""
        if not paper.encrypts_by_key or not paper.read(Setting.KEY_POLICY).ok:
            return False
        arn = str(paper.read(Setting.KEY_POLICY).facts.get("key") or paper.encryption.facts.get("key") or "")
        assert paper.caller  # noqa: S101 - likewise
        for action in (GENERATE, DECRYPT):
            for testimony in paper.encrypting(paper.caller, action):
                if testimony.answer is Answer.ALLOWED:
                    continue
                decision = may_encrypt(paper.caller, action, arn, paper.bucket, paper.key_layers(arn))
                denies = next((one for one in decision.reasons if one.role in {Role.DENY, Role.OPEN}), None)
                if (
                    denies
                    or testimony.candidates[0].cause is Cause.ENCRYPTION_KEY_UNUSABLE
                    or not arn.startswith("arn:")
                ):
                    raise UnmendableError(testimony.message, is_open=decision.denied is None)
                self.let_in(paper, arn)
                return True
        return False

    def let_in(self, paper: PaperStore, arn: str) -> None:
        assert paper.caller  # noqa: S101 - likewise
        if self.storage.keyless:
            self.add(Setting.KEY_POLICY, key_statement(self.storage, stream.PRINCIPAL, arn))
        elif not any(
            one.get("Resource") == arn and one.get("Action") == KEY_ACTIONS
            for _, one in statements_of(self.draft.changed.get(Setting.IDENTITY, {}))
        ):
            self.add(Setting.IDENTITY, use_key(arn))
        else:
            self.add(Setting.KEY_POLICY, key_statement(self.storage, paper.caller.arn, arn))

    def add(self, setting: Setting, one: Json) -> None:
        """One more statement: in a policy that several share for the writer only, or else in one more policy."""
        if setting is Setting.IDENTITY and self.holding:
            if setting not in self.draft.changed:
                self.draft.filed = not self.holding.shared
            elif self.draft.filed and self.holding.shared:
                assert self.draft.paper.caller  # noqa: S101 - likewise
                one = only_for(one, self.draft.paper.caller)
        document = self.draft.value(setting, filed=self.draft.filed)
        if document is None:
            document = policy([], stream.POLICY_ID if setting is Setting.POLICY else "")
        escaped = "${" in str(one.get("Resource"))
        if escaped and document.get("Version") != "2012-10-17":
            raise UnmendableError("the path holds wildcards, which only a policy of Version 2012-10-17 can escape")
        known = [held for _, held in statements_of(document)]
        self.draft.changed[setting] = {**document, "Statement": [*known, *_renamed([one], known)]}

    def replace(self, setting: Setting, pointer: str, instead: list[Json]) -> None:
        if setting is Setting.IDENTITY:
            if setting in self.draft.changed and not self.draft.filed:
                raise UnmendableError("a policy that others share denies, beside one that lacks: narrow the Deny first")
            self.draft.filed = True
        document = self.draft.value(setting, filed=True)
        assert document  # noqa: S101 - the statement was found in it
        listed = [(where, one) for where, one in statements_of(document)]
        own = _renamed(instead, [one for where, one in listed if where != pointer])
        kept = [new for where, one in listed for new in (own if where == pointer else [one])]
        self.draft.changed[setting] = {**document, "Statement": kept}

    def changes(self) -> Iterator[Change]:
        for setting, after in self.draft.changed.items():
            before = Draft(self.storage, self.draft.current).value(setting, filed=self.draft.filed)
            review = setting in self.reviewed
            if setting is Setting.IDENTITY:
                yield self.own(before, after, review=review)
                continue
            title, command = self.told(setting, after)
            yield Change(title=title, before=before, after=after, commands=(command,), review=review)

    def told(self, setting: Setting, after: Json) -> tuple[str, str]:
        if setting is Setting.POLICY:
            return f"bucket policy of {self.storage.bucket}", put_bucket_policy(self.storage, after)
        key = str(
            self.draft.paper.read(Setting.KEY_POLICY).facts.get("key") or self.draft.paper.encryption.facts.get("key")
        )
        return f"policy of the key {key}", put_key_policy(key, after)

    def own(self, before: Json | None, after: Json, *, review: bool) -> Change:
        """A policy of the writer's own: the one of the file, or one more, which is written within the writer."""
        caller = self.draft.paper.caller
        assert caller  # noqa: S101 - likewise
        kind, name = ("role", caller.role) if caller.role else ("user", _user(caller))
        holding = Holding(kind=kind, holder=name, name=POLICY_NAME)
        if self.draft.filed and self.holding:
            holding = self.holding
        return Change(
            title=holding.title,
            before=before,
            after=after,
            commands=holding.commands(after),
            notes=holding.notes(_user(caller)),
            review=review,
        )


def _renamed(statements: list[Json], beside: list[Json]) -> list[Json]:
    """The statements, numbered where another one has the name: AWS stores no policy with a Sid twice."""
    taken = {one.get("Sid") for one in beside}
    found = []
    for one in statements:
        sid = one.get("Sid")
        names = itertools.chain([sid], (f"{sid}{n}" for n in itertools.count(2)))
        free = next(name for name in names if name not in taken or not sid)
        taken.add(free)
        found.append({**one, "Sid": free} if sid else one)
    return found


def _user(caller: Principal) -> str:
    return caller.arn.rpartition("/")[2] if caller.kind is Caller.USER else "<USER>"


_CREATING = (Operation.PUT, Operation.CREATE, Operation.PART, Operation.COMPLETE)


def _alone(one: Json, paper: PaperStore) -> bool:
    """Whether a statement grants nothing but the write, to nobody but the writer, on no condition."""
    actions = one.get("Action")
    listed = actions if isinstance(actions, list) else [actions]
    if one.get("Condition") or "Resource" not in one or {str(text).lower() for text in listed} != {ACTION.lower()}:
        return False
    if not paper.storage.keyless:
        return True
    who = one.get("Principal")
    named = who.get("AWS") if isinstance(who, dict) and set(who) == {"AWS"} else None
    return set(named if isinstance(named, list) else [named]) <= {stream.PRINCIPAL, stream.ACCOUNT}


def _corrected(value: Any, paper: PaperStore, wanted: str) -> list[str] | str:  # noqa: ANN401 - any JSON value
    """The resources with the one put right that was meant for this: the bare bucket, or one of another partition."""
    listed = [str(text) for text in (value if isinstance(value, list) else [value])]
    meant = next((text for text in listed if _meant(text, paper)), None)
    corrected = [wanted if text == meant else text for text in listed] if meant else [*listed, wanted]
    return corrected if isinstance(value, list) or len(corrected) > 1 else corrected[0]


def _meant(text: str, paper: PaperStore) -> bool:
    bucket = paper.bucket
    partition, _, tail = text.partition(":s3:::")
    if not tail or tail.partition("/")[0] != bucket.name:
        return False
    elsewhere = partition != bucket.arn.partition(":s3:::")[0]
    return tail == bucket.name or elsewhere or tail == f"{bucket.name}/{paper.storage.path}"
