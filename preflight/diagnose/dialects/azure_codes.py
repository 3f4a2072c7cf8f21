"""The error codes of Azure Storage (common, blob and data lake) and of Azure Resource Manager."""

from preflight.diagnose.purpose import Purpose, purpose_of
from preflight.diagnose.reading import Reading
from preflight.diagnose.rule import Finding, Rule, Strength
from preflight.model import Cause, Permission

FAMILIES = frozenset({"abs"})
RANK = 30

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_ACTIONS = {
    Purpose.WRITE: f"{_BLOBS}/blobs/write",
    Purpose.UNKNOWN: f"{_BLOBS}/blobs/write",
    Purpose.READ: f"{_BLOBS}/blobs/read",
    Purpose.LIST: f"{_BLOBS}/blobs/read",
    Purpose.SETTINGS: f"{_BLOBS}/blobs/read",
    Purpose.CREATE: f"{_BLOBS}/write",
    Purpose.DELETE: f"{_BLOBS}/blobs/delete",
}

RULES = (
    # Who are you?
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the request carried no credential",
        codes="NoAuthenticationInformation",
        says=("no authentication information",),
        field=None,
    ),
    Rule(
        Cause.CREDENTIAL_MISSING,
        "the caller was anonymous, and the account or container does not let anonymous callers in",
        codes="PublicAccessNotPermitted",
        beside=(Cause.ACL_REFUSED,),
    ),
    Rule(
        Cause.CLOCK_SKEW,
        "the time in the request and Azure's time differ by more than fifteen minutes",
        says=(
            "request date header too old",
            "date header in the request is incorrect",
            "request date header * in the future",
        ),
    ),
    Rule(
        Cause.TENANT_WRONG,
        "the token was issued by another tenant than the one that the account belongs to",
        codes="InvalidAuthenticationIssuer InvalidAuthenticationTokenTenant InvalidIssuer",
        says=(
            "issuer validation failed",
            "issuer did not match",
            "wrong issuer",
            "issuer mismatch",
            "primary access token is from the wrong issuer",
            "access token is from the wrong issuer",
        ),
        beside=(Cause.SCOPE_WRONG,),
        field="azure_blob.abs_tenant_id",
    ),
    Rule(
        Cause.SCOPE_WRONG,
        "the token is for another audience than storage",
        codes="InvalidAuthenticationTokenAudience InvalidAudience",
        says=("audience validation failed", "audience did not match", "authentication scheme bearer is not supported"),
        beside=(Cause.TENANT_WRONG,),
    ),
    Rule(
        Cause.CREDENTIAL_EXPIRED,
        "the token or the signature has run out",
        codes="ExpiredAuthenticationToken",
        says=(
            "lifetime validation failed",
            "token is expired",
            "token has expired",
            "signature not valid in the specified time frame",
            "signature did not * time frame",
            "access token expiry",
        ),
        beside=(Cause.CLOCK_SKEW,),
    ),
    Rule(
        Cause.SECRET_WRONG,
        "the signature made with the account key does not match",
        says=(
            "mac signature found in the http request",
            "signature did not match",
            "server used following string to sign",
        ),
        beside=(Cause.SIGNATURE_BROKEN, Cause.CREDENTIAL_MALFORMED, Cause.ACCOUNT_NAME_WRONG),
        field="azure_blob.abs_account_key",
    ),
    Rule(
        Cause.AUTH_METHOD_REFUSED,
        "account keys are switched off for this account",
        codes="KeyBasedAuthenticationNotPermitted",
        says=(
            "key based authentication is not permitted",
            "key-based authentication is not permitted",
            "shared key * not permitted",
        ),
    ),
    Rule(
        Cause.CREDENTIAL_MALFORMED,
        "the authorization header is not in the form that Azure expects",
        codes="InvalidAuthenticationInfo InvalidAuthenticationToken",
        beside=(Cause.TENANT_WRONG, Cause.SCOPE_WRONG, Cause.CREDENTIAL_EXPIRED, Cause.REQUEST_INVALID),
        hint=True,
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the authorization header is not in the form that Azure expects",
        says=(
            "authentication information was not provided in the correct format",
            "authentication information is not given in the correct format",
        ),
        beside=(Cause.CREDENTIAL_MALFORMED, Cause.SIGNATURE_BROKEN),
    ),
    Rule(
        Cause.SECRET_WRONG,
        "Azure could not verify who calls: key, clock, tenant and audience all answer like this",
        codes="AuthenticationFailed",
        beside=(Cause.CLOCK_SKEW, Cause.TENANT_WRONG, Cause.SIGNATURE_BROKEN, Cause.CREDENTIAL_EXPIRED),
        hint=True,
    ),
    # May you?
    Rule(
        Cause.NETWORK_DENIED,
        "the account's firewall, or its switched-off public access, answers like this",
        codes="AuthorizationFailure AuthorizationSourceIPMismatch NetworkAclDenied PublicNetworkAccessDisabled RequestDeniedByNetworkAcls",
        says=(
            "not authorized to perform this operation using this source ip",
            "network rule",
            "public network access * disabled",
            "public network access is disabled",
            "blocked by network",
        ),
        beside=(Cause.PERMISSION_MISSING, Cause.ACCESS_DENIED),
    ),
    Rule(
        Cause.HTTPS_REQUIRED,
        "plain http was used where only https is accepted",
        codes="AuthorizationProtocolMismatch AccountRequiresHttps",
        says=(
            "account being accessed does not support http",
            "does not support http",
            "using this protocol",
            "secure transfer",
        ),
    ),
    Rule(
        Cause.PERMISSION_MISSING,
        "the shared access signature does not cover this service or kind of resource",
        codes="AuthorizationServiceMismatch AuthorizationResourceTypeMismatch",
        beside=(Cause.SCOPE_WRONG,),
    ),
    Rule(
        Cause.ORGANIZATION_DENY,
        "an Azure policy or a deny assignment forbids it",
        codes="RequestDisallowedByPolicy DenyAssignmentAuthorizationFailed RequestDisallowedByAzure ScopeLocked",
        says=("disallowed by policy", "deny assignment"),
        beside=(),
    ),
    Rule(
        Cause.ACCESS_DENIED,
        "the answer refuses and names no reason",
        codes="Forbidden AccessDenied AuthorizationFailed",
        beside=(Cause.PERMISSION_MISSING, Cause.NETWORK_DENIED, Cause.ACL_REFUSED, Cause.WRONG_PRINCIPAL),
        hint=True,
    ),
    Rule(
        Cause.ACL_REFUSED,
        "an access control entry of the file system, or the ACL that was sent, is the reason",
        codes="SetAclMissingAces InvalidAccessControlEntry DefaultAclInvalid",
        says=("permission denied * acl", "acl verification failed"),
    ),
    # Account
    Rule(
        Cause.ACCOUNT_SUSPENDED,
        "the account or its subscription is disabled, read-only or still being created",
        codes="AccountIsDisabled InsufficientAccountPermissions AccountBeingCreated SubscriptionNotRegistered ReadOnlyDisabledSubscription SubscriptionDisabled DisabledSubscription AccountDeactivated AccountSuspended",
        says=(
            "specified account is disabled",
            "account being accessed does not have sufficient permissions",
            "subscription * disabled",
            "account is in the process of being created",
        ),
        beside=(),
    ),
    Rule(
        Cause.ACCOUNT_NAME_WRONG,
        "Azure knows no such storage account",
        codes="AccountNotFound StorageAccountNotFound ResourceNotFoundAccount",
        says=(
            "storage account * was not found",
            "storage account * does not exist",
            "storageaccounts/ * was not found",
        ),
        beside=(Cause.WRONG_PRINCIPAL,),
        field="azure_blob.abs_account_name",
    ),
    Rule(
        Cause.ACCOUNT_NAME_WRONG,
        "the resource was not found: for a whole account, its name is wrong",
        codes="ResourceNotFound",
        beside=(Cause.BUCKET_MISSING, Cause.ENDPOINT_WRONG),
        field="azure_blob.abs_account_name",
    ),
    Rule(
        Cause.ACCOUNT_KIND_UNSUPPORTED,
        "this kind of account cannot hold such blobs",
        codes="BlobTypeNotSupported BlobAccessTierNotSupportedForAccountType AccessTierNotSupportedForBlobType FeatureNotSupportedForAccount BlobStorageAccountNotSupported FeatureNotYetSupportedForHierarchicalNamespaceAccounts EndpointUnsupportedAccountFeatures HierarchicalNamespaceNotEnabled AccountKindNotSupported BlobApiNotYetSupportedForHierarchicalNamespaceAccounts FeatureNotSupportedForHierarchicalNamespaceAccounts",
        says=(
            "not supported for this account type",
            "not yet supported for hierarchical namespace",
            "hierarchical namespace is not enabled",
            "not supported for hierarchical namespace",
            "does not support blobstorageevents or softdelete",
            "block blobs are not supported",
            "account kind",
            "premium block blob",
            "account type",
        ),
        beside=(Cause.FEATURE_UNSUPPORTED, Cause.REQUEST_INVALID),
    ),
    Rule(
        Cause.API_DISABLED,
        "the resource provider is not registered for the subscription",
        codes="MissingSubscriptionRegistration NoRegisteredProviderFound",
    ),
    # Container
    Rule(
        Cause.BUCKET_MISSING,
        "there is no such container, or it is being deleted or switched off",
        codes="ContainerNotFound ContainerBeingDeleted ContainerDisabled FilesystemNotFound FilesystemBeingDeleted ShareNotFound ShareBeingDeleted",
        says=(
            "specified container does not exist",
            "specified filesystem does not exist",
            "container is being deleted",
            "container has been disabled",
        ),
        field="bucket",
    ),
    Rule(
        Cause.BUCKET_NAME_INVALID,
        "this cannot be the name of a container",
        codes="InvalidResourceName InvalidContainerName ContainerNameInvalid InvalidUri",
        says=(
            "specifed resource name contains invalid characters",
            "specified resource name contains invalid characters",
            "resource name length is not within the permissible limits",
            "invalid container name",
            "does not represent any resource on the server",
        ),
        beside=(Cause.ENDPOINT_WRONG, Cause.ACCOUNT_NAME_WRONG),
        field="bucket",
    ),
    Rule(
        Cause.NOT_NEEDED,
        "creating the container was refused, and a writer does not create containers",
        codes="ContainerAlreadyExists FilesystemAlreadyExists ShareAlreadyExists",
        field="bucket",
    ),
    Rule(
        Cause.NOT_NEEDED,
        "the blob that was looked up is not there, which a writer need not know",
        codes="BlobNotFound PathNotFound SourcePathNotFound",
        beside=(Cause.REQUEST_INVALID, Cause.BUCKET_MISSING),
    ),
    # Keys
    Rule(
        Cause.ENCRYPTION_KEY_UNUSABLE,
        "the account's own key in the key vault is out of reach, disabled or deleted",
        codes="KeyVaultEncryptionKeyNotFound KeyVaultVaultNotFound KeyVaultKeyNotFound KeyVaultKeyDisabled KeyVaultKeyExpired KeyVaultNotFound KeyVaultFirewallBlocked KeyVaultNetworkRestricted",
        says=("key vault * not found", "key vault key is not found", "key vault * disabled"),
        beside=(Cause.ENCRYPTION_KEY_DENIED,),
    ),
    Rule(
        Cause.ENCRYPTION_KEY_DENIED,
        "the account's identity may not use its own key in the key vault",
        codes="KeyVaultAccessTokenCannotBeAcquired KeyVaultAccessDenied KeyVaultForbidden KeyVaultUnauthorized",
        beside=(Cause.ENCRYPTION_KEY_UNUSABLE,),
    ),
    Rule(
        Cause.ENCRYPTION_REFUSED,
        "the encryption headers, or the encryption scope, do not suit the container",
        codes="RequestForbiddenByContainerEncryptionPolicy BlobUsesCustomerSpecifiedEncryption BlobDoesNotUseCustomerSpecifiedEncryption BlobCustomerSpecifiedEncryptionMismatch EncryptionScopeNotFound EncryptionScopeDisabled InvalidEncryptionScope CustomerProvidedKeyNotSupported EncryptionScopeAlreadyExists BlobDoesNotUseEncryptionScope",
        says=(
            "container encryption policy",
            "encryption scope",
            "customer specified encryption",
            "customer provided key",
        ),
    ),
    # The blob
    Rule(
        Cause.OBJECT_EXISTS,
        "a blob of this name exists and may not be replaced",
        codes="BlobAlreadyExists UnauthorizedBlobOverwrite PathAlreadyExists ResourceAlreadyExists TargetConditionNotMet",
        says=(
            "not authorized to perform blob overwrites",
            "specified blob already exists",
            "the specified path already exists",
        ),
        beside=(),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "a precondition failed: on a write that only creates, the name is taken",
        codes="ConditionNotMet SourceConditionNotMet AppendPositionConditionNotMet MaxBlobSizeConditionNotMet SequenceNumberConditionNotMet BlobOverwritten CopyIdMismatch",
        beside=(Cause.OBJECT_EXISTS,),
    ),
    Rule(
        Cause.OBJECT_LOCKED,
        "a lease, a hold or an immutability policy protects the blob",
        codes="LeaseIdMissing LeaseLost LeaseIdMismatchWithBlobOperation LeaseIdMismatchWithContainerOperation LeaseIdMismatchWithLeaseOperation LeaseNotPresentWithBlobOperation LeaseNotPresentWithContainerOperation LeaseNotPresentWithLeaseOperation LeaseAlreadyPresent LeaseAlreadyBroken LeaseIsBreakingAndCannotBeAcquired LeaseIsBreakingAndCannotBeChanged LeaseIsBrokenAndCannotBeRenewed BlobImmutableDueToPolicy BlobImmutableDueToLegalHold ContainerImmutableDueToPolicy ContainerImmutable PathImmutableDueToPolicy LeaseNameMismatch ContainerProtectedFromDeletion",
        says=("immutable due to", "is immutable", "currently a lease on", "lease id", "legal hold"),
    ),
    Rule(
        Cause.OBJECT_LOCKED,
        "the archive tier, or a move out of it, keeps the blob from being changed",
        codes="BlobArchived BlobBeingRehydrated",
        beside=(Cause.REQUEST_INVALID,),
    ),
    # The request
    Rule(
        Cause.REQUEST_INVALID,
        "a digest or checksum of the body is wrong",
        codes="Md5Mismatch InvalidMd5 Crc64Mismatch InvalidCrc64 Crc64NotMatch MD5Mismatch",
        beside=(),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "an input is out of range: a name of a wrong length does that",
        codes="OutOfRangeInput",
        beside=(Cause.BUCKET_NAME_INVALID,),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "this version of the interface does not know what was asked",
        codes="FeatureVersionMismatch UnsupportedRestVersion OperationNotSupportedOnDirectory",
        beside=(Cause.FEATURE_UNSUPPORTED,),
    ),
    Rule(
        Cause.FEATURE_UNSUPPORTED,
        "the server does not implement something that the client used",
        codes="UnsupportedHeader UnsupportedHttpVerb UnsupportedQueryParameter UnsupportedXmlNode ConditionHeadersNotSupported MultipleConditionHeadersNotSupported BlobOperationNotSupported UnsupportedOperation NotImplemented CopyAcrossAccountsNotSupported SnapshotOperationRateExceeded UnsupportedPermission ApiNotImplemented BlobTypeNotSupportedForOperation FeatureNotSupported",
        says=("is not supported for this", "not implemented", "api version", "x-ms-version"),
        beside=(Cause.REQUEST_INVALID,),
    ),
    Rule(
        Cause.REQUEST_INVALID,
        "the server refuses the request itself: a header, a parameter or its body",
        codes="InvalidHeaderValue InvalidInput InvalidMetadata InvalidHttpVerb InvalidQueryParameterValue InvalidRange InvalidXmlDocument InvalidXmlNodeValue InvalidBlobOrBlock InvalidBlobTier InvalidBlobType InvalidBlockId InvalidBlockList InvalidPageRange InvalidOperation InvalidVersionForPageBlobOperation InvalidSourceBlobType InvalidSourceBlobUrl EmptyMetadataKey MetadataTooLarge MissingContentLengthHeader MissingRequiredHeader MissingRequiredQueryParameter MissingRequiredXmlNode OutOfRangeQueryParameterValue RequestBodyTooLarge RequestUrlFailedToParse ContentLengthLargerThanTierLimit ContentLengthMustBeZero BlockCountExceedsLimit BlockListTooLong BlobTierInadequateForContentLength CannotChangeToLowerTier CannotVerifyCopySource PendingCopyOperation NoPendingCopyOperation InfiniteLeaseDurationRequired InvalidResourceType ResourceTypeMismatch XmlNodeMissing SnapshotsPresent SnapshotCountExceeded SequenceNumberIncrementTooLarge PreviousSnapshotCannotBeNewer PreviousSnapshotNotFound PreviousSnapshotOperationNotSupported SystemInUse IncrementalCopyBlobMismatch IncrementalCopySourceMustBeSnapshot BlobNotArchived InvalidFlushPosition InvalidPropertyName InvalidRenameSourcePath InvalidDestinationPath InvalidSourceUri DirectoryNotEmpty PathConflict RenameDestinationParentPathNotFound UnsupportedRename DestinationPathIsBeingDeleted SourcePathIsBeingDeleted LeaseDurationInvalid BadRequest AppendPositionInvalid IfMatchNotMet UploadSizeExceeded BlobModifiedWhileReading",
        says=(
            "one of the http headers * is not in the correct format",
            "specified block list is invalid",
            "request body is too large",
        ),
        beside=(),
    ),
    Rule(
        Cause.TLS_FAILED,
        "the account demands a newer version of TLS",
        codes="TlsVersionNotPermitted",
        says=("tls version of the connection is not permitted", "minimum tls version"),
        beside=(),
    ),
    # The service
    Rule(
        Cause.THROTTLED,
        "a limit of the account is reached",
        codes="TooManyRequests OperationRateExceeded",
        says=(
            "is over the account limit",
            "over the account limit",
            "over the blob limit",
            "rate exceeded",
            "too many requests",
            "request rate",
        ),
        beside=(),
    ),
    Rule(
        Cause.THROTTLED,
        "the server is busy: a limit of the account, or a passing state of the service",
        codes="ServerBusy",
        beside=(Cause.SERVICE_UNAVAILABLE,),
    ),
    Rule(
        Cause.QUOTA_EXCEEDED,
        "the account is full",
        codes="AccountLimitExceeded ShareSizeLimitReached StorageQuotaExceeded QuotaExceeded CapacityExceeded InsufficientStorage",
        says=("capacity * exceeded", "maximum capacity", "quota"),
    ),
    Rule(
        Cause.SERVICE_UNAVAILABLE,
        "the service failed on its own side",
        codes="InternalError OperationTimedOut ServiceUnavailable WriteOperationTimedOut InternalServerError ServerFailure BadGateway GatewayTimeout",
        says=("operation could not be completed within the permitted time", "server encountered an internal error"),
        beside=(),
    ),
)


def mismatch(reading: Reading) -> Finding | None:
    """`AuthorizationPermissionMismatch`: who calls is known and no role gives the action that the call needs."""
    if (
        "authorizationpermissionmismatch" not in reading.codes
        and "not authorized to perform this operation using this permission" not in reading.folded
    ):
        return None
    purpose = purpose_of(reading)
    action = _ACTIONS.get(purpose, _ACTIONS[Purpose.WRITE])
    return Finding(
        cause=Cause.PERMISSION_MISSING,
        because=f"Azure knows the caller, and no role assignment gives it {action.rpartition('containers/')[2]}",
        beside=(Cause.NOT_PROPAGATED, Cause.CONDITION_UNMET, Cause.ACL_REFUSED, Cause.WRONG_PRINCIPAL),
        missing=Permission(action),
        strength=Strength.GRAMMAR,
    )


def arm(reading: Reading) -> Finding | None:
    """Azure Resource Manager: `… does not have authorization to perform action '…' over scope '…'`."""
    import re  # noqa: PLC0415 - placeholder

    found = re.search(
        r"does not have authorization to perform action '([^']{5,200})'(?: or the scope is invalid)?(?: over scope '([^']{0,600}))?",
        " ".join(reading.plain.split()),
    )
    if not found:
        return None
    return Finding(
        cause=Cause.PERMISSION_MISSING,
        because=f"no role assignment gives the caller {found[1]}",
        beside=(Cause.NOT_PROPAGATED, Cause.WRONG_PRINCIPAL, Cause.NOT_NEEDED),
        missing=Permission(found[1], found[2] or ""),
        strength=Strength.GRAMMAR,
    )


READERS = (mismatch, arm)
