"""Google's token endpoint: `error` and `error_description`, before any storage is asked."""

from preflight.diagnose.rule import Rule
from preflight.model import Cause

FAMILIES = frozenset({"gcs"})
RANK = 20

RULES = (
    Rule(
        Cause.CLOCK_SKEW,
        "the signed request for a token is too old, too new or lives too long",
        says=(
            "invalid jwt: token must be a short-lived token",
            "reasonable timeframe",
            "token used too early",
            "token used too late",
            "jwt * issued in the future",
            "check your clock",
            "iat and exp",
        ),
        beside=(Cause.REQUEST_INVALID,),
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the key that signed does not belong to this account, or is deleted, rotated or expired",
        says=("invalid jwt signature", "invalid signature for token", "jwt signature * invalid"),
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_EXPIRED, Cause.SIGNATURE_BROKEN, Cause.CLOCK_SKEW),
        field="gcs_credentials.private_key",
    ),
    Rule(
        Cause.CREDENTIAL_DISABLED,
        "the service account is disabled",
        says=("robot is disabled", "service account is disabled", "account has been disabled", "account is disabled"),
        codes="disabled_client",
        field="gcs_credentials",
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "Google knows no such account: deleted, never created, or disabled",
        says=(
            "account not found",
            "not a valid email",
            "service account not found",
            "gaia id not found",
            "invalid issuer",
            "no valid verifier found for issuer",
            "unknown service account",
        ),
        codes="deleted_client",
        beside=(Cause.CREDENTIAL_DISABLED,),
        field="gcs_credentials",
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "Google knows no such client",
        codes="invalid_client",
        says=("oauth client was not found", "oauth client was deleted", "account has been deleted"),
        beside=(Cause.SECRET_WRONG, Cause.CREDENTIAL_DISABLED),
        field="gcs_credentials",
    ),
    Rule(
        Cause.CREDENTIAL_EXPIRED,
        "the person's login that was used has expired or was revoked",
        says=(
            "token has been expired or revoked",
            "token has expired",
            "reauth related error",
            "reauthentication",
            "token has been revoked",
            "expired or revoked",
        ),
        codes="invalid_rapt rapt_required",
        beside=(Cause.CREDENTIAL_MALFORMED,),
        field="gcs_credentials",
    ),
    Rule(
        Cause.SCOPE_WRONG,
        "the token was asked for with a missing or wrong scope or audience",
        codes="invalid_scope invalid_target",
        says=("invalid oauth scope", "scope not allowed", "missing scope", "failed audience check", "invalid audience"),
    ),
    Rule(
        Cause.AUTH_METHOD_REFUSED,
        "this account may not obtain such a token",
        codes="unauthorized_client unsupported_grant_type",
        says=(
            "client is unauthorized to retrieve access tokens using this method",
            "unable to acquire impersonated credentials",
            "gaierror: impersonat",
        ),
        beside=(Cause.PERMISSION_MISSING, Cause.SCOPE_WRONG),
    ),
    Rule(
        Cause.ORGANIZATION_DENY,
        "an administrator's policy refuses the token",
        codes="admin_policy_enforced org_internal account_restricted",
        says=("'access_denied'",),
        beside=(Cause.AUTH_METHOD_REFUSED,),
        hint=True,
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the token endpoint did not accept what was signed",
        codes="invalid_grant",
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_DISABLED, Cause.CLOCK_SKEW),
        field="gcs_credentials",
        hint=True,
    ),
)
