"""The public pages in a browser: the stories of customers, and everybody can use them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from starlette.applications import Starlette

from core.desk import Desk
from tests.axe import violations
from tests.bots.console.payloads import PAYLOADS
from tests.bots.console.test_files import PNG
from tests.bots.webchat.visitor import hire
from tests.outbox import Outbox
from tests.running import at_work, served
from tests.web.public.conftest import EMAIL
from tests.web.public.test_pages import CODE

WATCH = """
window.ran = 0;
window.complaints = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.complaints.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
PICTURE = FilePayload(name="broken.png", mimeType="image/png", buffer=PNG)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a browser sees does not hang on the database."""
    return sqlite_url


@pytest.fixture
async def url(desk: Desk, app: Starlette) -> AsyncIterator[str]:
    """Where the pages are served for real, with courier and fetcher at work."""
    async with at_work(desk.courier.run(), desk.fetcher.run()), served(app) as at:
        yield at


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A window; whatever the browser complained of fails the test at its end."""
    context = await browser.new_context(reduced_motion="reduce", locale="en-GB")
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda each: said.append(each.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    await page.add_init_script(WATCH)
    yield page
    assert await page.evaluate("[window.ran, window.complaints]") == [0, []]
    assert [each for each in said if "422" not in each] == []
    await context.close()


async def test_a_customer_finds_an_article_while_typing(page: Page, url: str) -> None:
    await page.goto(url)
    await page.get_by_label("Search for help").press_sequentially("send la")
    await page.get_by_role("link", name="Send a lamp back").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Send a lamp back")
    await page.get_by_role("button", name="Yes").click()

    await expect(page.get_by_role("status")).to_have_text("Thank you, that helps us.")


async def test_an_article_is_suggested_while_writing_and_solves_it(page: Page, url: str) -> None:
    await page.goto(f"{url}/help/new")
    await page.get_by_label("In your own words").fill("how do I reset my password?")
    await page.get_by_text("Reset your password").click()
    await page.get_by_role("button", name="That solved it").click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Glad that helped")


@pytest.mark.parametrize("with_script", [True, False])
async def test_a_return_with_a_photo_is_followed_to_its_end(  # noqa: PLR0915 - a story
    browser: Browser, url: str, desk: Desk, mailbox: Outbox, with_script: bool
) -> None:
    grace = await hire(desk)
    context = await browser.new_context(java_script_enabled=with_script, locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{url}/help/return")
    await page.get_by_label("Order number").fill("A-1001")
    await page.get_by_label("The e-mail address it was ordered with").fill(EMAIL)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_label("The six digits")).to_be_visible()
    await mailbox.until(1)
    code = CODE.search(mailbox.texts(EMAIL)[-1])
    assert code is not None
    await page.get_by_label("The six digits").fill(code[0])
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Lamp").select_option("2")
    await page.get_by_label("Why does it come back?").select_option("defective")
    await page.get_by_label("Pictures or files").set_input_files([PICTURE])
    await page.get_by_role("button", name="Ask for the return").click()

    log = page.get_by_role("log")
    await expect(page).to_have_url(f"{url}/requests/{page.url.rpartition('/')[2]}")
    await expect(log).to_contain_text("A-1001")
    await desk.accept_return(grace, 1)
    await desk.receive_return(grace, 1)
    await desk.refund_return(grace, 1)
    await desk.resolve(grace, 1)
    await desk.fetcher.fetch_due()
    await page.reload()
    await expect(page.get_by_role("img", name="broken.png")).to_have_js_property("naturalWidth", 1)
    await page.get_by_role("button", name="That solved it").click()
    await page.goto(page.url.removesuffix("/press"))
    await expect(page.locator(".state")).to_have_text("closed")
    await page.get_by_role("button", name="😍 5").click()
    await expect(page.get_by_text("You gave us").first).to_be_visible()
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
async def test_everybody_can_use_every_page(
    browser: Browser, url: str, desk: Desk, scheme: str, width: int
) -> None:
    await hire(desk)
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    context = await browser.new_context(locale="en-GB", **looks)  # type: ignore[arg-type]
    page = await context.new_page()
    for path in (
        "/help",
        "/help?q=lamp",
        "/help/articles/send-back",
        "/help/new",
        "/help/return",
        "/requests",
        "/nowhere",
    ):
        await page.goto(f"{url}{path}" if path != "/nowhere" else f"{url}/requests/x")
        assert await violations(page) == [], path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wide) <= 0, path
    await page.goto(f"{url}/help/new")
    await page.get_by_label("In your own words").fill("how do I reset my password?")
    await expect(page.locator("summary")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Your e-mail address").fill(EMAIL)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("ticket #1")
    assert await violations(page) == []
    await context.close()


async def test_what_people_write_is_text_on_every_page(page: Page, url: str, desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await page.goto(f"{url}/help/new")
    await page.get_by_label("Your name").fill(PAYLOADS[0])
    await page.get_by_label("In your own words").fill(PAYLOADS[1])
    await page.get_by_label("Your e-mail address").fill(EMAIL)
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("log")).to_contain_text("ticket #1")
    for payload in PAYLOADS:
        await desk.reply(grace, 1, payload)
    await page.reload()
    log = page.get_by_role("log")
    await expect(log.get_by_role("article")).to_have_count(len(PAYLOADS) + 2)
    for element in ("script", "iframe", "object", "svg", "style", "img", "[onerror]", "[onload]"):
        await expect(log.locator(element)).to_have_count(0)
    links = await log.locator("a").evaluate_all("(all) => all.map((each) => each.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    for payload in PAYLOADS[::7]:
        await page.goto(f"{url}/help")
        await page.get_by_label("Search for help").fill(payload[:200].replace("\n", " "))
        await page.get_by_role("button", name="Search").click()
        await expect(page.locator("main script, main iframe, main img")).to_have_count(0)
