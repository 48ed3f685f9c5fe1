"""The tags of a ticket: each with a button that takes it off, and one that puts others on."""

from collections.abc import Sequence

from web.desk.asking import Asking
from web.desk.draw import Press, button, element, words


class Tags:
    """The line of them; it is drawn anew only where they have changed."""

    def __init__(self, asking: Asking, number: int) -> None:
        self._asking = asking
        self._number = number
        self._shown: Sequence[str] | None = None
        with element("div", "tags", role="group", aria_label="Tags"):
            self._place = element("ul")
            button("🏷 Tag…", self._change(), "small", data_key="t")

    def show(self, tags: Sequence[str]) -> None:
        """Show these."""
        if tags == self._shown:
            return
        self._shown = tags
        self._place.clear()
        with self._place:
            for tag in tags:
                with element("li", "chip tag"):
                    words(tag)
                    off = self._change(f" -{tag}")
                    button("×", off, "close", aria_label=f"Take off the tag {tag}")

    def _change(self, tags: str = "") -> Press:
        async def press() -> None:
            await self._asking.ask("ticket tag", f"{self._number}{tags}")

        return press
