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
