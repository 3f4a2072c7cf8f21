"""Microsoft Entra's token endpoint: `AADSTS` numbers, and MSAL's sentences about them."""

import re

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, rules
from preflight.model import Cause

FAMILIES = frozenset({"abs"})
RANK = 20

RULES = rules(
    """
tenant-wrong: there is no such tenant, or its id is neither a GUID nor a domain
  code   AADSTS90002 AADSTS900021 AADSTS900023 AADSTS50059 AADSTS50128 AADSTS90019 AADSTS50049
         AADSTS90125 AADSTS90126 AADSTS50169 AADSTS20033
  says   neither a valid dns name, nor a valid external domain | tenant * not found |
         tenant * does not exist | specified tenant identifier | check your tenant name |
         check to make sure you have the correct tenant id | no tenant-identifying information found |
         could not find tenant id | authority_not_found | unable to get authority configuration |
         authority you provided * couldn't be found | not configured to acquire tokens for tenant
  beside credential-malformed credential-missing
  field  azure_blob.abs_tenant_id
tenant-wrong: the tenant, or the application, belongs to another cloud or another kind of account
  code   AADSTS90038 AADSTS900382 AADSTS900432 AADSTS90051 AADSTS90072 AADSTS50020 AADSTS50194
         AADSTS9002332 AADSTS90124 AADSTS90130 AADSTS9001023 AADSTS700005 AADSTS51004 AADSTS50034
         AADSTS500208 AADSTS16000 AADSTS16003 AADSTS50014 AADSTS1000104 AADSTS70012
  beside credential-unknown
  field  azure_blob.abs_tenant_id
credential-unknown: this tenant has no application of this client id
  code   AADSTS700016 AADSTS700011 AADSTS70001 AADSTS700036
  says   was not found in the directory
  beside tenant-wrong
  field  azure_blob.abs_client_id
credential-unknown: the application has no service principal in this tenant
  code   AADSTS7000229 AADSTS650056
  says   missing service principal in the tenant
  beside tenant-wrong wrong-principal
  field  azure_blob.abs_client_id
credential-malformed: the client id is not a GUID
  code   AADSTS700038
  says   is not a valid application identifier
  beside credential-unknown
  field  azure_blob.abs_client_id
secret-wrong: the client secret is wrong: often the secret's id instead of its value
  code   AADSTS7000215 AADSTS70002 AADSTS50126 AADSTS50064 AADSTS50056
  says   invalid client secret | client_secret does not match | secret being sent * client secret id
  beside credential-malformed credential-expired
  field  azure_blob.abs_client_secret
secret-wrong: the certificate or assertion that signs for the application does not belong to it
  code   AADSTS700027 AADSTS50012 AADSTS700030 AADSTS50006 AADSTS50017 AADSTS700026 AADSTS50027
  says   client assertion * invalid signature | client assertion failed signature validation
  beside credential-expired clock-skew credential-unknown
  field  azure_blob.abs_client_secret
credential-expired: the client secret has expired
  code   AADSTS7000222 AADSTS50055 AADSTS50144
  says   client secret keys * expired | provided client secret * expired
  field  azure_blob.abs_client_secret
credential-expired: the login or token that was used has expired or was revoked
  code   AADSTS70008 AADSTS700082 AADSTS700084 AADSTS50173 AADSTS70043 AADSTS50089 AADSTS50132
         AADSTS50133 AADSTS50078 AADSTS70000 AADSTS54005 AADSTS70019 AADSTS50071 AADSTS90086
  says   refresh token has expired | grant has expired
  beside credential-malformed credential-unknown session-token-invalid
credential-missing: the request carried no client id or no secret
  code   AADSTS7000218 AADSTS7000216 AADSTS900144 AADSTS90014 AADSTS50192 AADSTS7000214
  says   must contain the following parameter | is required for the 'client_credentials' grant type
  beside credential-malformed
  field  azure_blob.abs_client_secret
credential-disabled: the application or the account is switched off or locked
  code   AADSTS7000112 AADSTS50057 AADSTS50053 AADSTS1000031 AADSTS7000113 AADSTS135011 AADSTS50135
  says   user account is disabled
  field  azure_blob.abs_client_id
organization-deny: a conditional access or other policy of the tenant refuses the token
  code   AADSTS53000 AADSTS53001 AADSTS53002 AADSTS53003 AADSTS53004 AADSTS53010 AADSTS53011 AADSTS530031
         AADSTS530032 AADSTS530033 AADSTS530034 AADSTS530035 AADSTS530036 AADSTS50005 AADSTS50074
         AADSTS50076 AADSTS50079 AADSTS50072 AADSTS50097 AADSTS50131 AADSTS50158 AADSTS500021
         AADSTS500022 AADSTS500212 AADSTS500213 AADSTS50002 AADSTS50105 AADSTS90094 AADSTS90095
         AADSTS530004 AADSTS530020 AADSTS530021
  says   conditional access policies | conditional access policy | conditional access | blocked by security defaults
  beside auth-method-refused network-denied
scope-wrong: the token was asked for with a missing or wrong scope or audience
  code   AADSTS70011 AADSTS1002012 AADSTS28002 AADSTS28003 AADSTS700022 AADSTS700023 AADSTS901002
         AADSTS50010 AADSTS65005 AADSTS650057 AADSTS90009 AADSTS90008
  says   scope * is not valid | input parameter 'scope' | scope * isn't valid | invalid_scope
  beside request-invalid tenant-wrong
tenant-wrong: the tenant does not know the resource that the token is for
  code   AADSTS500011 AADSTS50001 AADSTS650052 AADSTS650054
  says   resource principal named
  beside scope-wrong api-disabled
  field  azure_blob.abs_tenant_id
api-disabled: the resource's own application is disabled in this tenant, as when its subscription lapsed
  code   AADSTS500014
  beside account-suspended credential-disabled tenant-wrong
clock-skew: the signed assertion is outside its time
  code   AADSTS700024 AADSTS50013 AADSTS500133 AADSTS80013
  says   assertion is not within its valid time range | assertion has expired
  beside credential-expired secret-wrong
auth-method-refused: the tenant or the application does not take this way of signing in
  code   AADSTS7000012 AADSTS700025 AADSTS70003 AADSTS70005 AADSTS700054 AADSTS700051 AADSTS70021
         AADSTS700211 AADSTS700212 AADSTS700213 AADSTS700223 AADSTS700229 AADSTS65001 AADSTS65002
         AADSTS65004 AADSTS7000114 AADSTS50011 AADSTS90099 AADSTS51000 AADSTS5000225 AADSTS700021
         AADSTS90023 AADSTS81007 AADSTS100007
  says   matching federated identity record
  beside tenant-wrong
throttled: the token endpoint asks for fewer requests
  code   AADSTS50196 AADSTS90055 AADSTS50088 AADSTS50166
  says   too many requests
  status 429
  beside request-invalid
service-unavailable: the token endpoint failed on its own side
  code   AADSTS90006 AADSTS90012 AADSTS90024 AADSTS90033 AADSTS90036 AADSTS90090 AADSTS90091
         AADSTS90092 AADSTS50000 AADSTS50033 AADSTS50087 AADSTS40008 AADSTS40010 AADSTS80001
         AADSTS80002 AADSTS80014 temporarily_unavailable
request-invalid: the request for the token is malformed
  code   AADSTS90004 AADSTS90013 AADSTS90015 AADSTS90100 AADSTS90102 AADSTS9002313 AADSTS900561
         AADSTS90056 AADSTS90107 AADSTS90117 AADSTS90121 AADSTS50050 AADSTS900971
  beside credential-malformed credential-missing
tenant-wrong: the token endpoint refuses the tenant
  code   invalid_tenant
  beside credential-malformed
  field  azure_blob.abs_tenant_id
secret-wrong: the token endpoint refuses the client
  code   invalid_client
  beside credential-expired credential-unknown
  field  azure_blob.abs_client_secret
  hint
credential-unknown: the token endpoint refuses the client
  code   unauthorized_client
  beside tenant-wrong
  field  azure_blob.abs_client_id
  hint
scope-wrong: the token endpoint refuses the scope or the resource
  code   invalid_resource
  beside tenant-wrong
  hint
""",
    exact=True,
)

_APPLICATION = re.compile(r"application with identifier '([^']{0,80})'|identifier '([^']{0,80})' is not", re.IGNORECASE)
_NAME = re.compile(r"[0-9a-f-]{32,36}|(?:https?|api)://\S+|\*+|<[^>]*>|[x-]{1,36}", re.IGNORECASE)


def placeholder(reading: Reading) -> Finding | None:
    """An application that is not found because its id is the sample's: `ENTER_YOUR_CLIENT_ID`, `undefined`."""
    if "identifier" not in reading.words or "aadsts" not in reading.folded:
        return None
    found = _APPLICATION.search(reading.line)
    name = (found[1] or found[2] or "") if found else ""
    if not found or _NAME.fullmatch(name):
        return None
    return Finding(
        cause=Cause.CREDENTIAL_MALFORMED,
        because=f"the client id {name!r} is no GUID: a placeholder or another field's value",
        beside=(Cause.CREDENTIAL_UNKNOWN, Cause.CREDENTIAL_MISSING, Cause.TENANT_WRONG),
        field="azure_blob.abs_client_id",
    )


READERS = (placeholder,)
