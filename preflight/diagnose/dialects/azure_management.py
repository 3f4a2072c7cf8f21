"""Codes of Azure Resource Manager, which tools ask before or instead of the storage itself."""

from preflight.diagnose.rule import rules

FAMILIES = frozenset({"abs"})
RANK = 31

RULES = rules("""
organization-deny: an Azure policy forbids it
  code   RequestDisallowedByAzure DisallowedByPolicy PolicyViolation
  beside not-needed
permission-missing: the caller lacks a right on a resource that this one is linked to
  code   LinkedAuthorizationFailed LinkedAccessCheckFailed AuthorizationDenied
  beside tenant-wrong not-needed
account-name-wrong: the account's name cannot be one
  code   AccountNameInvalid InvalidStorageAccountName
  says   storage account name must be | not a valid storage account name
  field  azure_blob.abs_account_name
account-name-wrong: the account is not where it was looked for
  code   ParentResourceNotFound ResourceGroupNotFound ResourceGroupBeingDeleted
  says   resource group * could not be found
  beside not-needed tenant-wrong
  field  azure_blob.abs_account_name
wrong-principal: the directory has no principal of this object id
  code   PrincipalNotFound
  says   principal * does not exist in the directory
  beside not-propagated tenant-wrong
not-needed: managing accounts and roles, which a writer does not do
  code   RoleAssignmentExists StorageDomainNameCouldNotVerify
  says   role assignment already exists
not-needed: no further account can be created, and a writer creates none
  code   MaxStorageAccountsCountPerSubscriptionExceeded
  beside quota-exceeded
service-unavailable: the account is not ready, or another change of it is going on
  code   StorageAccountIsNotProvisioned AccountIsBeingCreated StorageAccountOperationInProgress
  says   another operation is in progress | is not in a succeeded state
  beside account-suspended not-propagated
service-unavailable: Azure failed to manage a container
  code   ContainerOperationFailure
  beside bucket-missing not-needed
  hint
request-invalid: Azure does not allow this in the present state of the resource
  code   OperationNotAllowed Conflict
  beside service-unavailable account-suspended not-needed
  hint
""")
