"""What the Azure libraries and tools say before any server is asked."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"abs", ""})
RANK = 45

RULES = rules(
    """
credential-missing: the client found no account key, signature or connection string
  says   missing credentials to access storage service | account name and key | account key * required |
         no credentials specified | no credentials found | or account_name with credentials |
         configuration property * not found | using anonymous credentials
  code   KeyProviderException ConfigurationPropertyNotFoundException
  beside credential-malformed account-name-wrong
  field  azure_blob.abs_account_key
credential-malformed: the account key is not base64: cut, a placeholder, or something else than a key
  code   AzureSigningError
  says   incorrect padding | illegal base64 data | decode account key |
         not a valid base-64 string | invalid base64 | invalid length for a base-64 |
         input is not a valid base-64 | base-64 string | invalid base-64 |
         only base64 data is allowed | base64 size | base64 length | non-base64 digit | number of data characters |
         last encoded character | not correctly base64 | base64-encoded string |
         invalid account key | account key * base64 | illegal base64 character
  field  azure_blob.abs_account_key
credential-missing: the client was given no connection string
  says   missing azure storage connection string | missing connection string | missing storage connection string |
         connection string not found | connection string is not set | connection string was not | no connection string
  beside credential-malformed
  field  azure_blob.abs_account_key
credential-malformed: the connection string is none, or lacks its parts
  says   connection string is either blank or malformed | connection string missing |
         invalid connection string | connection string | settings must be of the form |
         connectionstring | missing required connection |
         no valid combination of account information | credentials must be one of |
         unable to determine account name
  beside credential-missing account-name-wrong
  field  azure_blob.abs_account_key
tenant-wrong: the tenant is neither a GUID nor a domain
  says   invalid tenant id provided | invalid tenant id | tenant id * invalid |
         tenant_id should be | invalid tenantid | tenant identifier |
         unable to get authority configuration | authority * invalid | invalid authority
  beside credential-malformed
  field  azure_blob.abs_tenant_id
credential-missing: an adapter was given a setting of the account that it cannot use
  says   failure to initialize configuration
  beside credential-malformed account-name-wrong
  field  azure_blob.abs_account_key
  hint
credential-missing: the machine has several managed identities, and none was named
  says   multiple user assigned identities exist
  beside wrong-principal credential-unknown
  field  azure_blob.abs_client_id
credential-unknown: the machine that asks has no such managed identity
  says   identity not found
  beside credential-missing wrong-principal
credential-missing: the client found no credential
  code   CredentialUnavailableError CredentialUnavailableException
  says   environment variables are not fully configured |
         defaultazurecredential failed to retrieve a token | please run 'az login' |
         no credential in this chain | client_secret should be | client secret should |
         client_id should be | secret should be a microsoft entra application's client secret |
         should be the id of a | no accounts were found | authentication unavailable | imds |
         no managed identity endpoint |
         managed identity * not found | azure cli not found | not logged into azure |
         from azure cli | azurecli authorizer | parse azure cli |
         clientsecret is required | clientid is required
  beside credential-malformed connection-failed auth-method-refused
  field  azure_blob.abs_client_secret
account-name-wrong: the account's name or address cannot be one
  says   invalid character * in host name | invalid account name |
         account name is required | account_name | storage account name |
         invalid storage account | unable to determine account | invalid url |
         please specify an account | account must be specified | account url must | invalid uri | account name * must be
  beside endpoint-wrong credential-missing
  field  azure_blob.abs_account_name
bucket-name-invalid: the client refuses the container's name
  says   invalid container name | please specify a container name | container name |
         container_name
  field  bucket
https-required: the client refuses to send a token over plain http
  says   token credential is only supported with https | cannot use token credential without ssl |
         bearer token authentication is not permitted for non-tls | requires https |
         tokens can only be used with https
secret-wrong: the token was refused, and the client keeps the reason to itself
  says   getting token from azuread | failed to refresh the token
  beside credential-unknown tenant-wrong credential-missing credential-expired
  field  azure_blob.abs_client_secret
credential-missing: the token was not obtained; the reason stands elsewhere
  code   ClientAuthenticationError AuthenticationRequiredError MsalServiceException
  beside secret-wrong tenant-wrong credential-unknown
  hint
""",
    local=True,
)
