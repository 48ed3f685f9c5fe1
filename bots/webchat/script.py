"""The widget's script: a few files of plain JavaScript, joined into the one that sites include."""

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

HERE = Path(__file__).parent / "widget"
SHARED = Path(__file__).parent.parent / "browser" / "page"
PARTS = (
    SHARED / "elements.js",
    SHARED / "markdown.js",
    HERE / "talk.js",
    HERE / "files.js",
    HERE / "cards.js",
    HERE / "ask.js",
    HERE / "style.js",
    HERE / "panel.js",
    HERE / "main.js",
)
KEPT = 300  # seconds; a page that is loaded later asks whether it has changed

_IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|const|class) (\w+)", re.MULTILINE)


@cache
def bundle() -> bytes:
    """All of it in one function, which leaves nothing on the page's `window`: each module becomes a
    function of its own that returns what it exports."""
    joined = "\n".join(_module(part.stem, part.read_text(encoding="utf-8")) for part in PARTS)
    return f'(() => {{\n"use strict";\n{joined}\n}})();\n'.encode()


def _module(name: str, text: str) -> str:
    exported = ", ".join(found[2] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub(r"\1 \2", _IMPORT.sub(r"const \1 = \2_js;", text))
    return f"const {name}_js = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


async def served(request: Request) -> Response:
    """The script, or that it has not changed."""
    content = bundle()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {
        "etag": tag,
        "cache-control": f"public, max-age={KEPT}",
        "cross-origin-resource-policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/javascript", headers=headers)
