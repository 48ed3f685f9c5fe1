"""By which words a text is angry: one threat is enough, of the milder ones it takes two."""

import re
from functools import cache

from core.enrichment import angry

THREATS = frozenset({*angry.FRAUD, *angry.THREATS})
ANGRY = frozenset({*angry.ANGRY, *angry.INSULTS})
LOOKED_AT = 5_000  # characters


def angry_words(text: str) -> tuple[str, ...]:
    """The words by which a text is angry, as they stand in the table; empty where it is not."""
    said = re.sub(r"[\W_]+", " ", text[:LOOKED_AT].casefold())
    found = dict.fromkeys(each for each in _pattern().findall(f" {said} "))
    threats = [each for each in found if each in THREATS]
    return tuple(found) if threats or len(found) > 1 else ()


@cache
def _pattern() -> re.Pattern[str]:
    listed = sorted(THREATS | ANGRY, key=len, reverse=True)
    return re.compile(rf"(?<= )({'|'.join(map(re.escape, listed))})(?= )")
