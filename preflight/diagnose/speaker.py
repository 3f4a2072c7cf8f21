"""Decides who answered, before any code is read: the same code means different things in different mouths."""

import dataclasses
import re
from dataclasses import dataclass
from functools import cached_property

from preflight.diagnose.phrase import anchor
from preflight.diagnose.reading import Reading

S3 = frozenset({"s3"})
GCS = frozenset({"gcs"})
ABS = frozenset({"abs"})


@dataclass(frozen=True)
class Mark:
    """Evidence that one product answered: any of these words in the folded text, or in one header's value."""

    speaker: str
    families: frozenset[str]
    words: tuple[str, ...]
    header: str = ""

    @cached_property
    def landmarks(self) -> tuple[tuple[str, str], ...]:
        """The longest part of each word, and the word: only a text that has the part is searched for the whole."""
        return tuple((anchor(word), word) for word in self.words)


# The first mark that is found decides, so the most particular stand first.
MARKS = (
    Mark("proxy", frozenset(), ("",), header="x-squid-error"),
    Mark("proxy", frozenset(), ("zscaler", "squid"), header="server"),
    Mark("Microsoft Entra ID", ABS, ("aadsts", "login.microsoftonline", "login.windows.net", "msalservice", "msal.")),
    Mark("Azure Resource Manager", ABS, ("management.azure.com", "does not have authorization to perform action")),
    Mark("Google token endpoint", GCS, ("oauth2.googleapis.com", "accounts.google.com/o/oauth2", "sts.googleapis.com")),
    Mark("GCS interop", S3 | GCS, ("google secret key", "goog1", "<details>")),
    Mark("Cloudflare R2", S3, ("r2.cloudflarestorage.com", "cloudflare r2", "wnam, enam", "enable r2")),
    Mark("Backblaze B2", S3, ("backblazeb2.com", "not entitled", "malformed access key id", "<message>the key '")),
    Mark("DigitalOcean Spaces", S3, ("digitaloceanspaces.com",)),
    Mark("Wasabi", S3, ("wasabi", "arn:aws:iam::1000000")),
    Mark("Alibaba OSS", S3, ("aliyuncs.com", "x-oss-", "<ec>")),
    Mark("Oracle OCI", S3, ("oraclecloud.com", "home region for the tenancy")),
    Mark("Tencent COS", S3, ("myqcloud.com",)),
    Mark("Huawei OBS", S3, ("myhuaweicloud.com",)),
    Mark("IBM COS", S3, ("cloud-object-storage.appdomain",)),
    Mark("Scaleway", S3, ("scw.cloud",)),
    Mark("Garage", S3, ("garage:", "<region>garage")),
    Mark("Storj", S3, ("storjshare.io",)),
    Mark("MinIO", S3, ("minio",), header="server"),
    Mark("MinIO", S3, ("xminio", "minio")),
    Mark("Ceph", S3, ("<requestid>tx0000", "radosgw", "x-rgw-", "ceph")),
    Mark("s3", S3, ("amazons3",), header="server"),
    Mark("s3", S3, ("",), header="x-amz-id-2"),
    Mark("abs", ABS, ("windows-azure-", "microsoft-httpapi"), header="server"),
    Mark("abs", ABS, ("",), header="x-ms-error-code"),
    Mark("gcs", GCS, ("uploadserver",), header="server"),
    Mark("GCS interop", S3 | GCS, ("commondatastorage.googleapis",)),
    # The libraries that speak to one provider only
    Mark(
        "s3",
        S3,
        (
            "when calling the",
            "operation error s3",
            "amazonaws.com",
            "service: amazon s3",
            "(service: s3",
            "arn:aws",
            "boto",
        ),
    ),
    Mark(
        "gcs",
        GCS,
        (
            "googleapi",
            "google.auth",
            "google.cloud",
            "google.api",
            "google cloud",
            "cloud kms",
            "google-github-actions",
            "generic gcs",
        ),
    ),
    Mark("gcs", GCS, ("gserviceaccount", "gcloud", "gsutil", "gs://", "gcsfs", "vpcservicecontrols", "gaxios")),
    Mark(
        "gcs", GCS, ("'domain': 'global'", "'domain':'global'", "domain: 'global'", "to gcs", "from gcs", "gcs request")
    ),
    Mark(
        "abs", ABS, (".core.windows.net", ".core.chinacloudapi", ".core.usgovcloudapi", "x-ms-", "azure", "az storage")
    ),
    Mark(
        "s3", S3, ("amazon s3", "generic s3", "s3://", "s3exception", "<hostid>", "s3error", "host id:", "aws", "s3:")
    ),
    Mark("s3", S3, ("<resource>", "<requestid>", "<bucketname>", "x-amz-")),
)
_AZURE_ID = re.compile(r"requestid: ?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{6}000000")
_INTEROP = ("x-amz", "service: amazon s3", "error code: signaturedoesnotmatch", "when calling the")

_PROVIDERS = {"s3": S3, "gcs": GCS, "abs": ABS}


def recognised(reading: Reading) -> Reading:
    """The reading, with who answered and the vocabularies that may be meant."""
    mark = _mark(reading)
    told = _PROVIDERS.get(reading.provider, frozenset())
    families = told | (mark.families if mark else frozenset())
    if "storage.googleapis.com" in reading.folded and any(word in reading.folded for word in _INTEROP):
        families |= S3 | GCS
    known = dataclasses.replace(reading, speaker=mark.speaker if mark else reading.provider, families=families)
    return known.taking_over(reading)


def _mark(reading: Reading) -> Mark | None:
    vocabulary, folded = reading.vocabulary, reading.folded
    for mark in MARKS:
        if mark.header:
            value = reading.headers.get(mark.header)
            if value is not None and any(word in value.lower() for word in mark.words):
                return mark
            continue
        for part, word in mark.landmarks:
            if part in vocabulary and word in folded:
                return mark
    if "requestid" in reading.words and _AZURE_ID.search(folded):
        return Mark("abs", ABS, ())
    return None
