"""A transcript: what was said on a ticket, as text, as a page, or as a page for a printer.

Pure: values in, text out, in the language and the time zone of whoever reads it (`core.speaking`).
Words of people are shown as words, whatever they look like: nothing in them is markup. Files are named,
not embedded, so a page loads nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from core.speaking import moment, say, zone_name


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing said. ``is_ours`` says that an agent said it, ``is_note`` that it was for agents only."""

    at: datetime
    who: str
    text: str
    is_ours: bool = False
    is_note: bool = False
    is_edited: bool = False
    is_taken_back: bool = False
    files: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Said:
    """Everything that a transcript says, with its lines from the first to the last."""

    number: int
    subject: str
    customer: str
    status: str
    opened_at: datetime
    closed_at: datetime | None
    lines: Sequence[Line]
    language: str = "en"


def as_text(said: Said) -> str:
    """The transcript as plain text, with a blank line between what was said."""
    head = [_title(said), *(f"{label}: {value}" for label, value in _facts(said))]
    blocks = ["\n".join(head)]
    for line in said.lines:
        marks = "".join(f" ({mark})" for mark in _marks(line))
        files = [f"📎 {name}" for name in line.files]
        first = f"{moment(line.at)} · {line.who}{marks}"
        blocks.append("\n".join([first, *filter(None, [line.text, *files])]))
    return "\n\n".join([*blocks, _foot()]) + "\n"


def as_html(said: Said, *, for_print: bool = False) -> str:
    """The transcript as a page of its own, which needs nothing else; ``for_print`` in black on white,
    with page numbers, and wherever it is looked at."""
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd dir=auto>{escape(value)}</dd></div>"
        for label, value in _facts(said)
    )
    title = escape(_title(said))
    return (
        f"<!doctype html>\n<html lang='{escape(said.language or 'en')}'>\n<head>\n"
        "<meta charset=utf-8>\n"
        "<meta name=viewport content='width=device-width, initial-scale=1'>\n"
        f'<meta http-equiv=Content-Security-Policy content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>{_STYLE}{'' if for_print else _DARK}</style>\n</head>\n"
        f"<body>\n<header>\n<h1 dir=auto>{title}</h1>\n<dl>{facts}</dl>\n</header>\n<main>\n"
        f"{''.join(map(_article, said.lines))}</main>\n<footer>{escape(_foot())}</footer>\n"
        "</body>\n</html>\n"
    )


def _article(line: Line) -> str:
    kind = "note" if line.is_note else "ours" if line.is_ours else "theirs"
    marks = "".join(f"<i>{escape(mark)}</i>" for mark in _marks(line))
    words = f"<p dir=auto>{escape(line.text)}</p>" if line.text else ""
    files = "".join(f"<li dir=auto>📎 {escape(name)}</li>" for name in line.files)
    return (
        f"<article class={kind}>\n<h2><b dir=auto>{escape(line.who)}</b>{marks}"
        f"<time datetime='{line.at.isoformat()}'>{escape(moment(line.at))}</time></h2>\n"
        f"{words}{f'<ul>{files}</ul>' if files else ''}\n</article>\n"
    )


def _title(said: Said) -> str:
    return say("Ticket #{number}: {subject}", number=said.number, subject=said.subject)


def _facts(said: Said) -> Iterator[tuple[str, str]]:
    yield say("Customer"), said.customer
    yield say("Status"), say(said.status)
    yield say("Opened"), moment(said.opened_at)
    if said.closed_at is not None:
        yield say("Closed"), moment(said.closed_at)


def _marks(line: Line) -> Iterator[str]:
    if line.is_note:
        yield say("note, for staff only")
    if line.is_taken_back:
        yield say("taken back")
    elif line.is_edited:
        yield say("edited")


def _foot() -> str:
    return say("Times are in {zone}.", zone=zone_name())


_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A page of words loads nothing and runs nothing, wherever it is opened."""

_STYLE = """
:root { color-scheme: light; --page: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --ours: #eef4ff; --note: #fff6d6; }
* { box-sizing: border-box; }
body { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0 0 1.5rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); font-size: .8125rem; }
dd { margin: 0; overflow-wrap: anywhere; }
article { margin: 0 0 .75rem; padding: .625rem .875rem; border: 1px solid var(--line); border-radius: .5rem; }
article.ours { background: var(--ours); }
article.note { background: var(--note); border-style: dashed; }
h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: .5rem; margin: 0 0 .125rem; font-size: .875rem; font-weight: 400; color: var(--soft); }
h2 b { color: var(--ink); overflow-wrap: anywhere; }
h2 time { margin-inline-start: auto; }
p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
ul { margin: .375rem 0 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
footer { margin-top: 1.5rem; color: var(--soft); font-size: .8125rem; }
@page { size: A4; margin: 18mm 16mm 20mm; @bottom-center { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  header, h2 { break-after: avoid; }
  article { break-inside: auto; orphans: 3; widows: 3; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h1 { break-inside: avoid; }
}
"""

_DARK = """
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --page: #14171b; --ink: #e8eaed; --soft: #a2abb6; --line: #343b44; --ours: #1b2a44; --note: #3a3213; }
}
"""
