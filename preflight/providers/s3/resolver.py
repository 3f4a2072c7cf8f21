"""Whether a name is wrong, or this machine resolves none: one name that surely exists tells."""

from __future__ import annotations

import socket

CONTROL = "s3.amazonaws.com"
_NEVER = ".invalid"  # RFC 6761: resolves nowhere, so that no other name need be asked for


def at_fault(host: str, error: BaseException) -> str:
    """What to add about a host that did not resolve, where the resolver is to blame; nothing where the name is."""
    if not isinstance(error, socket.gaierror) or host.endswith(_NEVER):
        return ""
    try:
        socket.getaddrinfo(CONTROL, 443)
    except OSError:
        return f"{CONTROL} does not resolve either"
    return ""
