"""What the users of a Terraform plan hold: policies of their own, attached ones, those of their groups, a boundary.

What a plan names and does not tell is a part of its own, so that nobody takes it for absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from preflight.documents import Part, UnrecognisedError
from preflight.documents.terraform import Told, Values
from preflight.model import Setting

Managed = Mapping[str, Values]  # the customer's own managed policies, by ARN

_LATER = "a policy that is known only after apply"
_HELD = frozenset({"document", "unread"})


def of_users(told: Told) -> Iterator[Part]:
    """What is told of each user: `said` has `user` and one thing more that they hold, or who they are."""
    managed = {str(values["arn"]): values for kind, values in told if kind == "aws_iam_policy" and values.get("arn")}
    for kind, values in told:
        user = values.get("user")
        match kind:
            case "aws_iam_user_policy":
                yield _held(user, values.get("name"), values.get("policy"))
            case "aws_iam_user_policy_attachment":
                yield _attached(user, values, managed)
            case "aws_iam_policy_attachment":
                yield from (_attached(one, values, managed) for one in _texts(values, "users"))
            case "aws_iam_user":
                yield _who(values, managed)
            case "aws_iam_user_group_membership":
                yield from (
                    part for group in _texts(values, "groups") for part in _by_group(user, group, told, managed)
                )
            case "aws_iam_group_membership":
                group = values.get("group")
                yield from (part for one in _texts(values, "users") for part in _by_group(one, group, told, managed))
            case _:
                pass


def of_writer(parts: Sequence[Part]) -> list[Part]:
    """Without the users of a plan that hold nothing, as far as others do. Raises `UnrecognisedError` for several.

    Who the writer is may also be told by a file of its own.
    """
    planned = [part.said for part in parts if "user" in part.said]
    others = [part.said for part in parts if "user" not in part.said]
    holders = {str(said["user"]) for said in planned if _HELD & said.keys()}
    named = {str(said["principal"]).rpartition("/")[2] for said in others if "principal" in said}
    users = holders | named or {str(said["user"]) for said in planned}
    if len(holders | named) > 1:
        told = f"the plan and the other documents are about several users ({', '.join(sorted(users))})"
        raise UnrecognisedError(f"{told}; expected the writer's policies alone: identity=PATH, without the plan")
    return [part for part in parts if "user" not in part.said or users == {str(part.said["user"])}]


def _part(user: object, **said: object) -> Part:
    return Part(setting=Setting.IDENTITY, what="a user in a Terraform plan", said={"user": str(user), **said})


def _held(user: object, name: object, policy: object) -> Part:
    if isinstance(policy, str):
        return _part(user, document=policy, name=str(name or ""))
    return _part(user, unread=f"{name or _LATER} of {user}")


def _attached(user: object, values: Values, managed: Managed, whose: str = "") -> Part:
    """A managed policy, which the plan holds whole only where it makes it."""
    arn = str(values.get("policy_arn") or "")
    made = managed.get(arn, {})
    return _held(user, f"{made.get('name') or arn or _LATER}{whose}", made.get("policy"))


def _who(values: Values, managed: Managed) -> Part:
    """The user, and what bounds them."""
    said: dict[str, object] = {}
    if ":user/" in (arn := str(values.get("arn") or "")):
        said |= {"principal": arn, "account": arn.split(":")[4]}
    boundary = values.get("permissions_boundary", _LATER)
    policy = managed.get(str(boundary), {}).get("policy")
    if boundary and not isinstance(policy, str):
        return _part(values.get("name"), **said, boundary_unread=f"permissions boundary {boundary}")
    return _part(values.get("name"), **said, boundary=policy)


def _by_group(user: object, group: object, told: Told, managed: Managed) -> Iterator[Part]:
    """What a user holds through a group; of a group that the plan does not make, others may know more."""
    whose = f" of group {group}"
    if ("aws_iam_group", group) not in {(kind, values.get("name")) for kind, values in told}:
        yield _part(user, unread=f"policies{whose}")
    for kind, values in told:
        mine = values.get("group") == group
        if kind == "aws_iam_group_policy" and mine:
            yield _held(user, f"{values.get('name') or ''}{whose}", values.get("policy"))
        elif (kind == "aws_iam_group_policy_attachment" and mine) or (
            kind == "aws_iam_policy_attachment" and group in _texts(values, "groups")
        ):
            yield _attached(user, values, managed, whose)


def _texts(values: Values, name: str) -> list[str]:
    found = values.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
