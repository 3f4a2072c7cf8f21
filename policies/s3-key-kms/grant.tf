# <USER> is the name of the user whose key is configured
resource "aws_iam_user_policy" "my-recordings" {
  name   = "StreamExternalStorage"
  user   = "<USER>"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid = "StreamWritesRecordings"
        Effect = "Allow"
        Action = [
          "s3:PutObject",
        ]
        Resource = [
          "arn:aws:s3:::my-recordings/recordings/*",
        ]
      },
      {
        Sid = "StreamUsesTheKey"
        Effect = "Allow"
        Action = [
          "kms:GenerateDataKey",
          "kms:Decrypt",
        ]
        Resource = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"
      },
    ]
  })
}
