"""Enrichment: what intake makes of what customers write, each with its reasons, and what agents say
against it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from app.languages import language_of
from core.channels import IncomingFile
from core.desk import Desk
from core.enrichment import judging
from core.enrichment.judged import Asked, Before, Guess, Judged, NothingLearned, OrderMeant
from core.enrichment.words import LONGEST, words
from core.errors import Forbidden, Invalid
from core.model import BuiltIn, Ticket
from core.storage.database import Database
from core.vocabulary import OPERATOR, House, LineSaid, OrderSaid, Priority
from tests.conftest import OpenDesk
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

GRACE = person("grace")
NOTHING = NothingLearned()


def asked(text: str, **more: object) -> Asked:
    return replace(Asked(text=text, length=len(text)), **more)  # type: ignore[arg-type]


URGENCY = [
    ("I am locked out of my account", Priority.HIGH, "“locked out”"),
    ("URGENT!! we were hacked", Priority.URGENT, "“urgent”"),
    ("Please answer as soon as possible", Priority.HIGH, "“as soon as possible”"),
    ("this is not urgent, just wondering", Priority.LOW, "“not urgent”"),
    ("how do I change my address?", Priority.NORMAL, "nothing speaks"),
    ("my card was charged twice", Priority.NORMAL, "nothing speaks"),
    ("charged twice, this is unacceptable", Priority.HIGH, "“unacceptable”"),
    ("Es ist dringend, ich bin ausgesperrt", Priority.URGENT, "“ausgesperrt”"),
    ("Ich kann mich nicht einloggen", Priority.HIGH, "“kann mich nicht einloggen”"),
    ("Es eilt nicht, keine Eile", Priority.LOW, "“eilt nicht”"),
    ("Wo finde ich die Rechnung?", Priority.NORMAL, "nothing speaks"),
    ("Es urgente, no puedo entrar", Priority.URGENT, "“no puedo entrar”"),
    ("No es urgente, cuando puedan", Priority.LOW, "“no es urgente”"),
    ("¿Dónde está mi pedido?", Priority.NORMAL, "nothing speaks"),
    ("C'est urgent, je ne peux pas me connecter", Priority.URGENT, "“urgent”"),
    ("Ce n'est pas urgent", Priority.LOW, "“pas urgent”"),
    ("Où est mon colis ?", Priority.NORMAL, "nothing speaks"),
    ("É urgente: não consigo entrar", Priority.URGENT, "“nao consigo entrar”"),
    ("Sem pressa, quando puderem", Priority.LOW, "“sem pressa”"),
    ("Onde está o meu pacote?", Priority.NORMAL, "nothing speaks"),
]


@pytest.mark.parametrize(("text", "priority", "why"), URGENCY)
def test_words_say_how_urgent_it_is(text: str, priority: Priority, why: str) -> None:
    judged = judging.priority(asked(text), NOTHING)

    assert judged.value == priority
    assert why in " ".join(judged.why)


DEAR = Before(order=OrderMeant(number="A-1", cents=120_000, currency="EUR"))


@pytest.mark.parametrize(
    ("matter", "priority", "why"),
    [
        (asked("charged twice", is_vip=True), Priority.HIGH, "a VIP customer"),
        (asked("hello?", is_vip=True), Priority.NORMAL, "nothing speaks"),
        (asked("charged twice", kind=BuiltIn.PROBLEM.value), Priority.HIGH, "a problem, not"),
        (asked("charged twice", before=DEAR), Priority.HIGH, "order A-1 is worth 1,200.00 EUR"),
        (asked("charged twice", before=Before(score=1)), Priority.HIGH, "last score was 1 of 5"),
        (asked("charged twice", before=Before(score=5)), Priority.NORMAL, "nothing speaks"),
        (asked("WHERE IS MY PARCEL CHARGED TWICE"), Priority.HIGH, "written in capitals"),
        (asked("unacceptable ridiculous scam worst"), Priority.NORMAL, "nothing speaks"),
    ],
)
def test_so_do_whose_it_is_and_what_is_at_stake(
    matter: Asked, priority: Priority, why: str
) -> None:
    judged = judging.priority(matter, NOTHING)

    assert (judged.value, why in " ".join(judged.why)) == (priority, True)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("I need an invoice for my payment", "billing"),
        ("where is my parcel, the tracking says nothing", "delivery"),
        ("I forgot my password", "account"),
        ("I want to send back the lamp", "returns"),
        ("Ich brauche eine Rechnung", "billing"),
        ("Das Paket ist nicht geliefert worden", "delivery"),
        ("Ich habe mein Passwort vergessen", "account"),
        ("Ich möchte die Lampe zurückschicken", "returns"),
        ("Necesito la factura", "billing"),
        ("¿Dónde está mi paquete?", "delivery"),
        ("Olvidé mi contraseña", "account"),
        ("Quiero una devolución", "returns"),
        ("J'ai besoin d'une facture", "billing"),
        ("Où est mon colis ?", "delivery"),
        ("J'ai oublié mon mot de passe", "account"),
        ("Je voudrais un remboursement", "returns"),
        ("Preciso da fatura", "billing"),
        ("Onde está a minha encomenda?", "delivery"),
        ("Esqueci a senha", "account"),
        ("Quero um estorno", "returns"),
        ("hello there", None),
        ("the printer smokes", None),
        ("the invoice was in the parcel", None),  # as much for one as for the other
    ],
)
def test_words_say_what_it_is_about(text: str, category: str | None) -> None:
    judged = judging.category(asked(text), NOTHING)

    assert (judged.value if judged else None) == category
    assert judged is None or "the word" in judged.why[0]


@pytest.mark.parametrize(
    ("matter", "complexity"),
    [
        (asked("hello"), 1),
        (asked("where is it? and when? and why?"), 2),
        (asked("1. open it\n2. press it\n3. nothing\n"), 2),
        (asked('Traceback (most recent call last):\n  File "x.py", line 3'), 2),
        (asked("word " * 110), 2),
        (asked("word " * 500), 3),
        (asked("see the pictures", files=2), 2),
        (asked("again", before=Before(reopened=1)), 2),
        (asked("again", before=Before(live=2, orders=9)), 3),
        (asked("why? how?\n```\nx\n```\n" + "word " * 500, files=1), 5),
        (asked("why? how?\n```\nx\n```\n" + "word " * 500, files=1, before=Before(reopened=3)), 5),
    ],
)
def test_complexity_counts_what_makes_a_matter_hard(matter: Asked, complexity: int) -> None:
    judged = judging.complexity(matter)

    assert judged.value == complexity
    assert len(judged.why) == max(1, complexity - 1) or complexity == 5


HOSTILE = {
    "one character": "x" * 10_000,
    "one capital": "A" * 10_000,
    "spaces": " " * 10_000,
    "newlines": "\n" * 10_000,
    "tabs and at": "\tat " * 2_500,
    "question marks": "?" * 10_000,
    "steps": "1. " * 3_000,
    "marks": "e" + "\u0301\u0316" * 5_000,
    "what unfolds": "\ufdfa" * 10_000,
    "words of urgency": "urgent " * 2_000,
    "nearly a phrase": "as soon as " * 1_000,
    "quotes": "'" * 10_000,
    "a megabyte": "the parcel never came " * 50_000,
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_read_as_far_as_it_is_worth_it(text: str) -> None:
    assert len(words(text)) <= LONGEST
    assert judging.priority(asked(text), NOTHING).why
    assert judging.complexity(asked(text)).value in range(1, 6)
    judging.category(asked(text), NOTHING)


async def test_a_new_ticket_is_judged_and_says_why(open_desk: OpenDesk) -> None:
    desk = open_desk(House(staff_rooms=(STAFF_ROOM,), language_of=language_of))
    text = "Es ist dringend, ich brauche die Rechnung. Warum? Wann?"
    number = await open_ticket(desk, text, by="ana")

    ticket = (await desk.ticket(OPERATOR, number)).ticket

    assert (ticket.language, ticket.category, ticket.complexity) == ("de", "billing", 2)
    assert ticket.priority is Priority.HIGH
    assert ticket.enriched["language"]["why"] == ["written in German"]
    assert ticket.enriched["category"]["why"] == ["the word “rechnung”"]
    assert ticket.enriched["priority"]["why"] == ["the word “dringend”"]
    assert ticket.enriched["complexity"]["why"] == ["2 questions"]
    assert "customer" not in ticket.enriched


async def test_what_a_customer_had_before_counts(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=5)
    await desk.take_in_orders(
        [
            OrderSaid(
                number="A-77",
                placed_at=datetime(2026, 11, 1, tzinfo=UTC),
                identity=str(person("ana")),
                lines=(LineSaid(sku="S", name="Sofa", quantity=2, cents=60_000, currency="EUR"),),
            ),
            OrderSaid(
                number="B-88",
                placed_at=datetime(2026, 11, 1, tzinfo=UTC),
                identity=str(person("ben")),
                lines=(LineSaid(sku="S", name="Sofa", quantity=9, cents=60_000, currency="EUR"),),
            ),
        ]
    )
    first = await open_ticket(desk, by="ana")
    await desk.resolve(grace, first)
    await desk.reopen(person("ana"), first)
    await desk.resolve(grace, first)
    await desk.confirm(person("ana"), first)
    await desk.rate(person("ana"), first, 1)

    number = await open_ticket(desk, "charged twice for order a-77, not b-88", by="ana")

    ticket = (await desk.ticket(OPERATOR, number)).ticket
    assert ticket.enriched["customer"]["why"] == [
        "1 solved and 0 live before",
        "their last score was 1 of 5",
        "order A-77 is worth 1,200.00 EUR",
    ]
    assert ticket.priority is Priority.HIGH
    assert ticket.enriched["complexity"]["why"] == ["1 of theirs came back after it was resolved"]


async def test_files_make_it_harder(desk: Desk) -> None:
    files = (IncomingFile(name="x.png", source="f1"), IncomingFile(name="y.png", source="f2"))
    received = await desk.receive(replace(message("look at these please"), files=files))
    assert received.ticket is not None

    ticket = (await desk.ticket(OPERATOR, received.ticket)).ticket

    assert ticket.enriched["complexity"]["why"] == ["2 files"]


async def test_agents_correct_each_and_what_was_judged_stays_beside_it(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk, "urgent: the invoice is wrong")

    await desk.set_category(GRACE, number, "vat")
    await desk.set_priority(GRACE, number, Priority.NORMAL)
    await desk.set_language(GRACE, number, "pt_BR")
    ticket = await desk.set_complexity(GRACE, number, 4)

    assert (ticket.language, ticket.complexity) == ("pt-br", 4)
    assert ticket.enriched["category"]["value"] == "billing"
    assert ticket.enriched["category"]["corrected"] == {"value": "vat", "by": "Grace"}
    assert ticket.enriched["priority"]["corrected"] == {"value": 2, "by": "Grace"}
    assert ticket.enriched["language"]["corrected"] == {"value": "pt-br", "by": "Grace"}
    assert ticket.enriched["complexity"]["corrected"] == {"value": 4, "by": "Grace"}

    ticket = await desk.set_category(GRACE, number, "billing")
    assert "corrected" not in ticket.enriched["category"]


async def test_what_is_so_already_is_no_correction(desk: Desk, database: Database) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk, "urgent: the invoice is wrong")
    before = await all_rows(database)

    await desk.set_category(GRACE, number, "Billing")
    await desk.set_priority(GRACE, number, Priority.HIGH)
    await desk.set_complexity(GRACE, number, 1)
    await desk.set_language(GRACE, number, "none")

    assert await all_rows(database) == before


@pytest.mark.parametrize("language", ["german", "d", "de-", "🔥", "de;--", "1", "de_" + "x" * 9])
async def test_what_is_no_language_is_refused(desk: Desk, language: str) -> None:
    number = await open_ticket(desk)

    with pytest.raises(Invalid, match="is no code of a language"):
        await desk.set_language(OPERATOR, number, language)


@pytest.mark.parametrize("complexity", [-1, 0, 6, 2**31])
async def test_complexity_is_from_one_to_five(desk: Desk, complexity: int) -> None:
    number = await open_ticket(desk)

    with pytest.raises(Invalid, match=r"from 1 \(simple\) to 5"):
        await desk.set_complexity(OPERATOR, number, complexity)


async def test_customers_correct_nothing(desk: Desk) -> None:
    number = await open_ticket(desk, by="ana")

    with pytest.raises(Forbidden):
        await desk.set_language(person("ana"), number, "de")
    with pytest.raises(Forbidden):
        await desk.set_complexity(person("ana"), number, 5)


async def test_what_was_judged_is_forgotten_with_the_customer(desk: Desk) -> None:
    number = await open_ticket(desk, "urgent: order A-77 is lost", by="ana")
    await desk.resolve(OPERATOR, number)
    await desk.forget_customer(OPERATOR, str(person("ana")))

    assert (await desk.ticket(OPERATOR, number)).ticket.enriched == {}


@dataclass
class Pupil:
    """Has learned about lamps, and that agents do not think much of the word urgent."""

    categories: frozenset[str] = frozenset({"lamps", "billing"})
    heard: list[str] = field(default_factory=list)

    def guess(self, text: str) -> Guess | None:
        self.heard.append(text)
        return Guess("lamps", 0.83, 3, ["flickers"]) if "flickers" in text else None

    def weight(self, what: str, word: str) -> float:
        return 0.5 if (what, word) == ("priority", "urgent") else 1.0


async def test_what_the_desk_has_learned_goes_before_words(open_desk: OpenDesk) -> None:
    pupil = Pupil()
    desk = open_desk(House(staff_rooms=(STAFF_ROOM,), learned=pupil))

    async def opened(text: str, by: str) -> Ticket:
        number = await open_ticket(desk, text, by=by)
        return (await desk.ticket(OPERATOR, number)).ticket

    lamps = await opened("it flickers, and the invoice is urgent", "ana")
    billing = await opened("the invoice is wrong", "ben")
    delivery = await opened("where is the parcel", "cleo")

    assert [each.category for each in (lamps, billing, delivery)] == ["lamps", "billing", ""]
    assert lamps.enriched["category"] == {
        "value": "lamps",
        "why": ["83% sure from tickets resolved before (model 3), by “flickers”"],
        "words": ["flickers"],
        "share": 0.83,
    }
    assert lamps.priority is Priority.NORMAL
    assert Judged(1, ["x"]).as_json() == {"value": 1, "why": ["x"]}
