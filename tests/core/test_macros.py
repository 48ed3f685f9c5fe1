"""Macros: written, translated, and used as a whole or not at all."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from core.desk import Desk
from core.errors import DeskError
from core.model import History, Message
from core.storage.database import Database
from core.tickets.finding_macros import UnknownMacro
from core.tickets.macro_words import BadWords, NothingToSay
from core.tickets.macros import BadMacro, ForLeads, MacroIsThere
from core.tickets.using import MacroRefused
from core.vocabulary import OPERATOR, Availability, Details, Doing, FieldWanted, Role, Status
from tests.core.test_kinds import returned
from tests.core.test_races import together
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import hire, open_ticket, person

GRACE, LINUS, LEAD = person("grace"), person("linus"), person("lead")


@pytest.fixture
async def crew(desk: Desk) -> Desk:
    """Grace, who gets the first ticket; Linus and a lead, who hold none by themselves."""
    await hire(desk, "grace")
    await hire(desk, "linus", capacity=0, team="returns")
    await hire(desk, "lead", capacity=0, role=Role.LEAD)
    return desk


async def told(desk: Desk, number: int) -> list[tuple[str, str]]:
    """What happened to a ticket, each with the macro that did it."""
    kept = (await desk.ticket_past(OPERATOR, number)).history
    return [(each.event, each.facts["macro"]) for each in kept if "macro" in each.facts]


async def last_reply(desk: Desk, number: int) -> str:
    return (await desk.ticket(OPERATOR, number)).messages[-1].text


async def test_a_macro_says_and_does_all_of_it_each_with_its_name_in_history(
    crew: Desk, outbox: Outbox
) -> None:
    number = await open_ticket(crew)
    await crew.tag(GRACE, number, add=["waiting"])
    doing = Doing(
        status="resolved", tags="+refund, -waiting", priority="low", category="Billing", kind="problem"
    )  # fmt: skip
    text = "Hello {customer.first_name}, #{ticket.number} ({ticket.subject}) is done. {agent.name}"
    await crew.add_macro(LEAD, "Refund-Sent", text, doing, shared=True)

    used = await crew.use_macro(GRACE, "refund-sent", number)
    await crew.courier.deliver_due()

    ticket = used.ticket
    assert (ticket.status, ticket.priority.label) == (Status.RESOLVED, "low")
    assert (ticket.category, ticket.kind) == ("billing", "problem")
    assert await crew.tags(GRACE, number) == ["refund"]
    assert await last_reply(crew, number) == "Hello Ana, #1 (the printer smokes) is done. Grace"
    assert any(card.card.text.startswith("Hello Ana") for card in outbox.to("ana"))
    assert await told(crew, number) == [
        (event, "refund-sent")
        for event in (
            "KindChanged",
            "PriorityChanged",
            "CategoryChanged",
            "TicketTagged",
            "AgentReplied",
            "TicketResolved",
            "MacroUsed",
        )
    ]
    assert used.did == (
        "reply, status resolved, tags +refund,-waiting, priority low, category billing, kind problem"
    )


@pytest.mark.parametrize(
    ("doing", "status", "assignee"),
    [
        (Doing(), Status.PENDING, "Grace"),
        (Doing(status="pending"), Status.PENDING, "Grace"),
        (Doing(status="on hold", waits_for="the carrier"), Status.ON_HOLD, "Grace"),
        (Doing(status="resolved"), Status.RESOLVED, "Grace"),
        (Doing(assign="me"), Status.PENDING, "Grace"),
        (Doing(assign="release"), Status.NEW, None),
        (Doing(team="returns"), Status.NEW, None),
    ],
)
async def test_what_a_macro_leaves_is_what_the_verbs_leave(
    crew: Desk, doing: Doing, status: Status, assignee: str | None
) -> None:
    number = await open_ticket(crew)
    await crew.add_macro(GRACE, "m", "We are on it.", doing)

    ticket = (await crew.use_macro(GRACE, "m", number)).ticket

    assert ticket.status is status
    assert (ticket.assignee.name if ticket.assignee else None) == assignee


async def test_a_macro_passes_a_ticket_on_to_an_agent(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "linus")
    await desk.add_macro(GRACE, "to-linus", "", Doing(agent=LINUS))

    ticket = (await desk.use_macro(GRACE, "to-linus", number)).ticket
    assert ticket.assignee is not None
    assert ticket.assignee.name == "Linus"

    await desk.remove_agent(OPERATOR, LINUS)
    with pytest.raises(MacroRefused, match="is no longer on the support team"):
        await desk.use_macro(GRACE, "to-linus", number)


async def test_a_macro_takes_a_waiting_ticket_and_answers_it(crew: Desk) -> None:
    await open_ticket(crew)
    waiting = await open_ticket(crew, by="ben")
    await crew.resolve(GRACE, 1)
    await crew.release(GRACE, waiting)
    await crew.add_macro(GRACE, "mine", "I take care of it.", Doing(assign="me"))

    ticket = (await crew.use_macro(GRACE, "mine", waiting)).ticket

    assert ticket.assignee is not None
    assert ticket.status is Status.PENDING


@pytest.mark.parametrize(
    ("doing", "reason"),
    [
        (Doing(kind="return"), "Nothing is being returned on #1."),
        (Doing(status="resolved"), "Before #1 is resolved, fill in serial"),
        (Doing(tags="+one,+two"), "would have more than 20 tags"),
    ],
)
async def test_a_macro_that_cannot_do_one_thing_does_nothing_and_says_why(
    crew: Desk, database: Database, doing: Doing, reason: str
) -> None:
    number = await open_ticket(crew)
    await crew.tag(GRACE, number, add=[f"t{n}" for n in range(19)])
    await crew.add_field(OPERATOR, "serial", FieldWanted(required=True))
    await crew.add_macro(GRACE, "m", "It is done.", doing)
    before = await all_rows(database)

    with pytest.raises(MacroRefused) as refused:
        await crew.use_macro(GRACE, "m", number)

    assert str(refused.value).startswith("The macro m did nothing. ")
    assert reason in str(refused.value)
    assert await all_rows(database) == before


async def test_a_macro_does_not_resolve_a_ticket_before_its_children(crew: Desk) -> None:
    await crew.edit_agent(OPERATOR, GRACE, Details(capacity=2))
    parent, child = await open_ticket(crew), await open_ticket(crew, by="ben")
    await crew.make_child(GRACE, child, parent)
    await crew.add_macro(LEAD, "done", "It is done.", Doing(status="resolved"), shared=True)

    with pytest.raises(MacroRefused, match=f"#{child}"):
        await crew.use_macro(GRACE, "done", parent)

    await crew.resolve(GRACE, child)
    used = await crew.use_macro(GRACE, "done", parent)
    assert used.ticket.status is Status.RESOLVED


async def test_a_colleagues_ticket_and_a_resolved_one_refuse_a_macro(crew: Desk) -> None:
    number = await open_ticket(crew)
    await crew.add_macro(LEAD, "m", "It is done.", Doing(), shared=True)
    with pytest.raises(MacroRefused, match="is with Grace"):
        await crew.use_macro(LINUS, "m", number)
    await crew.use_macro(LEAD, "m", number)
    await crew.resolve(GRACE, number)
    with pytest.raises(MacroRefused, match="is resolved already"):
        await crew.use_macro(GRACE, "m", number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {customer.name}", "Hello Ana"),
        ("Hello { customer.first_name | there }", "Hello Ana"),
        ("{customer.company|your company}", "your company"),
        ("{customer.company|}x", "x"),
        ("{order.number|your order}", "your order"),
        ("{ticket.kind} {ticket.priority} {ticket.category|none}", "question normal none"),
        ("{agent.first_name}", "Grace"),
        ("{field.serial}", "A\\_1"),
        ("{field.miles|?}", "?"),
        ("{{customer.name}} }}", "{customer.name} }"),
        ("no fields", "no fields"),
    ],
)
async def test_the_fields_of_a_macro_are_filled_in(crew: Desk, text: str, said: str) -> None:
    number = await open_ticket(crew)
    await crew.add_field(OPERATOR, "serial", FieldWanted())
    await crew.add_field(OPERATOR, "miles", FieldWanted())
    await crew.set_field(GRACE, number, "serial", "A_1")
    await crew.add_macro(GRACE, "m", text, Doing())

    assert await crew.macro_words(GRACE, "m", number) == said
    await crew.use_macro(GRACE, "m", number)
    assert await last_reply(crew, number) == said


async def test_the_order_is_the_one_that_is_being_returned(crew: Desk) -> None:
    number, _ = await returned(crew)
    await crew.add_macro(GRACE, "m", "About {order.number}: it is on its way.", Doing())

    assert await crew.macro_words(GRACE, "m", number) == "About A-1001: it is on its way."


async def test_what_is_empty_and_has_nothing_instead_is_refused_at_use(crew: Desk) -> None:
    number = await open_ticket(crew)
    await crew.add_macro(GRACE, "m", "About {order.number}: {customer.company}", Doing())

    with pytest.raises(NothingToSay, match=r"#1 has no order.number\. Written as {order.number\|"):
        await crew.macro_words(GRACE, "m", number)
    with pytest.raises(MacroRefused, match="has no order"):
        await crew.use_macro(GRACE, "m", number)
    await crew.use_macro(GRACE, "m", number, "What I wrote instead.")
    assert await last_reply(crew, number) == "What I wrote instead."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Hallo Ana"),
        ("de-at", "Servus Ana"),
        ("de-ch", "Hallo Ana"),
        ("fr", "Hello Ana"),
        ("", "Hello Ana"),
    ],
)
async def test_a_customer_is_spoken_to_in_their_language(
    crew: Desk, language: str, said: str
) -> None:
    number = await open_ticket(crew)
    await crew.edit_customer(OPERATOR, "c-1", {"language": language})
    await crew.add_macro(GRACE, "hello", "Hello {customer.name}", Doing())
    await crew.translate_macro(GRACE, "hello", "de", "Hallo {customer.name}")
    await crew.translate_macro(GRACE, "hello", "de-AT", "Servus {customer.name}")

    await crew.use_macro(GRACE, "hello", number)

    assert await last_reply(crew, number) == said


async def test_a_translation_is_replaced_and_taken_away(crew: Desk) -> None:
    await crew.add_macro(GRACE, "hello", "Hello", Doing())
    for said in ("Hallo", "Guten Tag"):
        await crew.translate_macro(GRACE, "hello", "DE", said)
    assert (await crew.macro(GRACE, "hello")).translations == {"de": "Guten Tag"}

    await crew.translate_macro(GRACE, "hello", "de", "none")

    assert (await crew.macro(GRACE, "hello")).translations == {}


async def test_ones_own_macro_comes_before_everybodys_and_is_ones_own(crew: Desk) -> None:
    await crew.add_macro(LEAD, "hello", "from everybody", Doing(), shared=True)
    await crew.add_macro(GRACE, "hello", "from Grace", Doing())

    assert (await crew.macro(GRACE, "hello")).macro.text == "from Grace"
    assert (await crew.macro(LINUS, "hello")).macro.text == "from everybody"
    assert [each.text for each in await crew.known_macros(GRACE)] == ["from Grace"]
    with pytest.raises(MacroIsThere):
        await crew.add_macro(GRACE, "hello", "again", Doing())
    attempts: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: crew.add_macro(LINUS, "x", "x", Doing(), shared=True),
        lambda: crew.edit_macro(LINUS, "hello", "x", Doing()),
        lambda: crew.translate_macro(LINUS, "hello", "de", "x"),
        lambda: crew.remove_macro(LINUS, "hello"),
    )
    for attempt in attempts:
        with pytest.raises(ForLeads):
            await attempt()
    await crew.remove_macro(GRACE, "hello")
    assert (await crew.macro(GRACE, "hello")).macro.text == "from everybody"


async def test_a_macro_is_changed_in_parts_and_forgotten(crew: Desk) -> None:
    await crew.add_macro(GRACE, "m", "Thanks", Doing(priority="high", tags="vip"))
    await crew.edit_macro(GRACE, "m", "", Doing(priority="none", category="billing"))
    macro = (await crew.macro(GRACE, "m")).macro
    assert (macro.text, macro.does) == ("Thanks", {"tags": "+vip", "category": "billing"})

    await crew.edit_macro(GRACE, "m", "none", Doing())
    assert (await crew.macro(GRACE, "m")).macro.text == ""
    with pytest.raises(BadMacro, match="says something or does something"):
        await crew.edit_macro(GRACE, "m", "", Doing(tags="none", category="none"))
    await crew.remove_macro(GRACE, "m")
    with pytest.raises(UnknownMacro):
        await crew.macro(GRACE, "m")


async def test_a_field_that_is_not_there_is_refused_when_the_macro_is_written(crew: Desk) -> None:
    with pytest.raises(BadWords) as refused:
        await crew.add_macro(GRACE, "m", "Hello {customer.nmae}", Doing())

    assert str(refused.value).startswith(
        "There is no field {customer.nmae}. Did you mean {customer.name}? There is customer.name, "
    )


async def test_of_two_who_use_a_macro_that_resolves_at_once_one_does(
    crew: Desk, database: Database
) -> None:
    await crew.add_macro(LEAD, "done", "It is done.", Doing(status="resolved"), shared=True)
    for round_ in range(ROUNDS):
        number = await open_ticket(crew, by=f"customer-{round_}")

        results = await together(
            crew.use_macro(GRACE, "done", number), crew.use_macro(LEAD, "done", number)
        )

        assert sorted(type(each).__name__ for each in results) == ["MacroRefused", "Used"]
        async with database.reading() as session:
            replies = select(func.count()).where(
                Message.ticket_id == number, Message.text == "It is done."
            )
            assert await session.scalar(replies) == 1
            used = select(History).where(History.ticket_id == number, History.event == "MacroUsed")
            assert len((await session.scalars(used)).all()) == 1


async def test_a_macro_that_takes_and_claims_at_once_leave_one_holder(crew: Desk) -> None:
    await crew.edit_agent(OPERATOR, LINUS, Details(capacity=1))
    await crew.add_macro(OPERATOR, "mine", "I take care of it.", Doing(assign="me"))
    await crew.set_availability(GRACE, Availability.ON_BREAK)
    await crew.set_availability(LINUS, Availability.ON_BREAK)
    for round_ in range(ROUNDS):
        number = await open_ticket(crew, by=f"customer-{round_}")

        results = await together(crew.use_macro(GRACE, "mine", number), crew.claim(LINUS, number))

        assert sum(isinstance(each, DeskError) for each in results) == 1
        ticket = (await crew.ticket(OPERATOR, number)).ticket
        assert ticket.assignee is not None
        assert ticket.status is (Status.PENDING if ticket.assignee.name == "Grace" else Status.OPEN)
        await crew.resolve(OPERATOR, number)
