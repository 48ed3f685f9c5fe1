"""Finding tickets by the desk's door: by filter, by words, page by page; customers only their own."""

import itertools
from datetime import timedelta

import pytest

from core.channels import IncomingDeletion, IncomingEdit, Who
from core.desk import Desk
from core.errors import DeskError, NotFound
from core.tickets.search import OnlyStaff
from core.vocabulary import OPERATOR, Page, Priority, Role, Status, Target, Wanted, next_page
from tests.clock import FakeClock
from tests.scene import hire, message, open_ticket, person, place

GRACE, LINUS = person("grace"), person("linus")


def numbers(page: Page) -> list[int]:
    return [ticket.id for ticket in page.tickets]


async def found(desk: Desk, text: str, *, by: Who = OPERATOR) -> list[int]:
    return numbers(await desk.tickets(by, Wanted(filter=text, any_status=True)))


@pytest.fixture
async def stocked(desk: Desk, clock: FakeClock) -> Desk:
    """1 is Grace's and pending, 2 is Linus's, 3 waits, 4 is resolved; a day apart each."""
    await hire(desk, "grace", team="returns")
    await hire(desk, "linus")
    await open_ticket(desk, "I was charged twice for the lamp", by="ana")
    clock.advance(timedelta(days=1))
    await open_ticket(desk, "Die Lampe aus Zürich ist kaputt", by="ben")
    clock.advance(timedelta(days=1))
    await open_ticket(desk, "where is order A-1001?", by="cleo")
    clock.advance(timedelta(days=1))
    await open_ticket(desk, "the app crashes", by="dora")
    await desk.reply(GRACE, 1, "We send the money back")
    await desk.note(GRACE, 1, "a notorious customer")
    await desk.resolve(OPERATOR, 4, "fixed in the next version")
    await desk.tag(OPERATOR, 1, add=["vip", "money"])
    await desk.tag(OPERATOR, 3, add=["vip"])
    await desk.set_category(OPERATOR, 1, "billing")
    await desk.set_category(OPERATOR, 3, "late delivery")
    await desk.set_priority(OPERATOR, 3, Priority.HIGH)
    return desk


FOUND = {
    "": {1, 2, 3, 4},
    "status:pending": {1},
    "status:open,pending": {1, 2},
    "status:live": {1, 2, 3},
    "-status:live": {4},
    "status:resolved": {4},
    "priority:high": {3},
    "-priority:high": {1, 2, 4},
    "tag:vip": {1, 3},
    "tag:vip tag:money": {1},
    "tag:money,none": {1, 2, 4},
    "-tag:vip": {2, 4},
    "-tag:none": {1, 3},
    "category:billing": {1},
    'category:"late delivery",billing': {1, 3},
    "category:none": {2, 4},
    "-category:none": {1, 3},
    "assignee:grace": {1},
    "assignee:@linus": {2},
    'assignee:"console:local:linus"': {2},
    "assignee:nobody": {3, 4},
    "-assignee:grace": {2, 3, 4},
    "-assignee:nobody": {1, 2},
    "customer:ana": {1},
    "customer:Ana,c-2": {1, 2},
    "customer:2": {2},
    'customer:"console:local:cleo"': {3},
    "-customer:ana": {2, 3, 4},
    "team:none": {1, 2, 3, 4},
    "-team:returns": {1, 2, 3, 4},
    "kind:question": {1, 2, 3, 4},
    "kind:return": set(),
    "channel:console": {1, 2, 3, 4},
    "channel:slack": set(),
    "created:<2d": {2, 3, 4},
    "created:>2d": {1},
    "created:2026-01-05": {1},
    "created:>2026-01-05": {2, 3, 4},
    "created:2026-01-05..2026-01-06": {1, 2},
    "updated:today": {1, 3, 4},
    "lamp": {1},
    "LAMP": {1},
    "lamp*": {1, 2},
    "zurich": {2},
    "zürich": {2},
    '"charged twice"': {1},
    '"twice charged"': set(),
    "twice charged": {1},
    "A-1001": {3},
    "1001": {3},
    "money": {1},
    "notorious": {1},
    "charged notorious": {1},
    "version": set(),
    "the -lamp": {4},
    "-the": {2, 3},
    "-the -order": {2},
    "lamp status:resolved": set(),
    "tag:vip lamp priority:normal": {1},
    "unheard-of": set(),
}


async def test_what_a_filter_finds(stocked: Desk) -> None:
    assert {text: set(await found(stocked, text)) for text in FOUND} == FOUND


async def test_team_finds_what_was_passed_to_it(stocked: Desk) -> None:
    await stocked.transfer(OPERATOR, 2, Target(team="returns"))

    assert await found(stocked, "team:Returns") == [2]
    assert set(await found(stocked, "-team:returns")) == {1, 3, 4}


async def test_a_list_is_of_live_tickets_unless_it_names_a_status(stocked: Desk) -> None:
    assert numbers(await stocked.tickets(OPERATOR, Wanted(filter="the"))) == [1]
    assert numbers(await stocked.tickets(OPERATOR)) == [3, 1, 2]
    assert len(await found(stocked, "status:any")) == 4
    assert numbers(await stocked.tickets(GRACE, Wanted(assignee=GRACE))) == [1]
    assert numbers(await stocked.tickets(GRACE, Wanted(status=Status.RESOLVED))) == [4]


async def test_me_is_whoever_asks(stocked: Desk) -> None:
    assert await found(stocked, "assignee:me", by=GRACE) == [1]
    assert await found(stocked, "assignee:me", by=LINUS) == [2]


@pytest.mark.parametrize("text", ["assignee:nobodyknown", "customer:nobodyknown", "team:unknown"])
async def test_whom_nobody_knows_is_refused_by_name(stocked: Desk, text: str) -> None:
    with pytest.raises(NotFound, match="known"):
        await found(stocked, text)


SORTED = {
    "sort:number": [1, 2, 3, 4],
    "sort:-number": [4, 3, 2, 1],
    "sort:created": [1, 2, 3, 4],
    "sort:-created": [4, 3, 2, 1],
    "sort:-priority": [3, 1, 2, 4],
    "sort:priority": [4, 2, 1, 3],
}


async def test_a_list_is_sorted(stocked: Desk) -> None:
    assert {sort: await found(stocked, sort) for sort in SORTED} == SORTED


LOOKED_FOR = ("", "printer", "-cat", "status:new printer")
SORTS = [
    "",
    *(
        f"sort:{sign}{key}"
        for sign in ("", "-")
        for key in ("number", "priority", "created", "updated")
    ),
]


async def test_turning_pages_shows_each_ticket_once_by_every_sort(
    desk: Desk, clock: FakeClock
) -> None:
    for number in range(1, 46):
        await open_ticket(desk, "the printer smokes", by=f"customer-{number}")
        if number % 3:
            clock.advance(timedelta(seconds=1))
    for number in range(1, 46, 4):
        await desk.set_priority(OPERATOR, number, Priority(1 + number % 4))

    for asked in (f"{looked_for} {sort}" for looked_for in LOOKED_FOR for sort in SORTS):
        text, seen = asked, []
        while text:
            page = await desk.tickets(OPERATOR, Wanted(filter=text))
            seen += numbers(page)
            text = next_page(text, page)
        assert sorted(seen) == list(range(1, 46)), asked


async def test_the_next_page_begins_where_the_last_ended_though_that_ticket_has_changed(
    desk: Desk, clock: FakeClock
) -> None:
    for number in range(1, 31):
        await open_ticket(desk, by=f"customer-{number}")
        clock.advance(timedelta(seconds=1))
    first = await desk.tickets(OPERATOR, Wanted(filter="sort:updated"))
    await desk.tag(OPERATOR, first.tickets[-1].id, add=["changed"])

    rest = await desk.tickets(OPERATOR, Wanted(filter=next_page("sort:updated", first)))

    assert numbers(first) == list(range(1, 21))
    assert numbers(rest) == [*range(21, 31), 20]


# Customers


async def test_customers_find_their_own_and_never_by_notes(stocked: Desk) -> None:
    ana = person("ana")

    assert await found(stocked, "", by=ana) == [1]
    assert await found(stocked, "charged money", by=ana) == [1]
    assert await found(stocked, "notorious", by=ana) == []
    assert await found(stocked, "charged -notorious", by=ana) == [1]
    assert await found(stocked, "-notorious", by=ana) == [1]
    assert await found(stocked, '"a notorious customer"', by=ana) == []
    assert await found(stocked, "kaputt", by=ana) == []
    assert await found(stocked, "-lamp", by=ana) == []
    assert await found(stocked, "status:any sort:-updated", by=ana) == [1]
    assert await found(stocked, "lamp", by=person("stranger")) == []


@pytest.mark.parametrize(
    "text",
    ["tag:vip", "-tag:vip", "category:billing", "assignee:grace", "customer:ben", "team:returns",
     "channel:console", "lamp -tag:vip"],
)  # fmt: skip
async def test_customers_do_not_look_by_how_staff_file(stocked: Desk, text: str) -> None:
    with pytest.raises(OnlyStaff, match="You cannot look by"):
        await found(stocked, text, by=person("ana"))


async def test_the_next_page_after_a_strangers_ticket_is_not_told(stocked: Desk) -> None:
    with pytest.raises(NotFound):
        await found(stocked, "after:2", by=person("ana"))


# The words follow what is said


async def test_words_follow_edits_deletions_and_moves(desk: Desk, clock: FakeClock) -> None:
    ana = person("ana")
    number = await open_ticket(desk, "the printer smokes", by="ana")
    await desk.receive(message("it is a laserjet", by="ana", post="p2"))
    assert await found(desk, "laserjet") == [number]

    clock.advance(timedelta(seconds=1))
    edit = IncomingEdit(
        address=place("ana"), external_id="p2", by=ana, text="it is an inkjet", edited_at=clock()
    )
    assert await desk.message_edited(edit)
    assert await found(desk, "laserjet") == []
    assert await found(desk, "inkjet") == [number]

    assert await desk.message_deleted(
        IncomingDeletion(address=place("ana"), external_id="p2", by=ana)
    )
    assert await found(desk, "inkjet") == []
    assert await found(desk, "printer") == [number]


async def test_what_was_asked_before_the_ticket_is_found_on_it(desk: Desk) -> None:
    await desk.receive(message("hello", by="ana"))
    number = await open_ticket(desk, "the toaster burns", by="ana")

    assert await found(desk, "toaster burns", by=person("ana")) == [number]


async def test_very_long_tickets_are_found_by_their_latest_words(desk: Desk) -> None:
    number = await open_ticket(desk, "the printer smokes")
    for part in range(3):
        text = " ".join(f"𝔘{part}x{n}" for n in range(30_000))
        await desk.receive(message(f"{text} ending{part}"))

    assert await found(desk, "ending2") == [number]
    assert await found(desk, "printer") == [number]


HOSTILE = [
    "'", "''", "';--", "\\", "\\'", "%", "_", "a' or '1'='1", "x'); drop table tickets; --", "NOT",
    "AND", "OR", "NEAR(a b)", "a OR b", "a AND NOT b", "{noted}", '"{noted}" notorious', "^lamp",
    "lamp^2", "lamp +twice", "l?mp", "a & b", "a | b", "!lamp", "a <-> b", "lamp:A", '"lamp:*D"',
    '"a:b*"', "(lamp)", "((((", "rowid", "$1", ":1", "?", "%s", "{0}", "\u202e", "\x00",
    "\ud800", "ﬁ", "ß", "İ", "ı", "𝔘", "日本語", "กขฃ", "नमस्ते", "e\u0301", "\u0301", "٣", "½",
    "1e400", "0x1f", "-1", "1.5.2", "a_b", "user@example.com", "a/b/c", "&amp;", "<b>lamp</b>",
    "noted : notorious", '"noted:notorious"', "matchinfo", "x" * 200, '"' + "a " * 100 + '"',
]  # fmt: skip


async def test_a_hostile_word_finds_what_holds_it_or_is_refused_in_a_sentence(
    stocked: Desk,
) -> None:
    for text, asking in itertools.product(HOSTILE, (OPERATOR, person("ana"))):
        try:
            seen = await found(stocked, text, by=asking)
        except DeskError:
            continue
        assert asking is OPERATOR or seen in ([], [1]), text
        assert len(await found(stocked, "")) == 4, text


async def test_nobody_below_an_agent_is_told_apart(stocked: Desk) -> None:
    """An agent who is removed is a customer again."""
    await hire(stocked, "maria", role=Role.LEAD)
    await stocked.remove_agent(OPERATOR, person("maria"))

    with pytest.raises(OnlyStaff):
        await found(stocked, "tag:vip", by=person("maria"))


FOUND_BY_WHAT_IS_KNOWN = {
    "vip:yes": {1},
    "vip:no": {2, 3, 4},
    "-vip:yes": {2, 3, 4},
    "vip:yes,no": {1, 2, 3, 4},
    "company:ACME": {1, 2},
    "company:none": {3, 4},
    "-company:acme": {3, 4},
    "customer-tag:wholesale": {2},
    "customer-tag:wholesale,old": {2, 3},
    "customer-tag:none": {1, 4},
    "-customer-tag:none": {2, 3},
    "language:de": {2},
    "-language:de": {1, 3, 4},
    "complexity:5": {3},
    "complexity:1 -tier:2": {1, 2, 4},
    "skill:none": {1, 2, 3, 4},
    "-skill:billing": {1, 2, 3, 4},
    "skill:billing": set(),
    "vip:yes tag:vip": {1},
}


async def test_what_a_filter_finds_by_customers_and_by_what_intake_judged(
    stocked: Desk,
) -> None:
    await stocked.edit_customer(OPERATOR, str(person("ana")), {"is_vip": True, "company": "Acme"})
    await stocked.edit_customer(OPERATOR, str(person("ben")), {"company": "acme"})
    await stocked.edit_customer(OPERATOR, str(person("ben")), {"tags": ["wholesale"]})
    await stocked.edit_customer(OPERATOR, str(person("cleo")), {"tags": ["old", "new"]})
    await stocked.set_language(OPERATOR, 2, "de")
    await stocked.set_complexity(OPERATOR, 3, 5)

    known = {text: set(await found(stocked, text)) for text in FOUND_BY_WHAT_IS_KNOWN}
    assert known == FOUND_BY_WHAT_IS_KNOWN
