"""What the Google libraries and tools say about a key file before any server is asked."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"gcs", ""})
RANK = 45

RULES = rules(
    """
credential-malformed: the private key cannot be read: line breaks lost or escaped twice, or another kind of key
  code   MalformedFraming
  says   could not deserialize key data | no key could be detected | no key could be found |
         unable to load pem | malformedframing | malformed framing | decoder routines |
         no start line | bad base64 decode | bad end line | asn1 error | asn1 encoding routines |
         pem routines | pem lib | neither pub key nor priv key | invalid pkcs8 | invalid pkcs#8 |
         pkcs8 | private key should be a pem | pem file | invalid pem | pem_read_bio |
         secretorprivatekey must be | invalid private key | failed to parse private key |
         private_key | unable to read private key | private key * invalid |
         unable to parse private key | openssl_sign | supplied key param cannot be coerced |
         illegal base64 character | asn1: structure error | asn1: syntax error |
         invalid key format | error parsing private key | invalidbyte | invalid rsa |
         unsupported key
  beside credential-missing
  field  gcs_credentials.private_key
  unless does not contain | missing fields | missing required
credential-missing: the library was given no private key
  says   key must be a string, a buffer or an object | secretorprivatekey must have a value
  beside credential-malformed
  field  gcs_credentials.private_key
credential-malformed: the file is of another type than a service account key
  says   does not have a valid type | 'type' value | type is none, expected one of |
         unknown credential type | unsupported credentials type | invalid credential type |
         not recognized. expecting | credentials type | type field | unrecognized credential type |
         expected type service_account | not a service account
  field  gcs_credentials.type
credential-malformed: the file lacks what a service account key has
  code   MalformedError
  says   not in the expected format | missing fields | does not contain a client_email |
         does not contain a private_key | must contain a client_email | client_email |
         missing required field | no client_email | client_id * or private_key |
         expecting 'client_id', 'client_email' | does not appear to be a valid service |
         client secrets must be for a web or installed app | missing 'client_email' |
         not a valid service account
  beside credential-missing
  field  gcs_credentials
credential-malformed: what was given as key file is not the JSON of one
  says   not a valid json file | no json input found | could not parse json | numeric literal |
         no json object could be decoded | could not read json file |
         failed to parse service account | unable to parse credential |
         error parsing credentials | failed to parse credentials | jsondecodeerror |
         in json at position | unexpected end of json input | looking for beginning of value |
         looking for beginning of object key | cannot unmarshal |
         invalid control character | expecting property name | expecting value: line |
         loading credential * expected value |
         invalid escape | malformed json | is not valid json | syntaxerror: unexpected |
         error reading credential | failed to load service account | invalid json | mapvalue |
         jsonsyntaxexception | json parse error | credentials * contents is not
  beside credential-missing
  field  gcs_credentials
credential-missing: the client found no credentials
  code   DefaultCredentialsError MISSING_CREDENTIALS NoCredentialsException
  says   could not load the default credentials | default credentials were not found |
         could not automatically determine credentials | could not find default credentials |
         application default credentials are not available |
         application default credentials were not found | unable to detect a project id |
         email is required | key is required | no key or keyfile set |
         google_application_credentials | credentials were not found |
         you do not currently have an active account | metadata.google.internal |
         compute metadata | metadata server | no credentials |
         anonymouscredentials | no active account | anonymous credentials cannot be refreshed
  beside credential-malformed
  field  gcs_credentials
credential-missing: the key file is not where the client looked
  says   failed to load file | no such file or directory | enoent | file * was not found | does not exist |
         cannot find the file
  beside credential-malformed
  field  gcs_credentials
  with   credential | .json | keyfile | key file | auth | authenticate | service account
bucket-name-invalid: the client refuses the bucket's name
  says   bucket name * must | bucket names must | invalid bucket name | a bucket name is needed |
         bucket name is needed | cannot determine path without bucket name | cannot specify both |
         bucket name must start and end | bucket name should | provider-only urls
  field  bucket
""",
    local=True,
)
