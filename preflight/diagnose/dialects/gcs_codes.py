"""The reasons and codes of Cloud Storage's JSON and XML interfaces, and of the newer Google APIs' error details."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"gcs"})
RANK = 30

RULES = rules("""
credential-missing: no token was sent
  code   CREDENTIALS_MISSING AuthenticationRequired
  says   login required | anonymous caller | anonymous users does not |
         missing required authentication credential | missing authentication credentials
  field  gcs_credentials
credential-expired: the token is not, or no longer, valid
  code   authError ACCESS_TOKEN_EXPIRED ExpiredToken UNAUTHENTICATED
  says   invalid credentials | invalid authentication credentials | token expired
  beside credential-malformed credential-missing credential-unknown
  field  gcs_credentials
credential-disabled: the account behind the token is deleted, disabled or blocked
  code   ACCOUNT_STATE_INVALID USER_BLOCKED_BY_ADMIN
  field  gcs_credentials
credential-malformed: an API key was sent where a service account is needed
  code   keyInvalid API_KEY_INVALID API_KEY_SERVICE_BLOCKED ACCESS_TOKEN_TYPE_UNSUPPORTED
  says   api keys are not supported by this api | api key not valid
  field  gcs_credentials
scope-wrong: the token was asked for with too narrow a scope
  code   insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT insufficient_scope
  says   insufficient authentication scopes | insufficient_scope | access token scope
  beside permission-missing
tenant-wrong: the credential belongs to another cloud universe than the one that was asked
  says   universe domain
  beside credential-malformed endpoint-wrong
  field  gcs_credentials.universe_domain
credential-unknown: Google does not know this HMAC key
  code   InvalidSecurity InvalidAccessKeyId
  beside credential-malformed secret-wrong credential-disabled
  field  aws_s3.s3_api_key
secret-wrong: the HMAC signature does not match: the secret, or a header that was changed after signing
  code   SignatureDoesNotMatch
  says   check your google secret key
  beside signature-broken credential-malformed feature-unsupported
  field  aws_s3.s3_secret
organization-deny: an organization policy refuses HMAC signed requests
  says   restrictauthtypes | hmac signed requests * organization
  beside auth-method-refused
account-suspended: billing is disabled, closed or absent for a project behind this request
  code   accountDisabled BILLING_DISABLED CONSUMER_SUSPENDED GCP_SUSPENDED AccountProblem
         BillingNotEnabled billingNotEnabled
  says   billing account * disabled | billing account * is disabled |
         billing account is not active | billing account * absent | billing is disabled |
         billing to be enabled | billing must be enabled | account has been disabled |
         project * delinquent | consumer * has been suspended | has been suspended |
         billing has been disabled | billing not enabled | billing enabled
  beside payer-required bucket-not-yours
payer-required: the bucket is requester-pays and no project was named that pays
  code   UserProjectMissing AuthenticationRequiredRequesterPays
  says   requester pays bucket | requester pays | requester-pays
payer-required: the project named as payer is invalid or may not be used by this identity
  code   UserProjectInvalid UserProjectInconsistent UserProjectAccessDenied USER_PROJECT_DENIED
         UserProjectNotFound CONSUMER_INVALID RESOURCE_PROJECT_INVALID
  says   required permission to use project | serviceusage.services.use |
         user project specified in the request is invalid | userproject | user project * not |
         quota project
  beside permission-missing account-suspended
  lacks  serviceusage.services.use
  with   serviceusage.services.use | use project
payer-required: the project named as payer is invalid or may not be used by this identity
  code   UserProjectInvalid UserProjectInconsistent UserProjectAccessDenied USER_PROJECT_DENIED
         CONSUMER_INVALID RESOURCE_PROJECT_INVALID
  says   user project specified in the request is invalid | userproject | user project * not |
         project specified in the request is invalid | user project * invalid |
         user project * inconsistent
  beside permission-missing account-suspended
payer-required: the project named as payer has a problem, such as its billing
  code   UserProjectAccountProblem
  says   problem with the project used in the request
  beside account-suspended
api-disabled: the interface is not enabled for the project that calls
  code   accessNotConfigured usageLimits.accessNotConfigured SERVICE_DISABLED API_DISABLED
         SERVICE_NOT_VISIBLE access_not_configured
  says   has not been used in project | it is disabled. enable it by visiting |
         api is not enabled | access not configured | api has not been enabled
organization-deny: a service perimeter refuses the request
  code   vpcServiceControls SECURITY_POLICY_VIOLATED policyViolation
  says   vpcservicecontrolsuniqueidentifier | vpc service controls |
         prohibited by organization's policy | prohibited by organization policy |
         disallowed by organization
  beside network-denied
organization-deny: an organization policy forbids it
  code   orgPolicyConstraintFailed ORG_RESTRICTION_VIOLATION ORG_RESTRICTION_HEADER_INVALID
         LOCATION_POLICY_VIOLATED LOCATION_ORG_POLICY_VIOLATED CUSTOM_ORG_POLICY_VIOLATION
         admin_policy_enforced
  says   violates constraint | orgpolicy constraint | org policy | organization policy |
         constraints/ | organization's policy
  unless not the expected
network-denied: the bucket's IP filter, or the caller's country, is the reason
  code   countryBlocked IPFilterDenied
  says   ip filtering condition | ip filter | country * blocked | access from * country
condition-unmet: a condition on the grant is the reason
  says   condition * not satisfied | iam condition
  beside permission-missing
permission-missing: the answer refuses for want of a permission
  code   IAM_PERMISSION_DENIED
  beside wrong-principal condition-unmet
wrong-principal: the grant names an account that does not exist (any more)
  says   service account * does not exist | deleted:serviceaccount | unknown service account
  beside credential-unknown
encryption-key-denied: the project's Cloud Storage service account may not use the bucket's key
  says   permission denied on cloud kms key | cloudkms.cryptokeyversions.usetoencrypt |
         authorized to use this key
  lacks  cloudkms.cryptoKeyVersions.useToEncrypt
encryption-key-unusable: the bucket's key is missing, disabled, destroyed or in another location
  code   cloudKmsBadKey cloudKmsDisabledKey cloudKmsEncryptionKeyNotFound
         cloudKmsDecryptionKeyNotFound cloudKmsKeyLocationNotAllowed cloudKmsCannotChangeKeyName
         KEY_DESTROYED KEY_DISABLED
  says   cloud kms key is disabled | bad cloud kms key | kms encryption key not found |
         kms decryption key not found | kms key location not allowed |
         kms key name cannot be changed | kms key * not found | kms * is not enabled |
         key * is not enabled, current state | cloud kms key * location
encryption-refused: a customer-supplied key was sent wrongly, or is missing
  code   customerEncryptionAlgorithmIsInvalid customerEncryptionKeyFormatIsInvalid
         customerEncryptionKeyIsIncorrect customerEncryptionKeySha256IsInvalid
         resourceIsEncryptedWithCustomerEncryptionKey resourceNotEncryptedWithCustomerEncryptionKey
  says   encrypted by a customer-supplied encryption key | customer-supplied encryption |
         customer encryption key | encryption key you provided | encryption * restricted
acl-refused: an ACL was sent and the bucket has uniform access
  code   InvalidAclUniformBucketLevelAccess
  says   uniform bucket-level access is enabled | bucket policy only is enabled | legacy acl |
         cannot use acl api | cannot get legacy acl |
         cannot update access control for an object when | public access prevention |
         publicaccessprevention
bucket-missing: there is no bucket of this name
  code   NoSuchBucket
  says   specified bucket does not exist | bucket does not exist | bucketnotfoundexception |
         bucket * not found | no such bucket
  field  bucket
bucket-name-invalid: this cannot be the name of a bucket
  code   InvalidBucketName DotfulBucketNameNotUnderTld InvalidDNSBucketName BucketNameTooLong
  says   invalid bucket name | bucket name is not valid | bucket name must | bucket names must |
         invalid bucket
  field  bucket
not-needed: creating the bucket was refused, and a writer does not create buckets
  code   BucketNameUnavailable BucketAlreadyExists BucketAlreadyOwnedByYou TooManyBuckets
         BucketNotEmpty
  says   already own this bucket | requested bucket name is not available |
         bucket you tried to create
  beside bucket-not-yours
  field  bucket
not-needed: the object that was looked up is not there, which a writer need not know
  code   NoSuchKey NoSuchVersion
  says   no such object | no urls matched
  beside bucket-missing request-invalid
object-locked: retention or a hold protects the object
  code   objectUnderActiveHold retentionPolicyNotMet retentionNotMet
  says   retention policy and cannot be | is under active | active event-based hold |
         active temporary hold | retention policy | retention period | object is subject to
  beside not-needed
object-exists: a precondition failed on a write: an object of this name is there already
  code   conditionNotMet PreconditionFailed
  says   at least one of the pre-conditions you specified did not hold | precondition failed |
         object already exists
  beside request-invalid organization-deny condition-unmet
https-required: the request used plain http where only https is accepted
  code   sslRequired
  says   ssl is required | ssl required | only accessible over https | requires ssl
request-invalid: a digest of the body does not match the body that arrived
  code   BadDigest CrcMismatch InvalidDigest Md5Mismatch
  says   does not match the expected | doesn't match calculated | provided md5 hash |
         provided crc32c | calculated md5 hash | content-md5 | hash * does not match
  beside proxy-interfered
request-invalid: the name of the object is not accepted
  code   KeyTooLong
  says   object name | disallowed unicode | required parameter: name | object names
  field  path
  with   invalid | disallowed | maximum | too long | at most
feature-unsupported: the server does not implement something that the client used
  code   NotImplemented UnsupportedArgument notImplemented
  says   not implemented | not supported by | does not support | unsupported header
  beside request-invalid
account-kind-unsupported: this kind of bucket does not offer what was asked
  says   hierarchical namespace | only supported * hierarchical
  beside feature-unsupported request-invalid
  unless storage.folders
request-invalid: the server refuses the request itself: a header, a parameter or its body
  code   badRequestException invalidParameter invalidArgument parseError invalidAltValue notDownload
         notUpload wrongUrlForUpload uploadTooLarge requestedRangeNotSatisfiable lengthRequired
         turnedDown unsupportedMediaType EntityTooLarge EntityTooSmall ExcessHeaderValues
         IncompleteBody InvalidArgument InvalidLocationConstraint InvalidPolicyDocument
         InvalidQueryParameterValue InvalidRange InvalidURI MalformedACLError
         MalformedBucketConfiguration MalformedHeaderValue MalformedSecurityHeader MetadataTooLarge
         MissingRequestBody MissingSecurityHeader MissingContentLength MethodNotAllowed
         InvalidStorageClass UnresolvableGrantByEmailAddress AmbiguousGrantByEmailAddress
         CredentialsNotSupported InvalidRequest NoSuchUpload InvalidPart InvalidPartOrder
         INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE
  says   storage class
  beside feature-unsupported
request-invalid: the server refuses the request as invalid
  code   invalid badRequest methodNotAllowed
  beside feature-unsupported
  hint
connection-failed: the connection broke during the upload
  code   uploadBrokenConnection clientClosedRequest RequestTimeout
  says   upload connection broke | client closed request
throttled: a rate limit was hit
  code   rateLimitExceeded userRateLimitExceeded usageLimits.rateLimitExceeded SlowDown
         RATE_LIMIT_EXCEEDED RESOURCE_EXHAUSTED TooManyRequests
  says   exceeded the rate limit | rate limit exceeded | reduce your request rate |
         too many requests | too many attempts
throttled: an upload was given up, as it happens when one name is written too often
  code   gone
  beside service-unavailable request-invalid
quota-exceeded: a quota is used up
  code   quotaExceeded dailyLimitExceeded RESOURCE_QUOTA_EXCEEDED InsufficientQuota
         storageQuotaExceeded
  says   quota exceeded | quota has been exceeded | storage quota
  beside throttled
service-unavailable: the service failed on its own side
  code   backendError internalError badGateway gatewayTimeout ServiceUnavailable UNAVAILABLE
         INTERNAL DEADLINE_EXCEEDED InternalError UNKNOWN
  says   backend error | encountered an internal error | service unavailable |
         we're sorry, but the server
access-denied: the answer refuses and names no permission
  code   forbidden AccessDenied PERMISSION_DENIED AccessDeniedException
  beside permission-missing wrong-principal condition-unmet organization-deny
  hint
credential-missing: the request carried no token
  code   required
  beside payer-required request-invalid
  field  gcs_credentials
  http   401
  hint
payer-required: something that the request must carry is missing: for a requester-pays bucket, the project that pays
  code   required
  beside request-invalid
  http   400 403 404
  hint
bucket-missing: the bucket was not found
  code   notFound
  beside bucket-name-invalid not-needed wrong-principal
  field  bucket
  hint
not-needed: the name is taken, which matters only to who creates the bucket
  code   conflict
  beside bucket-not-yours object-exists throttled
  hint
""")
