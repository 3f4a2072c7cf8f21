"""What an IAM user holds: own, attached and group policies, and the boundary, read one by one and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PAGES = 20  # of a hundred names each; nobody may hold more


@dataclass(frozen=True, slots=True)
class Holdings:
    """The reading of one user. Each call may be refused: then nothing is known, for a part could be what denies."""

    client: Any
    principal: str

    def read(self) -> dict[str, Any]:
        """The facts of `Setting.IDENTITY`. Raises what the SDK raises."""
        name = self.principal.rpartition("/")[2]
        user = self.client.get_user(UserName=name)["User"]
        boundary = user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        held = [*self._user(name), *self._groups(name)]
        return {
            "principal": self.principal,
            "account": self.principal.split(":")[4],
            "names": [label for label, _ in held],
            "documents": [document for _, document in held],
            "boundary": self._managed(boundary) if boundary else None,
        }

    def _user(self, name: str) -> Iterator[tuple[str, Any]]:
        for policy in self._all("list_user_policies", "PolicyNames", UserName=name):
            yield policy, self.client.get_user_policy(UserName=name, PolicyName=policy)["PolicyDocument"]
        for policy in self._all("list_attached_user_policies", "AttachedPolicies", UserName=name):
            yield policy["PolicyArn"], self._managed(policy["PolicyArn"])

    def _groups(self, user: str) -> Iterator[tuple[str, Any]]:
        for group in self._all("list_groups_for_user", "Groups", UserName=user):
            name = group["GroupName"]
            for policy in self._all("list_group_policies", "PolicyNames", GroupName=name):
                document = self.client.get_group_policy(GroupName=name, PolicyName=policy)["PolicyDocument"]
                yield f"{policy} of group {name}", document
            for policy in self._all("list_attached_group_policies", "AttachedPolicies", GroupName=name):
                yield f"{policy['PolicyArn']} of group {name}", self._managed(policy["PolicyArn"])

    def _managed(self, arn: str) -> Any:  # noqa: ANN401 - any JSON value
        version = self.client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        return self.client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]

    def _all(self, operation: str, member: str, **parameters: str) -> Iterator[Any]:
        for _ in range(PAGES):
            said = getattr(self.client, operation)(**parameters)
            yield from said.get(member, ())
            if not said.get("IsTruncated"):
                return
            parameters["Marker"] = said["Marker"]
        raise ValueError(f"{operation} does not end")


def none_held(principal: str) -> dict[str, Any]:
    """The facts of an account's root, which no policy of its own limits."""
    return {"principal": principal, "account": principal.split(":")[4], "names": [], "documents": [], "boundary": None}
