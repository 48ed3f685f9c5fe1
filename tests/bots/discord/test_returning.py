"""A return on Discord, from the customer's words through photo and decision to refunded and closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.desk import Desk
from tests.bots.discord.conftest import ALICE, GRACE, delivered, heard, hire
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import StandIn
from tests.bots.discord.world import STAFF
from tests.core.test_returns import ORDER


async def test_from_words_to_refunded_and_closed(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    dm = stand_in.dm(ALICE)
    await hire(desk, GRACE)
    then = datetime.now(UTC) - timedelta(days=5)
    await desk.take_in_orders(
        [replace(ORDER, placed_at=then, delivered_at=then, identity=f"discord:global:{ALICE}")]
    )

    await heard(desk, await people.dm(ALICE, "I want to return order A-1001"))
    await delivered(desk)
    form = await people.press(ALICE, dm, "Return something")
    sent = await people.submit(ALICE, form, items="1 × LAMP", reason="defective", wish="refund")
    assert "Please send us a photo of it here." in await people.answer(sent)
    await delivered(desk)
    assert "We have your request to return 1 × Nordlys lamp" in "\n".join(stand_in.texts(dm))

    beneath = int(stand_in.messages[STAFF][0]["id"])
    form = await people.press(GRACE, beneath, "Ask")
    await people.answer(await people.submit(GRACE, form, question="At night, too?"))
    await delivered(desk)
    assert "At night, too?" in stand_in.texts(dm)[-1]
    stand_in.files["lamp.jpg"] = b"jpg"
    url = f"{stand_in.url}/store/lamp.jpg"
    photo = {"id": "77", "filename": "lamp.jpg", "size": 3, "url": url,
             "proxy_url": url, "content_type": "image/jpeg"}  # fmt: skip
    await heard(desk, await people.dm(ALICE, "yes, all night", attachments=[photo]))
    await desk.fetcher.fetch_due()
    await delivered(desk)
    assert "lamp.jpg" in str(stand_in.messages[beneath])
    refused = await people.slash(GRACE, "ticket resolve", ticket=1)
    assert "is not decided" in await people.answer(refused)

    await _decided(people, desk, stand_in, beneath)
    await people.answer(await people.slash(GRACE, "ticket resolve", ticket=1, text="Enjoy it."))
    await delivered(desk)
    assert "closed" in await people.answer(await people.press(ALICE, dm, "That solved it"))
    assert not stand_in.refusals


async def _decided(people: People, desk: Desk, stand_in: StandIn, beneath: int) -> None:
    """Grace goes the way of the return by its buttons, and Alice is told each step."""
    dm = stand_in.dm(ALICE)
    for label, told in (
        ("Accept", "You can send it back: 1 × Nordlys lamp."),
        ("Received", "It has arrived: 1 × Nordlys lamp. We refund you."),
        ("Refunded", "The refund is on its way to you."),
    ):
        await people.answer(await people.press(GRACE, beneath, label))
        await delivered(desk)
        assert told in stand_in.texts(dm)[-1]
