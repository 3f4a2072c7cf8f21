"""Decides who answered, before any code is read: the same code means different things in different mouths."""

import dataclasses
import re
from dataclasses import dataclass

from preflight.diagnose.reading import Reading

S3 = frozenset({"s3"})
GCS = frozenset({"gcs"})
ABS = frozenset({"abs"})
INTEROP = S3 | GCS


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence that one product answered: a pattern in the folded text, or a pattern in one header."""

    speaker: str
    families: frozenset[str]
    pattern: str = ""
    header: str = ""


# The first mark that is found decides, so the most particular stand first.
MARKS = (
    Mark("proxy", frozenset(), r"zscaler|squid", header="server"),
    Mark("proxy", frozenset(), r"", header="x-squid-error"),
    Mark(
        "Microsoft Entra ID",
        ABS,
        r"aadsts\d|login\.microsoftonline|login\.windows\.net|sts\.windows\.net/[^ ]*token",
    ),
    Mark("Azure Resource Manager", ABS, r"management\.azure\.com|does not have authorization to perform action"),
    Mark(
        "Google token endpoint",
        GCS,
        r"oauth2\.googleapis\.com|accounts\.google\.com/o/oauth2|sts\.googleapis\.com",
    ),
    Mark(
        "GCS interop",
        INTEROP,
        r"google secret key|goog1[a-z0-9]|<details>|storage\.googleapis\.com.{0,80}x-amz|service: amazon s3.{0,400}googleapis",
    ),
    Mark("GCS interop", INTEROP, r"interop", header="x-goog-interop"),
    Mark("Cloudflare R2", S3, r"r2\.cloudflarestorage\.com|cloudflare r2|wnam, enam"),
    Mark("Backblaze B2", S3, r"backblazeb2\.com|not entitled|malformed access key id|the key '[0-9a-f]{12,25}"),
    Mark("DigitalOcean Spaces", S3, r"digitaloceanspaces\.com"),
    Mark("Wasabi", S3, r"wasabi|arn:aws:iam::10000\d{7}:"),
    Mark("Alibaba OSS", S3, r"aliyuncs\.com|<ec>\d|x-oss-"),
    Mark("Oracle OCI", S3, r"oraclecloud\.com|home region for the tenancy"),
    Mark("MinIO", S3, r"xminio|minio"),
    Mark("MinIO", S3, r"minio", header="server"),
    Mark("Ceph", S3, r"<requestid>tx0000|ceph|radosgw|x-rgw-"),
    Mark("s3", S3, r"amazons3", header="server"),
    Mark("s3", S3, r"", header="x-amz-id-2"),
    Mark("abs", ABS, r"windows-azure-(?:blob|file|table|queue|storage)|microsoft-httpapi", header="server"),
    Mark("abs", ABS, r"", header="x-ms-error-code"),
    Mark(
        "abs",
        ABS,
        r"\.(?:blob|dfs|table|queue|file)\.(?:core\.|storage\.)|x-ms-|azure|az storage|requestid:[0-9a-f]{8}-[0-9a-f]{4}-",
    ),
    Mark("gcs", GCS, r"uploadserver|gse", header="server"),
    Mark(
        "gcs",
        GCS,
        r"googleapi|google\.(?:auth|cloud|api)|google cloud|gserviceaccount|gcloud|gsutil|\bgs://|gcs\b|vpcservicecontrols",
    ),
    Mark(
        "s3",
        S3,
        r"when calling the \w+ operation|operation error s3|amazonaws\.com|\baws\b|amazon s3|arn:aws|botocore|boto3|\bs3:|s3://|s3exception|<hostid>|s3error|host id:",
    ),
)
_COMPILED = tuple((mark, re.compile(mark.pattern)) for mark in MARKS)

_PROVIDERS = {"s3": S3, "gcs": GCS, "abs": ABS}


def recognised(reading: Reading) -> Reading:
    """The reading, with who answered and the vocabularies that may be meant."""
    mark = next((mark for mark, pattern in _COMPILED if _found(reading, mark, pattern)), None)
    told = _PROVIDERS.get(reading.provider, frozenset())
    families = told | (mark.families if mark else frozenset())
    speaker = mark.speaker if mark else reading.provider
    return dataclasses.replace(reading, speaker=speaker, families=families)


def _found(reading: Reading, mark: Mark, pattern: re.Pattern[str]) -> bool:
    if mark.header:
        value = reading.headers.get(mark.header)
        return value is not None and pattern.search(value.lower()) is not None
    return pattern.search(reading.folded) is not None
