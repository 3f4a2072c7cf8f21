"""Sentences of the S3 protocol that say more than the code beside them."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"s3"})
RANK = 20

RULES = rules("""
signature-broken: the authorization header lacks what signature version 4 puts there
  says   authorization header requires
  beside credential-malformed endpoint-wrong
credential-missing: the authorization header has no key id before the date
  says   authorization component '/
  beside credential-malformed region-wrong
  field  aws_s3.s3_api_key
credential-malformed: the key id or the secret holds a blank, so that the authorization header falls apart
  says   one and only one ' ' (space) required
  beside signature-broken request-invalid
  field  aws_s3.s3_api_key
condition-unmet: the policy of a signed form does not allow what the form sends
  says   invalid according to policy
  beside request-invalid access-denied
signature-broken: headers were added after signing
  says   headers present in the request which were not signed
signature-broken: a part of the signature is missing from the header that carries it, or the date is
  says   signature header missing | authentication requires a valid date
  beside credential-malformed proxy-interfered request-invalid
signature-broken: the server takes another signature version only
  says   authorization mechanism you have provided is not supported | sigv2 | use sigv4 |
         require aws signature version | signature v2 | signature v4 is required |
         require aws signature version 4 | signature version * not supported |
         please use aws4-hmac-sha256 | signature version requested is not supported
  beside region-wrong feature-unsupported
credential-expired: the signed link has run out
  says   request has expired
  beside clock-skew
clock-skew: the request is older, or newer, than the server's clock allows
  says   signature expired | signature not yet current | time difference is too large |
         request is not valid yet | request time * too skewed | request date is in the future |
         difference between the request time and the
  beside connection-failed
credential-missing: the credential in the request is empty
  says   non-empty access key | anonymous access is forbidden | anonymous users cannot |
         no authorization header | anonymous caller | no aws accesskey was presented |
         access denied, please provide credentials | unauthenticated requests * not allowed |
         missing authentication token |
         anonymous user is not allowed
  field  aws_s3.s3_api_key
credential-unknown: the server does not know this access key id
  says   access key id you provided does not exist | access key id you provided is not valid |
         accesskeyid does not exist | access key id * not found
  beside endpoint-wrong session-token-invalid credential-disabled
  field  aws_s3.s3_api_key
credential-disabled: the user or the key is switched off
  says   account is disabled; please contact your administrator | access key * disabled | accesskey * disabled |
         access key * inactive | user is disabled | user is suspended
  field  aws_s3.s3_api_key
session-token-invalid: the session token is damaged, of another partition, or not accepted in this region
  says   provided token is malformed or otherwise invalid |
         security token included in the request is invalid
  beside credential-unknown region-wrong
  unless invalidclienttokenid
credential-expired: the session token has run out
  says   security token included in the request is expired | provided token has expired
  beside session-token-invalid
  field  aws_s3.s3_api_key
account-suspended: the account behind the bucket or the key may not use the service
  says   not signed up for | needs a subscription for the service | account has been suspended |
         account is suspended | account has been disabled | account is inactive | account * is not active |
         account is past due | account trouble | account is in arrears | overdue payment |
         account is not authorized to use | problem with your aws account |
         account has been locked
acl-refused: the ACL in the request is not one that the server takes
  says   specifying both canned acls and header grants | value for canned acl
  beside request-invalid
acl-refused: an ACL was sent and the bucket does not take ACLs
  says   bucket does not allow acls | bucket does not support acls | bucket cannot have acls |
         object ownership * acl | acl * object ownership
acl-refused: the public access block refuses the ACL or policy that was sent
  says   public access block setting | public access * blocked | blockpublicacls | blockpublicpolicy |
         public policies are blocked | public use of objects is not allowed |
         public acl * not allowed | public access is not allowed
  beside credential-missing account-kind-unsupported
region-wrong: the signature was made for another region than the server's own
  says   unexpected scope | credential scope * region | scope * should be
  beside credential-malformed signature-broken
  field  aws_s3.s3_region
secret-wrong: the server finds the signature invalid
  says   invalid signature | signature is invalid | signature mismatch | bad signature
  beside signature-broken credential-malformed endpoint-wrong
  field  aws_s3.s3_secret
auth-method-refused: a temporary credential may not ask for another one
  says   with session credentials | with root credentials | roles may not be assumed by root
  beside permission-missing
auth-method-refused: the server has no accounts set up, and takes no signed requests
  says   requires setting up * authentication
  beside credential-unknown feature-unsupported
region-wrong: the bucket must be asked at another regional endpoint
  says   must be addressed using the specified endpoint | location constraint is incompatible |
         location-constraint is not valid | location constraint is not valid |
         region does not match | region name * is not valid | exists in another region |
         bucket is in this region: | the region specified * does not |
         bucket is in another region | scoped to a valid region | specified region does not exist |
         region must be specified if this is not the home region |
         authorization header is malformed; the region | non-empty region
  field  aws_s3.s3_region
endpoint-wrong: this is the console's port or another service, not the S3 API
  says   s3 api requests must be made to api port | sent to api port | made to console port | must be made to api port |
         unknown host header
  field  aws_s3.s3_custom_endpoint_url
endpoint-wrong: the bucket is addressed in a style that this server does not take
  says   virtual host style | virtual-hosted style | virtual hosted style |
         path-style * not supported | path style * not supported | second level domain |
         addressing style | virtual-styled | path-styled | must be addressed using * domain
  beside bucket-name-invalid
  field  aws_s3.s3_custom_endpoint_url
bucket-name-invalid: this cannot be the name of a bucket
  says   specified bucket is not valid | bucket name is not valid | bucket name cannot |
         not a valid bucket name | bucket name contains invalid |
         the requested bucket name is invalid
  field  bucket
bucket-not-yours: the bucket belongs to another account than the one expected
  says   expected bucket owner | bucket owner * does not match | bucket does not belong to |
         bucket belongs to another | bucket you tried to * owned by
  beside request-invalid
  field  bucket
https-required: the request used plain http where only https is accepted
  says   must be made over a secure connection | require * secure connection | https is required |
         ssl is required | requires https | insecure transport | http is not allowed
  field  aws_s3.s3_custom_endpoint_url
encryption-key-unusable: the encryption key is disabled, deleted, of another region, or its id is wrong
  says   is pending deletion | is pending import | kms key * disabled | arn:aws:kms * is disabled |
         invalid keyid | invalid arn | kms * key * does not exist | kms key * not found |
         specified kms key does not exist | key with the specified keyid
encryption-key-denied: the encryption key may not be used by this identity
  says   ciphertext refers to a customer master key that does not exist | access to kms * denied |
         access to kms is not allowed | access denied to kms | denied * kms key | kms * not authorized
  beside encryption-key-unusable
  lacks  kms:GenerateDataKey
encryption-refused: the call took no such header: a write that lost its bucket or key becomes another call
  says   x-amz-server-side-encryption header is not supported
  beside bucket-name-invalid request-invalid feature-unsupported
encryption-refused: the encryption headers are invalid or do not suit the bucket
  says   encryption method specified is not supported | server side encryption * not supported |
         server side encryption specified but kms is not configured |
         encryption * parameters are not applicable |
         server side encryption with customer provided keys must |
         secret key was invalid for the specified algorithm | encryption key * did not match |
         md5 hash of the key did not match |
         server-side-encryption * invalid | x-amz-server-side-encryption * not supported |
         encryption request you specified is not valid | sse-c * not | kms is not configured |
         conflicting server side encryption | encryption is not enabled on this bucket |
         sse * not allowed | server side encryption with | 'x-amz-server-side-encryption'
  unless 'x-amz-server-side-encryption':
  beside header-required request-invalid
checksum-required: the bucket has an object lock and demands a checksum with each upload
  says   content-md5 * required for put * object lock | header is required for put |
         checksum * required * object lock |
         missing required header for this request: content-md5 | required header * content-md5 |
         content-md5 * header is required
object-locked: retention or a legal hold protects the object
  says   worm protected | protected by object lock | object is locked | under retention |
         legal hold | object is immutable | protected by worm | object lock * cannot be
  beside object-exists
  unless putobjectlegalhold | object lock configuration
request-invalid: the bucket has no object lock and the request sends retention
  says   bucket is missing object lock configuration | bucket is missing objectlockconfiguration |
         bucket * not have object lock
  beside feature-unsupported account-kind-unsupported
payer-required: the bucket is requester-pays and the request does not accept the cost
  says   requester pays | requester-pays | x-amz-request-payer
  unless getbucketrequestpayment
header-required: a policy demands a second factor
  says   multi-factor authentication | multifactorauth | mfa * required | requires mfa
  beside explicit-deny
request-invalid: a checksum header was announced and did not arrive
  says   x-amz-sdk-checksum-algorithm specified, but no corresponding
  beside proxy-interfered signature-broken feature-unsupported
request-invalid: the checksum headers contradict each other or are invalid
  says   value for x-amz- * header is invalid | expecting a single x-amz-checksum |
         checksum type * mismatch | checksum * did not match |
         provided 'x-amz-content-sha256' header does not match |
         provided x-amz-content-sha256 header does not match | md5 you specified |
         content-md5 you specified | checksum value * does not match
  beside proxy-interfered feature-unsupported signature-broken
feature-unsupported: the server names a header or a call that it does not implement
  says   unsupported header | header you provided implies functionality that is not implemented |
         functionality that is not implemented | not implemented | is not supported for this |
         streaming-unsigned-payload-trailer | streaming-aws4-hmac-sha256-payload |
         trailing checksum | operation is not supported | not supported by this |
         aws-chunked
  beside request-invalid acl-refused
request-invalid: the storage class is not one that this bucket takes
  beside feature-unsupported
  says   storage class you specified is not valid | storage class * not | invalid storage class
request-invalid: parts of an upload differ in length, and only the last may
  says   non-trailing parts must have the same length | part number must be an integer |
         proposed upload is smaller than the minimum
request-invalid: the name of the object is too long
  says   your key is too long | object name contains | object key contains | object name cannot | invalid object name
  field  path
session-token-invalid: this server does not take session tokens, and one was sent
  says   x-amz-security-token
  with   invalidargument
  beside request-invalid feature-unsupported
request-invalid: a header of the request is invalid or too long
  says   metadata headers exceed | header * too long |
         proposed upload exceeds | user-metadata * limit | unsupported metadata |
         request headers * exceeded
throttled: the server asks for fewer requests
  says   reduce your request rate | request rate is too high | too many requests | rate exceeded |
         rate limit exceeded | bandwidth limit exceeded | requests limit
  unless unwritable | unreadable
object-exists: an object of this name is there already
  says   object * already exists
  beside object-locked request-invalid
service-unavailable: the server has lost its quorum or cannot write
  says   resources are insufficient |  resource requested is unwritable | resource requested is unreadable |
         server not initialized | write quorum | read quorum | drives are offline |
         service is unavailable | service is temporarily unavailable | service unavailable |
         we encountered an internal error | disks failures | not initialized yet |
         is temporarily unavailable
  beside throttled quota-exceeded
quota-exceeded: the storage is full or over its quota
  says   minimum free drive threshold | storage backend has reached | quota exceeded |
         quota has been exceeded | exceeds the quota | no space left on device | disk full |
         storage cap exceeded | transaction cap exceeded | cap exceeded | out of space |
         insufficient storage | storage limit
""")
