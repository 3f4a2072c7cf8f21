resource "google_storage_bucket_iam_member" "my-recordings" {
  bucket = "my-recordings"
  role   = "roles/storage.objectCreator"
  member = "serviceAccount:<SERVICE_ACCOUNT_EMAIL>"
}
