"""Worlds to open in a test, and the real boto3 client to speak to them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge

Open = Callable[..., Sandbox]
Client = Callable[..., Any]


@pytest.fixture
def open_box() -> Iterator[Open]:
    """Open a scenario with its world changed: `open_box({"buckets": {…}}, clock=60)`."""
    with ExitStack() as stack:

        def opened(changes: Mapping[str, Any] | None = None, name: str = "s3/healthy", **fields: Any) -> Sandbox:
            scenario = load(name)
            world = merge(scenario.world, changes or {})
            return stack.enter_context(Sandbox(replace(scenario, world=world, **fields)))

        yield opened


@pytest.fixture(scope="session")
def loaded() -> Any:
    """One boto3 session for all: reading the service models takes its time."""
    return boto3.session.Session()


@pytest.fixture
def client(loaded: Any) -> Iterator[Client]:
    """Make a boto3 client for a box, as its writer unless told otherwise; it tries once and follows nothing."""
    with ExitStack() as stack:

        def made(box: Sandbox, service: str = "s3", **given: Any) -> Any:
            config = Config(
                retries={"total_max_attempts": 1},
                connect_timeout=5,
                read_timeout=5,
                request_checksum_calculation=given.pop("checksums", "when_supported"),
                s3=given.pop("s3", None),
            )
            found = loaded.client(
                service,
                config=config,
                **{
                    "region_name": "eu-central-1",
                    "endpoint_url": box.endpoints[service],
                    "aws_access_key_id": box.environ["S3_KEY"],
                    "aws_secret_access_key": box.environ["S3_SECRET"],
                    "verify": str(box.authority) if box.authority else None,
                    **given,
                },
            )
            found.meta.events.register("before-call.s3", _stay)
            stack.callback(found.close)
            return found

        yield made


def _stay(context: dict[str, Any], **_: object) -> None:
    """Keep botocore from following a redirect to another region by itself."""
    context.setdefault("s3_redirect", {})["redirected"] = True
