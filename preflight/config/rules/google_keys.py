"""Rules about the service account key of a Google storage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from preflight.config.entry import KEY_FILE, Entry
from preflight.config.rules.pasting import CHECK, LOOSE
from preflight.config.service_account import KeyFile
from preflight.model import Cause, Problem

_TOKEN_HOSTS = {"oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"}
_KINDS = {
    "authorized_user": "a person's gcloud login",
    "external_account": "a workload identity, which needs a source of tokens that Stream does not have",
    "external_account_authorized_user": "a workforce login, which needs a source of tokens that Stream does not have",
    "impersonated_service_account": "an impersonation, which needs another credential that Stream does not have",
}
_NEW_KEY = "create a key (JSON) for a service account and put in the whole file"


def shape_key_file(entry: Entry) -> Iterator[Problem]:
    key = entry.key
    if entry.kind != "gcs" or key is None:
        return
    if key.fault:
        yield _problem(
            entry,
            "",
            f"gcs_credentials is no key file as Stream wants it: {key.fault}",
            key.remedy,
            patch=f"{KEY_FILE}: {{file: keys.json}}" if key.document else "",
        )
    if key.document is None:
        return
    if wrong := _other_file(key):
        yield _problem(entry, "type", f"gcs_credentials is {wrong}; expected a service account key", _NEW_KEY)
        return
    yield from _email(entry, key)
    yield from _private_key(entry, key)
    yield from _addresses(entry, key)
    if not key.field("project_id") and not _lost(entry, "project_id"):
        yield _problem(
            entry, "project_id", "gcs_credentials has no project_id", "put in the whole key file", check=LOOSE
        )


def _other_file(key: KeyFile) -> str:
    """What this file is, if it is not a service account key."""
    document = key.document or {}
    if "installed" in document or "web" in document:
        return "the file of an OAuth client"
    if key.kind in _KINDS:
        return _KINDS[key.kind]
    if key.kind != "service_account":
        return "a JSON object whose type is not service_account"
    return ""


def _email(entry: Entry, key: KeyFile) -> Iterator[Problem]:
    email = key.field("client_email")
    if not email:
        if not _lost(entry, "client_email"):
            yield _problem(
                entry, "client_email", "gcs_credentials has no client_email", _NEW_KEY, cause=Cause.CREDENTIAL_MISSING
            )
    elif not re.fullmatch(r"[^\s@<>]+@[\w.-]+", email):
        yield _problem(entry, "client_email", "client_email is not an address of a service account", _NEW_KEY)
    elif not email.endswith(".iam.gserviceaccount.com"):
        yield _problem(
            entry,
            "client_email",
            "client_email does not end in .iam.gserviceaccount.com",
            "see that this is the service account that may write",
            check=LOOSE,
        )


def _private_key(entry: Entry, key: KeyFile) -> Iterator[Problem]:
    pem = key.field("private_key")
    if not pem:
        if not _lost(entry, "private_key"):
            yield _problem(
                entry, "private_key", "gcs_credentials has no private_key", _NEW_KEY, cause=Cause.CREDENTIAL_MISSING
            )
    elif fault := _broken(pem):
        what, remedy = fault
        yield _problem(entry, "private_key", f"private_key {what}", remedy)


def _broken(pem: str) -> tuple[str, str] | None:
    """Why this is no private key in PEM; the key itself is the only judge of whether it loads."""
    if "-----BEGIN" not in pem:
        what = "is a placeholder" if len(pem) < 100 else "does not begin with -----BEGIN PRIVATE KEY-----"
        return what, _NEW_KEY
    if "\\n" in pem:
        return (
            "has its line breaks as two characters, \\ and n",
            "put the key file in as it is; in YAML use double quotes or {file: keys.json}",
        )
    if "\n" not in pem.strip():  # some parsers forgive it, Go's does not
        return "has lost its line breaks", "put the key file in as it is, or write {file: keys.json}"
    if _loads(pem):
        return None
    if "PUBLIC KEY" in pem or "CERTIFICATE" in pem:
        return "is a public key or a certificate", _NEW_KEY
    if "ENCRYPTED" in pem:
        return "is encrypted with a password", _NEW_KEY
    return "is a PEM that does not load: something in it is missing or changed", _NEW_KEY


def _loads(pem: str) -> bool:
    """Whether a key can be read and its parts belong together; that its factors are prime takes longer than a write."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, RSAPrivateKey):
        return True
    numbers = key.private_numbers()
    return numbers.p * numbers.q == numbers.public_numbers.n


def _addresses(entry: Entry, key: KeyFile) -> Iterator[Problem]:
    universe = key.field("universe_domain")
    if universe and universe != "googleapis.com":
        yield _problem(
            entry,
            "universe_domain",
            "universe_domain is another cloud than Google's public one",
            _NEW_KEY,
            cause=Cause.TENANT_WRONG,
        )
    uri = key.field("token_uri")
    if uri and not _is_google(uri):
        yield _problem(
            entry,
            "token_uri",
            "token_uri is not Google's: it would be sent proof of who the key is",
            "write https://oauth2.googleapis.com/token",
        )
    elif not uri and not _lost(entry, "token_uri"):
        yield _problem(
            entry,
            "token_uri",
            "gcs_credentials has no token_uri",
            "write https://oauth2.googleapis.com/token",
            check=LOOSE,
        )


def _is_google(uri: str) -> bool:
    try:
        url = urlsplit(uri)
        plain = url.scheme == "https" and url.port in {None, 443} and "@" not in url.netloc
    except ValueError:
        return False
    return plain and (url.hostname or "").lower() in _TOKEN_HOSTS


def _lost(entry: Entry, name: str) -> bool:
    """Whether a field is written but its value could not be had, which is complained about elsewhere."""
    return any(lost == f"{KEY_FILE}.{name}" for lost, _, _ in entry.lost)


def _problem(
    entry: Entry,
    name: str,
    message: str,
    remedy: str,
    *,
    cause: Cause = Cause.CREDENTIAL_MALFORMED,
    check: str = CHECK,
    patch: str = "",
) -> Problem:
    field = f"{KEY_FILE}.{name}" if name else KEY_FILE
    return entry.problem(check, field, message, cause=cause, remedy=remedy, patch=patch)
