"""What Stream takes, as types: the one list of field names, from which the rules read and the JSON Schema is made.

Plain dataclasses with annotations, so that reading a configuration does not pay for pydantic; `schema.py` hands
the same types to pydantic. Nothing is ever made of them, so that they have no methods either.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from preflight.model import Cause


@dataclass(frozen=True, slots=True)
class About:
    """What a field is: its description, whether it is private, and what is wrong where it is missing or empty."""

    text: str
    cause: Cause = Cause.REQUEST_INVALID
    private: bool = False
    deprecated: bool = False

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:  # noqa: ANN401 - pydantic's protocol
        schema: dict[str, Any] = handler(core)
        marks = {"writeOnly": self.private, "deprecated": self.deprecated}
        return {**schema, "description": self.text, **{name: True for name, on in marks.items() if on}}


class Closed:
    """A table that has no other fields than its own."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class Environment(Closed):
    """A value from the environment."""

    env: Annotated[str, About("The name of the environment variable that holds the value.")]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class File(Closed):
    """A value from a file."""

    file: Annotated[str, About("The file that holds the value; relative to this configuration file.")]


Value = str | Environment | File


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class ServiceAccountKey:
    """A Google service account key, written out as a table."""

    type: Annotated[Literal["service_account"], About("What kind of key file this is.")]
    client_email: Annotated[Value, About("The service account.", Cause.CREDENTIAL_MISSING)]
    private_key: Annotated[Value, About("The key itself, a PEM.", Cause.CREDENTIAL_MISSING, private=True)]
    project_id: Annotated[Value, About("The project of the service account.")] = ""
    private_key_id: Annotated[Value, About("The id of the key.", private=True)] = ""
    client_id: Annotated[Value, About("The number of the service account.")] = ""
    token_uri: Annotated[Value, About("Where tokens are fetched: Google's own address.")] = ""
    auth_uri: Annotated[Value, About("Not used for writing.")] = ""
    auth_provider_x509_cert_url: Annotated[Value, About("Not used for writing.")] = ""
    client_x509_cert_url: Annotated[Value, About("Not used for writing.")] = ""
    universe_domain: Annotated[Value, About("Always googleapis.com.", Cause.TENANT_WRONG)] = ""


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class AwsS3(Closed):
    """The settings of an S3 storage."""

    s3_region: Annotated[Value, About("The bucket's region, such as eu-central-1.", Cause.REGION_WRONG)]
    s3_api_key: Annotated[
        Value,
        About(
            "The access key id. Without key and secret, Stream's own account writes.",
            Cause.CREDENTIAL_MISSING,
            private=True,
        ),
    ] = ""
    s3_secret: Annotated[Value, About("The secret access key.", Cause.CREDENTIAL_MISSING, private=True)] = ""
    s3_custom_endpoint_url: Annotated[
        Value,
        About(
            "The endpoint of an S3-compatible service; needs key and secret. Leave it out for Amazon S3.",
            Cause.ENDPOINT_WRONG,
        ),
    ] = ""


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class AzureBlob(Closed):
    """The settings of an Azure storage."""

    abs_account_name: Annotated[Value, About("The storage account's name.", Cause.ACCOUNT_NAME_WRONG)]
    abs_tenant_id: Annotated[Value, About("The directory (tenant) id.", Cause.TENANT_WRONG)]
    abs_client_id: Annotated[Value, About("The application (client) id.", Cause.CREDENTIAL_MISSING)]
    abs_client_secret: Annotated[
        Value,
        About("The value (not the id) of a client secret.", Cause.CREDENTIAL_MISSING, private=True),
    ]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class Entry(Closed):
    """What every storage has."""

    name: Annotated[Value, About("The name that call types use; unique in the application.")]
    storage_type: str
    bucket: Annotated[Value, About("The bucket; with Azure the container.", Cause.BUCKET_NAME_INVALID)]
    path: Annotated[Value, About("What every object's name begins with, such as recordings/.")] = ""


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class S3Entry(Entry):
    """Amazon S3 or a compatible service."""

    storage_type: Literal["s3"]
    aws_s3: Annotated[AwsS3, About("The S3 settings.", Cause.REGION_WRONG)]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class GcsEntry(Entry):
    """Google Cloud Storage."""

    storage_type: Literal["gcs"]
    gcs_credentials: Annotated[
        Value | ServiceAccountKey,
        About(
            "The service account key: its JSON text, a table, or a reference.", Cause.CREDENTIAL_MISSING, private=True
        ),
    ]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class AbsEntry(Entry):
    """Azure Blob Storage."""

    storage_type: Literal["abs"]
    azure_blob: Annotated[AzureBlob, About("The Azure settings.", Cause.CREDENTIAL_MISSING)]
    abs_account_key: Annotated[
        Value,
        About("Not a field of Stream's; an older page of its documentation names it.", private=True, deprecated=True),
    ] = ""


SHAPES: Mapping[str, type[Entry]] = {"s3": S3Entry, "gcs": GcsEntry, "abs": AbsEntry}


class ByStorageType:
    """Marks a union whose members are told apart by `storage_type`."""

    @staticmethod
    def __get_pydantic_core_schema__(union: Any, handler: Any) -> Any:  # noqa: ANN401 - pydantic's protocol
        from pydantic import Field

        return handler.generate_schema(Annotated[union, Field(discriminator="storage_type")])


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class Linked(Closed):
    """The settings of a call type."""

    external_storage: Annotated[Value, About("The name of the storage that calls of this type record into.")]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class CallTypeEntry(Linked):
    """A call type and its storage."""

    name: Annotated[Value, About("The call type, such as default.")]


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class WaiverEntry(Closed):
    """A finding that is known and accepted for a while: shown, and not counted."""

    check: Annotated[str, About("The check, as `preflight list checks` names it.")]
    reason: Annotated[str, About("Why the finding is accepted.")]
    expires: Annotated[str, About("The last day on which the waiver holds, as YYYY-MM-DD.")]
    cause: Annotated[str, About("Only this cause, as `preflight list causes` names it; all without it.")] = ""
    storage: Annotated[str, About("A pattern for names of storages, such as test-*; all without it.")] = "*"


@dataclass(init=False, repr=False, eq=False, kw_only=True)
class Configuration(Closed):
    """Storages as they will be registered with Stream, the call types that use them, and what is waived."""

    storages: Annotated[
        list[Annotated[S3Entry | GcsEntry | AbsEntry, ByStorageType]],
        About("The storages, each exactly what createExternalStorage takes."),
    ] = dataclasses.field(default_factory=list)
    call_types: Annotated[
        dict[str, Value | Linked] | list[CallTypeEntry],
        About("Which storage each call type records into."),
    ] = dataclasses.field(default_factory=dict)
    waive: Annotated[list[WaiverEntry], About("Findings that are known and accepted for a while.")] = dataclasses.field(
        default_factory=list
    )


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of a shape, by its full name (`aws_s3.s3_region`)."""

    name: str
    required: bool
    group: bool
    about: About


def describe(shape: type, prefix: str = "") -> Iterator[Spec]:
    """The fields of a shape and of the tables in it, in their order."""
    hints = get_type_hints(shape, include_extras=True)
    for field in dataclasses.fields(shape):
        hint = hints[field.name]
        kind, about = get_args(hint) if get_origin(hint) is Annotated else (hint, About("The kind of storage."))
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        group = dataclasses.is_dataclass(kind)
        yield Spec(prefix + field.name, required, group, about)
        if group and isinstance(kind, type):
            yield from describe(kind, f"{prefix}{field.name}.")


@cache
def every_field() -> Mapping[str, Spec]:
    """The fields of all three kinds of storage."""
    return {spec.name: spec for shape in SHAPES.values() for spec in describe(shape)}


@cache
def fields_of(kind: str) -> Mapping[str, Spec]:
    """The fields of one kind of storage; of a kind that nobody knows, all."""
    return {spec.name: spec for spec in describe(SHAPES[kind])} if kind in SHAPES else every_field()
