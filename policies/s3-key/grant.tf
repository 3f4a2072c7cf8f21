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
    ]
  })
}
