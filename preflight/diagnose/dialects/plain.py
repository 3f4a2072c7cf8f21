"""Plain words, for an error of which nothing better is known: each suggests a cause and proves none."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset[str]()
RANK = 90

RULES = rules(
    """
object-exists: the text says that something exists already
  says   already exists
  beside not-needed request-invalid
throttled: the text speaks of a limit on requests
  says   throttled | throttling | rate limit | too many | slow down
  beside quota-exceeded service-unavailable
quota-exceeded: the text speaks of space or a quota
  says   quota | no space | disk full | storage full | out of space | insufficient storage | capacity
  beside throttled service-unavailable
credential-expired: the text says that something has expired
  says   expired | has been revoked
  beside session-token-invalid clock-skew credential-unknown
secret-wrong: the text speaks of a signature or a secret
  says   signature | invalid secret | wrong secret
  beside signature-broken credential-malformed clock-skew
credential-unknown: the text speaks of credentials that are not accepted
  says   invalid credentials | invalid credential | bad credentials | authentication failed | not authenticated |
         login failed | invalid access key | invalid key | unauthenticated | invalid token
  beside secret-wrong credential-malformed credential-expired credential-missing
acl-refused: the text speaks of an access control list
  says   acl | acls
  beside access-denied permission-missing
access-denied: the text refuses and names no reason
  says   permission | permissions | not authorized | not allowed | access denied | forbidden | denied
  beside permission-missing explicit-deny not-needed network-denied
object-locked: the text speaks of a lock or of retention
  says   locked | retention | immutable | legal hold | lease
  beside object-exists not-needed
bucket-missing: the text says that something was not found
  says   not found | does not exist
  beside not-needed endpoint-wrong bucket-name-invalid
encryption-refused: the text speaks of encryption
  says   encryption | encrypted | kms
  beside encryption-key-denied encryption-key-unusable header-required
service-unavailable: the text speaks of a passing state of the service
  says   unavailable | internal error | try again later | server error | temporarily | insufficient
  beside throttled connection-failed
feature-unsupported: the text says that something is not supported
  says   not supported | unsupported | not implemented
  beside request-invalid account-kind-unsupported
tls-failed: the text speaks of TLS
  says   certificate | tls | ssl
  beside proxy-interfered connection-failed
connection-failed: the text speaks of a connection
  says   connection failed | could not connect | cannot connect | unreachable | timeout | connection | network
  beside proxy-interfered endpoint-wrong
request-invalid: the text calls the request invalid
  says   bad request | invalid request | malformed | invalid argument | invalid parameter | not valid | is invalid |
         too large | exceeds | maximum | mandatory | precondition
  beside feature-unsupported credential-malformed
""",
    vague=True,
)
