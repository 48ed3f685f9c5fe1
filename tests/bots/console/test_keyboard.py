"""Everything without a mouse, and completion as one types."""

from playwright.async_api import Locator, expect

from core.desk import Desk
from tests.bots.console.shop import hire
from tests.bots.console.window import Window
from tests.scene import message

STOPS_AT_MOST = 40
FOCUS = """(node) => node === document.activeElement && (
  node.matches(":focus-visible") ? "seen" : "not seen")"""


async def _go(window: Window, to: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is there, and can be seen."""
    for _ in range(STOPS_AT_MOST):
        await window.page.keyboard.press(key)
        focus = await to.evaluate(FOCUS)
        if focus:
            assert focus == "seen"
            return
    raise AssertionError(f"{key} never reached {to}")


async def test_the_whole_story_by_keyboard(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria", capacity=2)
    await window.open("?customer=ana&agent=agent-1")
    await _ask_for_a_person(window)
    await _reply_and_note(window)
    await _go(window, window.page.locator("#agent-text"))
    await window.page.keyboard.type("/ticket resolve 1")
    await window.page.keyboard.press("Enter")
    await expect(window.ticket(1)).to_contain_text("Statusresolved")


async def _ask_for_a_person(window: Window) -> None:
    await window.page.keyboard.press("Tab")
    await expect(window.page.get_by_role("link", name="Skip to the customer's")).to_be_focused()
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator("#customer-text")).to_be_focused()
    await window.page.keyboard.type("how do I reset my password?")
    await window.page.keyboard.press("Enter")
    person = window.customer.get_by_role("button", name="Talk to a person")
    await expect(person).to_be_visible()
    await _go(window, person, "Shift+Tab")
    await window.page.keyboard.press("Enter")
    await expect(window.customer).to_contain_text("This is ticket #1.")


async def _reply_and_note(window: Window) -> None:
    await _go(window, window.page.get_by_role("tab", name="Direct messages"))
    await window.page.keyboard.press("ArrowRight")
    await expect(window.page.get_by_role("tab", name="Staff channel")).to_be_focused()
    await _go(window, window.ticket(1).get_by_role("button", name="Reply"))
    await window.page.keyboard.press("Space")
    await expect(window.dialog.get_by_role("textbox")).to_be_focused()
    await window.page.keyboard.type("Try again now.")
    await window.page.keyboard.press("Control+Enter")
    await expect(window.dialog).to_be_hidden()
    await expect(window.customer).to_contain_text("Try again now.")

    await _go(window, window.ticket(1).get_by_role("textbox"))
    await window.page.keyboard.type("she is nice")
    await window.page.keyboard.press("Enter")
    await expect(window.ticket(1).locator(".note")).to_contain_text("she is nice")


async def test_the_focus_stays_near_a_button_that_went_away(window: Window) -> None:
    await window.open("?customer=ana")
    await window.ask("how do I reset my password?")
    solved = window.customer.get_by_role("button", name="That solved it")
    await _go(window, solved, "Shift+Tab")
    await window.page.keyboard.press("Enter")

    await expect(window.customer).to_contain_text("Solved. Glad that helped!")
    assert await window.customer.evaluate("(room) => room.contains(document.activeElement)")


async def test_the_focus_stays_on_a_button_whose_card_is_drawn_anew(
    window: Window, desk: Desk
) -> None:
    """As it is when it has been delivered, which may be just then."""
    await window.open("?customer=ana")
    await window.ask("how do I reset my password?")
    person = window.customer.get_by_role("button", name="Talk to a person")
    await _go(window, person, "Shift+Tab")
    drawn = await person.element_handle()
    assert drawn is not None
    await hire(desk, "ana", "Ana")  # whose name is on every post
    await desk.receive(message("a person, please", by="ben"))
    await drawn.wait_for_element_state("hidden")

    assert await person.evaluate(FOCUS) == "seen"


async def test_a_slash_offers_what_can_be_done(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await window.open("?agent=agent-1")
    line = window.page.locator("#agent-text")
    offered = window.page.locator("#agent-composer").get_by_role("option")
    await line.press_sequentially("/")
    await expect(offered.first).to_contain_text("/ticket list")
    await expect(offered.filter(has_text="/agent add")).to_have_count(0)  # not for agents
    await line.press_sequentially("cl")
    await expect(offered).to_have_count(1)
    await expect(offered).to_contain_text("Take a waiting ticket.")
    await expect(line).to_have_attribute("aria-expanded", "true")
    await expect(line).to_have_attribute("aria-activedescendant", "agent-text-commands-0")

    await line.press("Tab")
    await expect(line).to_have_value("/ticket claim ")
    await line.press_sequentially("4")
    await expect(offered).to_have_count(0)
    await expect(window.page.locator(".hint:visible")).to_contain_text("/ticket claim 42")


async def test_customers_are_offered_their_own_commands_only(window: Window) -> None:
    await window.open()
    line = window.page.locator("#customer-text")
    offered = window.page.locator("#customer-composer").get_by_role("option")
    await line.press_sequentially("/su")
    await expect(offered.filter(has_text="/support")).to_have_count(1)
    await line.fill("/ticket")
    await expect(offered.nth(1)).to_be_visible()
    await expect(offered.filter(has_text="/ticket claim")).to_have_count(0)
    await line.press("ArrowDown")
    await expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    await line.press("Escape")
    await expect(offered).to_have_count(0)


async def test_the_up_arrow_brings_back_what_was_sent(window: Window) -> None:
    await window.open()
    await window.ask("hi")
    await window.ask("thanks")
    line = window.page.locator("#customer-text")

    await line.press("ArrowUp")
    await expect(line).to_have_value("thanks")
    await line.press("ArrowUp")
    await expect(line).to_have_value("hi")
    await line.press("ArrowDown")
    await line.press("ArrowDown")
    await expect(line).to_have_value("")
    await line.press_sequentially("mine")
    await line.press("ArrowUp")
    await expect(line).to_have_value("mine")
