"""How it looks, as far as a test can tell: contrast, a phone's width, long words, the two tabs."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Locator, ViewportSize, expect

from core.desk import Desk
from tests.bots.console.shop import hire, hire_admin, somebody
from tests.bots.console.window import Window
from tests.scene import message

PHONE: ViewportSize = {"width": 390, "height": 844}
ENOUGH = 4.5  # WCAG 2.2, AA, for text of ordinary size

CONTRASTS = """() => {
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (color) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
  const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const beneath = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility()) continue;
    const [one, other] = [light(parse(getComputedStyle(node).color)), light(beneath(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([Math.round(ratio * 100) / 100, texts.currentNode.data.trim().slice(0, 40), node.className]);
  }
  return found;
}"""


async def _busy(window: Window, desk: Desk) -> None:
    """A console on which there is something of everything to see."""
    await hire(desk, "agent-1", "Maria", capacity=3)
    await hire_admin(desk, "root")
    await window.open("?customer=ana&agent=agent-1")
    await window.ask("how do I reset my password?")
    await window.ask("the link in your mail does not work")
    await window.ask("a person please")
    await expect(window.direct).to_contain_text("#1 is yours")
    await desk.reply(somebody("agent-1"), 1, "Please try this one.")
    await window.type("/ticket show 1")
    line = window.page.locator("#agent-text")
    await line.fill("/ticket claim 1")
    await line.press("Enter")
    await expect(window.direct.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_has_enough_contrast(window: Window, desk: Desk, scheme: Any) -> None:
    await window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await _busy(window, desk)
    seen: list[list[Any]] = await window.page.evaluate(CONTRASTS)
    await window.look_at("Staff channel")
    note = window.ticket(1).get_by_role("textbox")
    await note.fill("for colleagues")
    await note.press("Enter")
    await expect(window.ticket(1).locator(".note")).to_be_visible()
    seen += await window.page.evaluate(CONTRASTS)
    await window.page.locator("#agent-text").fill("/")
    await window.page.locator("#customer-who .picker").click()
    seen += await window.page.evaluate(CONTRASTS)

    assert len(seen) > 150
    assert [each for each in seen if each[0] < ENOUGH] == []


async def test_on_a_phone_the_two_sides_are_tabs(window: Window, desk: Desk) -> None:
    await window.page.set_viewport_size(PHONE)
    await hire(desk, "agent-1", "Maria")
    await window.open("?customer=ana&agent=agent-1")
    await window.ask("w" * 400 + " the printer smokes")
    await expect(window.customer).to_contain_text("This is ticket #1.")
    await expect(window.direct).to_be_hidden()
    agent = window.page.get_by_role("tab", name="Agent")
    await expect(agent).to_contain_text("unread")
    await _fits(window, window.customer)

    await agent.click()
    await expect(window.customer).to_be_hidden()
    await expect(window.direct).to_contain_text("#1 is yours")
    await _fits(window, window.direct)
    await window.look_at("Staff channel")
    await _fits(window, window.staff)
    await expect(agent).not_to_contain_text("unread")


async def _fits(window: Window, room: Locator) -> None:
    for node in (window.page.locator("html"), room):
        assert await node.evaluate("(node) => node.scrollWidth - node.clientWidth") == 0


async def test_long_words_do_not_widen_the_page(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "M" * 120)
    await window.open("?customer=" + "c" * 40 + "&agent=agent-1")
    await window.ask("w" * 3000)
    await expect(window.direct).to_contain_text("is yours")
    await _fits(window, window.customer)
    await _fits(window, window.direct)
    await window.look_at("Staff channel")
    await _fits(window, window.staff)


async def test_a_long_text_is_folded_until_somebody_wants_it(window: Window) -> None:
    await window.open("?customer=ana")
    await window.ask("\n".join(f"line {number}" for number in range(60)))
    more = window.customer.get_by_role("button", name="Show all of it")
    await expect(more).to_have_attribute("aria-expanded", "false")
    await more.click()
    less = window.customer.get_by_role("button", name="Show less")
    await expect(less).to_have_attribute("aria-expanded", "true")


SCROLLED_BACK = """(room) => new Promise((done) => {
  room.addEventListener("scroll", () => requestAnimationFrame(done), { once: true });
  room.scrollTo(0, 0);
})"""
"""Scroll to the beginning, and wait until the page has seen it."""


async def test_the_last_words_stay_in_sight_unless_somebody_reads_back(
    window: Window, desk: Desk
) -> None:
    await window.open("?customer=ana")
    for number in range(8):
        await window.ask(f"line\n{number}\nof\nmany\nothers")
    posts = window.customer.locator(".post")
    await expect(posts.last).to_be_in_viewport()

    await expect(window.customer).to_contain_text("Got it")  # nothing else is on its way
    await window.customer.evaluate(SCROLLED_BACK)
    await expect(posts.first).to_be_in_viewport()
    await desk.receive(message("written elsewhere", by="ana", sent_at=datetime.now(UTC)))
    await expect(posts.last).to_contain_text("written elsewhere")
    await expect(posts.first).to_be_in_viewport()
    await expect(posts.last).not_to_be_in_viewport()
