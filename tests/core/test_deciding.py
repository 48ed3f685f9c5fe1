"""What an agent does with a return beside yes and no: asks, and grants something else."""

import pytest

from core.channels import IncomingFile, Who
from core.deflection import NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.tickets.deciding import Over
from core.tickets.lifecycle import Undecided
from core.vocabulary import House, Reason, ReturnWanted, Status, Wish
from tests.conftest import OpenDesk
from tests.core.test_returns import ANA, ORDER, returned
from tests.outbox import Outbox
from tests.scene import hire, message


@pytest.fixture
async def grace(desk: Desk) -> Who:
    await desk.take_in_orders([ORDER])
    return await hire(desk, "grace", capacity=5)


async def test_a_question_goes_to_the_customer_and_the_return_stays_where_it_is(
    desk: Desk, grace: Who, outbox: Outbox
) -> None:
    made = await returned(desk)

    asked = await desk.ask_of_return(grace, made.id, "Does it hum at night, too?")
    await desk.courier.deliver_due()

    assert asked.step.value == "requested"
    assert "Does it hum at night, too?" in outbox.texts("ana")[-1]
    assert (await desk.ticket(grace, made.ticket_id)).ticket.status is Status.PENDING
    with pytest.raises(Undecided):
        await desk.resolve(grace, made.ticket_id)
    await desk.receive(message("yes, all night"))
    assert (await desk.ticket(grace, made.ticket_id)).ticket.status is Status.OPEN


async def test_a_return_that_is_over_is_not_asked_about(desk: Desk, grace: Who) -> None:
    made = await returned(desk)
    await desk.refuse_return(grace, made.id, "It was opened.")

    with pytest.raises(Over, match="/ticket reply 1"):
        await desk.ask_of_return(grace, made.id, "Why?")


async def test_an_exchange_can_be_granted_where_a_refund_was_wanted(
    desk: Desk, grace: Who, outbox: Outbox
) -> None:
    made = await returned(desk)

    await desk.accept_return(grace, made.id, Wish.EXCHANGE)
    await desk.receive_return(grace, made.id)
    await desk.refund_return(grace, made.id)
    await desk.courier.deliver_due()

    assert outbox.texts("ana")[-1].startswith("↩️ You have been sent another one.")


async def test_photos_that_come_with_the_form_hang_on_the_ticket(
    desk: Desk, grace: Who, outbox: Outbox
) -> None:
    photo = IncomingFile(name="lamp.jpg", source="lamp", content_type="image/jpeg", size=3)
    outbox.files["lamp"] = b"jpg"
    wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.DEFECTIVE, files=(photo,))

    made = await desk.request_return(ANA, "A-1001", wanted)

    (first, *_) = (await desk.ticket(grace, made.ticket_id)).messages
    assert first.files == 1


class Returns(NoDeflector):
    """A knowledge base with one article."""

    def __init__(self, title: str) -> None:
        self.title = title

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        found = Suggestion(article="a", title=self.title, answer="Like this.", confidence=0.9)
        return Suggestions(verdict=Verdict.SURE, suggestions=(found,))


@pytest.mark.parametrize(
    ("title", "has_button"),
    [
        ("Return an item", True),
        ("Etwas zurückgeben", True),
        ("Devolver un artículo", True),
        ("Reset your password", False),
    ],
)
async def test_beneath_an_article_about_returns_is_a_button_that_opens_the_form(
    open_desk: OpenDesk, outbox: Outbox, title: str, has_button: bool
) -> None:
    desk = open_desk(House(deflector=Returns(title)))
    await desk.receive(message("how does that go?"))
    await desk.courier.deliver_due()

    actions = [button.action for button in outbox.to("ana")[-1].card.buttons]
    assert ("return" in actions) is has_button
