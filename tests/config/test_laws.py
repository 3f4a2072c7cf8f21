"""Laws of reading, on documents and texts made up at random."""

from __future__ import annotations

import io
import json
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from preflight import checks
from preflight.config import Configuration, Unreadable, json_text, load, toml_text, yaml_text
from preflight.config.private import cover
from preflight.config.shapes import every_field
from preflight.config.tree import Array, Node, Page, Scalar, Table
from preflight.model import Cause
from tests.config.healthy import KEY, azure, compatible, gcs, read_entries, s3

MARK = "hUnTeR2xYz"  # no text of ours contains this

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
keys = st.text("abcdefghij_-", min_size=1, max_size=8)
documents = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
fields = st.sampled_from(
    [
        *every_field(),
        *("type", "s3_region", "s3_secret", "s3_custom_endpoint_url", "abs_client_secret", "abs_client_id"),
        *("custom_folder", "env", "file", "storages", "call_types", "external_storage", "private_key"),
        *("client_email", "role_arn", "$schema", "x-a", "Statement", "<<"),
    ]
)
odd = st.sampled_from(
    ["", "s3", "gcs", "abs", "...", "${X}", "$${", "${", "/", "..", "https://[", "http://a:b@c", "{", '{"type":1}', KEY,
     "us-east-1", "0x7f.1", "http://0x7f.1:x", "\x00", "\u2028", "keys.json", "stream-s3",
     "\ud83d", "a\udcff/"]
)  # fmt: skip
values = odd | words
entries = st.recursive(
    values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields | keys, inner, max_size=6), max_leaves=20
)


def plain(node: Node) -> Any:
    match node:
        case Scalar(text=text, null=null):
            return None if null else text
        case Array(items=items):
            return [plain(item) for item in items]
        case Table():
            return {key: plain(value) for key, value in node}


def scalars(node: Node) -> list[Scalar]:
    match node:
        case Scalar():
            return [node]
        case Array(items=items):
            return [scalar for item in items for scalar in scalars(item)]
        case Table(pairs=pairs):
            return [scalar for key, value in pairs for scalar in (key, *scalars(value))]


def attempt(text: str) -> Configuration | None:
    try:
        return load(["-"], stdin=io.StringIO(text), environ={})
    except Unreadable:
        return None


@given(st.text(max_size=60) | st.text("{}[]:,\"'-&*!|>#\n\t =.ab1<", max_size=40))
@example("a: &a [*a]")
@example("? [a]\n: b")
@example("[[a]]\n[a.b]\n[[a]]")
@example("\ufeff{}")
def test_any_text_is_read_or_refused(text: str) -> None:
    """No file makes us stumble: it is a configuration, or there is a sentence that says why not."""
    attempt(text)


@given(entries)
def test_any_document_is_judged(document: Any) -> None:
    """Every problem names a check that exists, a place that exists and one printable sentence."""
    text = json.dumps(document)

    found = attempt(text)

    for problem in found.problems if found else ():
        assert problem.check in checks.drawer()
        assert checks.drawer()[problem.check].file_wide == (problem.storage is None)
        assert problem.location.line == 1
        assert 1 <= problem.location.column <= len(text) + 1
        assert problem.message.isprintable()
        assert isinstance(problem.cause, Cause)


@given(st.dictionaries(keys, documents, min_size=1, max_size=5))
def test_json_is_what_the_standard_library_reads(document: dict[str, Any]) -> None:
    """The positions cost nothing of the meaning."""
    for text in (json.dumps(document), json.dumps(document, indent=1, ensure_ascii=False)):
        assert [plain(node) for node in json_text.parse(Page.of("f", text))] == [json.loads(text)]


@given(st.dictionaries(keys, documents, min_size=1, max_size=5))
def test_yaml_is_what_its_library_reads_when_nothing_is_guessed(document: dict[str, Any]) -> None:
    """Every scalar is the text that was written."""
    text = yaml.safe_dump(document, allow_unicode=True)

    assert [plain(node) for node in yaml_text.parse(Page.of("f", text))] == [yaml.load(text, yaml.BaseLoader)]  # noqa: S506 - texts only


toml_words = words.map(lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", ""))


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    """TOML with tables, arrays of tables, dotted and quoted keys, and every kind of string."""
    others = [
        *("''", "'a # b'", '"""\na\n"b" """', "'''x'''", "1_000", "1.5e3", "true", "1979-05-27 07:32:00"),
        *("[1, 2 ,]", "[\n'a', # c\n]", "{a = 1, b.c = '}'}"),
    ]
    simple = toml_words | st.sampled_from(others)
    lines = []
    for number in range(draw(st.integers(1, 4))):
        head = draw(
            st.sampled_from(["", f"[t{number}]", f"[ t{number} . 'u v' ]", "[[rows]]", f"[[deep.rows{number}]]"])
        )
        lines.append(head if number or head.startswith("[") else "")
        for key in draw(st.lists(keys, max_size=3, unique=True)):
            dotted = draw(st.sampled_from([key, f'"{key}"', f"{key}.x", f"{key} . 'y'"]))
            lines.append(f"{dotted} = {draw(simple)}  # note")
    return "\n".join(lines) + "\n"


@given(toml_texts())
def test_toml_is_what_the_standard_library_reads(text: str) -> None:
    """The scanner that finds positions understands what the parser does."""
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(Unreadable):
            toml_text.parse(Page.of("f", text))
        return

    def same(ours: Any, theirs: Any) -> bool:
        if isinstance(theirs, dict):
            return list(ours) == list(theirs) and all(same(ours[key], theirs[key]) for key in theirs)
        if isinstance(theirs, list):
            return len(ours) == len(theirs) and all(same(*pair) for pair in zip(ours, theirs, strict=True))
        return bool(ours == theirs) if isinstance(theirs, str) else isinstance(ours, str)

    assert [same(plain(node), expected) for node in toml_text.parse(Page.of("f", text))] == [True]


@given(st.dictionaries(keys, documents, min_size=1, max_size=5), st.sampled_from(["json", "yaml"]))
def test_every_scalar_stands_where_it_says(document: dict[str, Any], kind: str) -> None:
    """Reading again what stands at a position gives the same text."""
    text = json.dumps(document, indent=1) if kind == "json" else yaml.safe_dump(document, width=4000)
    parse = json_text.parse if kind == "json" else yaml_text.parse
    page = Page.of("f", text)

    for node in parse(page):
        for scalar in scalars(node):
            line, column = page.position(scalar.start)
            raw = text[scalar.start : scalar.end]
            assert text.splitlines()[line - 1][column - 1 :].startswith(raw.partition("\n")[0])
            assert plain(parse(Page.of("f", raw))[0] if raw else Scalar(0, 0, "")) == scalar.text


@given(st.dictionaries(keys, documents, min_size=1, max_size=5))
def test_masking_moves_nothing(document: dict[str, Any]) -> None:
    """Every column of the masked text is the column of the file, and no value of an unknown field is left."""
    text = json.dumps({**document, "zz": MARK, "yy": [{"zz": [MARK]}]}, ensure_ascii=False)
    page = Page.of("f", text)

    shown = cover(page, json_text.parse(page)).shown

    assert len(shown) == len(text)
    assert MARK not in shown


private = st.sampled_from(
    ["s3_api_key", "s3_secret", "abs_client_secret", "abs_account_key", "gcs_credentials", "nonsense"]
)


@given(
    st.sampled_from([s3, compatible, azure, gcs]),
    private,
    st.sampled_from(
        [
            "{}",
            " {}",
            '"{}"',
            "your-{}",
            "<{}>",
            "{}\n",
            "${{{}",
            '{{"private_key": "{}"}}',
            "AccountKey={};",
            "https://x?sig={}",
            "arn:aws:{}",
            "-----BEGIN {}",
        ]
    ),
    st.sampled_from(["json", "yaml"]),
)
def test_no_secret_gets_out(make: Any, field: str, pattern: str, kind: str) -> None:
    """Whatever is wrong with a secret, neither the problem nor the place nor the storage says what it was."""
    entry = make(**{field: pattern.format(MARK)})
    text = json.dumps(entry, indent=1) if kind == "json" else yaml.safe_dump(entry)

    assert MARK not in repr(attempt(text))


@given(st.sampled_from([s3, compatible, azure, gcs]), st.data())
def test_formats_agree(make: Any, data: st.DataObject) -> None:
    """The same document in YAML and in JSON has the same values and the same problems."""
    entry = make()
    name = data.draw(st.sampled_from(sorted(entry)))
    entry[name] = data.draw(words | st.none()) if isinstance(entry[name], str) else entry[name]
    texts = [json.dumps(entry, ensure_ascii=False), yaml.safe_dump(entry, allow_unicode=True, width=4000)]

    one, other = (attempt(text) for text in texts)

    assert one is not None
    assert other is not None
    assert {(p.check, p.field, p.message) for p in one.problems} == {
        (p.check, p.field, p.message) for p in other.problems
    }
    assert [s.secrets for s in one.storages] == [s.secrets for s in other.storages]
    assert [(s.name, s.bucket, s.path) for s in one.storages] == [(s.name, s.bucket, s.path) for s in other.storages]


def test_a_configuration_can_be_read_twice() -> None:
    """Reading changes nothing."""
    assert read_entries(s3()).storages == read_entries(s3()).storages
