"""How near an Allow statement came to granting a request, and in one sentence each what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from preflight.iam.aws.conditions import Clause
from preflight.iam.aws.matching import Match, Request, covers, names_action
from preflight.iam.aws.principals import Form, Named, Principal
from preflight.iam.aws.values import Absent, Context, OneOf, Unknown
from preflight.iam.decision import Part

Lack = tuple[Part, str, Clause | None]


def nearness(match: Match) -> tuple[int, int]:
    """Higher is nearer: who it is for weighs most, then the action, the resource, the condition."""
    weights = (
        (8, match.standing.reached),
        (4, match.action),
        (2, match.resource.truth),
        (1, match.condition),
    )
    whole = sum(weight for weight, truth in weights if truth)
    return sum(truth is not False for _, truth in weights), whole


def lacks(match: Match, request: Request) -> Iterator[Lack]:
    """The elements of a statement that do not hold for a request of one resource."""
    if match.standing.reached is False:
        yield Part.PRINCIPAL, _principal(match, request.principal), None
    if match.action is False:
        yield Part.ACTION, _action(match, request.action), None
    if match.resource.truth is False:
        yield Part.RESOURCE, _resource(match, request), None
    for clause, truth in zip(match.statement.clauses, match.clauses, strict=True):
        if truth is False:
            yield Part.CONDITION, unmet(clause, request.context), clause


def unmet(clause: Clause, context: Context) -> str:
    """A condition beside what the request carries."""
    return f"the condition {clause} is not met: {carries(clause, context)}"


def carries(clause: Clause, context: Context) -> str:
    """What the request holds for the key of a clause."""
    match context.look(clause.key):
        case str(text):
            return f"{clause.name} is `{text}`"
        case Absent() | ():
            return f"the request does not carry {clause.name}"
        case tuple(texts):
            return f"{clause.name} is {', '.join(f'`{text}`' for text in texts)}"
        case OneOf(choices=choices):
            return f"{clause.name} is one of {', '.join(f'`{choice}`' for choice in choices)}"
        case Unknown() if clause.families:
            fits = "every address fits" if len(clause.families) > 1 else f"every IPv{min(clause.families)} address fits"
            return f"{fits}, and a request through a VPC endpoint carries none"
        case Unknown():
            return f"{clause.name} is not known"


def _principal(match: Match, caller: Principal) -> str:
    names = match.statement.names
    entries = names.entries if names else ()
    if names and names.excluded:
        return f"its NotPrincipal excludes {caller.arn}"
    if not entries:
        return "its Principal names nobody"
    return "; ".join(dict.fromkeys(_entry(entry, caller) for entry in entries[:3]))


def _entry(entry: Named, caller: Principal) -> str:
    shown = f"Principal `{entry.text}`"
    if entry.form is Form.UNIQUE_ID:
        return f"{shown} is the id of a deleted user or role: AWS shows an ARN while it exists"
    if entry.form is Form.SERVICE:
        return f"{shown} is a service, not {caller.arn}"
    if entry.partition and entry.partition != caller.partition:
        return f"{shown} is in partition {entry.partition}, {caller.arn} in {caller.partition}"
    if entry.account and caller.account and entry.account != caller.account:
        near = " (a typing mistake?)" if _typo(entry.account, caller.account) else ""
        return f"{shown} is account {entry.account}{near}, not {caller.account}"
    return f"{shown} is not {caller.arn}"


def _typo(one: str, two: str) -> bool:
    """Whether two account ids differ in at most two digits, or hold the same digits in another order."""
    differing = sum(a != b for a, b in zip(one, two, strict=False)) + abs(len(one) - len(two))
    return differing <= 2 or sorted(one) == sorted(two) or (abs(len(one) - len(two)) == 1 and one[:4] == two[:4])


def _action(match: Match, action: str) -> str:
    texts = [pattern.text for pattern in match.statement.actions]
    if match.statement.not_action:
        hit = next(p.text for p in match.statement.actions if names_action(p, action.lower()))
        return f"NotAction `{hit}` excludes {action}"
    close = get_close_matches(action.lower(), [text.lower() for text in texts], n=1, cutoff=0.85)
    if close:
        written = next(text for text in texts if text.lower() == close[0])
        return f"Action `{written}` is not {action}"
    shown = ", ".join(f"`{text}`" for text in texts[:4]) or "an empty list"
    return f"Action {shown}{' and more' if len(texts) > 4 else ''} does not include {action}"


def _resource(match: Match, request: Request) -> str:
    asked = request.resource.exact or str(request.resource)
    patterns = match.statement.resources
    if match.statement.not_resource:
        hit = next((p.text for p in patterns if covers(p, request.resource, request.context).may is not False), "")
        return f"NotResource `{hit}` excludes `{asked}`"
    if not patterns:
        return "Resource is an empty list"
    return min((_pattern(pattern.text, asked, request.action) for pattern in patterns), key=lambda told: told[0])[1]


def _pattern(text: str, asked: str, action: str) -> tuple[int, str]:
    """What is wrong with one resource pattern, and how far off it is."""
    shown = f"Resource `{text}`"
    head, _, ours = asked.partition(":::")
    partition = asked.split(":")[1]
    bucket, slash, key = ours.partition("/")
    theirs = text.partition(":::")[2]
    if slash and theirs == bucket:
        return 0, f"{shown} is the bucket, {action} needs `{text}/*`"
    if not slash and theirs.startswith(f"{bucket}/"):
        return 0, f"{shown} is objects, {action} needs the bucket: `{head}:::{bucket}`"
    if text.startswith("arn:") and (other := text.split(":")[1]) != partition and theirs.startswith(bucket):
        return 1, f"{shown} is in partition {other}, the bucket in {partition}"
    if theirs.startswith(f"{bucket}//"):
        return 1, f"{shown} has two slashes: it begins inside a folder without a name, unlike `{asked}`"
    if text.endswith("/") and asked.startswith(text):
        return 0, f"{shown} is one object with an empty name, {action} needs `{text}*`"
    if slash and theirs.partition("/")[0] == bucket:
        lower = theirs.lower().rstrip("*")
        case = " (keys mind case)" if lower and ours.lower().startswith(lower) else ""
        alone = " is this one name only and" if not set(text) & set("*?") else ""
        return 2, f"{shown}{alone} does not reach `{key}`{case}"
    return 3, f"{shown} is not in bucket `{bucket}`" if slash and theirs else f"{shown} does not reach `{asked}`"
