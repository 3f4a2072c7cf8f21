# replaces the whole bucket policy: where there is one, add the statement to it
resource "aws_s3_bucket_policy" "my-recordings" {
  bucket = "my-recordings"
  policy = jsonencode({
    Version = "2012-10-17"
    Id = "StreamExternalStoragePolicy"
    Statement = [
      {
        Sid = "StreamWritesRecordings"
        Effect = "Allow"
        Principal = {
          AWS = "arn:aws:iam::185583345998:root"
        }
        Action = [
          "s3:PutObject",
        ]
        Resource = [
          "arn:aws:s3:::my-recordings/recordings/*",
        ]
      },
    ]
  })
}

# one statement to add to the policy of the key: aws_kms_key_policy replaces the whole policy
locals {
  my-recordings_key_statement = {
    Sid = "StreamUsesTheKey"
    Effect = "Allow"
    Principal = {
      AWS = "arn:aws:iam::185583345998:root"
    }
    Action = [
      "kms:GenerateDataKey",
      "kms:Decrypt",
    ]
    Resource = "*"
    Condition = {
      StringEquals = {
        "kms:ViaService" = "s3.eu-central-1.amazonaws.com"
      }
    }
  }
}
