"""People, knowledge and settings on the staff pages; and that everybody can use all of them."""

import pytest
from playwright.async_api import expect

from core.desk import Desk
from core.vocabulary import OPERATOR, Details, Doing, Role
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.axe import violations
from tests.scene import hire, open_ticket
from tests.web.desk.seat import Room


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_use_every_page(room: Room, desk: Desk, scheme: str) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN)
    number = await open_ticket(desk)
    await desk.reply(admin, number, "It is on its way, **really**.")
    await desk.note(admin, number, "Is it?")
    await desk.add_macro(admin, "sorry", "Sorry!", Doing(), shared=True)
    await Library.beside(desk).add(admin, Fields(title="Lamps", body="# Lamps\n\nThey glow."))
    seat = await room.seat(admin)
    await seat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in (
        "/desk/",
        f"/desk/tickets/{number}",
        "/desk/people",
        "/desk/knowledge",
        "/desk/knowledge/lamps",
        "/desk/knowledge/lamps/edit",
        "/desk/settings",
    ):
        await seat.page.goto(f"{room.url}{path}")
        await expect(seat.page.locator("h1")).to_be_visible()
        assert await violations(seat.page) == [], path
    await seat.open(f"/desk/tickets/{number}")
    await seat.page.get_by_role("button", name="Transfer…").click()
    await expect(seat.page.get_by_role("dialog")).to_be_visible()
    assert await violations(seat.page) == []


async def test_no_page_is_wider_than_a_phone(room: Room, desk: Desk) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN)
    number = await open_ticket(desk, "x" * 300)
    await Library.beside(desk).add(admin, Fields(title="Lamps", body="y" * 300))
    seat = await room.seat(admin)
    await seat.page.set_viewport_size({"width": 360, "height": 740})
    for path in (
        "",
        f"tickets/{number}",
        "people",
        "knowledge",
        "knowledge/lamps",
        "knowledge/lamps/edit",
        "settings",
    ):
        await seat.page.goto(f"{room.url}/desk/{path}")
        await expect(seat.page.locator("h1")).to_be_visible()
        too_wide = "() => document.documentElement.scrollWidth - innerWidth"
        assert await seat.page.evaluate(too_wide) <= 0, path


async def test_an_admin_adds_changes_and_removes_an_agent(room: Room, desk: Desk) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN)
    seat = await room.seat(admin)
    await seat.open("/desk/people")
    page, dialog = seat.page, seat.page.get_by_role("dialog")
    await page.get_by_role("button", name="Add somebody…").click()
    await dialog.locator("[name=agent]").fill("grace")
    await seat.keys("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("is not a mention")
    await dialog.locator("[name=agent]").fill("console:local:grace")
    await dialog.locator("[name=skills]").fill("billing:3")
    await dialog.locator("[name=role]").select_option("lead")
    await seat.keys("Control+Enter")
    row = page.locator("tbody tr").filter(has_text="grace")
    await expect(row).to_contain_text("lead, tier 1")
    await expect(row).to_contain_text("billing 3")

    await row.get_by_role("button", name="Edit grace").click()
    await expect(dialog.locator("[name=skills]")).to_have_value("billing:3")
    await dialog.locator("[name=capacity]").fill("4")
    await seat.keys("Control+Enter")
    await expect(row).to_contain_text("0 of 4")

    await row.get_by_label("More on grace").click()
    await row.get_by_role("button", name="Remove grace").click()
    await dialog.get_by_role("button", name="Remove agent").click()
    await expect(row).to_have_count(0)
    assert [each.agent.name for each in await desk.agents(OPERATOR)] == ["Admin"]


async def test_an_admin_makes_renames_and_removes_a_team(room: Room, desk: Desk) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN)
    seat = await room.seat(admin)
    await seat.open("/desk/people")
    page, dialog = seat.page, seat.page.get_by_role("dialog")
    teams = page.get_by_role("region", name="Teams")
    await teams.get_by_role("button", name="Add…").click()
    await dialog.locator("[name=name]").fill("none")
    await seat.keys("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("a meaning of their own")
    await dialog.locator("[name=name]").fill("lamp care")
    await seat.keys("Control+Enter")
    await expect(teams).to_contain_text("lamp care · 0 agents")

    await desk.edit_agent(OPERATOR, admin, Details(team="lamp care"))
    await teams.get_by_role("button", name="Rename…").click()
    await dialog.locator("[name=from]").fill("lamp care")
    await dialog.locator("[name=to]").fill("light")
    await seat.keys("Control+Enter")
    await expect(teams).to_contain_text("light · 1 agent")
    row = page.locator("tbody tr").filter(has_text="Admin")
    await expect(row).to_contain_text("light")

    await teams.get_by_role("button", name="Remove…").click()
    await dialog.locator("[name=name]").fill("light")
    await seat.keys("Control+Enter")
    await expect(teams).to_contain_text("There are none")
    await expect(row).not_to_contain_text("light")


async def test_an_admin_adds_an_agent_and_a_rule_that_sends_them_the_next_ticket(
    room: Room, desk: Desk
) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN, capacity=0)
    await hire(desk, "linus", team="sales")
    seat = await room.seat(admin)
    await seat.open("/desk/people")
    page, dialog = seat.page, seat.page.get_by_role("dialog")
    await page.get_by_role("button", name="Add somebody…").click()
    await dialog.locator("[name=agent]").fill("console:local:grace")
    await dialog.locator("[name=team]").fill("lamps")
    await seat.keys("Control+Enter")
    await expect(page.locator("tbody tr").filter(has_text="grace")).to_contain_text("lamps")

    await page.get_by_role("link", name="Settings").click()
    rules = page.get_by_role("region", name="Rules")
    await rules.get_by_role("button", name="Add…").click()
    await expect(dialog).to_contain_text("vip first: vip:yes => priority:high tag:vip stop")
    await dialog.locator("[name=text]").fill("lamps: lamp => priority:urgent tag:glow teem:lamps")
    await seat.keys("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("teem")
    await dialog.locator("[name=text]").fill("lamps: lamp => priority:urgent tag:glow team:lamps")
    await seat.keys("Control+Enter")
    await expect(rules).to_contain_text("lamps · rule 1")

    number = await open_ticket(desk, "the lamp hums")
    await page.goto(f"{room.url}/desk/")
    row = page.locator(f"[data-row='{number}']")
    await expect(row).to_contain_text("urgent")
    await expect(row).to_contain_text("grace")
    assert await desk.tags(admin, number) == ["glow"]


async def test_an_agent_is_offered_only_what_agents_may_do(room: Room, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    seat = await room.seat(grace)
    await seat.open("/desk/people")
    assert await seat.page.get_by_role("button", name="Add somebody…").count() == 0
    await seat.page.goto(f"{room.url}/desk/settings")
    await expect(seat.page.get_by_role("region", name="Macros")).to_be_visible()
    for name in ("Rules", "Keys", "Routing"):
        await expect(seat.page.get_by_role("region", name=name)).to_have_count(0)


async def test_articles_are_found_by_their_words_drafts_and_translations_too(
    room: Room, desk: Desk
) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD)
    library = Library.beside(desk)
    await library.add(lead, Fields(title="Lamps", body="They glow at *night*."))
    await library.translate(lead, "lamps", Fields(language="de", title="Lampen", body="Glühen."))
    await library.add(lead, Fields(title="Pots", body="They do not."))
    seat = await room.seat(lead)
    await seat.page.goto(f"{room.url}/desk/knowledge")
    field, rows = seat.page.get_by_role("searchbox"), seat.page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    for asked in ("night", "gluhen"):
        await field.fill(asked)
        await seat.keys("Enter")
        await seat.page.wait_for_url(f"**/desk/knowledge?q={asked}")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("Lamps")
    await field.fill("<img src=x onerror=window.ran=1>")
    await seat.keys("Enter")
    await expect(seat.page.get_by_text("No article has all these words.")).to_be_visible()
    assert await seat.page.evaluate("window.ran") == 0


async def test_a_setting_is_refused_with_a_sentence_and_then_kept(room: Room, desk: Desk) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN)
    seat = await room.seat(admin)
    await seat.page.goto(f"{room.url}/desk/settings")
    kinds = seat.page.get_by_role("region", name="Kinds of tickets")
    await kinds.get_by_role("button", name="Add…").click()
    dialog = seat.page.get_by_role("dialog")
    await dialog.locator("[name=name]").fill("question")
    await dialog.locator("[name=about]").fill("again")
    await seat.keys("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("question")
    await dialog.locator("[name=name]").fill("warranty")
    await seat.keys("Control+Enter")
    await expect(kinds).to_contain_text("warranty")


async def test_an_article_is_written_with_a_preview_and_its_revisions_differ(
    room: Room, desk: Desk
) -> None:
    lead = await hire(desk, "lead", role=Role.LEAD)
    await Library.beside(desk).add(lead, Fields(title="Lamps", body="They glow."))
    seat = await room.seat(lead)
    await seat.page.goto(f"{room.url}/desk/knowledge/lamps/edit")
    await seat.page.get_by_label("Body, in Markdown").fill(
        "They **glow** at night. <img src=x onerror=window.ran=1> [bad](javascript:window.ran=1)"
    )
    preview = seat.page.get_by_role("region", name="Preview")
    await expect(preview.locator("strong")).to_have_text("glow")
    await expect(preview.locator("img, a, script")).to_have_count(0)
    await seat.page.get_by_role("button", name="Keep").click()
    await seat.page.wait_for_url("**/desk/knowledge/lamps")
    await seat.page.locator(".revision > summary").first.click()
    changed = seat.page.locator(".difference").first
    await expect(changed.locator(".removed")).to_contain_text(["They glow."])
    await expect(changed.locator(".added").last).to_contain_text("They **glow** at night.")
    await seat.page.get_by_role("button", name="Publish").click()
    await expect(seat.page.locator(".chip").first).to_have_text("published")
    assert await seat.page.evaluate("() => window.ran") == 0
