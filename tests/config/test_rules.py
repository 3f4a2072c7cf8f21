"""Every rule against a fault it must name and a neighbour it must leave alone."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from preflight.model import AbsStorage, Cause, GcsStorage, S3Storage
from tests.config import healthy
from tests.config.healthy import (
    CLIENT,
    KEY,
    SECRET,
    azure,
    checks,
    compatible,
    gcs,
    key_file,
    problems,
    read_entries,
    s3,
)

Entry = dict[str, Any]


def _encoded() -> str:
    return base64.b64encode(json.dumps(key_file()).encode()).decode()


HEALTHY: dict[str, Entry] = {
    "s3": s3(),
    "keyless": s3(s3_api_key=None, s3_secret=None),
    "without a path": s3(path=None),
    "compatible": compatible(),
    "region of r2": compatible(s3_region="auto"),
    "upper case on ceph": compatible(bucket="My_Bucket"),
    "european sovereign cloud": s3(s3_region="eusc-de-east-1"),
    "govcloud": s3(s3_region="us-gov-west-1"),
    "minio's own words": compatible(s3_api_key="minioadmin", s3_secret="minioadmin"),
    "bucket that begins like the host": compatible(bucket="videos", s3_custom_endpoint_url="https://s3.videos.io"),
    "gcs text": gcs(),
    "gcs table": gcs(gcs_credentials=key_file()),
    "gcs underscore": gcs(bucket="my_recordings"),
    "azure": azure(),
    "azure tenant as a domain": azure(abs_tenant_id="contoso.onmicrosoft.com"),
    "azure root container": azure(bucket="$root"),
}


@pytest.mark.parametrize("entry", HEALTHY.values(), ids=HEALTHY)
def test_a_healthy_storage_has_no_problem(entry: Entry) -> None:
    """A wrong red blocks a launch."""
    assert problems(entry) == ()


# (entry, check, cause, field, part of the message)
FAULTS: dict[str, tuple[Entry, str, Cause, str, str]] = {
    # complete-fields
    "no name": (s3(name=None), "complete-fields", Cause.REQUEST_INVALID, "name", "missing"),
    "no type": (s3(storage_type=None), "complete-fields", Cause.REQUEST_INVALID, "storage_type", "looks like s3"),
    "no bucket": (s3(bucket=None), "complete-fields", Cause.BUCKET_NAME_INVALID, "bucket", "missing"),
    "empty bucket": (s3(bucket=""), "complete-fields", Cause.BUCKET_NAME_INVALID, "bucket", "empty"),
    "no region": (s3(s3_region=None), "complete-fields", Cause.REGION_WRONG, "aws_s3.s3_region", "missing"),
    "no aws_s3": (s3(aws_s3=None), "complete-fields", Cause.REGION_WRONG, "aws_s3.s3_region", "missing"),
    "no secret": (s3(s3_secret=None), "complete-fields", Cause.CREDENTIAL_MISSING, "aws_s3.s3_secret", "pair"),
    "no key": (s3(s3_api_key=None), "complete-fields", Cause.CREDENTIAL_MISSING, "aws_s3.s3_api_key", "pair"),
    "endpoint without keys": (
        compatible(s3_api_key=None, s3_secret=None),
        "complete-fields",
        Cause.CREDENTIAL_MISSING,
        "aws_s3.s3_api_key",
        "custom endpoint needs",
    ),
    "no google key": (
        gcs(gcs_credentials=None), "complete-fields", Cause.CREDENTIAL_MISSING, "gcs_credentials", "missing",
    ),
    "no account": (
        azure(abs_account_name=None), "complete-fields", Cause.ACCOUNT_NAME_WRONG, "azure_blob.abs_account_name",
        "missing",
    ),
    "no tenant": (azure(abs_tenant_id=None), "complete-fields", Cause.TENANT_WRONG,
        "azure_blob.abs_tenant_id", "missing"),
    "no client": (
        azure(abs_client_id=None), "complete-fields", Cause.CREDENTIAL_MISSING, "azure_blob.abs_client_id", "missing",
    ),
    # recognise-fields
    "unknown type": (s3(storage_type="aws"), "recognise-fields", Cause.REQUEST_INVALID, "storage_type",
        "did you mean s3"),
    "a group that is a list": (
        s3(aws_s3=["x"]), "recognise-fields", Cause.REQUEST_INVALID, "aws_s3", "a table of fields was expected here",
    ),
    "a group that is a text": (
        azure(azure_blob="hello"), "recognise-fields", Cause.REQUEST_INVALID, "azure_blob",
        "a table of fields was expected here",
    ),
    "a text that is a list": (s3(bucket=["x"]), "recognise-fields", Cause.REQUEST_INVALID, "bucket", "a text was"),
    "misspelt": (s3(buckett="x"), "recognise-fields", Cause.REQUEST_INVALID, "buckett", "did you mean bucket"),
    "misspelt inside": (
        s3(s3_endpoint="https://x.example.com"), "recognise-fields", Cause.REQUEST_INVALID, "aws_s3.s3_endpoint",
        "did you mean aws_s3.s3_custom_endpoint_url",
    ),
    "role": (s3(role_arn="arn:aws:iam::1:role/x"), "recognise-fields", Cause.REQUEST_INVALID, "role_arn", "role"),
    "importer": (s3(path_prefix="x"), "recognise-fields", Cause.REQUEST_INVALID, "path_prefix", "importer"),
    "start recording": (
        s3(recording_external_storage="x"), "recognise-fields", Cause.REQUEST_INVALID, "recording_external_storage",
        "starts a recording",
    ),
    "another kind's table": (
        s3(azure_blob={"abs_client_id": CLIENT}), "recognise-fields", Cause.REQUEST_INVALID, "azure_blob", "belongs to",
    ),
    "account key": (
        azure(abs_account_key=healthy.ACCOUNT_KEY), "recognise-fields", Cause.REQUEST_INVALID, "abs_account_key",
        "shared key",
    ),
    "list for a text": (s3(bucket=["a"]), "recognise-fields", Cause.REQUEST_INVALID, "bucket", "not a list"),
    # names
    "reserved": (s3(name="stream-s3"), "name-storage", Cause.REQUEST_INVALID, "name", "Stream's own bucket"),
    "odd name": (s3(name="my s3/x"), "name-storage-plainly", Cause.REQUEST_INVALID, "name", "URL"),
    # bucket
    **{
        f"bucket {bucket}": (s3(bucket=bucket), "shape-bucket", Cause.BUCKET_NAME_INVALID, "bucket", part)
        for bucket, part in {
            "s3://my-recordings/x": "s3://",
            "https://my-recordings.s3.amazonaws.com": "URL",
            "my-recordings/x": "prefix",
            "my-recordings/": "slash",
            "My-Recordings": "upper-case",
            "my recordings": "white space",
            "arn:aws:s3:::my-recordings": "ARN",
            "<your-bucket>": "placeholder",
        }.items()
    },
    **{
        f"bucket {bucket}": (s3(bucket=bucket), "shape-bucket-plainly", Cause.BUCKET_NAME_INVALID, "bucket", part)
        for bucket, part in {"my-point-abc123-s3alias": "access point", "my.recordings": "dots",
            "ab": "3 to 63"}.items()
    },
    "old bucket of us-east-1": (
        s3(bucket="MyBucket", s3_region="us-east-1"), "shape-bucket-plainly", Cause.BUCKET_NAME_INVALID, "bucket",
        "upper-case",
    ),
    "gs url": (gcs(bucket="gs://b/x"), "shape-bucket", Cause.BUCKET_NAME_INVALID, "bucket", "gs://"),
    "upper case on google": (gcs(bucket="MyBucket"), "shape-bucket", Cause.BUCKET_NAME_INVALID, "bucket", "upper-case"),
    "url on a compatible": (
        compatible(bucket="https://x/b"), "shape-bucket", Cause.BUCKET_NAME_INVALID, "bucket", "URL",
    ),
    **{
        f"container {name}": (azure(bucket=name), "shape-bucket", Cause.BUCKET_NAME_INVALID, "bucket", "container")
        for name in ("Recordings", "a--b", "my_recordings", "ab", "a" * 64)
    },
    # path
    **{
        f"path {path}": (s3(path=path), "shape-path", Cause.REQUEST_INVALID, "path", part)
        for path, part in {
            "/": "just a slash", "/x/": "begins with a slash", "x": "does not end",
                "x//y/": "without a name|empty folder",
        }.items()
    },
    **{
        f"path {path!r}": (s3(path=path), "shape-path-safely", Cause.REQUEST_INVALID, "path", part)
        for path, part in {"x/../y/": "..", "x\ty/": "control", "x\\y/": "backslash", "x" * 1000 + "/": "long"}.items()
    },
    **{
        f"path {path} on azure": (azure(path=path), "shape-path-safely", Cause.REQUEST_INVALID, "path", "folder `.`")
        for path in ("./", "x/./y/")
    },
    # region
    **{
        f"region {region}": (s3(s3_region=region), "shape-region", Cause.REGION_WRONG, "aws_s3.s3_region", part)
        for region, part in {
            "us_east_1": "did you mean us-east-1",
            "us-east-1a": "did you mean us-east-1",
            "US-EAST-1": "did you mean us-east-1",
            "EU": "did you mean eu-west-1",
            "Oregon": "did you mean us-west-2",
            "US West (Oregon)": "did you mean us-west-2",
            "auto": "not a region",
            KEY: "holds a key",
        }.items()
    },
    "key as region of a compatible": (
        compatible(s3_region=KEY), "shape-region", Cause.REGION_WRONG, "aws_s3.s3_region", "holds a key",
    ),
    # endpoint
    **{
        f"endpoint {url}": (
            compatible(s3_custom_endpoint_url=url), "shape-endpoint", Cause.ENDPOINT_WRONG,
            "aws_s3.s3_custom_endpoint_url", part,
        )
        for url, part in {
            "minio.example.com": "no scheme",
            "minio.example.com:9000": "no scheme",
            "ftp://minio.example.com": "scheme",
            "https://": "no host",
            "https://user:hunter2hunter2@minio.example.com": "user or password",
            "https://minio.example.com?x=1": "query",
            "https://minio.example.com:99999": "port",
            "https://acc.r2.cloudflarestorage.com/my-recordings": "bucket in its path",
            "https://my-recordings.fra1.digitaloceanspaces.com": "bucket in its host",
            "https://s3.us-east-1.amazonaws.com": "is in us-east-1",
            "https://x.blob.core.windows.net": "Azure",
            "http://169.254.169.254": "metadata",
            "http://2852039166/": "metadata",
            "http://0xa9fea9fe/": "metadata",
            "http://[fd00:ec2::254]/": "metadata",
            "http://[::ffff:169.254.169.254]/": "metadata",
            "http://metadata.google.internal./": "metadata",
        }.items()
    },
    "amazon as endpoint": (
        s3(s3_custom_endpoint_url="https://s3.eu-central-1.amazonaws.com"), "need-endpoint", Cause.ENDPOINT_WRONG,
        "aws_s3.s3_custom_endpoint_url", "AWS itself",
    ),
    "plain http": (
        compatible(s3_custom_endpoint_url="http://minio.example.com"), "use-https", Cause.HTTPS_REQUIRED,
        "aws_s3.s3_custom_endpoint_url", "unencrypted",
    ),
    "private address": (
        compatible(s3_custom_endpoint_url="https://10.1.2.3:9000"), "reach-endpoint-from-outside", Cause.ENDPOINT_WRONG,
        "aws_s3.s3_custom_endpoint_url", "private",
    ),
    "path of an endpoint": (
        compatible(s3_custom_endpoint_url="https://x.supabase.co/storage/v1/s3"), "shape-endpoint-plainly",
        Cause.ENDPOINT_WRONG, "aws_s3.s3_custom_endpoint_url", "path",
    ),
    # credentials of S3
    "temporary": (
        s3(s3_api_key="ASIAQ3EGRX2MPLEKEYID"), "shape-credential", Cause.SESSION_TOKEN_INVALID, "aws_s3.s3_api_key",
        "session token",
    ),
    **{
        f"key {key}": (s3(s3_api_key=key), "shape-credential", cause, "aws_s3.s3_api_key", part)
        for key, cause, part in (
            ("us-east-1", Cause.CREDENTIAL_MALFORMED, "holds a region"),
            ("GOOG1EXAMPLEEXAMPLE", Cause.ENDPOINT_WRONG, "Google"),
            ("DO00EXAMPLEEXAMPLE12", Cause.ENDPOINT_WRONG, "DigitalOcean"),
            ("arn:aws:iam::111122223333:role/x", Cause.CREDENTIAL_MALFORMED, "ARN"),
            (KEY + "\n", Cause.CREDENTIAL_MALFORMED, "ends in white space"),
            (f'"{KEY}"', Cause.CREDENTIAL_MALFORMED, "quotes"),
            ("$S3_KEY", Cause.CREDENTIAL_MALFORMED, "nobody expanded"),
            ("...", Cause.CREDENTIAL_MALFORMED, "placeholder"),
            ("your-access-key", Cause.CREDENTIAL_MALFORMED, "placeholder"),
            ("<access key>", Cause.CREDENTIAL_MALFORMED, "placeholder"),
        )
    },
    **{
        f"secret {secret}": (s3(s3_secret=secret), "shape-credential", Cause.CREDENTIAL_MALFORMED,
            "aws_s3.s3_secret", part)
        for secret, part in {
            " " + SECRET: "begins with white space",
            SECRET[:20] + "\n" + SECRET[20:]: "white space in it",
            "changeme": "placeholder",
            "xxxxxxxx": "placeholder",
            KEY: "s3_api_key",
            base64.b64encode(SECRET.encode()).decode(): "base64",
            "op://vault/item/secret": "address of a secret",
        }.items()
    },
    "swapped pair": (
        s3(s3_api_key=SECRET, s3_secret=KEY), "shape-credential", Cause.CREDENTIAL_MALFORMED, "aws_s3.s3_api_key",
        "looks like a secret",
    ),
    "short secret": (
        s3(s3_secret=SECRET[:39]), "shape-credential-plainly", Cause.CREDENTIAL_MALFORMED, "aws_s3.s3_secret", "39",
    ),
    "short key": (s3(s3_api_key=KEY[:19]), "shape-credential-plainly", Cause.CREDENTIAL_MALFORMED,
        "aws_s3.s3_api_key", "19"),
    # credentials of Google
    **{
        f"google {name}": (
            gcs(gcs_credentials=credentials), "shape-credential", Cause.CREDENTIAL_MALFORMED, "gcs_credentials", part,
        )
        for name, credentials, part in (
            ("not json", "hello world", "not JSON"),
            ("twice", json.dumps(json.dumps(key_file())), "encoded twice"),
            ("base64", _encoded(), "base64"),
            ("answer of the API", json.dumps({"privateKeyData": _encoded()}), "privateKeyData"),
            ("answer as a table", {"privateKeyData": _encoded()}, "privateKeyData"),
            ("python", str(key_file()), "Python"),
            ("missing file", "no-such-keys.json", "name of a file"),
            ("variable", "$GCS_KEY", "nobody expanded"),
            ("pem alone", healthy.pem(), "private key alone"),
            ("trailing", json.dumps(key_file()) + " and more", "text after"),
            ("raw breaks", json.dumps(key_file()).replace("\\n", "\n"), "raw line breaks"),
        )
    },
    **{
        f"google {field} {part}": (
            gcs(gcs_credentials=json.dumps(key_file(**{field: value}))), "shape-credential", cause,
            f"gcs_credentials.{field}", part,
        )
        for field, value, cause, part in (
            ("type", "authorized_user", Cause.CREDENTIAL_MALFORMED, "person's"),
            ("type", "external_account", Cause.CREDENTIAL_MALFORMED, "workload identity"),
            ("type", None, Cause.CREDENTIAL_MALFORMED, "not service_account"),
            ("client_email", None, Cause.CREDENTIAL_MISSING, "no client_email"),
            ("private_key", None, Cause.CREDENTIAL_MISSING, "no private_key"),
            ("private_key", healthy.pem().replace("\n", "\\n"), Cause.CREDENTIAL_MALFORMED, "two characters"),
            ("private_key", healthy.pem().replace("\n", " "), Cause.CREDENTIAL_MALFORMED, "lost its line breaks"),
            ("private_key", healthy.pem()[28:], Cause.CREDENTIAL_MALFORMED, "-----BEGIN"),
            ("private_key", healthy.pem().replace("M", "N", 3), Cause.CREDENTIAL_MALFORMED, "does not load"),
            ("private_key", "...", Cause.CREDENTIAL_MALFORMED, "placeholder"),
            ("universe_domain", "other.example.com", Cause.TENANT_WRONG, "another cloud"),
            ("token_uri", "https://evil.example.com/token", Cause.CREDENTIAL_MALFORMED, "not Google's"),
            ("token_uri", "https://oauth2.googleapis.com@evil.example.com/", Cause.CREDENTIAL_MALFORMED,
                "not Google's"),
            ("token_uri", "http://oauth2.googleapis.com/token", Cause.CREDENTIAL_MALFORMED, "not Google's"),
        )
    },
    "oauth client": (
        gcs(gcs_credentials=json.dumps({"installed": {"client_id": "x"}})), "shape-credential",
        Cause.CREDENTIAL_MALFORMED, "gcs_credentials.type", "OAuth client",
    ),
    "other address of a service account": (
        gcs(gcs_credentials=json.dumps(key_file(client_email="x@developer.gserviceaccount.com"))),
        "shape-credential-plainly", Cause.CREDENTIAL_MALFORMED, "gcs_credentials.client_email", "does not end",
    ),
    # Azure
    **{
        f"account {name}": (
            azure(abs_account_name=name), "shape-credential", Cause.ACCOUNT_NAME_WRONG,
                "azure_blob.abs_account_name", part,
        )
        for name, part in {
            "https://myaccount.blob.core.windows.net/": "host name; expected myaccount",
            "myaccount.blob.core.windows.net": "host name; expected myaccount",
            "MyAccount": "upper-case",
            "my-account": "cannot be",
            "me@example.com": "cannot be",
            "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abcd": "connection string",
        }.items()
    },
    "tenant": (azure(abs_tenant_id="contoso"), "shape-credential", Cause.TENANT_WRONG,
        "azure_blob.abs_tenant_id", "no tenant"),
    "tenant is client": (
        azure(abs_tenant_id=CLIENT), "shape-credential", Cause.TENANT_WRONG, "azure_blob.abs_tenant_id", "same as",
    ),
    "client": (
        azure(abs_client_id="my-app"), "shape-credential", Cause.CREDENTIAL_MALFORMED,
            "azure_blob.abs_client_id", "GUID",
    ),
    "secret id": (
        azure(abs_client_secret=CLIENT), "shape-credential", Cause.SECRET_WRONG,
            "azure_blob.abs_client_secret", "secret's id",
    ),
    "dots": (
        azure(abs_client_secret="..."), "shape-credential", Cause.CREDENTIAL_MALFORMED, "azure_blob.abs_client_secret",
        "placeholder",
    ),
    "account key as secret": (
        azure(abs_client_secret=healthy.ACCOUNT_KEY), "shape-credential", Cause.CREDENTIAL_MALFORMED,
        "azure_blob.abs_client_secret", "account key",
    ),
}  # fmt: skip


@pytest.mark.parametrize("entry", [s3(path="x/./y/"), gcs(path="./"), azure(path=".x/y.z/")], ids=str)
def test_a_dot_that_reaches_the_storage_is_no_fault(entry: Entry) -> None:
    """Keys of S3 and names at Google are taken as they stand, and a dot beside other letters is one of them."""
    assert [one.message for one in problems(entry)] == []


@pytest.mark.parametrize(("entry", "check", "cause", "field", "part"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named(entry: Entry, check: str, cause: Cause, field: str, part: str) -> None:
    """Each fault is reported under its check, with its cause, its field and what was expected."""
    found = [one for one in problems(entry) if one.check == check and one.field == field]

    assert [one.cause for one in found] == [cause]
    assert any(each in found[0].message for each in part.split("|"))
    assert found[0].remedy or "@" in str(entry)
    assert found[0].storage == found[0].location.file + ":1:15"


def test_a_fault_is_the_only_complaint_where_it_is_the_only_fault() -> None:
    """One mistake gives one red line, so that the reader knows where to begin."""
    single = {name: row for name, row in FAULTS.items() if name.startswith(("bucket", "path", "region", "container"))}
    allowed = {KEY}

    crowds = {name: checks(problems(row[0])) for name, row in single.items() if not allowed & {name.split()[1]}}

    assert {name: found for name, found in crowds.items() if len(found) != 1} == {}


def test_all_problems_are_told_at_once() -> None:
    """A file with five faults is mended in one round."""
    broken = s3(bucket="a/b", s3_region="us_east_1", s3_secret=None, path="/x", colour="red")

    assert set(checks(problems(broken))) == {
        "shape-bucket", "shape-region", "complete-fields", "shape-path", "recognise-fields",
    }  # fmt: skip


def test_a_guid_as_account_key_is_the_client_id() -> None:
    """The older page of the documentation called the client id an account key."""
    old = azure(abs_client_id=None, abs_account_key=CLIENT)

    found = healthy.read_entries(old)
    storage = found.storages[0]

    assert checks(found.problems) == ["use-current-spelling"]
    assert isinstance(storage, AbsStorage)
    assert storage.client_id == CLIENT
    assert storage.account_key is None


def test_a_real_account_key_is_kept_and_what_is_missing_is_named() -> None:
    """The older example has name and key only; Stream needs a service principal."""
    old = {"name": "x", "storage_type": "abs", "bucket": "recordings", "abs_account_name": "myaccount",
           "abs_account_key": healthy.ACCOUNT_KEY}  # fmt: skip

    found = healthy.read_entries(old)
    missing = {one.field for one in found.problems if one.check == "complete-fields"}

    assert missing == {f"azure_blob.abs_{name}" for name in ("tenant_id", "client_id", "client_secret")}
    assert isinstance(found.storages[0], AbsStorage)
    assert found.storages[0].account_key


def test_an_older_spelling_is_read_and_shown_in_its_current_form() -> None:
    """The flat spelling still works, and the entry to paste holds no secret."""
    old = {"name": "x", "storage_provider": "s3", "bucket": "my-recordings", "custom_folder": "recordings/",
           "s3_region": "eu-central-1", "s3_api_key": KEY, "s3_secret": "${S3_SECRET}"}  # fmt: skip

    found = healthy.read_entries(old, S3_SECRET=SECRET)
    storage = found.storages[0]

    assert checks(found.problems) == ["use-current-spelling"]
    assert isinstance(storage, S3Storage)
    assert (storage.path, storage.region, storage.secret is not None) == ("recordings/", "eu-central-1", True)
    assert found.problems[0].patch.splitlines() == [
        "- name: x",
        "  storage_type: s3",
        "  bucket: my-recordings",
        "  path: recordings/",
        "  aws_s3:",
        "    s3_region: eu-central-1",
        "    s3_api_key: ${S3_API_KEY}",
        "    s3_secret: ${S3_SECRET}",
    ]


@pytest.mark.parametrize(
    "wrap",
    [
        json.dumps,
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: json.dumps({"privateKeyData": base64.b64encode(text.encode()).decode()}),
        lambda text: text.replace('"', "”"),
    ],
    ids=["twice", "base64", "api", "quotes"],
)
def test_a_wrapped_key_file_is_unwrapped_for_what_follows(wrap: Any) -> None:
    """The fault is named, and the rest of the checks still has a credential to try."""
    found = healthy.read_entries(gcs(gcs_credentials=wrap(json.dumps(key_file()))))
    storage = found.storages[0]

    assert checks(found.problems) == ["shape-credential"]
    assert isinstance(storage, GcsStorage)
    assert storage.credentials
    assert json.loads(storage.credentials.reveal()) == key_file()
    assert storage.client_email == "writer@my-project.iam.gserviceaccount.com"


def test_an_entry_of_no_known_kind_is_still_a_storage() -> None:
    """Every entry gets its line in the report."""
    found = healthy.read_entries({"name": "x", "storage_type": "ftp", "bucket": "b"})

    assert [(s.name, s.storage_type, s.bucket) for s in found.storages] == [("x", "ftp", "b")]
    assert checks(found.problems) == ["recognise-fields"]


def test_a_missing_type_is_inferred_from_what_is_there() -> None:
    """The other rules go on as if the type had been written."""
    found = healthy.read_entries(gcs(storage_type=None))

    assert isinstance(found.storages[0], GcsStorage)


def test_a_name_given_twice_is_told_at_both_places() -> None:
    """Whoever looks at either entry sees where the other one is."""
    found = healthy.read("storages:\n- {name: a, storage_type: s3, bucket: my-b, aws_s3: {s3_region: eu-west-1}}\n"
                         "- {name: a, storage_type: s3, bucket: my-b, aws_s3: {s3_region: eu-west-1}}\n")  # fmt: skip

    assert checks(found.problems) == ["name-storage", "name-storage"]
    assert [one.location.line for one in found.problems] == [2, 3]
    assert "<stdin>:3:10" in found.problems[0].message
    assert "<stdin>:2:10" in found.problems[1].message


def test_ten_storages_fit_and_eleven_do_not() -> None:
    """An application holds ten storages; the eleventh is pointed at."""
    entries = [s3(name=f"s{number}") for number in range(11)]

    assert problems(*entries[:10]) == ()
    assert [(one.check, one.storage) for one in problems(*entries)] == [("fit-limit", None)]


def test_a_call_type_names_a_storage_of_the_file_or_streams_own() -> None:
    """A dangling reference loses recordings; the suggestion is the nearest name."""
    document = {"storages": [s3()], "call_types": {"a": "my-s3", "b": "stream-s3", "c": {"external_storage": "my-s4"}}}

    found = healthy.read(json.dumps(document))

    assert [(one.check, one.storage) for one in found.problems] == [("resolve-call-types", None)]
    assert "did you mean my-s3" in found.problems[0].message
    assert [(link.name, link.external_storage) for link in found.call_types] == [
        ("a", "my-s3"), ("b", "stream-s3"), ("c", "my-s4"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"Version": "2012-10-17", "Statement": []}, "access policy"),
        ({"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}, "SQS"),
        ({"Statement": [{"Action": "s3:PutObject", "Resource": ["arn:aws:sqs:eu-west-1:1:q"]}]}, "SQS"),
        ({"Statement": [{"Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}]}, "access policy"),
        (key_file(), "key file"),
        ({"storagess": []}, "did you mean storages"),
        ({"storages": []}, "no storage here"),
        ({"storages": "x"}, "not a list"),
    ],
    ids=["policy", "queue action", "queue resource", "bucket policy", "key file", "misspelt", "nothing", "text"],
)
def test_a_document_that_is_no_configuration_is_recognised(document: object, part: str) -> None:
    """People hand in what they have at hand; they are told what it is."""
    found = healthy.read(json.dumps(document))

    assert found.storages == ()
    assert [(one.check, one.storage) for one in found.problems] == [("recognise-file", None)]
    assert part in found.problems[0].message


def test_an_importer_document_is_recognised() -> None:
    """Stream's importer has storages of its own, which recordings never use."""
    found = healthy.read(json.dumps({"type": "aws_s3", "aws_s3": {
        "role_arn": "arn:aws:iam::1:role/x", "bucket": "b", "region": "eu-west-1", "path_prefix": "x"}}))  # fmt: skip

    strays = {one.field: one.message for one in found.problems if one.check == "recognise-fields"}

    assert set(strays) == {"type", "aws_s3.role_arn", "aws_s3.bucket", "aws_s3.region", "aws_s3.path_prefix"}
    assert "importer" in strays["aws_s3.path_prefix"]


def test_an_endpoint_that_is_not_known_leaves_open_whose_rules_hold() -> None:
    """While a variable is missing, the rules of AWS are not held against another service."""
    found = problems(compatible(s3_custom_endpoint_url="${ENDPOINT}", s3_region="auto", s3_api_key="minioadmin"))

    assert checks(found) == ["load-secrets"]


@pytest.mark.parametrize("field", ["bucket", "path", "s3_region", "s3_api_key", "s3_secret", "s3_custom_endpoint_url"])
@pytest.mark.parametrize("part", ["a-", "://", "a.", ":", "@", "<", "'", "-----BEGIN", " ", "arn:", "/", "your-"])
def test_no_rule_stumbles_over_a_long_value(field: str, part: str) -> None:
    """A hundred thousand characters are judged at once, and the sentence about them is short."""
    found = problems(compatible(**{field: part * (100_000 // len(part))}))

    assert [one.message for one in found if len(one.message) > 250] == []


@pytest.mark.parametrize(
    ("path", "mended"),
    [("", "calls/"), ("calls/", "calls/"), ("recordings/", "calls/recordings/"), ("calls/eu/", "calls/eu/")],
)
def test_a_prefix_out_of_the_bucket_goes_before_the_path_that_is_there(path: str, mended: str) -> None:
    """What is to be pasted loses nothing of the path that was meant, and says nothing of it twice."""
    (problem,) = [
        p for p in read_entries(s3(bucket="s3://my-recordings/calls", path=path)).problems if p.field == "bucket"
    ]

    assert problem.patch == f"bucket: my-recordings\npath: {mended}"
