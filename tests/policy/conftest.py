"""What the tests of policies share: storages, documents in files, and the command as people run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preflight import cli

STREAM = "arn:aws:iam::185583345998:root"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What the command wrote, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with a configuration and documents, and the command run in it."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def storage(self, **changes: Any) -> Path:
        """A keyless S3 storage with fields replaced; `s3_*` reach into `aws_s3`."""
        amazon = {"s3_region": "eu-central-1"}
        storage: Json = {
            "name": "my-s3",
            "storage_type": "s3",
            "bucket": "my-recordings",
            "path": "recordings/",
            "aws_s3": amazon,
        }
        for name, value in changes.items():
            target = amazon if name.startswith("s3_") else storage
            target[name] = value
        return self.write("storages.json", {"storages": [storage]})

    def with_key(self, **changes: Any) -> Path:
        """The same, written by a user of account 581039954779, as the key's own id tells."""
        return self.storage(s3_api_key="AKIAIOSFODNN7EXAMPLE", s3_secret="a" * 20 + "B1" * 10, **changes)

    def write(self, name: str, document: Any) -> Path:
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
        return path

    def policy(self, *arguments: str | Path) -> Said:
        code = cli.run(["policy", *map(str, arguments)])
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def tested(self, storage: Path, *documents: str | Path, more: tuple[str, ...] = ()) -> tuple[int, dict[str, Json]]:
        """Exit code and outcomes by check of `policy test`, through its JSON report."""
        given = [argument for document in documents for argument in ("--document", str(document))]
        said = self.policy("test", storage, *given, "-o", "json", *more)
        assert said.out, said.err
        report = json.loads(said.out)
        return said.code, {one["check"]: one for one in report["storages"][0]["outcomes"]}


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def allow(
    resource: str | list[str], *, principal: str | None = STREAM, action: str = "s3:PutObject", **more: Any
) -> Json:
    who = {"Principal": {"AWS": principal}} if principal else {}
    return {"Effect": "Allow", **who, "Action": action, "Resource": resource, **more}


def deny(resource: str | list[str], *, principal: Any = "*", action: str = "s3:*", **more: Any) -> Json:
    return {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": resource, **more}


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


GRANT = policy(allow("arn:aws:s3:::my-recordings/recordings/*"))
USER_GRANT = policy(allow("arn:aws:s3:::my-recordings/recordings/*", principal=None))

Tested = Callable[..., tuple[int, dict[str, Json]]]
PLAIN = ("encryption=none", "public-access=none")  # AES256, as AWS does by itself
