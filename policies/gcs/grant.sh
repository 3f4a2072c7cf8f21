gcloud storage buckets add-iam-policy-binding gs://my-recordings '--member=serviceAccount:<SERVICE_ACCOUNT_EMAIL>' --role=roles/storage.objectCreator --condition=None
