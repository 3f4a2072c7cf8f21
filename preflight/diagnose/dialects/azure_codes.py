"""The error codes of Azure Storage (common, blob and data lake) and of Azure Resource Manager."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"abs"})
RANK = 30

RULES = rules(
    """
credential-missing: the request carried no credential
  code   NoAuthenticationInformation
  says   no authentication information
credential-missing: no token was sent, or the one that was sent is not accepted
  says   refer to the information in the www-authenticate header
  unless issuer | audience | lifetime | signature | invalidauthenticationinfo
  beside tenant-wrong scope-wrong credential-expired
not-needed: the account lets nobody create a container that is open to the public
  code   PublicAccessNotPermitted
  says   public access is not permitted
  on     create admin
  beside acl-refused
credential-missing: the caller was anonymous, and the account or container does not let anonymous callers in
  code   PublicAccessNotPermitted
  says   public access is not permitted
  beside acl-refused
clock-skew: the time in the request and Azure's time differ by more than fifteen minutes
  says   request date header too old | date header in the request is incorrect |
         request date header * in the future
tenant-wrong: the token was issued by another tenant than the one that the account belongs to
  code   InvalidAuthenticationTokenTenant
  says   issuer validation failed | issuer did not match | wrong issuer | issuer mismatch |
         primary access token is from the wrong issuer | access token is from the wrong issuer
  beside scope-wrong
  field  azure_blob.abs_tenant_id
scope-wrong: the token is for another audience than storage
  code   InvalidAuthenticationTokenAudience
  says   audience validation failed | audience did not match |
         authentication scheme bearer is not supported
  beside tenant-wrong
credential-expired: the token or the signature has run out
  code   ExpiredAuthenticationToken
  says   lifetime validation failed | token is expired | token has expired |
         signature not valid in the specified time frame | signature did not * time frame |
         access token expiry
  beside clock-skew
secret-wrong: the az command's own words for a request that Azure could not authenticate
  says   caused by either invalid account key, connection string or sas token
  beside credential-malformed permission-missing
  field  azure_blob.abs_account_key
secret-wrong: the signature made with the account key does not match
  says   mac signature found in the http request | signature did not match |
         server used following string to sign
  beside signature-broken credential-malformed account-name-wrong
  field  azure_blob.abs_account_key
auth-method-refused: account keys are switched off for this account
  code   KeyBasedAuthenticationNotPermitted
  says   key based authentication is not permitted | key-based authentication is not permitted |
         shared key * not permitted
  field  azure_blob.abs_account_key
credential-malformed: the authorization header is not in the form that Azure expects
  code   InvalidAuthenticationInfo InvalidAuthenticationToken
  beside tenant-wrong scope-wrong credential-expired request-invalid
  hint
credential-expired: the shared access signature ends before it begins: before now, where no beginning was given
  says   must be after signed start | must be later than signed start
  beside clock-skew request-invalid
request-invalid: the shared access signature contradicts itself or lacks a part
  says   signed expiry * must be | signed start | signature fields not well formed | signature fields * malformed |
         is mandatory. cannot be empty | sas token * malformed | access without signed identifier
  beside credential-malformed credential-expired
request-invalid: the authorization header is not in the form that Azure expects
  says   authentication information was not provided in the correct format |
         authentication information is not given in the correct format
  beside credential-malformed signature-broken
secret-wrong: Azure could not verify who calls: key, clock, tenant and audience all answer like this
  code   AuthenticationFailed
  beside clock-skew tenant-wrong signature-broken credential-expired
  hint
secret-wrong: Azure could not verify who calls: key, clock, tenant and audience all answer like this
  says   server failed to authenticate the request
  beside clock-skew tenant-wrong signature-broken credential-expired
  hint
secret-wrong: the emulator says so of a signature that does not fit
  code   AuthorizationFailure
  with   server failed to authenticate the request
  beside signature-broken credential-malformed network-denied
network-denied: the account's firewall, or its switched-off public access, answers like this
  code   AuthorizationFailure AuthorizationSourceIPMismatch
  says   not authorized to perform this operation using this source ip | network rule |
         public network access * disabled | public network access is disabled |
         blocked by network
  beside permission-missing access-denied
network-denied: the account's firewall, or its switched-off public access, answers like this
  says   request is not authorized to perform this operation
  unless using this | blob overwrites
  beside permission-missing access-denied
  hint
https-required: plain http was used where only https is accepted
  code   AuthorizationProtocolMismatch AccountRequiresHttps
  says   account being accessed does not support http | does not support http |
         using this protocol | secure transfer
permission-missing: the shared access signature does not cover this service or kind of resource
  code   AuthorizationServiceMismatch AuthorizationResourceTypeMismatch
  says   using this service | using this resource type
  beside scope-wrong
organization-deny: an Azure policy or a deny assignment forbids it
  code   RequestDisallowedByPolicy DenyAssignmentAuthorizationFailed ScopeLocked
  says   disallowed by policy | deny assignment
access-denied: the answer refuses and names no reason
  code   Forbidden AccessDenied AuthorizationFailed
  beside permission-missing network-denied acl-refused wrong-principal
  hint
acl-refused: an access control entry of the file system, or the ACL that was sent, is the reason
  code   SetAclMissingAces InvalidAccessControlEntry
  says   permission denied * acl | acl verification failed
account-suspended: the account or its subscription is disabled, read-only or still being created
  code   AccountIsDisabled SubscriptionNotRegistered
         ReadOnlyDisabledSubscription SubscriptionDisabled
  says   specified account is disabled | subscription * disabled
account-suspended: the account does not take this kind of operation now: it is read-only, or a secondary
  code   InsufficientAccountPermissions
  says   account being accessed does not have sufficient permissions | read-only operations are currently allowed |
         write operations are not allowed | read operations are currently disabled
  beside permission-missing endpoint-wrong
service-unavailable: the account is still being created
  code   AccountBeingCreated
  says   account is in the process of being created
  beside account-suspended not-propagated
account-name-wrong: Azure knows no such storage account
  code   StorageAccountNotFound
  says   storage account * was not found | storage account * does not exist |
         storageaccounts/ * was not found
  beside wrong-principal
  field  azure_blob.abs_account_name
bucket-missing: the resource was not found, or may not be seen without a credential
  code   ResourceNotFound
  says   specified resource does not exist
  beside account-name-wrong credential-missing permission-missing endpoint-wrong
  field  bucket
account-kind-unsupported: this kind of account cannot hold such blobs
  code   BlobTypeNotSupported BlobAccessTierNotSupportedForAccountType
         AccessTierNotSupportedForBlobType FeatureNotYetSupportedForHierarchicalNamespaceAccounts
         ApiNotSupportedForAccount BlobOperationNotSupported
         EndpointUnsupportedAccountFeatures HierarchicalNamespaceNotEnabled
         BlobApiNotYetSupportedForHierarchicalNamespaceAccounts UnsupportedOperationForHierarchicalNamespace
  says   not supported for this account type | not yet supported for hierarchical namespace |
         hierarchical namespace is not enabled | supported for hierarchical namespace |
         does not support blobstorageevents or softdelete | block blobs are not supported |
         account kind | premium block blob | account type |
         blob is not supported for this account | access tier is not supported |
         not supported on this account | blob operation is not supported | not supported for the account
  beside feature-unsupported request-invalid
tenant-wrong: the subscription is not in this tenant, or not visible to the caller
  code   SubscriptionNotFound InvalidSubscriptionId
  beside wrong-principal account-suspended
api-disabled: the resource provider is not registered for the subscription
  code   MissingSubscriptionRegistration NoRegisteredProviderFound
bucket-missing: there is no such container, or it is being deleted or switched off
  code   ContainerNotFound ContainerBeingDeleted ContainerDisabled FilesystemNotFound
         FilesystemBeingDeleted ShareNotFound ShareBeingDeleted
  says   specified container does not exist | specified filesystem does not exist |
         container is being deleted | container has been disabled
  field  bucket
bucket-name-invalid: this cannot be the name of a container
  code   InvalidResourceName InvalidUri
  says   specifed resource name contains invalid characters |
         specified resource name contains invalid characters |
         resource name length is not within the permissible limits | invalid container name |
         does not represent any resource on the server
  beside endpoint-wrong account-name-wrong
  field  bucket
not-needed: creating the account was refused, and a writer creates none
  code   AccountAlreadyExists StorageAccountAlreadyExists StorageAccountAlreadyTaken
  says   specified account already exists | storage account named * is already taken
  beside request-invalid
not-needed: the resource exists already, which matters only to who creates it
  code   ResourceAlreadyExists
  says   specified resource already exists
  beside object-exists
not-needed: the immutability policy is managed by whoever administers the container
  code   ImmutabilityPolicyDoesNotExist ImmutabilityPolicyDeleteOnLockedPolicy
  beside object-locked
not-needed: the directory is not empty, which matters only to who deletes it
  code   DirectoryNotEmpty
  says   non-empty directory
  beside request-invalid
service-unavailable: the source of a copy could not be read in time
  code   CannotVerifyCopySource
  says   could not verify the copy source
  beside request-invalid connection-failed
not-needed: creating the container was refused, and a writer does not create containers
  code   ContainerAlreadyExists FilesystemAlreadyExists ShareAlreadyExists
  says   specified container already exists
  field  bucket
not-needed: the blob that was looked up is not there, which a writer need not know
  code   BlobNotFound PathNotFound SourcePathNotFound
  says   specified blob does not exist | specified path does not exist
  beside request-invalid bucket-missing
encryption-key-unusable: the account's own key in the key vault is out of reach, disabled or deleted
  code   KeyVaultEncryptionKeyNotFound KeyVaultVaultNotFound KeyVaultKeyNotFound KeyVaultNotFound
  says   key vault * not found | key vault key is not found | key vault * disabled
  beside encryption-key-denied
encryption-key-denied: the account's identity may not use its own key in the key vault
  code   KeyVaultAccessTokenCannotBeAcquired KeyVaultAccessDenied
  says   key vault access token
  beside encryption-key-unusable
encryption-refused: the encryption headers, or the encryption scope, do not suit the container
  code   RequestForbiddenByContainerEncryptionPolicy BlobUsesCustomerSpecifiedEncryption
         BlobDoesNotUseCustomerSpecifiedEncryption BlobCustomerSpecifiedEncryptionMismatch
         EncryptionScopeNotFound EncryptionScopeDisabled InvalidEncryptionScope
  says   container encryption policy | encryption scope | customer specified encryption |
         customer provided key
  beside header-required request-invalid
object-exists: a blob of this name exists and may not be replaced
  code   BlobAlreadyExists PathAlreadyExists
  says   specified blob already exists |
         the specified path already exists
object-exists: something of another kind has this name already
  code   PathConflict ResourceTypeMismatch
  says   exists and its resource type is invalid | does not match the type of the existing resource
  beside request-invalid
object-exists: the caller may create blobs and may not replace one
  code   UnauthorizedBlobOverwrite
  says   not authorized to perform blob overwrites
  beside permission-missing
  lacks  Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write
object-exists: a blob of another type exists under this name, or the type in the request is wrong
  code   InvalidBlobType
  says   blob type is invalid for this operation
  beside request-invalid account-kind-unsupported
request-invalid: a precondition failed: on a write that only creates, the name is taken
  code   ConditionNotMet TargetConditionNotMet SourceConditionNotMet AppendPositionConditionNotMet
         MaxBlobSizeConditionNotMet SequenceNumberConditionNotMet BlobOverwritten CopyIdMismatch
  says   condition specified using http conditional header | condition specified in the conditional header
  beside object-exists
object-locked: a lease, a hold or an immutability policy protects the blob
  code   LeaseIdMissing LeaseLost LeaseIdMismatchWithBlobOperation
         LeaseIdMismatchWithContainerOperation LeaseIdMismatchWithLeaseOperation
         LeaseNotPresentWithBlobOperation LeaseNotPresentWithContainerOperation
         LeaseNotPresentWithLeaseOperation LeaseAlreadyPresent LeaseAlreadyBroken
         LeaseIsBreakingAndCannotBeAcquired LeaseIsBreakingAndCannotBeChanged
         LeaseIsBrokenAndCannotBeRenewed BlobImmutableDueToPolicy BlobImmutableDueToLegalHold
         ContainerImmutableDueToPolicy LeaseNameMismatch ContainerProtectedFromDeletion
  says   immutable due to | is immutable | currently a lease on | lease id | legal hold
  beside object-exists request-invalid not-needed
object-locked: the archive tier, or a move out of it, keeps the blob from being changed
  code   BlobArchived BlobBeingRehydrated
  says   archived blob | blob is being rehydrated | blob is currently being rehydrated
  beside request-invalid
request-invalid: a digest or checksum of the body is wrong
  code   Md5Mismatch InvalidMd5 Crc64Mismatch
  beside proxy-interfered
  says   md5 value specified in the request | crc64
request-invalid: an input is out of range: a name of a wrong length does that
  code   OutOfRangeInput
  says   request inputs is out of range
  beside bucket-name-invalid
request-invalid: this version of the interface does not know what was asked
  code   FeatureVersionMismatch InvalidVersionForOperation UnsupportedRestVersion OperationNotSupportedOnDirectory
  says   unrecognized by this version
  beside feature-unsupported
feature-unsupported: the server does not implement something that the client used
  code   UnsupportedHeader UnsupportedHttpVerb UnsupportedQueryParameter UnsupportedXmlNode
         ConditionHeadersNotSupported MultipleConditionHeadersNotSupported
         NotImplemented CopyAcrossAccountsNotSupported SnapshotOperationRateExceeded
         ApiNotImplemented
  says   is not supported for this | not implemented | api version | unsupported version |
         http headers specified in the request is not supported | support the specified http verb |
         query parameters * is not supported | xml nodes * is not supported
  beside request-invalid
request-invalid: the server refuses the request itself: a header, a parameter or its body
  code   InvalidHeaderValue InvalidInput InvalidMetadata InvalidHttpVerb InvalidQueryParameterValue
         InvalidRange InvalidXmlDocument InvalidXmlNodeValue InvalidBlobOrBlock InvalidBlobTier
         InvalidBlockId InvalidBlockList InvalidPageRange InvalidOperation
         InvalidVersionForPageBlobOperation InvalidSourceBlobType InvalidSourceBlobUrl
         EmptyMetadataKey MetadataTooLarge MissingContentLengthHeader MissingRequiredHeader
         MissingRequiredQueryParameter MissingRequiredXmlNode OutOfRangeQueryParameterValue
         RequestBodyTooLarge RequestUrlFailedToParse ContentLengthLargerThanTierLimit
         ContentLengthMustBeZero BlockCountExceedsLimit BlockListTooLong
         BlobTierInadequateForContentLength CannotChangeToLowerTier CannotVerifyCopySource
         PendingCopyOperation NoPendingCopyOperation InfiniteLeaseDurationRequired
         InvalidResourceType XmlNodeMissing SnapshotsPresent
         SnapshotCountExceeded SequenceNumberIncrementTooLarge PreviousSnapshotCannotBeNewer
         PreviousSnapshotNotFound PreviousSnapshotOperationNotSupported SystemInUse
         IncrementalCopyBlobMismatch IncrementalCopySourceMustBeSnapshot BlobNotArchived
         InvalidFlushPosition InvalidFlushOperation InvalidSourceOrDestinationResourceType
         IncrementalCopyOfEarlierVersionSnapshotNotAllowed OperationNotAllowedOnIncrementalCopyBlob
         InvalidPropertyName InvalidRenameSourcePath InvalidDestinationPath
         InvalidSourceUri RenameDestinationParentPathNotFound
         UnsupportedRename DestinationPathIsBeingDeleted SourcePathIsBeingDeleted BadRequest
         BlobModifiedWhileReading
  says   one of the http headers * is not in the correct format | specified block list is invalid |
         request body is too large | value for one of the http headers |
         blob or block content is invalid | missing a required |
         required for this request was not specified | xml specified is not syntactically valid |
         request inputs is not valid | specified metadata is invalid | block id is invalid |
         http headers was not in the correct format | http header that's mandatory | mandatory for this request |
         key-value pairs is empty | query parameters in the request uri | query parameter was not specified |
         specified is invalid for the current size | metadata exceeds the maximum | content-length header was not |
         size of the request body | blob has been recreated | blob tier | uncommitted block count |
         pending copy operation | blob has snapshots | in use by the system | incremental copy |
         block list may not | url in the request could not be parsed
  beside feature-unsupported account-kind-unsupported
endpoint-wrong: another service of Azure answered than the blob storage
  says   microsoft.azure.batch | batch.azure.com | .documents.azure.com | .vault.azure.net | .servicebus.windows.net |
         .table.core.windows.net | .queue.core.windows.net | .file.core.windows.net
  unless key vault | keyvault
  beside request-invalid account-name-wrong
tls-failed: the account demands a newer version of TLS
  code   TlsVersionNotPermitted
  says   tls version of the connection is not permitted | minimum tls version
throttled: a limit of the account is reached
  code   TooManyRequests
  says   is over the account limit | over the account limit | over the blob limit | rate exceeded |
         too many requests | request rate
throttled: the server is busy: a limit of the account, or a passing state of the service
  code   ServerBusy
  says   server is busy | server is currently unable to receive requests
  beside service-unavailable
quota-exceeded: the account is full
  code   ShareSizeLimitReached StorageQuotaExceeded
  says   capacity * exceeded | maximum capacity | quota * exceeded | exceeds * quota | exceeded * quota
  beside throttled
service-unavailable: the service failed on its own side
  code   InternalError OperationTimedOut ServiceUnavailable InternalServerError BadGateway
         GatewayTimeout
  beside throttled
  says   operation could not be completed within the permitted time |
         server encountered an internal error | within the specified time
""",
    exact=True,
)
