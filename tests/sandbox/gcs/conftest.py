"""Google's own client library on a sandbox, as any account of its world, and the raw protocol beside it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
import requests
from google.auth.transport.requests import Request
from google.cloud import storage  # type: ignore[import-untyped]  # ships no types
from google.oauth2.service_account import Credentials

from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge

WRITER = "stream-writer@my-project.iam.gserviceaccount.com"
FULL = "https://www.googleapis.com/auth/devstorage.full_control"

Open = Callable[..., Sandbox]
Speak = Callable[..., requests.Session]


def granting(*roles: str, member: str = f"serviceAccount:{WRITER}", **more: Any) -> dict[str, Any]:
    """The changes of a world in which the bucket's policy grants these roles to one member."""
    bindings = [{"role": role, "members": [member], **more} for role in roles]
    return {"buckets": {"my-recordings": {"policy": json.dumps({"version": 3, "bindings": bindings})}}}


@pytest.fixture
def open_box() -> Iterator[Open]:
    """Open the healthy scenario with its world changed."""
    with ExitStack() as stack:

        def opened(*changes: Mapping[str, Any], name: str = "gcs/healthy", **fields: Any) -> Sandbox:
            scenario = load(name)
            world = scenario.world
            for change in changes:
                world = merge(world, change)
            return stack.enter_context(Sandbox(replace(scenario, world=world, **fields)))

        yield opened


def credentials(box: Sandbox, *scopes: str, variable: str = "GCS_KEY") -> Credentials:
    info = json.loads(box.environ[variable])
    info["token_uri"] = f"{box.endpoints['google-token']}/token"
    made: Credentials = Credentials.from_service_account_info(info, scopes=scopes or [FULL])  # type: ignore[no-untyped-call]  # typed in part
    return made


@pytest.fixture
def speak() -> Iterator[Speak]:
    """A session with a real token: google-auth signs, the sandbox verifies."""
    with ExitStack() as stack:

        def made(box: Sandbox, *scopes: str, variable: str = "GCS_KEY") -> requests.Session:
            known = credentials(box, *scopes, variable=variable)
            session = stack.enter_context(requests.Session())
            known.refresh(Request(session))  # type: ignore[no-untyped-call]  # typed in part
            session.headers["Authorization"] = f"Bearer {known.token}"
            return session

        yield made


@pytest.fixture
def bucket(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The library's bucket in a box, for the account whose key the variable holds."""
    from google.auth.credentials import AnonymousCredentials

    monkeypatch.setenv("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")

    def made(box: Sandbox, variable: str = "GCS_KEY") -> Any:
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]  # typed in part
        client = storage.Client(
            "my-project",
            nobody,
            _http=speak(box, variable=variable),
            client_options={"api_endpoint": box.endpoints["gcs"]},
        )
        return client.bucket("my-recordings")

    return made


def upload(
    session: requests.Session, box: Sandbox, name: str, bucket: str = "my-recordings", **query: str
) -> requests.Response:
    """A whole object in one request of the JSON API."""
    url = f"{box.endpoints['gcs']}/upload/storage/v1/b/{bucket}/o"
    headers = {"Content-Type": "text/plain"}
    return session.post(
        url, params={"uploadType": "media", "name": name, **query}, data=b"x", headers=headers, timeout=5
    )


def reason(response: requests.Response) -> tuple[int, str, str]:
    """Status, reason and message of a refusal in the JSON API's shape."""
    error = response.json()["error"]
    assert error["code"] == response.status_code
    assert error["message"] == error["errors"][0]["message"]
    return response.status_code, error["errors"][0]["reason"], error["message"]
