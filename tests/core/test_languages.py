"""Customers are spoken to in their language: every sentence, plurals, and days where they are."""

import re
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from app.languages import language_of
from bots.commands import COMMANDS, carry_out
from bots.commands.answers import AUTHORS
from bots.commands.parse import read
from core import speaking
from core.desk import Desk
from core.speaking import Reader
from core.vocabulary import (
    OPERATOR,
    Details,
    House,
    OrderStatus,
    Priority,
    Reason,
    Role,
    Status,
    Wish,
)
from tests.conftest import OpenDesk
from tests.core.test_returns import ANA, ORDER
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message

CORE = Path(speaking.__file__).parent
SPEAKING = ("core", "bots", "knowledge_base", "web")
LANGUAGES = ("de", "es", "fr", "pt")
NAMED = {each.value for names in (Status, OrderStatus, Reason, Wish) for each in names} | {
    *(each.label for each in Priority),
    *AUTHORS.values(),
}
"""What is said of things by name, such as how far a ticket is."""


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(House(staff_rooms=(STAFF_ROOM,), language_of=language_of))


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """Every sentence that customers can meet, with its plural if it has one: of the catalogue, of
    refusals, and of the table of commands."""
    found: dict[str, tuple[str, ...]] = {each: (each,) for each in of_commands() | NAMED}
    keywords = {"say": None, "Sentence": None}
    with_plurals = keywords | {"count": (1, 2)}
    for file in (file for part in SPEAKING for file in (CORE.parent / part).rglob("*.py")):
        words = with_plurals if file.name == "speaking.py" else keywords
        for _, message_id, _, _ in extract_from_file("python", file, keywords=words):
            forms = (message_id,) if isinstance(message_id, str) else tuple(message_id)
            found[forms[0]] = forms
    return {key: forms for key, forms in found.items() if key not in {"", "{day}", "{parts}"}}


def of_commands() -> set[str]:
    """What the table says of the commands that customers have: help, titles, labels, choices."""
    found = set()
    for command in COMMANDS.values():
        if command.role is Role.CUSTOMER:
            params = [each for each in command.params if not each.for_staff]
            found |= {command.help, *(each.help for each in params)}
            found |= {choice for each in params for choice in each.choices}
            if any(each.asked for each in params):
                found.add((command.verb or command.word).capitalize())
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_with_the_same_fields(language: str) -> None:
    with speaking.languages()[language].open("rb") as file:
        catalogue = read_po(file, locale=language)

    for key, forms in sentences().items():
        kept = catalogue.get(key)
        assert kept is not None, key
        strings = kept.string if isinstance(kept.string, tuple) else (str(kept.string),)
        assert len(strings) == len(forms), key
        for said in strings:
            assert said.strip(), key
            assert fields(said) == fields(key), key
    assert {each.id for each in catalogue if each.id and isinstance(each.id, str)} <= set(
        sentences()
    )


def test_no_sentence_is_said_past_the_catalogue() -> None:
    """A card for customers has no words of its own in the code: they go through `say`."""
    for file in (CORE / "catalogue").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert re.findall(r"(?:text|title|footnote)=f?\"[^\"{]*[a-z]{3}[^\"]*\"", text) == []


async def test_who_writes_german_is_answered_in_german(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace", capacity=0)
    received = await desk.receive(message("Meine Lampe ist kaputt, was kann ich tun?"))
    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))
    await desk.resolve(grace, received.ticket or 0)
    await desk.courier.deliver_due()

    said = "\n".join(outbox.texts("ana"))
    assert "Ist angekommen. Das ist Ticket #1." in said
    assert "Grace hat Ihr Ticket #1 übernommen" in said
    assert "sonst wird es in 2 Tagen geschlossen" in said
    assert "is yours" in "\n".join(outbox.texts("grace"))


async def test_a_command_answers_in_the_customers_language_and_time_zone(
    desk: Desk, outbox: Outbox
) -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    await desk.take_in_orders([replace(ORDER, placed_at=late, delivered_at=late)])
    await desk.receive(message("¡Hola! ¿Dónde está mi pedido? No ha llegado todavía."))
    await desk.edit_customer(OPERATOR, "c-1", {"time_zone": "Europe/Madrid"})

    said = await carry_out(desk, ANA, read(COMMANDS, "/return A-1001", by=ANA))
    await desk.receive(message("quiero devolver A-1001", at="ana-2"))
    await desk.courier.deliver_due()

    assert said.card.text.startswith("Puede devolver:")
    assert "21 de diciembre de 2026" in said.card.footnote
    assert "Puede devolver el pedido A-1001 hasta el 21 de diciembre" in outbox.texts("ana-2")[-1]


def test_what_a_language_lacks_is_said_in_english() -> None:
    with speaking.to(Reader("xx")):
        assert speaking.say("New request") == "New request"
        assert speaking.span(timedelta(days=3)) == "3 days"
    with speaking.to(Reader("pt-BR")):
        assert speaking.say("New request") == "Novo pedido"
    with speaking.to(Reader("de")):
        assert speaking.say("A sentence of {name}.", name="{x}") == "A sentence of {x}."


@pytest.mark.parametrize(
    ("language", "one", "none"), [("en", "1 hour", "0 hours"), ("fr", "1 heure", "0 heure")]
)
def test_plurals_follow_the_language(language: str, one: str, none: str) -> None:
    with speaking.to(Reader(language)):
        assert speaking.span(timedelta(hours=1)) == one
        assert speaking.count("{n} hour", "{n} hours", 0) == none


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how do I reset my password?", "en"),
        ("wo ist mein Paket?", "de"),
        ("où est mon colis ?", "fr"),
        ("quiero devolver mi pedido", "es"),
        ("onde está a minha encomenda?", "pt"),
        ("IBAN?", ""),
        ("hi", ""),
        ("🙏🙏🙏", ""),
        ("", ""),
        ("12345 67890", ""),
    ],
)
def test_a_language_is_told_only_where_it_is_sure(text: str, language: str) -> None:
    assert language_of(text) == language
