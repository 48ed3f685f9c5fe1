"""The widget in a browser, on a page of somebody else with a strict policy."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from starlette.applications import Starlette

from bots.webchat.channel import WebChannel
from core.desk import Desk
from core.storage.database import Database
from tests.axe import violations
from tests.bots.console.payloads import PAYLOADS
from tests.bots.console.test_files import PNG
from tests.bots.webchat.foreign import shop
from tests.bots.webchat.visitor import ended, hire
from tests.running import at_work, served

Opened = Callable[..., AbstractAsyncContextManager[Page]]

WATCH = """
window.complaints = [];
window.ran = 0;
document.addEventListener("securitypolicyviolation", (event) =>
  window.complaints.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a browser sees does not hang on the database."""
    return sqlite_url


@pytest.fixture
async def desk_url(desk: Desk, app: Starlette, channel: WebChannel) -> AsyncIterator[str]:
    """Where the desk is served for real, with its courier at work."""
    async with at_work(desk.courier.run(), desk.fetcher.run()), served(app) as url:
        yield url
        channel.close()


@pytest.fixture
def opened(browser: Browser, desk_url: str) -> Opened:
    """The page of the shop; whatever the browser complained of fails the test at its end."""

    @asynccontextmanager
    async def open_page(attributes: str = "", **looks: object) -> AsyncIterator[Page]:
        async with served(shop(desk_url, attributes)) as url:
            context = await browser.new_context(reduced_motion="reduce", **looks)  # type: ignore[arg-type]
            page = await context.new_page()
            said: list[str] = []
            page.on("console", lambda each: said.append(each.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            await page.add_init_script(WATCH)
            await page.goto(url)
            yield page
            assert await page.evaluate("window.ran") == 0
            assert [*said, *await page.evaluate("window.complaints")] == []
            await context.close()

    return open_page


async def say(page: Page, text: str) -> None:
    line = page.get_by_label("Write a message")
    await line.fill(text)
    await line.press("Enter")
    await expect(line).to_have_value("")


async def test_an_article_answers_and_a_person_takes_over(opened: Opened, desk: Desk) -> None:
    grace = await hire(desk)
    async with opened() as page:
        await page.get_by_role("button", name="Open the chat").click()
        await expect(page.get_by_text("Nobody is here")).to_be_hidden()
        await say(page, "how do I reset my password?")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("Forgot password")
        await page.get_by_role("button", name="Talk to a person").click()
        await expect(log).to_contain_text("ticket #1")
        await desk.reply(grace, 1, "Press **Forgot password** first.")
        await expect(log.get_by_role("article", name="Grace").locator("strong")).to_have_text(
            "Forgot password"
        )


async def test_it_survives_a_reload_and_counts_what_is_unread(opened: Opened, desk: Desk) -> None:
    grace = await hire(desk)
    async with opened() as page:
        await page.get_by_role("button", name="Open the chat").click()
        await say(page, "the printer smokes")
        await expect(page.get_by_role("log")).to_contain_text("ticket #1")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("log")).to_be_hidden()
        await expect(page.get_by_role("button", name="Open the chat")).to_be_focused()

        await desk.reply(grace, 1, "On my way.")
        unread = page.get_by_role("button", name="Open the chat, new messages: 1")
        await expect(unread).to_be_visible()
        await page.reload()
        await unread.click()

        await expect(page.get_by_role("log")).to_contain_text("the printer smokes")
        await expect(page.get_by_role("log")).to_contain_text("On my way.")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Open the chat", exact=True)).to_be_visible()


async def test_the_focus_stays_where_it_is_when_a_reply_is_corrected(
    opened: Opened, desk: Desk
) -> None:
    grace = await hire(desk)
    async with opened() as page:
        await page.get_by_role("button", name="Open the chat").click()
        await say(page, "the printer smokes")
        await desk.reply(grace, 1, "Read [this page](https://shop.example/smoke).")
        link = page.get_by_role("log").get_by_role("link", name="this page")
        await link.focus()
        await desk.correct(grace, 1, "Do read [this page](https://shop.example/smoke).")

        await expect(page.get_by_role("log")).to_contain_text("Do read this page.")
        await expect(link).to_be_focused()


async def test_a_picture_is_sent_and_shown(opened: Opened) -> None:
    async with opened() as page:
        await page.get_by_role("button", name="Open the chat").click()
        picture = FilePayload(name="smoke.png", mimeType="image/png", buffer=PNG)
        await page.get_by_label("Attach files").set_input_files([picture])
        await expect(page.get_by_text("📎 smoke.png")).to_be_visible()
        await say(page, "the printer smokes")

        shown = page.get_by_role("img", name="smoke.png")
        await expect(shown).to_have_js_property("naturalWidth", 1)


async def test_it_says_that_the_last_conversation_has_ended(
    opened: Opened, desk: Desk, database: Database, desk_url: str
) -> None:
    await hire(desk)
    secret = await ended(desk, database, days=91)
    async with opened() as page:
        kept = [f"switchboard:{desk_url}:", secret]
        await page.evaluate("([at, secret]) => localStorage[at] = JSON.stringify({ secret })", kept)
        await page.reload()
        await page.get_by_role("button", name="Open the chat").click()
        log = page.get_by_role("log")
        await expect(log).to_contain_text("ended more than 90 days ago")
        await expect(log).not_to_contain_text("the printer smokes")
        line = page.get_by_label("Write a message")
        await line.fill("the lamp hums")
        await line.press("Enter")
        await expect(log).to_contain_text("ticket #2")
        await expect(log).not_to_contain_text("ended more than")


async def test_when_nobody_is_there_it_asks_who_they_are(opened: Opened, desk: Desk) -> None:
    async with opened('data-language="de"') as page:
        await page.get_by_role("button", name="Chat öffnen").click()
        form = page.locator("form.offline")
        await form.get_by_label("Ihr Name").fill("Ana")
        await form.get_by_label("Ihre E-Mail-Adresse").fill("ana@example.org")
        await form.get_by_role("button", name="Speichern").click()
        await expect(form).to_be_hidden()
        line = page.get_by_label("Nachricht schreiben")
        await line.fill("Der Drucker raucht")
        await line.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("#1")
    profile = await desk.customer(await hire(desk), "#1")
    assert (profile.customer.name, profile.customer.email) == ("Ana", "ana@example.org")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 360])
async def test_everybody_can_use_it(opened: Opened, desk: Desk, scheme: str, width: int) -> None:
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 720}}
    async with opened(**looks) as page:
        assert await violations(page) == []
        await page.get_by_role("button", name="Open the chat").click()
        await say(page, "how do I reset my password?")
        await expect(page.get_by_role("log")).to_contain_text("Forgot password")
        await page.get_by_role("button", name="Talk to a person").click()
        await expect(page.get_by_role("log")).to_contain_text("#1")
        assert await violations(page) == []


async def test_what_people_write_is_text(opened: Opened, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    async with opened() as page:
        await page.get_by_role("button", name="Open the chat").click()
        await say(page, PAYLOADS[0])
        await expect(page.get_by_role("log")).to_contain_text("#1")
        for payload in PAYLOADS:
            await desk.reply(grace, 1, payload)
        await expect(page.get_by_role("log").get_by_role("article")).to_have_count(
            len(PAYLOADS) + 2
        )
        for element in ("script", "iframe", "object", "svg", "style", "img", "input"):
            await expect(page.get_by_role("log").locator(element)).to_have_count(0)
