# a condition needs uniform bucket-level access: without it, leave the condition out
gcloud storage buckets add-iam-policy-binding gs://my-recordings '--member=serviceAccount:<SERVICE_ACCOUNT_EMAIL>' --role=roles/storage.objectCreator '--condition=title=stream-recordings,expression=resource.name.startsWith("projects/_/buckets/my-recordings/objects/recordings/")'
