# a condition needs uniform bucket-level access: without it, leave the condition out
resource "google_storage_bucket_iam_member" "my-recordings" {
  bucket = "my-recordings"
  role   = "roles/storage.objectCreator"
  member = "serviceAccount:<SERVICE_ACCOUNT_EMAIL>"

  condition {
    title      = "stream-recordings"
    expression = "resource.name.startsWith(\"projects/_/buckets/my-recordings/objects/recordings/\")"
  }
}
