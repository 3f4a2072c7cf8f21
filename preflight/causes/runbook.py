"""The runbook as one web page: self-contained, searchable, and readable without its script."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from html import escape

from preflight.causes import markup
from preflight.causes.markup import Bullets, Fence, Heading, Mark, Paragraph
from preflight.causes.sheet import Sheet
from preflight.webpage import document

_KINDS = {"cause": "Causes", "check": "Checks"}
_TAGS = {Mark.CODE: "code", Mark.STRONG: "strong", Mark.EMPHASIS: "em"}
_SEARCH = """\
<form role="search" hidden>
<label for="search">Search the runbook</label>
<input id="search" type="search" autocomplete="off" spellcheck="false"
placeholder="a cause, a code, words of an error">
<output for="search" aria-live="polite"></output>
</form>
"""


def html(sheets: Collection[Sheet], title: str) -> str:
    """One document. It loads nothing: its style and script are inside, and a policy admits these two only."""
    names = frozenset(sheet.name for sheet in sheets)
    many = len(sheets) > 1
    articles = "".join(_article(sheet, names, shift=int(many)) for sheet in sheets)
    body = f'{_contents(sheets, title) if many else ""}<main id="pages">\n{articles}</main>'
    return document(escape(title), body, assets="preflight.causes", name="runbook")


def blocks(text: str, *, names: Collection[str] = (), shift: int = 0) -> str:
    """Markdown of ours as HTML; everything in it is escaped. `names` are pages that code spans link to."""
    return "".join(_block(block, names, shift) for block in markup.parse(text))


def _contents(sheets: Iterable[Sheet], title: str) -> str:
    listed = {kind: [sheet for sheet in sheets if sheet.kind == kind] for kind in _KINDS}
    lists = "".join(
        f"<h2>{_KINDS[kind]}</h2>\n<ul>\n{''.join(_entry(sheet) for sheet in found)}</ul>\n"
        for kind, found in listed.items()
        if found
    )
    return (
        f'<a class="skip" href="#pages">Skip to the pages</a>\n<header>\n<h1>{escape(title)}</h1>\n{_SEARCH}'
        f'<nav aria-label="Pages">\n{lists}</nav>\n</header>\n'
    )


def _entry(sheet: Sheet) -> str:
    name = escape(sheet.name)
    return f'<li data-page="{name}"><a href="#{name}"><code>{name}</code> {escape(sheet.title)}</a></li>\n'


def _article(sheet: Sheet, names: Collection[str], shift: int) -> str:
    name = escape(sheet.name)
    others = frozenset(names) - {sheet.name}
    return (
        f'<article id="{name}">\n<p class="name"><code>{name}</code> {escape(sheet.kind)}</p>\n'
        f"{blocks(sheet.text, names=others, shift=shift)}</article>\n"
    )


def _block(block: markup.Block, names: Collection[str], shift: int) -> str:
    match block:
        case Heading(level, text):
            return f"<h{level + shift}>{_inline(text, names)}</h{level + shift}>\n"
        case Paragraph(text):
            return f"<p>{_inline(text, names)}</p>\n"
        case Bullets(items):
            return "<ul>\n" + "".join(f"<li>{_inline(item, names)}</li>\n" for item in items) + "</ul>\n"
        case Fence(language, text):
            kind = f' class="{escape(language)}"' if language else ""
            # reachable by keyboard, because a long line scrolls
            return f'<pre tabindex="0"><code{kind}>{escape(text)}</code></pre>\n'


def _inline(text: str, names: Collection[str]) -> str:
    return "".join(_pieces(text, names))


def _pieces(text: str, names: Collection[str]) -> Iterator[str]:
    for mark, piece in markup.spans(text):
        tag = _TAGS.get(mark)
        shown = f"<{tag}>{escape(piece)}</{tag}>" if tag else escape(piece)
        yield f'<a href="#{escape(piece)}">{shown}</a>' if mark is Mark.CODE and piece in names else shown
