"""The page of the API in a real browser: drawn by files of ours, tried with a key."""

import os
from pathlib import Path

import pytest

from tests import browser as browsers
from tests.web.serving import served


@pytest.fixture
async def shots(tmp_path: Path) -> Path:
    return Path(os.environ.get("SHOTS", tmp_path))


async def test_a_program_is_tried_out_on_the_page(sqlite_url: str, shots: Path) -> None:
    with served(sqlite_url) as (url, secret):
        async with browsers.launched() as browser:
            page = await browser.new_page(viewport={"width": 1200, "height": 900})
            elsewhere: list[str] = []
            faults: list[str] = []
            page.on("request", lambda request: elsewhere.append(request.url))
            page.on("console", lambda said: faults.append(f"{said.type}: {said.text}"))
            await page.goto(f"{url}/docs")
            await page.locator(
                "#operations-customers-export_customer_customers__number__export_get"
            ).wait_for()
            await page.get_by_role("button", name="Authorize").first.click()
            await page.locator(".auth-container input").fill(secret)
            await page.locator(".auth-btn-wrapper button.authorize").click()
            await page.locator(".btn-done").click()
            await page.locator("#operations-tickets-list_tickets_tickets_get").click()
            await page.get_by_role("button", name="Try it out").click()
            await page.get_by_role("button", name="Execute").click()
            answer = page.locator(".live-responses-table tbody .response-col_status").first
            await answer.wait_for()
            said = await answer.inner_text()
            await page.screenshot(path=shots / "api-page.png")

    origin = url.removesuffix("/api/v1")
    assert said.startswith("200")
    assert [each for each in elsewhere if not each.startswith((origin, "data:", "blob:"))] == []
    assert [each for each in faults if each.startswith("error")] == []
