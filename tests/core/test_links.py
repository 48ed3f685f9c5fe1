"""Tickets that have to do with each other, and a ticket that is a part of another one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import NotStaff
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.lifecycle import AlreadyResolved, NotYours
from core.tickets.links import (
    ChildrenLive,
    Circle,
    LinkedAlready,
    MergedAway,
    NotLinked,
    SecondParent,
)
from core.vocabulary import OPERATOR, Role, Status, Wanted
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, open_ticket, person

GRACE, LINUS, ANA = person("grace"), person("linus"), person("ana")
RESOLVED = Status.RESOLVED


async def family_of(desk: Desk, number: int) -> tuple[int | None, list[int], list[int]]:
    kin = (await desk.ticket(OPERATOR, number)).family
    parent = kin.parent.number if kin.parent else None
    return parent, [each.number for each in kin.children], [each.number for each in kin.related]


async def found(desk: Desk, words: str) -> list[int]:
    page = await desk.tickets(OPERATOR, Wanted(filter=words))
    return [each.id for each in page.tickets]


async def some(desk: Desk, count: int = 4) -> None:
    """Tickets of c1, c2, … that are all grace's."""
    await hire(desk, "grace", capacity=count + 2)
    for number in range(1, count + 1):
        await open_ticket(desk, f"matter {number}", by=f"c{number}")


async def test_links_stand_on_both_cards_and_can_be_found(desk: Desk, outbox: Outbox) -> None:
    await some(desk)
    await desk.link_tickets(GRACE, 2, 1)
    await desk.make_child(GRACE, 3, 1)
    await desk.make_child(GRACE, 4, 3)
    await desk.courier.deliver_due()

    assert await family_of(desk, 1) == (None, [3], [2])
    assert await family_of(desk, 3) == (1, [4], [])
    assert await found(desk, "parent:1") == [3]
    assert await found(desk, "linked:#1") == [2, 3]
    assert await found(desk, "linked:3 -parent:3") == [1]
    cards = {card.title: card for card in outbox.posts.values()}
    shown = {field.label: field.value for field in cards["🎫 #1 matter 1"].fields}
    assert (shown["Children"], shown["Linked"]) == ("#3", "#2")
    assert (await desk.ticket(person("c1"), 1)).family.children == ()
    assert outbox.to(STAFF_ROOM)

    await desk.unlink_tickets(GRACE, 1, 2)
    await desk.unlink_tickets(GRACE, 1, 3)
    assert await family_of(desk, 1) == (None, [], [])


async def test_related_tickets_can_become_parent_and_child(desk: Desk) -> None:
    await some(desk, 2)
    await desk.link_tickets(GRACE, 1, 2)
    await desk.make_child(GRACE, 1, 2)

    assert await family_of(desk, 1) == (2, [], [])
    await desk.unlink_tickets(GRACE, 2, 1)
    assert await family_of(desk, 2) == (None, [], [])


async def test_a_parent_is_resolved_with_all_that_is_below_and_each_customer_is_told(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    await some(desk)
    await desk.make_child(GRACE, 2, 1)
    await desk.make_child(GRACE, 3, 2)
    with pytest.raises(ChildrenLive, match="#2, #3"):
        await desk.resolve(GRACE, 1, "The mains are back.")

    await desk.resolve(GRACE, 1, "The mains are back.", children=True)
    await desk.courier.deliver_due()

    for number in (1, 2, 3):
        assert (await desk.ticket(OPERATOR, number)).ticket.status is RESOLVED
        assert any("The mains are back." in each for each in outbox.texts(f"c{number}"))
    assert (await desk.ticket(OPERATOR, 4)).ticket.status is Status.OPEN
    assert await violations(database) == []


async def test_a_parent_can_leave_its_children_and_needs_no_word_once_they_are_done(
    desk: Desk,
) -> None:
    await some(desk)
    await desk.make_child(GRACE, 2, 1)
    await desk.make_child(GRACE, 4, 3)
    await desk.resolve(GRACE, 1, children=False)
    await desk.resolve(GRACE, 4)
    await desk.resolve(GRACE, 3)

    assert (await desk.ticket(OPERATOR, 2)).ticket.status is Status.OPEN


async def test_what_one_child_is_refused_for_changes_none(desk: Desk, database: Database) -> None:
    await some(desk, 3)
    await hire(desk, "linus", capacity=3, role=Role.LEAD)
    await desk.release(GRACE, 3)
    await desk.claim(LINUS, 3) if await found(desk, "assignee:nobody") else None
    await desk.make_child(GRACE, 2, 1)
    await desk.make_child(GRACE, 3, 1)
    before = await all_rows(database)

    with pytest.raises(NotYours):
        await desk.resolve(GRACE, 1, "done", children=True)

    assert await all_rows(database) == before


# 1 is the parent of 2, which is the parent of 3; 1 and 4 are related; 5 is resolved; 6 was merged
# into 4 (of one customer with it); all of it is grace's.
REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "link by a customer": (lambda desk: desk.link_tickets(person("c1"), 1, 3), NotStaff),
    "link to itself": (lambda desk: desk.link_tickets(GRACE, 1, 1), Invalid),
    "link to nothing": (lambda desk: desk.link_tickets(GRACE, 1, 99), UnknownTicket),
    "link of nothing": (lambda desk: desk.link_tickets(GRACE, 99, 1), UnknownTicket),
    "link twice": (lambda desk: desk.link_tickets(GRACE, 1, 4), LinkedAlready),
    "link back": (lambda desk: desk.link_tickets(GRACE, 4, 1), LinkedAlready),
    "link a child": (lambda desk: desk.link_tickets(GRACE, 2, 1), LinkedAlready),
    "link a parent": (lambda desk: desk.link_tickets(GRACE, 1, 2), LinkedAlready),
    "link what was merged": (lambda desk: desk.link_tickets(GRACE, 6, 1), MergedAway),
    "child by a customer": (lambda desk: desk.make_child(person("c1"), 4, 1), NotStaff),
    "child of itself": (lambda desk: desk.make_child(GRACE, 1, 1), Invalid),
    "child of nothing": (lambda desk: desk.make_child(GRACE, 4, 99), UnknownTicket),
    "child twice": (lambda desk: desk.make_child(GRACE, 2, 1), LinkedAlready),
    "second parent": (lambda desk: desk.make_child(GRACE, 2, 4), SecondParent),
    "child of its child": (lambda desk: desk.make_child(GRACE, 1, 2), LinkedAlready),
    "child of its grandchild": (lambda desk: desk.make_child(GRACE, 1, 3), Circle),
    "child of what is resolved": (lambda desk: desk.make_child(GRACE, 4, 5), AlreadyResolved),
    "child of what was merged": (lambda desk: desk.make_child(GRACE, 1, 6), MergedAway),
    "unlink by a customer": (lambda desk: desk.unlink_tickets(person("c1"), 1, 2), NotStaff),
    "unlink itself": (lambda desk: desk.unlink_tickets(GRACE, 1, 1), Invalid),
    "unlink what is not linked": (lambda desk: desk.unlink_tickets(GRACE, 1, 3), NotLinked),
    "unlink nothing": (lambda desk: desk.unlink_tickets(GRACE, 99, 1), UnknownTicket),
    "resolve with live children": (lambda desk: desk.resolve(GRACE, 1), ChildrenLive),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_link_is_refused_and_nothing_changes(
    desk: Desk, database: Database, what: str
) -> None:
    await some(desk, 5)
    await open_ticket(desk, "matter 6", by="c6")
    await desk.make_child(GRACE, 2, 1)
    await desk.make_child(GRACE, 3, 2)
    await desk.link_tickets(GRACE, 4, 1)
    await desk.resolve(GRACE, 5)
    await desk.merge(OPERATOR, 6, 4, force=True)
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_children_made_at_once_make_no_circle_and_no_second_parent(
    desk: Desk, database: Database
) -> None:
    """Four tickets in a ring: two links that know nothing of each other would close it."""
    await hire(desk, "grace", capacity=1, role=Role.LEAD)
    for played in range(ROUNDS):
        one, two, three, four = [
            await open_ticket(desk, "a part of it", by=f"c{played}-{n}") for n in range(4)
        ]
        await desk.make_child(GRACE, one, two)
        await desk.make_child(GRACE, three, four)
        results = await asyncio.gather(
            desk.make_child(GRACE, two, three),
            desk.make_child(GRACE, four, one),
            desk.make_child(OPERATOR, two, four),
            desk.link_tickets(GRACE, one, three),
            desk.link_tickets(GRACE, three, one),
            desk.unlink_tickets(OPERATOR, one, two),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert all(isinstance(each, DeskError) for each in failures), failures
        assert await circles(database) == []
    assert await violations(database) == []


async def circles(database: Database) -> list[int]:
    """The tickets that are their own ancestors, and those with two parents or a wrong count."""
    async with database.reading() as session:
        links = (
            await session.execute(text("select ticket_id, other_id, tie from ticket_links"))
        ).all()
        counts = (await session.execute(text("select id, links from tickets"))).all()
    parents: dict[int, int] = {}
    wrong = []
    for child, parent, tie in links:
        if tie == "child":
            wrong += [child] if child in parents else []
            parents[child] = parent
    for start in parents:
        above, seen = parents.get(start), set[int]()
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        wrong += [start] if start in seen else []
    ends = [end for row in links for end in row[:2]]
    return wrong + [number for number, count in counts if ends.count(number) != count]
