"""Secrets in shown text: each shape in which they travel, and what must stay readable."""

import json

import pytest

from preflight.model import Secret
from preflight.redact import MASK, redact

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJlc2lnbmF0dXJl"
AZURE_KEY = "a1B2" * 21 + "a1" + "=="
AWS_SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("<Token-0>FwoGZXIvYXdzEXAMPLE</Token-0>", "FwoGZXIvYXdz"),
        ("<AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId>", "IOSFODNN7EXAMPLE"),
        ("<StringToSign>AWS4-HMAC-SHA256\n2026\nabc</StringToSign>", "2026"),
        ("<StringToSignBytes>41 57 53 34 2d</StringToSignBytes>", "41 57"),
        ("https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef&X-Amz-Date=1", "0123456789abcdef"),
        ("https://b.s3.amazonaws.com/k?X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F", "IQoJb3Jp"),
        ("https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026", "IOSFODNN7"),
        ("https://a.blob.core.windows.net/c?sv=2022&sig=abc%2Bdef%3D&se=2030-01-01", "abc%2Bdef"),
        ("https://a.blob.core.windows.net/c?sv=2022&sp=racwdl&se=2030-01-01T00%3A00Z", "2030-01-01"),
        (f"Authorization: Bearer {JWT}", "eyJhdWQ"),
        (f"token is {JWT} as text", "c2lnbmF0"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature=fe5f80f77d5fa3beca", "fe5f80"),
        ("Authorization: AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwoyllqDzg=", "frJIUN8DYp"),
        (PEM, "MIIEvQIBADAN"),
        (json.dumps({"private_key": PEM}), "BKcwggSj"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w", "MIIEvQIBADAN"),
        (f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={AZURE_KEY};EndpointSuffix=x", AZURE_KEY[:40]),
        (f"the key was {AZURE_KEY} they said", AZURE_KEY[:40]),
        ("client_secret=8Q~abcDEF.ghi_jkl-mno", "abcDEF"),
        ("{'client_secret': '8Q~abcDEF.ghi'}", "abcDEF"),
        ('{"refresh_token": "1//0gabcdefghijklmnopqrstuv"}', "0gabcdef"),
        ("ya29.a0AfH6SMBxxxxxxxxxxxxxxxx", "a0AfH6SMB"),
        ("password=hunter2hunter2", "hunter2"),
        ("aws_secret_access_key = " + AWS_SECRET, AWS_SECRET[:20]),
        ("secret key is " + AWS_SECRET, AWS_SECRET[:20]),
        ("the key GOOG1EABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "1EABCDEFGH"),
        ("ftp://user:s3cr3tpass@host/x", "s3cr3tpass"),
        ("x-amz-security-token: FwoGZXIvYXdzEXAMPLE//////////", "FwoGZXIv"),
    ],
)  # fmt: skip
def test_what_is_secret_by_its_shape_is_hidden(text: str, hidden: str) -> None:
    """Tokens, keys, signatures and passwords disappear in every rendering, and something marks where they stood."""
    shown = redact(text)
    assert hidden not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied",
        'arn:aws:iam::111122223333:user/w is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b/k"',
        "w@p.iam.gserviceaccount.com does not have storage.objects.create access to the Google Cloud Storage object.",
        "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the value.",
        "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>",
        "etag da39a3ee5e6b4b0d3255bfef95601890afd80709 of the object",
        "https://storage.googleapis.com/upload/storage/v1/b/my-bucket/o?uploadType=multipart: Forbidden",
        "kms:GenerateDataKey on arn:aws:kms:eu-west-1:1:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "getaddrinfo ENOTFOUND acct.blob.core.windows.net",
    ],
)
def test_what_a_diagnosis_needs_stays_readable(text: str) -> None:
    """Codes, principals, actions, resources, regions and hosts are no secrets."""
    assert redact(text) == text


def test_a_known_secret_is_hidden_however_it_is_written() -> None:
    """A configured secret disappears as it is, with escaped line ends, and line by line."""
    secret = Secret(PEM, source="file keys.json")
    for written in (PEM, PEM.replace("\n", "\\n"), PEM.splitlines()[1]):
        assert "MIIEvQIBADAN" not in redact(f"error near {written} end", [secret])


def test_the_public_prefix_of_a_key_is_kept() -> None:
    """The first characters tell whose and what kind of key it is, and are no secret."""
    assert redact("key AKIAIOSFODNN7EXAMPLE") == f"key AKIA{MASK}"


def test_terminal_escapes_do_not_pass() -> None:
    """Text that was pasted cannot move the cursor, set the title or ring the bell."""
    assert redact("\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07done\r\n") == "red done\n"
