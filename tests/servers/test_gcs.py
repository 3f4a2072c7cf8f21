"""The GCS emulator stores objects and keeps no promise about them."""

from tests.servers.gcs import GcsEmulator


def test_create_only_is_ignored(gcs_emulator: GcsEmulator) -> None:
    """`ifGenerationMatch=0` overwrites all the same: here a create-only promise is not kept."""
    bucket = gcs_emulator.create_bucket()
    with gcs_emulator.client() as client:
        blob = client.bucket(bucket).blob("a")
        blob.upload_from_string(b"first", if_generation_match=0)
        blob.upload_from_string(b"second", if_generation_match=0)
        assert blob.download_as_bytes() == b"second"
