"""What can be done with a ticket: the next steps as buttons, the rest behind one."""

from collections.abc import Mapping, Sequence

from core.vocabulary import Status, Ticket
from web.desk.asking import Asking
from web.desk.draw import Press, button, element, words

LIVE = (
    ("ticket resolve", "✅ Resolve…", "e"),
    ("ticket release", "Release", ""),
    ("ticket transfer", "Transfer…", ""),
    ("ticket escalate", "Escalate…", ""),
)
FIRST: Mapping[Status, Sequence[tuple[str, str, str]]] = {
    Status.NEW: (("ticket claim", "🙌 Claim", "c"), *LIVE[:1], *LIVE[2:]),
    Status.OPEN: LIVE,
    Status.PENDING: LIVE,
    Status.ON_HOLD: (("ticket unhold", "▶ Take up again", ""), *LIVE),
    Status.RESOLVED: (("ticket reopen", "♻ Reopen", ""),),
    Status.CLOSED: (),
}
MORE = (
    ("ticket priority", "Priority…"),
    ("ticket category", "Category…"),
    ("ticket kind", "Kind…"),
    ("ticket field", "Field…"),
    ("ticket hold", "Hold…"),
    ("ticket snooze", "Snooze…"),
    ("ticket merge", "Merge…"),
    ("ticket unmerge", "Undo a merge"),
    ("ticket split", "Split…"),
    ("ticket link", "Link…"),
    ("ticket child", "Make it a child…"),
    ("ticket unlink", "Unlink…"),
    ("ticket watch", "Watch"),
    ("ticket unwatch", "Stop watching"),
    ("ticket edit", "Edit my last reply…"),
    ("ticket unsend", "Take my last reply back"),
    ("ticket language", "Language…"),
    ("ticket complexity", "Complexity…"),
    ("kb draft", "Article from this…"),
)


class Actions:
    """The bar of buttons; it changes with the status."""

    def __init__(self, asking: Asking, number: int) -> None:
        self._asking = asking
        self._number = number
        self._shown: tuple[Status, bool] | None = None
        with element("div", "actions", role="group", aria_label="What to do"):
            self._first = element("div", "buttons")
            with element("details", "more"):
                words("More", "summary")
                with element("div", "buttons"):
                    for action, label in MORE:
                        button(label, self._press(action), "small")

    def show(self, ticket: Ticket) -> None:
        """Offer what fits the ticket now."""
        now = (ticket.status, ticket.snoozed_at is not None)
        if now == self._shown:
            return
        self._shown = now
        self._first.clear()
        with self._first:
            if ticket.snoozed_at is not None:
                button("▶ Wake", self._press("ticket wake"), "primary")
            for place, (action, label, key) in enumerate(FIRST[ticket.status]):
                look = "primary" if place == 0 else ""
                keyed = {"data_key": key} if key else {}
                button(label, self._press(action), look, **keyed)

    def _press(self, action: str) -> Press:
        async def press() -> None:
            await self._asking.ask(action, str(self._number))

        return press
