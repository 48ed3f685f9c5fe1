"""Leaving out what is somebody's own: names, addresses, numbers. For texts that many will read."""

import re
from collections.abc import Iterable

NAME, EMAIL, LINK, NUMBER, PHONE, SECRET = (
    "[name]",
    "[e-mail]",
    "[link]",
    "[number]",
    "[phone]",
    "[secret]",
)
MARKS = (NAME, EMAIL, LINK, NUMBER, PHONE, SECRET)

_WORD = r"[^\W\d_][\w'’-]*"
_PROPER = r"[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆŘ][\w'’-]+"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), EMAIL),
    # an address of the web with something of somebody's own in it: a query, a token, an id
    (
        re.compile(
            r"https?://[^\s<>()\[\]]*(?:[?#=]|/[\w-]*\d{4,}|/[A-Za-z0-9_-]{20,})[^\s<>()\[\]]*"
        ),
        LINK,
    ),
    (
        re.compile(
            r"(?i)\b(password|passwort|passcode|pin|token|api[ -]?key|secret)(\s*(?:is|:|=)\s*)\S+"
        ),
        rf"\1\2{SECRET}",
    ),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), NUMBER),  # IBAN
    (re.compile(r"(?<![\w.,])\+\d[\d ()/.-]{6,18}\d\b"), PHONE),
    (re.compile(r"(?<![\w.,])\(?0\d{1,4}\)?[ /.-]\d[\d ()/.-]{4,14}\d\b"), PHONE),
    (re.compile(r"\b\d{3}[-. ]\d{3}[-. ]\d{4}\b"), PHONE),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), NUMBER),  # an address of the internet
    # an order, invoice, parcel or customer number: digits, perhaps with letters and dashes
    (
        re.compile(
            r"(?<![\w€$£])#?(?=[A-Za-z0-9/-]*\d[A-Za-z0-9/-]*\d{2})(?=[A-Za-z0-9/-]*[A-Z#/-]|\d{5})[A-Z]{0,6}[-/]?\d[A-Za-z0-9/-]{2,}\b"
        ),
        NUMBER,
    ),
    (re.compile(r"#\d+\b"), NUMBER),
    (re.compile(r"\b\d{5,}\b"), NUMBER),
    (
        re.compile(
            rf"(?i:\b(my name is|i am called|this is|i'm|i am|ich heiße|mein name ist|je m'appelle|me llamo|meu nome é))\s+{_PROPER}(?:\s+{_PROPER})*"
        ),
        rf"\1 {NAME}",
    ),
    (
        re.compile(
            rf"(?m)^(?i:(hi|hello|hey|dear|hallo|liebe[rs]?|guten tag|bonjour|hola|olá))\s+(?:(?i:mr|mrs|ms|herr|frau|señora?|senhora?)\.?\s+)?{_PROPER}(?:\s+{_PROPER})*(?=\s*[,!.\n]|\s*$)"
        ),
        rf"\1 {NAME}",
    ),
)
# How letters end: the line, and what may stand below it, is the writer's name.
_SIGNED = re.compile(
    rf"(?mi)^[ \t]*(?:best(?: regards| wishes)?|kind regards|regards|thanks|thank you|many thanks|cheers|sincerely|"
    rf"yours|viele grüße|mit freundlichen grüßen|liebe grüße|gruß|cordialement|saludos|atenciosamente)"
    rf"[ \t]*[,!.]?[ \t]*\n+[ \t]*(?:{_WORD}[ \t]*\.?[ \t]*){{1,4}}$"
)


def redact(text: str, names: Iterable[str] = ()) -> str:
    """The text with marks such as ``[name]`` for names, e-mail addresses, telephone and order
    numbers, account numbers, private links and passwords; closing formulas are left out.

    ``names`` are those of the people concerned, each word of which is left out wherever it stands.
    """
    for pattern, mark in _PATTERNS[:3]:  # before names, which may be parts of these
        text = pattern.sub(mark, text)
    text = _SIGNED.sub("", text)
    for pattern, mark in _PATTERNS[3:]:
        text = pattern.sub(mark, text)
    words = {word for name in names for word in re.findall(_WORD, name) if len(word) > 1}
    if words:
        known = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        text = re.sub(rf"(?i)\b(?:{known})\b(?:'s)?", NAME, text)
    text = re.sub(rf"{re.escape(NAME)}(?:\s+{re.escape(NAME)})+", NAME, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def phrasing(question: str, names: Iterable[str] = ()) -> str:
    """A customer's question as one line without anything of their own, to find an article by."""
    line = redact(question, names)
    for mark in MARKS:
        line = line.replace(mark, " ")
    return re.sub(r"\s+([,.!?])", r"\1", " ".join(line.split())).strip(" ,;:-")
