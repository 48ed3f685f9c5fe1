"""What a knowledge base answers before a person has to."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.cards import plain
from core.deflection import QUIET, NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.errors import DeskError
from core.tickets.enquiries import HandedOver, UnknownEnquiry
from core.vocabulary import OPERATOR, House, Outcome, Stage
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, message, person


def article(slug: str, confidence: float = 0.9) -> Suggestion:
    return Suggestion(
        article=slug, title=slug.capitalize(), answer=f"How to {slug}.", confidence=confidence
    )


SHELF: Mapping[str, Suggestions] = {
    "password": Suggestions(verdict=Verdict.SURE, suggestions=[article("reset"), article("lock")]),
    "parcel": Suggestions(
        verdict=Verdict.UNSURE, suggestions=[article(slug, 0.4) for slug in ("a", "b", "c", "d")]
    ),
    "locked": Suggestions(verdict=Verdict.SURE, suggestions=[article("unlock")]),
}


class Shelf(NoDeflector):
    """A knowledge base that knows an article by one word of the question."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        known = [found for word, found in SHELF.items() if word in question]
        return known[-1] if known else QUIET


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(House(staff_rooms=(STAFF_ROOM,), deflector=Shelf()))


async def test_a_sure_answer_is_offered_and_opens_no_ticket(desk: Desk, outbox: Outbox) -> None:
    received = await desk.receive(message("how do I reset my password?"))
    await desk.courier.deliver_due()

    assert (received.outcome, received.ticket) == (Outcome.SUGGESTED, None)
    assert [each["article"] for each in received.suggestions] == ["reset"]
    [offer] = outbox.sent
    assert "How to reset." in plain(offer.card)
    assert [button.action for button in offer.card.buttons] == ["enquiry solved", "enquiry person"]
    assert not (await desk.tickets(OPERATOR)).tickets


async def test_an_unsure_answer_offers_three_guesses(desk: Desk) -> None:
    received = await desk.receive(message("where is my parcel?"))

    assert [each["article"] for each in received.suggestions] == ["a", "b", "c"]


async def test_solved_is_a_deflection_and_the_offer_loses_its_buttons(
    desk: Desk, outbox: Outbox
) -> None:
    received = await desk.receive(message("how do I reset my password?"))
    await desk.courier.deliver_due()
    assert received.enquiry is not None

    await desk.solve_enquiry(person("ana"), received.enquiry)
    enquiry = await desk.solve_enquiry(person("ana"), received.enquiry)  # pressed twice
    await desk.courier.deliver_due()

    assert (enquiry.stage, enquiry.solved_by) == (Stage.SOLVED, "reset")
    assert (await desk.deflection(OPERATOR))[Stage.SOLVED] == 1
    offer, edit = outbox.sent
    assert edit.replaces == outbox.id_of(offer)
    assert edit.card.buttons == ()


async def test_a_person_is_one_button_away_and_pressing_twice_is_one_ticket(
    desk: Desk, outbox: Outbox
) -> None:
    received = await desk.receive(message("how do I reset my password?"))
    assert received.enquiry is not None

    first = await desk.hand_over(person("ana"), received.enquiry)
    again = await desk.hand_over(person("ana"), received.enquiry)
    await desk.courier.deliver_due()

    assert first.id == again.id
    whole = await desk.ticket(OPERATOR, first.id)
    assert [each.text for each in whole.messages] == ["how do I reset my password?"]
    assert "A person takes over" in plain(outbox.posts[outbox.id_of(outbox.sent[0])])


async def test_who_asks_for_a_person_gets_one_without_an_offer(desk: Desk) -> None:
    received = await desk.receive(message("can I talk to a person please"))

    assert received.outcome is Outcome.TICKET


async def test_what_no_article_fits_is_a_ticket_at_once(desk: Desk) -> None:
    assert (await desk.receive(message("my dog ate the invoice"))).outcome is Outcome.TICKET


async def test_after_the_second_miss_a_person_takes_over(desk: Desk, clock: FakeClock) -> None:
    await desk.receive(message("where is my parcel?", sent_at=clock.now))
    await desk.courier.deliver_due()
    clock.advance(timedelta(minutes=1))
    second = await desk.receive(message("no, my account is locked", sent_at=clock.now))
    assert [each["article"] for each in second.suggestions] == ["unlock"]
    await desk.courier.deliver_due()
    clock.advance(timedelta(minutes=1))
    third = await desk.receive(message("it is about my password", sent_at=clock.now))

    assert third.outcome is Outcome.TICKET
    assert third.ticket is not None
    whole = await desk.ticket(OPERATOR, third.ticket)
    assert len(whole.messages) == 3


async def test_the_same_answer_is_not_offered_twice(desk: Desk, clock: FakeClock) -> None:
    await desk.receive(message("how do I reset my password?", sent_at=clock.now))
    await desk.courier.deliver_due()
    clock.advance(timedelta(minutes=1))
    received = await desk.receive(message("but the password mail!", sent_at=clock.now))

    assert received.outcome is Outcome.TICKET


async def test_a_burst_before_the_answer_arrives_is_one_question(
    desk: Desk, outbox: Outbox
) -> None:
    first = await desk.receive(message("where is my parcel?"))
    more = await desk.receive(message("it has a blue ribbon"))
    await desk.courier.deliver_due()

    assert more.enquiry == first.enquiry
    assert more.outcome is Outcome.SUGGESTED
    assert len(outbox.sent) == 1


async def test_a_burst_that_changes_the_answer_is_offered_the_better_one(desk: Desk) -> None:
    await desk.receive(message("where is my parcel?"))
    more = await desk.receive(message("my account is locked"))

    assert [each["article"] for each in more.suggestions] == ["unlock"]


async def test_an_offer_that_nobody_answers_is_closed_as_silent(
    desk: Desk, clock: FakeClock
) -> None:
    await desk.receive(message("where is my parcel?"))
    assert await desk.close_silent() == 0
    clock.advance(timedelta(hours=25))

    assert await desk.close_silent() == 1
    assert await desk.close_silent() == 0
    assert (await desk.deflection(OPERATOR))[Stage.SILENT] == 1


async def test_a_silent_enquiry_can_still_go_to_a_person(desk: Desk, clock: FakeClock) -> None:
    received = await desk.receive(message("where is my parcel?"))
    clock.advance(timedelta(hours=25))
    await desk.close_silent()
    assert received.enquiry is not None

    assert (await desk.hand_over(person("ana"), received.enquiry)).id == 1


async def test_a_button_of_an_enquiry_that_became_a_ticket_says_so(desk: Desk) -> None:
    received = await desk.receive(message("where is my parcel?"))
    assert received.enquiry is not None
    await desk.hand_over(person("ana"), received.enquiry)

    with pytest.raises(HandedOver, match="ticket #1"):
        await desk.solve_enquiry(person("ana"), received.enquiry)


async def test_nobody_presses_the_buttons_of_somebody_else(desk: Desk) -> None:
    received = await desk.receive(message("where is my parcel?"))
    assert received.enquiry is not None

    for press in (desk.solve_enquiry, desk.hand_over):
        with pytest.raises(UnknownEnquiry):
            await press(person("ben"), received.enquiry)
        with pytest.raises(UnknownEnquiry):
            await press(person("nobody"), 999)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
async def test_a_forged_number_of_an_enquiry_is_refused(desk: Desk, number: int) -> None:
    await desk.receive(message("where is my parcel?"))

    with pytest.raises(DeskError):
        await desk.solve_enquiry(person("ana"), number)
