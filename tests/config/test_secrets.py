"""Where secrets come from, and that they never get out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from preflight.config import load
from preflight.model import Cause, GcsStorage, S3Storage
from tests.config import healthy
from tests.config.healthy import KEY, SECRET, checks, gcs, key_file, read_entries, s3


def _s3(**changes: object) -> S3Storage:
    (storage,) = read_entries(s3(**changes), S3_SECRET=SECRET, PART=SECRET[10:]).storages
    assert isinstance(storage, S3Storage)
    return storage


@pytest.mark.parametrize(
    ("written", "source"),
    [("${S3_SECRET}", "$S3_SECRET"), ({"env": "S3_SECRET"}, "$S3_SECRET"), (SECRET[:10] + "${PART}", "$PART"),
     (SECRET, "<stdin>:1")],
)  # fmt: skip
def test_a_secret_knows_where_it_came_from(written: object, source: str) -> None:
    """The report says which variable or line a key was taken from."""
    secret = _s3(s3_secret=written).secret

    assert secret is not None
    assert (secret.reveal(), secret.source, secret.prefix) == (SECRET, source, "")


def test_the_public_prefix_of_a_key_id_is_known() -> None:
    """AKIA says what kind of key it is, and is no secret."""
    key = _s3().api_key

    assert key is not None
    assert key.prefix == "AKIA"
    assert KEY[4:] not in str(key)


def test_dollars_are_plain_unless_they_name_a_variable() -> None:
    """`$${` is a plain `${`, and a password may have any other dollars that it likes."""
    entry = healthy.compatible(s3_secret="pa$$word$1$${X}")

    (storage,) = read_entries(entry).storages

    assert isinstance(storage, S3Storage)
    assert storage.secret is not None
    assert storage.secret.reveal() == "pa$$word$1${X}"


def test_what_a_variable_holds_is_not_expanded_again() -> None:
    """The text of a variable is a value, not a template."""
    found = read_entries(healthy.compatible(s3_secret="${A}"), A="${B}-and-more", B="never")

    assert [secret.reveal() for secret in found.storages[0].secrets][1] == "${B}-and-more"


def test_variables_work_in_every_field() -> None:
    """Staging and production share a file."""
    found = read_entries(s3(bucket="recordings-${STAGE}", path="${STAGE}/"), STAGE="prod")

    assert (found.storages[0].bucket, found.storages[0].path, found.problems) == ("recordings-prod", "prod/", ())


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("${MISSING}", "MISSING is not set"),
        ({"env": "MISSING"}, "MISSING is not set"),
        ("${EMPTY}", "EMPTY is set and empty"),
        ("${}", "no name of a variable"),
        ("${A:-b}", "no name of a variable"),
        ({"env": SECRET}, "names no environment variable"),
        ({"file": "no/such/file"}, "cannot be read: no such file"),
        ({"file": "."}, "not a regular file"),
        ({"file": "/dev/zero"}, "not a regular file"),
    ],
)
def test_a_secret_that_cannot_be_had_is_a_problem(written: object, part: str) -> None:
    """A missing variable is told with its line, and nothing else is said of the field."""
    found = read_entries(s3(s3_secret=written), EMPTY="")

    assert [(one.check, one.cause, one.field) for one in found.problems] == [
        ("load-secrets", Cause.CREDENTIAL_MISSING, "aws_s3.s3_secret")
    ]
    assert part in found.problems[0].message
    assert SECRET not in repr(found)


def test_a_missing_variable_of_a_plain_field_has_that_fields_cause() -> None:
    """A bucket without a name is no missing credential."""
    (problem,) = read_entries(s3(bucket="${BUCKET}")).problems

    assert (problem.check, problem.cause) == ("load-secrets", Cause.BUCKET_NAME_INVALID)


def test_files_are_found_beside_the_configuration(tmp_path: Path) -> None:
    """A configuration works from every directory, and the editor's line break at the end is no part of a secret."""
    (tmp_path / "secret.txt").write_text(SECRET + "\n")
    (tmp_path / "a.json").write_text(json.dumps(s3(s3_secret={"file": "secret.txt"})))

    (storage,) = load([str(tmp_path / "a.json")], environ={}).storages

    assert isinstance(storage, S3Storage)
    assert storage.secret is not None
    assert (storage.secret.reveal(), storage.secret.source) == (SECRET, "file secret.txt")


def test_a_large_file_is_no_secret(tmp_path: Path) -> None:
    """A wrong path to a recording must not be read whole."""
    (tmp_path / "big").write_text("x" * 100_000)
    (tmp_path / "a.json").write_text(json.dumps(s3(s3_secret={"file": "big"})))

    (problem,) = load([str(tmp_path / "a.json")]).problems

    assert "larger than 64 KiB" in problem.message


def test_a_pipe_is_never_opened_as_a_secret(tmp_path: Path) -> None:
    """Reading a pipe that nobody writes would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.json").write_text(json.dumps(s3(s3_secret={"file": "pipe"})))

    (problem,) = load([str(tmp_path / "a.json")]).problems

    assert "not a regular file" in problem.message


@pytest.mark.parametrize("form", ["text", "table", "variable", "file", "bare file name"])
def test_a_key_file_is_one_text_however_it_was_written(tmp_path: Path, form: str) -> None:
    """Stream takes the text of a key file; people have it in five forms."""
    text = json.dumps(key_file(), indent=2)
    (tmp_path / "keys.json").write_text(text)
    written: object = {
        "text": text,
        "table": key_file(),
        "variable": "${GCS_KEY}",
        "file": {"file": "keys.json"},
        "bare file name": "keys.json",
    }[form]
    (tmp_path / "a.json").write_text(json.dumps(gcs(gcs_credentials=written)))

    found = load([str(tmp_path / "a.json")], environ={"GCS_KEY": text})
    (storage,) = found.storages

    assert checks(found.problems) == (["use-current-spelling"] if form == "bare file name" else [])
    assert isinstance(storage, GcsStorage)
    assert storage.credentials is not None
    assert storage.credentials.reveal() == json.dumps(key_file())
    assert (storage.client_email, storage.project_id) == ("writer@my-project.iam.gserviceaccount.com", "my-project")


def test_a_private_key_may_come_from_a_variable_of_its_own() -> None:
    """Only the key itself is secret; the rest may stand in the file."""
    found = read_entries(gcs(gcs_credentials=key_file(private_key="${PK}")), PK=healthy.pem())

    assert found.problems == ()


def test_a_missing_private_key_variable_is_one_problem() -> None:
    """It is told where it is written, and not again as a missing key."""
    (problem,) = read_entries(gcs(gcs_credentials=key_file(private_key="${PK}"))).problems

    assert (problem.check, problem.field) == ("load-secrets", "gcs_credentials.private_key")


def test_a_secret_in_a_public_field_is_not_shown() -> None:
    """Pasted into the wrong field, it is still a secret."""
    found = read_entries(
        s3(s3_region=SECRET, bucket=SECRET, s3_custom_endpoint_url=f"https://a:{SECRET}@b.example.com")
    )

    assert SECRET not in repr(found)


HALVES = {
    "a byte in a variable": ("${BYTES}", "not valid Unicode: character 4 is a byte that is not UTF-8 ($BYTES)"),
    "half of a character in the file": ("abc\ud83d", "not valid Unicode: character 4 is half of a character"),
    "a byte in a part": ("abc${BYTES}", "not valid Unicode: character 7 is a byte that is not UTF-8 ($BYTES)"),
}


@pytest.mark.parametrize("kind", HALVES)
@pytest.mark.parametrize("field", ["name", "bucket", "path", "storage_type", "s3_region", "s3_api_key", "s3_secret"])
def test_what_is_not_unicode_is_a_problem_of_its_field(field: str, kind: str) -> None:
    """Nobody can send it: it is told with its field and line, its value is not, and other storages are judged."""
    written, said = HALVES[kind]
    found = read_entries(s3(**{field: written}), s3(name="other", bucket="Other"), BYTES="abc\udcff")
    name = f"aws_s3.{field}" if field.startswith("s3_") else field
    (problem,) = [one for one in found.problems if one.check == "load-secrets"]

    assert (problem.field, problem.location.line) == (name, 1)
    assert said in problem.message
    assert "abc" not in problem.message
    assert [one.message for one in found.problems if one.storage == str(found.storages[1].origin)]
    repr(found).encode()


@pytest.mark.parametrize("field", ["client_email", "private_key", "project_id", "another"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "encoded twice"])
def test_a_key_file_with_half_a_character_is_a_problem(field: str, wrapped: bool) -> None:  # noqa: FBT001 - a table
    """Escapes of JSON can say what no address and no key can hold."""
    text = json.dumps(key_file(**{field: "writer\ud83d"}))
    found = read_entries(gcs(gcs_credentials=json.dumps(text) if wrapped else text))

    assert any("not valid Unicode" in one.message and one.field == "gcs_credentials" for one in found.problems)
    repr(found).encode()


def test_a_call_type_of_half_a_character_is_a_problem() -> None:
    """What a call type names is text as well, and its line is told."""
    found = healthy.read(json.dumps({"storages": [s3()], "call_types": {"default": "my-s3\ud83d"}}))

    assert ["not valid Unicode" in one.message for one in found.problems] == [True]
    repr(found).encode()


@pytest.mark.parametrize("place", ["{0}: {{}}\nstorages: []", "storages:\n- {{name: a, storage_type: s3, {0}: x}}",
                                   "storages:\n- {{storage_type: s3, aws_s3: {{{0}: x}}}}", "call_types:\n- {{{0}: x}}",
                                   "storages: []\nwaive:\n- {{{0}: x}}"])  # fmt: skip
@pytest.mark.parametrize("secret", [SECRET, "dQx8Q~abcdefghijklmnopqrstuvwxyz0123456A"])
def test_a_secret_before_a_colon_is_still_a_secret(tmp_path: Path, place: str, secret: str) -> None:
    """Where a name should stand somebody may have pasted a value: no message, field or excerpt repeats it."""
    file = tmp_path / "storages.yaml"
    file.write_text(place.format(secret), encoding="utf-8")

    found = load([str(file)])

    assert found.problems
    assert secret not in repr(found.problems)
