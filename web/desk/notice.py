"""What a page says about what was just done: at one place, read out by screen readers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import DeskError, Stale
from web.desk.draw import button, element, go_to, words
from web.desk.frame import Here


class Notice:
    """The line for it. Good news and refusals look different, and neither is only a colour."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._place = element("div", "notice", role="status", aria_live="polite")

    def tell(self, text: str, *, fault: bool = False) -> None:
        """Show a sentence in place of the one before."""
        self._place.clear()
        with self._place, element("div", "said fault" if fault else "said"):
            words("⚠ " if fault else "✓ ").props["aria-hidden"] = "true"
            words(text, classes="words")
            button("×", self._close, "plain close", aria_label="Close this message")

    async def _close(self) -> None:
        self._place.clear()

    @asynccontextmanager
    async def refusals(self) -> AsyncIterator[None]:
        """Show what is refused within. Who is signed out meanwhile is sent to sign in."""
        try:
            yield
        except Stale as refusal:
            self.tell(f"Nothing was done. {refusal}", fault=True)
        except DeskError as refusal:
            if await self._here.is_out():
                with self._place:
                    go_to("/sign-in")
            self.tell(str(refusal), fault=True)
