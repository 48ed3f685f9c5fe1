"""A customer who speaks German: what they may type, right and wrong, and what is English in an
answer."""

import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from app.languages import language_of
from core import speaking
from core.channels import Who
from core.desk import Desk
from core.speaking import Reader
from core.vocabulary import OPERATOR, LineSaid, OrderSaid, OrderStatus
from tests.core.test_languages import sentences

LINES = (
    "/ticket list", "/ticket list status:open", "/ticket list status:nonsense",
    "/ticket list tag:vip", "/ticket list colour:red", "/ticket list priority:hihg",
    "/ticket list status:none", "/ticket list after:x", "/ticket list created:soon",
    "/ticket list kind:", "/ticket list -sort:number", "/ticket list priority:low priority:high",
    '/ticket list "Lampe', "/ticket list …", "/ticket list assignee:me",
    "/ticket search", "/ticket search Lampe", "/ticket search Zebra",
    "/ticket show", "/ticket show abc", "/ticket show 99", "/ticket show 1", "/ticket show 1 2",
    "/ticket help", "/ticket help return", "/ticket", "/ticket lsit", "/nonsense", "/survey rat",
    "/ticket claim 1", "/ticket note 1 hallo", "/agent list", "/customer show c-1",
    "/agent join WRONG", "/agent join", "/support",
    "/enquiry solved", "/enquiry solved 99", "/enquiry solved x", "/enquiry person",
    "/request confirm", "/request confirm 1", "/request confirm 99",
    "/request reopen 1", "/request reopen 99",
    "/request move 1", "/request move 99", "/enquiry other 99",
    "/link", "/link LINK-2222-3333-4444",
    "/return", "/return A-1001", "/return A-9999", "/return A-0500", "/return A-0600",
    '/return A-1001 items:"1 × GIBTSNICHT" reason:defective',
    '/return A-1001 items:"99 × LAMP" reason:other', "/return A-1001 items:LAMP reason:nonsense",
    "/return A-1001 items:LAMP reason:defekt wish:tausch", '/return A-1001 items:"LAMP',
    "/return A-1001 zu viel", "/return A-1001 items:LAMP reason:defekt wish:umtausch",
    "/return A-1001 reason:other", "/return A-1001",
    "/orders list", "/orders show", "/orders show A-1001", "/orders show A-9999",
    "/survey rate", "/survey rate 1 9", "/survey rate 1 5", "/survey rate x 5",
    "/survey comment 1 gut", "/survey comment 99 gut", "/survey comment 1",
    "/kb search", "/kb search Zebra", "/kb show", "/kb show zebra", "/kb publish zebra",
)  # fmt: skip
"""Every command that customers have, right and wrong, and some that they do not have."""


async def prepare(desk: Desk, ana: Who) -> None:
    """She speaks German, and has orders: one to return, one too old, one cancelled."""
    await desk.edit_customer(OPERATOR, "c-1", {"language": "de", "name": "Ana"})
    line = (LineSaid(sku="LAMP", name="Nordlys", quantity=2, cents=8900, currency="EUR"),)
    now = datetime.now(UTC)
    days = {"A-1001": 5, "A-0500": 400, "A-0600": 5}
    await desk.take_in_orders(
        [
            OrderSaid(
                number=number,
                placed_at=now - timedelta(days=ago),
                status=OrderStatus.CANCELLED if number == "A-0600" else OrderStatus.DELIVERED,
                identity=str(ana),
                lines=line,
            )
            for number, ago in days.items()
        ]
    )


def strings_in(answer: Any) -> Iterator[str]:
    """Every text in an answer that somebody sees; what only machines read is left out."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if name not in UNSEEN:
                yield from strings_in(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from strings_in(each)


UNSEEN = {
    "action", "value", "kind", "choices", "error", "ticket", "outcome", "tone", "name", "type",
    "block_id", "action_id", "callback_id", "private_metadata", "response_type", "style",
}  # fmt: skip


def english_in(text: str) -> list[str]:
    """What of a text is English: sentences of the catalogue, and lines that read like it."""
    found = [sentence for sentence, pattern in _patterns() if pattern.search(text)]
    if text in _labels():
        found.append(text)
    lines = [_COMMAND.sub("", line) for line in text.splitlines()]
    return found + [line for line in lines if len(line) > 25 and language_of(line) == "en"]


_COMMAND = re.compile(r"(?:^|\s)/[a-z]+ .*|»[^«]*«|„[^“]*“|[a-z]+:\S+")


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every English sentence that is another in German, with what it looks like when it is said."""
    found = []
    for sentence in _labels():
        literal = [text for text, *_ in string.Formatter().parse(sentence)]
        if len("".join(literal)) >= 15:
            pattern = ".{1,400}?".join(re.escape(text) for text in literal)
            found.append((sentence, re.compile(rf"(?<!\w){pattern}")))
    return found


@cache
def _labels() -> frozenset[str]:
    with speaking.to(Reader("de")):
        return frozenset(each for each in sentences() if _in_german(each) != each)


def _in_german(sentence: str) -> str:
    return speaking.say(sentence)
