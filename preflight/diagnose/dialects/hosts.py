"""A host that does not resolve, or an address that is none: the name itself tells which field is wrong."""

import re

from preflight.diagnose.phrase import by_anchor, heard
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Strength
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 22
RULES = ()

_RESOLVER = by_anchor("""
lookup * i/o timeout | lookup * read udp | lookup * dial udp |
eai_again | eai_fail | servfail | temporary failure in name resolution | server misbehaving | resolving timed out |
dns server returned answer with no data | dns: timeout | name resolution * timed out | does not resolve either
""")
_UNKNOWN = by_anchor("""
enotfound | no such host | no such host is known | name or service not known | nodename nor servname |
dial tcp: lookup |
unknownhostexception | could not resolve host | couldn't resolve host | failed to resolve | nameresolutionerror |
name could not be resolved | err_name_not_resolved | name does not resolve | no address associated with hostname |
gaierror | getaddrinfo | could not be resolved | dns_probe_finished_nxdomain | nxdomain | unable to resolve |
dns error | curl error 6: | curl: (6) | nameresolutionfailure | name resolution |
dns lookup | unable to find the server at
""")
# A library that computes an address, or looks for its settings, asks no resolver.
_NO_QUESTION = (
    "service endpoint", "in host name", "resolve aws credentials", "resolve credentials", "resolve region",
    "resolve the region", "resolve destination", "resolve source", "resolve target",
)  # fmt: skip
_MAYBE = by_anchor("could not connect to the endpoint url | inaccessible host | attempting to connect to")

_NAMED = re.compile(
    r"(?:enotfound|eai_again|no such host|lookup|unknownhostexception:?|resolve(?: host| address)?:?"
    r"|unable to find the server at|inaccessible host:?|hosts? named?|host=|unable to execute http request:)"
    r"[ ':=(\[]{1,4}([a-z0-9_@*-]{0,80}(?:\.[a-z0-9_@*-]{0,80}){1,10})"
)
_BARE = re.compile(r"[a-z0-9_@-]{1,63}(?:\.[a-z0-9_@-]{0,63}){2,8}")
_ENDINGS = ("com", "net", "io", "org", "cn", "local", "dev", "cloud")

_AZURE = re.compile(r"\.(?:blob|dfs|table|queue|file|web)\.(?:core\.|storage\.)|\.z\d+\.web\.core|privatelink\.")
_CLOUD = re.compile(r"[^.]{1,100}\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn|cloudapi\.de)")
_AWS = re.compile(r"(?:^|\.)(?P<service>[a-z][a-z0-9-]*)\.(?P<region>[^.]*)\.amazonaws\.com(?:\.cn)?$")
_AWS_DASH = re.compile(r"(?:^|\.)s3-(?P<region>[^.]+)\.amazonaws\.com$")
_REGION = re.compile(
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest|isob)-[1-5]"
)
# Amazon still answers to the older s3-<region> in these.
_DASHED = frozenset({"us-west-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1", "sa-east-1"})
_DASHED |= {"ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2"}
_ENDPOINT_FIELD = "aws_s3.s3_custom_endpoint_url"
_LOGIN = re.compile(r"login\.|googleapis|accounts\.google|sts\.|management\.azure")


def unresolved(reading: Reading) -> Finding | None:
    """Reads a failure to resolve a host, with what the host's name gives away."""
    if heard(_RESOLVER, reading):
        return _finding(Cause.DNS_FAILED, "the resolver itself failed; the name may be right", ())
    sure = heard(_UNKNOWN, reading)
    if not sure and reading.stage != "dns" and not heard(_MAYBE, reading):
        return None
    if any(words in reading.folded for words in _NO_QUESTION):
        return None
    host = _host(reading)
    if not sure and not (host if reading.stage == "dns" else _telling(host)):
        return None
    return _judged(reading, host)


def _host(reading: Reading) -> str:
    found = _NAMED.search(reading.folded)
    if found:
        return found[1].strip("'").rstrip(".")
    if reading.urls:
        return reading.urls[-1][1].lower()
    return next((name for name in _BARE.findall(reading.folded) if name.rpartition(".")[2] in _ENDINGS), "")


def _telling(host: str) -> bool:
    aws = _AWS.search(host)
    return bool(aws and not _REGION.fullmatch(aws["region"])) or ".." in host


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
    if host.endswith((".http", ".https")):
        because = f"{host} is no host: an address with its scheme was written where a name belongs"
        return _finding(Cause.ENDPOINT_WRONG, because, (Cause.DNS_FAILED, Cause.REGION_WRONG), _ENDPOINT_FIELD)
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
            _ENDPOINT_FIELD,
        )
    return _finding(
        Cause.DNS_FAILED,
        "a host name could not be resolved",
        (Cause.ENDPOINT_WRONG, Cause.REGION_WRONG, Cause.ACCOUNT_NAME_WRONG),
    )


def _amazon(host: str) -> Finding:
    dashed = _AWS_DASH.search(host)
    if dashed and dashed["region"] not in _DASHED:
        return _finding(
            Cause.ENDPOINT_WRONG,
            f"Amazon has no host {host}: the region is written with a dot, s3.{dashed['region']}.amazonaws.com",
            (Cause.REGION_WRONG, Cause.DNS_FAILED),
            _ENDPOINT_FIELD,
        )
    parts = _AWS.search(host)
    if parts and parts["region"] not in {"s3", "dualstack"} and not _REGION.fullmatch(parts["region"]):
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
