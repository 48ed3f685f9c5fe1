"""What is said on a ticket: to the customer, and among staff only."""

import pytest

from core.cards import plain
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import OPERATOR, Kind, Role, Status, Target
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person, place

CANARY = "canary-7f3a"


async def test_a_reply_reaches_the_customer_and_makes_it_their_move(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    ticket = await desk.reply(grace, number, "We sent you a new one today.")
    await desk.courier.deliver_due()

    assert ticket.status is Status.PENDING
    last = outbox.to("ana")[-1].card
    assert (last.title, last.text) == ("Grace", "We sent you a new one today.")
    assert any("Grace → customer" in text for text in outbox.texts(STAFF_ROOM))


async def test_two_replies_in_a_row_both_arrive_in_order(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "first")
    await desk.reply(grace, number, "second")
    await desk.courier.deliver_due()

    assert [each.card.text for each in outbox.to("ana")][-2:] == ["first", "second"]


@pytest.mark.parametrize("text", ["", "   ", "\n", "\x00"])
async def test_an_empty_reply_or_note_is_refused_with_an_example(desk: Desk, text: str) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)

    for say in (desk.reply, desk.note):
        with pytest.raises(Invalid, match="nothing to send"):
            await say(grace, number, text)


async def test_a_note_never_reaches_a_customer_by_any_way(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace")
    linus = await hire(desk, "linus", role=Role.LEAD)
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    root = outbox.id_of(outbox.to(STAFF_ROOM)[0])
    await desk.note(grace, number, f"said by command {CANARY}")
    said = message(f"said in the room {CANARY}", by="linus", at=STAFF_ROOM.conversation)
    assert await desk.hear(said, root=root) == number
    await desk.escalate(grace, number, f"because {CANARY}")
    await desk.reply(grace, number, "We are looking into it.")
    await desk.receive(message("and?"))
    await desk.transfer(grace, number, Target(agent=linus))
    await desk.release(linus, number)
    await desk.claim(linus, number)
    await desk.resolve(linus, number, "Done.")
    await desk.receive(message("not done"))
    await desk.resolve(linus, number)
    await desk.confirm(person("ana"), number)
    await desk.courier.deliver_due()

    staff_places = {STAFF_ROOM.conversation, "grace", "linus"}
    outward = [each for each in outbox.sent if each.address.conversation not in staff_places]
    assert len(outward) > 5
    assert not [each for each in outward if CANARY in plain(each.card)]
    assert CANARY in outbox.all_text
    seen = await desk.ticket(person("ana"), number)
    assert not [each for each in seen.messages if CANARY in each.text]
    assert not [each for each in await desk.said_at(place("ana")) if CANARY in plain(each.card)]


async def test_what_staff_say_beneath_a_card_is_kept_as_a_note(desk: Desk, outbox: Outbox) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    root = outbox.id_of(outbox.to(STAFF_ROOM)[0])
    said = message("has anybody seen this before?", by="grace", at=STAFF_ROOM.conversation)

    assert await desk.hear(said, root=root) == number
    assert await desk.hear(said, root=root) == number  # delivered twice

    notes = [
        each for each in (await desk.ticket(OPERATOR, number)).messages if each.kind is Kind.NOTE
    ]
    assert [each.text for each in notes] == ["has anybody seen this before?"]


async def test_talk_beneath_other_posts_or_by_others_is_not_ours(
    desk: Desk, outbox: Outbox
) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    root = outbox.id_of(outbox.to(STAFF_ROOM)[0])
    room = STAFF_ROOM.conversation

    assert await desk.hear(message("lunch?", by="grace", at=room), root="post-999") is None
    assert await desk.hear(message("who am I?", by="stranger", at=room), root=root) is None
    assert len((await desk.ticket(OPERATOR, number)).messages) == 1


async def test_any_agent_may_leave_a_note_on_a_colleagues_ticket(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    linus = await hire(desk, "linus")
    await desk.note(linus, number, "I know this customer.")

    whole = await desk.ticket(OPERATOR, number)
    assert whole.messages[-1].text == "I know this customer."
    assert whole.authors[whole.messages[-1].agent_id or 0] == "Linus"


async def test_the_customers_own_view_has_neither_notes_nor_history(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.note(grace, number, "internal")
    await desk.reply(grace, number, "public")

    theirs = await desk.ticket(person("ana"), number)
    assert [each.kind for each in theirs.messages] == [Kind.MESSAGE, Kind.REPLY]
    assert theirs.history == []


async def test_a_conversation_shows_both_sides_with_posts_as_they_stand(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "We are on it.")
    await desk.resolve(grace, number, "Done.")
    await desk.courier.deliver_due()
    await desk.confirm(person("ana"), number)
    await desk.courier.deliver_due()

    posts = await desk.said_at(place("ana"))

    assert posts[0].author == "them"
    texts = [post.card.text for post in posts]
    assert texts[0] == "the printer smokes"
    assert texts[-3:-1] == ["We are on it.", "Done."]
    assert texts[-1].startswith(f"How did we do with ticket #{number}")
    assert not any(post.card.buttons for post in posts[:-1])
