"""A refusal in AWS's words, and the texts of those that come up in more than one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class RefusedError(Exception):
    """What the wire will say. `fields` become elements beside code and message, in order."""

    status: int
    code: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def denied(message: str = "Access Denied") -> RefusedError:
    return RefusedError(403, "AccessDenied", message)


def missing_bucket(name: str) -> RefusedError:
    return RefusedError(404, "NoSuchBucket", "The specified bucket does not exist", {"BucketName": name})


def missing_key(key: str) -> RefusedError:
    return RefusedError(404, "NoSuchKey", "The specified key does not exist.", {"Key": key})


def missing_upload(upload: str) -> RefusedError:
    text = (
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
        "aborted or completed."
    )
    return RefusedError(404, "NoSuchUpload", text, {"UploadId": upload})


def wrong_method(method: str, resource_type: str) -> RefusedError:
    return RefusedError(
        405,
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        {"Method": method, "ResourceType": resource_type},
    )


def invalid(message: str) -> RefusedError:
    return RefusedError(400, "InvalidRequest", message)


def unimplemented(header: str) -> RefusedError:
    text = "A header you provided implies functionality that is not implemented"
    return RefusedError(501, "NotImplemented", text, {"Header": header})
