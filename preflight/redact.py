"""Hides secrets in text that is shown: known values first, then everything that has the shape of one."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from preflight.model import Secret

MASK = "***"

_CONTROL = re.compile(
    r"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b]{0,200}\x07?|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)

_SIGNED = (
    "x-(?:amz|goog)-(?:signature|security-token|credential)|sig|upload_id|skoid|sktid|awsaccesskeyid|googleaccessid"
)
_TOKENS = "access_token|id_token|client_assertion|assertion"
_NAMED = (
    "x-amz-security-token|x-ms-copy-source-authorization|proxy-authorization|subscription-key"
    "|account[_-]?key|abs_account_key|shared_?access_?key|shared_?access_?signature|client[_-]?secret|abs_client_secret"
    "|password|passwd|pwd|secret[_-]?(?:access[_-]?)?key|aws_secret_access_key|s3_secret|api[_-]?secret|credential[_-]?secret"
    "|session[_-]?token|security[_-]?token|refresh[_-]?token|access[_-]?token|id[_-]?token|private[_-]?key(?:[_-]?data)?"
)
_ELEMENTS = (
    "Token-0|StringToSign|StringToSignBytes|CanonicalRequest|CanonicalRequestBytes"
    "|SignatureProvided|SessionToken|SecretAccessKey"
)
# Between a name and its value: a header's colon, an assignment, JSON, escaped JSON, Python, Ruby.
_IS = r"\\{0,3}['\"]?\s{0,4}(?:=>|[:=])\s{0,4}\\{0,3}(?:b?['\"])?"
_SCHEMES = "(?:aws4|aws |bearer|basic|sharedkey|goog4)"
_KIND = "[A-Z0-9 ]{0,30}PRIVATE KEY"
_STOP = r"\s'\",;<>\\&\]})"

# Words of which one must stand in the text (in lower case) for the pattern to be compiled and tried; the pattern keeps
# its first group and masks what follows. Lengths are bounded and nothing nests, so time is linear.
_SHAPES = tuple(
    (words.split(), pattern)
    for words, pattern in (
        # Private keys, whole or cut off, with real or escaped line ends
        (
            "-----begin",
            rf"(-----BEGIN {_KIND}-----)(?!\*)[^-]{{1,10000}}(?:-----END {_KIND}-----)?",
        ),
        # Elements of S3 answers
        (
            "<token-0 <stringtosign <canonicalrequest <signatureprovided <sessiontoken <secretaccesskey",
            rf"(<(?:{_ELEMENTS})>)[^<]{{1,20000}}",
        ),
        # Schemes and signatures
        (
            "bearer basic sharedkey token",
            r"(?i)(\b(?:bearer|basic|sharedkey|sharedkeylite|token) )(?!\*)(?=[a-z0-9])[a-z0-9._~+/:=-]{12,8000}",
        ),
        (
            "authorization",
            rf"(?i)(\bauthorization{_IS}(?:AWS )?)(?!\*|{_SCHEMES}\b)[^\s'\",]{{8,4000}}",
        ),
        ("aws", r"(?i)(\bAWS [a-z0-9]{12,128}:)[a-z0-9+/=]{8,200}"),
        ("signature", rf"(?i)(\bsignature{_IS})(?!\*)[a-z0-9%+/=]{{16,600}}"),
        # Parameters of signed links
        ("= %3d u003d", rf"(?i)((?<![a-z])(?:{_SIGNED}|{_TOKENS})(?:=|%3D|\\u003d))(?!\*)[^\s&;'\"<>]{{1,8000}}"),
        (
            "? &",
            r"(?i)([?&](?:se|sp|st|sr|sv|ss|srt|spr|sip|skt|ske|sks|skv|signature|key|token)=)(?!\*)[^\s&;'\"<>]{1,4000}",
        ),
        # Named values: headers, assignments, JSON and Python renderings
        (
            "key secret token password passwd pwd signature authorization",
            rf"(?i)((?:{_NAMED}){_IS})(?!\*|(?:true|false|none|null|undefined)\b|-----BEGIN)[^{_STOP}]{{3,8000}}",
        ),
        # What is secret by its own shape
        ("eyj", r"(\beyJ)[A-Za-z0-9_-]{6,4000}(?:\.[A-Za-z0-9_-]{0,8000}){0,2}"),
        ("ya29.", r"(\bya29\.)[A-Za-z0-9_-]{8,2000}"),
        ("1//", r"(\b1//)[A-Za-z0-9_-]{20,200}"),
        ("gocspx-", r"(\bGOCSPX-)[A-Za-z0-9_-]{8,60}"),
        ("aiza", r"(\bAIza)[A-Za-z0-9_-]{30,40}"),
        ("akia asia aroa aida abia acca", r"(\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA))[A-Z0-9]{8,124}"),
        ("goog", r"(\bGOOG)[A-Z0-9]{6,70}"),
        ("do00", r"(\bDO00)[A-Z0-9]{8,40}"),
        ("ltai", r"(\bLTAI)[A-Za-z0-9]{8,40}"),
        ("==", r"()(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{86}=="),
        # Users of addresses
        ("@", r"(?i)(\b[a-z][a-z0-9+.-]{1,20}:/{1,2}[^\s/:@'\"<>]{1,200}:)(?!\*)[^\s/@'\"<>]{1,400}(?=@)"),
    )
)

# Forty characters of base64 are an AWS secret where a word in the line says so, and most likely a digest elsewhere.
_FORTY = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_NEAR = re.compile(r"(?i)secret|credential|\bkey|passw|aws_|s3_")


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text without the given secrets, without anything secret-shaped, and without control characters.

    Time is linear in the length of the text; redacting twice changes nothing more.
    """
    text = _CONTROL.sub("", text)
    for value in sorted({form for secret in secrets for form in _forms(secret.reveal())}, key=len, reverse=True):
        text = text.replace(value, MASK)
    lower = text.lower()
    for words, pattern in _SHAPES:
        if any(word in lower for word in words):
            text = re.sub(pattern, rf"\1{MASK}", text)
    return "\n".join(_FORTY.sub(_masked, line) if _NEAR.search(line) else line for line in text.split("\n"))


@lru_cache(maxsize=64)
def _forms(value: str) -> frozenset[str]:
    """How a secret may be written: whole, with escaped line ends, or line by line; each as the wire writes it."""
    if len(value.strip()) < 4:
        return frozenset()
    lines = (line.strip() for line in value.replace("\\n", "\n").splitlines())
    texts = {value, value.strip(), value.replace("\n", "\\n"), value.replace("\\n", "\n")}
    return frozenset(form for text in (*texts, *(line for line in lines if len(line) >= 16)) for form in _written(text))


def _written(text: str) -> Iterable[str]:
    """The text as it is, in JSON, in XML and in an address."""
    import html  # with its table of every entity there is: only where there is a secret

    escaped = json.dumps(text)[1:-1]
    # An address has no halves of characters.
    address, path = (quote(text, safe=safe, errors="replace") for safe in ("", "/"))
    return (
        *(text, escaped, escaped.replace("/", "\\/"), html.escape(text), html.escape(text, quote=False)),
        *(address, address.replace("%20", "+"), path, re.sub("%..", lambda code: code[0].lower(), address)),
    )


def _masked(match: re.Match[str]) -> str:
    kinds = (str.isupper, str.islower, str.isdigit)
    return MASK if all(any(map(kind, match[0])) for kind in kinds) else match[0]
