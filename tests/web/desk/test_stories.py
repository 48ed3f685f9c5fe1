"""Agents at their desk in a real browser."""

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from core.desk import Desk
from core.vocabulary import Doing, Priority, Role, Status
from tests.scene import hire, message, open_ticket
from tests.web.desk.seat import Room

NOW = datetime.now(UTC)


async def test_an_agent_works_ten_tickets_by_keyboard_only(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    numbers = [await open_ticket(desk, f"lamp {n} hums", by=f"customer-{n}") for n in range(10)]
    seat = await room.seat(grace)
    for done in range(10):
        await expect(seat.page.locator("[data-row]")).to_have_count(10 - done)
        await seat.keys("j", "Enter")
        await seat.page.wait_for_url("**/desk/tickets/*")
        await seat.live()
        await seat.keys("r")
        await expect(seat.page.get_by_label("Reply to the customer")).to_be_focused()
        await seat.page.keyboard.type("We send you a new one.")
        await seat.keys("Control+Enter")
        await expect(seat.page.locator(".message.reply")).to_contain_text("We send you a new one.")
        await seat.keys("e")
        await expect(seat.page.get_by_role("dialog")).to_be_visible()
        await seat.keys("Control+Enter")
        await expect(seat.page.locator(".chip.status")).to_have_text("resolved")
        await seat.keys("q")
        await seat.page.wait_for_url("**/desk/")
        await seat.live()
    await expect(seat.page.locator(".foot")).to_contain_text("No tickets here")
    for number in numbers:
        assert (await desk.ticket(grace, number)).ticket.status is Status.RESOLVED


async def test_r_n_e_and_c_work_from_the_queue(room: Room, desk: Desk) -> None:
    number = await open_ticket(desk)
    grace = await hire(desk, "grace")
    seat = await room.seat(grace)
    await seat.keys("j", "n")
    await seat.page.wait_for_url(f"**/desk/tickets/{number}")
    note = seat.page.get_by_label("Note – the customer does not see this")
    await expect(note).to_be_focused()
    await seat.page.keyboard.type("j k r n e ? /")
    await seat.keys("Control+Enter")
    await expect(seat.page.locator(".message.note")).to_contain_text("j k r n e ? /")
    await expect(seat.page.locator(".message.note")).to_contain_text(
        "Note – the customer does not see this"
    )
    await seat.keys("q")
    await seat.live()
    await seat.keys("?")
    await expect(seat.page.get_by_role("dialog", name="Keys")).to_be_visible()
    await seat.keys("Escape", "/")
    await expect(seat.page.get_by_label("Filter")).to_be_focused()


async def test_the_filter_line_completes_and_says_what_it_does_not_understand(
    room: Room, desk: Desk
) -> None:
    grace = await hire(desk, "grace")
    await open_ticket(desk)
    seat = await room.seat(grace)
    line = seat.page.get_by_label("Filter")
    await line.press_sequentially("pri")
    await seat.keys("Tab")
    await expect(line).to_have_value("priority:")
    await line.press_sequentially("hi")
    await seat.keys("ArrowDown", "Enter")
    await expect(line).to_have_value("priority:high ")
    await seat.keys("Enter")
    await seat.page.wait_for_url(re.compile("filter=priority"))
    await seat.live()
    await expect(seat.page.locator(".foot")).to_contain_text("Nothing found")
    await line.fill("statis:open")
    await seat.keys("Enter")
    await seat.page.wait_for_url(re.compile("statis"))
    await expect(seat.page.get_by_role("status")).to_contain_text("did you mean status:?")


async def test_the_queue_changes_by_itself_and_keeps_marks_and_focus(
    room: Room, desk: Desk
) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD, capacity=2)
    first = await open_ticket(desk, "the lamp hums", by="ana")
    seat = await room.seat(grace)
    await seat.keys("j", "x")
    row = seat.page.locator(f"[data-row='{first}']")
    await expect(row.get_by_role("checkbox")).to_be_checked()
    await expect(seat.page.locator(".bulk")).to_contain_text("1 marked")
    second = await open_ticket(desk, "the printer smokes", by="ben")
    await desk.set_priority(grace, second, Priority.URGENT)
    await expect(seat.page.locator("[data-row]").first).to_contain_text("the printer smokes")
    await expect(row.get_by_role("checkbox")).to_be_checked()
    await expect(row.locator("[data-open]")).to_be_focused()


async def test_a_lead_changes_what_is_marked_once_they_have_seen_how_many(
    room: Room, desk: Desk
) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD, capacity=3)
    numbers = [await open_ticket(desk, f"lamp {n}", by=f"customer-{n}") for n in range(3)]
    seat = await room.seat(lead)
    await seat.keys("j", "x", "j", "x")
    await seat.page.get_by_role("button", name="Priority…").click()
    await seat.page.get_by_label("Priority").last.select_option("high")
    await seat.keys("Control+Enter")
    await seat.page.get_by_role("button", name="Yes, 2 tickets").click()
    await expect(seat.page.locator(".priority.high")).to_have_count(2)
    await seat.page.get_by_role("button", name="Undo").click()
    await expect(seat.page.locator(".priority.high")).to_have_count(0)
    assert len(numbers) == 3


async def test_two_people_on_one_ticket_see_each_other(room: Room, desk: Desk) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD)
    linus = await hire(desk, "linus", role=Role.LEAD)
    number = await open_ticket(desk)
    one, two = await room.seat(lead), await room.seat(linus)
    await one.open(f"/desk/tickets/{number}")
    await expect(one.page.locator(".others")).to_be_empty()
    await two.open(f"/desk/tickets/{number}")
    await expect(one.page.locator(".others")).to_contain_text("Linus is here too")
    await expect(two.page.locator(".others")).to_contain_text("Lead is here too")

    await two.page.get_by_label("Reply to the customer").press_sequentially("I am on")
    await expect(one.page.locator(".others")).to_contain_text("Linus is writing")
    await one.page.get_by_label("Reply to the customer").fill("It is on its way.")
    await one.keys("Control+Enter")
    await expect(two.page.get_by_role("alert")).to_contain_text(
        "Lead has just replied while you were writing"
    )
    await expect(two.page.get_by_label("Reply to the customer")).to_have_value("I am on")

    await one.page.goto("about:blank")
    await expect(two.page.locator(".others")).to_be_empty()


async def test_a_stale_change_is_a_conflict_that_shows_how_it_is_now(
    room: Room, desk: Desk
) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD)
    linus = await hire(desk, "linus", role=Role.LEAD)
    number = await open_ticket(desk)
    seat = await room.seat(lead)
    await seat.open(f"/desk/tickets/{number}")
    await seat.page.get_by_role("button", name="Resolve…").click()
    dialog = seat.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await desk.set_priority(linus, number, Priority.URGENT)
    await seat.keys("Control+Enter")

    await expect(dialog.get_by_role("alert")).to_contain_text("has changed since you looked")
    await expect(seat.page.locator(".chip.priority")).to_have_text("urgent priority")
    assert (await desk.ticket(lead, number)).ticket.status is not Status.RESOLVED


async def test_what_a_session_may_see_ends_with_the_session(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    (session,) = await desk.sessions(grace)
    await desk.end_session(grace, session.id)
    await seat.page.wait_for_url("**/sign-in")
    await seat.page.goto(f"{room.url}/desk/tickets/{number}")
    assert seat.page.url == f"{room.url}/sign-in"


async def test_a_macro_fills_the_reply_and_can_be_changed(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.add_macro(grace, "sorry", "Sorry, {customer.first_name}!", Doing())
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    await seat.page.get_by_label("Macro").select_option("sorry")
    reply = seat.page.get_by_label("Reply to the customer")
    await expect(reply).to_have_value("Sorry, Ana!")
    await reply.press_sequentially(" A new one comes today.")
    await seat.keys("Control+Enter")
    await expect(seat.page.locator(".message.reply")).to_contain_text(
        "Sorry, Ana! A new one comes today."
    )
    await expect(seat.page.locator(".fate")).to_contain_text("✓ delivered")
    await expect(reply).to_have_value("")


async def test_older_messages_come_on_demand(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, "message 0")
    for n in range(1, 45):
        await desk.receive(message(f"message {n}", sent_at=NOW + timedelta(seconds=n)))
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    await expect(seat.page.locator(".message")).to_have_count(30)
    await seat.page.get_by_role("button", name="Show older messages").click()
    await expect(seat.page.locator(".message")).to_have_count(45)
    said = await seat.page.locator(".message .text").all_text_contents()
    assert said == [f"message {n}" for n in range(45)]
    await expect(seat.page.get_by_role("button", name="Show older messages")).to_be_hidden()


async def test_tags_are_put_on_and_taken_off_by_keyboard(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.tag(grace, number, add=["storm"])
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")
    tags = seat.page.get_by_role("group", name="Tags")
    await expect(tags.get_by_role("listitem")).to_have_text(["storm×"])

    await seat.keys("t")
    await expect(seat.page.get_by_role("dialog").locator("[name=tags]")).to_be_focused()
    await seat.page.keyboard.type("vip <img> -storm")
    await seat.keys("Control+Enter")
    await expect(seat.page.get_by_role("alert").last).to_contain_text("<img>")
    await seat.page.get_by_role("dialog").locator("[name=tags]").fill("vip lamps -storm")
    await seat.keys("Control+Enter")
    await expect(tags.get_by_role("listitem")).to_have_text(["lamps×", "vip×"])

    await seat.page.get_by_role("button", name="Take off the tag lamps").press("Enter")
    await expect(tags.get_by_role("listitem")).to_have_text(["vip×"])
    assert await desk.tags(grace, number) == ["vip"]
