# <SUBSCRIPTION_ID> and <RESOURCE_GROUP> are those of the storage account; <OBJECT_ID> is the service principal's, which az ad sp show --id prints as `id`
resource "azurerm_role_definition" "my-recordings" {
  name              = "Stream recordings writer (contosorecordings/recordings)"
  description       = "Writes blobs, and neither reads, lists nor deletes them."
  scope             = "/subscriptions/<SUBSCRIPTION_ID>"
  assignable_scopes = ["/subscriptions/<SUBSCRIPTION_ID>"]
  permissions {
    data_actions = ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"]
  }
}

resource "azurerm_role_assignment" "my-recordings" {
  scope              = "/subscriptions/<SUBSCRIPTION_ID>/resourceGroups/<RESOURCE_GROUP>/providers/Microsoft.Storage/storageAccounts/contosorecordings/blobServices/default/containers/recordings"
  role_definition_id = azurerm_role_definition.my-recordings.role_definition_resource_id
  principal_id       = "<OBJECT_ID>"
  principal_type     = "ServicePrincipal"
}
