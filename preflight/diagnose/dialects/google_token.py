"""Google's token endpoint: `error` and `error_description`, before any storage is asked."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"gcs"})
RANK = 20

RULES = rules("""
clock-skew: the signed request for a token is too old, too new or lives too long
  says   token must be a short-lived token | reasonable timeframe | token used too early |
         token used too late | iat and exp | jwt * in the future | check your clock
  beside request-invalid
secret-wrong: the key that signed does not belong to this account, or is deleted, rotated or expired
  says   invalid jwt signature | invalid signature for token | no valid verifier
  beside credential-unknown credential-expired signature-broken clock-skew
  field  gcs_credentials.private_key
credential-disabled: the account or the client is disabled
  code   disabled_client
  says   robot is disabled | service account is disabled | client was disabled | client * is disabled |
         service account has been disabled | account has been disabled
  unless billing
  field  gcs_credentials
credential-unknown: Google knows no such account: it is deleted, was never created, or is disabled
  code   deleted_client
  says   account not found | not a valid email | gaia id not found | invalid issuer |
         account has been deleted | user id is invalid
  beside credential-disabled
  field  gcs_credentials
credential-unknown: Google knows no such client
  code   invalid_client
  says   oauth client was not found | oauth client was deleted
  beside secret-wrong credential-disabled
  field  gcs_credentials
credential-expired: the login that was used has expired or was revoked
  code   invalid_rapt rapt_required
  says   expired or revoked | token has expired | token has been revoked | reauth related error |
         reauthentication failed | reauthentication is needed | refresh token is expired
  beside credential-malformed
  field  gcs_credentials
credential-unknown: the identity pool, or its provider, is deleted, disabled, or was never created
  says   pool or provider is disabled | pool or provider * doesn't exist
  beside credential-disabled scope-wrong
  field  gcs_credentials
credential-malformed: the audience of the request is not the full name of an identity provider
  says   invalid value for 'audience' | full resource name of the identity provider
  beside scope-wrong credential-unknown
  field  gcs_credentials
condition-unmet: the identity pool lets in only identities that meet its condition
  says   attribute condition
  beside auth-method-refused wrong-principal
scope-wrong: the token was asked for with a missing or wrong scope or audience
  code   invalid_scope invalid_target
  says   invalid oauth scope | scope not allowed | missing scope | failed audience check |
         invalid audience
  beside credential-malformed auth-method-refused
auth-method-refused: this account may not obtain such a token
  code   unauthorized_client unsupported_grant_type
  says   client is unauthorized to retrieve access tokens
  beside permission-missing scope-wrong
organization-deny: an administrator's policy refuses the token
  code   admin_policy_enforced org_internal account_restricted
  says   error * 'access_denied' | restricted by * administrator | account restricted
  beside auth-method-refused
secret-wrong: the token endpoint did not accept what was signed
  code   invalid_grant TokenResponseException
  beside credential-unknown credential-expired credential-disabled clock-skew
  field  gcs_credentials
  hint
auth-method-refused: another account could not be impersonated
  says   unable to acquire impersonated credentials | unable to impersonate | iamcredentials.googleapis.com |
         impersonate: | generateaccesstoken
  beside permission-missing api-disabled
  hint
credential-malformed: the library could not turn the credential into a token
  code   RefreshError
  beside secret-wrong credential-unknown credential-expired scope-wrong
  field  gcs_credentials
  hint
""")
