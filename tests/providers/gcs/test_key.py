"""A key file is read without trusting it: whatever is in it, nothing is raised, sent astray or shown."""

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model import GcsStorage, Put, Refusal, Secret
from preflight.providers import Reach, gcs
from preflight.providers.gcs.key import Key, read_key
from tests.providers.gcs.conftest import KEY, Open, signal

WHOLE = {
    "type": "service_account",
    "project_id": "my-project",
    "private_key": "-----BEGIN PRIVATE KEY-----\nCANARYCANARY\n-----END PRIVATE KEY-----\n",
    "client_email": "w@my-project.iam.gserviceaccount.com",
    "token_uri": "https://oauth2.googleapis.com/token",
}


def storage(text: str) -> GcsStorage:
    return GcsStorage(name="s", storage_type="gcs", bucket="my-recordings", credentials=Secret(text, source="here"))


def read(changes: dict[str, Any], token_uri: str | None = None) -> Key | Refusal:
    return read_key(storage(json.dumps({**WHOLE, **changes})), token_uri)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "authorized_user"}, "wrong-type"),
        ({"type": 7}, "wrong-type"),
        ({"client_email": ""}, "missing-fields"),
        ({"private_key": None}, "missing-fields"),
        ({"universe_domain": "example.com"}, "foreign-universe-domain"),
        ({"token_uri": "https://oauth2.googleapis.com.example.com/token"}, "foreign-token-uri"),
        ({"token_uri": "http://oauth2.googleapis.com/token"}, "foreign-token-uri"),
        ({"token_uri": "https://oauth2.googleapis.com@example.com/token"}, "foreign-token-uri"),
        ({"token_uri": "https://oauth2.googleapis.com:8443/token"}, "foreign-token-uri"),
        ({"token_uri": "http://169.254.169.254/token"}, "foreign-token-uri"),
        ({"token_uri": "file:///etc/passwd"}, "foreign-token-uri"),
        ({"token_uri": 7}, "foreign-token-uri"),
    ],
)
def test_what_cannot_be_right_is_refused(changes: dict[str, Any], code: str) -> None:
    """Each fault has a code of its own, and is found before anything is sent."""
    found = read(changes)
    assert isinstance(found, Refusal)
    assert (found.stage, found.code) == ("config", code)


def test_only_the_operator_may_send_us_elsewhere() -> None:
    """The command line's token endpoint replaces Google's; the file's own never does."""
    elsewhere = "http://127.0.0.1:5555/token"
    found = read({}, elsewhere)
    assert isinstance(found, Key)
    assert found.token_uri == elsewhere
    assert isinstance(read({"token_uri": elsewhere}), Refusal)
    assert isinstance(read({"token_uri": "http://127.0.0.1:6666/token"}, elsewhere), Refusal)


def test_a_missing_token_uri_is_googles() -> None:
    """Every library takes Google's endpoint where the file names none."""
    found = read({"token_uri": ""})
    assert isinstance(found, Key)
    assert found.token_uri == "https://oauth2.googleapis.com/token"


@given(
    text=st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=9) | st.integers(),
            lambda inner: st.dictionaries(st.sampled_from([*WHOLE, "x"]), inner) | st.lists(inner),
        ).map(json.dumps),
        st.just("[" * 100_000),
        st.dictionaries(st.sampled_from(list(WHOLE)), st.none() | st.text(max_size=30) | st.integers()).map(
            lambda changes: json.dumps({**WHOLE, **changes})
        ),
    )
)
def test_no_file_makes_it_raise(text: str) -> None:
    """Any text at all is a key or a refusal, and a refusal never shows a private key."""
    found = read_key(storage(text), None)
    assert isinstance(found, Key | Refusal)
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize(
    "pem",
    [
        "-----BEGIN PRIVATE KEY-----\nCANARYCANARY\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\\nCANARY\\n-----END PRIVATE KEY-----\\n",
        "CANARY",
        "-----BEGIN PUBLIC KEY-----\nCANARY\n-----END PUBLIC KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nCANARY\n-----END ENCRYPTED PRIVATE KEY-----",
    ],
)
def test_a_broken_private_key_is_a_refusal(open_room: Open, pem: str) -> None:
    """A key that does not load is said so by every ask; nothing is sent and nothing of it shown."""
    room = open_room(credentials=json.dumps({**WHOLE, "private_key": pem}))
    reply = room.store.ask(Put(KEY))
    assert signal(reply)[:2] == ("config", None)
    assert "CANARY" not in repr(reply)
    assert room.box.world.served == []


def test_a_name_that_is_no_bucket_is_not_put_into_an_address() -> None:
    """A bucket field with slashes or dots for a path is refused before an address is built of it."""
    for bucket in ("..", "a/b", "a b", "", "a?x", "a%2fb"):
        odd = GcsStorage(
            name="s", storage_type="gcs", bucket=bucket, credentials=Secret(json.dumps(WHOLE), source="here")
        )
        store = gcs.writer(odd, Reach())
        assert not isinstance(store, str)
        assert signal(store.ask(Put(KEY))) == ("config", None, "invalid-bucket-name")


def test_nothing_of_google_is_imported_before_the_first_ask() -> None:
    """A run that asks nothing of Google does not pay for its libraries."""
    program = (
        "import sys; from preflight.providers import provider, Reach; from preflight.model import *\n"
        "g = provider('gcs'); s = GcsStorage(name='s', storage_type='gcs', bucket='b')\n"
        "g.writer(s, Reach()); g.inspector(s, Reach(inspect=True)); g.identify(s); g.needs(Put('k'), s)\n"
        "print([m for m in sys.modules if m.split('.')[0] in {'google', 'requests', 'urllib3', 'cryptography'}])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_missing_libraries_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """In an image without Google's libraries the answer says what to install."""
    monkeypatch.setitem(sys.modules, "preflight.providers.gcs.writer_store", None)
    store = gcs.writer(storage(json.dumps(WHOLE)), Reach())
    assert not isinstance(store, str)
    reply = store.ask(Put(KEY))
    assert signal(reply) == ("config", None, "library-missing")
    assert "pip install" in (reply.message or "")
