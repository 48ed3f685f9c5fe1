"""Five hundred payloads through everything that people fill: none of them runs on a staff page."""

import itertools
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect

from core.channels import IncomingFile, IncomingMessage, Who
from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import (
    OPERATOR,
    Details,
    Doing,
    FieldType,
    FieldWanted,
    LineSaid,
    OrderSaid,
    OrderStatus,
    Reason,
    ReturnWanted,
    Role,
)
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.bots.console.payloads import payloads
from tests.scene import hire, person, place
from tests.web.desk.seat import Room

MANY = 500
EACH = 12  # that an intake beside the conversation is given
REFUSING = ["tag", "view", "macro name", "kind name"]  # what takes none of them, and so shows none
DANGEROUS = "main script, main iframe, main object, main embed, main img, main svg, main video"
HANDLERS = """(all) => all.flatMap((each) => [...each.attributes].map(({ name }) => name))
  .filter((name) => name.startsWith("on") || name === "srcdoc")"""
LINKS = "(all) => all.map((each) => each.protocol)"
PAGES = (
    "/desk/",
    "/desk/dashboard",
    "/desk/trends",
    "/desk/people",
    "/desk/knowledge",
    "/desk/settings",
)

Intake = Callable[[str], Awaitable[object]]


async def test_nothing_that_people_fill_runs_on_a_staff_page(room: Room, desk: Desk) -> None:
    admin = await hire(desk, "admin", role=Role.ADMIN, capacity=9)
    made = itertools.cycle(payloads(MANY))
    await said_and_answered(desk, admin, made)
    taken = await kept_elsewhere(desk, admin, made)
    seat = await room.seat(admin)
    articles = await Library.beside(desk).articles(admin)
    addresses = [f"/desk/knowledge/{each.slug}" for each in articles]
    for path in (*PAGES, "/desk/tickets/1", addresses[1], f"{addresses[0]}/edit"):
        await seat.page.goto(f"{room.url}{path}")
        await expect(seat.page.locator("h1")).to_be_visible()
        older = seat.page.get_by_role("button", name="Show older messages")
        while await older.is_visible():
            shown = await seat.page.locator(".message").count()
            await older.click()
            await expect(seat.page.locator(".message").nth(shown)).to_be_attached()
        for opener in await seat.page.locator("summary").all():
            await opener.click()
        await nothing_in(seat.page)
    assert await seat.page.evaluate("() => window.ran") == 0
    assert [name for name in taken if taken[name] <= EACH // 2] == REFUSING


async def said_and_answered(desk: Desk, admin: Who, made: Iterator[str]) -> None:
    """A ticket with all of them, each in somebody's words."""
    for number in range(MANY // 2):
        words = next(made)
        file = IncomingFile(name=words, source="nowhere", content_type=words[:40])
        await desk.receive(
            IncomingMessage(
                address=place("ana"),
                sender=Who("console", "local", "ana", words),
                external_id=f"said-{number}",
                text=words,
                sent_at=datetime.now(UTC),
                files=(file,),
            )
        )
    for words in itertools.islice(made, MANY // 4):
        await desk.note(admin, 1, words)
    for words in itertools.islice(made, MANY // 4):
        await desk.reply(admin, 1, words)


async def kept_elsewhere(desk: Desk, admin: Who, made: Iterator[str]) -> dict[str, int]:
    """How many of `EACH` every other intake took; what is refused cannot be shown."""
    library = Library.beside(desk)
    orders = (f"A-{number}" for number in itertools.count(1001))
    names = (f"name-{number}" for number in itertools.count())
    for number in range(EACH):
        wanted = FieldWanted(type=FieldType.TEXT, label=next(made)[:40])
        await desk.add_field(admin, f"field-{number}", wanted)
    await desk.add_kind(admin, "kind", "a kind")
    fields = (f"field-{number}" for number in range(EACH))
    intakes: dict[str, Intake] = {
        "tag": lambda it: desk.tag(admin, 1, add=[it]),
        "view": lambda it: desk.save_view(admin, it, "status:any"),
        "field value": lambda it: desk.set_field(admin, 1, next(fields), it[:200]),
        "customer name": lambda it: desk.edit_customer(admin, "c-1", {"name": it[:100]}),
        "customer note": lambda it: desk.note_customer(admin, "c-1", it),
        "company": lambda it: desk.edit_customer(admin, "c-1", {"company": it[:100]}),
        "article": lambda it: library.add(admin, article(it, next(names))),
        "macro name": lambda it: desk.add_macro(admin, it, it, Doing()),
        "macro text": lambda it: desk.add_macro(admin, next(names), it, Doing()),
        "kind name": lambda it: desk.add_kind(admin, it, it),
        "kind about": lambda it: desk.edit_kind(admin, "kind", it[:100]),
        "why it escalates": lambda it: desk.escalate(admin, 1, it),
        "agent": lambda it: desk.add_agent(
            OPERATOR, Who("console", "local", next(names), it), Details(capacity=0)
        ),
        "device": lambda it: sign_in(desk, admin, it),
        "order and return": lambda it: send_back(desk, next(orders), it),
    }
    taken = dict.fromkeys(intakes, 0)
    for name, intake in intakes.items():
        for words in itertools.islice(made, EACH):
            try:
                await intake(words)
            except DeskError:
                continue
            taken[name] += 1
    return taken


def article(words: str, slug: str) -> Fields:
    return Fields(
        title=f"{words[:100]} {slug}", body=words, phrasings=(words[:200],), category=words[:40]
    )


async def sign_in(desk: Desk, who: Who, device: str) -> None:
    await desk.sign_in(await desk.sign_in_link(who), device)


async def send_back(desk: Desk, order: str, words: str) -> None:
    said = OrderSaid(
        number=order,
        status=OrderStatus.DELIVERED,
        placed_at=datetime.now(UTC) - timedelta(days=1),
        identity=str(person("ana")),
        lines=(LineSaid(sku="LAMP", name=words[:100], quantity=1),),
    )
    await desk.take_in_orders([said])
    wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.OTHER, note=words)
    await desk.request_return(person("ana"), order, wanted)


async def nothing_in(page: Page) -> None:
    await expect(page.locator(DANGEROUS)).to_have_count(0)
    assert await page.locator("main *").evaluate_all(HANDLERS) == []
    links = await page.locator("main a[href]").evaluate_all(LINKS)
    assert set(links) <= {"http:", "https:", "mailto:"}
