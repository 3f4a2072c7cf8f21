"""The token endpoint believes only a fresh assertion, signed with a key that the account knows."""

import base64
import json
import time
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from google.auth.exceptions import RefreshError

from preflight.sandbox import Sandbox
from tests.sandbox.gcs.conftest import FULL, WRITER, Open, Speak, reason, upload

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"


def pack(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def assertion(box: Sandbox, variable: str = "GCS_KEY", algorithm: str = "RS256", **claims: Any) -> str:
    """An assertion as RFC 7523 and Google's page describe it, with some claims changed."""
    pem = json.loads(box.environ[variable])["private_key"].encode()
    key: Any = serialization.load_pem_private_key(pem, None)
    now = int(time.time())
    known = {"iss": WRITER, "scope": FULL, "aud": AUDIENCE, "iat": now, "exp": now + 3600, **claims}
    head = pack(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    signed = f"{head}.{pack(json.dumps(known).encode())}"
    return f"{signed}.{pack(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def ask(box: Sandbox, text: str, grant: str = GRANT) -> tuple[int, dict[str, Any]]:
    url = f"{box.endpoints['google-token']}/token"
    response = requests.post(url, data={"grant_type": grant, "assertion": text}, timeout=5)
    return response.status_code, response.json()


def test_a_good_assertion_gets_a_token(open_box: Open) -> None:
    """The answer has the three members that Google's has."""
    box = open_box()
    status, said = ask(box, assertion(box))
    assert status == 200
    assert set(said) == {"access_token", "expires_in", "token_type"}


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"iss": "nobody@my-project.iam.gserviceaccount.com"}, "invalid_grant", "account not found"),
        ({"aud": "https://example.com/token"}, "invalid_grant", "audience"),
        ({"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600}, "invalid_grant", "short-lived token"),
        ({"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200}, "invalid_grant", "short-lived token"),
        ({"exp": int(time.time()) + 86400}, "invalid_grant", "short-lived token"),
        ({"exp": "soon"}, "invalid_grant", "short-lived token"),
        ({"scope": ""}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": "everything"}, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    ],
)
def test_what_is_claimed_is_judged(open_box: Open, claims: dict[str, Any], error: str, description: str) -> None:
    """Each wrong claim is refused in Google's words."""
    box = open_box()
    status, said = ask(box, assertion(box, **claims))
    assert (status, said["error"]) == (400, error)
    assert description in said["error_description"]


def test_the_signature_is_verified(open_box: Open) -> None:
    """One changed claim, another account's key, or another algorithm, and the signature does not hold."""
    other = {
        "accounts": {
            "other": {"email": "o@my-project.iam.gserviceaccount.com", "project": "my-project", "variable": "OTHER"}
        }
    }
    box = open_box(other)
    head, _, signature = assertion(box).split(".")
    forged = pack(json.dumps({"iss": WRITER, "aud": AUDIENCE, "scope": FULL}).encode())
    for text in (f"{head}.{forged}.{signature}", assertion(box, "OTHER")):
        assert ask(box, text)[1] == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert ask(box, assertion(box, algorithm="none"))[0] == 400


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "é.é.é", "....", pack(b"[]") + "." + pack(b"[]") + ".x"])
def test_garbage_is_refused(open_box: Open, text: str) -> None:
    """What is no assertion is a refusal, not a crash."""
    status, said = ask(open_box(), text)
    assert (status, said["error"]) == (400, "invalid_grant")


def test_another_grant_is_not_offered(open_box: Open) -> None:
    """Only assertions are exchanged here."""
    box = open_box()
    assert ask(box, assertion(box), "password")[1]["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("state", ["disabled", "deleted"])
def test_accounts_come_and_go(open_box: Open, speak: Speak, state: str) -> None:
    """A disabled account and a deleted one are the same to the token endpoint."""
    box = open_box({"accounts": {"stream-writer": {"state": state}}})
    with pytest.raises(RefreshError, match="Invalid grant: account not found"):
        speak(box)


def test_the_clouds_clock_decides(open_box: Open, speak: Speak) -> None:
    """A machine whose clock is ahead signs in the cloud's future, and one far behind signs for its past."""
    for clock in (-7200, 7200):
        with pytest.raises(RefreshError, match="reasonable timeframe"):
            speak(open_box(clock=clock))


def test_a_token_says_what_it_is_good_for(open_box: Open, speak: Speak) -> None:
    """A scope that only reads does not write, whatever IAM says; a made-up token is nobody's."""
    box = open_box()
    narrow = speak(box, "https://www.googleapis.com/auth/devstorage.read_only")
    refused = upload(narrow, box, "recordings/a")
    assert reason(refused)[:2] == (403, "insufficientPermissions")
    assert "insufficient_scope" in refused.headers["WWW-Authenticate"]
    narrow.headers["Authorization"] = "Bearer made-up"
    assert reason(upload(narrow, box, "recordings/a"))[:2] == (401, "authError")
    del narrow.headers["Authorization"]
    status, why, said = reason(upload(narrow, box, "recordings/a"))
    assert (status, why) == (401, "required")
    assert said.startswith("Anonymous caller does not have storage.objects.create access")
