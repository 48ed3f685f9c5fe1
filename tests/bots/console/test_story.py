"""The whole story in a browser: a question, an article, a person, a ticket, an answer, the end."""

from playwright.async_api import BrowserContext, expect

from bots.console.channel import ConsoleChannel
from core.desk import Desk
from core.vocabulary import OPERATOR, Details
from tests.bots.console.shop import hire, somebody
from tests.bots.console.window import Window

CANARY = "CANARY-7f3a stays in the house"


async def test_from_a_question_to_a_resolved_ticket(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria", capacity=0)  # nothing is assigned to her by itself
    await window.open("?customer=ana&agent=agent-1")
    await _article_then_person(window)
    await expect(window.page.get_by_role("tab", name="Staff channel")).to_contain_text("1 unread")
    await desk.edit_agent(OPERATOR, somebody("agent-1"), Details(capacity=2))
    await desk.release(somebody("agent-1"), 1)
    await _claimed_by_button(window)
    await _answered_and_noted(window)
    await _resolved_by_command(window)
    assert CANARY not in await window.page.locator("#customer").inner_text()


async def _article_then_person(window: Window) -> None:
    """The first visit explains itself; used buttons are replaced by what happened."""
    await window.page.get_by_role("button", name="How do I reset my password?").click()
    await expect(window.customer.get_by_role("heading", name="Reset your password")).to_be_visible()
    link = window.customer.get_by_role("link", name="sign-in page")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")

    await window.customer.get_by_role("button", name="Talk to a person").click()
    await expect(window.customer).to_contain_text("A person takes over: ticket #1.")
    await expect(window.customer.get_by_role("button")).to_have_count(0)
    await expect(window.customer).to_contain_text("Got it. This is ticket #1.")


async def _claimed_by_button(window: Window) -> None:
    await window.look_at("Staff channel")
    tab = window.page.get_by_role("tab", name="Staff channel")
    await expect(tab).not_to_contain_text("unread")
    claim = window.ticket(1).get_by_role("button", name="Claim")
    await claim.click()
    await expect(claim).to_have_count(0)
    await expect(window.ticket(1)).to_contain_text("AssigneeMaria")
    await expect(window.customer).to_contain_text("Maria has taken your ticket #1")


async def _answered_and_noted(window: Window) -> None:
    """A reply goes to the customer; a note and words beneath the card do not."""
    ticket = window.ticket(1)
    await ticket.get_by_role("button", name="Reply").click()
    await expect(window.dialog.get_by_role("heading")).to_have_text("💬 Reply · #1")
    await window.fill("Look into your spam folder, please.")
    await expect(window.customer).to_contain_text("Look into your spam folder, please.")
    await expect(ticket).to_contain_text("💬 Maria → customer")

    await ticket.get_by_role("button", name="Note").click()
    await window.fill(f"by form: {CANARY}")
    await expect(ticket).to_contain_text("only visible to you", ignore_case=True)
    beneath = ticket.get_by_role("textbox")
    await beneath.fill(f"in the thread: {CANARY}")
    await beneath.press("Enter")
    await expect(ticket.locator(".note")).to_contain_text(f"in the thread: {CANARY}")
    await expect(beneath).to_have_value("")

    await window.ask("There it was!")
    await expect(ticket).to_contain_text("There it was!")


async def _resolved_by_command(window: Window) -> None:
    await window.look_at("Direct messages")
    await window.type("/ticket resolve 1 Glad you found it")
    await expect(window.direct.locator(".aside")).to_contain_text("✅ #1 is resolved.")
    await expect(window.customer).to_contain_text("Glad you found it")
    await window.customer.get_by_role("button", name="That solved it").click()
    await expect(window.customer).to_contain_text("Ticket #1 is closed.")
    survey = window.customer.get_by_text("How did we do with ticket #1")
    await expect(survey).to_be_visible()
    await expect(window.customer.get_by_role("button")).to_have_count(5)

    await window.direct.get_by_role("button", name="Dismiss").click()
    await expect(window.direct.locator(".aside")).to_have_count(0)


async def test_two_windows_show_the_same(
    window: Window, context: BrowserContext, desk: Desk
) -> None:
    other = Window(await context.new_page(), window.url)
    await window.open("?customer=ana")
    await other.open("?customer=ana")

    await window.ask("hi")

    await expect(other.customer).to_contain_text("Hello! What can we help you with?")


async def test_a_refusal_keeps_what_was_typed(window: Window) -> None:
    await window.open("?agent=agent-1")
    line = window.page.locator("#agent-text")
    await line.fill("/ticket claim 7")
    await line.press("Enter")

    await expect(window.direct.get_by_role("alert")).to_contain_text(
        "That is for the support team."
    )
    await expect(line).to_have_value("/ticket claim 7")


async def test_a_refused_form_stays_open_and_a_closed_one_keeps_its_draft(
    window: Window, desk: Desk
) -> None:
    await hire(desk, "agent-1", "Maria")
    await window.open("?customer=ana&agent=agent-1")
    await window.ask("the printer smokes")
    note = window.direct.get_by_role("button", name="Note")
    await note.click()
    box = window.dialog.get_by_role("textbox")
    await box.fill(" ")
    await window.dialog.locator("button.primary").click()
    await expect(window.dialog.get_by_role("alert")).to_contain_text("is missing")

    await box.fill("half a thought")
    await window.page.keyboard.press("Escape")
    await expect(window.dialog).to_be_hidden()
    await note.click()
    await expect(box).to_have_value("half a thought")


async def test_a_desk_that_went_away_is_said_and_found_again(
    window: Window, channel: ConsoleChannel
) -> None:
    await window.open("?customer=ana")
    await window.page.route("**/console/api/**", lambda route: route.abort())
    line = window.page.locator("#customer-text")
    await line.fill("are you there?")
    await line.press("Enter")
    await expect(window.customer.get_by_role("alert")).to_contain_text("did not answer")
    await expect(line).to_have_value("are you there?")

    await window.page.unroute("**/console/api/**")
    await line.press("Enter")
    await expect(window.customer).to_contain_text("This is ticket #1.")
    window.forgive("net::ERR_FAILED")


async def test_somebody_else_is_chosen_by_name(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await hire(desk, "agent-2", "Tom")
    await window.open()
    await window.page.get_by_role("button", name="You are the agent: Maria").click()
    await window.page.locator("#agent-who-panel").get_by_role("button", name="Tom").click()
    await expect(window.page.get_by_role("button", name="You are the agent: Tom")).to_be_focused()

    await window.page.get_by_role("button", name="You are the customer").click()
    other = window.page.locator("#customer-who").get_by_label("Somebody else")
    await other.fill("staff")
    await window.page.keyboard.press("Enter")
    await expect(window.page.get_by_role("alert").filter(has_text="Use 1 to 40")).to_be_visible()
    await other.fill("zoe")
    await window.page.keyboard.press("Enter")
    await window.ask("hi")
    await window.page.reload()

    await expect(
        window.page.get_by_role("button", name="You are the customer: zoe")
    ).to_be_visible()
    await expect(window.page.get_by_role("button", name="You are the agent: Tom")).to_be_visible()
    await expect(window.customer).to_contain_text("Hello!")
