"""Files on the console: attached, kept, and given out so that nothing in them runs."""

import base64
from typing import Any

import httpx
import pytest
from playwright.async_api import FilePayload, expect

from bots.console.channel import ConsoleChannel
from core.desk import Desk
from tests.bots.console.shop import Page, hire
from tests.bots.console.window import Window

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


async def attached(page: Page, name: str, kind: str, content: bytes) -> dict[str, Any]:
    """Ana sends a file; how it stands in her conversation then."""
    file = {"name": name, "type": kind, "content": base64.b64encode(content).decode()}
    await page.post("say", **{"as": "ana"}, text="look", id="post-0001", files=[file])
    await page.desk.fetcher.fetch_due()
    (shown,) = (await page.posts("ana"))[0]["files"]
    return dict(shown)


async def test_a_picture_is_shown_in_the_page(page: Page, client: httpx.AsyncClient) -> None:
    shown = await attached(page, "smoke.png", "image/png", b"\x89PNG rest")
    assert (shown["state"], shown["picture"], shown["size"]) == ("kept", True, 9)

    answer = await client.get(shown["url"])

    assert answer.content == b"\x89PNG rest"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "inline; filename*=utf-8''smoke.png"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("drawing.svg", "image/svg+xml"),
        ("page.html", "text/html"),
        ("script.js", "text/javascript"),
        ("page.xhtml", "application/xhtml+xml"),
        ('"\r\nSet-Cookie: a=b', "nonsense"),
        ("räksmörgås.pdf", "application/pdf"),
    ],
)
async def test_all_else_is_downloaded_and_nothing_of_it_runs(
    page: Page, client: httpx.AsyncClient, name: str, kind: str
) -> None:
    shown = await attached(page, name, kind, b"<script>alert(1)</script>")

    answer = await client.get(shown["url"])

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


async def test_an_address_that_names_no_file_is_refused(client: httpx.AsyncClient) -> None:
    for wrong in ("0" * 32, "x", "..%2f..%2fetc%2fpasswd", "%00"):
        assert (await client.get(f"/console/files/{wrong}")).status_code == 404


async def test_nonsense_for_files_is_refused(client: httpx.AsyncClient) -> None:
    wrong: tuple[Any, ...] = (
        "x",
        [1],
        [{"name": "a"}],
        [{"name": "a", "type": "b", "content": "!"}],
    )
    for files in wrong:
        said = {"as": "ana", "text": "x", "id": "post-0001", "files": files}
        assert (await client.post("/console/api/say", json=said)).status_code == 400


async def test_nobody_edits_or_deletes_what_is_not_theirs(page: Page, desk: Desk) -> None:
    await hire(desk, "grace", "Grace")
    await page.say("ana", "the printer smokes", post="post-0001")
    post = {"room": "ana", "post": "said:ana:post-0001"}
    here = {"room": "ben", "post": "said:ana:post-0001"}

    assert (await page.post("edit", **{"as": "ben"}, **here, text="mine"))["done"] is False
    assert (await page.post("delete", **{"as": "ben"}, **here))["done"] is False
    assert (
        await page.client.post("/console/api/edit", json={"as": "ben", **post, "text": "x"})
    ).status_code == 400
    assert (await page.post("edit", **{"as": "ana"}, **post, text="it sings"))["done"] is True
    (shown,) = [each for each in await page.posts("ana") if each["author"] == "them"]
    assert (shown["card"]["text"], shown["edited"]) == ("it sings", True)


async def test_a_file_held_by_a_process_that_ended_is_refused_and_told(
    page: Page, desk: Desk, channel: ConsoleChannel
) -> None:
    content = base64.b64encode(b"x").decode()
    files = [{"name": "a.png", "type": "image/png", "content": content}]
    await page.post("say", **{"as": "ana"}, text="look", id="post-0001", files=files)
    desk.courier.add("console", ConsoleChannel())
    await desk.fetcher.fetch_due()
    await desk.courier.deliver_due()

    assert "a.png did not reach us" in (await page.texts("ana"))[-1]


async def test_in_the_page_a_picture_is_attached_sent_and_shown_on_both_sides(
    window: Window, desk: Desk
) -> None:
    await hire(desk, "agent-1", "Maria")
    await window.open("?customer=ana&agent=agent-1")
    line = window.page.locator("#customer-composer")
    picture = FilePayload(name="smoke.png", mimeType="image/png", buffer=PNG)
    text = FilePayload(
        name="log.html", mimeType="text/html", buffer=b"<script>window.ran=1</script>"
    )

    await line.get_by_label("Attach files").set_input_files([picture, text])
    await expect(line).to_contain_text("smoke.png, log.html")
    await window.ask("the printer smokes")

    await expect(line).not_to_contain_text("smoke.png")
    for room in (window.customer, window.staff):
        await expect(room.locator("img[alt='smoke.png']")).to_have_js_property("naturalWidth", 1)
        await expect(room.get_by_role("link", name="log.html")).to_have_attribute(
            "download", "log.html"
        )
        await window.look_at("Staff channel")
    assert await window.page.evaluate("window.ran") == 0


async def test_in_the_page_a_reply_says_that_it_was_delivered(window: Window, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await window.open("?customer=ana&agent=agent-1")
    await window.ask("the printer smokes")
    await window.type("/ticket reply 1 On my way.")
    await window.look_at("Staff channel")

    await expect(window.ticket(1)).to_contain_text("✓ delivered")
