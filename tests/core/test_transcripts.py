"""What was said on a ticket, as a file: whole, harmless, for whoever may have it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core import speaking
from core.channels import IncomingDeletion, IncomingFile
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.speaking import Reader
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.transcribing import NotesAreForStaff
from core.transcript import Line, Said, as_html, as_text
from core.vocabulary import OPERATOR, Form, House, Policy
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.core.bridge import bridged, direct, someone
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person, place

GRACE, ANA, BEN = person("grace"), person("ana"), person("ben")
CANARY = "canary-7f3a"
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    "</p></article><img src=x onerror=alert(1)>",
    "'\"><svg onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "<!--",
    "]]>",
    "&lt;b&gt; &amp; <b>",
    "javascript:alert(1)",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "{{7*7}} ${7*7} <%= 7 %>",
]


class Parsed(HTMLParser):
    """The elements of a page, with their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def said(*lines: Line, **more: object) -> Said:
    whole = Said(
        number=42,
        subject="the printer smokes",
        customer="Ana",
        status="closed",
        opened_at=AT,
        closed_at=AT + timedelta(hours=5),
        lines=lines,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("where", ["text", "who", "file", "subject", "customer"])
def test_whatever_people_write_is_only_words(words: str, where: str) -> None:
    line = Line(at=AT, who="Ana", text="hello", files=["a.png"])
    line = {
        "text": replace(line, text=words),
        "who": replace(line, who=words),
        "file": replace(line, files=[words]),
    }.get(where, line)
    whole = said(line, **({where: words} if where in {"subject", "customer"} else {}))
    harmless = Parsed(as_html(said(Line(at=AT, who="Ana", text="hello", files=["a.png"]))))

    for for_print in (False, True):
        page = Parsed(as_html(whole, for_print=for_print))
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in harmless.elements]
        assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)
        assert any(words in each for each in page.words)
    assert words in as_text(whole)


def test_a_page_loads_nothing_and_a_printer_gets_pages() -> None:
    page = as_html(said(Line(at=AT, who="Ana", text="hello")), for_print=True)

    assert "default-src 'none'" in page
    assert "@page" in page
    assert "prefers-color-scheme" not in page
    assert "prefers-color-scheme: dark" in as_html(said())
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in Parsed(page).elements}


def test_it_is_written_in_the_language_and_at_the_time_of_its_reader() -> None:
    whole = said(Line(at=AT, who="Grace", text="Heiß?", is_ours=True, is_edited=True))
    with speaking.to(Reader("de", "Europe/Berlin")):
        text = as_text(whole)

    assert text.startswith("Ticket #42: the printer smokes\nKunde: Ana\nStand: geschlossen\n")
    assert "05.01.2026, 10:00:00 · Grace (bearbeitet)\nHeiß?" in text
    assert text.endswith("Die Zeiten sind in der Zone Europe/Berlin.\n")


async def a_ticket(desk: Desk) -> int:
    await hire(desk, "grace", capacity=5)
    number = await open_ticket(desk, "the **printer** smokes")
    await desk.reply(GRACE, number, "Is it hot?")
    await desk.note(GRACE, number, f"the old model {CANARY}")
    await desk.receive(message(f"oops {CANARY}", post="p-9"))
    deletion = IncomingDeletion(address=place("ana"), external_id="p-9", by=ANA)
    assert await desk.message_deleted(deletion)
    return number


async def files_to(desk: Desk, outbox: Outbox, who: str) -> list[tuple[str, str]]:
    await desk.courier.deliver_due()
    return [
        (file.name, (await file.read()).decode()) for each in outbox.to(who) for file in each.files
    ]


@pytest.mark.parametrize("form", Form)
async def test_customers_get_their_own_without_what_is_not_theirs(
    desk: Desk, outbox: Outbox, form: Form
) -> None:
    number = await a_ticket(desk)
    await desk.ask_transcript(ANA, number, form=form)

    [(name, content)] = await files_to(desk, outbox, "ana")
    assert name == f"ticket-{number}.{'txt' if form is Form.TEXT else 'html'}"
    assert "the printer smokes" in content
    assert "Is it hot?" in content
    assert CANARY not in content


async def test_staff_get_notes_marked_as_such_unless_they_want_none(
    desk: Desk, outbox: Outbox
) -> None:
    number = await a_ticket(desk)
    await desk.ask_transcript(GRACE, number, form=Form.TEXT)
    await desk.ask_transcript(GRACE, number, form=Form.TEXT, with_notes=False)

    (_, with_notes), (_, without) = await files_to(desk, outbox, "grace")
    assert f"Grace (note, for staff only)\nthe old model {CANARY}" in with_notes
    assert f"Ana (taken back)\noops {CANARY}" in with_notes
    assert CANARY not in without
    assert not any(each.files for each in outbox.to(STAFF_ROOM))


async def test_it_ends_where_it_was_asked_for(desk: Desk, outbox: Outbox) -> None:
    number = await a_ticket(desk)
    await desk.ask_transcript(ANA, number)
    await desk.receive(message("one more thing"))

    [(_, content)] = await files_to(desk, outbox, "ana")
    assert "one more thing" not in content


@pytest.mark.parametrize("wanted", [True, False])
async def test_at_closing_the_customer_gets_it_where_the_desk_is_set_so(
    open_desk: OpenDesk, outbox: Outbox, tmp_path: Path, wanted: bool
) -> None:
    house = House(staff_rooms=(STAFF_ROOM,), policy=Policy(transcripts=wanted))
    desk = open_desk(house)
    number = await a_ticket(desk)
    await desk.resolve(GRACE, number, "It was the fuse.")
    await desk.confirm(ANA, number)

    files = await files_to(desk, outbox, "ana")
    assert len(files) == int(wanted)
    assert not any(CANARY in content for _, content in files)


async def test_files_are_named_and_what_was_forgotten_is_in_none(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    bridge = bridged(database, clock, tmp_path)
    grace = await bridge.hire("grace")
    bridge.discord.files["f1"] = b"a picture"
    await bridge.write("look", files=(IncomingFile(name="smoke.png", source="f1"),))
    await bridge.settle()
    await bridge.desk.ask_transcript(grace, 1, form=Form.TEXT)
    await bridge.settle()
    [post] = [each for each in await bridge.desk.said_at(direct("grace", "slack")) if each.files]
    kept = await bridge.desk.file(post.files[0].public_id)
    assert b"\xf0\x9f\x93\x8e smoke.png" in await kept.read()

    await bridge.desk.resolve(grace, 1)
    await bridge.desk.forget_customer(OPERATOR, str(someone("ana")))
    again = await bridge.desk.file(post.files[0].public_id)
    assert not {b"look", b"smoke", b"Ana"} & set((await again.read()).split())


REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "of somebody else's": (lambda desk: desk.ask_transcript(BEN, 1), UnknownTicket),
    "of nothing": (lambda desk: desk.ask_transcript(GRACE, 99), UnknownTicket),
    "with notes for a customer": (
        lambda desk: desk.ask_transcript(ANA, 1, with_notes=True),
        NotesAreForStaff,
    ),
    "to the operator": (lambda desk: desk.ask_transcript(OPERATOR, 1), Invalid),
    "written, of somebody else's": (lambda desk: desk.transcript(BEN, 1), UnknownTicket),
    "written, of nothing": (lambda desk: desk.transcript(OPERATOR, 99), UnknownTicket),
    "written, with notes for a customer": (
        lambda desk: desk.transcript(ANA, 1, with_notes=True),
        NotesAreForStaff,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_transcript_is_refused_and_nothing_changes(
    desk: Desk, database: Database, what: str
) -> None:
    await a_ticket(desk)
    await desk.receive(message("hello, I need help", by="ben"))
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_the_operator_has_it_written(desk: Desk) -> None:
    number = await a_ticket(desk)

    whole = await desk.transcript(OPERATOR, number, form=Form.TEXT)
    customers = await desk.transcript(OPERATOR, number, form=Form.TEXT, with_notes=False)

    assert CANARY in whole.content.decode()
    assert CANARY not in customers.content.decode()
    assert whole.name == f"ticket-{number}.txt"
