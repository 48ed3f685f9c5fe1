"""A lead at the dashboard and the trends, in a real browser."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from core.desk import Desk
from core.model import Delivery, Progress
from core.storage.database import Database
from core.vocabulary import OPERATOR, Role, Status
from tests.axe import violations
from tests.scene import hire, message, open_ticket, person
from tests.web.desk.seat import Room


async def test_a_lead_handles_an_escalation_on_the_dashboard(room: Room, desk: Desk) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD, capacity=3)
    number = await open_ticket(desk, "<b>the lamp</b> burns")
    await hire(desk, "grace", capacity=3)
    seat = await room.seat(lead)
    await seat.open("/desk/dashboard")
    await expect(seat.page.get_by_text("Nothing is escalated.")).to_be_visible()

    await desk.escalate(OPERATOR, number, "the customer calls a lawyer")
    row = seat.page.locator(".matters li", has_text=f"#{number}")
    await expect(row).to_contain_text("<b>the lamp</b> burns")
    await expect(row).to_contain_text("the customer calls a lawyer")
    await expect(seat.page.locator(".tile", has_text="Escalated")).to_contain_text("1")

    await row.get_by_label(f"Give #{number} to").select_option(label="Grace (available)")
    await expect(seat.page.get_by_role("status")).to_contain_text(f"#{number} is with Grace.")
    await expect(row).to_contain_text("with Grace")
    await row.get_by_role("button", name="Take").click()
    await expect(row).to_contain_text("with Linus")
    await row.get_by_role("button", name="Resolve").click()
    await expect(seat.page.get_by_text("Nothing is escalated.")).to_be_visible()

    ticket = (await desk.ticket(OPERATOR, number)).ticket
    assert ticket.status is Status.RESOLVED
    assert ticket.assignee is not None
    assert ticket.assignee.name == "Linus"
    assert await seat.page.evaluate("window.ran") == 0


async def test_a_ticket_is_dragged_onto_an_agent(room: Room, desk: Desk) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD, capacity=0)
    number = await open_ticket(desk, "the lamp burns")
    await desk.escalate(OPERATOR, number, "the customer calls a lawyer")
    await hire(desk, "grace", capacity=1)
    await hire(desk, "ben", capacity=0)
    await hire(desk, "nora", capacity=1)
    seat = await room.seat(lead)
    await seat.open("/desk/dashboard")
    ticket = seat.page.locator(".matters li", has_text=f"#{number}")
    nora, ben = (seat.page.locator(".agent", has_text=name) for name in ("Nora", "Ben"))

    await ticket.get_by_role("link").drag_to(ben)
    await expect(seat.page.get_by_role("status")).to_contain_text(
        "Ben holds nothing and has capacity 0."
    )
    await expect(ticket).to_contain_text("with Grace")

    await ticket.drag_to(nora)
    await expect(seat.page.get_by_role("status")).to_contain_text(f"#{number} is with Nora.")
    await expect(ticket).to_contain_text("with Nora")
    await expect(nora).to_contain_text("1 of 1")

    await ticket.drag_to(nora)
    await expect(seat.page.get_by_role("status")).to_contain_text("is already with Nora.")
    await expect(seat.page.locator("body")).not_to_have_class(re.compile("dragging"))


async def test_what_is_refused_is_said_and_nothing_is_done(room: Room, desk: Desk) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD, capacity=0)
    number = await open_ticket(desk)
    await desk.escalate(OPERATOR, number, "it is late")
    seat = await room.seat(lead)
    await seat.open("/desk/dashboard")

    await seat.page.get_by_role("button", name=f"Take #{number}").click()

    await expect(seat.page.locator(".said.fault")).to_be_visible()
    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.NEW


async def test_a_dead_delivery_is_sent_again(room: Room, desk: Desk, sqlite_url: str) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD, capacity=0)
    await open_ticket(desk)
    await desk.courier.deliver_due()
    database = Database(sqlite_url)
    async with database.transaction() as session:
        await session.execute(
            update(Delivery).values(progress=Progress.DEAD, error="no such place")
        )
    await database.close()
    seat = await room.seat(lead)
    await seat.open("/desk/dashboard")

    buttons = seat.page.get_by_role("button", name="Send delivery")
    before = await buttons.count()
    await expect(seat.page.get_by_text("no such place").first).to_be_visible()
    await buttons.first.click()

    await expect(seat.page.get_by_role("status")).to_contain_text("is on its way again.")
    await expect(buttons).to_have_count(before - 1)


async def test_agents_have_neither_page(room: Room, desk: Desk) -> None:
    agent = await hire(desk, "grace")
    seat = await room.seat(agent)

    await expect(seat.page.get_by_role("link", name="Dashboard")).to_have_count(0)
    for path in ("dashboard", "trends"):
        await seat.page.goto(f"{seat.url}/desk/{path}")
        await expect(seat.page.get_by_role("alert")).to_contain_text("Only leads may do that")
    answer = await seat.page.request.get(f"{seat.url}/desk/trends.csv")
    assert answer.status == 403


async def busy(desk: Desk) -> None:
    await hire(desk, "=grace", capacity=9)
    number = 0
    for n in range(3):
        number = await open_ticket(desk, f"lamp {n} hums", by=f"customer-{n}")
        await desk.set_category(OPERATOR, number, "lamps" if n else "plants")
        await desk.reply(person("=grace"), number, "Press it.")
    await desk.resolve(person("=grace"), number)
    await desk.confirm(person("customer-2"), number)
    await desk.rate(person("customer-2"), number, 5)
    while await desk.tally():
        pass


async def test_trends_are_charts_with_tables_that_can_be_taken_along(
    room: Room, desk: Desk
) -> None:
    await busy(desk)
    seat = await room.seat(await hire(desk, "linus", role=Role.LEAD))
    await seat.page.goto(f"{seat.url}/desk/trends")

    await expect(seat.page.locator(".tile", has_text="Opened")).to_contain_text("3")
    await expect(seat.page.locator(".chart:has(canvas)")).to_have_count(5)
    for opener in await seat.page.get_by_text("As a table").all():
        await opener.click()
    await expect(seat.page.locator(".chart-part table")).to_have_count(5)
    by_category = seat.page.get_by_role("table", name="Opened by category")
    await expect(by_category.get_by_role("row", name="lamps")).to_contain_text("2")
    async with seat.page.expect_download() as saved:
        await seat.page.get_by_role("button", name="Save Opened by category as PNG").click()
    png = await (await saved.value).path()
    async with seat.page.expect_download() as taken:
        await seat.page.get_by_role("link", name="CSV").click()
    sheet = await (await taken.value).path()

    assert png.read_bytes().startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8"))))
    assert rows[0] == ["figure", "part", "value", "before"]
    assert ["opened", "", "3", "0"] in rows
    assert ["opened by category", "lamps", "2", ""] in rows
    assert ["assigned", "'=grace", "3", ""] in rows


async def test_trends_are_of_the_days_channel_and_team_that_are_asked_for(
    room: Room, desk: Desk
) -> None:
    await busy(desk)
    seat = await room.seat(await hire(desk, "linus", role=Role.LEAD))
    today = datetime.now(UTC).date().isoformat()

    async def opened(query: str) -> str:
        await seat.page.goto(f"{seat.url}/desk/trends?{query}")
        return await seat.page.locator(".tile dd").first.inner_text()

    assert await opened(f"since={today}&until={today}&channel=console&team=") == "3"
    assert await opened(f"since={today}&until={today}&channel=slack") == "0"
    for query in ("since=2026-02-01&until=2026-01-01", "since=tomorrow", "team=99", "team=x"):
        await seat.page.goto(f"{seat.url}/desk/trends?{query}")
        await expect(seat.page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_both_pages_can_be_used_by_everybody(
    room: Room, desk: Desk, scheme: str, width: int
) -> None:
    await busy(desk)
    await desk.receive(message("it burns", by="ben"))
    await desk.escalate(OPERATOR, 4, "it burns")
    seat = await room.seat(await hire(desk, "linus", role=Role.LEAD))
    await seat.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await seat.page.set_viewport_size({"width": width, "height": 800})
    for path in ("dashboard", "trends"):
        await seat.page.goto(f"{seat.url}/desk/{path}")
        await expect(seat.page.locator(".tile").first).to_be_visible()
        for opener in await seat.page.get_by_text("As a table").all():
            await opener.click()
        await expect(seat.page.locator(".chart-part table")).to_have_count(
            5 if path == "trends" else 0
        )
        assert await violations(seat.page) == []
        assert await seat.page.evaluate("document.documentElement.scrollWidth") <= width
