"""What becomes of what customers write."""

from dataclasses import replace
from datetime import timedelta

from core.desk import Desk
from core.vocabulary import OPERATOR, Kind, Outcome, Status
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def test_a_first_message_becomes_a_ticket_and_the_customer_hears_its_number(
    desk: Desk, outbox: Outbox
) -> None:
    received = await desk.receive(message("my card was charged twice"))
    await desk.courier.deliver_due()

    assert (received.outcome, received.ticket) == (Outcome.TICKET, 1)
    [acknowledgement] = outbox.texts("ana")
    assert acknowledgement.startswith("Got it. This is ticket #1. Everybody is busy")
    assert "my card was charged twice" in outbox.texts(STAFF_ROOM)[0]


async def test_the_acknowledgement_names_the_agent_who_got_it_at_once(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    await desk.receive(message("my card was charged twice"))
    await desk.courier.deliver_due()

    [acknowledgement] = outbox.texts("ana")
    assert "Grace has it and will answer you here." in acknowledgement
    assert "#1 is yours" in outbox.texts("grace")[-1]


async def test_the_acknowledgement_says_the_place_in_line(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    for customer in ("ana", "ben", "cleo"):
        await desk.receive(message("help me", by=customer))
        clock.advance(timedelta(seconds=1))
    await desk.courier.deliver_due()

    assert "You are next in line" in outbox.texts("ana")[0]
    assert "You are number 3 in line" in outbox.texts("cleo")[0]


async def test_a_burst_of_messages_is_one_ticket(desk: Desk) -> None:
    texts = ["hello there, it broke", "the blue one", "since monday"]
    outcomes = [await desk.receive(message(text)) for text in texts]

    assert {each.ticket for each in outcomes} == {1}
    whole = await desk.ticket(OPERATOR, 1)
    assert [each.text for each in whole.messages] == texts


async def test_greetings_and_thanks_open_nothing_and_are_answered(
    desk: Desk, outbox: Outbox
) -> None:
    for number, text in enumerate(["hi", "Hello there!", "thanks a lot", "👍", "bye"]):
        received = await desk.receive(message(text, by=f"customer-{number}"))
        assert received.outcome is Outcome.SMALL_TALK

    assert not (await desk.tickets(OPERATOR)).tickets
    assert await desk.courier.deliver_due() == 5
    assert len(outbox.sent) == 5


async def test_a_greeting_before_the_question_is_no_ticket_and_no_obstacle(desk: Desk) -> None:
    await desk.receive(message("hi"))
    received = await desk.receive(message("where is my parcel?"))

    assert received.ticket == 1


async def test_the_same_post_twice_is_the_same_message(desk: Desk, outbox: Outbox) -> None:
    post = message("my card was charged twice")
    first = await desk.receive(post)
    again = await desk.receive(post)
    await desk.courier.deliver_due()

    assert again.ticket == first.ticket
    assert again.outcome is Outcome.APPENDED
    assert len((await desk.ticket(OPERATOR, 1)).messages) == 1
    assert len(outbox.texts("ana")) == 1


async def test_small_talk_and_staff_posts_redelivered_do_nothing_either(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    await desk.courier.deliver_due()
    outbox.sent.clear()
    hello, stray = message("hi"), message("is the desk quiet today?", by="grace")
    for _ in range(3):
        assert (await desk.receive(hello)).outcome is Outcome.SMALL_TALK
        assert (await desk.receive(stray)).outcome is Outcome.FROM_STAFF
    await desk.courier.deliver_due()

    assert len(outbox.sent) == 2


async def test_one_post_id_in_two_workspaces_is_two_messages(desk: Desk) -> None:
    here = message("help me please", post="17")
    there = replace(
        here,
        address=replace(here.address, workspace="elsewhere"),
        sender=replace(here.sender, workspace="elsewhere"),
    )

    assert (await desk.receive(here)).ticket != (await desk.receive(there)).ticket


async def test_an_answer_goes_onto_the_live_ticket_and_beneath_its_card(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "Which printer?")
    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.PENDING

    received = await desk.receive(message("the one on floor two"))
    await desk.courier.deliver_due()

    assert (received.outcome, received.ticket) == (Outcome.APPENDED, number)
    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.OPEN
    card = outbox.to(STAFF_ROOM)[0]
    [shown] = [each for each in outbox.to(STAFF_ROOM) if "floor two" in each.card.quote]
    assert shown.under == outbox.id_of(card)


async def test_thanks_leave_a_resolved_ticket_resolved_and_anything_else_brings_it_back(
    desk: Desk,
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)

    await desk.receive(message("thank you!"))
    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.RESOLVED

    await desk.receive(message("it is broken again"))
    again = (await desk.ticket(OPERATOR, number)).ticket
    assert again.status is Status.OPEN
    assert again.assignee is not None
    assert again.assignee.name == "Grace"


async def test_after_a_closed_ticket_a_new_message_opens_another(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)
    clock.advance(timedelta(hours=49))
    assert await desk.close_resolved() == 1

    assert await open_ticket(desk) == number + 1


async def test_what_is_overheard_is_ours_only_where_we_are_answering(desk: Desk) -> None:
    chatter = message("did you see the game?", by="ben", at="lobby")
    assert (await desk.overhear(chatter)).outcome is Outcome.IGNORED

    await desk.receive(message("my badge does not open the door", by="ana", at="lobby"))
    received = await desk.overhear(message("mine neither", by="ben", at="lobby"))

    assert (received.outcome, received.ticket) == (Outcome.APPENDED, 1)


async def test_an_agent_who_writes_to_the_bot_opens_no_ticket_and_is_told_so(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    received = await desk.receive(message("any news from the warehouse?", by="grace"))
    await desk.courier.deliver_due()

    assert received.outcome is Outcome.FROM_STAFF
    assert not (await desk.tickets(OPERATOR)).tickets
    assert "went to nobody" in outbox.texts("grace")[-1]


async def test_an_agent_who_asks_on_purpose_is_a_customer(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    received = await desk.ask(message("my own badge is broken", by="grace"))

    assert received.outcome is Outcome.TICKET
    assert (await desk.whoever(grace)).customer_id is not None


async def test_an_agent_who_writes_where_the_customer_reads_has_replied(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    await desk.receive(message("my badge does not open the door", by="ana", at="lobby"))
    received = await desk.receive(message("try the other side", by="grace", at="lobby"))
    await desk.courier.deliver_due()

    assert (received.outcome, received.ticket) == (Outcome.FROM_STAFF, 1)
    whole = await desk.ticket(OPERATOR, 1)
    assert whole.messages[-1].kind is Kind.REPLY
    assert whole.ticket.status is Status.PENDING
    assert not [text for text in outbox.texts("lobby") if "other side" in text]


async def test_a_customer_sees_their_own_tickets_only(desk: Desk) -> None:
    await open_ticket(desk, by="ana")
    await open_ticket(desk, by="ben")

    assert [each.id for each in (await desk.tickets(person("ana"))).tickets] == [1]
    assert [each.id for each in (await desk.tickets(person("ben"))).tickets] == [2]
    assert (await desk.tickets(person("stranger"))).tickets == []
