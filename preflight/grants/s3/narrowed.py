"""Proof that the statements in place of a Deny deny all that it denied, but for the grant: nobody else is let in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from preflight.iam.aws.document import Document, Kind, read
from preflight.iam.aws.matching import Request, matches, refused
from preflight.iam.aws.principals import Kind as Caller
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import Bucket
from preflight.iam.aws.values import Context
from preflight.iam.globs import Glob, Wild
from preflight.iam.languages import In, Language, TooHard, both, either, other, shortest
from preflight.iam.regions import Region

Json = dict[str, Any]

ACTION = "s3:PutObject"
_OTHERS = ("s3:GetObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload", "s3:ListBucket")
_STRANGERS = ("s3:CreateBucket", "kms:Decrypt", "sqs:SendMessage")  # which no bucket policy is asked for
_ID = "AIDAPREFLIGHTSOMEBODY"  # of nobody whom a policy names


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """A statement and what stands in its place, for the grant of one writer under one path.

    `version` is that of its document; `alone`: nobody but the writer holds the document.
    """

    kind: Kind
    version: str
    one: Json
    instead: Sequence[Json]
    caller: Principal
    bucket: Bucket
    path: str
    alone: bool = False

    def disturbed(self) -> str:
        """Who and what would not be denied as before, or cannot be shown to be; nothing if all is well.

        Conditions that the statements share are left aside: for any request they hold for all or for none. So what
        is not known of a request, such as its address, cannot hide that a statement was lifted.
        """
        before, after = self._read([self.one]), self._read(self.instead)
        if not before.valid or not after.valid:
            return "its statements cannot be read"
        for who, (action, asked) in itertools.product(self._people(), tuple(self._asked())):
            request = Request(who, action, asked, Context({}).over(who.keys()))
            changed = _between(refused(matches([before], request)), refused(matches([after], request)))
            if not _empty(both(In(asked), changed, other(self._granted(who, action)))):
                return f"{who.arn} {action} on {asked}"
        return ""

    def _read(self, statements: Sequence[Json]) -> Document:
        shared = self.one.get("Condition", {})
        own = [{**one, "Condition": _beside(one.get("Condition", {}), shared)} for one in statements]
        return read({"Version": self.version, "Statement": own}, self.kind)

    def _granted(self, who: Principal, action: str) -> Language:
        """What the writer is to be let do; of a writer that is an account, whoever it is in there."""
        whole = self.caller.kind is Caller.ACCOUNT and who.account == self.caller.account
        writes = action == ACTION and (whole or who == self.caller)
        return In(Glob((f"{self.bucket.arn}/{self.path}", Wild.MANY))) if writes else False

    def _people(self) -> Iterator[Principal]:
        """The writer, and unless nobody else is concerned: strangers, their like in any account, whoever is named."""
        yield self.caller
        if self.alone:
            return
        yield Principal.of("*")
        listed = _texts(self.one.get("Principal"))
        accounts = {name for name in listed if len(name) == 12 and name.isdecimal()}
        for account in sorted({self.caller.account, "111122223333", "999988887777", *accounts}):
            head = f"arn:{self.caller.partition}:iam::{account}"
            for name in ("user/somebody-else", "role/some-role", "root"):
                yield _somebody(f"{head}:{name}", _ID)
        for name in listed:
            yield from _named(name, self.caller)

    def _asked(self) -> Iterator[tuple[str, Glob]]:
        """Actions with all that they could be for: within the bucket, or for a policy of an identity anywhere."""
        written = (Glob.parse(text).example for text in _texts(self.one.get("Action", self.one.get("NotAction"))))
        named = [text for text in written if all(text.partition(":"))]
        if self.kind is Kind.RESOURCE:
            yield ACTION, Glob((f"{self.bucket.arn}/", Wild.MANY))
            for action in (*_OTHERS, *named):
                if action.lower() != ACTION.lower():
                    yield action, Glob.literal(self.bucket.arn)
                    yield action, Glob((f"{self.bucket.arn}/", Wild.MANY))
            return
        head = f"arn:{self.bucket.partition}"
        yield ACTION, Glob((f"{head}:s3:::", Wild.MANY, "/", Wild.MANY))
        for action in (*_OTHERS, *_STRANGERS, *named):
            service = action.partition(":")[0].lower()
            yield action, Glob((f"{head}:{service}:eu-central-1:111122223333:", Wild.MANY))
            if service == "s3" and action.lower() != ACTION.lower():
                yield action, Glob((f"{head}:s3:::", Wild.MANY))


def _between(before: Region, after: Region) -> Language:
    """What is, or may be, in one of two sets only."""
    return either(both(before.may, other(after.sure)), both(after.may, other(before.sure)))


def _empty(language: Language) -> bool:
    try:
        return shortest(language) is None
    except TooHard:
        return False


def _beside(condition: Json, shared: Json) -> Json:
    """A condition without what another one holds too."""
    found: Json = {}
    for operator, keys in condition.items():
        for key, value in keys.items():
            held = _texts(shared.get(operator, {}).get(key))
            if rest := [text for text in _texts(value) if text not in held]:
                found.setdefault(operator, {})[key] = rest
    return found


def _somebody(arn: str, unique_id: str = _ID) -> Principal:
    return Principal.of(arn, unique_id=unique_id)


def _named(name: str, caller: Principal) -> Iterator[Principal]:
    """Whoever an entry of a Principal element names, unless it is an account or the writer."""
    if name.startswith("arn:") and name != caller.arn:
        yield _somebody(name)
    elif name.startswith(("AIDA", "AROA")):
        yield _somebody(f"arn:{caller.partition}:iam::111122223333:user/somebody-else", name)


def _texts(value: object) -> list[str]:
    """The texts in a value, in a list, or in the members of an object."""
    match value:
        case str(text):
            return [text]
        case list(values):
            return [text for text in values if isinstance(text, str)]
        case dict():
            return [text for values in value.values() for text in _texts(values)]
        case _:
            return []
