"""What libraries say when no answer came: no address, no connection, no TLS. The host in the sentence is evidence."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset[str]()
RANK = 60

RULES = rules(
    """
clock-skew: the certificate is not valid at this machine's time
  code   CERT_NOT_YET_VALID
  says   not yet valid | certificate is not yet valid
  beside tls-failed
tls-failed: the certificate is for other names than the host that was asked: dots in a bucket name do that
  code   ERR_TLS_CERT_ALTNAME_INVALID InvalidCertificateException SSLPeerUnverifiedException
  says   does not match certificate | doesn't match either of | doesn't match * altnames |
         hostname mismatch | certificate is valid for | no alternative certificate subject name |
         no subject alternative | certificate subject name * does not match |
         hostname * doesn't match | cannot validate certificate for | certificate name mismatch |
         remotecertificatenamemismatch | hostname in certificate didn't match
  beside bucket-name-invalid endpoint-wrong proxy-interfered
  field  bucket
https-required: plain http was sent to a port that speaks https
  says   client sent an http request to an https server |
         plain http request was sent to https port
  beside endpoint-wrong
  field  aws_s3.s3_custom_endpoint_url
https-required: the client refuses to send a token over plain http
  says   bearer token authentication is not permitted for non-tls |
         token credential is only supported with https | cannot use token credential without ssl |
         non-https | tls protected | must use https | requires https
  beside endpoint-wrong
endpoint-wrong: https was spoken to a port that answers in plain http
  code   WRONG_VERSION_NUMBER ERR_SSL_WRONG_VERSION_NUMBER EPROTO
  says   server gave http response to https client |
         first record does not look like a tls handshake | wrong version number |
         unrecognized ssl message, plaintext connection | packet length too long |
         record layer failure
  beside tls-failed proxy-interfered
  field  aws_s3.s3_custom_endpoint_url
tls-failed: the certificate was not signed by an authority that this machine knows; a proxy that opens TLS looks so
  code   CERTIFICATE_VERIFY_FAILED SELF_SIGNED_CERT_IN_CHAIN DEPTH_ZERO_SELF_SIGNED_CERT
         UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_GET_ISSUER_CERT
         CERT_HAS_EXPIRED CERT_UNTRUSTED SSLCertVerificationError ERR_CERT_AUTHORITY_INVALID
         CertificateVerifyFailed TrustFailure
  says   certificate signed by unknown authority | certificate verify failed |
         unable to get local issuer certificate | self signed certificate |
         self-signed certificate | unable to verify the first certificate |
         certificate has expired | pkix path building failed |
         unable to find valid certification path | certificate is not trusted |
         not trusted by the trust provider | certificate problem | certificate_unknown |
         failed to verify certificate | certificate chain * not trusted |
         remotecertificatechainerrors | remote certificate is invalid | unknownissuer |
         untrusted root | certificate validation failed |
         peer certificate cannot be authenticated | ssl validation failed |
         trustanchors parameter must be non-empty | unknown ca | trust relationship |
         curl error 60 | curl error 77 | curl: (60) | curl: (77) |
         invalid peer certificate | unknown issuer | certificate verify locations
  beside proxy-interfered
tls-failed: the two sides could not agree on TLS
  code   SSLHandshakeException SSLV3_ALERT_HANDSHAKE_FAILURE TLSV1_ALERT_PROTOCOL_VERSION
         UNSUPPORTED_PROTOCOL SSLError SSLEOFError EOF_OCCURRED
         UNSAFE_LEGACY_RENEGOTIATION_DISABLED DH_KEY_TOO_SMALL SecureChannelFailure
  says   handshake failure | handshake_failure | tls handshake | ssl handshake |
         protocol version not supported | alert protocol version | unsupported protocol |
         could not create ssl/tls secure channel | ssl connection could not be established |
         ssl_error_syscall | ssl routines | no cipher | eof occurred in violation of protocol |
         unsafe legacy renegotiation | dh key too small | secure tls connection | secure channel |
         authentication failed because the remote party | ca cert | ca bundle | during handshake |
         curl error 35 | curl error 58 | curl error 59 | curl: (35) |
         terminated the handshake | received fatal alert | sslengine problem | ssl_connect
  beside proxy-interfered connection-failed
  unless protocol scheme
tls-failed: TLS ended in an error, and the connection was not what broke
  code   SSLException
  unless broken pipe | connection reset | broken connection | socket closed | connection closed | timed out
  beside proxy-interfered connection-failed
endpoint-wrong: the address that the client was given, or built, is none
  says   unsupported protocol scheme | missing protocol scheme | no host in request url
  beside request-invalid connection-failed
connection-failed: nobody accepts connections at this address and port
  code   ECONNREFUSED ConnectionRefusedError
  says   connection refused | actively refused | connect: connection refused
  beside endpoint-wrong proxy-interfered
connection-failed: the connection could not be made, or broke before an answer came
  code   ECONNRESET ETIMEDOUT ESOCKETTIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENETDOWN ECONNABORTED
         ConnectTimeout ReadTimeout ConnectTimeoutError ReadTimeoutError ConnectionError
         ConnectionClosedError ConnectionResetError SocketTimeoutException ConnectException
         NoHttpResponseException NoRouteToHostException ConnectTimeoutException RemoteDisconnected
         UND_ERR_CONNECT_TIMEOUT UND_ERR_SOCKET UND_ERR_HEADERS_TIMEOUT TimeoutError
         ServiceRequestError ServiceResponseError NetworkingError IncompleteRead IncompleteReadError ProtocolError
         HttpRequestException TransportError ESOCKET BrokenPipeError SocketException
         ConnectionAbortedError ApiCallTimeoutException REQUEST_SEND_ERROR ConnectFailure SendFailure
         ReceiveFailure KeepAliveFailure PipelineFailure WinHttpException TaskCanceledException
         ERR_STREAM_PREMATURE_CLOSE ERR_SOCKET_CONNECTION_TIMEOUT OpenTimeout ConnectionFailed
         ConnectionPoolTimeoutException AbortError UND_ERR_BODY_TIMEOUT UND_ERR_CLOSED
  says   connection reset | connection timed out | connect timed out | connect timeout |
         connection timeout | read timed out | read timeout | operation timed out | timed out |
         i/o timeout | timeout exceeded | deadline exceeded | broken pipe | connection aborted |
         connection was closed | connection closed | remote end closed | socket hang up |
         unexpected eof | eof | network is unreachable | no route to host | failed to connect |
         failed to establish a new connection | could not connect to | couldn't connect to server |
         empty reply from server | recv failure | send failure | premature end of |
         premature close | forcibly closed | software caused connection abort |
         max retries exceeded | unable to connect | connection attempt failed |
         server closed idle connection | connection lost | http2: client connection |
         request canceled while waiting | underlying connection was closed |
         error sending request | network error | failed to respond | stream was reset |
         failed to send request | request send failed | terminated abnormally | transport connection |
         response ended prematurely | a task was canceled | fetch failed | error trying to connect |
         dispatch failure | transfer closed | waiting for connection from pool | execution expired |
         curl error 7: | curl error 28 | curl error 52 | curl error 55 | curl error 56 | curl: (7) | curl: (28) |
         curl: (52) | curl: (55) | curl: (56) | operation too slow | context canceled | request canceled |
         closed network connection | sent goaway | stream error | unexpected end of file from server |
         write operation failed | connection broken | broken connection | connection has been shutdown |
         peer notified us that the connection |
         a connection attempt
  beside proxy-interfered endpoint-wrong dns-failed
connection-failed: a socket broke, and how is not told
  says   dial tcp | read tcp | write tcp
  beside proxy-interfered endpoint-wrong
  hint
network-denied: the answer speaks of the address that the request came from
  says   ip is blocked | ip address is blocked | ip address is not allowed | ip is not allowed |
         not allowed from this ip | blocked by the firewall
  beside proxy-interfered access-denied
service-unavailable: the service, or a gateway before it, failed
  says   bad gateway | gateway timeout | gateway time-out | service unavailable |
         service temporarily unavailable
  beside proxy-interfered throttled
  hint
throttled: the answer asks for fewer requests
  says   too many requests
  hint
credential-unknown: the answer does not accept who calls, and says no more
  says   unauthorized
  beside credential-missing credential-expired secret-wrong access-denied
  hint
proxy-interfered: only a proxy asks for credentials of its own
  status 407
throttled: the status asks for fewer requests
  status 429
quota-exceeded: the status says that the disk is full
  status 507
service-unavailable: the service, or a gateway before it, failed
  status 500 502 503 504
  beside proxy-interfered throttled
feature-unsupported: the status says that this is not implemented
  status 501
  beside endpoint-wrong
object-exists: the status says that a precondition failed
  status 412
  beside request-invalid
credential-missing: the status says that nobody was recognised
  status 401
  beside credential-expired credential-unknown tenant-wrong
access-denied: the status refuses and nothing else was said
  status 403
  beside permission-missing network-denied secret-wrong proxy-interfered
request-invalid: the status says that an upload session, or a name, is gone or in use
  status 409 410
  beside object-exists throttled service-unavailable
connection-failed: the status says that the request took too long
  status 408 499 520 521 522 524
  beside service-unavailable proxy-interfered
tls-failed: the gateway could not speak TLS with the server behind it
  status 525 526
  beside proxy-interfered
network-denied: the status says that the law forbids the answer here
  status 451
account-suspended: the status asks for payment
  status 402
bucket-missing: the status says that it was not found
  status 404
  beside endpoint-wrong not-needed
  field  bucket
endpoint-wrong: the status says that the address takes no such request
  status 405
  beside feature-unsupported proxy-interfered
request-invalid: the status says that the request was wrong
  status 400 406 411 413 414 415 416 417 422 431
  beside proxy-interfered
""",
    local=True,
)
