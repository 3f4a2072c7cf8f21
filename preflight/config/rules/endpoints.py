"""Rules about the custom endpoint of an S3 storage."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from preflight.config.entry import Entry
from preflight.config.wording import quoted
from preflight.model import Cause, Problem

ENDPOINT = "aws_s3.s3_custom_endpoint_url"
CHECK = "shape-endpoint"
LOOSE = "shape-endpoint-plainly"

_AMAZON = re.compile(r"(?:^|\.)amazonaws\.com(?:\.cn)?$")
_AMAZON_REGION = re.compile(r"(?:^|[.-])([a-z]{2,4}(?:-[a-z]+)+-\d+)\.")

# Hosts of services that put the bucket before the host name, where a first label can be nothing else.
_VENDORS = re.compile(
    r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|digitaloceanspaces\.com|wasabisys\.com|backblazeb2\.com"
    r"|r2\.cloudflarestorage\.com|linodeobjects\.com|scw\.cloud|storage\.googleapis\.com|aliyuncs\.com)$"
)
_LONGEST_HOST = 253  # characters, by the rules of DNS
_METADATA_NAMES = {"metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal"}
_METADATA_ADDRESSES = {"fd00:ec2::254", "100.100.100.200"}


def on_amazon(entry: Entry) -> bool:
    """Whether AWS itself answers: then its rules for names and regions hold."""
    return entry.lacks(ENDPOINT) or bool(_AMAZON.search(_host(_split(entry))))


def _split(entry: Entry) -> SplitResult:
    text = entry.text(ENDPOINT).strip()
    try:
        return urlsplit(text if "://" in text else f"//{text}")
    except ValueError:
        return SplitResult("", "", "", "", "")


def _host(url: SplitResult) -> str:
    host = (url.hostname or "").rstrip(".").lower()
    return host if len(host) <= _LONGEST_HOST else ""


def shape_endpoint(entry: Entry) -> Iterator[Problem]:
    text = entry.text(ENDPOINT)
    if entry.kind != "s3" or not text:
        return
    url = _split(entry)
    if forbidden(_host(url)):
        yield _problem(
            entry,
            CHECK,
            "is the metadata service of a cloud machine, which is never asked",
            "write the address of the storage service",
        )
    elif fault := next(_faults(entry, text, url), None):
        yield _problem(entry, CHECK, *fault)
    else:
        yield from _plainly(entry, url)


def forbidden(host: str) -> bool:
    """Whether a host is a metadata service or link-local, in whatever notation."""
    if host in _METADATA_NAMES or host in _METADATA_ADDRESSES:
        return True
    address = _address(host)
    return bool(address and (address.is_link_local or str(address) in _METADATA_ADDRESSES))


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, also written as one number or in hex, or nothing."""
    bare = host.strip("[]").partition("%")[0]
    try:
        address = ip_address(bare)
        return getattr(address, "ipv4_mapped", None) or address
    except ValueError:
        pass
    try:
        return ip_address(socket.inet_aton(bare)) if re.fullmatch(r"[0-9a-fx.]+", bare) else None
    except OSError:
        return None


def _faults(entry: Entry, text: str, url: SplitResult) -> Iterator[tuple[str, str]]:
    """Each way in which this is no endpoint, the plainest first."""
    if re.search(r"[\s\x00-\x1f]", text):
        yield "has white space in it", "write the address without it"
    if re.search(r"[\"'“”]", text):
        yield "has quotes around it", "write the address without them"
    if "@" in url.netloc:
        yield "has a user or password in it", "put key and secret into s3_api_key and s3_secret"
    if "://" not in text:
        yield "has no scheme", f"write https://{url.netloc}{url.path}"
    if url.scheme not in {"http", "https"}:
        yield "has a scheme that is not of the web", "begin it with https://"
    if not _host(url) or re.search(r"[<>{}$…]|\.\.", _host(url)):
        yield "names no host", "write https:// and the host name of the storage service"
    if url.query or url.fragment:
        yield "has a query, as a signed link has", f"write {url.scheme}://{url.netloc}"
    if not _port_is_sane(url):
        yield "has a port that cannot be", f"write {url.scheme}://{_host(url)}"
    if _host(url).endswith((".blob.core.windows.net", ".dfs.core.windows.net")):
        yield "is Azure Blob Storage, which does not speak S3", "write storage_type: abs with azure_blob"
    yield from _region_apart(entry, url)
    yield from _bucket_repeated(entry, url)


def _port_is_sane(url: SplitResult) -> bool:
    try:
        return url.port is None or url.port > 0
    except ValueError:
        return False


def _bucket_repeated(entry: Entry, url: SplitResult) -> Iterator[tuple[str, str]]:
    bucket, (first, _, rest) = entry.text("bucket"), _host(url).partition(".")
    if bucket and bucket in url.path.split("/"):
        yield "has the bucket in its path", f"write {url.scheme}://{url.netloc}"
    if bucket and first == bucket.lower() and rest.count(".") > 1 and _VENDORS.search(rest):
        yield "has the bucket in its host name", f"write {url.scheme}://{url.netloc[len(bucket) + 1 :]}"


def _region_apart(entry: Entry, url: SplitResult) -> Iterator[tuple[str, str]]:
    """An address of AWS that names another region than `s3_region`."""
    host, region = _host(url), entry.text("aws_s3.s3_region")
    found = _AMAZON_REGION.search(host) if _AMAZON.search(host) else None
    if found and region and found[1] != region:
        remedy = "remove s3_custom_endpoint_url, and let s3_region name the bucket's region"
        yield f"is in {found[1]}, but s3_region is {quoted(region)}", remedy


def _plainly(entry: Entry, url: SplitResult) -> Iterator[Problem]:
    bucket, host = entry.text("bucket"), _host(url)
    if url.path.strip("/"):
        yield _problem(entry, LOOSE, "has a path, which few services want", f"try {url.scheme}://{url.netloc}")
    elif bucket and host.startswith(f"{bucket.lower()}."):
        yield _problem(
            entry,
            LOOSE,
            "begins with the bucket's name; clients put that there themselves",
            f"try {url.scheme}://{url.netloc[len(bucket) + 1 :]}",
        )


def need_endpoint(entry: Entry) -> Iterator[Problem]:
    if entry.kind != "s3" or not entry.text(ENDPOINT):
        return
    host = _host(_split(entry))
    if _AMAZON.search(host):
        yield _problem(
            entry,
            "need-endpoint",
            "is AWS itself, which s3_region alone finds",
            "remove s3_custom_endpoint_url; it makes key and secret compulsory and can contradict s3_region",
        )
    elif host == "storage.googleapis.com":
        yield _problem(
            entry,
            "need-endpoint",
            "is Google's S3 interface, which ignores preconditions",
            "prefer storage_type: gcs with gcs_credentials",
        )


def use_https(entry: Entry) -> Iterator[Problem]:
    if entry.kind == "s3" and entry.text(ENDPOINT).strip().lower().startswith("http://"):
        yield entry.problem(
            "use-https",
            ENDPOINT,
            f"{_shown(entry)} sends recordings unencrypted",
            cause=Cause.HTTPS_REQUIRED,
            remedy="write https://",
        )


def reach_endpoint_from_outside(entry: Entry) -> Iterator[Problem]:
    """A private address answers here and not where Stream is."""
    host = _host(_split(entry)) if entry.kind == "s3" and entry.text(ENDPOINT) else ""
    if not host or forbidden(host):
        return
    address = _address(host)
    private = address is not None and (address.is_private or address.is_loopback)
    if private or host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        yield _problem(
            entry,
            "reach-endpoint-from-outside",
            "is a private address, which Stream cannot reach",
            "give the service a public name",
        )


def _shown(entry: Entry) -> str:
    return f"s3_custom_endpoint_url {quoted(entry.text(ENDPOINT))}"


def _problem(entry: Entry, check: str, what: str, remedy: str) -> Problem:
    # An endpoint with a password in it is not shown, and neither is an address made from it.
    return entry.problem(check, ENDPOINT, f"{_shown(entry)} {what}", remedy=remedy if "@" not in remedy else "")
