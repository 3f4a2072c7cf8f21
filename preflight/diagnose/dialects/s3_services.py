"""Codes of Amazon's services beside S3 (keys, tokens, identities), and codes that writing seldom meets."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"s3"})
RANK = 41

RULES = rules("""
# Keys (KMS)
encryption-key-unusable: the encryption key is disabled, does not exist, or is not made for this
  code   DisabledException KMS.IncorrectKeyException IncorrectKeyException IncorrectKeyMaterialException
         InvalidArnException InvalidAliasNameException InvalidKeyUsageException KMS.InvalidArnException
encryption-key-unusable: the key service finds no such key
  code   NotFoundException
  with   key | kms
  beside request-invalid
encryption-key-denied: the key service refuses the grant that was named
  code   InvalidGrantTokenException InvalidGrantIdException
encryption-refused: what was to be decrypted is not what this key encrypted
  code   InvalidCiphertextException KMS.InvalidCiphertextException
service-unavailable: the key service, or what it depends on, failed for a moment
  code   KMSInternalException KMS.KMSInternalException DependencyTimeoutException
service-unavailable: the key is out of reach for a moment
  code   KeyUnavailableException KMS.KeyUnavailableException
  beside encryption-key-unusable throttled

# Tokens and identities (STS, IAM)
clock-skew: the request reached the service more than fifteen minutes after its time, or before it
  code   RequestExpired
  beside credential-expired
auth-method-refused: this kind of identity may not do this
  code   InvalidUserType InvalidAuthorizationMessageException
  beside permission-missing
request-invalid: the token service refuses the request's parameters
  code   PackedPolicyTooLarge MissingAction InvalidAction MissingParameter InvalidParameterCombination
         InvalidQueryParameter MalformedQueryString MalformedHttpRequestException
credential-unknown: there is no such user or role
  code   NoSuchEntity NoSuchUser UserNotFound
  beside not-needed wrong-principal
service-unavailable: the identity is being changed just now
  code   EntityTemporarilyUnmodifiable ConcurrentModification
  beside not-propagated throttled
session-token-invalid: the server does not accept the session token
  code   InvalidSecurityToken InvalidSecurityTokenException
  beside credential-unknown

# S3, off the path of a write
not-needed: managing buckets and access points, which a writer does not do
  code   AccessPointAlreadyOwnedByYou BucketHasAccessPointsAttached TooManyAccessPoints
         TooManyMultiRegionAccessPoints TooManyMultiRegionAccessPointregionsError NotModified
         NoLoggingStatusForKey NoSuchAsyncRequest DeleteConflict
  beside quota-exceeded
bucket-name-invalid: there is no such access point
  code   NoSuchMultiRegionAccessPoint InvalidMultiRegionAccessPoint
  field  bucket
account-suspended: the account may not use the service, or has not paid
  code   UnauthorizedAccessError AccountPastDue AccountInactive AccountNotActive InArrearOrInsufficientBalance
  says   in arrears | insufficient balance | trial period has expired | trial has expired | trial has ended
connection-failed: the answer broke off
  code   ResponseInterrupted
  beside service-unavailable
header-required: the second factor that the request names is not accepted
  code   TokenCodeInvalidError
  beside request-invalid
request-invalid: the object's state or another detail of the request does not allow this
  code   RestoreAlreadyInProgress ObjectAlreadyInActiveTierError ObjectNotInSourceStorageClass
         RequestTorrentOfBucketError MissingAttachment ClientTokenConflict DeviceNotActiveError
         NotDeviceOwnerError InvalidDuration XMinioContentSHA256Mismatch XMinioObjectTampered
  beside not-needed

# Sentences of the documentation, for answers that lost their code
not-needed: creating the bucket was refused, and a writer does not create buckets
  says   bucket that you tried to create | bucket that you tried to delete
  beside bucket-not-yours
object-exists: a precondition failed on a write: an object of this name is there already
  says   preconditions that you specified did not hold | conditional request cannot succeed
  beside request-invalid throttled service-unavailable
region-wrong: the server redirects to another endpoint, as it does for a bucket of another region
  says   temporary redirect
  beside not-propagated endpoint-wrong
  field  aws_s3.s3_region
endpoint-wrong: the address took no such request: the bucket is missing in it, or this is not the S3 port
  says   specified method is not allowed | method not allowed
  beside feature-unsupported proxy-interfered not-needed bucket-not-yours
  field  aws_s3.s3_custom_endpoint_url
  on     write unknown assume
credential-malformed: the credential in the request has not the shape of key id, date, region and service
  says   authorization header you provided is invalid | credential is mal-formed
  beside signature-broken region-wrong request-invalid
  field  aws_s3.s3_api_key
api-disabled: the token service is not activated in this region
  says   sts is not activated in this region
  beside region-wrong
request-invalid: the server refuses the request itself
  says   email address * account | does not support credentials | not valid for the current state |
         request was too large | unsupported content | valid tag
  beside acl-refused not-needed

# Compatible servers
network-denied: the server refuses the way that the request came: only its private endpoint may be used
  code   PublicEndpointForbidden
  says   forbidden to use public endpoint
  beside endpoint-wrong
credential-unknown: the server does not accept this key pair
  code   NotAuthenticated
  says   forbidden: no such key | no such access key
  beside secret-wrong credential-malformed region-wrong endpoint-wrong
  field  aws_s3.s3_api_key
permission-missing: the grant that belongs to the key does not cover this call
  says   key does not allow | not allowed for this key
  beside access-denied bucket-not-yours not-needed
access-denied: the bucket is not there, or the caller may not see it
  code   NotAuthorizedOrNotFound
  beside permission-missing bucket-missing not-needed
checksum-required: the server demands a checksum header with this upload
  code   MissingContentMD5
  beside request-invalid
https-required: the server takes such requests over https only
  code   XMinioInsecureClientRequest InsecureTransport
  field  aws_s3.s3_custom_endpoint_url
service-unavailable: the server, or what is behind it, is not ready
  code   XMinioBackendDown XMinioRequestTimedout Busy
  beside throttled
quota-exceeded: a cap that the account has set on itself is reached
  code   CapExceeded TransactionCapExceeded DownloadCapExceeded UsageCapExceeded
""")
