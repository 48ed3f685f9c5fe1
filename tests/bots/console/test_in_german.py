"""Whatever a German customer types on the console, they are answered in German."""

from core.desk import Desk
from tests.bots import german
from tests.bots.console.shop import Page, hire, somebody


async def test_nothing_english_comes_out(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await page.say("ana", "meine Lampe ist kaputt")
    await german.prepare(desk, somebody("ana"))
    before = len(await page.posts("ana"))

    english = {}
    for line in german.LINES:
        answer = await page.say("ana", line)
        said = [text for text in german.strings_in(answer) for text in german.english_in(text)]
        if said:
            english[line] = said
    assert english == {}

    for post in (await page.posts("ana"))[before:]:
        for text in german.strings_in(post["card"]):
            assert german.english_in(text) == []


async def test_the_same_in_english_would_be_seen(page: Page, desk: Desk) -> None:
    await page.say("ana", "meine Lampe ist kaputt")
    await german.prepare(desk, somebody("ana"))

    seen = 0
    for line in german.LINES:
        answer = await page.say("ben", line)
        seen += any(german.english_in(text) for text in german.strings_in(answer))
    assert seen > len(german.LINES) * 0.8
