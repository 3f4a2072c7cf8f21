"""Who asks, and whom the Principal element of a statement names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from preflight.iam.aws.values import ABSENT, SOME, UNKNOWN, Unknown, Value
from preflight.iam.globs import Glob, Wild
from preflight.iam.regions import Truth, every, negate, some


class Kind(Enum):
    """What sort of caller. ACCOUNT is some identity of an account, which one is not known."""

    ACCOUNT = "an identity of the account"
    ROOT = "root user"
    USER = "user"
    ROLE = "role session of any name"
    SESSION = "role session"
    FEDERATED = "federated user"
    SERVICE = "service"
    ANONYMOUS = "anonymous"

    @property
    def identified(self) -> bool:
        """Whether the caller is an identity of an account: not a service, not anonymous."""
        return self is not Kind.SERVICE and self is not Kind.ANONYMOUS


_ARN = re.compile(r"arn:(?P<partition>[^:]+):(?P<service>iam|sts)::(?P<account>[^:]*):(?P<rest>.+)\Z", re.DOTALL)
_UNIQUE = re.compile(r"A[A-Z]{3}[A-Z0-9]{8,}\Z")
_KINDS = {"user": Kind.USER, "role": Kind.ROLE, "assumed-role": Kind.SESSION, "federated-user": Kind.FEDERATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The caller of a request. `role` is a session's role name (without path)."""

    arn: str
    kind: Kind
    account: str = ""
    partition: str = "aws"
    unique_id: str = ""
    tags: Mapping[str, str] | None = None

    @classmethod
    def of(cls, arn: str, *, unique_id: str = "", tags: Mapping[str, str] | None = None) -> Principal:
        """From an ARN as `sts:GetCallerIdentity` gives it, `*` (anonymous) or a service's host name.

        Raises ValueError for any other text.
        """
        if arn == "*":
            return cls(arn=arn, kind=Kind.ANONYMOUS)
        if arn.endswith((".amazonaws.com", ".amazonaws.com.cn")):
            return cls(arn=arn, kind=Kind.SERVICE)
        found = _ARN.match(arn)
        if not found:
            raise ValueError(f"{arn!r} is no ARN of a principal")
        kind = Kind.ROOT if found["rest"] == "root" else _KINDS.get(found["rest"].partition("/")[0])
        if kind is None:
            raise ValueError(f"{arn!r} names no user, role, session or root")
        return cls(
            arn=arn, kind=kind, account=found["account"], partition=found["partition"], unique_id=unique_id, tags=tags
        )

    @classmethod
    def of_account(cls, account: str, partition: str = "aws") -> Principal:
        """Some identity of an account, of which only the account is known."""
        return cls(arn=f"arn:{partition}:iam::{account}:root", kind=Kind.ACCOUNT, account=account, partition=partition)

    @property
    def role(self) -> str:
        """The name of the role behind a session, else empty."""
        parts = self.arn.rpartition(":")[2].split("/")
        match self.kind:
            case Kind.SESSION:
                return parts[1]
            case Kind.ROLE:
                return parts[-1]
            case _:
                return ""

    def keys(self) -> dict[str, Value]:
        """The condition keys that follow from who asks."""
        signed = self.kind is not Kind.ANONYMOUS
        known: dict[str, Value] = {
            "aws:PrincipalArn": self._principal_arn(),
            "aws:PrincipalAccount": self.account or ABSENT,
            "aws:PrincipalType": self._type(),
            "aws:userid": self.unique_id or (SOME if signed else "anonymous"),
            "aws:username": self._username(),
            "aws:PrincipalTag/*": ABSENT if self.tags is not None or not signed else UNKNOWN,
            "aws:PrincipalIsAWSService": "true" if self.kind is Kind.SERVICE else "false",
        }
        if not signed:
            known["aws:PrincipalOrgID"] = ABSENT
        if self.kind is not Kind.SERVICE:
            known |= dict.fromkeys(("aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"), ABSENT)
        if self.kind is Kind.USER:
            known |= dict.fromkeys(("aws:TokenIssueTime", "aws:FederatedProvider", "aws:SourceIdentity"), ABSENT)
        return known | {f"aws:PrincipalTag/{name}": value for name, value in (self.tags or {}).items()}

    def _principal_arn(self) -> Value:
        match self.kind:
            case Kind.SESSION:  # the key holds the role's ARN, whose path a session does not show
                head = f"arn:{self.partition}:iam::{self.account}:role/"
                return Unknown(Glob((head, Wild.MANY, self.role)), present=True)
            case Kind.ACCOUNT:  # of iam, or of sts for a federated user
                parts = (f"arn:{self.partition}:", Wild.MANY, f"::{self.account}:", Wild.MANY)
                return Unknown(Glob(parts), present=True)
            case Kind.ANONYMOUS | Kind.SERVICE:
                return ABSENT
            case Kind.ROOT | Kind.USER | Kind.ROLE | Kind.FEDERATED:
                return self.arn

    def _type(self) -> Value:
        match self.kind:
            case Kind.ROOT:
                return "Account"
            case Kind.USER:
                return "User"
            case Kind.ROLE | Kind.SESSION:
                return "AssumedRole"
            case Kind.FEDERATED:
                return "FederatedUser"
            case Kind.ANONYMOUS:
                return "Anonymous"
            case Kind.ACCOUNT:
                return SOME
            case Kind.SERVICE:
                return UNKNOWN

    def _username(self) -> Value:
        match self.kind:
            case Kind.USER:
                return self.arn.rpartition("/")[2]
            case Kind.ACCOUNT:
                return UNKNOWN
            case _:
                return ABSENT


class Form(Enum):
    """What one entry of a Principal element is."""

    EVERYONE = "*"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "assumed-role"
    FEDERATED = "federated-user"
    UNIQUE_ID = "unique id"
    CANONICAL = "canonical user"
    SERVICE = "service"
    PROVIDER = "identity provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One entry of a Principal element."""

    text: str
    form: Form
    pointer: str
    account: str = ""
    partition: str = ""


def named(kind: str, text: str, pointer: str) -> Named | None:
    """An entry under `AWS`, `Service`, `Federated` or `CanonicalUser`; None if AWS would refuse it."""
    match kind:
        case "CanonicalUser":
            return Named(text=text, form=Form.CANONICAL, pointer=pointer) if text else None
        case "Service":
            return Named(text=text, form=Form.SERVICE, pointer=pointer) if "." in text else None
        case "Federated":
            return Named(text=text, form=Form.PROVIDER, pointer=pointer) if text else None
        case _:
            return _aws(text, pointer)


def _aws(text: str, pointer: str) -> Named | None:
    if text == "*":
        return Named(text=text, form=Form.EVERYONE, pointer=pointer)
    if re.fullmatch(r"[0-9]{12}", text):
        return Named(text=text, form=Form.ACCOUNT, pointer=pointer, account=text)
    if _UNIQUE.match(text):
        return Named(text=text, form=Form.UNIQUE_ID, pointer=pointer)
    found = _ARN.match(text)
    if not found or "*" in text or "?" in text:
        return None
    rest = found["rest"]
    forms = {"user": Form.USER, "role": Form.ROLE, "assumed-role": Form.SESSION, "federated-user": Form.FEDERATED}
    form = Form.ACCOUNT if rest == "root" else forms.get(rest.partition("/")[0])
    if form is None or (form is not Form.ACCOUNT and not rest.partition("/")[2]):
        return None
    return Named(text=text, form=form, pointer=pointer, account=found["account"], partition=found["partition"])


@dataclass(frozen=True, slots=True)
class Names:
    """A Principal or (`excluded`) NotPrincipal element."""

    entries: tuple[Named, ...] = ()
    excluded: bool = False
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a Principal element reaches a caller, one truth for each way.

    `everyone`: by `*`; `own`: by its own name; `role`: by the role behind the session; `account`: by its account.
    """

    everyone: Truth = False
    own: Truth = False
    role: Truth = False
    account: Truth = False

    @property
    def reached(self) -> Truth:
        return some((self.everyone, self.own, self.role, self.account))


NOWHERE = Standing()


def standing(names: Names, caller: Principal, *, bounded: Truth = False) -> Standing:
    """How the element reaches the caller. `bounded`: whether a permissions boundary is attached to it."""
    ways: dict[str, Truth] = {}
    for entry in names.entries:
        way, truth = _meets(entry, caller)
        if truth is not False:
            ways[way] = truth or ways.get(way)
    found = Standing(**ways) if ways else NOWHERE
    return Standing(everyone=_hit(found, caller, bounded)) if names.excluded else found


def _meets(entry: Named, caller: Principal) -> tuple[str, Truth]:
    here = entry.account == caller.account and entry.partition in {"", caller.partition}
    match entry.form:
        case Form.EVERYONE:
            return "everyone", True
        case Form.SERVICE:
            return "own", caller.kind is Kind.SERVICE and entry.text == caller.arn
        case _ if not caller.kind.identified:
            return "own", False
        case Form.ACCOUNT:
            return "account", here
        case Form.CANONICAL:
            return "own", None  # an account's or a distribution's other id, which nobody else can tell
        case Form.UNIQUE_ID:
            return "own", entry.text == caller.unique_id.partition(":")[0] if caller.unique_id else None
        case Form.PROVIDER:
            return "role", None if caller.role else False
        case Form.USER | Form.ROLE | Form.SESSION | Form.FEDERATED:
            return _identity(entry, caller, here=here)


def _identity(entry: Named, caller: Principal, *, here: bool) -> tuple[str, Truth]:
    if caller.kind is Kind.ACCOUNT:
        return "own", None if here else False
    last = entry.text.rpartition("/")[2]
    if entry.form is Form.ROLE and caller.role:
        whole = caller.kind is Kind.ROLE
        return "role", entry.text == caller.arn if whole else here and last == caller.role
    if entry.form is Form.SESSION and caller.kind is Kind.ROLE:
        return "own", None if here and entry.text.split("/")[1] == caller.role else False
    return "own", entry.text == caller.arn


def _hit(listed: Standing, caller: Principal, bounded: Truth) -> Truth:
    """Whether NotPrincipal applies to the caller, given how its list names the caller.

    A caller is spared only if everything that AWS asks for is listed: its own name, the role behind a session
    and the account. Named in part, or with a boundary, AWS promises nothing, so neither do we.
    """
    if listed.everyone:
        return False
    match caller.kind:
        case Kind.ANONYMOUS | Kind.SERVICE:
            return negate(listed.own)
        case Kind.ROOT:
            return negate(listed.account)
        case Kind.ACCOUNT:
            return True if listed.reached is False else None
        case Kind.USER | Kind.FEDERATED:
            named = listed.own
            needed: tuple[Truth, ...] = (listed.own, listed.account)
        case Kind.SESSION | Kind.ROLE:
            named = some((listed.own, listed.role))
            needed = (listed.own, listed.role, listed.account)
    if named is False:
        return True
    spared = every(needed)
    return bounded if spared else None
