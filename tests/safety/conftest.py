"""Three clouds in one file, and every secret that a run of ours knows, sends or is given."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from preflight import cli
from preflight.cli.demo import at_home
from preflight.sandbox import Fault, Sandbox

_SENT = re.compile(r"(?i)(?:Bearer |Signature=|upload_id=|[?&]sig=)([^\s&,;]{12,})")
_PRIVATE = ("assertion", "client_secret", "client_assertion")  # fields of a form that asks for a token


@dataclass(frozen=True, slots=True)
class Clouds:
    """Open sandboxes, one configuration for all of them, and whoever looks for what must not be seen."""

    boxes: tuple[Sandbox, ...]
    file: Path

    def inject(self, fault: Fault) -> None:
        for box in self.boxes:
            box.inject(fault)

    @property
    def canaries(self) -> frozenset[str]:
        """What was configured, and what was sent since: tokens, assertions, signatures, addresses of uploads."""
        served = [request for box in self.boxes for _, request in box.world.served]
        heads = " ".join(f"{request.target} {request.headers.get('authorization', '')}" for request in served)
        forms = {request.form.get(name, "") for request in served for name in _PRIVATE}
        return frozenset({*self.configured, *_SENT.findall(heads), *forms} - {""})

    @property
    def configured(self) -> frozenset[str]:
        """The secrets of the file and of the operator: whole ones, key ids beyond their prefix, lines of a PEM."""
        values = [value for box in self.boxes for value in box.environ.values() if not value.startswith("http")]
        lines = {line for value in values if "PRIVATE" in value for line in _pem(value)}
        keys = {value.removeprefix("AKIA") for value in values if value.startswith("AKIA")}
        named = {value for value in values if re.search("secret", value) and "PRIVATE" not in value}
        assert len(lines) > 20
        assert len(keys) > 0
        assert len(named) > 1
        return frozenset({*lines, *keys, *named})

    def seen(self, text: str) -> list[str]:
        """The canaries in a text, which must be none."""
        return [canary for canary in self.canaries if canary in text]


def raw(secrets: Iterable[str]) -> str:
    """Secrets as an error may have them in its message: whole, as JSON, as Python writes them, and line by line."""
    found = [form for secret in secrets for form in (secret, json.dumps(secret), repr(secret), *secret.splitlines())]
    return " ".join([*found, *(json.loads(one)["private_key"] for one in found if one.startswith('{"'))])


def _pem(key: str) -> list[str]:
    return [line for line in json.loads(key)["private_key"].splitlines() if not line.startswith("--") and line]


@pytest.fixture
def clouds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    """A healthy storage at each of the three clouds, as the command line finds them."""
    with ExitStack() as stack:
        boxes = tuple(stack.enter_context(Sandbox(f"{cloud}/healthy")) for cloud in ("s3", "gcs", "abs"))
        entries = [entry for box in boxes for entry in yaml.safe_load(box.configuration)["storages"]]
        entries[0]["aws_s3"]["s3_custom_endpoint_url"] = boxes[0].endpoints["s3"]
        for box in boxes:
            for name, value in box.environ.items():
                monkeypatch.setenv(name, value)
            for name, url in box.endpoints.items():
                monkeypatch.setenv(f"PREFLIGHT_ENDPOINT_{name.upper().replace('-', '_')}", url)
        # last, so that it is left first: what it restores is then undone, rather than kept, by the patches above
        stack.enter_context(at_home(list(boxes)))
        file = tmp_path / "storages.yaml"
        file.write_text(yaml.safe_dump({"storages": entries}), encoding="utf-8")
        yield Clouds(boxes, file)


@dataclass(frozen=True, slots=True)
class Said:
    """An exit code and everything that was said, to standard output and to standard error."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


Say = Callable[..., Said]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run one command in this process, and leave its logging as it was."""
    root, wire = logging.getLogger(), logging.getLogger("urllib3.connectionpool")
    before = root.level, wire.level, list(root.handlers)

    def run(*arguments: object) -> Said:
        code = cli.run([str(argument) for argument in arguments])
        root.setLevel(before[0])
        wire.setLevel(before[1])
        for handler in [one for one in root.handlers if one not in before[2]]:
            root.removeHandler(handler)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run
