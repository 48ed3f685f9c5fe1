"""A card with fields as HTML, for mail programs: a table, and styles that all of them know."""

import re
from html import escape

from core.cards import Card

_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
INK, SOFT, LINE = "#1d2126", "#5a6169", "#dcdad4"


def as_html(card: Card) -> str:
    """The card's title, words, fields and footnote; everything in them is text, addresses are links."""
    rows = "".join(
        f'<tr><th scope="row" align="left" style="padding:6px 24px 6px 0;border-top:1px solid {LINE};'
        f'font-weight:400;color:{SOFT};vertical-align:top">{_words(field.label)}</th>'
        f'<td style="padding:6px 0;border-top:1px solid {LINE}">{_words(field.value)}</td></tr>'
        for field in card.fields
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_words(card.title)}'
        f'</title></head><body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;'
        f'color:{INK}"><h1 style="font-size:20px;margin:0 0 8px">{_words(card.title)}</h1>'
        f'<p style="margin:0 0 16px">{_words(card.text)}</p>'
        f'<table role="presentation" style="border-collapse:collapse">{rows}</table>'
        f'<p style="margin:16px 0 0;font-size:14px;color:{SOFT}">{_words(card.footnote)}</p>'
        "</body></html>\n"
    )


def _words(text: str) -> str:
    found, last = [], 0
    for address in _ADDRESS.finditer(text):
        found.append(_escaped(text[last : address.start()]))
        shown = _escaped(address[0])
        found.append(f'<a href="{shown}">{shown}</a>')
        last = address.end()
    return "".join([*found, _escaped(text[last:])])


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")
