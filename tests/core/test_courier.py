"""Deliveries: in order, at least once, and once wherever the platform lets us look."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from core.cards import plain
from core.channels import Channel, OutgoingMessage, Posted, TryLater, Uncertain, Undeliverable
from core.delivery.ledger import NotDead, UnknownDelivery
from core.desk import Desk
from core.people.actors import NotStaff
from core.storage.database import Database
from core.vocabulary import OPERATOR
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Lost, Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person, place

A_WHILE = timedelta(minutes=10)


class Held:
    """A channel whose answer comes when the test lets it."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.reached = asyncio.Event()
        self.let_go = asyncio.Event()

    async def send(self, message: OutgoingMessage) -> str:
        self.reached.set()
        await self.let_go.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        return None


class Slow:
    """A channel that holds on to what it is to say to one person."""

    def __init__(self, channel: Channel, held: Held, person: str) -> None:
        self._channel, self._held, self._person = channel, held, person

    def _for(self, message: OutgoingMessage) -> Channel:
        return self._held if message.address.conversation == self._person else self._channel

    async def send(self, message: OutgoingMessage) -> str | Posted:
        return await self._for(message).send(message)

    async def find_sent(self, message: OutgoingMessage) -> str | Posted | None:
        return await self._for(message).find_sent(message)


async def settled(desk: Desk, *conversations: str) -> None:
    """Wait until everything owed to these is settled."""
    for each in conversations:
        while not all(post.sent for post in await desk.said_at(place(each))):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_nothing_due_is_nothing_sent(desk: Desk) -> None:
    assert await desk.courier.deliver_due() == 0


async def test_what_was_sent_is_not_sent_again(desk: Desk, outbox: Outbox) -> None:
    await open_ticket(desk)
    assert await desk.courier.deliver_due() == 2
    assert await desk.courier.deliver_due() == 0
    assert len(outbox.sent) == 2


async def test_a_channel_that_is_down_loses_nothing_and_keeps_the_order(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    await desk.courier.deliver_due()
    outbox.down = True
    number = await open_ticket(desk)
    for text in ("one", "two", "three"):
        await desk.reply(grace, number, text)
    for _ in range(20):
        await desk.courier.deliver_due()
        clock.advance(A_WHILE)
    assert not outbox.to("ana")

    outbox.down = False
    await desk.courier.deliver_due()

    assert [each.card.text for each in outbox.to("ana")][1:] == ["one", "two", "three"]
    assert outbox.repeated == []


async def test_a_conversation_that_fails_holds_up_itself_and_nobody_else(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await desk.receive(message("hi", by="ana"))
    await desk.receive(message("hello", by="ana"))
    await desk.receive(message("hi", by="ben"))
    outbox.will(TryLater("busy"))  # the first of ana's
    await desk.courier.deliver_due()

    assert [len(outbox.to(who)) for who in ("ana", "ben")] == [0, 1]
    clock.advance(A_WHILE)
    await desk.courier.deliver_due()
    keys = [each.key for each in outbox.to("ana")]
    assert len(keys) == 2
    assert keys == sorted(keys)


async def test_retries_come_with_growing_pauses(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await desk.receive(message("hi"))
    outbox.down = True
    tried_after = []
    for second in range(120):
        before = len(outbox.asked)
        await desk.courier.deliver_due()
        if len(outbox.asked) > before:
            tried_after.append(second)
        clock.advance(timedelta(seconds=1))

    pauses = [later - earlier for earlier, later in itertools.pairwise(tried_after)]
    assert 4 <= len(pauses) <= 7
    assert pauses == sorted(pauses)


async def test_the_platforms_own_retry_after_is_kept_to_the_second(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await desk.receive(message("hi"))
    outbox.will(TryLater("ratelimited", after=timedelta(seconds=37)))
    await desk.courier.deliver_due()
    clock.advance(timedelta(seconds=36))
    assert await desk.courier.deliver_due() == 0

    clock.advance(timedelta(seconds=1))
    assert await desk.courier.deliver_due() == 1
    assert len(outbox.asked) == 2


async def test_what_is_refused_for_good_is_dead_at_once_and_staff_see_it(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    await desk.reply(grace, number, "We are on it.")
    outbox.refuses = {"ana"}
    await desk.courier.deliver_due()
    asked = len(outbox.asked)
    clock.advance(A_WHILE)
    assert await desk.courier.deliver_due() == 0

    assert len(outbox.asked) == asked
    assert [each.error for each in await desk.unsent(grace)] == ["channel_not_found"]
    [shown] = [text for text in outbox.texts(STAFF_ROOM) if "was not delivered" in text]
    assert f"ticket #{number}" in shown


async def test_a_dead_delivery_is_sent_again_on_request(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace")
    await desk.courier.deliver_due()
    outbox.will(Undeliverable("channel_not_found"))
    await desk.receive(message("hi"))
    await desk.courier.deliver_due()
    [dead] = await desk.unsent(OPERATOR)

    await desk.resend(grace, dead.id)
    assert await desk.courier.deliver_due() == 1
    assert len(outbox.to("ana")) == 1
    with pytest.raises(NotDead, match="is sent, not dead"):
        await desk.resend(grace, dead.id)


async def test_a_resent_delivery_has_its_full_time_again(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await desk.receive(message("hi"))
    outbox.refusing = True
    await desk.courier.deliver_due()
    clock.advance(timedelta(days=3))
    outbox.refusing, outbox.down = False, True
    [dead] = [each for each in await desk.unsent(OPERATOR) if each.conversation == "ana"]
    await desk.resend(OPERATOR, dead.id)
    await desk.courier.deliver_due()
    outbox.down = False
    clock.advance(A_WHILE)

    await desk.courier.deliver_due()
    assert len(outbox.to("ana")) == 1


async def test_after_a_day_of_failing_a_delivery_is_dead_and_the_next_goes(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await desk.receive(message("hi"))
    outbox.down = True
    for _ in range(150):
        await desk.courier.deliver_due()
        clock.advance(A_WHILE)
    outbox.down = False
    await desk.receive(message("hello"))
    await desk.courier.deliver_due()

    assert len(outbox.to("ana")) == 1
    [dead] = await desk.unsent(OPERATOR)
    assert dead.error == "the platform is down"


async def test_only_staff_resend_and_only_what_is_there(desk: Desk) -> None:
    with pytest.raises(NotStaff):
        await desk.resend(person("ana"), 1)
    for number in (0, -1, 1, 2**31, 2**70):
        with pytest.raises(UnknownDelivery):
            await desk.resend(OPERATOR, number)


async def test_an_uncertain_send_is_looked_for_before_it_is_repeated(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    outbox.will(Lost(taken=True))
    await desk.receive(message("hi"))
    await desk.courier.deliver_due()
    assert not outbox.looked_for

    clock.advance(A_WHILE)
    assert await desk.courier.deliver_due() == 1
    assert len(outbox.looked_for) == 1
    assert len(outbox.sent) == 1


async def test_an_uncertain_send_that_never_arrived_is_sent(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    outbox.will(Lost(taken=False))
    await desk.receive(message("hi"))
    await desk.courier.deliver_due()
    clock.advance(A_WHILE)
    await desk.courier.deliver_due()

    assert len(outbox.looked_for) == 1
    assert len(outbox.sent) == 1


async def test_where_we_cannot_look_an_uncertain_send_is_repeated_once(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    outbox.can_find = False
    outbox.will(Lost(taken=True))
    await desk.receive(message("hi"))
    for _ in range(3):
        await desk.courier.deliver_due()
        clock.advance(A_WHILE)

    assert len(outbox.sent) == 2
    assert len({each.key for each in outbox.sent}) == 1


@pytest.mark.parametrize(
    "answer", [TryLater("ratelimited"), Uncertain("reset"), RuntimeError("a bug in the channel")]
)
async def test_a_look_that_fails_does_not_forget_that_the_send_is_uncertain(
    desk: Desk, outbox: Outbox, clock: FakeClock, answer: Exception
) -> None:
    outbox.will(Lost(taken=True))
    outbox.will_on_looking(answer)
    await desk.receive(message("hi"))
    for _ in range(3):
        await desk.courier.deliver_due()
        clock.advance(A_WHILE)

    assert len(outbox.looked_for) == 2
    assert len(outbox.sent) == 1


async def test_a_bug_in_a_channel_is_retried_and_told(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    outbox.will(KeyError("ts"))
    await desk.receive(message("hi"))
    await desk.courier.deliver_due()
    [troubled] = await desk.unsent(OPERATOR)
    assert troubled.error == "KeyError: 'ts'"

    clock.advance(A_WHILE)
    assert await desk.courier.deliver_due() == 1


async def test_an_error_that_no_database_keeps_is_settled_all_the_same(
    desk: Desk, outbox: Outbox
) -> None:
    outbox.will(Undeliverable("bad \x00 \ud800 reason"))
    await desk.receive(message("hi"))
    await desk.courier.deliver_due()

    [dead] = await desk.unsent(OPERATOR)
    assert dead.error == "bad  ? reason"


async def test_two_couriers_at_once_send_everything_once(
    open_desk: OpenDesk, outbox: Outbox
) -> None:
    one, other = open_desk(), open_desk()
    for number in range(12):
        await one.receive(message("hi", by=f"customer-{number}"))
        await one.receive(message("thanks", by=f"customer-{number}"))
    outbox.slow = True

    counts = await asyncio.gather(one.courier.deliver_due(), other.courier.deliver_due())
    while await one.courier.deliver_due():
        pass

    assert outbox.repeated == []
    assert len(outbox.sent) == 24
    assert sum(counts) <= 24
    for number in range(12):
        keys = [each.key for each in outbox.to(f"customer-{number}")]
        assert keys == sorted(keys, key=lambda key: int(key.rpartition(":")[2]))


@pytest.mark.parametrize(
    "late", ["stale-post", Undeliverable("gone"), TryLater("busy"), Uncertain("reset")]
)
async def test_a_courier_whose_lease_ran_out_settles_nothing(
    open_desk: OpenDesk, outbox: Outbox, clock: FakeClock, late: str | Exception
) -> None:
    held = Held(late)
    slow, quick = open_desk(channel=held), open_desk()
    await slow.receive(message("where is my parcel?"))
    await quick.receive(message("and the invoice?"))
    working = asyncio.create_task(slow.courier.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 10)

    clock.advance(timedelta(seconds=61))
    await quick.courier.deliver_due()
    sent = list(outbox.sent)
    held.let_go.set()
    await working
    clock.advance(A_WHILE)
    await quick.courier.deliver_due()

    assert outbox.sent == sent
    assert await quick.unsent(OPERATOR) == []
    await quick.resolve(OPERATOR, 1)  # edits the card in the staff room
    await quick.courier.deliver_due()
    [edit] = [each for each in outbox.to(STAFF_ROOM) if each.replaces]
    assert edit.replaces == outbox.id_of(outbox.to(STAFF_ROOM)[0])


async def test_within_its_lease_a_delivery_is_nobody_elses(
    open_desk: OpenDesk, outbox: Outbox, clock: FakeClock
) -> None:
    held = Held("post-of-the-first")
    slow, quick = open_desk(channel=held), open_desk()
    await slow.receive(message("hi"))
    working = asyncio.create_task(slow.courier.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 10)

    clock.advance(timedelta(seconds=59))
    assert await quick.courier.deliver_due() == 0
    held.let_go.set()
    assert await working == 1
    clock.advance(A_WHILE)
    assert await quick.courier.deliver_due() == 0


async def test_what_was_sent_is_settled_while_the_slowest_of_its_batch_is_still_waited_for(
    open_desk: OpenDesk, outbox: Outbox, clock: FakeClock
) -> None:
    held = Held("post-of-the-slow-one")
    slow_for_ana = Slow(outbox, held, "ana")
    desk, other = open_desk(channel=slow_for_ana), open_desk()
    for customer in ("ana", "ben", "cleo"):
        await desk.receive(message("hi", by=customer))
    working = asyncio.create_task(desk.courier.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 10)
    await asyncio.wait_for(outbox.until(2), 10)
    await asyncio.wait_for(settled(desk, "ben", "cleo"), 10)

    working.cancel()  # as a crash would, before the slow one ends
    await asyncio.gather(working, return_exceptions=True)
    clock.advance(timedelta(seconds=61))
    outbox.can_find = False
    await other.courier.deliver_due()
    assert [len(outbox.to(who)) for who in ("ana", "ben", "cleo")] == [1, 1, 1]


async def test_a_send_that_hangs_holds_up_its_own_conversation_only(
    open_desk: OpenDesk, outbox: Outbox
) -> None:
    held = Held("post-of-the-slow-one")
    desk = open_desk(channel=Slow(outbox, held, "ana"))
    await desk.receive(message("hi", by="ana"))
    working = asyncio.create_task(desk.courier.deliver_due())
    await asyncio.wait_for(held.reached.wait(), 10)
    await desk.receive(message("hi", by="ana"))
    await desk.receive(message("hi", by="ben"))

    await asyncio.wait_for(outbox.until(1), 10)
    assert len(outbox.to("ben")) == 1
    assert not working.done()
    held.let_go.set()
    assert await asyncio.wait_for(working, 10) == 3


async def test_what_is_said_about_a_ticket_stands_beneath_its_card(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    first = await open_ticket(desk, "the printer smokes", by="ana")
    second = await open_ticket(desk, "the door squeaks", by="ben")
    await desk.note(grace, second, "about the door")
    await desk.note(grace, first, "about the printer")
    await desk.courier.deliver_due()

    roots = {
        each.card.quote: outbox.id_of(each)
        for each in outbox.to(STAFF_ROOM)
        if not (each.under or each.replaces)
    }
    beneath = {each.card.quote: each.under for each in outbox.to(STAFF_ROOM) if each.under}
    assert beneath == {
        "about the door": roots["the door squeaks"],
        "about the printer": roots["the printer smokes"],
    }


async def test_an_edit_changes_the_right_post_although_others_came_between(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    numbers = [await open_ticket(desk, by=customer) for customer in ("ana", "ben")]
    await desk.courier.deliver_due()
    await desk.resolve(grace, numbers[1])
    await desk.courier.deliver_due()

    shown = [
        outbox.posts[outbox.id_of(each)]
        for each in outbox.to(STAFF_ROOM)
        if not (each.under or each.replaces)
    ]
    assert [plain(card).partition(" the ")[0] for card in shown] == [f"🎫 #{n}" for n in numbers]
    assert ["Status: open" in plain(card) for card in shown] == [True, False]
    assert ["Status: resolved" in plain(card) for card in shown] == [False, True]


async def test_an_edit_of_a_post_that_never_arrived_is_posted_in_its_place(
    desk: Desk, outbox: Outbox
) -> None:
    outbox.refusing = True
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    outbox.refusing = False
    grace = await hire(desk, "grace")
    await desk.courier.deliver_due()
    await desk.resolve(grace, number)
    await desk.courier.deliver_due()

    cards = [each for each in outbox.to(STAFF_ROOM) if each.card.fields]
    assert cards[0].replaces is None
    assert {each.replaces for each in cards[1:]} == {outbox.id_of(cards[0])}


async def test_the_courier_is_woken_by_a_commit_and_by_the_clock(
    desk: Desk, outbox: Outbox
) -> None:
    running = asyncio.create_task(desk.courier.run())
    try:
        for number in range(3):
            await desk.receive(message("hi", by=f"customer-{number}"))
            await asyncio.wait_for(outbox.until(number + 1), 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert len(outbox.sent) == 3


async def test_a_channel_that_is_not_connected_here_is_left_to_others(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    elsewhere = Desk(database, channels={"slack": Outbox()}, clock=clock)
    await elsewhere.receive(message("hi"))

    assert await elsewhere.courier.deliver_due() == 0
    assert await desk.courier.deliver_due() == 1
