"""Pages stay up to date although the database did not answer for a while."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import expect

from core.desk import Desk
from tests.scene import hire, message, open_ticket
from tests.web.desk.seat import Room


@contextmanager
def away(url: str, table: str) -> Iterator[None]:
    """Whoever asks for this table meets a fault meanwhile."""

    def rename(old: str, new: str) -> None:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10)
        with connection:
            connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.close()

    rename(table, f"{table}_away")
    yield
    rename(f"{table}_away", table)


@pytest.mark.parametrize(
    ("table", "fault"),
    [("attachments", "a page could not look"), ("history", "what happened could not be looked up")],
)
async def test_a_page_goes_on_after_a_fault(
    room: Room,
    desk: Desk,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    table: str,
    fault: str,
) -> None:
    monkeypatch.setattr("web.live.PAUSE", 0.1)
    monkeypatch.setattr("web.desk.watching.PAUSE", 0.1)
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    seat = await room.seat(grace)
    await seat.open(f"/desk/tickets/{number}")

    with away(sqlite_url, table):
        if table != "history":
            await desk.receive(message("and it hums"))
        async with asyncio.timeout(10):
            while fault not in caplog.text:  # noqa: ASYNC110 - the log tells nobody
                await asyncio.sleep(0.05)
    await desk.receive(message("can you hear it?"))
    await expect(seat.page.locator(".message").last).to_contain_text("can you hear it?")
