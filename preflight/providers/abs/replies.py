"""Turns what came back, or did not, into replies: the raw signal, and whether something exists because of it."""

from __future__ import annotations

import errno
import html
import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError, ReadTimeoutError

from preflight.model import Effect, Refusal, Reply, Setting
from preflight.providers.abs.door import Exchange, origin

SHOWN = 16 * 1024  # characters of a body that are kept as evidence
LONGEST = 4000  # characters of a message
HEADERS = {
    "content-type",
    "date",
    "location",
    "retry-after",
    "server",
    "via",
    "www-authenticate",
    "x-ms-error-code",
    "x-ms-request-id",
    "x-ms-version",
}
_OF_PROXIES = frozenset({407, 511})
_OWN_HEADERS = ("x-ms-request-id", "x-ms-error-code")
_OF_ENTRA = {"error_codes", "correlation_id"}
_RESOLVER = {getattr(socket, name): name for name in dir(socket) if name.startswith("EAI_")}
_UNSENT = "azure.core.exceptions.Service"  # ServiceRequestError, ServiceResponseError and their timeouts
_AADSTS = re.compile(r"AADSTS\d+")


@dataclass(frozen=True, slots=True)
class Step:
    """What was being done. `stage` as `diagnose` knows it, and the operation in the provider's words."""

    stage: str
    operation: str
    writes: bool = False
    proof: frozenset[str] = frozenset()  # headers without which a success is not Azure's


def accepted(exchange: Exchange, facts: Mapping[str, Any] | None = None, effect: Effect = Effect.NONE) -> Reply:
    return Reply(
        status=exchange.status,
        code=exchange.headers.get("x-ms-error-code"),
        request_id=_request_id(exchange),
        facts={**seen(exchange), **(facts or {})},
        effect=effect,
    )


def refused(step: Step, exchange: Exchange, message: str = "") -> Reply:
    """An answer that is no success. `message` says why, where the answer itself claims to be one."""
    code, said = _parse(exchange)
    text = message or said[:LONGEST] or f"HTTP {exchange.status} without a reason"
    refusal = Refusal(
        provider="abs",
        stage=step.stage,
        operation=step.operation,
        status=exchange.status,
        code=code,
        message=text,
        body=exchange.body[:SHOWN],
        headers={name: value for name, value in exchange.headers.items() if name in HEADERS},
        foreign=bool(message) or _is_foreign(exchange),
    )
    # A server that gives up may have finished all the same; so may one whose success nobody can read.
    unsure = exchange.status >= 500 or exchange.status == 408 or exchange.status < 400
    return Reply(
        status=exchange.status,
        code=code,
        message=text,
        request_id=_request_id(exchange),
        facts=seen(exchange),
        refusal=refusal,
        effect=Effect.POSSIBLE if step.writes and unsure else Effect.NONE,
    )


def unanswered(step: Step, url: str, error: BaseException) -> Reply:
    """No answer came. The code is the name of the error number, so that no wording has to be guessed."""
    causes = tuple(_chain(error))
    stage, code, said = _failure(causes)
    host = origin(url).rpartition("/")[2]
    message = f"{code} {host}: {said}"
    refusal = Refusal(
        provider="abs",
        stage=stage or step.stage,
        operation=step.operation,
        code=code,
        message=message,
        text=f"{'getaddrinfo ' if stage == 'dns' else ''}{message}",
    )
    lost = step.writes and bool(stage) and not _never_sent(causes)
    return Reply(code=code, message=message, refusal=refusal, effect=Effect.POSSIBLE if lost else Effect.NONE)


def unknown(step: Step, code: str, message: str) -> Reply:
    """A refusal that nobody sent: what keeps us from asking."""
    refusal = Refusal(provider="abs", stage=step.stage, operation=step.operation, code=code, message=message)
    return Reply(code=code, message=message, refusal=refusal)


def not_offered(setting: Setting, why: str) -> Reply:
    return unknown(Step("arm", f"read {setting}"), "not-offered", why)


def seen(exchange: Exchange) -> dict[str, Any]:
    return {} if exchange.skew is None else {"skew_seconds": exchange.skew}


def genuine(step: Step, exchange: Exchange) -> bool:
    """Whether a success bears what Azure always sends: something between us can say 201 as well."""
    return step.proof <= exchange.headers.keys() and "html" not in exchange.headers.get("content-type", "")


def challenged_tenant(challenge: str) -> str:
    """The tenant of the account, from its `WWW-Authenticate`, or nothing."""
    found = re.search(r"authorization_uri=\"?https?://[^/\s]+/([^/\s,\"]+)", challenge)
    return found[1] if found else ""


def _is_foreign(exchange: Exchange) -> bool:
    """Whether nothing in the answer is Azure's own.

    A proxy asks for its own credentials (407, 511), and a gateway hands headers on when it lost what is behind it.
    """
    if exchange.status in _OF_PROXIES:
        return True
    marked = any(name in exchange.headers for name in _OWN_HEADERS)
    return not _is_own_error(exchange.body) and (exchange.status >= 500 or not marked)


def _is_own_error(body: str) -> bool:
    """Whether it is an error of the storage, of Azure Resource Manager or of Entra ID."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "<Error>" in body and "<Code>" in body
    if not isinstance(document, Mapping):
        return False
    error = document.get("error")
    if isinstance(error, Mapping):
        return bool(_text(error.get("code")))
    return bool(_text(error)) and not _OF_ENTRA.isdisjoint(document)


def _parse(exchange: Exchange) -> tuple[str | None, str]:
    """Code and message; the header is trusted before the body."""
    code = exchange.headers.get("x-ms-error-code")
    body = exchange.body
    if body.lstrip().startswith("{"):
        inner_code, message = _parse_json(body)
        return code or inner_code, message
    found = {name: re.search(rf"<{name}>(.*?)</{name}>", body, re.DOTALL) for name in ("Code", "Message")}
    xml = {name: html.unescape(match[1]).strip() for name, match in found.items() if match}
    message = xml.get("Message", "").partition("\nRequestId:")[0].strip()
    plain = exchange.headers.get("content-type", "").startswith("text/plain")
    return code or xml.get("Code"), message or (body.strip()[:300] if plain else "")


def _parse_json(body: str) -> tuple[str | None, str]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    error = content.get("error")
    if isinstance(error, Mapping):
        return _text(error.get("code")) or None, _text(error.get("message"))
    message = _text(content.get("error_description"))
    number = _AADSTS.search(message)
    return number[0] if number else _text(error) or None, message


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _request_id(exchange: Exchange) -> str | None:
    return exchange.headers.get("x-ms-request-id")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it wraps, in whichever way it does."""
    waiting, met = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in met:
            continue
        met.add(id(one))
        yield one
        wrapped = [getattr(one, name, None) for name in ("inner_exception", "reason", "__cause__", "__context__")]
        waiting += [inner for inner in (*wrapped, *one.args) if isinstance(inner, BaseException)]


def _failure(causes: tuple[BaseException, ...]) -> tuple[str, str, str]:
    """Stage, code and words of the failure that tells most; no stage where it is none of the network."""
    for kind in (socket.gaierror, ssl.SSLError, ProxyError, OSError, ReadTimeoutError, ConnectTimeoutError):
        for one in causes:
            if isinstance(one, kind) and (told := _told(one)):
                return told
    broken = any(f"{type(one).__module__}.{type(one).__name__}".startswith(_UNSENT) for one in causes)
    return "connect" if broken else "", type(causes[0]).__name__, str(causes[0])


def _told(error: BaseException) -> tuple[str, str, str] | None:
    match error:
        case socket.gaierror():
            return "dns", _RESOLVER.get(error.errno or 0, "EAI"), error.strerror or str(error)
        case ssl.SSLError():
            return "connect", error.reason or "SSLError", str(error)
        case OSError() if error.errno in errno.errorcode:
            return "connect", errno.errorcode[error.errno or 0], error.strerror or str(error)
        case ProxyError():
            return "connect", "ProxyError", str(error)
        case ReadTimeoutError():
            return "connect", "ReadTimeout", "no answer within the time allowed"
        case ConnectTimeoutError():
            return "connect", "ETIMEDOUT", "no connection within the time allowed"
        case _:
            return None


def _never_sent(causes: tuple[BaseException, ...]) -> bool:
    """Whether the failure surely came before the request; a broken connection leaves that open."""
    before = socket.gaierror | NewConnectionError | ConnectTimeoutError | ProxyError
    return any(isinstance(one, before) or _refused_handshake(one) for one in causes)


def _refused_handshake(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError) and "EOF" not in (error.reason or "EOF")
