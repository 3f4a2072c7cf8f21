"""The little Markdown of the pages is read as written."""

from hypothesis import given
from hypothesis import strategies as st

from preflight.causes import markup
from preflight.causes.markup import Bullets, Fence, Heading, Mark, Paragraph

PAGE = """\
# A title

One thought
over two lines.
- a bullet
  that goes on
- another

- apart
Then prose.

```sh
# not a heading

- not a bullet
```
"""


def test_blocks_are_told_apart() -> None:
    """Lines of one thought are joined, fences are left alone."""
    assert markup.parse(PAGE) == (
        Heading(1, "A title"),
        Paragraph("One thought over two lines."),
        Bullets(("a bullet that goes on", "another")),
        Bullets(("apart Then prose.",)),
        Fence("sh", "# not a heading\n\n- not a bullet"),
    )


def test_inline_marks_are_told_apart() -> None:
    """Code keeps its stars, and a lone star is a star."""
    assert list(markup.spans("a `b*c*` **d** *e* * f")) == [
        (Mark.PLAIN, "a "),
        (Mark.CODE, "b*c*"),
        (Mark.PLAIN, " "),
        (Mark.STRONG, "d"),
        (Mark.PLAIN, " "),
        (Mark.EMPHASIS, "e"),
        (Mark.PLAIN, " * f"),
    ]
    assert markup.bare("Set `a` to **b**.") == "Set a to b."


@given(st.text(alphabet="a`*# -\n", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    """No text is an error, and no letter of prose is lost."""
    markup.parse(text)
    assert "".join(f"{mark.value}{piece}{mark.value}" for mark, piece in markup.spans(text)) == text


def test_an_open_fence_ends_with_the_page() -> None:
    """A page that breaks off still shows what it has."""
    assert markup.parse("```sh\naws") == (Fence("sh", "aws"),)
