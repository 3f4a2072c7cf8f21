"""The grammars: which part of a sentence decides, and what is read from it."""

from typing import Any

import pytest

from preflight.diagnose import diagnose
from preflight.model import (
    AbsStorage,
    Candidate,
    Cause,
    Confidence,
    Diagnosis,
    GcsStorage,
    Permission,
    Refusal,
    S3Storage,
    Secret,
    Storage,
)

DENIED = (
    "An error occurred (AccessDenied) when calling the {call} operation: User: arn:aws:iam::111122223333:user/w "
    'is not authorized to perform: {action} on resource: "arn:aws:s3:::b/k" {reason}'
)


def of(text: str, storage: Storage | None = None, **known: Any) -> Diagnosis:
    return diagnose(Refusal(text=text, **known), storage)


def first(text: str, storage: Storage | None = None, **known: Any) -> Candidate:
    return of(text, storage, **known).candidates[0]


def causes(text: str, storage: Storage | None = None) -> list[Cause]:
    return [candidate.cause for candidate in of(text, storage).candidates]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("because no identity-based policy allows the s3:PutObject action", Cause.PERMISSION_MISSING),
        ("because no resource-based policy allows the s3:PutObject action", Cause.BUCKET_POLICY_MISSING),
        ("with an explicit deny in an identity-based policy", Cause.EXPLICIT_DENY),
        ("with an explicit deny in a resource-based policy", Cause.EXPLICIT_DENY),
        ("because no permissions boundary allows the s3:PutObject action", Cause.BOUNDARY_DENY),
        ("with an explicit deny in a permissions boundary", Cause.BOUNDARY_DENY),
        ("because no session policy allows the s3:PutObject action", Cause.BOUNDARY_DENY),
        ("with an explicit deny in a service control policy", Cause.ORGANIZATION_DENY),
        ("because no resource control policy allows the s3:PutObject action", Cause.ORGANIZATION_DENY),
        ("because no VPC endpoint policy allows the s3:PutObject action", Cause.NETWORK_DENIED),
        ("with an explicit deny in a VPC endpoint policy", Cause.NETWORK_DENIED),
    ],
)
def test_the_layer_decides(reason: str, cause: Cause) -> None:
    """Amazon's sentence names the layer of policy, and the layer names the cause; the action is what is missing."""
    leading = first(DENIED.format(call="PutObject", action="s3:PutObject", reason=reason))
    assert leading.cause is cause
    assert leading.missing == (Permission("s3:PutObject", "arn:aws:s3:::b/k"),)
    assert leading.confidence is Confidence.STATED
    assert "arn:aws:iam::111122223333:user/w" in leading.because


@pytest.mark.parametrize(
    ("reason", "cause", "sure"),
    [
        ("because this bucket has blocked upload requests with SSE-C encryption", Cause.ENCRYPTION_REFUSED, True),
        ("because of something that nobody has seen yet", Cause.ACCESS_DENIED, False),
    ],
)
def test_a_reason_that_is_no_policy_is_no_missing_permission(reason: str, cause: Cause, sure: bool) -> None:  # noqa: FBT001 - a table
    """Where Amazon gives another reason, nobody is told to grant more; what we cannot read is repeated."""
    leading = first(DENIED.format(call="PutObject", action="s3:PutObject", reason=reason))
    assert leading.cause is cause
    assert (leading.confidence is Confidence.STATED) is sure
    assert reason in leading.because


def test_the_layer_is_read_from_half_a_sentence() -> None:
    """A log that quotes only the end of Amazon's sentence still names layer and action."""
    leading = first('upload failed: "no VPC endpoint policy allows the s3:PutObject action"')
    assert leading.cause is Cause.NETWORK_DENIED
    assert leading.missing == (Permission("s3:PutObject", ""),)


@pytest.mark.parametrize(
    "action", ["s3:ListBucket", "s3:GetObject", "s3:GetBucketPolicy", "s3:DeleteObject", "s3:CreateBucket"]
)
def test_a_call_that_writing_does_not_need_is_not_needed(action: str) -> None:
    """A refused list, read, setting, deletion or creation of the bucket is `not-needed`; its layer comes second."""
    text = DENIED.format(call="X", action=action, reason=f"because no identity-based policy allows the {action} action")
    assert causes(text)[:2] == [Cause.NOT_NEEDED, Cause.PERMISSION_MISSING]


def test_a_denied_key_names_the_key_permission() -> None:
    """A `kms:` action is the encryption key's matter, whatever layer is named."""
    reason = "because no identity-based policy allows the kms:GenerateDataKey action"
    leading = first(DENIED.format(call="PutObject", action="kms:GenerateDataKey", reason=reason))
    assert (leading.cause, leading.missing[0].action) == (Cause.ENCRYPTION_KEY_DENIED, "kms:GenerateDataKey")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("AuthorizationHeaderMalformed: the region 'us-east-1' is wrong; expecting 'eu-west-1'", "eu-west-1"),
        ("<Error><Code>PermanentRedirect</Code><Endpoint>s3.amazonaws.com</Endpoint></Error>", "us-east-1"),
        ("<Error><Code>PermanentRedirect</Code><Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint></Error>", "eu-west-1"),
        ("HTTP/1.1 301 Moved Permanently\nx-amz-bucket-region: sa-east-1\nServer: AmazonS3", "sa-east-1"),
    ],
)  # fmt: skip
def test_the_right_region_is_read(text: str, region: str) -> None:
    """Where an answer names the bucket's region, it is what the field should hold."""
    leading = first(text)
    assert (leading.cause, leading.field, leading.expected) == (Cause.REGION_WRONG, "aws_s3.s3_region", region)


def test_google_names_identity_and_permission() -> None:
    """Google's sentence gives the account that it saw and the permission that it asked for."""
    text = (
        "403 POST https://storage.googleapis.com/upload/storage/v1/b/b/o: w@p.iam.gserviceaccount.com "
        "does not have storage.objects.create access to the Google Cloud Storage object."
    )
    leading = first(text)
    assert leading.missing[0].action == "storage.objects.create"
    assert "w@p.iam.gserviceaccount.com" in leading.because


GOOGLES = "stream@p.iam.gserviceaccount.com"
FEDERATED = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/repo:o/r:ref:x"


@pytest.mark.parametrize(
    ("before", "who", "after"),
    [
        ("", GOOGLES, ""),
        ('{"error":{"code":403,"message":"', GOOGLES, '","errors":[]}}'),
        (r'body: "{\"error\":{\"message\":\"', GOOGLES, r'\"}}"'),
        ("<Error><Code>AccessDenied</Code><Details>", GOOGLES, "</Details></Error>"),
        ("&lt;Details&gt;", GOOGLES, "&lt;/Details&gt;"),
        ("403 Forbidden:", GOOGLES, ""),
        ("(", GOOGLES, ")"),
        ("message=", GOOGLES, ""),
        ("denied: ", f"serviceAccount:{GOOGLES}", ""),
        ('"message":"', FEDERATED, '"'),
        ("", "Anonymous caller", ""),
    ],
)
def test_whoever_lacks_a_right_is_named_alone(before: str, who: str, after: str) -> None:
    """The principal is what stands before `does not have`, without the JSON, XML or prose around it."""
    sentence = f"{who} does not have storage.objects.create access to the Google Cloud Storage object."
    because = first(f"{before}{sentence}{after}").because

    expected = "Google saw no identity at all" if "Anonymous" in who else f"{who} lacks storage.objects.create"
    assert because.startswith(expected)


def test_a_missing_delete_on_upload_is_an_existing_object() -> None:
    """Google asks for `storage.objects.delete` when an upload would replace an object."""
    text = "403: w@p.iam.gserviceaccount.com does not have storage.objects.delete access to b/o"
    assert first(text, provider="gcs", stage="put_object").cause is Cause.OBJECT_EXISTS


def test_a_host_tells_which_field_is_wrong() -> None:
    """The host that does not resolve was built from the field at fault."""
    assert first("getaddrinfo ENOTFOUND acct.blob.core.windows.net").field == "azure_blob.abs_account_name"
    assert first("getaddrinfo ENOTFOUND b.s3.Oregon.amazonaws.com").cause is Cause.REGION_WRONG
    assert first("getaddrinfo EAI_AGAIN acct.blob.core.windows.net").cause is Cause.DNS_FAILED


def test_of_several_errors_the_first_that_matters_leads() -> None:
    """A refused look at the bucket before a refused write does not hide the write."""
    text = "An error occurred (403) when calling the HeadBucket operation: Forbidden\n" + DENIED.format(
        call="PutObject", action="kms:GenerateDataKey", reason="because no identity-based policy allows it"
    )
    found = causes(text)
    assert found[0] is Cause.ENCRYPTION_KEY_DENIED
    assert Cause.NOT_NEEDED in found


@pytest.mark.parametrize("text", ["", "   \n", "Successfully uploaded 17 files", "ok", "\x00\x1b[0m"])
def test_what_is_no_error_has_no_cause(text: str) -> None:
    """Text without any sign of an error gets no candidates."""
    assert of(text).candidates == ()


def test_a_bare_refusal_claims_little() -> None:
    """A 403 without a word gives inferred candidates and no missing permission."""
    found = of("", status=403, provider="s3", stage="put_object").candidates
    assert found[0].cause is Cause.ACCESS_DENIED
    assert all(candidate.confidence is Confidence.INFERRED and not candidate.missing for candidate in found)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("<Error><Code>AccessDenied</Code><Message></Message><RequestId>tx0000abc</RequestId></Error>", "Ceph"),
        ("XMinioStorageFull: Storage backend has reached its minimum free drive threshold", "MinIO"),
        ("https://x.r2.cloudflarestorage.com/b: Unauthorized", "Cloudflare R2"),
        ("AADSTS7000215: Invalid client secret provided", "Microsoft Entra ID"),
        ("An error occurred (SlowDown) when calling the PutObject operation: Please reduce", "s3"),
        ("googleapi: Error 403: Forbidden, forbidden", "gcs"),
    ],
)
def test_who_answered_is_told(text: str, speaker: str) -> None:
    """The diagnosis names the product that answered."""
    assert of(text).provider == speaker


def test_another_account_in_the_denial_is_the_wrong_principal() -> None:
    """The e-mail that Google saw is compared with the configured one."""
    storage = GcsStorage(name="g", storage_type="gcs", bucket="b", client_email="new@p.iam.gserviceaccount.com")
    text = "403: old@p.iam.gserviceaccount.com does not have storage.objects.create access to b/o"
    assert causes(text, storage)[:2] == [Cause.WRONG_PRINCIPAL, Cause.PERMISSION_MISSING]
    same = GcsStorage(name="g", storage_type="gcs", bucket="b", client_email="old@p.iam.gserviceaccount.com")
    assert causes(text, same)[0] is Cause.PERMISSION_MISSING


def test_a_slash_in_the_bucket_explains_a_redirect() -> None:
    """`bucket/prefix` in the bucket field looks like a wrong region, and the configuration shows it."""
    storage = S3Storage(name="s", storage_type="s3", bucket="b/recordings", region="eu-west-1")
    text = "An error occurred (PermanentRedirect) when calling the PutObject operation: Unknown"
    leading = first(text, storage)
    assert (leading.cause, leading.field, leading.expected) == (Cause.BUCKET_NAME_INVALID, "bucket", "b")


def test_a_foreign_key_at_amazon_is_a_missing_endpoint() -> None:
    """A key of another provider that Amazon does not know was meant for a custom endpoint."""
    key = Secret("DO00ABCDEFGH", source="test", prefix="DO00")
    storage = S3Storage(name="s", storage_type="s3", bucket="b", api_key=key)
    text = "An error occurred (InvalidAccessKeyId) when calling the PutObject operation: Unknown"
    assert causes(text, storage)[:2] == [Cause.ENDPOINT_WRONG, Cause.CREDENTIAL_UNKNOWN]


def test_the_challenge_names_the_tenant() -> None:
    """The tenant in `WWW-Authenticate` is the account's; another one in the configuration is wrong."""
    account = "0f0f0f0f-1111-2222-3333-444444444444"
    challenge = f"Bearer authorization_uri=https://login.microsoftonline.com/{account}/oauth2/authorize resource_id=https://storage.azure.com"
    storage = AbsStorage(name="a", storage_type="abs", bucket="c", tenant_id="ffffffff-1111-2222-3333-444444444444")
    refusal = Refusal(
        provider="abs", status=401, code="InvalidAuthenticationInfo", headers={"WWW-Authenticate": challenge}
    )
    leading = diagnose(refusal, storage).candidates[0]
    assert (leading.cause, leading.field, leading.expected) == (Cause.TENANT_WRONG, "azure_blob.abs_tenant_id", account)


def test_a_named_fault_is_not_a_wrong_region() -> None:
    """Amazon names the bucket's region in refusals of any kind: beside a code of its own it says nothing."""
    headers = {"x-amz-bucket-region": "eu-central-1", "server": "AmazonS3"}
    said = first("The provided token has expired.", status=400, code="ExpiredToken", headers=headers, provider="s3")
    assert said.cause is Cause.CREDENTIAL_EXPIRED


@pytest.mark.parametrize(("region", "cause"), [("us-east-1", "region-wrong"), ("eu-central-1", "credential-expired")])
def test_a_bare_400_is_the_region_only_where_it_differs(region: str, cause: str) -> None:
    """A HEAD that is answered with a bare 400 has another reason if the bucket is where we asked."""
    refusal = Refusal(
        provider="s3", operation="HeadBucket", status=400, headers={"x-amz-bucket-region": "eu-central-1"}
    )
    storage = S3Storage(name="s", storage_type="s3", bucket="b", region=region)
    assert diagnose(refusal, storage).candidates[0].cause == cause


def test_an_unresolved_name_without_a_custom_endpoint_is_the_resolver() -> None:
    """Nobody who configured no endpoint is told that it is wrong."""
    text = "Failed to resolve 's3.eu-central-1.amazonaws.invalid' ([Errno -2] Name or service not known)"
    storage = S3Storage(name="s", storage_type="s3", bucket="b", region="eu-central-1")
    assert causes(text, storage)[0] is Cause.DNS_FAILED
    assert Cause.ENDPOINT_WRONG not in causes(text, storage)
    custom = S3Storage(
        name="s", storage_type="s3", bucket="b", endpoint_url="https://s3.eu-central-1.amazonaws.invalid"
    )
    assert causes(text, custom)[0] is Cause.ENDPOINT_WRONG


def test_a_grant_to_nobody_is_the_wrong_principal() -> None:
    """A policy that names an account which does not exist is about the grant, not about who called."""
    told = "HTTPError 400: Service account w@p.iam.gserviceaccount.com does not exist."
    text = f"ERROR: (gcloud.storage.buckets.add-iam-policy-binding) {told}"
    assert first(text).cause is Cause.WRONG_PRINCIPAL


def test_the_challenge_alone_does_not_hide_its_detail() -> None:
    """Azure's sentence about the challenge stands beside every refused token; the detail decides."""
    text = (
        "<Error><Code>InvalidAuthenticationInfo</Code><Message>Server failed to authenticate the request. Please refer "
        "to the information in the www-authenticate header.</Message><AuthenticationErrorDetail>Issuer validation "
        "failed. Issuer did not match.</AuthenticationErrorDetail></Error>"
    )
    assert first(text, provider="abs").cause is Cause.TENANT_WRONG


def test_code_and_sentence_at_odds_are_both_named() -> None:
    """Where the code says one thing and the sentence another, neither is stated as the only cause."""
    text = "An error occurred (BadDigest) when calling the PutObject operation: The specified bucket does not exist"
    found = of(text).candidates
    assert {Cause.BUCKET_MISSING, Cause.REQUEST_INVALID} <= {candidate.cause for candidate in found}


def test_a_server_is_believed_before_its_client() -> None:
    """What a library says around an answer does not outrank the answer's own code."""
    text = "Failed to list objects: Network error: Service error: unhandled error (SecondLevelDomainForbidden)"
    assert first(text).cause is Cause.ENDPOINT_WRONG


def test_the_public_access_block_is_about_the_acl() -> None:
    """Amazon's sentence about blocked ACLs names the action and means the ACL that was sent."""
    reason = (
        "because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block "
        "Public Access"
    )
    leading = first(DENIED.format(call="PutObject", action="s3:PutObjectAcl", reason=reason))
    assert (leading.cause, leading.missing[0].action) == (Cause.ACL_REFUSED, "s3:PutObjectAcl")


@pytest.mark.parametrize("given", [{"operation": "HeadBucket"}, {"operation": "HeadObject"}])
def test_a_bare_400_to_a_head_is_known_without_its_text(given: dict[str, Any]) -> None:
    """The call's name is enough where no sentence tells it."""
    leading = first("Bad Request", provider="s3", status=400, code="400", **given)
    assert (leading.cause, leading.field) == (Cause.REGION_WRONG, "aws_s3.s3_region")


@pytest.mark.parametrize(
    ("text", "cause", "field"),
    [
        ("MissingRegionError: No region was provided", Cause.REGION_WRONG, "aws_s3.s3_region"),
        ("the endpoint must be specified", Cause.ENDPOINT_WRONG, "aws_s3.s3_custom_endpoint_url"),
        ("storage: tenant id is empty", Cause.TENANT_WRONG, "azure_blob.abs_tenant_id"),
        ("malformed storage key in the configuration", Cause.CREDENTIAL_MALFORMED, "azure_blob.abs_account_key"),
        ("could not read private key from gcs config", Cause.CREDENTIAL_MALFORMED, "gcs_credentials.private_key"),
        ("uploader: secret was not set", Cause.CREDENTIAL_MISSING, "aws_s3.s3_secret"),
        ("unable to find the access key", Cause.CREDENTIAL_MISSING, "aws_s3.s3_api_key"),
        ("bucket is undefined", Cause.BUCKET_NAME_INVALID, "bucket"),
    ],
)
def test_a_library_that_lacks_a_setting_names_it(text: str, cause: Cause, field: str) -> None:
    """Whatever a library's words are: which setting it misses, or finds malformed, is read."""
    leading = first(text)
    assert (leading.cause, leading.field, leading.confidence) == (cause, field, Confidence.INFERRED)


def test_a_server_that_misses_something_is_not_a_library() -> None:
    """A header that a server misses is not a setting that is absent."""
    text = "An error occurred (MissingSecurityHeader) when calling the PutObject operation: missing a required header"
    assert first(text).cause is Cause.REQUEST_INVALID
