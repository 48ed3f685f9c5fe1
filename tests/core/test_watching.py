"""An agent follows a ticket that is somebody else's, and is told of it in few words."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.cards import plain
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import NotStaff
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.watching import NothingToWatch, NotWatched, WatchedAlready
from core.vocabulary import OPERATOR, Details, Role, Target
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import hire, message, open_ticket, person

GRACE, LINUS, ANA = person("grace"), person("linus"), person("ana")


async def watched(desk: Desk) -> int:
    """A ticket of grace's that linus watches."""
    await hire(desk, "grace", capacity=5)
    number = await open_ticket(desk)
    await hire(desk, "linus", capacity=0, role=Role.LEAD)
    await desk.watch(LINUS, number)
    return number


async def told(desk: Desk, outbox: Outbox, who: str = "linus") -> list[str]:
    """What somebody is told of what they watch, in full, card by card."""
    await desk.courier.deliver_due()
    return [plain(each.card).split("\n[")[0] for each in outbox.to(who) if "👀" in each.card.title]


async def test_the_first_word_comes_at_once_and_the_next_minute_is_one_card(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    number = await watched(desk)
    await desk.receive(message("it is on fire now"))
    assert await told(desk, outbox) == ["👀 #1 the printer smokes\nAna: it is on fire now"]

    await desk.reply(GRACE, number, "Run!")
    await desk.note(GRACE, number, "I called the brigade")
    await desk.escalate(GRACE, number, "fire")
    assert len(await told(desk, outbox)) == 1
    clock.advance(timedelta(minutes=1))
    second = (await told(desk, outbox))[1].split("\n")
    assert second[1:4] == [
        "💬 Grace: Run!",
        "📝 Grace, note: I called the brigade",
        "🚨 Escalated: fire",
    ]


async def test_of_a_storm_the_last_lines_are_told_in_one_card(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await watched(desk)
    await desk.receive(message("word 0"))
    await told(desk, outbox)
    for number in range(1, 41):
        await desk.receive(message(f"word {number}"))
    clock.advance(timedelta(minutes=1))

    said = await told(desk, outbox)
    assert len(said) == 2
    assert said[1].split("\n")[1:] == ["…", *(f"Ana: word {n}" for n in range(34, 41))]


async def test_nobody_is_told_of_what_they_did_themselves(desk: Desk, outbox: Outbox) -> None:
    number = await watched(desk)
    await desk.watch(GRACE, number)
    await desk.note(LINUS, number, "look here")

    assert await told(desk, outbox) == []
    assert await told(desk, outbox, "grace") == [
        "👀 #1 the printer smokes\n📝 Linus, note: look here"
    ]


async def test_what_waits_for_a_watcher_holds_nothing_else_up(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    number = await watched(desk)
    await desk.receive(message("word 0"))
    await desk.receive(message("word 1"))
    await desk.edit_agent(OPERATOR, LINUS, Details(capacity=1))
    await desk.transfer(GRACE, number, Target(agent=LINUS))
    await desk.courier.deliver_due()

    assert any(f"#{number} is yours" in text for text in outbox.texts("linus"))


async def test_it_ends_with_the_ticket(desk: Desk, outbox: Outbox, clock: FakeClock) -> None:
    number = await watched(desk)
    await desk.resolve(GRACE, number)
    clock.advance(timedelta(minutes=2))
    await desk.confirm(ANA, number)

    assert (await told(desk, outbox))[-1].endswith("🔒 Closed. You watch it no more.")
    assert await desk.watchers(OPERATOR, number) == []


async def test_it_goes_along_where_a_ticket_is_merged(desk: Desk, outbox: Outbox) -> None:
    number = await watched(desk)
    other = await open_ticket(desk, "another one", by="ben")
    await desk.merge(OPERATOR, number, other, force=True)

    assert await desk.watchers(OPERATOR, other) == ["Linus"]
    assert "which you watch now" in (await told(desk, outbox))[-1]


async def test_who_leaves_the_desk_watches_nothing(desk: Desk, outbox: Outbox) -> None:
    number = await watched(desk)
    await desk.remove_agent(OPERATOR, LINUS)
    await desk.receive(message("still burning"))

    assert await desk.watchers(GRACE, number) == []
    assert await told(desk, outbox) == []


REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "watch by a customer": (lambda desk: desk.watch(ANA, 1), NotStaff),
    "watch by the operator": (lambda desk: desk.watch(OPERATOR, 1), Invalid),
    "watch twice": (lambda desk: desk.watch(LINUS, 1), WatchedAlready),
    "watch nothing": (lambda desk: desk.watch(LINUS, 99), UnknownTicket),
    "watch what is closed": (lambda desk: desk.watch(LINUS, 2), NothingToWatch),
    "unwatch by a customer": (lambda desk: desk.unwatch(ANA, 1), NotStaff),
    "unwatch by the operator": (lambda desk: desk.unwatch(OPERATOR, 1), Invalid),
    "unwatch what one does not watch": (lambda desk: desk.unwatch(GRACE, 1), NotWatched),
    "unwatch nothing": (lambda desk: desk.unwatch(LINUS, 99), UnknownTicket),
    "watchers for a customer": (lambda desk: desk.watchers(ANA, 1), NotStaff),
    "watchers of nothing": (lambda desk: desk.watchers(LINUS, 99), UnknownTicket),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_watching_is_refused_and_nothing_changes(
    desk: Desk, database: Database, what: str
) -> None:
    await watched(desk)
    closed = await open_ticket(desk, by="ben")
    await desk.resolve(GRACE, closed)
    await desk.confirm(person("ben"), closed)
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_many_words_at_once_are_all_told_once(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    number = await watched(desk)
    await asyncio.gather(
        *(desk.note(GRACE, number, f"note {n}") for n in range(3)),
        *(desk.receive(message(f"word {n}")) for n in range(3)),
        desk.courier.deliver_due(),
    )
    clock.advance(timedelta(minutes=1))
    text = "\n".join(await told(desk, outbox))
    clock.advance(timedelta(minutes=1))
    text = "\n".join(await told(desk, outbox))

    for n in range(3):
        assert text.count(f"note: note {n}") == 1
        assert text.count(f"Ana: word {n}") == 1
