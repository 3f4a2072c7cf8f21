"""One HTML document that loads nothing: its style and script are inside, and a policy admits these two only."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from html import escape


def document(title: str, body: str, *, assets: str, name: str) -> str:
    """The document around a title and a body that are HTML already.

    Its style and script are the files `name`.css and `name`.js of the package `assets`.
    """
    style, script = (_asset(assets, f"{name}.{kind}") for kind in ("css", "js"))
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
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""


def _asset(package: str, name: str) -> str:
    return importlib.resources.files(package).joinpath(name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
