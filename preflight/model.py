"""The words of preflight: every value that flows through the house, frozen. Imports nothing of ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Protocol, Self


class Status(StrEnum):
    """What became of one check."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How much a failed check matters; belongs to the check, never to the outcome."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    READY = "ready"
    NOT_READY = "not-ready"
    UNDETERMINED = "undetermined"


class Confidence(StrEnum):
    """`stated`: the provider's answer says so. `inferred`: we conclude it."""

    STATED = "stated"
    INFERRED = "inferred"


class Safety(StrEnum):
    """Whether a remedy may be applied as it stands or wants a second pair of eyes."""

    SAFE = "safe"
    REVIEW = "review"


class Witness(StrEnum):
    """Where evidence comes from: a live answer, policy documents, or the configuration file."""

    LIVE = "live"
    PAPER = "paper"
    CONFIG = "config"


class Identity(StrEnum):
    """Who asks: the one who will write, or the operator who may look."""

    WRITER = "writer"
    INSPECTOR = "inspector"
    DOCUMENTS = "documents"


class Owner(StrEnum):
    """Who can fix a cause."""

    CONFIG = "config"
    CLOUD = "cloud"
    ORGANIZATION = "organization"
    NETWORK = "network"
    CALLER = "caller"
    PROVIDER = "provider"

    @property
    def decides(self) -> bool:
        """Whether a fault of this owner says something about the storage itself.

        A fault of ours, of the network between or of a passing state of the provider
        leaves open what Stream would meet: such a refusal is evidence of nothing.
        """
        return self in {Owner.CONFIG, Owner.CLOUD, Owner.ORGANIZATION}


class Cause(StrEnum):
    """The closed set of what can be wrong, each with who can fix it. Its prose is its page in `causes/`."""

    owner: Owner

    def __new__(cls, value: str, owner: Owner = Owner.CALLER) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.owner = owner
        return member

    CREDENTIAL_MISSING = "credential-missing", Owner.CONFIG
    CREDENTIAL_MALFORMED = "credential-malformed", Owner.CONFIG
    CREDENTIAL_UNKNOWN = "credential-unknown", Owner.CONFIG
    SECRET_WRONG = "secret-wrong", Owner.CONFIG
    CREDENTIAL_EXPIRED = "credential-expired", Owner.CONFIG
    CREDENTIAL_DISABLED = "credential-disabled", Owner.CLOUD
    SESSION_TOKEN_INVALID = "session-token-invalid", Owner.CONFIG
    TENANT_WRONG = "tenant-wrong", Owner.CONFIG
    SCOPE_WRONG = "scope-wrong", Owner.CALLER
    AUTH_METHOD_REFUSED = "auth-method-refused", Owner.CLOUD
    CLOCK_SKEW = "clock-skew", Owner.CALLER
    SIGNATURE_BROKEN = "signature-broken", Owner.CALLER

    PERMISSION_MISSING = "permission-missing", Owner.CLOUD
    BUCKET_POLICY_MISSING = "bucket-policy-missing", Owner.CLOUD
    EXPLICIT_DENY = "explicit-deny", Owner.CLOUD
    BOUNDARY_DENY = "boundary-deny", Owner.CLOUD
    ORGANIZATION_DENY = "organization-deny", Owner.ORGANIZATION
    NETWORK_DENIED = "network-denied", Owner.CLOUD
    HEADER_REQUIRED = "header-required", Owner.CLOUD
    ACL_REFUSED = "acl-refused", Owner.CLOUD
    CONDITION_UNMET = "condition-unmet", Owner.CLOUD
    WRONG_PRINCIPAL = "wrong-principal", Owner.CONFIG
    NOT_PROPAGATED = "not-propagated", Owner.PROVIDER
    PAYER_REQUIRED = "payer-required", Owner.CLOUD
    ACCESS_DENIED = "access-denied", Owner.CLOUD

    BUCKET_MISSING = "bucket-missing", Owner.CONFIG
    BUCKET_NAME_INVALID = "bucket-name-invalid", Owner.CONFIG
    BUCKET_NOT_YOURS = "bucket-not-yours", Owner.CONFIG
    REGION_WRONG = "region-wrong", Owner.CONFIG
    ENDPOINT_WRONG = "endpoint-wrong", Owner.CONFIG
    ACCOUNT_NAME_WRONG = "account-name-wrong", Owner.CONFIG
    ACCOUNT_SUSPENDED = "account-suspended", Owner.CLOUD
    API_DISABLED = "api-disabled", Owner.CLOUD
    ACCOUNT_KIND_UNSUPPORTED = "account-kind-unsupported", Owner.CLOUD

    ENCRYPTION_KEY_DENIED = "encryption-key-denied", Owner.CLOUD
    ENCRYPTION_KEY_UNUSABLE = "encryption-key-unusable", Owner.CLOUD
    ENCRYPTION_REFUSED = "encryption-refused", Owner.CALLER
    OBJECT_EXISTS = "object-exists", Owner.CALLER
    OBJECT_LOCKED = "object-locked", Owner.CLOUD
    CHECKSUM_REQUIRED = "checksum-required", Owner.CALLER

    DNS_FAILED = "dns-failed", Owner.NETWORK
    CONNECTION_FAILED = "connection-failed", Owner.NETWORK
    TLS_FAILED = "tls-failed", Owner.NETWORK
    HTTPS_REQUIRED = "https-required", Owner.CONFIG
    PROXY_INTERFERED = "proxy-interfered", Owner.NETWORK
    THROTTLED = "throttled", Owner.PROVIDER
    QUOTA_EXCEEDED = "quota-exceeded", Owner.CLOUD
    SERVICE_UNAVAILABLE = "service-unavailable", Owner.PROVIDER

    FEATURE_UNSUPPORTED = "feature-unsupported", Owner.CALLER
    REQUEST_INVALID = "request-invalid", Owner.CALLER
    NOT_NEEDED = "not-needed", Owner.CALLER


class Secret:
    """A value that hides itself everywhere: `repr`, `str`, formats, pickles and comparisons show only its shape.

    `source` says where it came from (`$S3_KEY`, `file keys.json`, `storages.yaml:7`); `prefix` is the public
    type prefix (`AKIA`), never part of the secret itself. Unwrapped with `reveal`, only in `providers/`.
    """

    __slots__ = ("_value", "prefix", "source")

    def __init__(self, value: str, *, source: str, prefix: str = "") -> None:
        self._value = value
        self.source = source
        self.prefix = prefix

    def reveal(self) -> str:
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def shape(self) -> str:
        """What may be shown of it: type prefix and length."""
        return f"{self.prefix}{'*' * min(len(self._value) - len(self.prefix), 12)} ({len(self._value)} characters)"

    def __str__(self) -> str:
        return f"{self.shape}, from {self.source}"

    def __repr__(self) -> str:
        return f"Secret({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a Secret is not serialised")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a field was written: 1-based line and column, `width` characters wide.

    `excerpt` is the source line with every secret value masked; columns count in the masked line.
    """

    file: str
    line: int
    column: int
    width: int = 1
    excerpt: str = ""

    @property
    def argument(self) -> str:
        """The file as a command names it: `-` is standard input."""
        return "-" if self.file == "<stdin>" else self.file

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Location("", 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """What will be registered. Bare, it is an entry whose `storage_type` is none that Stream knows.

    `where` maps configuration names (`bucket`, `aws_s3.s3_region`) to the place each was written; a field that
    is missing in the file is missing in `where` and empty here.
    """

    name: str
    storage_type: str
    bucket: str = ""
    path: str = ""
    origin: Location = NOWHERE
    where: Mapping[str, Location] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        values = (getattr(self, f.name) for f in dataclasses.fields(self))
        return tuple(value for value in values if isinstance(value, Secret))

    @property
    def address(self) -> str:
        """The storage as people write it, such as `s3://bucket/path`."""
        return f"{self.storage_type}://{self.bucket}/{self.path}"

    @property
    def words(self) -> Mapping[str, str]:
        """What this provider calls things, for titles and messages; `login` is how an operator logs in."""
        return {"credential": "credential", "bucket": "bucket", "provider": "the provider", "login": ""}

    def locate(self, name: str | None) -> Location:
        """The place of a field, or of its closest written parent, or of the storage."""
        while name:
            if name in self.where:
                return self.where[name]
            name = name.rpartition(".")[0]
        return self.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Storage(Storage):
    """Amazon S3 or a compatible. Without a key, Stream's own account writes (`keyless`).

    A key that is written and could not be loaded (an unset variable) is no storage without one.
    """

    region: str = ""
    api_key: Secret | None = None
    secret: Secret | None = None
    endpoint_url: str = ""

    @property
    def keyless(self) -> bool:
        written = {"aws_s3.s3_api_key", "aws_s3.s3_secret"} & self.where.keys()
        return not self.api_key and not self.secret and not self.endpoint_url and not written

    @property
    def words(self) -> Mapping[str, str]:
        provider = "the S3 endpoint" if self.endpoint_url else "AWS"
        return {"credential": "access key", "bucket": "bucket", "provider": provider, "login": "aws configure"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsStorage(Storage):
    """Google Cloud Storage. `credentials` is the whole service account key file as JSON text."""

    credentials: Secret | None = None
    client_email: str = ""
    project_id: str = ""

    @property
    def address(self) -> str:
        return f"gs://{self.bucket}/{self.path}"

    @property
    def words(self) -> Mapping[str, str]:
        login = "gcloud auth application-default login"
        return {"credential": "service account key", "bucket": "bucket", "provider": "Google", "login": login}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsStorage(Storage):
    """Azure Blob Storage; `bucket` is the container. `account_key` is the older page's field, not Stream's."""

    account_name: str = ""
    tenant_id: str = ""
    client_id: str = ""
    client_secret: Secret | None = None
    account_key: Secret | None = None

    @property
    def address(self) -> str:
        return f"https://{self.account_name}.blob.core.windows.net/{self.bucket}/{self.path}"

    @property
    def words(self) -> Mapping[str, str]:
        credential = "account key" if self.account_key and not self.client_secret else "client secret"
        return {"credential": credential, "bucket": "container", "provider": "Azure", "login": "az login"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a configuration rule found: the check that owns it, the cause, the field and where it stands."""

    check: str
    message: str
    cause: Cause
    location: Location
    field: str | None = None
    storage: str | None = None  # the origin's `file:line:column` of the storage, or None for the whole file
    remedy: str = ""
    patch: str = ""


@dataclass(frozen=True, slots=True)
class CallType:
    """A call type of Stream's that names the storage it records into."""

    name: str
    external_storage: str
    location: Location = NOWHERE


class Setting(StrEnum):
    """What can be read about a bucket, in words that hold for every provider.

    A provider answers with `Reply.facts`, whose names are fixed here; a setting that it does not have is
    refused with code `not-offered`.
    """

    POLICY = "policy"  # facts: document (S3 bucket policy, GCS IAM policy v3, {"assignments", "definitions"})
    IDENTITY = "identity"  # facts: documents (the writer's own policies), boundary
    HELD = "held"  # facts: asked, permissions (held by the writer), beyond (of them, not needed), for_folders (by name)
    ENCRYPTION = "encryption"  # facts: algorithm, key (id or ARN), customer_key (bool)
    KEY_POLICY = "key-policy"  # facts: document, key, state
    OWNERSHIP = "ownership"  # facts: ownership (S3 ObjectOwnership; GCS uniform access as bool `uniform`)
    RETENTION = "retention"  # facts: locked (bool), mode, days, until, hold (bool)
    PUBLIC_ACCESS = "public-access"  # facts: blocks (mapping name -> bool, None: not known)
    LOCATION = "location"  # facts: region
    VERSIONING = "versioning"  # facts: enabled (bool), soft_delete_days
    PAYER = "payer"  # facts: requester_pays (bool)
    NETWORK = "network"  # facts: default (allow or deny), rules
    LIFECYCLE = "lifecycle"  # facts: aborts_uploads_after_days (int or null)
    ACCOUNT = "account"  # facts: kind, hierarchical (bool), shared_key (bool), tls


TEST_NAME = "preflight-test-"  # every name that a run may touch begins so, below the storage's path


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """Ask which identity the provider sees."""

    def __str__(self) -> str:
        return "who am I"


@dataclass(frozen=True, slots=True)
class Put:
    """Create one small object, only if the name is free. `dry`: be authorised, then store nothing.

    `again` is the same request a second time, to prove that the store refuses it.
    """

    key: str
    dry: bool = False
    again: bool = False

    def __str__(self) -> str:
        return f"{'authorise' if self.dry else 'put'} {self.key}"


@dataclass(frozen=True, slots=True)
class PutParts:
    """Write one object the way large recordings are written: in parts (multipart, resumable, blocks)."""

    key: str
    dry: bool = False

    def __str__(self) -> str:
        return f"put in parts {self.key}"


@dataclass(frozen=True, slots=True)
class Get:
    """Read an object back."""

    key: str

    def __str__(self) -> str:
        return f"get {self.key}"


@dataclass(frozen=True, slots=True)
class List:
    """List at most one name below `prefix`, which is always our own test name."""

    prefix: str

    def __str__(self) -> str:
        return f"list {self.prefix}"


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete an object."""

    key: str

    def __str__(self) -> str:
        return f"delete {self.key}"


@dataclass(frozen=True, slots=True)
class Read:
    """Read a setting of the bucket, or what belongs to it."""

    setting: Setting

    def __str__(self) -> str:
        return f"read {self.setting}"


Ask = WhoAmI | Put | PutParts | Get | List | Delete | Read


@dataclass(frozen=True, slots=True)
class Permission:
    """`action` on `resource`, in the provider's own words."""

    action: str
    resource: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a refusing answer looked like, raw: all that `diagnose` may read. `text` alone is a pasted error.

    `foreign`: an answer came, and nothing in it is the provider's own. Something between may have given it.
    """

    provider: str | None = None
    stage: str | None = None
    operation: str | None = None
    status: int | None = None
    code: str | None = None
    message: str | None = None
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    foreign: bool = False


class Effect(Enum):
    """Whether an object (or an open upload) exists because of the request."""

    NONE = "none"
    POSSIBLE = "possible"
    CERTAIN = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible cause. `because` is the reason in one sentence; `tell` what would tell it from the next one."""

    cause: Cause
    confidence: Confidence = Confidence.INFERRED
    because: str = ""
    missing: tuple[Permission, ...] = ()
    field: str | None = None
    expected: str | None = None  # the value that the field should have, where the answer names it
    location: Location | None = None
    tell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; a refusal is a value. `facts` are JSON values that outlive the answer (region, date...).

    `candidates` are the causes that a document proves by itself; an answer of a provider is left to `diagnose`.
    """

    status: int | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    millis: int = 0
    refusal: Refusal | None = None
    effect: Effect = Effect.NONE
    candidates: tuple[Candidate, ...] = ()

    @property
    def ok(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One ask and its reply, as one identity, by one witness. `ask` is None for a fact of the configuration."""

    witness: Witness
    identity: Identity
    ask: Ask | None
    reply: Reply


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Who answered (`s3`, `gcs`, `abs`, a product name, or empty) and the candidates, best first."""

    provider: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What to do: one sentence, commands, a patch (JSON, Terraform or configuration lines), and who does it."""

    summary: str
    owner: Owner
    commands: tuple[str, ...] = ()
    patch: str = ""
    safety: Safety = Safety.REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody knows and accepts for a while: it is shown, and does not count for the verdict.

    `storage` is a shell-style pattern for names of storages; `cause` None stands for every cause of the check.
    """

    check: str
    cause: Cause | None = None
    storage: str = "*"
    reason: str
    expires: str  # the last day on which it holds, ISO 8601
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one check. Every check of the plan has exactly one; none ever vanishes."""

    check: str
    title: str
    status: Status
    severity: Severity
    message: str = ""
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None
    essential: bool = False  # a storage is ready only if every essential outcome passes
    applies: bool = True  # False for a skipped check whose claim makes no sense for this storage
    waits_for: str = ""  # the check that holds up a skipped one
    crashed: bool = False  # our own bug, not a finding
    waived: Waiver | None = None  # failed, known and accepted for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """An object, or an unfinished upload, that may exist because of us."""

    address: str
    size: int
    created: str  # ISO 8601, UTC
    delete: str  # the command that removes it, with the operator's own rights
    certain: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who will write: principal and account in the provider's words, and where the credential came from."""

    principal: str
    account: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageReport:
    """What was found out about one storage, and what is left in it."""

    storage: Storage
    writer: Writer
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    residue: tuple[Residue, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that was found. `outcomes` are about a whole file rather than one storage."""

    version: str
    started: str
    finished: str
    seconds: float
    verdict: Verdict
    exit_code: int
    storages: tuple[StorageReport, ...]
    fail_on: Severity = Severity.ERROR  # the least severity that counts for the verdict
    outcomes: tuple[Outcome, ...] = ()
    journal: str = ""  # the file in which what is left is written down, for `preflight clean`
    asked: tuple[str, ...] = ("check",)  # the words of the command that asks the same again, but for the files


class Store(Protocol):
    """The one narrow door to a provider. `ask` never raises for what a provider says or fails to say."""

    def ask(self, ask: Ask) -> Reply: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a provider is reached: seconds per ask, endpoint overrides by name, and whose eyes the inspector has.

    `endpoints` maps the names of the `--endpoint` option (`sts`, `gcs`, `entra`...) to URLs; never from a file.
    """

    timeout: float = 10.0
    endpoints: Mapping[str, str] = field(default_factory=dict)
    inspect: bool = False
    aws_profile: str | None = None


class Provider(Protocol):
    """What the package `preflight.providers.<storage_type>` offers as plain functions."""

    def writer(self, storage: Storage, reach: Reach) -> Store | str:
        """The store as the identity that will write, or one sentence why nobody here can try."""

    def inspector(self, storage: Storage, reach: Reach) -> Store | str:
        """The store as the operator, who only reads settings, or one sentence why there is none."""

    def paper(self, storage: Storage, read: Callable[[Setting], Reply]) -> Store | str:
        """The store that answers `Put` and `PutParts` from documents, for every key under the path, or why not.

        `read` gives a setting's reply, as the inspector or a file has it. An answer says in `facts`: `answer`
        (`allowed`, `denied`, `split`, `unknown`), `statement`, `allowed`, `denied` (example keys), `needs`, `until`;
        in `message` one sentence; in `candidates` what is proven to be wrong. Only `allowed` has no refusal.
        """

    def cleaner(self, storage: Storage, reach: Reach) -> Store | str:
        """The store as the operator, who deletes what test runs left (`Delete` of our own names), or why not.

        Unfinished uploads to the name go with it. `facts["remains"]` says what stays in spite of a success.
        """

    def identify(self, storage: Storage) -> Writer:
        """Who will write, as far as the configuration alone tells; never a secret."""

    def needs(self, ask: Ask, storage: Storage) -> tuple[Permission, ...]:
        """The least permissions that the ask needs. `Put` and `PutParts` are judged as Stream sends them."""

    def parts_key(self, storage: Storage, key: str) -> str:
        """The name that `PutParts(key)` writes to: another one where overwriting would need more rights."""

    def address(self, storage: Storage, key: str) -> str:
        """The object as people write it: `s3://bucket/key`."""

    def delete_command(self, storage: Storage, key: str) -> str:
        """The shell command that deletes the object with the operator's own rights; quoted."""
