"""The error codes of the S3 protocol, as Amazon documents them and as compatible servers use them."""

from preflight.diagnose.purpose import Purpose, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Rule
from preflight.model import Cause

FAMILIES = frozenset({"s3"})
RANK = 40


def _writes(reading: Reading) -> bool:
    return not purpose_of(reading).needless


def _needless(reading: Reading) -> bool:
    return purpose_of(reading).needless


def _on_head(reading: Reading) -> bool:
    return "head" in reading.folded or "head" in reading.operation.lower()


def _temporary(reading: Reading) -> bool:
    return "asia" in reading.folded and any(word.startswith("asia") for word in reading.words)


RULES = (
    # Who are you?
    Rule(
        Cause.SESSION_TOKEN_INVALID,
        "the key id begins with ASIA: a temporary key, which is unknown without its session token",
        codes="InvalidAccessKeyId InvalidClientTokenId",
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_EXPIRED),
        field="aws_s3.s3_api_key",
        when=_temporary,
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "the server does not know this access key id",
        codes="InvalidAccessKeyId InvalidClientTokenId UnrecognizedClient NotFoundAccessKeyId",
        beside=(Cause.ENDPOINT_WRONG, Cause.SESSION_TOKEN_INVALID, Cause.CREDENTIAL_DISABLED),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "the server does not accept this key pair",
        codes="InvalidSecurity InvalidCredentials AuthFailure NoSuchAccessKey InvalidAccessKey",
        beside=(Cause.CREDENTIAL_MALFORMED, Cause.SECRET_WRONG, Cause.ENDPOINT_WRONG),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.CREDENTIAL_DISABLED,
        "the user or the key is switched off",
        codes="UserSuspended InvalidAccessKeyId.Inactive InactiveAccessKey AccessKeyDisabled XMinioAdminUserDisabled UserDisabled KeyDisabled",
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the key id is known and the signature made with the secret does not match",
        codes="SignatureDoesNotMatch InvalidSignature",
        beside=(Cause.SIGNATURE_BROKEN, Cause.CREDENTIAL_MALFORMED, Cause.REGION_WRONG, Cause.FEATURE_UNSUPPORTED),
        field="aws_s3.s3_secret",
    ),
    Rule(
        Cause.SIGNATURE_BROKEN,
        "the signature is incomplete or of a version that the server does not take",
        codes="IncompleteSignature UnsupportedSignature UnsupportedAlgorithm UnsupportedSignatureVersion MissingFields SignatureVersionNotSupported",
        beside=(Cause.CREDENTIAL_MALFORMED, Cause.PROXY_INTERFERED),
    ),
    Rule(
        Cause.CREDENTIAL_EXPIRED,
        "the session token that belongs to the key has run out",
        codes="ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpiredToken",
        beside=(Cause.SESSION_TOKEN_INVALID,),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.SESSION_TOKEN_INVALID,
        "the session token is damaged, of another partition, or not accepted in this region",
        codes="InvalidToken InvalidTokenId InvalidSession InvalidSecurityToken",
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.REGION_WRONG),
    ),
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the request carried no credential",
        codes="MissingAuthenticationToken MissingSecurityElement AnonymousAccessDenied AuthenticationRequired",
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.CLOCK_SKEW,
        "the time in the request and the server's time differ by more than fifteen minutes",
        codes="RequestTimeTooSkewed RequestInTheFuture SignatureExpired",
        beside=(Cause.CONNECTION_FAILED,),
    ),
    Rule(
        Cause.AUTH_METHOD_REFUSED,
        "the identity token was refused by the role's trust",
        codes="InvalidIdentityToken IDPRejectedClaim IDPCommunicationError",
        beside=(Cause.CREDENTIAL_EXPIRED, Cause.TENANT_WRONG),
    ),
    Rule(
        Cause.API_DISABLED,
        "the token service is not activated in this region",
        codes="RegionDisabledException RegionDisabled",
        beside=(Cause.REGION_WRONG,),
    ),
    # The account
    Rule(
        Cause.ACCOUNT_SUSPENDED,
        "the account is not signed up, not paid or switched off",
        codes="AccountProblem NotSignedUp OptInRequired UserDisable InvalidPayer PaymentRequired AccountSuspended TemporarySuspended"
        " InvalidObjectStorageAccount AccountDisabled UnauthorizedAccess SubscriptionRequiredException Arrears",
        beside=(Cause.PAYER_REQUIRED,),
    ),
    Rule(
        Cause.BUCKET_NOT_YOURS,
        "this name is switched off for everybody, which real answers show for placeholder and mistyped bucket names",
        codes="AllAccessDisabled",
        beside=(Cause.BUCKET_NAME_INVALID, Cause.ENDPOINT_WRONG, Cause.ACCOUNT_SUSPENDED),
        field="bucket",
    ),
    # May you?
    Rule(
        Cause.ACCESS_DENIED,
        "the answer refuses and names no reason",
        codes="AccessDenied AccessDeniedException AccessForbidden UnauthorizedOperation NotAuthorized Forbidden AllAccessDenied Unauthorized UnauthorizedException AuthorizationError",
        beside=(
            Cause.PERMISSION_MISSING,
            Cause.BUCKET_POLICY_MISSING,
            Cause.EXPLICIT_DENY,
            Cause.ENCRYPTION_KEY_DENIED,
        ),
        hint=True,
    ),
    Rule(
        Cause.ACL_REFUSED,
        "an ACL was sent and the bucket does not take ACLs",
        codes="AccessControlListNotSupported InvalidBucketAclWithObjectOwnership InvalidBucketAclWithBlockPublicAccessError",
    ),
    Rule(Cause.ORGANIZATION_DENY, "a tag policy of the organization forbids it", codes="TagPolicyException"),
    Rule(
        Cause.NETWORK_DENIED,
        "this bucket or account is restricted to other addresses",
        codes="UnexpectedIPError InvalidIPAddress IPAddressNotAllowed",
    ),
    Rule(
        Cause.PAYER_REQUIRED,
        "the bucket is requester-pays and the request does not accept the cost",
        codes="RequesterPaysRequired MissingRequestPayer",
    ),
    # Which bucket, where?
    Rule(
        Cause.BUCKET_MISSING,
        "there is no bucket of this name at this endpoint",
        codes="NoSuchBucket NoSuchContainer BucketNotFound BucketDeleted",
        beside=(Cause.ENDPOINT_WRONG,),
        field="bucket",
    ),
    Rule(
        Cause.BUCKET_NAME_INVALID,
        "this cannot be the name of a bucket",
        codes="InvalidBucketName InvalidAccessPoint InvalidAccessPointAliasError NoSuchAccessPoint BucketNameInvalid InvalidDNSBucketName DotfulBucketNameNotUnderTld",
        field="bucket",
    ),
    Rule(
        Cause.NOT_NEEDED,
        "creating the bucket was refused, and a writer does not create buckets",
        codes="BucketAlreadyExists BucketAlreadyOwnedByYou TooManyBuckets BucketNotEmpty",
        beside=(Cause.BUCKET_NOT_YOURS,),
        field="bucket",
    ),
    Rule(
        Cause.REGION_WRONG,
        "the bucket lives in another region than the one that was asked",
        codes="PermanentRedirect PermanentRedirectControlError IllegalLocationConstraintException IllegalLocationConstraint"
        " InvalidLocationConstraint IncorrectEndpoint InvalidRegion InvalidRegionName AuthorizationRegionMismatch WrongRegion",
        field="aws_s3.s3_region",
    ),
    Rule(
        Cause.REGION_WRONG,
        "the server redirects to another endpoint, as it does for a bucket of another region",
        codes="TemporaryRedirect Redirect",
        beside=(Cause.ENDPOINT_WRONG, Cause.NOT_PROPAGATED),
        field="aws_s3.s3_region",
    ),
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the credential in the authorization header has not the shape of key id, date, region and service",
        codes="AuthorizationHeaderMalformed CredMalformed XMinioInvalidCredential",
        beside=(Cause.REGION_WRONG, Cause.SIGNATURE_BROKEN),
        field="aws_s3.s3_api_key",
    ),
    Rule(
        Cause.ENDPOINT_WRONG,
        "the host or the way of addressing the bucket is not one that this server takes",
        codes="EndpointNotFound InvalidAddressingHeader InvalidHostHeader SecondLevelDomainForbidden InvalidEndpoint UnknownEndpoint InvalidHost",
        field="aws_s3.s3_custom_endpoint_url",
    ),
    Rule(
        Cause.BUCKET_NOT_YOURS,
        "the setting may be read by callers of the bucket's own account only",
        codes="MethodNotAllowed",
        beside=(Cause.NOT_NEEDED, Cause.FEATURE_UNSUPPORTED, Cause.ENDPOINT_WRONG),
        when=_needless,
    ),
    Rule(
        Cause.ENDPOINT_WRONG,
        "the address took no such request: the bucket is missing in it, or this is not the S3 port",
        codes="MethodNotAllowed",
        beside=(Cause.FEATURE_UNSUPPORTED, Cause.BUCKET_NAME_INVALID, Cause.PROXY_INTERFERED, Cause.OBJECT_LOCKED),
        field="aws_s3.s3_custom_endpoint_url",
        when=_writes,
    ),
    # Keys
    Rule(
        Cause.ENCRYPTION_KEY_UNUSABLE,
        "the encryption key is disabled, deleted, of another region, or its id is wrong",
        codes="KMS.DisabledException KMS.NotFoundException KMS.KMSInvalidStateException KMS.InvalidStateException KMS.InvalidKeyUsageException"
        " KMSInvalidState KMSInvalidStateException KMSDisabled KMSNotFound XMinioKMSKeyNotFoundException KMSKeyNotFound KMSKeyNotAccessible KeyUnavailable",
    ),
    Rule(
        Cause.ENCRYPTION_REFUSED,
        "the encryption headers are invalid or do not suit the bucket",
        codes="InvalidEncryptionAlgorithmError InvalidEncryptionMethod InvalidEncryptionAlgorithm InvalidSSECustomerAlgorithm"
        " ServerSideEncryptionNotSupported SSEEncryptedObject IncompatibleEncryptionMethod InvalidSSECustomerParameters"
        " XMinioInvalidEncryptionParameters KMSNotConfigured InvalidEncryptionParameters",
    ),
    # The object
    Rule(
        Cause.OBJECT_EXISTS,
        "a precondition failed on a write: an object of this name is there already",
        codes="PreconditionFailed ConditionalRequestConflict FileAlreadyExists ObjectAlreadyExists XMinioObjectExistsAsDirectory ObjectNotOverwritable",
        beside=(Cause.REQUEST_INVALID,),
    ),
    Rule(
        Cause.OBJECT_LOCKED,
        "retention or a legal hold forbids changing the object",
        codes="ObjectLocked WORMProtected FileImmutable InvalidRetentionPeriod ObjectImmutable",
    ),
    Rule(
        Cause.NOT_NEEDED,
        "the bucket has no such setting, which is an answer and not a fault",
        codes="NoSuchBucketPolicy NoSuchTagSet NoSuchTagSetError NoSuchLifecycleConfiguration NoSuchCORSConfiguration NoSuchWebsiteConfiguration"
        " NoSuchPublicAccessBlockConfiguration OwnershipControlsNotFoundError ServerSideEncryptionConfigurationNotFoundError"
        " ObjectLockConfigurationNotFoundError ReplicationConfigurationNotFoundError NoSuchConfiguration NoSuchObjectLockConfiguration",
    ),
    Rule(
        Cause.NOT_NEEDED,
        "the object that was looked up is not there, which a writer need not know",
        codes="NoSuchKey NoSuchVersion ObjectNotFound",
        beside=(Cause.REQUEST_INVALID, Cause.BUCKET_MISSING),
    ),
    # The request
    Rule(
        Cause.REQUEST_INVALID,
        "the digest of the body is wrong or does not match the body that arrived",
        codes="BadDigest InvalidDigest XAmzContentSHA256Mismatch XAmzContentChecksumMismatch ContentSHA256Mismatch BadChecksum XMinioContentChecksumMismatch",
        beside=(Cause.PROXY_INTERFERED, Cause.FEATURE_UNSUPPORTED),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the name of the object is not accepted",
        codes="KeyTooLongError KeyTooLong InvalidURI XMinioInvalidObjectName InvalidObjectName XMinioInvalidResourceName ObjectNameInvalid XMinioParentIsObject",
        field="path",
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the body or a part is larger, smaller or in another order than allowed",
        codes="EntityTooLarge EntityTooSmall InvalidPart InvalidPartOrder InvalidPartNumber MetadataTooLarge HeadersTooLarge RequestHeaderSectionTooLarge"
        " MaxMessageLengthExceeded MaxPostPreDataLengthExceededError NoSuchUpload InlineDataTooLarge TooManyParts InvalidWriteOffset EncryptionTypeMismatch",
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "fewer bytes arrived than the request announced",
        codes="IncompleteBody UnexpectedContent BadContentLength",
        beside=(Cause.CONNECTION_FAILED, Cause.PROXY_INTERFERED),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the server refuses the request itself: a header, a parameter or its body",
        codes="InvalidStorageClass InvalidTag InvalidTagError InvalidObjectState InvalidBucketState MalformedACLError MalformedPOSTRequest MalformedXML"
        " MalformedPolicy MalformedPolicyDocument MissingRequestBodyError MissingSecurityHeader MissingAttachment InvalidRange InvalidHttpMethod"
        " RequestIsNotMultiPartContent UserKeyMustBeSpecified UnresolvableGrantByEmailAddress AmbiguousGrantByEmailAddress CredentialsNotSupported"
        " InvalidPolicyDocument InvalidSOAPRequest IncorrectNumberOfFilesInPostRequest InvalidTargetBucketForLogging CrossLocationLoggingProhibited"
        " IllegalVersioningConfigurationException InvalidStorageClassError InvalidAdditionalChecksum ObjectSerializationConflict ParseError",
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the account id given as the expected owner is none",
        codes="InvalidBucketOwnerAWSAccountID",
        beside=(Cause.BUCKET_NOT_YOURS,),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the server refuses an argument or a header of the request",
        codes="InvalidArgument InvalidRequest BadRequest InvalidParameter InvalidParameterValue ValidationError AuthorizationQueryParametersError ValidationException",
        beside=(Cause.FEATURE_UNSUPPORTED, Cause.SIGNATURE_BROKEN),
        hint=True,
    ),
    Rule(
        Cause.FEATURE_UNSUPPORTED,
        "the server does not implement something that the client used",
        codes="NotImplemented UnsupportedArgument UnsupportedOperation UnsupportedHeader NotSupported XNotImplemented UnsupportedFeature",
        beside=(Cause.REQUEST_INVALID,),
    ),
    Rule(
        Cause.FEATURE_UNSUPPORTED,
        "the body was sent in chunks, without the length that this server demands",
        codes="MissingContentLength LengthRequired",
        beside=(Cause.REQUEST_INVALID, Cause.PROXY_INTERFERED),
    ),
    # The service
    Rule(
        Cause.CONNECTION_FAILED,
        "the body did not arrive in time: the connection is slow or broke",
        codes="RequestTimeout ConnectionClosedByRequester",
        beside=(Cause.PROXY_INTERFERED,),
    ),
    Rule(
        Cause.THROTTLED,
        "the server asks for fewer requests",
        codes="SlowDown SlowDownRead Throttling ThrottlingException TooManyRequests TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded"
        " RequestThrottled RequestThrottledException ProvisionedThroughputExceededException PriorRequestNotComplete XMinioRequestsLimitExceeded OperationRateLimit QpsLimitExceeded",
    ),
    Rule(
        Cause.QUOTA_EXCEEDED,
        "the storage is full or over its quota",
        codes="QuotaExceeded XMinioStorageFull XMinioAdminBucketQuotaExceeded StorageFull InsufficientStorage StorageCapExceeded InsufficientQuota"
        " XMinioDiskFull CapExceeded LimitExceeded ServiceQuotaExceededException BucketQuotaExceeded StorageQuotaExceeded DiskFull",
    ),
    Rule(
        Cause.SERVICE_UNAVAILABLE,
        "the service failed or cannot take the request now",
        codes="ServiceUnavailable ServerBusy SlowDownWrite XMinioServerNotInitialized ReducedRedundancy InsufficientCapacity Busy",
        beside=(Cause.THROTTLED,),
    ),
    Rule(
        Cause.SERVICE_UNAVAILABLE,
        "the service failed on its own side",
        codes="InternalError InternalFailure XMinioInternalError InternalServerError ServiceFailure ExternalEvalError XMinioBackendDown BackendDown ServerError RequestAborted",
    ),
    Rule(
        Cause.SERVICE_UNAVAILABLE,
        "another change of the same bucket is still going on",
        codes="OperationAborted",
        beside=(Cause.THROTTLED, Cause.NOT_NEEDED, Cause.BUCKET_MISSING),
    ),
    # Nothing but a status
    Rule(
        Cause.REGION_WRONG,
        "a redirect without a code is how a bucket of another region answers",
        status=(301, 307),
        beside=(Cause.ENDPOINT_WRONG, Cause.BUCKET_NAME_INVALID),
        field="aws_s3.s3_region",
    ),
    Rule(
        Cause.REGION_WRONG,
        "a bare 400 to a HEAD request is how a bucket of another region answers",
        status=(400,),
        beside=(Cause.CREDENTIAL_EXPIRED, Cause.REQUEST_INVALID, Cause.CREDENTIAL_MALFORMED),
        field="aws_s3.s3_region",
        when=_on_head,
    ),
    Rule(
        Cause.BUCKET_MISSING,
        "a bare 404 to a question about the bucket",
        status=(404,),
        beside=(Cause.ENDPOINT_WRONG,),
        field="bucket",
        when=lambda reading: purpose_of(reading) in {Purpose.SETTINGS, Purpose.LIST, Purpose.WRITE, Purpose.UNKNOWN},
    ),
)
