"""Who an access key belongs to, told offline by the key's own identifier."""

from __future__ import annotations

import base64
import binascii

_PREFIXES = ("AKIA", "ASIA")
_ACCOUNT_BITS = 0x7FFFFFFFFF80  # of the first six bytes; the lowest seven say something else


def account_of(access_key_id: str) -> str:
    """The twelve digits of the account that an AWS access key id carries, or nothing.

    The sixteen characters after the prefix are base32; the account number stands in the first six bytes.
    """
    if len(access_key_id) != 20 or not access_key_id.startswith(_PREFIXES):
        return ""
    try:
        head = base64.b32decode(access_key_id[4:])[:6]
    except (binascii.Error, ValueError):
        return ""
    return f"{(int.from_bytes(head, 'big') & _ACCOUNT_BITS) >> 7:012d}"
