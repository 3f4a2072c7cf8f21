"""The frame of a page of ours, and text from outside as text in it."""

from __future__ import annotations

from html import escape

from preflight.reports._text import tame
from preflight.webpage import document


def page(title: str, body: str) -> str:
    """The document around a body that is HTML already."""
    return document(text(title), body, assets="preflight.reports", name="report")


def text(value: str) -> str:
    """Text as text: nothing in it becomes markup or, where the page is shown in a log, an order."""
    return escape(tame(value)).replace("##", "#&#35;").replace("::", "&#58;:")


def listing(value: str) -> str:
    """Lines to copy; they can be scrolled by keyboard, and a script adds the button."""
    return f'<pre tabindex="0"><code>{text(value)}</code></pre>'
