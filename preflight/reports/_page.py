"""One HTML document that loads nothing: its style and script are inside, and a policy admits these two only."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from html import escape

from preflight.reports._text import tame


def page(title: str, body: str) -> str:
    """The document around a body that is HTML already."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{text(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""


def text(value: str) -> str:
    """Text as text: nothing in it becomes markup or, where the page is shown in a log, an order."""
    return escape(tame(value)).replace("##", "#&#35;").replace("::", "&#58;:")


def listing(value: str) -> str:
    """Lines to copy; they can be scrolled by keyboard, and a script adds the button."""
    return f'<pre tabindex="0"><code>{text(value)}</code></pre>'


def _asset(name: str) -> str:
    return importlib.resources.files("preflight.reports").joinpath(name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
