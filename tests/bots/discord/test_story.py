"""A whole matter on Discord: asked in direct messages, claimed by button, talked over, resolved."""

from core.desk import Desk
from tests.bots.discord.conftest import ALICE, GRACE, ON_BOTH, delivered, heard, hire
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import StandIn
from tests.bots.discord.world import STAFF


@ON_BOTH
async def test_from_question_to_thanks(people: People, desk: Desk, stand_in: StandIn) -> None:
    dm = stand_in.dm(ALICE)
    await heard(desk, await people.dm(ALICE, "I forgot my **password**"))
    await delivered(desk)
    (offer,) = stand_in.texts(dm)
    assert offer.startswith("This should help:\nReset your password\nPress **Forgot password**")

    token = await people.press(ALICE, dm, "Talk to a person")
    assert "ticket #1" in await people.answer(token)
    await delivered(desk)
    assert "Got it. This is ticket #1" in stand_in.texts(dm)[-1]
    (card,) = stand_in.texts(STAFF)
    assert card.startswith("**🎫 #1 I forgot my password**\n> I forgot my **password**")
    assert "Customer: Alice" in card

    await hire(desk, GRACE)
    await delivered(desk)
    form = await people.press(GRACE, STAFF, "Reply")
    sent = await people.submit(GRACE, form, text="Press *Forgot*, then wait")
    assert "Sent to Alice" in await people.answer(sent)
    await delivered(desk)
    assert "Press *Forgot*, then wait" in stand_in.texts(dm)[-1]
    assert "Grace" in stand_in.texts(dm)[-1]
    assert not stand_in.refusals
    assert not stand_in.pings


@ON_BOTH
async def test_from_answer_to_thanks(people: People, desk: Desk, stand_in: StandIn) -> None:
    dm = stand_in.dm(ALICE)
    await hire(desk, GRACE)
    await heard(desk, await people.dm(ALICE, "the lamp flickers"))
    await delivered(desk)
    root = int(stand_in.messages[STAFF][0]["id"])

    await heard(desk, await people.dm(ALICE, "it worked"))
    await delivered(desk)
    assert any("it worked" in each for each in stand_in.texts(root))

    token = await people.slash(GRACE, "ticket resolve", ticket=1, text="Glad to hear it")
    assert "#1 is resolved" in await people.answer(token)
    await delivered(desk)
    assert "Glad to hear it" in stand_in.texts(dm)[-1]
    token = await people.press(ALICE, dm, "That solved it")
    assert "closed" in await people.answer(token)
    assert not stand_in.refusals
    assert not stand_in.pings
