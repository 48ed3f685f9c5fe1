"""What is kept about a customer as a page to read, print and hand over."""

from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c1b1a;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}"
    "dt{font-weight:600}dd{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "li{margin:.5rem 0}@media(prefers-color-scheme:dark){body{color:#eee;background:#181716}}"
)


def page(data: dict[str, Any]) -> str:
    """A whole page without anything from elsewhere; every value is escaped."""
    title = escape(f"What we keep about {data['name']} ({data['customer']})")
    parts = [f"<h2>{escape(name.capitalize())}</h2>{_shown(value)}" for name, value in data.items()]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1>{''.join(parts)}</body></html>\n"
    )


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        rows = (f"<dt>{escape(name)}</dt><dd>{_shown(each)}</dd>" for name, each in value.items())
        return f"<dl>{''.join(rows)}</dl>"
    if isinstance(value, list):
        return f"<ul>{''.join(f'<li>{_shown(each)}</li>' for each in value)}</ul>" if value else "–"
    return escape(str(value)) or "–"
