"""Answers of something between: proxies, gateways, captive portals, and HTML where a provider speaks XML or JSON."""

from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, rules
from preflight.model import Cause

FAMILIES = frozenset[str]()
RANK = 2

RULES = rules("""
proxy-interfered: the answer is not one that the provider gives
  code   NotS3 unexpected-answer ServerProtocolViolation
  says   committed a protocol violation | malformed http response | invalid or unrecognized response
  beside service-unavailable endpoint-wrong
proxy-interfered: the proxy did not let the connection through
  code   ProxyError ProxyConnectionError HTTP_PROXY_ERROR
  says   tunnel connection failed | cannot connect to proxy | unable to connect to proxy |
         proxyconnect tcp | proxy after connect | from proxy after |
         tunneling socket could not be established | proxy authentication required | proxy tunnel |
         proxy responded | proxy refused | via proxy | connect tunnel failed | connect to proxy |
         proxy server | proxyerror | proxy returned
  beside connection-failed
proxy-interfered: a filter or portal answered in the provider's place
  code   ERR_ACCESS_DENIED ERR_CANNOT_FORWARD ERR_CONNECT_FAIL
  says   x-squid-error | squid | zscaler | blue coat | bluecoat | fortigate | fortiguard |
         forcepoint | mcafee web gateway | websense | captive portal | web filter | netskope |
         palo alto networks | sorry, you have been blocked | attention required! | cloudflare |
         access control configuration prevents your request | blocked by your organization |
         cisco umbrella | sophos | barracuda | the requested url was rejected |
         your support id is | web application firewall | incapsula | akamai reference
  unless enable r2
proxy-interfered: the client expected XML or JSON and got a web page
  says   invalid character '<' looking for beginning of value | unexpected token < in json |
         unexpected token '<' | expected element type <error> but have <html> |
         expected element type <error> but have | char * is not expected |
         unable to parse response | failed to parse error payload | failed to parse error response |
         could not parse error response | unable to parse exception | content is not allowed in prolog |
         failed to parse xml document | doctype is disallowed |
         element type 'hr' must be terminated | element type 'meta' must be terminated |
         not well-formed (invalid token) | could not parse xml | syntax error: line 1, column 0 |
         mismatched tag | failed to decode rest xml | xml syntax error | does not match the begin tag |
         xml parse error | invalid xml
  unless <code>
  beside endpoint-wrong service-unavailable
proxy-interfered: the client expected JSON and got something else
  says   expecting value: line 1 column 1
  unless json file | key file | keyfile
  beside endpoint-wrong service-unavailable credential-malformed
""")

_GOOGLE_PAGE = ("that's an error", "error 404 (not found)!!1", "!!1</title>", "robot.png")


_HTTP_SYS = ("http error 400. the request", "bad request - invalid")  # the front of Microsoft's own servers


def _malformed_address(text: str) -> Finding:
    """The page with which Microsoft's servers refuse an address before anything looks at it."""
    if "invalid header" in text:
        because = "Microsoft's servers refused a header before anything looked at the request"
        beside = (Cause.PROXY_INTERFERED, Cause.ENDPOINT_WRONG)
        return Finding(cause=Cause.REQUEST_INVALID, because=because, beside=beside)
    token = any(word in text for word in ("refresh request", "adal", "oauth2", "login.microsoft"))
    cause, other = (Cause.TENANT_WRONG, Cause.ENDPOINT_WRONG) if token else (Cause.ENDPOINT_WRONG, Cause.TENANT_WRONG)
    return Finding(
        cause=cause,
        because="Microsoft's servers found the address malformed: it is made of fields that hold something else",
        beside=(Cause.PROXY_INTERFERED, Cause.REQUEST_INVALID, Cause.ACCOUNT_NAME_WRONG, other),
        field="azure_blob.abs_tenant_id" if token else None,
    )


def page(reading: Reading) -> Finding | None:
    """A web page instead of a provider's answer, unless it is Google's own error page."""
    text = reading.folded
    if (
        "<html" not in text
        and "<!doctype html" not in text
        and "text/html" not in reading.headers.get("content-type", "").lower()
    ):
        return None
    if (
        any(mark in text for mark in _GOOGLE_PAGE)
        or "<code>" in text
        or "x-amz-request-id" in reading.headers
        or "x-ms-request-id" in reading.headers
    ):
        return None
    if any(mark in text for mark in _HTTP_SYS):
        return _malformed_address(text)
    named = next(
        (
            name
            for name in ("nginx", "apache", "envoy", "haproxy", "cloudflare", "cloudfront", "openresty", "traefik")
            if name in text
        ),
        "",
    )
    because = f"the answer is a web page{f' of {named}' if named else ''}, and no storage interface answers with one"
    beside = (
        (Cause.SERVICE_UNAVAILABLE, Cause.ENDPOINT_WRONG) if (reading.status or 0) >= 500 else (Cause.ENDPOINT_WRONG,)
    )
    return Finding(cause=Cause.PROXY_INTERFERED, because=because, beside=beside)


READERS = (page,)
