"""What people and programs should not write: kept, or refused in a sentence, and harmless."""

import re
from collections.abc import Awaitable, Callable

import pytest

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Outcome, Priority, Role, Target, Wanted
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

SENTENCE = re.compile(r"[A-Z“`].*\w.*")
LONG = "The parcel never came. " * 10_000
TEXTS = {
    "200 kB": LONG[:200_000],
    "200 kB in one word": "x" * 200_000,
    "control characters": "a\x01b\x07c\x1b[31md\x7f",
    "right to left": "أين طلبي؟ \u202eevil\u202c",
    "emoji": "🔥🧑🏽‍🚒👩‍👩‍👧‍👦 the printer is on fire",
    "broadcasts": "<!channel> @everyone @here <@U123> </script><b>",
    "formats": "{0} %s %(x)s ${HOME} {{7*7}} '; drop table tickets; --",
    "newlines": "\r\n\r\nfirst line\r\nsecond line\u2028third",
    "combining": "Z̵̛a̶l̷g̸o̴ is in the printer",
}
UNKEEPABLE = {
    "NUL": "the \x00printer\x00 smokes",
    "lone surrogates": "the printer \ud83d smokes \udc00",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_whatever_a_customer_writes_is_kept_as_it_is(
    desk: Desk, outbox: Outbox, text: str
) -> None:
    grace = await hire(desk, "grace")
    received = await desk.receive(message(text))
    assert received.ticket is not None
    await desk.reply(grace, received.ticket, text)
    await desk.resolve(grace, received.ticket, text)
    await desk.receive(message(text))
    await desk.courier.deliver_due()

    whole = await desk.ticket(OPERATOR, received.ticket)
    assert whole.messages[0].text == whole.messages[-1].text == text
    assert len(whole.ticket.subject) <= 120
    assert any(each.card.text == text.strip() for each in outbox.to("ana"))
    assert not await desk.unsent(OPERATOR)


@pytest.mark.parametrize("text", UNKEEPABLE.values(), ids=UNKEEPABLE.keys())
async def test_what_no_database_keeps_is_left_out_wherever_it_is_written(
    desk: Desk, outbox: Outbox, text: str
) -> None:
    await hire(desk, "grace")
    grace = person("grace")
    received = await desk.receive(message(text))
    number = received.ticket
    assert number is not None
    await desk.reply(grace, number, text)
    await desk.note(grace, number, text)
    await desk.escalate(grace, number, text)
    await desk.resolve(grace, number, text)
    await desk.courier.deliver_due()

    said = [each.text for each in (await desk.ticket(OPERATOR, number)).messages]
    assert {re.sub(r"\W+", " ", each).strip() for each in said} == {"the printer smokes"}
    assert not await desk.unsent(OPERATOR)


@pytest.mark.parametrize("name", ["", "x" * 10_000, "nul\x00", "half \ud800", "‮ana", "🧑🏽‍🚒" * 50])
async def test_a_name_of_any_kind_loses_no_message(desk: Desk, name: str) -> None:
    who = Who("console", "local", "u-1", name)
    asked = message("where is my parcel?", by="u-1")
    received = await desk.receive(type(asked)(**{**vars(asked), "sender": who}))
    await desk.add_agent(OPERATOR, Who("console", "local", "u-2", name), Details())

    assert received.ticket is not None
    ticket = (await desk.ticket(OPERATOR, received.ticket)).ticket
    assert 0 < len(ticket.customer.name) <= 120


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00"])
async def test_an_empty_message_is_lost_neither(desk: Desk, text: str) -> None:
    received = await desk.receive(message(text))

    assert received.outcome in {Outcome.TICKET, Outcome.SMALL_TALK}


async def test_a_message_longer_than_any_platform_allows_is_cut(desk: Desk) -> None:
    received = await desk.receive(message("x" * 1_500_000))
    assert received.ticket is not None

    [kept] = (await desk.ticket(OPERATOR, received.ticket)).messages
    assert len(kept.text) == 1_000_000


ANA, BEN, GRACE, LINUS, NOBODY = (
    person(name) for name in ("ana", "ben", "grace", "linus", "nobody")
)
HUGE = 2**70
Try = Callable[[Desk], Awaitable[object]]

REFUSED: dict[str, Try] = {
    "claim an unknown ticket": lambda desk: desk.claim(GRACE, 999),
    "claim a huge number": lambda desk: desk.claim(GRACE, HUGE),
    "claim what a colleague has": lambda desk: desk.claim(GRACE, 2),
    "claim above capacity": lambda desk: desk.claim(LINUS, 1),
    "claim as a customer": lambda desk: desk.claim(ANA, 1),
    "claim as a stranger": lambda desk: desk.claim(NOBODY, 1),
    "claim as the operator": lambda desk: desk.claim(OPERATOR, 1),
    "claim what is resolved": lambda desk: desk.claim(GRACE, 3),
    "release what nobody has": lambda desk: desk.release(GRACE, 1),
    "release what a colleague has": lambda desk: desk.release(GRACE, 2),
    "reply to nothing": lambda desk: desk.reply(LINUS, 2, "  "),
    "reply on a resolved ticket": lambda desk: desk.reply(LINUS, 3, "hello"),
    "reply on a colleague's ticket": lambda desk: desk.reply(GRACE, 2, "hello"),
    "reply as the customer": lambda desk: desk.reply(BEN, 2, "hello"),
    "note as the customer": lambda desk: desk.note(BEN, 2, "hello"),
    "note nothing": lambda desk: desk.note(GRACE, 2, ""),
    "note on an unknown ticket": lambda desk: desk.note(GRACE, -5, "hello"),
    "resolve twice": lambda desk: desk.resolve(LINUS, 3),
    "resolve a colleague's ticket": lambda desk: desk.resolve(GRACE, 2),
    "resolve as the customer": lambda desk: desk.resolve(BEN, 2),
    "reopen what is live": lambda desk: desk.reopen(BEN, 2),
    "reopen somebody else's": lambda desk: desk.reopen(BEN, 3),
    "confirm somebody else's": lambda desk: desk.confirm(BEN, 3),
    "transfer to nobody": lambda desk: desk.transfer(LINUS, 2, Target()),
    "transfer to two": lambda desk: desk.transfer(LINUS, 2, Target(agent=GRACE, team="returns")),
    "transfer to an unknown agent": lambda desk: desk.transfer(LINUS, 2, Target(agent=NOBODY)),
    "transfer to an unknown skill": lambda desk: desk.transfer(LINUS, 2, Target(skill="juggling")),
    "transfer to an unknown team": lambda desk: desk.transfer(LINUS, 2, Target(team="jugglers")),
    "transfer to NUL": lambda desk: desk.transfer(LINUS, 2, Target(agent=person("\x00"))),
    "transfer to a skill of NUL": lambda desk: desk.transfer(LINUS, 2, Target(skill="\x00")),
    "transfer to a team of half a pair": lambda desk: desk.transfer(
        LINUS, 2, Target(team="\ud800")
    ),
    "transfer to a long name": lambda desk: desk.transfer(
        LINUS, 2, Target(agent=person("x" * 10_000))
    ),
    "transfer to a long skill": lambda desk: desk.transfer(LINUS, 2, Target(skill="x" * 10_000)),
    "transfer to a long team": lambda desk: desk.transfer(LINUS, 2, Target(team="x" * 10_000)),
    "transfer to oneself": lambda desk: desk.transfer(LINUS, 2, Target(agent=LINUS)),
    "transfer to a full agent": lambda desk: desk.transfer(GRACE, 1, Target(agent=LINUS)),
    "escalate without a reason": lambda desk: desk.escalate(LINUS, 2, "\x00 "),
    "escalate what is resolved": lambda desk: desk.escalate(LINUS, 3, "why not"),
    "prioritise what is resolved": lambda desk: desk.set_priority(LINUS, 3, Priority.LOW),
    "add an agent as an agent": lambda desk: desk.add_agent(GRACE, NOBODY, Details()),
    "add an agent as a customer": lambda desk: desk.add_agent(ANA, ANA, Details(role=Role.ADMIN)),
    "add an agent twice": lambda desk: desk.add_agent(OPERATOR, GRACE, Details()),
    "edit an unknown agent": lambda desk: desk.edit_agent(OPERATOR, NOBODY, Details(capacity=2)),
    "edit nothing": lambda desk: desk.edit_agent(OPERATOR, GRACE, Details()),
    "edit to too much": lambda desk: desk.edit_agent(OPERATOR, GRACE, Details(capacity=HUGE)),
    "remove an unknown agent": lambda desk: desk.remove_agent(OPERATOR, NOBODY),
    "remove a customer": lambda desk: desk.remove_agent(OPERATOR, ANA),
    "be available as a customer": lambda desk: desk.set_availability(ANA, Availability.BUSY),
    "invite oneself as a customer": lambda desk: desk.invite_self(ANA),
    "join by a wrong code": lambda desk: desk.join(NOBODY, "wrong"),
    "solve an unknown enquiry": lambda desk: desk.solve_enquiry(ANA, 999),
    "solve somebody else's enquiry": lambda desk: desk.solve_enquiry(BEN, 1),
    "hand over a huge number": lambda desk: desk.hand_over(ANA, HUGE),
    "resend an unknown delivery": lambda desk: desk.resend(GRACE, 999),
    "resend what was sent": lambda desk: desk.resend(GRACE, 1),
    "resend as a customer": lambda desk: desk.resend(ANA, 1),
    "look at an unknown ticket": lambda desk: desk.ticket(GRACE, 999),
    "look at somebody else's ticket": lambda desk: desk.ticket(BEN, 1),
    "ask why as a customer": lambda desk: desk.why(ANA, 1),
    "list agents as a customer": lambda desk: desk.agents(ANA),
    "list agents of an unknown skill": lambda desk: desk.agents(GRACE, skill="juggling"),
    "list the unsent as a customer": lambda desk: desk.unsent(ANA),
    "list after an unknown ticket": lambda desk: desk.tickets(GRACE, Wanted(after=999)),
    "list for an unknown agent": lambda desk: desk.tickets(GRACE, Wanted(assignee=NOBODY)),
}


@pytest.fixture
async def busy_desk(desk: Desk) -> Desk:
    """Ticket 1 waits, 2 is with Linus, 3 is resolved; Grace has room but is on a break."""
    await hire(desk, "linus", team="returns", skills={"billing": 1})
    await open_ticket(desk, by="cleo")
    await open_ticket(desk, by="ben")
    await open_ticket(desk, by="ana")
    await hire(desk, "grace", capacity=0)
    await desk.set_availability(GRACE, Availability.ON_BREAK)
    await desk.edit_agent(OPERATOR, GRACE, Details(capacity=1))
    await desk.transfer(OPERATOR, 3, Target(agent=GRACE))
    await desk.resolve(GRACE, 3)
    await desk.resolve(LINUS, 1)
    await desk.reopen(OPERATOR, 1)
    await desk.courier.deliver_due()
    return desk


async def test_a_refusal_is_one_short_text_and_changes_nothing(
    busy_desk: Desk, database: Database
) -> None:
    before = await all_rows(database)
    for what, attempt in REFUSED.items():  # one desk for all of them, since nothing changes
        try:
            await attempt(busy_desk)
        except DeskError as refusal:
            text = str(refusal)
        else:
            pytest.fail(f"the desk did not refuse to {what}")

        assert SENTENCE.fullmatch(text), f"{what}: {text!r}"
        assert len(text) <= 250, f"{what}: {text!r}"
        assert text.isprintable(), f"{what}: {text!r}"
        assert await all_rows(database) == before, f"to {what} was refused, but changed something"


async def test_every_refusal_can_be_told_apart_by_its_name() -> None:
    kinds = set(DeskError.__subclasses__())

    assert {kind.__name__ for kind in kinds} == {"NotFound", "Conflict", "Forbidden", "Invalid"}


async def test_the_staff_card_of_a_huge_message_stays_readable(desk: Desk, outbox: Outbox) -> None:
    await desk.receive(message(LONG))
    await desk.courier.deliver_due()

    [card] = [each.card for each in outbox.to(STAFF_ROOM)]
    assert len(card.quote) <= 1_500
