"""What people type is shown as they typed it, and nothing in it runs."""

from datetime import UTC, datetime

from playwright.async_api import expect

from core.desk import Desk
from tests.bots.console.payloads import PAYLOADS
from tests.bots.console.shop import hire, somebody
from tests.bots.console.window import Window
from tests.scene import message

NOW = datetime.now(UTC)
TYPED = 10
NAME = "<img src=x onerror=window.ran=1>"


async def test_a_hundred_payloads_are_text(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", NAME)
    for number, payload in enumerate(PAYLOADS[TYPED:]):
        await desk.receive(message(payload, by="ana", post=f"payload-{number}", sent_at=NOW))
    await window.open("?customer=ana&agent=agent-1")
    for payload in PAYLOADS[:TYPED]:
        await window.ask(payload)
    await expect(window.customer.locator(".own")).to_have_count(len(PAYLOADS))
    shown = await window.customer.locator(".own .words").all_text_contents()
    assert shown == [*PAYLOADS[TYPED:], *PAYLOADS[:TYPED]]
    assert len(PAYLOADS) == 100

    await window.look_at("Staff channel")
    ticket = window.ticket(1)
    await expect(ticket.locator(".card-title")).to_have_text(f"🎫 #1 {PAYLOADS[TYPED]}")
    await ticket.get_by_role("button", name="earlier").click()
    beneath = await ticket.locator(".line .words").all_text_contents()
    assert beneath == shown[1:]
    await _nothing_ran(window)


async def test_what_agents_and_articles_say_is_harmless_too(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", NAME)
    await window.open("?customer=ana&agent=agent-1")
    await window.ask("how do I reset my password?")
    quote = window.customer.locator(".markdown blockquote")
    await expect(quote).to_contain_text('<img src=x onerror="window.ran=1">')
    await expect(quote.get_by_role("link")).to_have_count(0)
    await expect(window.customer.locator(".markdown a")).to_have_count(1)

    await window.customer.get_by_role("button", name="Talk to a person").click()
    await expect(window.direct).to_contain_text("#1 is yours")
    for payload in PAYLOADS[:10]:
        await desk.reply(somebody("agent-1"), 1, payload)
        await desk.note(somebody("agent-1"), 1, payload)
    await expect(window.customer).to_contain_text(PAYLOADS[9])
    line = window.page.locator("#agent-text")
    await line.fill(f"/ticket show {NAME}")
    await line.press("Enter")
    await expect(window.direct.get_by_role("alert")).to_contain_text("“<img” is not")
    await _nothing_ran(window)


async def _nothing_ran(window: Window) -> None:
    for sight in (window.customer, window.direct, window.staff):
        for element in ("script", "iframe", "object", "style", "svg", "video", "input", "b b"):
            await expect(sight.locator(element)).to_have_count(0)
        sources = await sight.locator("img").evaluate_all(
            "(all) => all.map((each) => new URL(each.src).pathname)"
        )
        assert set(sources) <= {"/console/static/switchboard.svg"}
    assert await window.page.evaluate("() => window.ran") == 0
