"""The reasons and codes of Cloud Storage's JSON and XML interfaces, and of the newer Google APIs' error details."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"gcs"})
RANK = 30

RULES = rules("""
# Who are you?
credential-missing: no token was sent
  code   CREDENTIALS_MISSING AuthenticationRequired
  says   login required | anonymous caller | anonymous users | missing required authentication credential |
         missing authentication credentials | request is missing required authentication |
         non-public method that requires authorization | access to a non-public method
  field  gcs_credentials
credential-expired: the token is not, or no longer, valid
  code   authError SESSION_COOKIE_INVALID ACCESS_TOKEN_EXPIRED ExpiredToken lockedDomainExpired
  says   invalid credentials | invalid authentication credentials | token expired |
         problem with the authorization provided in the request
  beside credential-malformed credential-unknown credential-missing
  field  gcs_credentials
credential-expired: the caller was not recognised, and the answer says no more
  code   UNAUTHENTICATED
  beside credential-malformed credential-unknown credential-missing
  field  gcs_credentials
  hint
credential-disabled: the account behind the token is deleted, disabled or blocked
  code   ACCOUNT_STATE_INVALID USER_BLOCKED_BY_ADMIN
  field  gcs_credentials
wrong-principal: the grant names an account that does not exist
  says   service account * does not exist | service account * not found
  with   iam policy | iam-policy | policy-binding | iam binding | setiampolicy | iam member
  beside credential-unknown
credential-unknown: Google knows no such service account
  says   service account * not found | service account * does not exist | unknown service account
  beside wrong-principal credential-disabled
  field  gcs_credentials
credential-malformed: an API key or another kind of token was sent where a service account is needed
  code   keyInvalid API_KEY_INVALID API_KEY_SERVICE_BLOCKED ACCESS_TOKEN_TYPE_UNSUPPORTED OVERLOADED_CREDENTIALS
         API_KEY_HTTP_REFERRER_BLOCKED API_KEY_ANDROID_APP_BLOCKED API_KEY_IOS_APP_BLOCKED
         CREDENTIAL_ANDROID_PACKAGE_NOT_ALLOWED
  says   api keys are not supported by this api | api key not valid
  field  gcs_credentials
scope-wrong: the token was asked for with too narrow a scope
  code   insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT insufficient_scope
  says   insufficient authentication scopes | insufficient_scope | insufficient permission |
         access token scope | does not have sufficient permissions to execute this request |
         provided scope
  beside permission-missing
tenant-wrong: the credential belongs to another cloud universe than the one that was asked
  says   universe domain
  beside credential-malformed endpoint-wrong
  field  gcs_credentials.universe_domain
credential-unknown: Google does not know this HMAC key
  code   InvalidSecurity InvalidAccessKeyId
  says   incorrect authorization header | security credentials are not valid
  beside credential-malformed secret-wrong credential-disabled
  field  aws_s3.s3_api_key
secret-wrong: the HMAC signature does not match: the secret, or a header that was changed after signing
  code   SignatureDoesNotMatch
  says   check your google secret key
  beside signature-broken credential-malformed feature-unsupported
  field  aws_s3.s3_secret
clock-skew: the time in the signed request is too far from Google's
  code   RequestTimeTooSkewed
  beside connection-failed
organization-deny: an organization policy refuses requests that are signed with HMAC keys
  says   restrictauthtypes | hmac signed requests
  beside auth-method-refused

# Projects and money
account-suspended: billing is disabled, closed or absent for a project behind this request
  code   accountDisabled BILLING_DISABLED CONSUMER_SUSPENDED GCP_SUSPENDED AccountProblem
         BillingNotEnabled UREQ_PROJECT_BILLING_NOT_FOUND
  says   billing account * disabled | billing account * not active | billing account * absent |
         absent billing account | closed billing account | billing account * closed |
         not currently enabled for | billing is disabled | billing disabled |
         billing has been disabled | billing not enabled |
         billing is not enabled | billing to be enabled | billing must be enabled | enable billing |
         without billing | no billing account | not configured billing | state closed | project * delinquent |
         has been suspended | project has been deleted | account * has been disabled
  beside payer-required bucket-not-yours
account-suspended: the answer speaks of the billing of a project behind this request
  says   billing
  unless billing/quota_project | billing project | quota project
  beside payer-required bucket-not-yours
  hint
payer-required: the bucket is requester-pays and no project was named that pays
  code   UserProjectMissing AuthenticationRequiredRequesterPays
  says   requester pays | requester-pays
payer-required: the identity may not use the project that is named as payer
  code   UserProjectAccessDenied USER_PROJECT_DENIED
  says   required permission to use project | serviceusage.services.use |
         not authorized to use the project
  beside permission-missing
  lacks  serviceusage.services.use
payer-required: the project named as payer is invalid or another than in an earlier request
  code   UserProjectInvalid UserProjectInconsistent CONSUMER_INVALID RESOURCE_PROJECT_INVALID
         UREQ_TENANT_PROJECT_ID_INVALID
  says   user project specified in the request | userproject | unknown project id |
         quota project * not found
  beside account-suspended
payer-required: the project named as payer has a problem, such as its billing
  code   UserProjectAccountProblem
  says   problem with the project used in the request
  beside account-suspended
api-disabled: the interface is not enabled for the project that calls
  code   accessNotConfigured usageLimits.accessNotConfigured SERVICE_DISABLED API_DISABLED
         SERVICE_NOT_VISIBLE
  says   has not been used in project | it is disabled. enable it by visiting | api is not enabled |
         access not configured | api has not been enabled | api disabled | enable the api

# Above the project, and where from
request-invalid: the bucket's own settings do not allow what was asked
  code   badRequestException
  says   current cloud storage settings
organization-deny: a service perimeter refuses the request
  code   vpcServiceControls SECURITY_POLICY_VIOLATED policyViolation
  says   service perimeter |  vpcservicecontrolsuniqueidentifier | vpc service controls |
         prohibited by organization's policy | prohibited by organization policy
  beside network-denied
organization-deny: an organization policy forbids it
  code   orgPolicyConstraintFailed ORG_RESTRICTION_VIOLATION ORG_RESTRICTION_HEADER_INVALID
         RESOURCE_USAGE_RESTRICTION_VIOLATED TLS_ORG_POLICY_VIOLATED TLS_CIPHER_RESTRICTION_VIOLATED
         LOCATION_POLICY_VIOLATED LOCATION_ORG_POLICY_VIOLATED CUSTOM_ORG_POLICY_VIOLATION
  says   violates constraint | orgpolicy constraint | org policy | organization policy |
         constraints/storage | constraints/iam | constraints/gcp | permitted customer
payer-required: the project that was named as payer, or for the quota, is none
  says   requested project was not found
  beside bucket-missing tenant-wrong
network-denied: the bucket's IP filter, or the country that the request comes from, is the reason
  code   countryBlocked API_KEY_IP_ADDRESS_BLOCKED
  says   ip filtering condition | ip filter | restricted by law from operating | country blocked |
         not available in your location | not available in your country | not available in your region
condition-unmet: a condition on the grant is the reason
  says   condition * not satisfied | iam condition
  beside permission-missing
permission-missing: the tool's own words for a refusal: it names neither the permission nor the call
  says   does not have permission to access
  beside access-denied bucket-missing wrong-principal not-needed
permission-missing: the answer refuses for want of a permission
  code   IAM_PERMISSION_DENIED
  beside wrong-principal condition-unmet
wrong-principal: the grant names an account that was deleted
  says   deleted:serviceaccount
  beside credential-unknown

# Keys
encryption-key-denied: the project's Cloud Storage service account may not use the bucket's key
  says   permission denied on cloud kms key | authorized to use this key |
         cloudkms.cryptokeyversions.usetoencrypt
  lacks  cloudkms.cryptoKeyVersions.useToEncrypt
encryption-key-unusable: the bucket's key is missing, disabled, destroyed or in another location
  code   cloudKmsBadKey cloudKmsDisabledKey cloudKmsEncryptionKeyNotFound cloudKmsDecryptionKeyNotFound
         cloudKmsKeyLocationNotAllowed cloudKmsCannotChangeKeyName
  says   cloud kms key is disabled | bad cloud kms | cloud kms region | kms encryption key not found |
         kms decryption key not found | kms key location not allowed | kms key name cannot be changed |
         kms key * not found | cloud kms * is not enabled | is not enabled, current state
encryption-refused: a key of the customer's own was sent wrongly, or was not sent where it is needed
  code   customerEncryptionAlgorithmIsInvalid customerEncryptionKeyFormatIsInvalid
         customerEncryptionKeyIsIncorrect customerEncryptionKeySha256IsInvalid
         resourceIsEncryptedWithCustomerEncryptionKey resourceNotEncryptedWithCustomerEncryptionKey
  says   customer-supplied encryption key | customer supplied encryption |
         customer encryption key | missing an encryption key | missing an encryption algorithm |
         provided encryption key is incorrect | sha256 hash of the encryption key |
         encryption enforcement
  beside header-required request-invalid

# ACLs
acl-refused: an ACL was sent, and the bucket has uniform access or forbids public access
  code   UnsupportedAcl
  says   uniform bucket-level access | bucket policy only | legacy acl | cannot use acl api |
         public access prevention | publicaccessprevention

# The bucket
bucket-missing: there is no bucket of this name
  code   NoSuchBucket
  says   specified bucket does not exist | bucket does not exist | no such bucket | bucketnotfoundexception |
         bucket * not found
  field  bucket
bucket-name-invalid: this cannot be the name of a bucket
  code   InvalidBucketName DotfulBucketNameNotUnderTld InvalidDNSBucketName BucketNameTooLong
  says   invalid bucket name | bucket name is not valid | bucket is not valid | bucket name must |
         bucket names must | not a valid bucket name | the bucket name
  field  bucket
not-needed: the bucket has no such setting, or it is not the writer's to change
  code   NoSuchLifecycleConfiguration NoSuchWebsiteConfiguration stopChannelCallerNotOwner
not-needed: creating the bucket was refused, and a writer does not create buckets
  code   BucketNameUnavailable BucketAlreadyExists BucketAlreadyOwnedByYou TooManyBuckets BucketNotEmpty
  says   already own this bucket | already own it | requested bucket name is not available | bucket you tried to
  beside bucket-not-yours
  field  bucket
not-needed: the object that was looked up is not there, which a writer need not know
  code   NoSuchKey NoSuchVersion NoSuchObject
  says   no such object | no urls matched | object doesn't exist
  unless pre-conditions
  beside bucket-missing request-invalid

# The object
object-locked: retention or a hold protects the object
  code   objectUnderActiveHold retentionPolicyNotMet
  says   is under active | active hold | retention policy | retention period | event-based hold | temporary hold
  beside not-needed object-exists
request-invalid: a precondition failed: the setting was changed by somebody else meanwhile
  code   conditionNotMet PreconditionFailed
  says   pre-conditions you specified did not hold | precondition failed
  beside not-needed object-exists throttled organization-deny
  on     settings admin create delete list read
object-exists: a precondition failed on a write: an object of this name is there already
  code   conditionNotMet PreconditionFailed
  says   pre-conditions you specified did not hold | precondition failed | object already exists
  beside request-invalid organization-deny condition-unmet

# The request
https-required: plain http was used where only https is accepted
  code   sslRequired
  says   require ssl | requires ssl | ssl is required | ssl required
request-invalid: a digest of the body does not match the body that arrived
  code   BadDigest CrcMismatch InvalidDigest Md5Mismatch
  says   does not match the expected | doesn't match calculated | provided md5 hash | provided crc32c |
         calculated md5 hash | content-md5 you specified | hash * does not match | checksum mismatch
  beside proxy-interfered
request-invalid: the name of the object is not accepted
  code   KeyTooLong
  says   object name must | object name contains | disallowed unicode | required parameter: name |
         object names * invalid | invalid object name
  field  path
request-invalid: an upload session is gone: it ended, or another one took its place
  says   no longer available | resumable upload session | rewrite token
  beside throttled service-unavailable
feature-unsupported: the server does not implement something that the client used
  code   NotImplemented UnsupportedArgument UNIMPLEMENTED SYSTEM_PARAMETER_UNSUPPORTED
  says   not implemented | unsupported header | api version that has been turned down
  beside request-invalid
account-kind-unsupported: this kind of bucket does not offer what was asked
  says   hierarchical namespace
  unless storage.folders
  beside feature-unsupported request-invalid
signature-broken: the signature, or another part of what was signed, is not in its form
  code   MalformedSecurityHeader
  says   signature was not base64 | has a malformed header
  beside request-invalid credential-malformed
request-invalid: the server refuses the request itself: a header, a parameter, its size or its body
  code   invalidParameter invalidArgument parseError invalidAltValue notDownload
         notUpload wrongUrlForUpload uploadTooLarge requestedRangeNotSatisfiable lengthRequired
         turnedDown unsupportedMediaType EntityTooLarge EntityTooSmall ExcessHeaderValues IncompleteBody
         InvalidLocationConstraint InvalidPolicyDocument InvalidQueryParameterValue InvalidRange
         InvalidURI MalformedACLError MalformedBucketConfiguration MalformedHeaderValue MalformedXML
         MetadataTooLarge MissingRequestBody MissingSecurityHeader
         MissingContentLength InvalidStorageClass UnresolvableGrantByEmailAddress
         AmbiguousGrantByEmailAddress CredentialsNotSupported InvalidRequest NoSuchUpload InvalidPart
         InvalidPartOrder INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE corsRequestWithXOrigin
         ComponentCountExceeded storageClassInvalid storageClassRequired MISSING_ORIGIN MalformedPolicy
         MaxMessageLengthExceeded ResponseHeaderTooLarge UnexpectedContent UserKeyMustBeSpecified
  says   url parameters was invalid | fields in the request body was invalid |
         could not parse the body | wrong url | range cannot be satisfied | storage class |
         must provide the content-length | upload url | alt url parameter | object exceeds the maximum |
         been turned down | uploads of this size |
         http verb is not supported
  beside feature-unsupported
request-invalid: the server refuses the request as invalid
  code   invalid badRequest methodNotAllowed
  beside feature-unsupported
  hint

# The service
connection-failed: the connection broke during the upload
  code   uploadBrokenConnection clientClosedRequest RequestTimeout CANCELLED
  says   upload connection | client closed request | cancelled at the client's request
quota-exceeded: a quota is used up
  code   EMULATOR_QUOTA_EXCEEDED
         quotaExceeded dailyLimitExceeded RESOURCE_QUOTA_EXCEEDED InsufficientQuota storageQuotaExceeded
  says   daily usage limit | exceed a quota | daily limit | quota * exceeded |
         quota exceeded | quota has been exceeded | quota was exceeded | storage quota | insufficient quota |
         limit reached
  unless per minute | per second | rate limit
  beside throttled
throttled: a quota by the minute, or by the second, is used up
  says   quota * per minute | quota * per second
  beside quota-exceeded
throttled: a rate limit was hit
  code   rateLimitExceeded userRateLimitExceeded usageLimits.rateLimitExceeded SlowDown
         RATE_LIMIT_EXCEEDED RESOURCE_EXHAUSTED TooManyRequests
  says   exceeded the rate limit | exceeds the rate limit | rate limit exceeded | rate limit was exceeded |
         reduce your request rate | reduce the rate | too many requests | too many attempts |
         usage limit was exceeded
throttled: an upload was given up, as happens when one name is written too often
  code   gone
  beside request-invalid service-unavailable
  hint
service-unavailable: the service failed on its own side
  code   backendError internalError badGateway gatewayTimeout ServiceUnavailable UNAVAILABLE INTERNAL
         DEADLINE_EXCEEDED DATA_LOSS
  says   backend error | encountered an internal error | service unavailable | currently unavailable |
         we're sorry, but the server | server timed out |
         difficulty reaching an internal service | unable to process your request

# Codes that only group
auth-method-refused: another account could not be impersonated
  code   forbidden PERMISSION_DENIED
  on     assume
  beside permission-missing access-denied
  hint
access-denied: the answer refuses and names no permission
  code   forbidden AccessDenied PERMISSION_DENIED
  says   current user does not have access to perform
  beside permission-missing wrong-principal condition-unmet organization-deny
  hint
credential-missing: the request carried no token
  code   required
  http   401
  beside credential-expired
  field  gcs_credentials
  hint
payer-required: something that the request must carry is missing: for a requester-pays bucket, the project that pays
  code   required
  http   400 403 404
  beside request-invalid
  hint
payer-required: something that the request must carry is missing: the project that pays, or a token
  code   required
  beside credential-missing request-invalid
  hint
bucket-missing: what the address names was not found
  code   notFound
  status 404
  beside bucket-name-invalid not-needed wrong-principal
  field  bucket
  hint
not-needed: the name is taken, which matters only to who creates the bucket
  code   conflict
  on     create settings admin unknown
  beside bucket-not-yours object-exists throttled
  hint
object-exists: the name is taken
  code   ALREADY_EXISTS
  beside not-needed
  hint
throttled: the request collided with another one on the same name
  code   conflict ABORTED
  says   conflicting concurrent change
  beside object-exists request-invalid
  hint
""")
