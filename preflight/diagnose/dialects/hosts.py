"""A host that does not resolve, or an address that is none: the name itself tells which field is wrong."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength, said
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 22
RULES = ()

_RESOLVER = (
    "eai_again",
    "temporary failure in name resolution",
    "server misbehaving",
    "servfail",
    "eai_fail",
    "resolving timed out",
    "dns server returned answer with no data",
    "no dns",
    "name resolution * timed out",
    "dns: timeout",
    "try again * name resolution",
)
_UNKNOWN = (
    "enotfound",
    "no such host",
    "name or service not known",
    "nodename nor servname",
    "unknownhostexception",
    "could not resolve host",
    "couldn't resolve host",
    "failed to resolve",
    "nameresolutionerror",
    "remote name could not be resolved",
    "err_name_not_resolved",
    "name does not resolve",
    "no address associated with hostname",
    "gaierror",
    "getaddrinfo failed",
    "getaddrinfo",
    "could not be resolved",
    "dns_probe",
    "nxdomain",
    "resolve host",
    "unable to resolve",
    "dns error",
    "name resolution",
    "dns lookup",
    "unable to find the server at",
    "no such host is known",
)
_MAYBE = ("could not connect to the endpoint url", "inaccessible host", "attempting to connect to")
_NAMED = re.compile(
    r"(?:enotfound|eai_again|no such host|lookup|unknownhostexception:?|resolve(?: host| address)?:?|resolve (?:host )?name|unable to find the server at|inaccessible host:?|hosts? named?|host=|unable to execute http request:)"
    r"[ ':=(\[]{1,4}([a-z0-9_@*-]*(?:\.[a-z0-9_@*-]*)+)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b([a-z0-9_@-]+(?:\.[a-z0-9_@-]*){2,8})\b", re.IGNORECASE)
_AZURE = re.compile(r"\.(?:blob|dfs|table|queue|file|web)\.(?:core\.|storage\.)|\.z\d+\.web\.core|privatelink\.")
_CLOUD = re.compile(r"[^.]{1,100}\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn|cloudapi\.de)")
_AWS = re.compile(r"(?:^|\.)(?P<service>[a-z][a-z0-9-]*)\.(?P<region>[^.]*)\.amazonaws\.com(?:\.cn)?$")
_AWS_DASH = re.compile(r"(?:^|\.)s3-(?P<region>[^.]+)\.amazonaws\.com$")
REGION = re.compile(
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest|isob)-[1-9]"
)
_REAL_DASH = frozenset(
    {
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "sa-east-1",
        "ap-northeast-2",
        "ap-south-1",
    }
)
_LOGIN = re.compile(
    r"(?:login\.microsoftonline|login\.windows|googleapis|accounts\.google|sts\.|management\.azure|login\.)"
)


def unresolved(reading: Reading) -> Finding | None:
    """Reads a failure to resolve a host, with what the host's name gives away."""
    text = reading.folded
    if any(said(word, text) for word in _RESOLVER):
        return _finding(Cause.DNS_FAILED, "the resolver itself failed; the name may be right", ())
    sure = reading.stage == "dns" or any(said(word, text) for word in _UNKNOWN)
    if not sure and not any(said(word, text) for word in _MAYBE):
        return None
    host = _host(reading)
    if not sure and not _telling(host):
        return None
    return _judged(reading, host)


def _host(reading: Reading) -> str:
    found = _NAMED.search(reading.plain)
    if found:
        return found[1].lower().strip(".'")
    if reading.urls:
        return reading.urls[-1][0]
    bare = [match[1].lower() for match in _BARE.finditer(reading.plain)]
    return next(
        (
            name
            for name in bare
            if name.rpartition(".")[2] in {"com", "net", "io", "org", "cn", "local", "dev", "cloud"}
        ),
        "",
    )


def _telling(host: str) -> bool:
    aws = _AWS.search(host)
    return bool(aws and not REGION.fullmatch(aws["region"])) or ".." in host


def _judged(reading: Reading, host: str) -> Finding:
    if _AZURE.search(host) or (not host and reading.families == {"abs"}):
        return _finding(
            Cause.ACCOUNT_NAME_WRONG,
            f"no storage account answers at {host or 'this name'}: the host name is made of the account's name",
            (Cause.DNS_FAILED, Cause.ENDPOINT_WRONG, Cause.TENANT_WRONG),
            "azure_blob.abs_account_name",
        )
    if _CLOUD.fullmatch(host):
        because = f"{host} lacks the service: an address is <account>.blob.{host.partition('.')[2]}"
        return _finding(Cause.ENDPOINT_WRONG, because, (Cause.ACCOUNT_NAME_WRONG, Cause.DNS_FAILED, Cause.TENANT_WRONG))
    if host.endswith(("amazonaws.com", "amazonaws.com.cn")):
        return _amazon(host)
    if _LOGIN.search(host) or host.endswith("googleapis.com"):
        return _finding(
            Cause.DNS_FAILED,
            f"{host} is a name that exists; it does not resolve from here",
            (Cause.CONNECTION_FAILED, Cause.PROXY_INTERFERED),
        )
    if host and reading.families <= {"s3"}:
        return _finding(
            Cause.ENDPOINT_WRONG,
            f"no server answers at {host}",
            (Cause.DNS_FAILED, Cause.REGION_WRONG, Cause.BUCKET_NAME_INVALID),
            "aws_s3.s3_custom_endpoint_url",
        )
    return _finding(
        Cause.DNS_FAILED,
        "a host name could not be resolved",
        (Cause.ENDPOINT_WRONG, Cause.REGION_WRONG, Cause.ACCOUNT_NAME_WRONG),
    )


def _amazon(host: str) -> Finding:
    dashed = _AWS_DASH.search(host)
    if dashed and dashed["region"] not in _REAL_DASH:
        return _finding(
            Cause.ENDPOINT_WRONG,
            f"Amazon has no host {host}: the region is written with a dot, s3.{dashed['region']}.amazonaws.com",
            (Cause.REGION_WRONG, Cause.DNS_FAILED),
            "aws_s3.s3_custom_endpoint_url",
        )
    parts = _AWS.search(host)
    if parts and parts["region"] not in {"s3", "dualstack"} and not REGION.fullmatch(parts["region"]):
        return _finding(
            Cause.REGION_WRONG,
            f"the host was built with the region {parts['region']!r}, which is none",
            (Cause.ENDPOINT_WRONG, Cause.DNS_FAILED),
            "aws_s3.s3_region",
        )
    return _finding(
        Cause.DNS_FAILED,
        f"{host} does not resolve from here",
        (Cause.REGION_WRONG, Cause.ENDPOINT_WRONG, Cause.BUCKET_NAME_INVALID),
        "aws_s3.s3_region",
    )


def _finding(cause: Cause, because: str, beside: tuple[Cause, ...], field: str | None = None) -> Finding:
    return Finding(cause=cause, because=because, beside=beside, field=field, strength=Strength.PHRASE)


READERS = (unresolved,)
