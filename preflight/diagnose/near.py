"""What lies near each cause: the causes that much the same words may hide, where a rule names none of its own."""

from collections.abc import Mapping

from preflight.model import Cause

_TABLE = """
account-suspended        payer-required
acl-refused              request-invalid
api-disabled             account-suspended
bucket-missing           endpoint-wrong not-needed
bucket-name-invalid      endpoint-wrong request-invalid
checksum-required        request-invalid
clock-skew               request-invalid connection-failed
connection-failed        proxy-interfered
credential-disabled      credential-unknown
credential-expired       clock-skew credential-unknown
credential-malformed     credential-missing
credential-missing       credential-malformed not-needed
encryption-key-denied    encryption-key-unusable
encryption-key-unusable  encryption-key-denied request-invalid
encryption-refused       header-required request-invalid
endpoint-wrong           region-wrong dns-failed
https-required           endpoint-wrong explicit-deny
network-denied           permission-missing access-denied
object-exists            request-invalid permission-missing
object-locked            object-exists not-needed
organization-deny        network-denied not-needed
payer-required           permission-missing account-suspended
proxy-interfered         connection-failed endpoint-wrong
quota-exceeded           throttled service-unavailable
region-wrong             endpoint-wrong bucket-name-invalid
request-invalid          feature-unsupported proxy-interfered
scope-wrong              permission-missing auth-method-refused
service-unavailable      throttled connection-failed
signature-broken         proxy-interfered feature-unsupported
throttled                service-unavailable quota-exceeded
tls-failed               proxy-interfered
"""

NEAR: Mapping[Cause, tuple[Cause, ...]] = {
    Cause(cause): tuple(Cause(word) for word in near)
    for cause, *near in (line.split() for line in _TABLE.strip().splitlines())
}
