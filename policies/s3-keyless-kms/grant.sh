# replaces the whole bucket policy: where there is one, `preflight policy fix` adds to it
aws s3api put-bucket-policy --bucket my-recordings --policy '{"Version": "2012-10-17", "Id": "StreamExternalStoragePolicy", "Statement": [{"Sid": "StreamWritesRecordings", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::185583345998:root"}, "Action": ["s3:PutObject"], "Resource": ["arn:aws:s3:::my-recordings/recordings/*"]}]}'
# one statement to add to the policy of the key
aws kms get-key-policy --key-id arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666 --policy-name default > key-policy.json
preflight policy fix policies/s3-keyless-kms/storages.yaml --document key-policy.json --document POLICY
