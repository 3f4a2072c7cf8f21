"""The private keys of the accounts: made once per process, for making one takes longer than all the rest."""

from __future__ import annotations

import functools
import hashlib
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from preflight.sandbox.gcs.state import Account

TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a password


@functools.cache
def private_key(email: str) -> RSAPrivateKey:  # noqa: ARG001 - one key for each, by the cache
    """The key that the account's file holds, whether or not the account still knows it."""
    return generate_private_key(65537, 2048)


def key_file(account: Account) -> str:
    """The account's key file, as JSON text."""
    digits = hashlib.sha256(account.email.encode())
    pem = private_key(account.email).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    document = {
        "type": "service_account",
        "project_id": account.project,
        "private_key_id": digits.hexdigest()[:40],
        "private_key": pem.decode(),
        "client_email": account.email,
        "client_id": str(int(digits.hexdigest(), 16))[:21],
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": TOKEN_URI,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "universe_domain": "googleapis.com",
    }
    return json.dumps({**document, **account.file})
