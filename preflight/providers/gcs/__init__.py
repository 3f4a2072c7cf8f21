"""Google Cloud Storage: who writes, who looks, what each ask needs. Nothing of Google's is imported here."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from preflight.model import (
    Ask,
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
    Storage,
    Store,
    WhoAmI,
    Writer,
)
from preflight.providers import Reach
from preflight.providers.gcs.unopened import Unopened


def writer(storage: Storage, reach: Reach) -> Store | str:
    """The store as the service account of the configured key; the key is first opened by an ask."""
    if not _gcs(storage).credentials:
        return "nobody can write without gcs_credentials"
    return Unopened("WriterStore", _gcs(storage), reach)


def inspector(storage: Storage, reach: Reach) -> Store | str:
    """The store as the operator's application default credentials, which are first looked for by an ask."""
    if not reach.inspect:
        return "the operator's application default credentials were not asked for (--inspect)"
    return Unopened("InspectorStore", _gcs(storage), reach)


def paper(storage: Storage, read: Callable[[Setting], Reply]) -> Store | str:
    gcs = _gcs(storage)
    if not gcs.client_email:
        return "the configuration names no service account whose grants could be looked up"
    from preflight.providers.gcs.paper_store import PaperStore

    return PaperStore(gcs, read)


def cleaner(storage: Storage, reach: Reach) -> Store | str:
    """The store as the operator's application default credentials, which only deletes names of ours."""
    return Unopened("CleanerStore", _gcs(storage), reach)


def identify(storage: Storage) -> Writer:
    gcs = _gcs(storage)
    source = gcs.credentials.source if gcs.credentials else ""
    return Writer(gcs.client_email, gcs.project_id, source)


def needs(ask: Ask, storage: Storage) -> tuple[Permission, ...]:
    """Resources as IAM conditions spell them, for every name below `path` where the ask is about writing.

    A finished resumable upload needs no more than a single one.
    """
    bucket = f"projects/_/buckets/{storage.bucket}"
    match ask:
        case Put() | PutParts():
            return (Permission("storage.objects.create", f"{bucket}/objects/{storage.path}*"),)
        case Get():
            return (Permission("storage.objects.get", f"{bucket}/objects/{ask.key}"),)
        case List():
            return (Permission("storage.objects.list", bucket),)
        case Delete():
            return (Permission("storage.objects.delete", f"{bucket}/objects/{ask.key}"),)
        case WhoAmI() | Read(Setting.HELD):
            return ()
        case Read(Setting.POLICY):
            return (Permission("storage.buckets.getIamPolicy", bucket),)
        case Read(Setting.NETWORK):
            return (Permission("storage.buckets.get", bucket), Permission("storage.buckets.getIpFilter", bucket))
        case Read():
            return (Permission("storage.buckets.get", bucket),)


def parts_key(storage: Storage, key: str) -> str:  # noqa: ARG001 - the provider's contract
    """A sibling of the key: overwriting the first test object would need `storage.objects.delete`."""
    stem, dot, extension = key.rpartition(".")
    return f"{stem}-parts{dot}{extension}" if dot else f"{key}-parts"


def address(storage: Storage, key: str) -> str:
    return f"gs://{storage.bucket}/{key}"


def delete_command(storage: Storage, key: str) -> str:
    """As a shell takes it. `gcloud` reads `*`, `?` and brackets in a name as patterns: the names are ours."""
    return f"gcloud storage rm {shlex.quote(address(storage, key))}"


def _gcs(storage: Storage) -> GcsStorage:
    if not isinstance(storage, GcsStorage):
        raise TypeError(f"not a storage of Google's: {storage.storage_type}")
    return storage
