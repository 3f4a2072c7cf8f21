"""Google's token endpoint: `error` and `error_description`, before any storage is asked."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"gcs"})
RANK = 20

RULES = rules("""
clock-skew: the signed request for a token is too old, too new or lives too long
  says   invalid jwt: token must be a short-lived token | reasonable timeframe |
         token used too early | token used too late | jwt * issued in the future |
         check your clock | iat and exp
  beside request-invalid
secret-wrong: the key that signed does not belong to this account, or is deleted, rotated or expired
  says   invalid jwt signature | invalid signature for token | jwt signature * invalid
  beside credential-unknown credential-expired signature-broken clock-skew
  field  gcs_credentials.private_key
credential-disabled: the service account is disabled
  code   disabled_client
  says   robot is disabled | service account is disabled | account has been disabled |
         account is disabled
  field  gcs_credentials
credential-unknown: Google knows no such account: deleted, never created, or disabled
  code   deleted_client
  says   account not found | not a valid email | service account not found | gaia id not found |
         invalid issuer | no valid verifier found for issuer | unknown service account
  beside credential-disabled
  field  gcs_credentials
credential-unknown: Google knows no such client
  code   invalid_client
  says   oauth client was not found | oauth client was deleted | account has been deleted
  beside secret-wrong credential-disabled
  field  gcs_credentials
credential-expired: the person's login that was used has expired or was revoked
  code   invalid_rapt rapt_required
  says   token has been expired or revoked | token has expired | reauth related error |
         reauthentication | token has been revoked | expired or revoked
  beside credential-malformed
  field  gcs_credentials
scope-wrong: the token was asked for with a missing or wrong scope or audience
  code   invalid_scope invalid_target
  says   invalid oauth scope | scope not allowed | missing scope | failed audience check |
         invalid audience
auth-method-refused: this account may not obtain such a token
  code   unauthorized_client unsupported_grant_type
  says   client is unauthorized to retrieve access tokens using this method |
         unable to acquire impersonated credentials | gaierror: impersonat
  beside permission-missing scope-wrong
organization-deny: an administrator's policy refuses the token
  code   admin_policy_enforced org_internal account_restricted
  says   'access_denied'
  beside auth-method-refused
  hint
secret-wrong: the token endpoint did not accept what was signed
  code   invalid_grant
  beside credential-unknown credential-expired credential-disabled clock-skew
  field  gcs_credentials
  hint
""")
