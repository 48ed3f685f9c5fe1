"""What comes in and goes out with a ticket: files, and replies that did not arrive."""

import dataclasses
from datetime import UTC, datetime

from playwright.async_api import expect

from core.channels import IncomingFile
from core.desk import Desk
from tests.outbox import Outbox
from tests.scene import hire, message, open_ticket
from tests.web.desk.seat import Room

PAGE = b"<script>window.ran=1</script>"


async def test_a_file_is_downloaded_by_who_is_signed_in_and_never_shown(
    room: Room, desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    outbox.files["f1"] = PAGE
    sent = message("see this", sent_at=datetime.now(UTC))
    files = (IncomingFile(name="bill.html", source="f1", content_type="text/html"),)
    await desk.receive(dataclasses.replace(sent, files=files))
    await desk.fetcher.fetch_due()
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    link = seat.page.get_by_role("link", name="bill.html")
    address = f"{room.url}{await link.get_attribute('href')}"
    given = await seat.page.request.get(address)
    assert await given.body() == PAGE
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-disposition"].startswith("attachment;")

    (session,) = await desk.sessions(grace)
    await desk.end_session(grace, session.id)
    refused = await seat.page.request.get(address, headers={"accept": "*/*"})
    assert refused.status == 401
    room.forgive("401")


async def test_a_reply_that_did_not_arrive_says_so_and_is_tried_again(
    room: Room, desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    outbox.refuses.add("ana")
    await seat.page.get_by_label("Reply to the customer").fill("It is on its way.")
    await seat.keys("Control+Enter")
    fate = seat.page.locator(".fate")
    await expect(fate).to_contain_text("✗ not delivered")
    outbox.refuses.clear()
    await fate.get_by_role("button", name="Try again").click()
    await expect(fate).to_contain_text("✓ delivered")
