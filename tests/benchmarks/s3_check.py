"""CPU of `preflight check` against a bare boto3 script that makes the same calls, on a real gateway, side by side.

Run: python -m tests.benchmarks.s3_check
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.whole import compare
from tests.servers.authority import issue
from tests.servers.radosgw import start

BARE = """
import boto3
from botocore.config import Config
s3 = boto3.client("s3", region_name="us-east-1", endpoint_url={endpoint!r}, aws_access_key_id={key!r},
                  aws_secret_access_key={secret!r}, config=Config(retries={{"total_max_attempts": 1}}))
name = "recordings/bare-{{}}.txt".format(__import__("secrets").token_hex(16))
s3.put_object(Bucket={bucket!r}, Key=name, Body=b"x" * 150, IfNoneMatch="*")
upload = s3.create_multipart_upload(Bucket={bucket!r}, Key=name)["UploadId"]
part = s3.upload_part(Bucket={bucket!r}, Key=name, UploadId=upload, PartNumber=1, Body=b"x" * 150)
s3.complete_multipart_upload(Bucket={bucket!r}, Key=name, UploadId=upload,
                             MultipartUpload={{"Parts": [{{"PartNumber": 1, "ETag": part["ETag"]}}]}})
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with start(folder / "gateway", issue(folder)) as server:
            bucket, user = server.create_bucket(), server.admin
            storage = {
                "name": "bench",
                "storage_type": "s3",
                "bucket": bucket,
                "path": "recordings/",
                "aws_s3": {
                    "s3_region": "us-east-1",
                    "s3_api_key": user.access_key,
                    "s3_secret": user.secret,
                    "s3_custom_endpoint_url": server.endpoint,
                },
            }
            (folder / "storage.json").write_text(json.dumps(storage))
            (folder / "bare.py").write_text(
                BARE.format(endpoint=server.endpoint, key=user.access_key, secret=user.secret, bucket=bucket)
            )
            only = ["--only", "write-object", "--only", "write-multipart"]
            ours = [sys.executable, "-m", "preflight", "check", *only, str(folder / "storage.json")]
            compare("preflight check, S3", ours, [sys.executable, str(folder / "bare.py")])


if __name__ == "__main__":
    main()
