"""Kinds of tickets: the built-in ones keep their meaning, and a desk makes its own."""

import pytest
from sqlalchemy import select

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.model import Ticket
from core.storage.database import Database
from core.tickets.kinds import (
    BadAbout,
    BadKindName,
    KindInUse,
    KindIsBuiltIn,
    KindIsThere,
    NoReturn,
    ReturnUnderWay,
    UnknownKind,
)
from core.vocabulary import OPERATOR, BulkWhat, Reason, ReturnWanted, Role, Wanted
from tests.core.test_races import together
from tests.core.test_returns import ORDER
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def kind_of(desk: Desk, number: int) -> str:
    return (await desk.ticket(OPERATOR, number)).ticket.kind


async def found(desk: Desk, by: Who, text: str) -> set[int]:
    return {ticket.id for ticket in (await desk.tickets(by, Wanted(filter=text))).tickets}


async def returned(desk: Desk) -> tuple[int, int]:
    """Ana's return: its ticket, and its number."""
    await desk.take_in_orders([ORDER])
    made = await desk.request_return(
        person("ana"), "A-1001", ReturnWanted(quantities={"LAMP": 1}, reason=Reason.DEFECTIVE)
    )
    return made.ticket_id, made.id


async def test_a_desk_begins_with_four_kinds_and_makes_its_own(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.add_kind(OPERATOR, " Repair ", "Something  is mended.")
    await desk.edit_kind(OPERATOR, "repair", "Something of ours is mended.")

    there = await desk.ticket_kinds(grace)

    assert [kind.name for kind in there] == ["question", "problem", "return", "other", "repair"]
    assert there[-1].about == "Something of ours is mended."
    assert [kind.is_built_in for kind in there] == [True, True, True, True, False]


async def test_a_ticket_is_a_question_until_somebody_says_otherwise(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    await desk.add_kind(OPERATOR, "repair", "Something is mended.")
    number = await open_ticket(desk)
    assert await kind_of(desk, number) == "question"

    await desk.set_kind(grace, number, "Repair")
    await desk.courier.deliver_due()

    assert await kind_of(desk, number) == "repair"
    assert await found(desk, grace, "kind:repair") == {number}
    assert await found(desk, grace, "kind:question,problem") == set()
    card = outbox.to(STAFF_ROOM)[-1].card
    assert ("Kind", "repair") in [(field.label, field.value) for field in card.fields]


async def test_a_filter_with_a_wrong_kind_says_which_there_are(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.add_kind(OPERATOR, "repair", "Something is mended.")
    tries = (
        lambda: desk.tickets(grace, Wanted(filter="kind:repiar")),
        lambda: desk.save_view(grace, "mending", "kind:repiar"),
    )
    for attempt in tries:
        with pytest.raises(DeskError) as refused:
            await attempt()
        assert str(refused.value) == (
            "I do not understand “kind:repiar”: did you mean repair? "
            "There is question, problem, return, other, repair."
        )


async def test_a_ticket_becomes_a_return_only_with_one_and_stays_it_while_one_is_under_way(
    desk: Desk,
) -> None:
    grace = await hire(desk, "grace")
    number, made = await returned(desk)
    other = await open_ticket(desk, by="ben")

    with pytest.raises(NoReturn):
        await desk.set_kind(grace, other, "return")
    with pytest.raises(ReturnUnderWay, match="is requested"):
        await desk.set_kind(grace, number, "question")
    await desk.accept_return(grace, made)
    with pytest.raises(ReturnUnderWay, match="is accepted"):
        await desk.set_kind(grace, number, "problem")
    await desk.receive_return(grace, made)
    await desk.refund_return(grace, made)
    await desk.set_kind(grace, number, "problem")
    await desk.set_kind(grace, number, "return")

    assert await kind_of(desk, number) == "return"


async def test_a_live_ticket_that_becomes_a_return_says_so_in_its_history(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)

    assert (await returned(desk))[0] == number

    kept = (await desk.ticket_past(OPERATOR, number)).history
    changes = [each.facts for each in kept if each.event == "KindChanged"]
    assert changes == [{"kind": "return", "was": "question"}]


async def test_a_kind_is_removed_once_no_live_ticket_is_of_it(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.add_kind(OPERATOR, "repair", "Something is mended.")
    number = await open_ticket(desk)
    await desk.set_kind(grace, number, "repair")
    with pytest.raises(KindInUse, match="1 live ticket is"):
        await desk.remove_kind(OPERATOR, "repair")

    await desk.resolve(grace, number)
    await desk.remove_kind(OPERATOR, "repair")

    assert await kind_of(desk, number) == "repair"
    assert await found(desk, grace, "kind:repair status:any") == {number}
    with pytest.raises(UnknownKind):
        await desk.set_kind(grace, await open_ticket(desk, by="ben"), "repair")
    await desk.add_kind(OPERATOR, "repair", "It is back.")
    assert (await desk.ticket_kinds(grace))[-1].about == "It is back."


@pytest.mark.parametrize(
    ("name", "about", "refusal"),
    [
        ("", "x", BadKindName),
        ("two words", "x", BadKindName),
        ("x" * 21, "x", BadKindName),
        ("1st", "x", BadKindName),
        ("größe", "x", BadKindName),
        ("a\x00b", "x", BadKindName),
        ("repair", " ", BadAbout),
        ("repair", "x" * 121, BadAbout),
        ("return", "x", KindIsThere),
    ],
)
async def test_what_cannot_be_a_kind_is_refused(
    desk: Desk, name: str, about: str, refusal: type[DeskError]
) -> None:
    with pytest.raises(refusal):
        await desk.add_kind(OPERATOR, name, about)


async def test_what_is_built_in_stays_and_only_admins_make_kinds(desk: Desk) -> None:
    ada = await hire(desk, "ada", role=Role.ADMIN)
    grace = await hire(desk, "grace", role=Role.LEAD)

    with pytest.raises(KindIsBuiltIn):
        await desk.remove_kind(ada, "other")
    with pytest.raises(DeskError, match="Only admins"):
        await desk.add_kind(grace, "repair", "x")
    with pytest.raises(UnknownKind, match="Did you mean problem"):
        await desk.edit_kind(ada, "problme", "x")


async def test_many_tickets_become_of_one_kind_and_back(desk: Desk) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD, capacity=9)
    numbers = [await open_ticket(desk, by=name) for name in ("ana", "ben", "cleo")]
    await desk.set_kind(lead, numbers[0], "problem")

    proposed = await desk.propose_bulk(lead, BulkWhat.KIND, "Problem", "")
    assert list(proposed.changed) == numbers[1:]
    await desk.do_bulk(lead, proposed.bulk.id)
    assert await found(desk, lead, "kind:problem") == set(numbers)
    await desk.undo_bulk(lead, proposed.bulk.id)

    assert await found(desk, lead, "kind:problem") == {numbers[0]}


async def test_no_live_ticket_gets_a_kind_that_is_removed_at_that_moment(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    for _ in range(ROUNDS):
        await desk.add_kind(OPERATOR, "repair", "Something is mended.")

        results = await together(
            desk.set_kind(grace, number, "repair"), desk.remove_kind(OPERATOR, "repair")
        )

        refusals = [each for each in results if isinstance(each, Exception)]
        assert [type(each) for each in refusals] in ([KindInUse], [UnknownKind])
        async with database.reading() as session:
            kind = await session.scalar(select(Ticket.kind).where(Ticket.id == number))
        assert (kind == "repair") == isinstance(refusals[0], KindInUse)
        await desk.set_kind(grace, number, "question")
        if isinstance(refusals[0], KindInUse):
            await desk.remove_kind(OPERATOR, "repair")
    await desk.receive(message("still here"))
