"""Narrowing a Deny by exactly one grant: the statements that deny all that it denied, but for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from preflight.iam.aws.principals import Kind, Principal
from preflight.iam.aws.s3 import Bucket
from preflight.iam.globs import Glob, Wild
from preflight.iam.languages import In, TooHard, both, other, shortest

Json = dict[str, Any]

ACTION = "s3:PutObject"


class UncarvableError(Exception):
    """A Deny that no set of statements can narrow by this grant alone; its text says which, and why."""


def spare(statement: Json, caller: Principal, bucket: Bucket, path: str, resource: str) -> list[Json]:
    """The statements of a resource policy in place of one: everybody else as before, the caller but for the grant."""
    if "NotPrincipal" in statement:
        raise UncarvableError(f"{_name(statement)} denies by NotPrincipal: write it with Principal and a condition")
    rest = carve({**statement, "Principal": {"AWS": caller.arn}}, bucket, path, resource)
    return rest if _for_nobody_else(statement, caller) else [_excepting(statement, caller), *rest]


def carve(statement: Json, bucket: Bucket, path: str, resource: str) -> list[Json]:
    """The statements of a bucket's policy that deny what one denies, but for writing under the path."""
    found = []
    if others := _other_actions(statement):
        found.append(_named(statement, "ButWriting", others))
    if elsewhere := _elsewhere(statement, bucket, path, resource):
        found.append(_named(statement, "WritingElsewhere", {"Action": ACTION, **elsewhere}))
    return found


def carve_own(statement: Json, bucket: Bucket, path: str, resource: str) -> list[Json]:
    """The same in a policy of an identity, which is about every service and bucket.

    Here resources are told apart before actions: what else is denied is then denied on objects under the path only,
    and those are S3's, so that all actions but one deny nothing in other services.
    """
    elsewhere, here = _apart(statement, bucket, path, resource)
    found = [_named(statement, "Elsewhere", elsewhere)] if elsewhere else []
    others = _other_actions(statement)
    if "Action" in others:
        others = {"Action": kept} if (kept := [text for text in others["Action"] if _of_s3(text)]) else {}
    return [*found, _named(statement, "ButWriting", {**others, "Resource": here})] if others else found


def spare_own(statement: Json, caller: Principal, bucket: Bucket, path: str, resource: str) -> list[Json]:
    """The same in a policy that others may hold too: they are told from the caller by a condition."""
    return [_excepting(statement, caller), *carve_own(only_for(statement, caller), bucket, path, resource)]


def only_for(statement: Json, caller: Principal) -> Json:
    """The statement with one more condition, which nobody but the caller meets."""
    condition = statement.get("Condition", {})
    for operator in ("ArnEquals", "ArnLike", "StringEquals"):
        block = condition.get(operator, {})
        if not any(name.lower() == "aws:principalarn" for name in block):
            return {**statement, "Condition": {**condition, operator: {**block, "aws:PrincipalArn": caller.arn}}}
    raise UncarvableError(f"{_name(statement)} says in every way already whom it is for")


def _apart(statement: Json, bucket: Bucket, path: str, resource: str) -> tuple[Json, list[str]]:
    """The resource element without what is under the path, or nothing if it was all; and what it has under the path."""
    ours, kept, here = _under(bucket, path), [], []
    excluded = "NotResource" in statement
    for text in _texts(statement["NotResource" if excluded else "Resource"]):
        if text == "*" and not excluded:
            return {"NotResource": resource}, [resource]
        if "${" in text:
            raise UncarvableError(f"{_name(statement)} denies `{text}`, which depends on who asks")
        if not excluded and _within(Glob.parse(text), ours):
            here.append(text)
        elif _meets(Glob.parse(text), ours):
            raise UncarvableError(
                f"{_name(statement)} is about `{text}`, and a policy of an identity cannot leave the path out of that "
                "without touching other buckets: name the prefixes that it is meant for, or deny in the bucket policy"
            )
        else:
            kept.append(text)
    if excluded:
        return {"NotResource": [*kept, resource]}, [resource]
    return {"Resource": kept} if kept else {}, here


def _of_s3(action: str) -> bool:
    return Glob.parse(action.partition(":")[0].lower()).matches("s3")


def _under(bucket: Bucket, path: str) -> Glob:
    """All objects under the path, as the grant names them."""
    return Glob((f"{bucket.arn}/{path}", Wild.MANY))


def _for_nobody_else(statement: Json, caller: Principal) -> bool:
    """Whether the Principal element names the caller only. An account's id, or its root, names all who are in it."""
    who = statement.get("Principal")
    if not isinstance(who, dict) or set(who) != {"AWS"} or caller.kind is Kind.ROOT:
        return False
    own = {caller.arn, caller.account} if caller.kind is Kind.ACCOUNT else {caller.arn}
    return set(_texts(who["AWS"])) <= own


def _excepting(statement: Json, caller: Principal) -> Json:
    """The statement with one more condition, which the caller does not meet."""
    operator, key, value = (
        ("StringNotEquals", "aws:PrincipalAccount", caller.account)
        if caller.kind is Kind.ACCOUNT
        else ("ArnNotEquals", "aws:PrincipalArn", caller.arn)
    )
    condition = {name: dict(keys) for name, keys in statement.get("Condition", {}).items()}
    block = condition.setdefault(operator, {})
    same = next((name for name in block if name.lower() == key.lower()), key)
    listed = [*_texts(block.get(same)), value]
    block[same] = listed if len(listed) > 1 else value
    return {**statement, "Condition": condition}


def _other_actions(statement: Json) -> Json:
    """The action element without the write, or nothing if it was all."""
    if "NotAction" in statement:
        return {"NotAction": [*_texts(statement["NotAction"]), ACTION]}
    kept = []
    for text in _texts(statement.get("Action")):
        if text.lower() in {"*", "s3:*"}:
            return {"NotAction": ACTION}
        if not Glob.parse(text.lower()).matches(ACTION.lower()):
            kept.append(text)
        elif set(text) & set("*?"):
            raise UncarvableError(f"{_name(statement)} denies `{text}`: list the actions that it is meant for")
    return {"Action": kept} if kept else {}


def _elsewhere(statement: Json, bucket: Bucket, path: str, resource: str) -> Json:
    """The resource element without what is under the path, or nothing if it was all."""
    if "NotResource" in statement:
        return {"NotResource": [*_texts(statement["NotResource"]), resource]}
    ours, kept = _under(bucket, path), []
    for text in _texts(statement.get("Resource")):
        if "${" in text:
            raise UncarvableError(f"{_name(statement)} denies `{text}`, which depends on who asks")
        theirs = Glob.parse(text)
        if Glob.parse(f"{bucket.arn}/*") == theirs or text in {"*", f"{bucket.arn}*"}:
            return {"NotResource": resource}
        if text == bucket.arn or _within(theirs, ours):
            continue
        if _meets(theirs, ours):
            raise UncarvableError(f"{_name(statement)} denies `{text}`, some of which is under the path and some not")
        kept.append(text)
    return {"Resource": kept} if kept else {}


def _within(one: Glob, two: Glob) -> bool:
    return _none(both(In(one), other(In(two))))


def _meets(one: Glob, two: Glob) -> bool:
    return not _none(both(In(one), In(two)))


def _none(language: Any) -> bool:  # noqa: ANN401 - a language, or what it came to
    try:
        return shortest(language) is None
    except TooHard:
        return False


def _named(statement: Json, suffix: str, elements: Json) -> Json:
    """A statement with other actions or resources, in the usual order of elements, under a name of its own."""
    sid = {"Sid": f"{statement['Sid']}{suffix}"} if statement.get("Sid") else {}
    who = {name: statement[name] for name in ("Principal",) if name in statement}
    kept = {name: statement[name] for name in _OPPOSITE if name in statement and _OPPOSITE[name] not in elements}
    both_of = {**kept, **elements}
    what = {name: both_of[name] for name in _OPPOSITE if name in both_of}
    condition = {"Condition": statement["Condition"]} if statement.get("Condition") else {}
    return {**sid, "Effect": "Deny", **who, **what, **condition}


_OPPOSITE = {"Action": "NotAction", "NotAction": "Action", "Resource": "NotResource", "NotResource": "Resource"}


def _texts(value: object) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def _name(statement: Json) -> str:
    return f"statement {statement['Sid']}" if statement.get("Sid") else "a statement without a Sid"


def statements_of(document: Json) -> Iterator[tuple[str, Json]]:
    """The statements of a policy with their pointers."""
    found = document.get("Statement")
    if isinstance(found, dict):
        yield "/Statement", found
    else:
        for index, one in enumerate(found or ()):
            yield f"/Statement/{index}", one
