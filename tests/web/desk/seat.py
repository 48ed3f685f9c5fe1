"""Somebody at the staff pages: signed in by their own link, with a window of their own."""

from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Page, expect

from core.channels import Who
from core.desk import Desk

WATCH = "window.ran = 0"


@dataclass
class Seat:
    """One person's window."""

    page: Page
    url: str

    async def open(self, path: str = "/desk/") -> None:
        """Open a page, and wait until it is live."""
        await self.page.goto(f"{self.url}{path}")
        await self.live()

    async def live(self) -> None:
        """Wait until the page is up to date and stays so."""
        await expect(self.page.locator("[data-live]").first).to_be_attached()

    async def keys(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)


@dataclass
class Room:
    """Everybody at the desk of one test."""

    desk: Desk
    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def seat(self, who: Who) -> Seat:
        """Somebody signs in, in a browser that nobody has used."""
        context = await self.browser.new_context(
            locale="en-GB", timezone_id="UTC", reduced_motion="reduce"
        )
        self._contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        await page.add_init_script(WATCH)
        await page.goto(f"{self.url}/sign-in/{await self.desk.sign_in_link(who)}")
        await page.get_by_role("button", name="Open my desk").click()
        seat = Seat(page, self.url)
        await seat.live()
        return seat

    def forgive(self, text: str) -> None:
        """Take back the complaints that the test itself caused."""
        self.complaints = [each for each in self.complaints if text not in each]

    async def leave(self) -> list[str]:
        """Everybody closes their windows; what the browsers complained of."""
        for context in self._contexts:
            await context.close()
        return self.complaints
