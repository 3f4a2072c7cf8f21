"""Files of every format, where each field stands in them, and what cannot be read."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from preflight.config import Unreadable, load
from preflight.model import S3Storage, Storage
from tests.config.healthy import KEY, SECRET, checks, read, s3

YAML = """\
# where recordings go
storages:
  - name: my-s3
    storage_type: s3
    bucket: 123456          # never a number
    path: on/
    aws_s3:
      s3_region: "eu-central-1"
      s3_api_key: ${S3_KEY}
      s3_secret: {env: S3_SECRET}
call_types:
  default: my-s3
"""

JSON = """\
{
\t"storages": [{
\t\t"name": "my-s3", "storage_type": "s3", "bucket": 123456, "path": "on/",
\t\t"aws_s3": {"s3_region": "eu-central-1", "s3_api_key": "${S3_KEY}", "s3_secret": {"env": "S3_SECRET"}}
\t}],
\t"call_types": [{"name": "default", "external_storage": "my-s3"}]
}
"""

TOML = """\
[[storages]]
name = 'my-s3'
storage_type = "s3"
bucket = 123456
path = "on/"
aws_s3.s3_region = "eu-central-1"
aws_s3.s3_api_key = "${S3_KEY}"

[storages.aws_s3.s3_secret]
env = "S3_SECRET"

[call_types.default]
external_storage = "my-s3"
"""

ENVIRON = {"S3_KEY": KEY, "S3_SECRET": SECRET}


def _bare(storage: Storage) -> tuple[object, ...]:
    assert isinstance(storage, S3Storage)
    return storage.name, storage.bucket, storage.path, storage.region, storage.api_key, storage.secret


@pytest.mark.parametrize(("name", "text"), [("a.yaml", YAML), ("a.json", JSON), ("a.toml", TOML), ("a", YAML)])
def test_the_same_storage_in_every_format(tmp_path: Path, name: str, text: str) -> None:
    """YAML, JSON with tabs and TOML say the same, and a number of a bucket stays the text that it is."""
    (tmp_path / name).write_text(text)

    found = load([str(tmp_path / name)], environ=ENVIRON)

    assert found.problems == ()
    assert [_bare(one)[:4] for one in found.storages] == [("my-s3", "123456", "on/", "eu-central-1")]
    assert [_secret.reveal() for _secret in found.storages[0].secrets] == [KEY, SECRET]
    assert [(link.name, link.external_storage) for link in found.call_types] == [("default", "my-s3")]


@pytest.mark.parametrize("text", [YAML, JSON, TOML], ids=["yaml", "json", "toml"])
def test_standard_input_is_recognised_by_its_looks(text: str) -> None:
    """Whatever is piped in needs no name."""
    assert [_bare(one)[:2] for one in read(text, **ENVIRON).storages] == [("my-s3", "123456")]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(s3()),
        json.dumps([s3()]),
        json.dumps(s3(), indent=2),
        json.dumps({"storages": s3()}),
        "{name: my-s3, storage_type: s3, bucket: my-recordings, path: recordings/, aws_s3: {s3_region: eu-central-1}}",
    ],
    ids=["bare", "list", "indented", "one entry", "flow"],
)
def test_a_payload_is_read_as_it_was_pasted(text: str) -> None:
    """What createExternalStorage takes needs no wrapping."""
    found = read(text)

    assert [storage.name for storage in found.storages] == ["my-s3"]
    assert found.problems == ()


def test_json_lines_are_one_storage_a_line() -> None:
    """An export of many payloads is read as it is."""
    found = read("\n".join(json.dumps(s3(name=name)) for name in "ab"))

    assert [(one.name, one.origin.line) for one in found.storages] == [("a", 1), ("b", 2)]


def test_anchors_and_merge_keys_are_read() -> None:
    """What is common to several storages is written once; names with x- are the writer's own."""
    found = read(
        "x-common: &common {storage_type: s3, bucket: my-recordings, aws_s3: {s3_region: eu-west-1}}\n"
        "storages:\n- {<<: *common, name: a}\n- {<<: *common, name: b, bucket: other-recordings}\n"
    )

    assert [(one.name, one.bucket) for one in found.storages] == [("a", "my-recordings"), ("b", "other-recordings")]
    assert found.problems == ()


@pytest.mark.parametrize(("text", "line", "column"), [(YAML, 8, 19), (JSON, 4, 28), (TOML, 6, 20)])
def test_a_problem_points_at_the_value(text: str, line: int, column: int) -> None:
    """The line and column are those that an editor shows, and the value is underlined."""
    broken = text.replace("eu-central-1", "Frankfurt")

    (problem,) = read(broken, **ENVIRON).problems
    place = problem.location

    shift = 0 if text is TOML else 1  # the quote stands before the value
    assert (place.file, place.line, place.column) == ("<stdin>", line, column - shift)
    assert broken.splitlines()[line - 1][place.column - 1 :][: place.width].strip('"') == "Frankfurt"
    assert place.excerpt[place.column - 1 :][: place.width].strip('"') == "Frankfurt"


def test_a_secret_is_masked_where_its_line_is_shown() -> None:
    """The line of a broken secret shows where it stands and nothing of it; comments are not shown either."""
    found = read(YAML.replace("{env: S3_SECRET}", "hunter2 hunter3 # once hunter1"), **ENVIRON)

    (problem,) = (one for one in found.problems if one.check == "shape-credential")

    assert problem.location.excerpt == "      s3_secret: ***************"
    assert "hunter" not in repr(found)


def test_a_value_in_a_field_that_nobody_knows_is_masked() -> None:
    """A misspelt secret is a secret all the same."""
    found = read(YAML.replace("s3_secret: {env: S3_SECRET}", "s3_secrte: hunter2hunter2"), **ENVIRON)

    stray = next(one for one in found.problems if one.check == "recognise-fields")

    assert "did you mean aws_s3.s3_secret" in stray.message
    assert "hunter" not in repr(found)


def test_every_field_knows_where_it_stands() -> None:
    """Later complaints about a field, too, can show its line."""
    (storage,) = read(YAML, **ENVIRON).storages

    assert {name: (place.line, place.column) for name, place in storage.where.items()} == {
        "name": (3, 11),
        "storage_type": (4, 19),
        "bucket": (5, 13),
        "path": (6, 11),
        "aws_s3": (7, 5),
        "aws_s3.s3_region": (8, 18),
        "aws_s3.s3_api_key": (9, 19),
        "aws_s3.s3_secret": (10, 24),
    }
    assert (storage.origin.line, storage.origin.column) == (3, 5)


def test_problems_come_in_the_order_of_the_file() -> None:
    """A reader goes through the file once, from top to bottom."""
    found = read(
        YAML.replace("on/", "/on/").replace("123456", "A/b").replace("default: my-s3", "default: x"), **ENVIRON
    )

    assert checks(found.problems) == ["shape-bucket", "shape-path", "resolve-call-types"]


@pytest.mark.parametrize(
    ("name", "text", "place", "part"),
    [
        ("a.json", '{"name": "x",}', "1:13", "comma before the closing }"),
        ("a.json", "{'name': 'x'}", "1:2", "single quotes"),
        ("a.json", '{"a": 1, "a": 2}', "1:10", "written twice"),
        ("a.json", '{"a": 1} {"b": 2}', "1:10", "after the end"),
        ("a.json", '{"a": 1 // no\n}', "1:9", "no comments"),
        ("a.json", '{"storages": [{"na\\ud83dme": 1}]}', "1:16", "character 3 is half of a character"),
        ("a.yaml", '"na\\ud83dme": 1', "1:6", "Unicode"),
        ("a.json", '{"a": ', "1:7", "ends too early"),
        ("a.json", '{"a": "x\ty"}', "1:9", "line break or tab"),
        ("a.json", "[" * 100, "1:42", "nested deeper"),
        ("a.yaml", "a:\n\tb: 1\n", "2:1", "tab"),
        ("a.yaml", "a: 1\na: 2\n", "2:1", "written twice"),
        ("a.yaml", "a: b: c\n", "1:5", "not YAML"),
        ("a.yaml", "a: *hunter2\n", "1:4", "alias"),
        ("a.yaml", "a: !vault x\n", "1:4", "tag"),
        ("a.yaml", "just a text\n", "1:1", "single text"),
        ("a.yaml", "[" * 1000, "1:42", "nested deeper"),
        ("a.toml", "a = \n", "1:5", "not TOML"),
        ("a.toml", "a = 1\na = 2\n", "2:6", "not TOML"),
        ("a.toml", "b = 1\na = " + "9" * 9000, "2:5", "a number that nobody can mean"),
        ("a.json", '{"storages": [\n' + '{"name": "a"},\n' * 1000 + '{"name": "a"}]}', "1002:1", "more than 1000"),
        ("a.toml", "a" + ".a" * 100 + " = 1", "1:1", "nested deeper"),
        ("a.toml", "a = " + "[" * 60 + "]" * 60, "1:45", "nested deeper"),
        ("a.yaml", "", "1:1", "empty"),
        ("a.yaml", "# only a comment\n", "1:1", "nothing but comments"),
    ],
)
def test_what_cannot_be_parsed_is_refused_in_one_sentence(
    tmp_path: Path, name: str, text: str, place: str, part: str
) -> None:
    """The sentence names file, line and column, what was expected, and nothing that might be secret."""
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(Unreadable) as caught:
        load([str(path)])

    assert str(caught.value).startswith(f"{path}:{place}: ")
    assert part in str(caught.value)
    assert "hunter" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        ("name: x".encode("utf-16"), "UTF-16"),
        (b"name: \0", "binary"),
        (b"name: x\nbucket: \xff\n", "2:9: bytes that are not UTF-8"),
        (b"#" * (1 << 20) + b"\n#", "larger than 1 MiB"),
    ],
    ids=["utf-16", "binary", "latin", "large"],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, part: str) -> None:
    """An encoding or a file that cannot be meant is named, never guessed."""
    (tmp_path / "a.yaml").write_bytes(data)

    with pytest.raises(Unreadable, match=part):
        load([str(tmp_path / "a.yaml")])


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """Windows editors write one, and columns are as if they did not."""
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(s3(bucket="a/b")).encode())

    found = load([str(tmp_path / "a.json")])

    assert found.problems[0].location.column == json.dumps(s3(bucket="a/b")).index('"a/b"') + 1


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_is_not_there_is_refused(name: str) -> None:
    """A wrong path is the user's mistake, told in one sentence."""
    with pytest.raises(Unreadable, match="cannot be read"):
        load([name])


def test_the_name_of_a_file_may_be_any_bytes(tmp_path: Path) -> None:
    """What is wrong in it is told all the same, under a name that can be written."""
    path = tmp_path / "b\udcffd.yaml"
    path.write_text("name: x\n")

    found = load([str(path)])

    assert {one.location.file for one in found.problems} == {str(tmp_path / "b?d.yaml")}


def test_aliases_cannot_make_a_small_file_huge() -> None:
    """Ten aliases of ten aliases, eight levels deep, are refused before they are unfolded."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(Unreadable, match="unfolds to more than"):
        read("\n".join(lines))


def test_a_long_line_is_not_shown_whole() -> None:
    """A pasted payload of one line leaves the terminal readable."""
    found = read(json.dumps({"x-note": "n" * 5000, "storages": [s3(bucket="a/b")]}))

    assert found.problems[0].location.column > 5000
    assert found.problems[0].location.excerpt == ""


def test_text_of_the_user_cannot_drive_the_terminal() -> None:
    """Control characters never come out as they went in."""
    found = read(
        '{"name": "a\\u001b[31m", "storage_type": "s3", "bucket": "b\\u009b31m/", "aws_s3": {"s3_region": "x\x9b"}}'
    )

    printed = [text for one in found.problems for text in (one.message, one.remedy, one.location.excerpt)]

    assert [text for text in printed if not text.isprintable()] == []


def test_several_sources_are_one_configuration(tmp_path: Path) -> None:
    """Storages in one file, call types in another."""
    (tmp_path / "s.yaml").write_text(YAML.partition("call_types")[0])
    (tmp_path / "c.toml").write_text('[call_types]\ndefault = "my-s3"\n')

    found = load([str(tmp_path / "s.yaml"), str(tmp_path / "c.toml")], stdin=io.StringIO(), environ=ENVIRON)

    assert found.problems == ()
    assert len(found.storages) == len(found.call_types) == 1
