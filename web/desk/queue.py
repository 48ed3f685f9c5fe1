"""The queue: tickets by filter, as a table that stays up to date."""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import Request
from nicegui import ui

from core.vocabulary import History, Role, Ticket, Wanted, next_page
from web.desk import completing
from web.desk.asking import Asking
from web.desk.draw import Press, button, choice, element, form, go_to, labelled, line, link, words
from web.desk.frame import Here, frame
from web.desk.looks import Look
from web.desk.notice import Notice
from web.desk.row import HEADINGS, Row
from web.desk.watching import keep_up
from web.sign_in import DESK_PATH

MOST_PAGES = 10
SORTS = {
    "": "Most urgent first",
    "due": "Due first",
    "-updated": "Changed last",
    "-created": "Newest first",
    "created": "Oldest first",
}
VIEWS = {
    "Live": "",
    "Mine": "assignee:me",
    "Unassigned": "status:new",
    "Due soon": "due:<4h sort:due",
    "Escalated": "escalated:yes",
    "On hold": "status:on_hold",
}
BULK = {
    "bulk assign": "Assign…",
    "bulk priority": "Priority…",
    "bulk tag": "Tag…",
    "bulk kind": "Kind…",
    "bulk resolve": "Resolve…",
}


async def show(request: Request, filter: str = "") -> None:  # noqa: A002 - the address says so
    """``/desk/?filter=…``"""
    here = Here.of(request)
    with frame(here, "Queue"):
        await _Queue(here, filter).draw()


class _Queue:
    """The tickets of one filter in somebody's browser; what they marked stays marked."""

    def __init__(self, here: Here, wanted: str) -> None:
        self._here = here
        self._wanted = wanted
        self._pages = 1
        self._rows: dict[int, Row] = {}
        self._marked: set[int] = set()
        self._seen = Look(here.common.looks, self._tickets)
        self._foot_says: tuple[int, bool] | None = None

    async def draw(self) -> None:
        self._notice = Notice(self._here)
        self._asking = Asking(self._here, self._notice, done=self._done)
        with element("div", "desk"):
            with element("nav", "views", aria_label="Views"):
                await self._draw_views()
            with element("section", "list", aria_label="Tickets"):
                await self._draw_filter()
                self._bulk = element("div", "bulk", role="group", aria_label="Marked tickets")
                self._draw_table()
                self._foot = element("div", "foot")
        await self._look()
        keep_up(self._here, _concerns, self._look_together)

    async def _draw_views(self) -> None:
        for name, wanted in VIEWS.items():
            self._view(name, wanted)
        saved = await self._here.desk.saved_views(self._here.who)
        if saved:
            words("Saved", "h2")
        for each in saved:
            self._view(each.name, each.filter, shared=each.agent_id is None)
        button("Save this view…", self._save, "plain")

    def _view(self, name: str, wanted: str, *, shared: bool = False) -> None:
        here = {"aria_current": "page"} if wanted == self._wanted else {}
        drawn = link(name, _address(wanted), **here)
        if shared:
            with drawn:
                words(" · everybody", classes="soft")

    async def _save(self) -> None:
        await self._asking.ask("view save", "")

    async def _draw_filter(self) -> None:
        with form(self._filter, "filter"):
            with labelled("Filter"):
                known = await completing.words_of(self._here.desk, self._here.who)
                line(
                    "filter",
                    self._wanted,
                    placeholder="status:open priority:high,urgent “charged twice”",
                    data_key="/",
                    data_words=known,
                    maxlength=500,
                )
            with labelled("Order"):
                choice("sort", SORTS, _sort_of(self._wanted), data_submits=True)
            button("Show", None, "primary")
            button("?", self._keys, "plain", data_key="?", aria_label="Keys")

    async def _filter(self, fields: dict[str, str]) -> None:
        bare = [each for each in fields["filter"].split(" ") if not each.startswith("sort:")]
        sort = f" sort:{fields['sort']}" if fields["sort"] else ""
        go_to(_address(" ".join(bare).strip() + sort))

    async def _keys(self) -> None:
        ui.run_javascript("window.dispatchEvent(new Event('desk-keys'))")

    def _draw_table(self) -> None:
        with element("table", "tickets") as self._table:
            words("Tickets", "caption", "away")
            with element("thead"), element("tr"):
                for heading in HEADINGS:
                    words(heading or "Mark", "th", "" if heading else "away").props["scope"] = "col"
            self._body = element("tbody", data_rows=True)

    async def _look(self) -> None:
        async with self._notice.refusals():
            self._show(*await self._seen.alone())

    async def _look_together(self, happened: Sequence[History]) -> None:
        mine = "assignee" in self._wanted.lower()  # perhaps “me”
        key = None if mine else ("tickets", self._wanted, self._pages)
        async with self._notice.refusals():
            self._show(*await self._seen.together(key, happened))

    def _show(self, tickets: Sequence[Ticket], more: bool) -> None:
        """Rows stay where they are in the page, so that nothing jumps or loses focus."""
        marked = set(self._marked)
        there = [each.id for each in tickets]
        for number in self._rows.keys() - set(there):
            self._rows.pop(number).delete()
            self._marked.discard(number)
        now = self._here.desk.now()
        for place, ticket in enumerate(tickets):
            row = self._rows.get(ticket.id)
            if row is None:
                row = self._rows[ticket.id] = self._new_row(ticket)
            row.show(ticket, now)
            row.stand_at(place)
        self._draw_foot(len(tickets), more=more)
        if self._marked != marked:
            self._draw_bulk()

    def _new_row(self, ticket: Ticket) -> Row:
        with self._body:
            return Row(ticket, mark=self._mark, claim=self._claim)

    async def _tickets(self) -> tuple[list[Ticket], bool]:
        found: list[Ticket] = []
        wanted = self._wanted
        for _ in range(self._pages):
            page = await self._here.desk.tickets(self._here.who, Wanted(filter=wanted))
            found += page.tickets
            wanted = next_page(self._wanted, page)
            if not wanted:
                return found, False
        return found, True

    def _draw_foot(self, count: int, *, more: bool) -> None:
        if self._foot_says == (count, more):
            return
        self._foot_says = (count, more)
        self._table.set_visibility(bool(count))
        self._foot.clear()
        with self._foot:
            if not count:
                with element("p"):
                    words("No tickets here. 🎉" if not self._wanted else "Nothing found. ")
                    if self._wanted:
                        link("All live tickets", _address(""))
            else:
                words(f"{count} shown", "span", "soft")
            if more and self._pages < MOST_PAGES:
                button("More", self._more)

    async def _more(self) -> None:
        self._pages += 1
        await self._look()

    async def _claim(self, number: int) -> None:
        await self._asking.ask("ticket claim", str(number))

    async def _mark(self, number: int, marked: bool) -> None:
        (self._marked.add if marked else self._marked.discard)(number)
        self._draw_bulk()

    def _draw_bulk(self) -> None:
        self._bulk.clear()
        if not self._marked:
            return
        with self._bulk:
            words(f"{len(self._marked)} marked", classes="count")
            if self._here.visit.role < Role.LEAD:
                words("Leads change many at once.", classes="soft")
                return
            for action, label in BULK.items():
                button(label, self._in_bulk(action))

    def _in_bulk(self, action: str) -> Press:
        async def press() -> None:
            numbers = ",".join(map(str, sorted(self._marked)))
            given = {"filter": f"number:{numbers} status:any"}
            await self._asking.ask(action, "", given)

        return press

    async def _done(self, _card: object) -> None:
        await self._look()


def _address(wanted: str) -> str:
    return f"{DESK_PATH}/?filter={quote(wanted)}" if wanted else f"{DESK_PATH}/"


def _sort_of(wanted: str) -> str:
    sort = next((each[5:] for each in wanted.split() if each.startswith("sort:")), "")
    return sort if sort in SORTS else ""


def _concerns(event: History) -> bool:
    return event.ticket_id is not None or event.event in {"BulkDone", "BulkUndone", "SessionEnded"}
