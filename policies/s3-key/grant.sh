# <USER> is the name of the user whose key is configured
aws iam put-user-policy --user-name '<USER>' --policy-name StreamExternalStorage --policy-document '{"Version": "2012-10-17", "Statement": [{"Sid": "StreamWritesRecordings", "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": ["arn:aws:s3:::my-recordings/recordings/*"]}]}'
