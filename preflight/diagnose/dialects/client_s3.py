"""What the S3 libraries and tools say before, or instead of, asking a server."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"s3", ""})
RANK = 45

RULES = rules(
    """
credential-malformed: the key or the secret holds a line break, a blank or another character that no header may carry
  says   invalid header field value | invalid header value |
         invalid leading whitespace, reserved character | invalid character in header content |
         illegal header value | header value contains | contains invalid characters for * header |
         header contains * newline | not a legal header value | unexpected char * in header |
         unexpected char 0x0a | must not contain whitespace | must not contain spaces | contains whitespace
  field  aws_s3.s3_api_key
credential-missing: the client found a key id and no secret
  says   missing: aws_secret_access_key | secret key cannot | secret access key cannot | missing secret |
         secret key is * empty | secret access key is * empty | no secret
  beside credential-malformed
  field  aws_s3.s3_secret
credential-missing: the client found no complete key pair
  code   NoCredentialsError NoCredentialProviders PartialCredentialsError CredentialsProviderError
         EmptyStaticCreds StaticCredentialsEmpty ProfileNotFound CredentialUnavailable
         NoCredentialError MissingCredentials CredentialRetrievalError CredentialsError
         SharedConfigProfileNotExistError ProcessProviderExecutionError NoAuthHandlerFound
         EC2RoleRequestError EC2MetadataError SharedConfigErr SharedCredsLoad MissingCredentialsError
  says   unable to locate credentials | no valid providers in chain | no valid credential sources |
         could not load credentials | missing credentials in config | partial credentials found |
         static credentials are empty | unable to load aws credentials |
         unable to load credentials | access key cannot be null | access key id cannot be empty |
         failed to retrieve credentials | failed to refresh cached credentials |
         no ec2 imds role found | no ec2 instance role found |
         config profile * could not be found | credentials not found |
         no credentials | resolved credential object is not valid | cannot find credentials |
         error retrieving credentials from the instance profile | could not find credentials |
         no handler was ready to authenticate | aws_access_key_id * not set |
         access key and secret key * required | no aws credentials | secret key cannot be | failed to find credentials
  beside credential-malformed
  field  aws_s3.s3_api_key
credential-expired: the login behind the client's profile has run out
  code   UnauthorizedSSOTokenError SSOTokenLoadError TokenRetrievalError SSOProviderInvalidToken
  says   sso session associated with this profile has expired | token for * does not exist |
         sso * expired
  beside credential-missing
region-wrong: the library was given no region
  says   missing required client configuration options
  with   region: | region:(
  field  aws_s3.s3_region
region-wrong: the region is missing or cannot be one
  code   NoRegionError MissingRegion InvalidRegionError InvalidRegionException RegionMissing
         MissingEndpoint
  says   must specify a region | missing region | region is missing |
         could not find region configuration | unable to find a region | valid rfc host label |
         valid host label | doesn't match a supported format | invalid region | region not found |
         a region must be set | region is required | region must be specified | unknown region |
         region cannot be | not a valid region | unsupported region
  field  aws_s3.s3_region
endpoint-wrong: the endpoint is not an address that the client can use
  code   InvalidEndpointError UnknownEndpoint InvalidEndpoint EndpointProviderError
         InvalidURISchemeException
  says   invalid character * in host name | invalid endpoint | inaccessible host |
         first path segment in url cannot contain colon | custom endpoint * was not a valid uri |
         endpoint url cannot have fully qualified paths |
         does not follow ip address or domain name standards | invalid uri |
         no connection adapters were found | curl error 3: | invalid url | malformed endpoint |
         not a valid endpoint | endpoint * must be | endpoint * scheme | no scheme supplied |
         unable to parse url | endpoint resolver | custom endpoint | unable to resolve endpoint |
         could not resolve endpoint | resolveendpoint | endpoint rule error
  beside region-wrong
  field  aws_s3.s3_custom_endpoint_url
bucket-name-invalid: no address can be made with this name: a blank, an underscore or a slash is in it
  says   illegal character in authority | illegal character in hostname | illegal character in path |
         hostname does not appear to be | no bucket specified | bucketkey is null
  beside endpoint-wrong request-invalid
  field  bucket
bucket-name-invalid: the client refuses the bucket's name
  code   IllegalBucketNameException InvalidBucketNameError BucketNameError
  says   invalid bucket name | bucket name must | bucket name should | bucket name cannot |
         bucket names cannot | bucket name contains | bucket name is |
         invalid length for parameter bucket | empty value for required parameter: bucket |
         missing required key 'bucket' | missing required parameter in input: 'bucket' |
         invalid s3 uri | not a valid bucket | invalid bucket |
         empty uri label for input member: bucket |
         no value provided for input http label: bucket | bucket is a required |
         minimum field size of 1, * bucket | invalid type for parameter bucket |
         required parameter name not set | illegal bucket | bucket name * is not dns compatible
  field  bucket
request-invalid: the client refuses a parameter of the request
  code   ParamValidationError ParameterNotFound InvalidParameterType UnexpectedParameter
         MissingRequiredParameter ValidationError
  says   parameter validation failed | invalid type for parameter | unknown parameter in input |
         validation error detected
  hint
feature-unsupported: a checksum that the client computes does not fit what the server returns or takes
  code   FlexibleChecksumError AwsChunkedWrapperError MissingDependencyException
         UnsupportedSignatureVersionError
  says   checksum did not match
  beside request-invalid proxy-interfered
request-invalid: the client refuses the name of the object
  says   http label: key | required parameter: key | required key 'key' | key is required | key is a required |
         empty value for required parameter: key
  field  path
request-invalid: the client found another digest or length than the server: the body was changed or cut on its way
  says   different checksum than expected | unable to verify integrity of | different length than |
         uploaded data did not match | incorrect object size | etag differ | total bytes expected is |
         content length mismatch | md5 mismatch
  beside proxy-interfered connection-failed feature-unsupported
request-invalid: the client does not know how long the body is
  says   stream of unknown length | content length could not be determined | unable to calculate * content length |
         unknown content length | content-length is required
  beside feature-unsupported
request-invalid: the upload would have more parts than there may be
  says   exceeded total allowed configured | maxuploadparts | too many parts | more than 10000 parts
request-invalid: the client cannot send the body a second time
  code   UnseekableStreamError ResetException
  says   need to rewind the stream | failed to reset the request input stream | unable to rewind
""",
    local=True,
)
