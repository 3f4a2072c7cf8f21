resource "google_storage_bucket_iam_member" "my-recordings" {
  bucket = "my-recordings"
  role   = "roles/storage.objectCreator"
  member = "serviceAccount:<SERVICE_ACCOUNT_EMAIL>"
}

data "google_storage_project_service_account" "my-recordings" {
}

resource "google_kms_crypto_key_iam_member" "my-recordings" {
  crypto_key_id = "projects/my-project/locations/europe-west1/keyRings/storage/cryptoKeys/recordings"
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${data.google_storage_project_service_account.my-recordings.email_address}"
}
