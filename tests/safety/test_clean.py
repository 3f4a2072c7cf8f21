"""`preflight clean` deletes what journals name, as the operator, and nothing that a run of ours did not make up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from preflight import run as runs
from preflight.config import load as load_configuration
from preflight.journal import Journal
from preflight.model import Reach, Residue, S3Storage
from preflight.sandbox import Sandbox, load
from preflight.sandbox.scenario import merge
from tests.faults.command import Ended, run
from tests.servers.radosgw import Radosgw

NAME = "preflight-test-0123456789abcdef0123456789abcdef.txt"
CREATED = "2026-01-01T00:00:00+00:00"


def write_down(environment: dict[str, str], storage: S3Storage, key: str, upload: str = "") -> Path:
    """A journal as a killed run leaves it."""
    journal = Journal.begin(environment)
    address = f"s3://{storage.bucket}/{key}" + (f"?uploadId={upload}" if upload else "")
    journal.intend(storage, key, Residue(address=address, size=1, created=CREATED, delete=f"rm {key}"), upload)
    path = journal.path
    assert path
    journal.close()
    return path


def storage(server: Radosgw, bucket: str, path: str = "recordings/") -> S3Storage:
    return S3Storage(
        name="main", storage_type="s3", bucket=bucket, path=path, region=server.region, endpoint_url=server.endpoint
    )


@pytest.fixture
def operator(radosgw: Radosgw, environment: dict[str, str]) -> dict[str, str]:
    admin = radosgw.admin
    return {**environment, "AWS_ACCESS_KEY_ID": admin.access_key, "AWS_SECRET_ACCESS_KEY": admin.secret}


def keys(server: Radosgw, bucket: str) -> list[str]:
    return [found["Key"] for found in server.admin.client().list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_objects_and_uploads_of_ours_go_and_all_else_stays(radosgw: Radosgw, operator: dict[str, str]) -> None:
    """The named object, every open upload to its name, and then the journal; a neighbour's upload stays."""
    bucket, client = radosgw.create_bucket(), radosgw.admin.client()
    key = f"recordings/{NAME}"
    client.put_object(Bucket=bucket, Key=key, Body=b"x")
    client.put_object(Bucket=bucket, Key="recordings/call.mp4", Body=b"x")
    client.create_multipart_upload(Bucket=bucket, Key=key)
    client.create_multipart_upload(Bucket=bucket, Key=f"{key}.mp4")
    journal = write_down(operator, storage(radosgw, bucket), key)
    done = run("clean", env=operator)
    assert done.code == 0, done.out + done.err
    assert key in done.out
    assert keys(radosgw, bucket) == ["recordings/call.mp4"]
    uploads = client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    assert [upload["Key"] for upload in uploads] == [f"{key}.mp4"]
    assert not journal.exists()


def test_a_dry_run_lists_and_deletes_nothing(radosgw: Radosgw, operator: dict[str, str]) -> None:
    """What is left is listed with its age, and is still there afterwards."""
    bucket, key = radosgw.create_bucket(), f"recordings/{NAME}"
    radosgw.admin.client().put_object(Bucket=bucket, Key=key, Body=b"x")
    journal = write_down(operator, storage(radosgw, bucket), key)
    done = run("clean", "--dry-run", "-o", "json", env=operator)
    assert done.code == 1
    assert [left["address"] for left in done.report["left"]] == [f"s3://{bucket}/{key}"]
    assert keys(radosgw, bucket) == [key]
    assert journal.exists()


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("recordings/", "recordings/call.mp4"),
        ("", "call.mp4"),
        ("recordings/", f"elsewhere/{NAME}"),
        ("recordings/", f"recordings/../{NAME}"),
        ("recordings/", f"recordings/{NAME}/../call.mp4"),
        ("recordings/", "recordings/preflight-test-.txt"),
        (f"recordings/{NAME[:-4]}", f"recordings/{NAME}"),
    ],
)
def test_a_journal_that_names_anything_else_is_not_obeyed(
    radosgw: Radosgw, operator: dict[str, str], path: str, key: str
) -> None:
    """A journal is a file that anybody may have written: only names that a run makes up are deleted."""
    bucket = radosgw.create_bucket()
    radosgw.admin.client().put_object(Bucket=bucket, Key="call.mp4", Body=b"x")
    radosgw.admin.client().put_object(Bucket=bucket, Key="recordings/call.mp4", Body=b"x")
    write_down(operator, storage(radosgw, bucket, path), key)
    done = run("clean", env=operator)
    assert done.code == 1
    assert "nothing is deleted" in done.out
    assert keys(radosgw, bucket) == ["call.mp4", "recordings/call.mp4"]


def test_who_may_not_delete_is_told(radosgw: Radosgw, environment: dict[str, str]) -> None:
    """A refusal keeps the entry, names the missing right, and shows the command for somebody who may."""
    stranger, bucket, key = radosgw.create_user(), radosgw.create_bucket(), f"recordings/{NAME}"
    radosgw.admin.client().put_object(Bucket=bucket, Key=key, Body=b"x")
    journal = write_down(environment, storage(radosgw, bucket), key)
    env = {**environment, "AWS_ACCESS_KEY_ID": stranger.access_key, "AWS_SECRET_ACCESS_KEY": stranger.secret}
    done = run("clean", env=env)
    assert done.code == 1
    assert "NOT deleted" in done.out
    assert "s3:DeleteObject" in done.out
    assert "does not need" not in done.out
    assert f"rm {key}" in done.out
    assert journal.exists()
    assert stranger.secret not in done.out + done.err


def test_a_version_that_remains_is_told(radosgw: Radosgw, operator: dict[str, str]) -> None:
    """In a versioned bucket a deletion hides the object; what stays is said."""
    bucket, key, client = radosgw.create_bucket(), f"recordings/{NAME}", radosgw.admin.client()
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket=bucket, Key=key, Body=b"x")
    write_down(operator, storage(radosgw, bucket), key)
    done = run("clean", env=operator)
    assert done.code == 0
    assert "remains: an older version" in done.out


def test_without_journals_there_is_nothing_to_do(environment: dict[str, str]) -> None:
    """The usual state."""
    done = run("clean", env=environment)
    assert (done.code, done.out) == (0, "nothing is left behind\n")


@pytest.mark.parametrize("content", ["root:x:0:0", '{"a": 1}'])
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, environment: dict[str, str], content: str) -> None:
    """With its name, and before anything is deleted."""
    file = tmp_path / "other"
    file.write_text(content)
    done = run("clean", str(file), env=environment)
    assert done.code == 2
    assert f"{file}: is no journal" in done.err


def test_a_metadata_address_in_a_journal_is_not_asked(environment: dict[str, str]) -> None:
    """A journal cannot send the operator's credentials there."""
    place = S3Storage(
        name="main", storage_type="s3", bucket="b", path="p/", region="x", endpoint_url="http://169.254.169.254"
    )
    write_down(environment, place, f"p/{NAME}")
    done = run("clean", env=environment)
    assert done.code == 1
    assert "never asked" in done.out


@contextmanager
def left_by_a_check(cloud: str, environment: dict[str, str], world: dict[str, object]) -> Iterator[Sandbox]:
    """A sandbox after a check with a write-only credential, which leaves its objects and its journal."""
    scenario = load(f"{cloud}/healthy")
    with Sandbox(replace(scenario, world=merge(scenario.world, world))) as box:
        configuration = load_configuration(["-"], stdin=io.StringIO(box.configuration), environ=box.environ)
        with pytest.MonkeyPatch.context() as patch:
            if box.authority:
                patch.setenv("REQUESTS_CA_BUNDLE", str(box.authority))
            reach = Reach(timeout=10, endpoints=box.endpoints)
            report = runs.check(configuration, runs.Plan(reach=reach, journal=Journal.begin(environment)))
        assert report.journal
        assert {one.address for one in report.storages[0].residue}
        assert box.world.stored()
        yield box


def cleaned(box: Sandbox, environment: dict[str, str]) -> Ended:
    names = {"gcs", "abs", "entra"} & box.endpoints.keys()
    endpoints = [part for name in names for part in ("--endpoint", f"{name}={box.endpoints[name]}")]
    return run("clean", *endpoints, env=environment)


def test_google_is_cleaned_as_the_operator(environment: dict[str, str], tmp_path: Path) -> None:
    """With application default credentials, here a key file."""
    email = "operator@my-project.iam.gserviceaccount.com"
    binding = {"role": "roles/storage.admin", "members": [f"serviceAccount:{email}"]}
    world: dict[str, object] = {
        "accounts": {"operator": {"email": email, "project": "my-project", "variable": "OPERATOR_KEY"}},
        "projects": {"my-project": {"policy": json.dumps({"bindings": [binding]})}},
    }
    with left_by_a_check("gcs", environment, world) as box:
        key = tmp_path / "operator.json"
        # an override leads elsewhere than the key itself would, which no test may follow
        key.write_text(
            json.dumps(
                {**json.loads(box.environ["OPERATOR_KEY"]), "token_uri": f"{box.endpoints['google-token']}/token"}
            )
        )
        done = cleaned(box, {**environment, "GOOGLE_APPLICATION_CREDENTIALS": str(key)})
        assert done.code == 0, done.out + done.err
        assert not box.world.stored()


def test_azure_without_a_login_is_told(environment: dict[str, str]) -> None:
    """Nobody is logged in: the entry stays, with the command that deletes it."""
    with left_by_a_check("abs", environment, {}) as box:
        done = cleaned(box, {**environment, "REQUESTS_CA_BUNDLE": str(box.authority)})
        assert done.code == 1
        assert "NOT deleted" in done.out
        assert "az storage blob delete" in done.out
        assert box.world.stored()
