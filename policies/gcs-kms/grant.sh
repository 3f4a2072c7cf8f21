gcloud storage buckets add-iam-policy-binding gs://my-recordings '--member=serviceAccount:<SERVICE_ACCOUNT_EMAIL>' --role=roles/storage.objectCreator --condition=None
# <PROJECT> is the project of the bucket, whose Cloud Storage account uses the key
gcloud storage service-agent '--project=<PROJECT>' --authorize-cmek=projects/my-project/locations/europe-west1/keyRings/storage/cryptoKeys/recordings
