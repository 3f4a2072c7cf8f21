"""What is known of Stream: its account, its limits, its field names and the way it writes.

Sources: Stream's storage documentation and the OpenAPI document of its server-side API (v236, 2026-08).
"""

ACCOUNT = "185583345998"
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:root"
POLICY_ID = "StreamExternalStoragePolicy"

STORAGE_LIMIT = 10  # storages per application, documented
RESERVED_NAME = "stream-s3"  # Stream's own bucket: always a legal reference, never a legal new name

# Stream publishes no egress addresses, so no allow-list of addresses can name it.
ASSUMPTIONS = {
    "elsewhere": "tested from this machine; Stream writes from elsewhere, from addresses that it does not publish",
    "documents": "only documents were evaluated: nothing was asked of the provider",
    "plain": "Stream writes over TLS, without ACL, encryption header or If-None-Match, singly and in parts",
    "own-side": "Stream's own account lets its writers use this bucket: its identity policies cannot be read",
}
