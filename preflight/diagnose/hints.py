"""For every cause: why it may hide behind another one's words, and what would tell it from the rest."""

from preflight.model import Cause

_HINTS = {
    Cause.CREDENTIAL_MISSING: (
        "an empty field, or a credential that was never loaded, ends in the same answer",
        "see whether the configured credential is empty, and whether the request carries an Authorization header",
    ),
    Cause.CREDENTIAL_MALFORMED: (
        "a credential with a line break, a blank, quotes or a missing piece is refused in the same words",
        "check the field offline: length, characters, white space at its ends, file type",
    ),
    Cause.CREDENTIAL_UNKNOWN: (
        "an identifier that was never issued, or is deleted, is refused in the same words",
        "look the identifier up where it was issued",
    ),
    Cause.SECRET_WRONG: (
        "a secret that does not belong to this identifier is refused in the same words",
        "issue a new secret for the same identifier and try again",
    ),
    Cause.CREDENTIAL_EXPIRED: (
        "a credential that has run out is refused in the same words",
        "look at the expiry date of the key, secret or token",
    ),
    Cause.CREDENTIAL_DISABLED: (
        "an identity or key that is switched off is refused in the same words",
        "look at the state of the identity and of its key",
    ),
    Cause.SESSION_TOKEN_INVALID: (
        "a temporary key without its session token, or with a damaged one, is refused in the same words",
        "see whether the key id is a temporary one (ASIA…) and whether a token was sent",
    ),
    Cause.TENANT_WRONG: (
        "the right credential of another tenant or cloud is refused in the same words",
        "compare the tenant in the token, or in the WWW-Authenticate header, with the configured one",
    ),
    Cause.SCOPE_WRONG: (
        "a token for another audience or with too narrow a scope is refused in the same words",
        "decode the token and look at its audience and scope",
    ),
    Cause.AUTH_METHOD_REFUSED: (
        "this way of authenticating may be switched off or not trusted for this identity",
        "look at the trust policy, or at whether the account takes keys of this kind",
    ),
    Cause.CLOCK_SKEW: (
        "a clock that is minutes off ends in the same answer",
        "compare the Date header of the answer with the clock of the machine that signed",
    ),
    Cause.SIGNATURE_BROKEN: (
        "something between, or the client, may have changed the request after it was signed",
        "compare the string to sign that the server echoes with the client's own, and try without the proxy",
    ),
    Cause.PERMISSION_MISSING: (
        "no policy of the identity may grant the action, or not on this resource",
        "read the policies of the identity for this action and resource",
    ),
    Cause.BUCKET_POLICY_MISSING: (
        "across accounts the bucket's own policy must let the caller in as well",
        "read the bucket policy: does it name this principal, action and resource",
    ),
    Cause.EXPLICIT_DENY: (
        "a statement that denies may apply",
        "look for Deny statements in the policies of the identity and of the bucket",
    ),
    Cause.BOUNDARY_DENY: (
        "a permissions boundary or session policy may not let the action through",
        "look at the boundary of the identity and at the session's policy",
    ),
    Cause.ORGANIZATION_DENY: (
        "a policy above the account or project may forbid it",
        "ask who administers the organization; the audit log names the policy",
    ),
    Cause.NETWORK_DENIED: (
        "the address or network that the request comes from may be the reason",
        "try from a network that is allowed, and read the firewall and address conditions",
    ),
    Cause.HEADER_REQUIRED: (
        "the denying statement may demand a header: encryption, ACL, tags, a second factor",
        "read the conditions of the denying statement, and try once with the header",
    ),
    Cause.ACL_REFUSED: (
        "an access control list that was sent, blocked or lacking may be the reason",
        "try without an ACL header, and read the bucket's ownership and public access settings",
    ),
    Cause.CONDITION_UNMET: (
        "a grant with a condition that this request does not meet looks like no grant at all",
        "read the conditions on the grant that should apply",
    ),
    Cause.WRONG_PRINCIPAL: (
        "the grant may name another identity than the one that called",
        "compare the identity in the answer with the one in the grant",
    ),
    Cause.NOT_PROPAGATED: (
        "a grant made minutes ago is refused in the same words",
        "wait some minutes, get a new token and try again",
    ),
    Cause.PAYER_REQUIRED: (
        "the bucket may be requester-pays, or a billing project was named that may not be used",
        "read the bucket's requester-pays setting, and whether the client names a project",
    ),
    Cause.ACCESS_DENIED: (
        "the refusal may have another reason, which the answer does not name",
        "ask for the owner of the bucket, and try without ACL, tag and encryption headers",
    ),
    Cause.BUCKET_MISSING: (
        "a bucket that does not exist, or is being deleted, can answer like this",
        "look the bucket up in the provider's console, spelling and account included",
    ),
    Cause.BUCKET_NAME_INVALID: (
        "the bucket field may hold something that is no bucket name, such as bucket/prefix or a URL",
        "read the bucket field: lower case, no slash, no scheme, no blank",
    ),
    Cause.BUCKET_NOT_YOURS: (
        "a bucket of this name may belong to somebody else",
        "compare the bucket's owner with the account of the key",
    ),
    Cause.REGION_WRONG: (
        "a region that is not the bucket's, or is none, can answer like this",
        "ask any endpoint for the bucket with HEAD and read x-amz-bucket-region",
    ),
    Cause.ENDPOINT_WRONG: (
        "the request may have reached another host than the one that was meant",
        "look at the host in the request: scheme, port, bucket in the name, the right provider",
    ),
    Cause.ACCOUNT_NAME_WRONG: (
        "the account field may name no storage account",
        "resolve <account>.blob.core.windows.net",
    ),
    Cause.ACCOUNT_SUSPENDED: (
        "an account, subscription or billing that is switched off can answer like this",
        "look at the billing state of the account or project",
    ),
    Cause.API_DISABLED: (
        "the provider's interface may not be enabled for the calling project or region",
        "look at the list of enabled interfaces of the project that calls",
    ),
    Cause.ACCOUNT_KIND_UNSUPPORTED: (
        "this kind of account or bucket may not offer what was asked",
        "look at the kind, tier and namespace of the account",
    ),
    Cause.ENCRYPTION_KEY_DENIED: (
        "the key that encrypts the bucket may be out of bounds for the identity or the storage service",
        "read the bucket's default encryption and the policy of its key",
    ),
    Cause.ENCRYPTION_KEY_UNUSABLE: (
        "the key may be disabled, deleted or in another region",
        "look at the state and the region of the bucket's key",
    ),
    Cause.ENCRYPTION_REFUSED: (
        "encryption headers that do not suit the bucket can answer like this",
        "try without encryption headers",
    ),
    Cause.OBJECT_EXISTS: (
        "an object of this name may be there already",
        "try with a fresh name",
    ),
    Cause.OBJECT_LOCKED: (
        "retention, a hold or a lease may protect the object",
        "try with a fresh name, and read the bucket's retention settings",
    ),
    Cause.CHECKSUM_REQUIRED: (
        "the bucket may demand a checksum with each upload",
        "try with Content-MD5 or a checksum header",
    ),
    Cause.DNS_FAILED: (
        "the resolver of this machine may be at fault rather than the name",
        "resolve the same name from another network",
    ),
    Cause.CONNECTION_FAILED: (
        "a slow, blocked or broken connection ends in the same way",
        "connect to the same host and port by hand, from the same machine",
    ),
    Cause.TLS_FAILED: (
        "the certificate or the protocol version may be at fault",
        "look at the certificate's issuer and names with a TLS client",
    ),
    Cause.HTTPS_REQUIRED: (
        "a statement or setting may demand https",
        "see whether the address begins with http://",
    ),
    Cause.PROXY_INTERFERED: (
        "a proxy or gateway between may have changed or answered the request",
        "try without the proxy, and look for Via headers and HTML in the answer",
    ),
    Cause.THROTTLED: (
        "a limit on requests can answer like this",
        "wait and send the same request again",
    ),
    Cause.QUOTA_EXCEEDED: (
        "a quota or the space may be used up",
        "look at the usage of the bucket and the account",
    ),
    Cause.SERVICE_UNAVAILABLE: (
        "the service itself may have failed for a moment",
        "wait, try again, and look at the provider's status page",
    ),
    Cause.FEATURE_UNSUPPORTED: (
        "the server may not implement something that the client used, such as new checksums",
        "try with the client's older defaults (checksums when required, path style)",
    ),
    Cause.REQUEST_INVALID: (
        "the request itself may be wrong: a header, a name, a size, a digest",
        "read which header or parameter the answer names, and try without it",
    ),
    Cause.NOT_NEEDED: (
        "a writer need not make this call at all",
        "see whether a plain write passes",
    ),
}

LOOKALIKE = {cause: because for cause, (because, _) in _HINTS.items()}
TELL = {cause: tell for cause, (_, tell) in _HINTS.items()}
