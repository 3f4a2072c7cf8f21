"""The body of an upload: out of its chunks, and held against every digest that came with it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Mapping

from preflight.sandbox.exchange import Request
from preflight.sandbox.s3.refusal import RefusedError, invalid, unimplemented

_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def _crc(polynomial: int, bits: int) -> Callable[[bytes], bytes]:
    """A reflected cyclic redundancy check with all bits set at both ends."""
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    ones = (1 << bits) - 1

    def digest(data: bytes) -> bytes:
        value = ones
        for byte in data:
            value = value >> 8 ^ table[(value ^ byte) & 0xFF]
        return (value ^ ones).to_bytes(bits // 8, "big")

    return digest


CHECKSUMS: Mapping[str, Callable[[bytes], bytes]] = {
    "crc32": lambda data: zlib.crc32(data).to_bytes(4, "big"),
    "crc32c": _crc(0x82F63B78, 32),
    "crc64nvme": _crc(0x9A6C9329AC4BC9B5, 64),
    "sha1": lambda data: hashlib.sha1(data).digest(),  # noqa: S324 - a checksum of the protocol
    "sha256": lambda data: hashlib.sha256(data).digest(),
}


def take(request: Request) -> tuple[bytes, Mapping[str, str]]:
    """The bytes to store and the checksums that came with them, as headers; nothing is compared yet."""
    claimed = request.headers.get("x-amz-content-sha256", "")
    body = request.body
    trailers: Mapping[str, str] = {}
    if claimed == _UNSIGNED_TRAILER:
        body, trailers = _unchunk(body)
    elif claimed.startswith("STREAMING-"):
        raise unimplemented("x-amz-content-sha256")
    sent = {
        name: value
        for name, value in {**request.headers, **trailers}.items()
        if name.removeprefix("x-amz-checksum-") in CHECKSUMS
    }
    if "x-amz-sdk-checksum-algorithm" in request.headers and not sent:
        raise invalid(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer "
            "headers were found."
        )
    return body, sent


def verify(request: Request, body: bytes, sent: Mapping[str, str]) -> None:
    """Compare every digest that came along. AWS does so after authorisation."""
    claimed = request.headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    computed = hashlib.sha256(request.body).hexdigest()
    if not claimed.startswith(("UNSIGNED-", "STREAMING-")) and claimed != computed:
        raise RefusedError(
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            {"ClientComputedContentSHA256": claimed, "S3ComputedContentSHA256": computed},
        )
    _verify_md5(request.headers.get("content-md5"), body)
    for name, value in sent.items():
        algorithm = name.removeprefix("x-amz-checksum-")
        if base64.b64encode(CHECKSUMS[algorithm](body)).decode() != value.strip():
            text = f"The {algorithm.upper()} you specified did not match the calculated checksum."
            raise RefusedError(400, "BadDigest", text)


def _verify_md5(claimed: str | None, body: bytes) -> None:
    if claimed is None:
        return
    computed = base64.b64encode(hashlib.md5(body).digest()).decode()  # noqa: S324 - the protocol's digest
    try:
        size = len(base64.b64decode(claimed, validate=True))
    except binascii.Error:
        size = 0
    if size != 16:
        text = "The Content-MD5 you specified was invalid."
        raise RefusedError(400, "InvalidDigest", text, {"Content-MD5": claimed})
    if claimed != computed:
        raise RefusedError(
            400,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            {"ExpectedDigest": claimed, "CalculatedDigest": computed},
        )


def _unchunk(body: bytes) -> tuple[bytes, Mapping[str, str]]:
    whole = bytearray()
    while True:
        head, _, body = body.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if size == 0:
            break
        whole += body[:size]
        body = body[size + 2 :]
    lines = (line.decode().partition(":") for line in body.split(b"\r\n") if line)
    return bytes(whole), {name.strip().lower(): value.strip() for name, _, value in lines}
