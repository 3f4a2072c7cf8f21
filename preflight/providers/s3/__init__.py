"""Amazon S3 and its compatibles: what the examination needs to know of them without importing an SDK."""

from __future__ import annotations

import importlib.util
import shlex
from collections.abc import Callable

from preflight.journal import bare
from preflight.model import Ask, Permission, Reach, Reply, S3Storage, Setting, Storage, Store, Writer
from preflight.providers.s3.identity import account_of
from preflight.providers.s3.needs import needs as needs_of

__all__ = ["address", "cleaner", "delete_command", "identify", "inspector", "needs", "paper", "parts_key", "writer"]

KEYLESS = "no key is configured, so Stream's own account writes: only Stream can try it"


def writer(storage: Storage, reach: Reach) -> Store | str:
    if not isinstance(storage, S3Storage) or storage.keyless:
        return KEYLESS
    if not storage.api_key or not storage.secret:
        return "the key pair is not whole"
    if ".." in storage.path:
        return "the path holds `..`, which servers resolve in different ways: no test object is sent there"
    if lacking := _sdk_missing():
        return lacking
    from preflight.providers.s3.store import WriterStore

    return WriterStore(storage, reach)


def inspector(storage: Storage, reach: Reach) -> Store | str:
    if not reach.inspect:
        return "no inspector: add --inspect or --aws-profile NAME to read the bucket's settings"
    if lacking := _sdk_missing():
        return lacking
    from preflight.providers.s3.settings import InspectorStore

    assert isinstance(storage, S3Storage)  # noqa: S101 - this drawer is opened for S3 storages only
    return InspectorStore(storage, reach)


def cleaner(storage: Storage, reach: Reach) -> Store | str:
    if lacking := _sdk_missing():
        return lacking
    from preflight.providers.s3.cleaner_store import CleanerStore

    assert isinstance(storage, S3Storage)  # noqa: S101 - likewise
    return CleanerStore(storage, reach)


def paper(storage: Storage, read: Callable[[Setting], Reply]) -> Store | str:
    assert isinstance(storage, S3Storage)  # noqa: S101 - likewise
    if storage.endpoint_url:
        return "policies are evaluated for AWS only: S3 compatibles read them in ways of their own"
    from preflight.providers.s3.paper_store import PaperStore

    return PaperStore(storage, read)


def identify(storage: Storage) -> Writer:
    assert isinstance(storage, S3Storage)  # noqa: S101 - likewise
    if storage.keyless:
        from preflight import stream

        return Writer(stream.PRINCIPAL, stream.ACCOUNT, "Stream's account: no key is configured")
    if not storage.api_key:
        return Writer("an access key that could not be loaded")
    account = "" if storage.endpoint_url else account_of(storage.api_key.reveal())
    return Writer(f"access key {storage.api_key.shape}", account, f"from {storage.api_key.source}")


def needs(ask: Ask, storage: Storage) -> tuple[Permission, ...]:
    return needs_of(ask, storage)


def parts_key(storage: Storage, key: str) -> str:
    """S3 needs no further right to write over one's own object, so both writes share one name."""
    del storage
    return key


def address(storage: Storage, key: str) -> str:
    return f"s3://{storage.bucket}/{key}"


def delete_command(storage: Storage, key: str) -> str:
    return _command(storage, "delete-object", ("--key", key))


def version_command(storage: Storage, key: str, version: str) -> str:
    """The shell command that deletes one version of the object, or a delete marker of it, for good."""
    return _command(storage, "delete-object", ("--key", key), ("--version-id", version))


def abort_command(storage: Storage, key: str, upload: str) -> str:
    """The shell command that ends an unfinished upload, likewise."""
    return _command(storage, "abort-multipart-upload", ("--key", key), ("--upload-id", upload))


def _sdk_missing() -> str:
    return "" if importlib.util.find_spec("botocore") else "boto3 is not installed here: pip install boto3"


def _command(storage: Storage, verb: str, *options: tuple[str, str]) -> str:
    assert isinstance(storage, S3Storage)  # noqa: S101 - likewise
    options = (("--bucket", storage.bucket), *options)
    if storage.endpoint_url:
        options += (("--endpoint-url", bare(storage.endpoint_url)),)
    elif storage.region:
        options += (("--region", storage.region),)
    return shlex.join(["aws", "s3api", verb, *(word for option in options for word in _words(*option))])


def _words(name: str, value: str) -> tuple[str, ...]:
    """An option as the command line takes it: a value that begins with a dash would be read as another option."""
    return (f"{name}={value}",) if value.startswith("-") else (name, value)
