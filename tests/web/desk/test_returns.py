"""An agent decides a return by the buttons of the ticket page, and the customer's page follows."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from core.desk import Desk
from core.vocabulary import (
    LineSaid,
    OrderSaid,
    OrderStatus,
    Reason,
    ReturnWanted,
    Wish,
)
from tests.scene import hire
from tests.web.desk.seat import Room, Seat

RETURNS = ".panel:has(> summary:text-is('Returns'))"
FRESH = 5_000  # milliseconds after which the customer's page looks again
LOOKS = 10


async def ask_back(desk: Desk, *, wish: Wish, times: int) -> str:
    """A customer of the site wants to send lamps back; the secret of their page."""
    guest, secret = await desk.come(name="Ana")
    order = OrderSaid(
        number="A-1001",
        status=OrderStatus.DELIVERED,
        placed_at=datetime.now(UTC) - timedelta(days=3),
        identity=str(guest.who),
        lines=(LineSaid(sku="LAMP", name="Lamp", quantity=2),),
    )
    await desk.take_in_orders([order])
    for _ in range(times):
        wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.DEFECTIVE, wish=wish)
        await desk.request_return(guest.who, "A-1001", wanted, guest.address)
    return secret


async def both(
    room: Room, desk: Desk, *, wish: Wish = Wish.REFUND, times: int = 1
) -> tuple[Seat, Page]:
    """The agent at the ticket, and the customer at their page."""
    grace = await hire(desk, "grace", capacity=3)
    secret = await ask_back(desk, wish=wish, times=times)
    seat = await room.seat(grace)
    await seat.open("/desk/tickets/1")
    customer = await seat.page.context.new_page()
    await customer.clock.install()
    await customer.goto(f"{room.url}/requests/{secret}")
    return seat, customer


async def follows(customer: Page, words: str) -> None:
    """The page of the customer says so without being opened anew, at one of its next looks."""
    said = customer.get_by_role("log").get_by_text(words)
    for _ in range(LOOKS):
        await customer.clock.fast_forward(FRESH)
        with suppress(PlaywrightTimeout):
            await said.wait_for(timeout=1_000)
            return
    await expect(said).to_be_visible()


@pytest.mark.parametrize(
    ("wish", "last", "told"),
    [
        (Wish.REFUND, "💶 Refunded", "The refund is on its way to you."),
        (Wish.EXCHANGE, "🔁 Exchanged", "You have been sent another one."),
    ],
)
async def test_a_return_is_accepted_received_and_paid_back(
    room: Room, desk: Desk, wish: Wish, last: str, told: str
) -> None:
    seat, customer = await both(room, desk, wish=wish)
    returns = seat.page.locator(RETURNS)
    await expect(returns).to_contain_text("Return 1 · order A-1001")
    for press, step in (("✅ Accept", "accepted"), ("📦 Received", "received"), (last, "refunded")):
        await returns.get_by_role("button", name=press).click()
        await expect(returns).to_contain_text(f"Step{step}")
    await expect(returns.locator(".card").get_by_role("button")).to_have_count(0)
    await follows(customer, told)


async def test_a_return_is_refused_with_the_reason_which_the_customer_reads(
    room: Room, desk: Desk
) -> None:
    seat, customer = await both(room, desk)
    returns = seat.page.locator(RETURNS)
    await returns.get_by_role("button", name="❓ Ask").click()
    dialog = seat.page.get_by_role("dialog")
    await dialog.locator("[name=question]").fill("Does it hum when it is off?")
    await seat.keys("Control+Enter")
    await follows(customer, "Does it hum when it is off?")

    await returns.get_by_role("button", name="✋ Refuse").click()
    await dialog.locator("[name=why]").fill("It was opened <b>and used</b>.")
    await seat.keys("Control+Enter")
    await expect(returns).to_contain_text("It was opened <b>and used</b>.")
    await follows(customer, "It was opened <b>and used</b>.")


async def test_each_of_several_returns_is_decided_by_its_number(room: Room, desk: Desk) -> None:
    seat, _ = await both(room, desk, times=2)
    returns = seat.page.locator(RETURNS)
    await returns.get_by_role("button", name="✅ Accept 2").click()
    await expect(returns).to_contain_text("2 · order A-1001 · 1 × Lamp · accepted")
    await expect(returns).to_contain_text("1 · order A-1001 · 1 × Lamp · requested")
    await expect(returns.get_by_role("button", name="📦 Received 2")).to_be_visible()
