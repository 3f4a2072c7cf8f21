"""Plain words, for an error of which nothing better is known: each suggests a cause and proves none."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset[str]()
RANK = 92

RULES = rules(
    """
object-exists: the text says that something exists already
  says   already exists
  beside not-needed request-invalid
throttled: the text speaks of a limit on requests
  says   throttled | throttling | rate limit | rate limited | too many | slow down | limit exceeded
  unless retry limit
  beside quota-exceeded service-unavailable
quota-exceeded: the text speaks of space or a quota
  says   quota | storage full | cap exceeded | no space | disk * full | storage is full |
         out of space | insufficient storage | capacity
  beside throttled service-unavailable
credential-expired: the text says that something has expired
  says   expired | has been revoked
  beside session-token-invalid clock-skew credential-unknown
secret-wrong: the text speaks of a signature or a secret
  says   signature | invalid secret | wrong secret
  beside signature-broken credential-malformed clock-skew
credential-unknown: the text speaks of credentials that are not accepted
  says   invalid credentials | invalid credential | bad credentials | authentication failed | not authenticated |
         login failed | invalid access key | invalid key | unauthenticated | invalid token |
         no such access key | no such user | unknown credential | unknown user | access key does not exist |
         user does not exist
  beside secret-wrong credential-malformed credential-expired credential-missing
acl-refused: the text speaks of an access control list
  says   acl | acls
  beside access-denied permission-missing
access-denied: the text refuses and names no reason
  says   permission | permissions | privilege | privileges | not authorized | not allowed |
         access denied | forbidden | denied
  beside permission-missing explicit-deny not-needed network-denied
not-needed: the text misses a setting, which a writer does not need
  says   policy * does not exist | configuration * does not exist | configuration not found | policy not found |
         no such policy | no such lifecycle | no such configuration | no such tag | replication | lifecycle
  beside request-invalid bucket-missing
credential-missing: the text speaks of a token or of who calls
  says   token | tokens | authentication | authenticate | reauthenticate | oauth | jwt | login | log in | sso |
         credential | credentials | identity | imds | metadata service | assertion | id token | auth |
         authorization profile | azure cli
  with   error | failed | failure | cannot | can't | could not | unable | invalid | unknown | unexpected | wrong |
         missing | must | exception | refused | rejected | required | empty | neither | nor | not | lacked
  beside credential-malformed auth-method-refused connection-failed
object-locked: the text speaks of a lock or of retention
  says   locked | retention | immutable | legal hold | lease
  beside object-exists not-needed
bucket-missing: the text says that something was not found
  says   not found | does not exist | doesn't exist | no such
  unless no such file
  beside not-needed endpoint-wrong bucket-name-invalid
encryption-refused: the text speaks of encryption
  says   encryption | encrypted | kms | sse
  beside encryption-key-denied encryption-key-unusable header-required
service-unavailable: the text speaks of a passing state of the service
  says   unavailable | internal error | try again later | please try again | server error | temporarily |
         insufficient | not initialized | not ready | busy | quorum | backend
  beside throttled connection-failed
account-suspended: the text says that something is switched off
  says   not enabled | not currently enabled | disabled | deactivated | suspended | inactive
  beside credential-disabled api-disabled payer-required
feature-unsupported: the text says that something is not supported
  says   not supported | not currently supported | not yet supported |
          unsupported | not implemented | does not support | doesn't support | unknown function
  beside request-invalid account-kind-unsupported
tls-failed: the text speaks of TLS
  says   certificate | certificates | tls | ssl | x509 | ca bundle
  beside proxy-interfered connection-failed
clock-skew: the text speaks of a clock
  says   clock | skewed | skew | in the future | too old | system time
  beside credential-expired request-invalid
dns-failed: the text speaks of resolving a name
  says   dns | resolver | resolve host | hostname | host name
  with   error | failed | failure | cannot | can't | could not | unable | unknown | invalid | unresolved
  beside endpoint-wrong account-name-wrong
proxy-interfered: the text speaks of a proxy, a gateway or a page
  says   proxy | gateway | html | captive | firewall | waf
  with   error | failed | failure | cannot | could not | unable | invalid | unexpected | blocked | parse | parsing
  beside connection-failed network-denied
connection-failed: the text speaks of a connection
  says   connection failed | could not connect | cannot connect | unreachable | timeout | timed out | connection |
         network | socket | not connected | disconnected | aborted | interrupted | response stream
  beside proxy-interfered endpoint-wrong
request-invalid: the text calls the request invalid
  says   bad request | invalid request | malformed | invalid argument | invalid parameter | not valid | is invalid |
         too large | exceeds | maximum | mandatory | precondition | condition not
  beside feature-unsupported credential-malformed
region-wrong: the text finds fault with a region
  says   region | regions | location constraint
  with   error | failed | cannot | could not | unable | invalid | unknown | unexpected | wrong | missing | must |
         required | mismatch | not
  beside endpoint-wrong bucket-missing
account-name-wrong: the text finds fault with an account
  says   storage account | account name
  with   error | failed | cannot | could not | unable | invalid | unknown | unexpected | wrong | missing | must |
         required | mismatch | not
  beside credential-unknown tenant-wrong endpoint-wrong
bucket-name-invalid: the text finds fault with a bucket
  says   bucket | buckets | container | containers
  with   error | failed | cannot | could not | unable | invalid | unknown | unexpected | wrong | missing | must |
         required | pattern
  beside bucket-missing request-invalid access-denied
endpoint-wrong: the text finds fault with an address
  says   endpoint | endpoints | url | uri | host | scheme
  with   error | failed | cannot | could not | unable | invalid | unknown | unexpected | wrong | missing | must |
         required | mismatch | not | can't
  beside region-wrong request-invalid connection-failed
request-invalid: the text finds fault with a part of a request, or of a library's call
  says   invalid | illegal | malformed | missing | mismatch | must be | must have | must provide | must specify |
         should be | cannot be | cannot specify | required | out of range | unknown parameter | wrong | unexpected |
         not satisfiable | not seekable | valueerror | typeerror | too long | too small | too short | bad |
         unrecognized | can only | is not valid | not well-formed | specify only one | more data
  beside feature-unsupported credential-malformed service-unavailable
""",
    vague=True,
)
