"""What the Azure libraries and tools say before any server is asked."""

from preflight.diagnose.rule import Rule
from preflight.model import Cause

FAMILIES = frozenset({"abs", ""})
RANK = 25

KEY = "azure_blob.abs_account_key"
ACCOUNT = "azure_blob.abs_account_name"
TENANT = "azure_blob.abs_tenant_id"
SECRET = "azure_blob.abs_client_secret"  # noqa: S105 - a field name

RULES = (
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the account key is not base64: cut, a placeholder, or something else than a key",
        codes="AzureSigningError",
        says=(
            "incorrect padding",
            "illegal base64 data",
            "decode account key",
            "not a valid base-64 string",
            "invalid base64",
            "invalid length for a base-64",
            "input is not a valid base-64",
            "base-64 string",
            "invalid base-64",
            "only base64 data is allowed",
            "non-base64 digit",
            "number of data characters",
            "last encoded character",
            "not correctly base64",
            "base64-encoded string",
            "invalid account key",
            "account key * base64",
            "illegal base64 character",
        ),
        field=KEY,
    ),
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the connection string is none, or lacks its parts",
        says=(
            "connection string is either blank or malformed",
            "connection string missing",
            "invalid connection string",
            "connection string",
            "settings must be of the form",
            "connectionstring",
            "missing required connection",
            "no valid combination of account information",
            "credentials must be one of",
            "unable to determine account name",
        ),
        beside=(Cause.CREDENTIAL_MISSING, Cause.ACCOUNT_NAME_WRONG),
        field=KEY,
    ),
    Rule(
        Cause.TENANT_WRONG,
        "the tenant is neither a GUID nor a domain",
        says=(
            "invalid tenant id provided",
            "invalid tenant id",
            "tenant id * invalid",
            "tenant_id should be",
            "invalid tenantid",
            "tenant identifier",
            "unable to get authority configuration",
            "authority * invalid",
            "invalid authority",
        ),
        field=TENANT,
        beside=(Cause.CREDENTIAL_MALFORMED,),
    ),
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the client found no credential",
        codes="CredentialUnavailableError CredentialUnavailableException",
        says=(
            "environment variables are not fully configured",
            "defaultazurecredential failed to retrieve a token",
            "please run 'az login'",
            "no credential in this chain",
            "client_secret should be",
            "client secret should",
            "client_id should be",
            "secret should be a microsoft entra application's client secret",
            "cannot be empty",
            "should be the id of a",
            "you must provide either",
            "no accounts were found",
            "must be a non-empty",
            "missing credentials",
            "no credentials specified",
            "please provide",
            "account key * required",
            "clientsecret is required",
            "clientid is required",
        ),
        beside=(Cause.CREDENTIAL_MALFORMED,),
        field=SECRET,
    ),
    Rule(
        Cause.ACCOUNT_NAME_WRONG,
        "the account's name or address cannot be one",
        says=(
            "invalid account name",
            "account name is required",
            "account_name",
            "storage account name",
            "invalid storage account",
            "unable to determine account",
            "invalid url",
            "please specify an account",
            "account url must",
            "invalid uri",
            "account name * must be",
        ),
        beside=(Cause.ENDPOINT_WRONG, Cause.CREDENTIAL_MISSING),
        field=ACCOUNT,
    ),
    Rule(
        Cause.BUCKET_NAME_INVALID,
        "the client refuses the container's name",
        says=("invalid container name", "please specify a container name", "container name", "container_name"),
        field="bucket",
    ),
    Rule(
        Cause.HTTPS_REQUIRED,
        "the client refuses to send a token over plain http",
        says=(
            "token credential is only supported with https",
            "cannot use token credential without ssl",
            "bearer token authentication is not permitted for non-tls",
            "requires https",
            "tokens can only be used with https",
        ),
    ),
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the token was not obtained; the reason stands elsewhere",
        codes="ClientAuthenticationError AuthenticationRequiredError MsalServiceException",
        beside=(Cause.SECRET_WRONG, Cause.TENANT_WRONG, Cause.CREDENTIAL_UNKNOWN),
        hint=True,
    ),
)
