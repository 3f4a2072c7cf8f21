"""Pages are shown on a terminal and as one web page that loads nothing and escapes everything."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import click
import pytest

from preflight.causes import runbook, terminal
from preflight.causes.sheet import Sheet, as_json, of_cause, of_check
from preflight.model import Cause

VOID = frozenset({"meta", "input", "br", "link", "img"})
EVIL = '# <script>alert(1)</script>\n\nA `<img src=x onerror=y>` & *"b"*\n\n```sh\n</code><script>\n```'


class Reader(HTMLParser):
    """Keeps the open tags, every attribute and what each element holds; complains about what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    def of(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


@pytest.fixture(scope="module")
def whole() -> str:
    """The runbook of all causes and one check."""
    return runbook.html([*map(of_cause, Cause), of_check("write-object", "# Writes\n\nSee `region-wrong`.")], "All")


def test_the_runbook_is_well_formed_and_complete(whole: str) -> None:
    """Every page is there once, under its own name, and listed."""
    reader = read(whole)
    ids = reader.of("id")
    assert len(ids) == len(set(ids))
    assert {cause.value for cause in Cause} | {"write-object"} <= set(ids)
    assert {cause.value for cause in Cause} <= set(reader.of("data-page"))


def test_the_runbook_loads_nothing(whole: str) -> None:
    """It works from a disk in a room without network, and tells nobody that it is read."""
    reader = read(whole)
    assert not reader.of("src")
    assert not reader.of("action")
    assert all(link.startswith("#") for link in reader.of("href"))
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|eval\(|innerHTML", whole)


def test_every_link_of_the_runbook_leads_somewhere(whole: str) -> None:
    """A look-alike is one click away."""
    reader = read(whole)
    assert {link[1:] for link in reader.of("href")} <= set(reader.of("id"))
    assert whole.count('href="#region-wrong"') > 2


def test_the_policy_admits_the_style_and_the_script_that_are_inside_and_no_other(whole: str) -> None:
    """An injected script would not run."""
    reader = read(whole)
    policy = next(value for value in reader.of("content") if "default-src" in value)
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        (inside,) = reader.texts[tag]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not [name for _, name, _ in reader.attributes if name == "style" or name.startswith("on")]


def test_the_runbook_can_be_read_without_its_script(whole: str) -> None:
    """Nothing is hidden but the search, which the script shows."""
    assert [tag for tag, name, _ in read(whole).attributes if name == "hidden"] == ["form"]


def test_the_runbook_serves_print_dark_and_keyboard(whole: str) -> None:
    """It is printed, read at night and used without a mouse."""
    reader = read(whole)
    (style,) = reader.texts["style"]
    for rule in ("@media print", "prefers-color-scheme: dark", ":focus-visible", "prefers-reduced-motion"):
        assert rule in style
    assert ("html", "lang", "en") in reader.attributes
    assert ("label", "for", "search") in reader.attributes
    assert ("a", "class", "skip") in reader.attributes
    assert whole.count("<pre ") == whole.count('<pre tabindex="0">')


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_have_enough_contrast(whole: str) -> None:
    """Text against both backgrounds, by day and by night: 4.5 to 1 as WCAG AA asks."""
    (style,) = read(whole).texts["style"]
    themes = re.findall(r":root \{([^}]*)\}", style)
    assert len(themes) == 2
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for ink in ("ink", "link", "quiet"):
            for paper in ("paper", "soft"):
                light, dark = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)


def test_markup_in_a_page_is_text() -> None:
    """Whatever a page quotes, it brings no element of its own."""
    reader = read(runbook.html([Sheet("a", "check", "<script>", EVIL)], "</title><script>"))
    assert reader.texts["h1"] == ["<script>alert(1)</script>"]
    assert reader.texts["code"][-1] == "</code><script>"
    assert reader.texts["title"] == ["</title><script>"]
    assert not reader.of("src")
    assert len(reader.texts["script"]) == 1


def test_a_terminal_without_colour_gets_plain_text() -> None:
    """A pipe and a log get no escape sequence, and lose no mark."""
    shown = terminal.render(of_cause(Cause.REGION_WRONG).text, colour=False)
    assert "\x1b" not in shown
    assert "`aws_s3.s3_region`" in shown
    assert "    curl -s -D - -o /dev/null https://s3.amazonaws.com/<BUCKET>\n" in shown


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_colour_changes_nothing_but_colour(cause: Cause) -> None:
    """With colour the same words stand on the same lines; only the marks go."""
    text = of_cause(cause).text
    plain, coloured = (terminal.render(text, colour=colour) for colour in (False, True))
    assert coloured != plain

    def letters(shown: str) -> str:
        return re.sub(r"[`*=\s-]", "", click.unstyle(shown))

    assert letters(coloured) == letters(plain)


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_prose_fits_a_terminal(cause: Cause) -> None:
    """Only commands, patches and examples, which are copied whole, may be wider."""
    shown = terminal.render(of_cause(cause).text, colour=False)
    assert all(len(line) <= terminal.WIDTH for line in shown.splitlines() if not line.startswith("    "))


def test_a_page_as_json_has_its_parts() -> None:
    """Programs get the fix of each provider without reading Markdown."""
    found = as_json(of_cause(Cause.REGION_WRONG))
    assert found["schema"] == "preflight.page/1"
    assert (found["kind"], found["name"], found["owner"]) == ("cause", "region-wrong", "config")
    assert found["fixes"]["s3"]["patch"].startswith("aws_s3:")
    assert found["text"].startswith(f"# {found['title']}\n")
    assert as_json(of_check("write-object", "# Writes\n\nProse."))["title"] == "Writes"
