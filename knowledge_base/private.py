"""Leaving out what is somebody's own: names, addresses, numbers. For texts that many will read."""

import re
from collections.abc import Iterable

NAME, EMAIL, LINK, NUMBER, PHONE = "[name]", "[e-mail]", "[link]", "[number]", "[phone]"
SECRET = "[secret]"  # noqa: S105 - the mark in its place
MARKS = (NAME, EMAIL, LINK, NUMBER, PHONE, SECRET)

_WORD = r"[^\W\d_][\w'’-]{0,60}"
_PROPER = r"[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆŘ][\w'’-]{1,60}"

_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b")
# An address of the web with something of somebody's own in it: a query, a token, an id.
_LINK = re.compile(r"https?://[^\s<>()\[\]]{1,500}")
_OWN_IN_LINK = re.compile(r"[?#=]|/[\w-]*\d{4}|/[\w-]{20}")
_SECRET = re.compile(
    r"(?i)\b(password|passwort|passcode|pin|token|api[ -]?key|secret)(\s{0,3}(?:is|:|=)\s{0,3})\S+"
)
_ACCOUNT = re.compile(  # an IBAN, or the number of a card
    r"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?|\d{4}(?:[ -]\d{4}){2,3})\b"
)
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d[\d ()/.-]{6,18}\d|\(?0\d{1,4}\)?[ /.-]\d[\d ()/.-]{4,14}\d"
    r"|\d{3}[-. ]\d{3}[-. ]\d{4})\b"
)
_HOST = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_TOKEN = re.compile(r"(?<![\w€$£])#?[A-Za-z0-9]+(?:[/-][A-Za-z0-9]+)*")
_CALLED = re.compile(
    r"(?i:\b(my name is|i am called|this is|i'm|i am|ich heiße|mein name ist|je m'appelle|"
    rf"me llamo|meu nome é))\s+{_PROPER}(?:\s+{_PROPER}){{0,3}}"
)
_GREETED = re.compile(
    r"(?m)^(?i:(hi|hello|hey|dear|hallo|liebe[rs]?|guten tag|bonjour|hola|olá))\s+"
    rf"(?:(?i:mr|mrs|ms|herr|frau|señora?|senhora?)\.?\s+)?{_PROPER}(?:\s+{_PROPER}){{0,3}}"
    r"(?=\s*(?:[,!.\n]|$))"
)
# How letters end: the line, and what may stand below it, is the writer's name.
_SIGNED = re.compile(
    r"(?mi)^[ \t]*(?:best(?: regards| wishes)?|kind regards|regards|thanks|thank you|many thanks|"
    r"cheers|sincerely|yours|viele grüße|mit freundlichen grüßen|liebe grüße|gruß|cordialement|"
    rf"saludos|atenciosamente)[ \t]*[,!.]?[ \t]*\n{{1,3}}[ \t]*{_WORD}(?:[ \t.]+{_WORD}){{0,3}}"
    r"[ \t.]*$"
)


def redact(text: str, names: Iterable[str] = ()) -> str:
    """The text with marks such as ``[name]`` for names, e-mail addresses, telephone, order and
    account numbers, links of somebody's own and passwords; closing formulas are left out.

    ``names`` are those of the people concerned, each word of which is left out wherever it stands.
    """
    text = _EMAIL.sub(EMAIL, text)
    text = _LINK.sub(lambda link: LINK if _OWN_IN_LINK.search(link[0], 8) else link[0], text)
    text = _SECRET.sub(rf"\1\2{SECRET}", text)
    text = _SIGNED.sub("", text)
    for pattern, mark in ((_ACCOUNT, NUMBER), (_PHONE, PHONE), (_HOST, NUMBER)):
        text = pattern.sub(mark, text)
    text = _TOKEN.sub(lambda token: NUMBER if _is_number(token[0]) else token[0], text)
    text = _CALLED.sub(rf"\1 {NAME}", text)
    text = _GREETED.sub(rf"\1 {NAME}", text)
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
    return re.sub(r"\s([,.!?])", r"\1", " ".join(line.split())).strip(" ,;:-")


def _is_number(token: str) -> bool:
    """Whether it numbers an order, an invoice, a parcel or a customer: five digits, or three with
    capitals, a dash or a # among them."""
    digits = sum(character.isdigit() for character in token)
    marked = any(character.isupper() or character in "#-/" for character in token)
    return digits >= 5 or (digits >= 3 and marked) or (digits > 0 and token.startswith("#"))
