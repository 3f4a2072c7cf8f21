"""The error codes of the S3 protocol, as Amazon documents them and as compatible servers use them."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"s3"})
RANK = 40

RULES = rules("""
credential-unknown: the server does not know this access key id
  code   InvalidAccessKeyId InvalidClientTokenId UnrecognizedClient
  beside endpoint-wrong session-token-invalid credential-disabled
  field  aws_s3.s3_api_key
credential-unknown: the server does not accept this key pair
  code   InvalidSecurity InvalidCredentials AuthFailure
  says   security credentials are not valid | invalid credentials | invalid access key
  beside secret-wrong credential-malformed endpoint-wrong access-denied
  field  aws_s3.s3_api_key
credential-disabled: the user or the key is switched off
  code   UserSuspended InvalidAccessKeyId.Inactive XMinioAdminUserDisabled
  field  aws_s3.s3_api_key
secret-wrong: the key id is known and the signature made with the secret does not match
  code   SignatureDoesNotMatch InvalidSignature
  beside signature-broken credential-malformed region-wrong feature-unsupported
  field  aws_s3.s3_secret
secret-wrong: the key id is known and the signature made with the secret does not match
  says   request signature we calculated does not match | signature does not match |
         check your key and signing method | check your secret access key
  beside signature-broken credential-malformed region-wrong feature-unsupported
  field  aws_s3.s3_secret
  hint
signature-broken: the signature is incomplete or of a version that the server does not take
  code   IncompleteSignature UnsupportedSignature UnsupportedAlgorithm UnsupportedSignatureVersion
         MissingFields SignatureVersionNotSupported AuthorizationParametersError MalformedDate
  beside credential-malformed proxy-interfered
credential-expired: the session token that belongs to the key has run out
  code   ExpiredToken ExpiredTokenException TokenRefreshRequired
  says   provided token must be refreshed
  beside session-token-invalid
  field  aws_s3.s3_api_key
session-token-invalid: the session token is damaged, of another partition, or not accepted in this region
  code   InvalidToken InvalidTokenId InvalidSession
  beside credential-unknown region-wrong
credential-missing: the request carried no credential
  code   MissingAuthenticationToken MissingSecurityElement AuthenticationRequired
  field  aws_s3.s3_api_key
clock-skew: the time in the request and the server's time differ by more than fifteen minutes
  code   RequestTimeTooSkewed
  says   difference between the request time
  beside connection-failed
auth-method-refused: the identity token was refused by the role's trust
  code   InvalidIdentityToken IDPRejectedClaim IDPCommunicationError
  beside credential-expired tenant-wrong
api-disabled: the token service is not activated in this region
  code   RegionDisabledException RegionDisabled
  beside region-wrong
account-suspended: the account is not signed up, not paid or switched off
  code   AccountProblem NotSignedUp OptInRequired UserDisable InvalidPayer UnauthorizedAccess
         SubscriptionRequiredException
  says   problem with your aws account
  beside payer-required
bucket-not-yours: this name is switched off for everybody, as placeholders and mistyped bucket names are
  code   AllAccessDisabled
  beside bucket-name-invalid endpoint-wrong account-suspended
  field  bucket
credential-unknown: the server does not accept who calls, and says no more
  code   Unauthorized UnauthorizedException
  http   401
  beside secret-wrong credential-malformed permission-missing access-denied
  field  aws_s3.s3_api_key
  hint
access-denied: the answer refuses and names no reason
  code   AccessDenied AccessDeniedException AccessForbidden UnauthorizedOperation NotAuthorized
         Forbidden Unauthorized UnauthorizedException
  says   access denied | forbidden | permission denied | not authorized |
         insufficient permissions
  beside permission-missing bucket-policy-missing explicit-deny encryption-key-denied
  hint
acl-refused: an ACL was sent and the bucket does not take ACLs
  code   AccessControlListNotSupported InvalidBucketAclWithObjectOwnership
         InvalidBucketAclWithBlockPublicAccessError
organization-deny: a tag policy of the organization forbids it
  code   TagPolicyException
network-denied: this bucket or account is restricted to other addresses
  code   UnexpectedIPError
  says   ip was unexpected
payer-required: the bucket is requester-pays and the request does not accept the cost
  code   RequesterPaysRequired MissingRequestPayer
bucket-missing: there is no bucket of this name at this endpoint
  code   NoSuchBucket BucketNotFound
  says   specified bucket does not exist | bucket does not exist | no such bucket |
         bucket * does not exist | bucket * not found | bucket * doesn't exist
  unless policy does not exist | configuration does not exist | tagset does not exist | key does not exist |
         object does not exist | version does not exist | upload does not exist | access key | credential
  beside endpoint-wrong
  field  bucket
bucket-missing: a bare 404: the bucket is not there, or the object that was looked up
  code   NotFound Http404Error
  beside not-needed endpoint-wrong
  field  bucket
  hint
bucket-name-invalid: this cannot be the name of a bucket
  code   InvalidBucketName InvalidAccessPoint InvalidAccessPointAliasError NoSuchAccessPoint
  field  bucket
not-needed: creating the bucket was refused, and a writer does not create buckets
  code   BucketAlreadyExists BucketAlreadyOwnedByYou TooManyBuckets BucketNotEmpty
  says   requested bucket name is not available | bucket you tried to create already exists |
         you already own it | bucket you tried to delete is not empty |
         attempted to create more buckets
  beside bucket-not-yours
  field  bucket
region-wrong: the bucket lives in another region than the one that was asked
  code   PermanentRedirect PermanentRedirectControlError IllegalLocationConstraintException
         IllegalLocationConstraint InvalidLocationConstraint IncorrectEndpoint InvalidRegion
         InvalidRegionName BucketRegionError
  says   incorrect region
  field  aws_s3.s3_region
region-wrong: the server redirects to another endpoint, as it does for a bucket of another region
  code   TemporaryRedirect Redirect Http301Error Http307Error
  says   redirected to the bucket while dns updates |
         re-send this request to the specified temporary endpoint
  beside endpoint-wrong not-propagated
  field  aws_s3.s3_region
credential-malformed: the credential in the authorization header has not the shape of key id, date, region and service
  code   AuthorizationHeaderMalformed CredMalformed XMinioInvalidCredential
  beside region-wrong signature-broken
  field  aws_s3.s3_api_key
endpoint-wrong: the host or the way of addressing the bucket is not one that this server takes
  code   EndpointNotFound InvalidAddressingHeader InvalidHostHeader SecondLevelDomainForbidden
         InvalidEndpoint UnknownEndpoint VirtualHostDomainRequired
  beside region-wrong dns-failed bucket-name-invalid
  field  aws_s3.s3_custom_endpoint_url
bucket-not-yours: the setting may be read by callers of the bucket's own account only
  code   MethodNotAllowed
  beside not-needed feature-unsupported endpoint-wrong
  on     read list settings admin create delete identity
endpoint-wrong: the address took no such request: the bucket is missing in it, or this is not the S3 port
  code   MethodNotAllowed
  beside feature-unsupported bucket-name-invalid proxy-interfered object-locked
  field  aws_s3.s3_custom_endpoint_url
  on     write unknown assume
encryption-key-unusable: the encryption key is disabled, deleted, of another region, or its id is wrong
  code   KMS.DisabledException KMS.NotFoundException KMS.KMSInvalidStateException
         KMS.InvalidStateException KMS.InvalidKeyUsageException KMSInvalidStateException
         XMinioKMSKeyNotFoundException
encryption-refused: the encryption headers are invalid or do not suit the bucket
  code   InvalidEncryptionAlgorithmError InvalidEncryptionMethod InvalidEncryptionAlgorithm
         InvalidSSECustomerAlgorithm ServerSideEncryptionNotSupported SSEEncryptedObject
         IncompatibleEncryptionMethod InvalidSSECustomerParameters XMinioInvalidEncryptionParameters
         KMSNotConfigured InvalidEncryptionParameters
object-exists: a precondition failed on a write: an object of this name is there already
  code   PreconditionFailed ConditionalRequestConflict FileAlreadyExists ObjectAlreadyExists
         XMinioObjectExistsAsDirectory
  says   pre-conditions you specified did not hold | conflicting operation occurred
  beside request-invalid
object-locked: retention or a legal hold forbids changing the object
  code   ObjectLocked FileImmutable InvalidRetentionPeriod ObjectImmutable
  beside object-exists not-needed request-invalid
not-needed: the bucket has no such setting, which is an answer and not a fault
  code   NoSuchBucketPolicy NoSuchTagSet NoSuchLifecycleConfiguration NoSuchCORSConfiguration
         NoSuchWebsiteConfiguration NoSuchPublicAccessBlockConfiguration
         OwnershipControlsNotFoundError ServerSideEncryptionConfigurationNotFoundError
         ObjectLockConfigurationNotFoundError ReplicationConfigurationNotFoundError
         NoSuchConfiguration NoSuchObjectLockConfiguration
  says   bucket policy does not exist | tagset does not exist | ownership controls were not found |
         lifecycle configuration does not exist | cors configuration does not exist |
         server side encryption configuration was not found |
         public access block configuration was not found |
         bucket ownership controls were not found
not-needed: the object that was looked up is not there, which a writer need not know
  code   NoSuchKey NoSuchVersion
  says   specified key does not exist | specified version does not exist
  beside request-invalid bucket-missing
request-invalid: the digest of the body is wrong or does not match the body that arrived
  code   BadDigest InvalidDigest XAmzContentSHA256Mismatch XAmzContentChecksumMismatch MalformedTrailerError
         XMinioContentChecksumMismatch
  says   did not match what we received | did not match what was computed |
         does not match what was computed | checksum you specified did not match
  beside proxy-interfered feature-unsupported signature-broken
request-invalid: the name of the object is not accepted
  code   KeyTooLongError KeyTooLong InvalidURI XMinioInvalidObjectName InvalidObjectName
         XMinioInvalidResourceName XMinioParentIsObject
  says   couldn't parse the specified uri
  field  path
request-invalid: the body or a part is larger, smaller or in another order than allowed
  code   EntityTooLarge EntityTooSmall InvalidPart InvalidPartOrder InvalidPartNumber
         MetadataTooLarge RequestHeaderSectionTooLarge MaxMessageLengthExceeded
         MaxPostPreDataLengthExceededError NoSuchUpload InlineDataTooLarge InvalidWriteOffset
         EncryptionTypeMismatch
  says   proposed upload exceeds the maximum | proposed upload is smaller than the minimum |
         specified parts could not be found | parts was not in ascending order |
         specified upload does not exist | multipart upload does not exist |
         metadata headers exceed
request-invalid: fewer bytes arrived than the request announced
  code   IncompleteBody UnexpectedContent
  says   number of bytes specified by the content-length
  beside connection-failed proxy-interfered
request-invalid: the server refuses the request itself: a header, a parameter or its body
  code   InvalidStorageClass InvalidTag InvalidObjectState InvalidBucketState MalformedACLError
         MalformedPOSTRequest MalformedXML MalformedPolicy MalformedPolicyDocument
         MissingRequestBodyError MissingSecurityHeader InvalidRange InvalidHttpMethod
         RequestIsNotMultiPartContent UserKeyMustBeSpecified UnresolvableGrantByEmailAddress
         AmbiguousGrantByEmailAddress CredentialsNotSupported InvalidPolicyDocument
         InvalidSOAPRequest IncorrectNumberOfFilesInPostRequest InvalidTargetBucketForLogging
         CrossLocationLoggingProhibited IllegalVersioningConfigurationException
         InvalidAdditionalChecksum ObjectSerializationConflict
  says   xml you provided was not well-formed | request body is empty | missing a required header |
         missing required header for this request: x-amz-content-sha256 |
         specified range cannot be satisfied | operation is not valid for the object |
         expires must be less than a week
request-invalid: the account id given as the expected owner is none
  code   InvalidBucketOwnerAWSAccountID
  beside bucket-not-yours
request-invalid: the server refuses an argument or a header of the request
  code   InvalidArgument InvalidRequest BadRequest InvalidParameter InvalidParameterValue
         ValidationError AuthorizationQueryParametersError ValidationException
  beside feature-unsupported signature-broken
  hint
feature-unsupported: the server does not implement something that the client used
  code   NotImplemented UnsupportedArgument UnsupportedOperation NotSupported
  beside request-invalid acl-refused endpoint-wrong
feature-unsupported: the body was sent in chunks, without the length that this server demands
  code   MissingContentLength LengthRequired
  says   must provide the content-length http header | length required
  beside request-invalid proxy-interfered
connection-failed: the body did not arrive in time: the connection is slow or broke
  code   RequestTimeout ConnectionClosedByRequester
  says   not read from or written to within the timeout
  beside proxy-interfered
throttled: the server asks for fewer requests
  code   SlowDown SlowDownRead Throttling ThrottlingException TooManyRequests
         TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded RequestThrottled
         RequestThrottledException ProvisionedThroughputExceededException PriorRequestNotComplete
         XMinioRequestsLimitExceeded QpsLimitExceeded
throttled: the server asks for fewer requests
  says   slow down
  http   503
quota-exceeded: the storage is full or over its quota
  code   QuotaExceeded XMinioStorageFull XMinioAdminBucketQuotaExceeded StorageFull
         InsufficientStorage StorageCapExceeded InsufficientQuota LimitExceeded
         ServiceQuotaExceededException
  says   not enough space
service-unavailable: the service failed or cannot take the request now
  code   ServiceUnavailable ServerBusy SlowDownWrite XMinioServerNotInitialized ReducedRedundancy
         InsufficientCapacity XMinioReadQuorum XMinioWriteQuorum XMinioIAMNotInitialized
         XMinioBucketMetadataNotInitialized
  beside throttled quota-exceeded
service-unavailable: the service failed on its own side
  code   InternalError InternalFailure XMinioInternalError InternalServerError ServiceFailure
         ExternalEvalError BackendDown RequestAborted Http500Error Http502Error Http503Error Http504Error
  beside throttled proxy-interfered connection-failed
  says   encountered an internal error | internal server error
service-unavailable: another change of the same bucket is still going on
  code   OperationAborted
  says   conflicting conditional operation is currently in progress |
         conflicting conditional action is currently in progress
  beside throttled not-needed bucket-missing
region-wrong: a redirect without a code is how a bucket of another region answers
  status 301 307
  beside endpoint-wrong bucket-name-invalid
  field  aws_s3.s3_region
region-wrong: a 400 without a body, as to a HEAD request, is how a bucket of another region answers
  says   error code: 400 bad request | null (service: s3, status code: 400
  beside credential-expired request-invalid credential-malformed
  field  aws_s3.s3_region
region-wrong: a bare 400 to a HEAD request is how a bucket of another region answers
  status 400
  beside credential-expired request-invalid credential-malformed
  field  aws_s3.s3_region
  call   head headbucket headobject
not-needed: a bare 404 to a question about an object: it is not there, which a writer need not know
  status 404
  beside bucket-missing endpoint-wrong request-invalid
  on     read
bucket-missing: a bare 404 to a question about the bucket
  status 404
  beside endpoint-wrong
  field  bucket
  on     settings list write unknown
""")
