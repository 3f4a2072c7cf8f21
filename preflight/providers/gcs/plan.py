"""What a Terraform plan gives a bucket: its bindings, and what of them another resource of the plan takes away again.

Source: Terraform's Google provider, "IAM policy for Cloud Storage Bucket": `iam_policy` is the whole policy,
`iam_binding` all members of a role, `iam_member` one more member; the first two remove what they do not list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preflight.documents import Part, UnrecognisedError
from preflight.documents.terraform import blocks, resources
from preflight.model import Setting

_MEMBER, _BINDING, _POLICY = (f"google_storage_bucket_iam_{kind}" for kind in ("member", "binding", "policy"))
_BUCKET = "google_storage_bucket"


@dataclass(frozen=True, slots=True)
class _Resource:
    """One resource that grants, and the bindings that it is known to make."""

    kind: str
    bindings: Sequence[Any]

    def removes(self, other: object) -> bool:
        """Whether it takes away what another resource binds so, as far as it does not list that itself."""
        same = any(_identity(one) == _identity(other) for one in self.bindings)
        return self.kind == _POLICY or (self.kind == _BINDING and same)


def parts(plan: Mapping[str, Any]) -> Iterator[Part]:
    """The bindings of each bucket, and its access. What is known only after apply is left out: unread is not empty.

    Raises `UnrecognisedError` for a plan that grants nothing on a bucket.
    """
    told = resources(plan)
    granting = [(_named(values), _Resource(kind, _bound(kind, values))) for kind, values in told if _grants(kind)]
    buckets = {name: [one for of, one in granting if of == name] for name, _ in granting}
    if not any(one.bindings for _, one in granting):
        raise UnrecognisedError("the plan grants nothing on a bucket; expected google_storage_bucket_iam_*")
    for name, found in buckets.items():
        bindings = [(binding, _doubt(binding, one, found)) for one in found for binding in one.bindings]
        document = {"version": 3, "bindings": [binding for binding, _ in bindings]}
        yield Part(
            setting=Setting.POLICY,
            what="the bindings of the bucket in a Terraform plan",
            said={"document": document, "doubts": [doubt for _, doubt in bindings]},
            bucket=name,
        )
    for kind, values in told:
        uniform, bucket = values.get("uniform_bucket_level_access"), values.get("name")
        if kind == _BUCKET and bucket and isinstance(uniform, bool):
            what = "the access of the bucket in a Terraform plan"
            yield Part(setting=Setting.OWNERSHIP, what=what, said={"uniform": uniform}, bucket=str(bucket))


def _grants(kind: str) -> bool:
    return kind in {_MEMBER, _BINDING, _POLICY}


def _named(values: Mapping[str, Any]) -> str:
    return str(values.get("bucket") or "").removeprefix("b/")


def _doubt(binding: object, own: _Resource, found: Sequence[_Resource]) -> str:
    """Why it is open whether a binding stays, or nothing."""
    kinds = [one.kind for one in found if one is not own and one.removes(binding)]
    return f"the plan has a {kinds[0]} beside it, which removes what it does not list itself" if kinds else ""


def _identity(binding: object) -> tuple[Any, ...]:
    """By what Terraform tells bindings apart: the role and the condition. A malformed policy may hold any value."""
    if not isinstance(binding, Mapping):
        return (binding,)
    condition = binding.get("condition")
    told = condition if isinstance(condition, Mapping) else {}
    return binding.get("role"), told.get("title"), told.get("expression")


def _bound(kind: str, values: Mapping[str, Any]) -> list[Any]:
    if kind == _POLICY:
        return _parsed(values["policy_data"]) if isinstance(values.get("policy_data"), str) else []
    members = values.get("members") or [values.get("member")]
    conditions = blocks(values, "condition")
    bound = {"role": values.get("role"), "members": [one for one in members if one is not None]}
    return [{**bound, "condition": conditions[0]} if conditions else bound]


def _parsed(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UnrecognisedError("policy_data in the plan is not JSON") from None
    bindings = found.get("bindings") if isinstance(found, dict) else None
    return bindings if isinstance(bindings, list) else []
