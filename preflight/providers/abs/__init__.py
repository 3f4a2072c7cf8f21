"""Azure Blob Storage: who writes, what each ask needs, and the doors to the account and to its settings."""

from __future__ import annotations

import importlib.util
import posixpath
import re
import shlex
from collections.abc import Callable
from typing import cast

from preflight.model import AbsStorage, Ask, Permission, Reply, Setting, Storage, Store, Writer
from preflight.providers import Reach
from preflight.providers.abs.actions import permissions

_SDK = ("azure.identity", "azure.storage.blob")


def writer(storage: Storage, reach: Reach) -> Store | str:
    """The service principal of the configuration or, where only an account key is given, that key."""
    account = cast("AbsStorage", storage)
    if lacking := _sdk_missing() or _unanswerable(account):
        return lacking
    from preflight.providers.abs.blobs import BlobWriter  # imports the SDK

    return BlobWriter(account, reach)


def inspector(storage: Storage, reach: Reach) -> Store | str:
    """The operator's own login (`DefaultAzureCredential`), which reads settings through Azure Resource Manager."""
    account = cast("AbsStorage", storage)
    if not reach.inspect:
        return "no inspector: add --inspect to read the account's settings"
    if lacking := _sdk_missing():
        return lacking
    if not account.account_name:
        return "the storage names no account"
    from preflight.providers.abs.resources import Inspector  # imports the SDK

    return Inspector(account, reach)


def paper(storage: Storage, read: Callable[[Setting], Reply]) -> Store | str:
    account = cast("AbsStorage", storage)
    if _by_key(account):
        return "an account key is nobody that roles could be assigned to"
    from preflight.providers.abs.paper_store import PaperStore

    return PaperStore(account, read)


def cleaner(storage: Storage, reach: Reach) -> Store | str:
    """The operator's own login (`DefaultAzureCredential`), which only deletes names of ours."""
    account = cast("AbsStorage", storage)
    if lacking := _sdk_missing():
        return lacking
    if not re.fullmatch(r"[a-z0-9]{3,24}", account.account_name):
        return "the journal names no account"
    from preflight.providers.abs.cleaner_store import Cleaner  # imports the SDK

    return Cleaner(account, reach)


def identify(storage: Storage) -> Writer:
    """The client id, or the account whose key is given; the object id is known once a token was granted."""
    account = cast("AbsStorage", storage)
    if _by_key(account) and account.account_key:
        return Writer(f"account key of {account.account_name}", account.account_name, account.account_key.source)
    source = account.client_secret.source if account.client_secret else ""
    return Writer(account.client_id, account.tenant_id, source)


def needs(ask: Ask, storage: Storage) -> tuple[Permission, ...]:
    return permissions(ask, cast("AbsStorage", storage))


def parts_key(storage: Storage, key: str) -> str:  # noqa: ARG001 - part of the contract
    """A sibling of `key`: replacing a blob by blocks would need no more rights, but would be an overwrite."""
    stem, extension = posixpath.splitext(key)
    return f"{stem}-parts{extension}"


def address(storage: Storage, key: str) -> str:
    account = cast("AbsStorage", storage)
    return f"https://{account.account_name}.blob.core.windows.net/{account.bucket}/{key}"


def delete_command(storage: Storage, key: str) -> str:
    account = cast("AbsStorage", storage)
    named = ["--account-name", account.account_name, "--container-name", account.bucket, "--name", key]
    return shlex.join(["az", "storage", "blob", "delete", "--auth-mode", "login", *named])


def _by_key(account: AbsStorage) -> bool:
    return bool(account.account_key) and not account.client_secret


def _unanswerable(account: AbsStorage) -> str:
    """Which fields are missing to try at all, as a sentence, or nothing."""
    wanted = ["account_name"] if _by_key(account) else ["account_name", "tenant_id", "client_id", "client_secret"]
    missing = [f"abs_{name}" for name in wanted if not getattr(account, name)]
    missing += [] if account.bucket else ["bucket"]
    return f"nobody can write without {', '.join(missing)}" if missing else ""


def _sdk_missing() -> str:
    try:
        there = all(importlib.util.find_spec(name) for name in _SDK)
    except ModuleNotFoundError:
        there = False
    return "" if there else "Azure's SDK is not installed here: pip install azure-identity azure-storage-blob"
