"""The console in a browser window, as its two people use it."""

import asyncio
from typing import Any

from playwright.async_api import Locator, Page, expect

WATCH = """
window.complaints = [];
window.ran = 0;
document.addEventListener("securitypolicyviolation", (event) =>
  window.complaints.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

EMPTIED = """(line) => new Promise((done) =>
  (function look() { line.value ? requestAnimationFrame(look) : done(); })())"""


class Window:
    """A window on the console; ``complaints`` are the browser's, of anything at all."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.customer = page.locator("#customer-room")
        self.direct = page.locator("#direct-room")
        self.staff = page.locator("#staff-room")
        self.dialog = page.get_by_role("dialog")
        self._complaints: list[str] = []

    async def watch(self) -> None:
        """Note every error, and every request that leaves the machine."""
        page = self.page
        page.on("console", lambda said: self._note(said.type in {"error", "warning"}, said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on("dialog", lambda dialog: self._note(True, f"dialog {dialog.message}"))
        page.on("request", lambda sent: self._note(not sent.url.startswith(self.url), sent.url))
        await page.add_init_script(WATCH)

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self._complaints.append(text)

    def forgive(self, text: str) -> None:
        """Take back the complaints that the test itself caused."""
        self._complaints = [each for each in self._complaints if text not in each]

    async def complaints(self) -> list[Any]:
        return [*self._complaints, *await self.page.evaluate("() => window.complaints")]

    async def open(self, about: str = "") -> None:
        """Open the console and wait until it is live."""
        await self.page.goto(f"{self.url}/console{about}")
        await expect(self.page.locator("#link")).to_have_text("Live")

    async def ask(self, text: str) -> None:
        """The customer writes."""
        await _send(self.page.locator("#customer-text"), text)

    async def type(self, text: str) -> None:
        """The agent writes."""
        await _send(self.page.locator("#agent-text"), text)

    async def look_at(self, tab: str) -> None:
        await self.page.get_by_role("tab", name=tab).click()

    async def fill(self, text: str) -> None:
        """Fill the form that is asked for, and send it."""
        await self.dialog.get_by_role("textbox").fill(text)
        await self.dialog.locator("button.primary").click()
        await expect(self.dialog).to_be_hidden()

    def ticket(self, number: int) -> Locator:
        """A ticket's card in the staff channel, with what is beneath it."""
        return self.staff.get_by_role("article").filter(has_text=f"#{number} ")


async def _send(line: Locator, text: str) -> None:
    await line.fill(text)
    await line.press("Enter")
    async with asyncio.timeout(5):
        await line.evaluate(EMPTIED)
