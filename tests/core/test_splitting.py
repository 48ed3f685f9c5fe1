"""A message about something else becomes a ticket of its own, and that can be taken back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.cards import plain
from core.channels import IncomingDeletion, IncomingFile, OutgoingMessage
from core.desk import Desk
from core.errors import DeskError
from core.people.actors import NotStaff
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.lifecycle import AlreadyResolved, NotYours
from core.tickets.splitting import (
    NoSuchMessage,
    NotFromCustomer,
    NothingLeft,
    NotSplit,
    SplitAlready,
    TakenBack,
    TooLateToJoin,
)
from core.vocabulary import OPERATOR, Outcome, Received, Role, Status, Ticket
from tests.clock import FakeClock
from tests.core.bridge import bridged, direct, someone
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person, place

GRACE, LINUS, ANA = person("grace"), person("linus"), person("ana")


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def said_on(desk: Desk, number: int) -> Sequence[str]:
    whole = await desk.ticket(OPERATOR, number)
    return [each.text for each in whole.messages if each.ticket_id == number]


async def two_matters(desk: Desk) -> int:
    """A ticket of ana's on which she asks about two things; grace has it."""
    await hire(desk, "grace", capacity=5)
    number = await open_ticket(desk, "the printer smokes")
    await desk.reply(GRACE, number, "Is it hot?")
    await desk.receive(message("and where is my invoice of May?"))
    return number


async def the_split(desk: Desk, outbox: Outbox) -> tuple[int, int, OutgoingMessage]:
    """The ticket, the one split off it, and the post that begins the branch."""
    number = await two_matters(desk)
    new = await desk.split(GRACE, number)
    await desk.courier.deliver_due()
    root = next(each for each in outbox.to("ana") if each.key == f"opened:{new.id}")
    return number, new.id, root


async def answer(desk: Desk, text: str, under: str | None) -> Received:
    return await desk.receive(replace(message(text), under=under))


async def test_the_message_becomes_a_ticket_like_any_other_and_both_know_of_it(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    number, new, root = await the_split(desk, outbox)

    ticket = await shown(desk, new)
    assert (ticket.subject, ticket.customer.name) == ("and where is my invoice of May?", "Ana")
    assert ticket.assignee is not None
    assert await said_on(desk, new) == ["and where is my invoice of May?"]
    assert await said_on(desk, number) == ["the printer smokes", "Is it hot?"]
    card = next(each.card for each in outbox.to(STAFF_ROOM) if f"🎫 #{new} " in each.card.title)
    assert card.quote == "and where is my invoice of May?"
    beneath = outbox.texts(STAFF_ROOM)
    assert f"✂️ A message of #{number} was split off; it is #{new}." in beneath
    assert f"✂️ #{new} was split off #{number}." in beneath
    assert f"ticket #{new}, about: and where" in plain(root.card)
    assert any(f"matter of its own now: ticket #{new}" in text for text in outbox.texts("ana"))
    assert await violations(database, drained=True) == []


async def test_each_ticket_has_its_part_of_the_conversation(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    number, new, root = await the_split(desk, outbox)
    post = outbox.id_of(root)

    assert root.begins
    assert root.under is None
    assert (await answer(desk, "it is May the 3rd", post)).ticket == new
    assert (await answer(desk, "yes, very hot", None)).ticket == number
    await desk.reply(GRACE, new, "Here it is.")
    await desk.reply(GRACE, number, "Turn it off.")
    await desk.courier.deliver_due()

    under = {each.card.text: each.under for each in outbox.to("ana")}
    assert under["Here it is."] == post
    assert under["Turn it off."] is None
    reply = next(each for each in outbox.to("ana") if each.card.text == "Here it is.")
    assert (await answer(desk, "thanks, and June?", outbox.id_of(reply))).ticket == new
    await desk.courier.deliver_due()
    assert await violations(database, drained=True) == []


async def test_an_answer_to_an_answer_of_theirs_goes_there_too(desk: Desk, outbox: Outbox) -> None:
    _, new, root = await the_split(desk, outbox)
    said = replace(message("it is May the 3rd", post="p-1"), under=outbox.id_of(root))
    await desk.receive(said)

    assert (await answer(desk, "or the 4th", "p-1")).ticket == new


async def test_plain_words_go_to_the_branch_once_it_is_all_that_is_left(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    number, new, root = await the_split(desk, outbox)
    await desk.resolve(GRACE, number)
    await desk.confirm(ANA, number)

    assert (await answer(desk, "any news?", None)).ticket == new
    await desk.resolve(GRACE, new)
    await desk.confirm(ANA, new)
    anew = await answer(desk, "my screen is black now", outbox.id_of(root))
    assert anew.outcome is Outcome.TICKET
    assert anew.ticket not in {number, new}
    assert await violations(database) == []


async def test_an_edit_of_a_reply_that_waits_stays_behind_it(desk: Desk, outbox: Outbox) -> None:
    _, new, _ = await the_split(desk, outbox)
    await desk.reply(GRACE, new, "Here it is.")
    await desk.courier.deliver_due()
    await desk.correct(GRACE, new, "Here it is, corrected.")
    await desk.courier.deliver_due()

    last = outbox.to("ana")[-1]
    assert (last.card.text, last.begins) == ("Here it is, corrected.", False)
    assert last.replaces is not None
    assert outbox.posts[last.replaces].text == "Here it is, corrected."


async def test_it_moves_with_its_files(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    bridge = bridged(database, clock, tmp_path)
    grace = await bridge.hire("grace")
    bridge.discord.files["f1"] = b"the invoice"
    await bridge.write("the printer smokes")
    file = IncomingFile(name="may.pdf", source="f1", content_type="application/pdf")
    await bridge.write("is this right?", files=(file,))
    await bridge.settle()

    new = await bridge.desk.split(grace, 1, message=2, subject="Invoice of May")
    await bridge.settle()

    assert new.subject == "Invoice of May"
    card = bridge.card(new.id, "slack")
    with_file = [each for each in bridge.slack.sent if each.under == card and each.files]
    assert [file.name for each in with_file for file in each.files] == ["may.pdf"]
    assert await bridge.desk.said_at(direct("ana"))
    assert (await bridge.desk.ticket(someone("ana"), 1)).messages[-1].text == "the printer smokes"


async def test_messages_keep_their_numbers(desk: Desk) -> None:
    number = await two_matters(desk)
    await desk.receive(message("and a third thing"))
    new = await desk.split(GRACE, number, message=3)

    whole = await desk.ticket(GRACE, number)
    assert (whole.first, len(whole.messages)) == (1, 4)
    assert whole.messages[2].ticket_id == new.id
    assert (await desk.ticket(ANA, number)).first == 0
    again = await desk.split(GRACE, number, message=4)
    assert await said_on(desk, again.id) == ["and a third thing"]
    with pytest.raises(SplitAlready, match=f"it is #{new.id}"):
        await desk.split(GRACE, number, message=3)


async def test_it_is_taken_back_with_all_that_was_said_since(
    desk: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    number, new, root = await the_split(desk, outbox)
    await answer(desk, "it is May the 3rd", outbox.id_of(root))
    await desk.reply(GRACE, new, "Here it is.")
    clock.advance(timedelta(minutes=10))

    ticket = await desk.unsplit(GRACE, new)
    await desk.courier.deliver_due()

    assert ticket.id == number
    assert (await shown(desk, new)).merged_into_id == number
    assert (await said_on(desk, number))[-3:] == [
        "and where is my invoice of May?",
        "it is May the 3rd",
        "Here it is.",
    ]
    assert (await answer(desk, "good", outbox.id_of(root))).ticket == number
    await desk.courier.deliver_due()
    assert any(f"goes on as part of ticket #{number}" in text for text in outbox.texts("ana"))
    assert await violations(database, drained=True) == []


async def test_a_branch_can_be_merged_and_unmerged_and_split_again(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    number, new, root = await the_split(desk, outbox)
    await desk.merge(GRACE, new, number)
    await answer(desk, "beneath", outbox.id_of(root))
    await answer(desk, "plainly", None)
    await desk.unmerge(GRACE, new)

    assert await said_on(desk, new) == ["and where is my invoice of May?", "beneath"]
    third = await desk.split(GRACE, new)
    assert await said_on(desk, third.id) == ["beneath"]
    assert (await answer(desk, "which one?", None)).ticket == number
    assert await violations(database) == []


# 1 is ana's: hers, grace's reply, hers, grace's note, hers taken back; 2 is ben's one message;
# 3 is cleo's and resolved. All are grace's.
REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "by a customer": (lambda desk: desk.split(ANA, 1), NotStaff),
    "of a colleague": (lambda desk: desk.split(LINUS, 1), NotYours),
    "of what is not there": (lambda desk: desk.split(GRACE, 99), UnknownTicket),
    "of what is resolved": (lambda desk: desk.split(GRACE, 3), AlreadyResolved),
    "of all that was said": (lambda desk: desk.split(GRACE, 2), NothingLeft),
    "of all that was said, named": (lambda desk: desk.split(GRACE, 2, message=1), NothingLeft),
    "of a message that is not there": (
        lambda desk: desk.split(GRACE, 1, message=6),
        NoSuchMessage,
    ),
    "of message 0": (lambda desk: desk.split(GRACE, 1, message=0), NoSuchMessage),
    "of message -1": (lambda desk: desk.split(GRACE, 1, message=-1), NoSuchMessage),
    "of a reply": (lambda desk: desk.split(GRACE, 1, message=2), NotFromCustomer),
    "of a note": (lambda desk: desk.split(GRACE, 1, message=4), NotFromCustomer),
    "of what was taken back": (lambda desk: desk.split(GRACE, 1, message=5), TakenBack),
    "taken back where there was none": (lambda desk: desk.unsplit(GRACE, 1), NotSplit),
    "taken back of what is not there": (lambda desk: desk.unsplit(GRACE, 99), UnknownTicket),
    "taken back by a customer": (lambda desk: desk.unsplit(ANA, 1), NotStaff),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_split_is_refused_and_nothing_changes(
    desk: Desk, database: Database, what: str
) -> None:
    await hire(desk, "linus", capacity=0)
    number = await two_matters(desk)
    await desk.note(GRACE, number, "the old model")
    await desk.receive(message("oh, and", post="p-5"))
    await take_back(desk, "p-5")
    await open_ticket(desk, by="ben")
    await desk.resolve(GRACE, await open_ticket(desk, by="cleo"))
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def take_back(desk: Desk, post: str) -> None:
    assert await desk.message_deleted(
        IncomingDeletion(address=place("ana"), external_id=post, by=ANA)
    )


async def test_it_is_not_taken_back_later_twice_or_by_a_colleague(
    desk: Desk, clock: FakeClock
) -> None:
    await hire(desk, "linus", capacity=0)
    number = await two_matters(desk)
    await desk.receive(message("and a third thing"))
    first, second = [await desk.split(GRACE, number, message=n) for n in (3, 4)]
    with pytest.raises(NotYours):
        await desk.unsplit(LINUS, first.id)
    await desk.unsplit(GRACE, first.id)
    with pytest.raises(NotSplit):
        await desk.unsplit(GRACE, first.id)
    clock.advance(timedelta(minutes=10, seconds=1))

    with pytest.raises(TooLateToJoin, match=f"/ticket merge {second.id} into:{number}"):
        await desk.unsplit(GRACE, second.id)


async def test_splitting_writing_and_taking_back_at_once_lose_nothing(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=4, role=Role.LEAD)
    for number in range(ROUNDS):
        by = f"c{number}"
        one = await open_ticket(desk, "the printer smokes", by=by)
        await desk.receive(message("and my invoice?", by=by))
        results = await asyncio.gather(
            desk.split(grace, one, message=2),
            desk.split(grace, one),
            desk.unsplit(grace, one + 1),
            desk.receive(message("hurry", by=by)),
            desk.reply(grace, one, "one moment"),
            desk.resolve(grace, one),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert all(isinstance(each, DeskError) for each in failures), failures
        page = await desk.tickets(person(by))
        everywhere = [each for n in range(one, one + 4) for each in await said_or_none(desk, n)]
        for said in ("the printer smokes", "and my invoice?", "hurry"):
            assert everywhere.count(said) == 1, (said, everywhere)
        for ticket in page.tickets:
            if ticket.status not in {Status.RESOLVED, Status.CLOSED}:
                await desk.resolve(OPERATOR, ticket.id)
    assert await violations(database) == []


async def said_or_none(desk: Desk, number: int) -> Sequence[str]:
    try:
        return await said_on(desk, number)
    except UnknownTicket:
        return []
