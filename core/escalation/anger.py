"""Angry words, in five languages: one threat is enough, of the milder ones it takes two."""

import re
from functools import cache

THREATS = (
    *("lawyer", "attorney", "sue you", "take you to court", "legal action", "chargeback"),
    *("consumer protection", "report you", "scam", "scammers", "rip off", "ripoff"),
    *("anwalt", "rechtsanwalt", "anzeige erstatten", "verklage", "vor gericht", "abzocke"),
    *("betrüger", "verbraucherschutz", "verbraucherzentrale"),
    *("avocat", "porter plainte", "tribunal", "arnaque", "escroc", "escrocs", "signal conso"),
    *("abogado", "denunciar", "demandaré", "estafa", "estafadores", "tribunales"),
    *("advogado", "processar vocês", "procon", "golpe", "golpistas", "tribunal"),
)
ANGRY = (
    *("unacceptable", "ridiculous", "outrageous", "furious", "disgusting", "pathetic", "useless"),
    *("fed up", "worst", "never again", "angry", "incompetent", "joke", "disgrace"),
    *("unverschämt", "unverschämtheit", "frechheit", "inakzeptabel", "lächerlich", "wütend"),
    *("katastrophe", "nie wieder", "saftladen", "schlimmste", "unfähig", "sauer"),
    *("inadmissible", "inacceptable", "scandaleux", "furieux", "furieuse", "honteux"),
    *("ras le bol", "plus jamais", "incompétents", "incompétent", "nul"),
    *("inaceptable", "ridículo", "vergüenza", "furioso", "furiosa", "pésimo", "indignante"),
    *("nunca más", "harto", "harta", "incompetentes"),
    *("inaceitável", "absurdo", "vergonha", "péssimo", "nunca mais", "palhaçada"),
)
LOOKED_AT = 5_000  # characters


def angry_words(text: str) -> tuple[str, ...]:
    """The words by which a text is angry, as they stand in the table; empty where it is not."""
    said = re.sub(r"[\W_]+", " ", text[:LOOKED_AT].casefold())
    found = dict.fromkeys(each for each in _pattern().findall(f" {said} "))
    threats = [each for each in found if each in THREATS]
    return tuple(found) if threats or len(found) > 1 else ()


@cache
def _pattern() -> re.Pattern[str]:
    listed = sorted({*THREATS, *ANGRY}, key=len, reverse=True)
    return re.compile(rf"(?<= )({'|'.join(map(re.escape, listed))})(?= )")
