"""What the S3-compatible products say in words of their own: R2, B2, MinIO, Ceph, Spaces, Wasabi, OSS, OCI."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"s3"})
RANK = 15

RULES = rules("""
credential-unknown: MinIO knows no such key, or its user is disabled
  code   InvalidAccessKeyId
  beside credential-disabled endpoint-wrong
  field  aws_s3.s3_api_key
  who    MinIO
endpoint-wrong: MinIO keeps the path /minio to itself: the endpoint or the bucket names it
  says   all access to this resource has been disabled |
         all access to this bucket has been disabled
  beside bucket-not-yours bucket-name-invalid
  field  aws_s3.s3_custom_endpoint_url
  who    MinIO
bucket-not-yours: this name is switched off for everybody, as placeholders and mistyped bucket names are
  says   all access to this resource has been disabled |
         all access to this bucket has been disabled |
         all access to this object has been disabled
  beside endpoint-wrong bucket-name-invalid account-suspended
  field  bucket
credential-malformed: an R2 key id has 32 characters; this one is another provider's or is cut
  says   credential access key has length | should be 32
  beside credential-unknown endpoint-wrong
  field  aws_s3.s3_api_key
account-suspended: R2 is not enabled on this account
  says   please enable r2
  beside api-disabled
endpoint-wrong: the bucket belongs to another jurisdiction than this endpoint
  says   jurisdiction
  beside bucket-missing
  field  aws_s3.s3_custom_endpoint_url
  who    Cloudflare R2
credential-unknown: B2 does not know this key, or it belongs to another cluster
  says   malformed access key id | the key * is not valid
  beside endpoint-wrong credential-malformed
  field  aws_s3.s3_api_key
  who    Backblaze B2
permission-missing: the B2 application key lacks this capability, or is limited to another bucket or prefix
  says   not entitled
  beside bucket-not-yours not-needed
access-denied: the client replaced the answer by a sentence of its own
  says   insufficient permissions to access this
  beside permission-missing explicit-deny bucket-policy-missing
permission-missing: the console of MinIO asks for the permission that the user lacks
  says   require additional permissions in order to upload
  lacks  s3:PutObject
  who    MinIO
secret-wrong: OCI did not accept the key pair
  says   required information to complete authentication
  beside credential-unknown credential-malformed region-wrong
  field  aws_s3.s3_secret
permission-missing: OSS finds no grant for this RAM user
  says   you have no right to access this object because of bucket acl |
         no right to access this object
  beside bucket-policy-missing explicit-deny
  who    Alibaba OSS
""")
