"""Microsoft Entra's token endpoint: `AADSTS` numbers, and MSAL's sentences about them."""

from preflight.diagnose.rule import Rule
from preflight.model import Cause

FAMILIES = frozenset({"abs"})
RANK = 20


def _numbers(*numbers: int) -> str:
    return " ".join(f"AADSTS{number} {number}" for number in numbers)


TENANT = "azure_blob.abs_tenant_id"
CLIENT = "azure_blob.abs_client_id"
PASSWORD = "azure_blob.abs_client_secret"  # noqa: S105 - a field name

RULES = (
    Rule(
        Cause.TENANT_WRONG,
        "there is no such tenant, or its id is neither a GUID nor a domain",
        codes=_numbers(
            90002,
            900023,
            90014901,
            900021,
            90013,
            900382,
            51004,
            20012,
            90038,
            90072,
            50107,
            900971,
            9002313,
            500021,
            500022,
            900561,
        ),
        says=(
            "neither a valid dns name, nor a valid external domain",
            "tenant * not found",
            "invalid tenant id",
            "specified tenant identifier",
            "check your tenant name",
            "unable to get authority configuration",
            "authority_not_found",
            "unable to determine tenant",
        ),
        beside=(Cause.CREDENTIAL_MALFORMED,),
        field=TENANT,
    ),
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the client id is not an id but a placeholder",
        codes=_numbers(700016, 90013, 700038, 900144),
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_MISSING, Cause.TENANT_WRONG),
        field=CLIENT,
        when=lambda reading: _placeholder(reading.plain),
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "this tenant has no application of this client id",
        codes=_numbers(700016, 70001, 700036, 700020),
        says=("was not found in the directory",),
        beside=(Cause.TENANT_WRONG,),
        field=CLIENT,
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "the application has no service principal in this tenant",
        codes=_numbers(7000229, 650052, 650056, 650057),
        beside=(Cause.TENANT_WRONG, Cause.WRONG_PRINCIPAL),
        field=CLIENT,
    ),
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the client id is not a GUID",
        codes=_numbers(700038, 90009, 900941, 90019),
        beside=(Cause.CREDENTIAL_MISSING,),
        field=CLIENT,
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the client secret is wrong: often the secret's id instead of its value",
        codes=_numbers(7000215, 50012, 50126, 70002, 700027, 7000216),
        says=("invalid client secret", "client secret * invalid"),
        field=PASSWORD,
    ),
    Rule(
        Cause.CREDENTIAL_EXPIRED,
        "the client secret has expired",
        codes=_numbers(7000222, 700082, 700084, 50173, 70043, 70008, 700024, 50089, 50132, 50133, 500133, 70044, 50055),
        says=("client secret keys * are expired", "client secret * expired"),
        field=PASSWORD,
    ),
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the request carried no client id or no secret",
        codes=_numbers(7000218, 900144, 7000214, 90014, 70011001, 7000217),
        says=(
            "request body must contain the following parameter: 'client_assertion' or 'client_secret'",
            "the following parameter: 'client_id'",
        ),
        field=PASSWORD,
    ),
    Rule(
        Cause.CREDENTIAL_DISABLED,
        "the application or the account is switched off or locked",
        codes=_numbers(7000112, 50057, 50053, 500571, 7000113, 53004, 7000114),
        says=("application * is disabled", "account is disabled", "user account is disabled"),
        field=CLIENT,
    ),
    Rule(
        Cause.ORGANIZATION_DENY,
        "a conditional access or other policy of the tenant refuses the token",
        codes=_numbers(
            53003,
            53000,
            53001,
            53002,
            53011,
            530032,
            530031,
            50105,
            50076,
            50079,
            50074,
            50158,
            90094,
            50020,
            501241,
            530034,
            90093,
            530021,
            530033,
            65004,
            700023,
            1000104,
            501051,
        ),
        says=("blocked by conditional access", "conditional access polic"),
        beside=(Cause.AUTH_METHOD_REFUSED,),
    ),
    Rule(
        Cause.SCOPE_WRONG,
        "the token was asked for with a missing or wrong scope",
        codes=_numbers(70011, 1002012, 28002, 28003, 900384, 9002346, 65005, 90007, 65006),
        says=("invalid_scope", "scope * is not valid", "the provided value for the input parameter 'scope'"),
        beside=(Cause.REQUEST_INVALID,),
    ),
    Rule(
        Cause.TENANT_WRONG,
        "the tenant does not know the resource that the token is for",
        codes=_numbers(500011, 500014, 50001, 650053, 500014),
        beside=(Cause.SCOPE_WRONG, Cause.API_DISABLED),
        field=TENANT,
    ),
    Rule(
        Cause.CLOCK_SKEW,
        "the signed assertion is outside its time",
        codes=_numbers(700021, 50013, 5000224, 70024, 500131),
        says=("assertion is not within its valid time range", "assertion has expired"),
        beside=(Cause.CREDENTIAL_EXPIRED,),
    ),
    Rule(
        Cause.AUTH_METHOD_REFUSED,
        "the tenant or the application does not take this way of signing in",
        codes=_numbers(
            7000012,
            700025,
            70005,
            70003,
            7000217,
            700213,
            70021,
            700211,
            700212,
            700223,
            5000819,
            65001,
            90015,
            700054,
            700051,
            500202,
            500212,
            65002,
            500213,
        ),
        beside=(Cause.TENANT_WRONG,),
    ),
    Rule(
        Cause.THROTTLED,
        "the token endpoint asks for fewer requests",
        codes=_numbers(50196, 90055, 90033001, 90016001, 900551, 9009001, 50198, 7000011),
        says=("too many requests",),
        status=(429,),
        beside=(),
    ),
    Rule(
        Cause.SERVICE_UNAVAILABLE,
        "the token endpoint failed on its own side",
        codes=_numbers(90033, 90012, 50000, 90006, 90024, 90036, 90090, 90043, 40008, 50002, 500030)
        + " temporarily_unavailable",
    ),
    Rule(
        Cause.TENANT_WRONG,
        "the token endpoint refuses the tenant",
        codes="invalid_tenant",
        beside=(Cause.CREDENTIAL_MALFORMED,),
        field=TENANT,
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the token endpoint refuses the client",
        codes="invalid_client",
        beside=(Cause.CREDENTIAL_EXPIRED, Cause.CREDENTIAL_UNKNOWN),
        field=PASSWORD,
        hint=True,
    ),
    Rule(
        Cause.CREDENTIAL_UNKNOWN,
        "the token endpoint refuses the client",
        codes="unauthorized_client",
        beside=(Cause.TENANT_WRONG,),
        field=CLIENT,
        hint=True,
    ),
    Rule(
        Cause.SCOPE_WRONG,
        "the token endpoint refuses the scope or the resource",
        codes="invalid_scope invalid_resource",
        beside=(Cause.TENANT_WRONG,),
        hint=True,
    ),
)


def _placeholder(text: str) -> bool:
    import re  # noqa: PLC0415 - placeholder

    found = re.search(r"identifier '([^']{0,80})'", text)
    return (
        bool(found)
        and re.fullmatch(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|https?://\S+|api://\S+", found[1])
        is None
    )
