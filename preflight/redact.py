"""Hides secrets in text that is shown: known values first, then everything that has the shape of one."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from preflight.model import Secret

MASK = "***"

_CONTROL = re.compile(
    r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b]{0,200}\x07?|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)

# Each pattern keeps its first group and masks what follows. Lengths are bounded, so that time is linear.
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        # Blocks: private keys, whole or cut off, with real or escaped line ends
        r"(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----)(?!\*)[^-]{1,10000}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----)?",
        # Elements of S3 answers
        r"(<(?:Token-0|StringToSign|StringToSignBytes|CanonicalRequest|CanonicalRequestBytes|SignatureProvided|SessionToken|SecretAccessKey)>)[^<]{1,20000}",
        # Schemes
        r"(?i)(\b(?:bearer|basic|sharedkey|sharedkeylite|token) )(?!\*)(?=[A-Za-z0-9])[A-Za-z0-9._~+/:=-]{12,8000}",
        r"(?i)(\bauthorization['\"]?\s{0,4}[:=]\s{0,4}['\"]?(?:AWS )?)(?!\*|(?:aws4|bearer|basic|sharedkey|goog4|aws )\b)[^\s'\",]{8,4000}",
        r"(?i)(\bAWS [A-Za-z0-9]{12,128}:)[A-Za-z0-9+/=]{8,200}",
        r"(?i)(\bsignature['\"]?\s{0,4}[:=]\s{0,4}['\"]?)(?!\*)[A-Za-z0-9%+/=]{16,600}",
        # Query parameters of signed links
        r"(?i)((?:[?&;]|\bamp;|%26|\b)(?:x-(?:amz|goog)-(?:signature|security-token|credential)|sig|skoid|sktid|awsaccesskeyid|googleaccessid|access_token|id_token|client_assertion|assertion)(?:=|%3D|\\u003d))(?!\*)[^\s&;'\"<>]{1,8000}",
        r"(?i)([?&](?:se|sp|st|sr|sv|ss|srt|spr|sip|skt|ske|sks|skv|signature|key|token)=)(?!\*)[^\s&;'\"<>]{1,4000}",
        # Named values, as headers, assignments, JSON and Python renderings
        r"(?i)((?:x-amz-security-token|x-ms-copy-source-authorization|accountkey|sharedaccesskey|sharedaccesssignature|client[_-]?secret|password|passwd|pwd|secret[_-]?(?:access[_-]?)?key|aws_secret_access_key|session[_-]?token|security[_-]?token|refresh[_-]?token|access[_-]?token|id[_-]?token|api[_-]?secret|account[_-]?key|abs_account_key|abs_client_secret|s3_secret|s3_api_secret|private[_-]?key(?:[_-]?data)?|credential[_-]?secret|subscription-key|proxy-authorization)\\{0,3}['\"]?\s{0,4}(?:=>|[:=])\s{0,4}\\{0,3}(?:b?['\"])?)(?!\*|true\b|false\b|none\b|null\b|undefined\b|-----BEGIN)(?=[^\s'\",;<>\\&\]})])[^\s'\",;<>\\&\]})]{3,8000}",
        # Things that are secret by their own shape
        r"(\beyJ)[A-Za-z0-9_-]{6,4000}(?:\.[A-Za-z0-9_-]{0,8000}){0,2}",
        r"(\bya29\.)[A-Za-z0-9_-]{8,2000}",
        r"(\b1//)[A-Za-z0-9_-]{20,200}",
        r"(\bGOCSPX-)[A-Za-z0-9_-]{8,60}",
        r"(\bAIza)[A-Za-z0-9_-]{30,40}",
        r"(\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA))[A-Z0-9]{8,124}",
        r"(\bGOOG)[A-Z0-9]{6,70}",
        r"(\bDO00)[A-Z0-9]{8,40}",
        r"(\bLTAI)[A-Za-z0-9]{8,40}",
        r"()(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{86}==",
        # Users of addresses
        r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>]{1,200}:)(?!\*)[^\s/@'\"<>]{1,400}(?=@)",
    )
)

# Forty characters of base64 are an AWS secret where a word nearby says so, and nearly any digest elsewhere.
_FORTY = re.compile(
    r"(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]{0,39}[A-Z])(?=[A-Za-z0-9+/]{0,39}[a-z])(?=[A-Za-z0-9+/]{0,39}[0-9])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])"
)
_NEAR = re.compile(r"(?i)secret|credential|\bkey|passw|aws_|s3_")
_BYTES = re.compile(r"(?i)(<(?:StringToSignBytes|CanonicalRequestBytes)>)[0-9a-f ]{4,60000}")


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text without the given secrets, without anything secret-shaped, and without control characters.

    Linear in the length of the text; redacting twice changes nothing more.
    """
    text = _CONTROL.sub(_seen, text)
    for value in sorted({form for secret in secrets for form in _forms(secret.reveal())}, key=len, reverse=True):
        text = text.replace(value, MASK)
    for shape in _SHAPES:
        text = shape.sub(rf"\1{MASK}", text)
    return _FORTY.sub(_unless_alone, text)


def bare(url: str) -> str:
    """An address without user, password and query, whatever somebody has written there; empty if it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _forms(value: str) -> Iterable[str]:
    """How a secret may be written: as it is, with escaped line ends, and line by line."""
    if len(value.strip()) < 4:
        return
    yield value
    yield value.strip()
    yield value.replace("\n", "\\n")
    yield value.replace("\\n", "\n")
    for line in value.replace("\\n", "\n").splitlines():
        if len(line.strip()) >= 16:
            yield line.strip()


def _seen(match: re.Match[str]) -> str:
    return ""


def _unless_alone(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 60) : match.start()]
    return MASK if _NEAR.search(before) else match[0]
