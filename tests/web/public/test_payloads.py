"""Five hundred payloads through everything that customers and agents fill: none of them runs."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect
from starlette.applications import Starlette

from bots.webchat.channel import WebChannel
from bots.webchat.routes import routes as widget_routes
from core.channels import IncomingFile, IncomingMessage
from core.desk import Desk
from tests.bots.console.payloads import payloads
from tests.bots.webchat.foreign import shop
from tests.bots.webchat.visitor import hire
from tests.running import served

MANY = 500
WATCH = "window.ran = 0;"
DANGEROUS = (
    "script, iframe, object, embed, svg, style, base, meta, link, img, video, audio, form form"
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a browser sees does not hang on the database."""
    return sqlite_url


class Tags(HTMLParser):
    """Every element and attribute that a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs} | {(tag, "")}


async def nothing_in(log: Locator) -> None:
    await expect(log.locator(DANGEROUS)).to_have_count(0)
    risky = """(all) => all.flatMap((each) => [...each.attributes].map(({ name }) => name))
      .filter((name) => name.startsWith("on") || ["style", "srcdoc"].includes(name))"""
    assert await log.locator("*").evaluate_all(risky) == []
    links = await log.locator("a").evaluate_all("(all) => all.map((each) => each.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}


async def test_in_a_conversation_on_the_status_page_and_in_the_widget(  # noqa: PLR0915 - a story
    browser: Browser, app: Starlette, desk: Desk
) -> None:
    grace = await hire(desk)
    guest, secret = await desk.come(name="<img src=x onerror=window.ran=1>")
    made = payloads(MANY)
    for number, payload in enumerate(made[::2]):
        file = IncomingFile(name=payload, source="nowhere", content_type=payload[:40])
        said = IncomingMessage(
            address=guest.address,
            sender=guest.who,
            external_id=f"said:{number}",
            text=payload,
            sent_at=datetime.now(UTC),
            files=(file,),
        )
        await desk.ask(said)
    for payload in made[1::2]:
        await desk.reply(grace, 1, payload)
    channel = WebChannel(desk.house.files)
    app.router.routes.extend(widget_routes(desk, channel))
    async with served(app) as url, served(shop(url)) as elsewhere:
        context = await browser.new_context(locale="en-GB")
        page = await context.new_page()
        await page.add_init_script(WATCH)
        await page.goto(f"{url}/requests/{secret}")
        log = page.get_by_role("log")
        assert await log.get_by_role("article").count() > MANY
        shown = await log.locator(".own .words").all_text_contents()
        assert {each.strip() for each in shown} >= {each.strip() for each in made[::2][:40]}
        await nothing_in(log)
        assert await page.evaluate("window.ran") == 0

        known = json.dumps(json.dumps({"secret": secret}))
        key = json.dumps(f"switchboard:{url}:")
        await page.add_init_script(f"localStorage.setItem({key}, {known})")
        await page.goto(elsewhere)
        await page.get_by_role("button", name="Open the chat").click()
        await expect(log.locator(".own")).to_have_count(MANY // 2)
        assert await log.get_by_role("article").count() > MANY
        await nothing_in(log)
        assert await page.evaluate("window.ran") == 0
        channel.close()
        await context.close()


async def test_in_a_search_and_in_a_form_that_comes_back(client: httpx.AsyncClient) -> None:
    fine = Tags((await client.get("/help", params={"q": "zzzz"})).text).found
    listed = Tags((await client.get("/help", params={"q": "lamp"})).text).found
    for payload in payloads(MANY):
        page = await client.get("/help", params={"q": payload[:200]})
        assert Tags(page.text).found <= fine | listed

    form = Tags((await client.get("/help/new")).text).found | {
        ("p", "role"),
        ("option", "selected"),
    }
    for payload in payloads(MANY)[::20]:
        said = {
            "words": payload,
            "name": payload,
            "order": payload,
            "kind": payload,
            "email": payload,
        }
        answer = await client.post("/help/new", data=said)
        assert answer.status_code == 422
        assert Tags(answer.text).found <= form | {("p", "class")}
