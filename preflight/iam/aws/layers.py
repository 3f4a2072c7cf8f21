"""The documents that decide together, each read, unread, or taken to allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from preflight.iam.aws.document import Document, Kind


class Without(Enum):
    """A layer of which no document is at hand.

    UNREAD: there may be one, and what it says is unknown. ASSUMED: it is taken to allow, and the decision says
    so. A layer that was read and is not there is None.
    """

    UNREAD = "unread"
    ASSUMED = "assumed"


UNREAD = Without.UNREAD
ASSUMED = Without.ASSUMED

Layer = Document | tuple[Document, ...] | Without | None
Levels = tuple[tuple[Document, ...], ...] | Without | None  # organization root, units, account: each must allow


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """All that takes part in a decision. A layer that was not read is unknown, not empty.

    `resource` is the bucket policy (or the key policy, for `kms:` actions). `owner` is the account of the
    resource, None if it is not known. `restricted` is RestrictPublicBuckets of bucket or account.
    """

    resource: Layer = UNREAD
    identity: Layer = UNREAD
    boundary: Layer = UNREAD
    session: Layer = UNREAD
    endpoint: Layer = UNREAD
    scps: Levels = UNREAD
    rcps: Levels = UNREAD
    owner: str | None = None
    restricted: bool | Without = UNREAD


def documents(layer: Layer | Levels) -> tuple[Document, ...]:
    """The documents of a layer, of all its levels."""
    match layer:
        case None | Without():
            return ()
        case Document():
            return (layer,)
        case tuple():
            return tuple(_flat(layer))


def _flat(layer: Iterable[Document | tuple[Document, ...]]) -> Iterable[Document]:
    for item in layer:
        yield from (item,) if isinstance(item, Document) else item


NAMES = {
    "resource": Kind.RESOURCE.value,
    "identity": "the identity policies of the caller",
    "boundary": "the permissions boundary of the caller",
    "session": "the session policy of the caller",
    "endpoint": "the policy of the VPC endpoint",
    "scps": "the service control policies of the caller's organization",
    "rcps": "the resource control policies of the bucket's organization",
    "restricted": "the public access block of the bucket and its account",
}
