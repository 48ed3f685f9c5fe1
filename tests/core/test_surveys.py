"""CSAT: asked once a ticket is closed, answered once, seen by staff."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed, read
from core.cards import plain
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import RoleTooLow
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.surveys import NotAsked, NotRated, RatedAlready
from core.vocabulary import OPERATOR, Policy
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import HOUSE, STAFF_ROOM, hire, open_ticket, person


async def closed(desk: Desk, *, by: str = "ana") -> int:
    """Grace resolves a ticket and its customer says yes; its number."""
    number = await open_ticket(desk, by=by)
    await desk.reply(person("grace"), number, "Press it.", article="press-it")
    await desk.resolve(person("grace"), number)
    await desk.confirm(person(by), number)
    return number


async def test_after_closing_a_button_says_how_it_was_and_another_adds_a_word(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    number = await closed(desk)
    await desk.courier.deliver_due()
    question = outbox.to("ana")[-1]
    five = question.card.buttons[-1]
    ana = person("ana")

    said = await carry_out(desk, ana, pressed(COMMANDS, five.action, five.value, by=ana))
    await carry_out(desk, ana, read(COMMANDS, f"/survey comment {number} so quick!", by=ana))
    await desk.courier.deliver_due()

    assert [button.label[-1] for button in question.card.buttons] == ["1", "2", "3", "4", "5"]
    assert "😍 5 of 5" in said.card.text
    now = outbox.posts[outbox.id_of(question)]
    assert now.buttons == ()
    assert "We have your words" in now.text
    room = outbox.texts(STAFF_ROOM)
    assert f"⭐ Ana gave #{number} 5 of 5" in room
    assert any("so quick!" in text for text in room)
    assert not any("not satisfied" in text for text in room)


async def test_after_a_silence_it_is_asked_too_and_only_once(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)
    clock.advance(timedelta(days=3))
    await asyncio.gather(*(desk.close_resolved() for _ in range(3)))
    await desk.close_resolved()
    await desk.courier.deliver_due()

    assert sum("How did we do" in text for text in outbox.texts("ana")) == 1


async def test_a_low_score_is_posted_in_the_staff_room_with_the_agent_and_the_words(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    number = await closed(desk)
    await desk.rate(person("ana"), number, 2)
    await desk.courier.deliver_due()
    await desk.comment_rating(person("ana"), number, "it still smokes")
    await desk.courier.deliver_due()

    low = [each for each in outbox.to(STAFF_ROOM) if "not satisfied" in each.card.footnote]
    assert len({outbox.id_of(each) for each in low}) == 1
    shown = plain(outbox.posts[outbox.id_of(low[0])])
    assert "2 of 5" in shown
    assert "Grace" in shown
    assert "it still smokes" in shown


async def test_leads_see_what_customers_thought_by_agent_category_and_article(desk: Desk) -> None:
    await hire(desk, "grace")
    for name, score in (("ana", 5), ("ben", 4), ("cleo", 1)):
        await desk.rate(person(name), await closed(desk, by=name), score)
    await closed(desk, by="dora")

    found = await desk.satisfaction(OPERATOR)
    call = read(COMMANDS, "/survey stats days:7", by=OPERATOR)
    shown = plain((await carry_out(desk, OPERATOR, call)).card)

    assert (found.asked, found.answered, found.counts[1]) == (4, 3, 1)
    assert found.average == pytest.approx(10 / 3)
    assert found.satisfied == pytest.approx(2 / 3)
    assert [(each.name, each.answered) for each in found.by_agent] == [("Grace", 3)]
    assert [(each.name, each.answered) for each in found.by_article] == [("press-it", 3)]
    assert "3.33 of 5" in shown
    assert "67%" in shown
    assert "3 of 4" in shown


async def test_without_an_answer_there_are_no_figures(desk: Desk) -> None:
    found = await desk.satisfaction(OPERATOR)
    call = read(COMMANDS, "/survey stats", by=OPERATOR)

    assert (found.average, found.satisfied) == (None, None)
    assert "Nobody has answered yet" in (await carry_out(desk, OPERATOR, call)).card.text


async def test_nobody_is_asked_where_it_is_turned_off(open_desk: OpenDesk, outbox: Outbox) -> None:
    desk = open_desk(replace(HOUSE, policy=Policy(surveys=False)))
    await hire(desk, "grace")
    number = await closed(desk)
    await desk.courier.deliver_due()

    assert not any("How did we do" in text for text in outbox.texts("ana"))
    with pytest.raises(NotAsked):
        await desk.rate(person("ana"), number, 5)


ANA, BEN = person("ana"), person("ben")

# Ticket 1 of ana is closed and rated with 4, 2 of ben is closed, 3 of cleo is open.
REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "with 0": (lambda desk: desk.rate(BEN, 2, 0), Invalid),
    "with 6": (lambda desk: desk.rate(BEN, 2, 6), Invalid),
    "of somebody else": (lambda desk: desk.rate(ANA, 2, 5), UnknownTicket),
    "by its agent": (lambda desk: desk.rate(person("grace"), 2, 5), UnknownTicket),
    "by the operator": (lambda desk: desk.rate(OPERATOR, 2, 5), UnknownTicket),
    "that is not there": (lambda desk: desk.rate(ANA, 99, 5), UnknownTicket),
    "that is not closed": (lambda desk: desk.rate(person("cleo"), 3, 5), NotAsked),
    "again with another number": (lambda desk: desk.rate(ANA, 1, 1), RatedAlready),
    "by a word without a number": (lambda desk: desk.comment_rating(BEN, 2, "ok"), NotRated),
    "by an empty word": (lambda desk: desk.comment_rating(ANA, 1, " \n"), Invalid),
    "looked at by an agent": (lambda desk: desk.satisfaction(person("grace")), RoleTooLow),
    "looked at for 0 days": (lambda desk: desk.satisfaction(OPERATOR, days=0), Invalid),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_rating_is_refused(desk: Desk, database: Database, what: str) -> None:
    await hire(desk, "grace")
    await desk.rate(ANA, await closed(desk), 4)
    await closed(desk, by="ben")
    await open_ticket(desk, by="cleo")
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_of_five_buttons_pressed_at_once_one_counts(desk: Desk, outbox: Outbox) -> None:
    await hire(desk, "grace")
    for number in range(ROUNDS):
        ticket = await closed(desk, by=f"customer-{number}")
        results = await asyncio.gather(
            *(desk.rate(person(f"customer-{number}"), ticket, score) for score in range(1, 6)),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert len(failures) == 4
        assert {type(each) for each in failures} == {RatedAlready}
    found = await desk.satisfaction(OPERATOR)
    assert found.answered == found.asked == ROUNDS
