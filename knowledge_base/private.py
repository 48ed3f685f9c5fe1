"""Leaving out what is somebody's own: names, addresses, numbers. For texts that many will read."""

import re
from collections.abc import Iterable

NAME, EMAIL, LINK, NUMBER, PHONE = "[name]", "[e-mail]", "[link]", "[number]", "[phone]"
ADDRESS = "[address]"
SECRET = "[secret]"  # noqa: S105 - the mark in its place
MARKS = (NAME, EMAIL, LINK, NUMBER, PHONE, ADDRESS, SECRET)

_WORD = r"[^\W\d_][\w'’-]{0,60}"
_PROPER = r"[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆŘ][\w'’-]{1,60}"
_FULL_NAME = rf"{_PROPER}(?:\s+(?:(?:von|van|de|da|dos|del)\s+)?{_PROPER}){{0,3}}"
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # scripts without them

_EMAIL = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b"
    r"|(?i:\b[\w.+-]{1,64} ?[(\[] ?(?:at|ät|arroba) ?[)\]] ?[\w-]{1,63}"
    r"(?: ?(?:\.|[(\[] ?(?:dot|punkt|point|punto|ponto) ?[)\]]) ?[\w-]{1,63}){0,4})"
)
# An address of the web with something of somebody's own in it: a query, a token, an id.
_LINK = re.compile(r"https?://[^\s<>()\[\]]{1,500}")
_OWN_IN_LINK = re.compile(r"[?#=]|/[\w-]*\d{4}|/[\w-]{20}")
_SECRET = re.compile(
    r"(?i)\b(password|passwort|kennwort|passcode|pin|token|api[ -]?key|secret|mot de passe|"
    r"contraseña|clave|senha|palavra-passe)"
    r"(\s{0,3}(?:(?:is|ist|lautet|est|es|é)\b|:|=)\s{0,3})"
    r"(?!(?:not|nicht|wrong|falsch|unclear|weg|gone|pas|no|não)\b)\S+"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?\s+(?:{_PROPER}\s+){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|"
    r"Dr|Close|Court|Ct|Way|Square|Sq|Place|Pl|Boulevard|Blvd|Terrace|Crescent)\b"
    r"|\b[A-ZÄÖÜ][\w-]{0,40}?(?:straße|strasse|str\.|weg|allee|platz|gasse|ring|damm|ufer)"
    r"\s+\d{1,4}\s?[a-z]?\b"
    r"|(?i:\b\d{1,4}(?:\s+(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|allée|chemin|impasse)"
    r"\s+[^,.\n]{1,60})"
    r"|(?i:\b(?:calle|avenida|plaza|paseo|rua|travessa|praça|alameda)"
    r"\s+[^,.\n\d]{1,60},?\s{0,3}\d{1,5}\b)"
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")  # of the United Kingdom
_DATE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./](?:19|20)?\d{2}\b")
_ACCOUNT = re.compile(  # an IBAN, or the number of a card
    r"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?|\d{4}(?:[ -]\d{4}){2,3})\b"
)
_ENDING = re.compile(
    r"(?i)\b(ending(?: in| with)?|endet auf|endend auf|se terminant par|termina (?:en|em))\s+\d{3,4}\b"
)
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d[\d ()/.-]{6,18}\d|\(?0\d{1,4}\)?[ /.-]\d[\d ()/.-]{4,14}\d"
    r"|\d{3}[-. ]\d{3}[-. ]\d{3,4}|\d{3}(?:[-. ]\d{2}){3})\b"
)
_HOST = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_TOKEN = re.compile(r"(?<![\w€$£])#?[A-Za-z0-9]+(?:[/-][A-Za-z0-9]+)*")
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.]{1,40}\b")
_CALLED = re.compile(
    r"(?i:\b(name is|i am called|this is|i'm|i am|ich heiße|name ist|je m'appelle|"
    r"mon nom est|me llamo|soy|nombre es|nome é|chamo-me|me chamo|sou (?:o|a)|"
    rf"name on \w+(?: \w+)? is|name auf \w+ \w+ ist))\s+{_FULL_NAME}"
)
_CALLED_IN_GERMAN = re.compile(  # where every noun is written like a name
    rf"(?i:\b(ich bin|hier ist))\s+{_PROPER}(?:\s+{_PROPER}|(?=\s*,))"
)
_TITLED = re.compile(
    r"\b((?i:mr|mrs|ms|mx|herrn?|frau|señora?|madame|monsieur|mme|mlle|senhora?)\.?)\s+"
    rf"(?:(?i:dr|prof)\.?\s+){{0,2}}{_FULL_NAME}"
)
_GREETED = re.compile(
    r"(?m)^(?i:(hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|moin|servus|"
    r"guten (?:tag|morgen|abend)|bonjour|bonsoir|salut|cher|chère|hola|buen[oa]s (?:días|tardes|noches)|"
    rf"estimad[oa]|querid[oa]|olá|bom dia|boa (?:tarde|noite)|prezad[oa]|car[oa]))\s+{_FULL_NAME}"
    r"(?=\s*(?:[,!.:\n]|$))"
)
_FAREWELL = (
    r"best(?: regards| wishes)?|kind regards|regards|thanks|thank you|many thanks|cheers|sincerely|"
    r"yours|viele grüße|mit freundlichen grüßen|liebe grüße|gruß|grüße|danke|vielen dank|lg|vg|mfg|"
    r"cordialement|merci|bien à vous|saludos|un saludo|un abrazo|gracias|muchas gracias|"
    r"atenciosamente|cumprimentos|abraços?|obrigad[oa]"
)
# How letters end: the line, and what may stand below it, is the writer's name.
_SIGNED = re.compile(
    rf"(?mi)^[ \t]*(?:{_FAREWELL})[ \t]*[,!.]?[ \t]*\n{{1,3}}[ \t]*{_WORD}(?:[ \t.]+{_WORD}){{0,3}}"
    r"[ \t.]*$"
)
_SIGNED_BESIDE = re.compile(
    rf"(?m)(?:^|(?<=[.!?])[ \t]+)(?i:{_FAREWELL})[ \t]*[,!.]?[ \t]+{_FULL_NAME}[ \t.!]*$"
)
_MARKED = (
    (_EMAIL, EMAIL),
    (_SECRET, rf"\1\2{SECRET}"),
    (_SIGNED, ""),
    (_SIGNED_BESIDE, ""),
    (_ADDRESS, ADDRESS),
    (_POSTCODE, NUMBER),
    (_ACCOUNT, NUMBER),
    (_ENDING, rf"\1 {NUMBER}"),
    (_DATE, NUMBER),
    (_PHONE, PHONE),
    (_HOST, NUMBER),
    (_HANDLE, NAME),
)


def redact(text: str, names: Iterable[str] = ()) -> str:
    """The text with marks such as ``[name]`` for names, e-mail addresses, streets, telephone,
    order and account numbers, days, links of somebody's own and passwords; closing formulas are left out.

    ``names`` are those of the people concerned, each word of which is left out wherever it stands.
    """
    text = _LINK.sub(lambda link: LINK if _OWN_IN_LINK.search(link[0], 8) else link[0], text)
    for pattern, mark in _MARKED:
        text = pattern.sub(mark, text)
    text = _TOKEN.sub(lambda token: NUMBER if _is_number(token[0]) else token[0], text)
    for introduced in (_CALLED, _CALLED_IN_GERMAN, _TITLED, _GREETED):
        text = introduced.sub(rf"\1 {NAME}", text)
    text = _without(names, text)
    text = re.sub(rf"{re.escape(NAME)}(?:\s+{re.escape(NAME)})+", NAME, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def phrasing(question: str, names: Iterable[str] = ()) -> str:
    """A customer's question as one line without anything of their own, to find an article by."""
    line = redact(question, names)
    for mark in MARKS:
        line = line.replace(mark, " ")
    return re.sub(r"\s([,.!?])", r"\1", " ".join(line.split())).strip(" ,;:-")


def _without(names: Iterable[str], text: str) -> str:
    """The text without each word of these names."""
    words = {word for name in names for word in re.findall(_WORD, name) if len(word) > 1}
    for word in sorted(words, key=len, reverse=True):
        known = re.escape(word)
        whole = known if _NO_SPACES.search(word) else rf"\b{known}\b(?:'s)?"
        text = re.sub(rf"(?i){whole}", NAME, text)
    return text


def _is_number(token: str) -> bool:
    """Whether it numbers an order, an invoice, a parcel or a customer: five digits, or three with
    capitals, a dash or a # among them."""
    digits = sum(character.isdigit() for character in token)
    marked = any(character.isupper() or character in "#-/" for character in token)
    return digits >= 5 or (digits >= 3 and marked) or (digits > 0 and token.startswith("#"))
