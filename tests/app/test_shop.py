"""Orders looked up at the shop over HTTP, which answers, and misbehaves in every way."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from app.settings import Settings
from app.shop import HttpShop, diagnosed, shop
from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.cards import plain
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.tickets.live_orders import REST, ShopDoesNotAnswer, SourceFailed
from core.tickets.orders import UnknownOrder
from core.vocabulary import OrderStatus, Outcome
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import CHANNEL, HOUSE, STAFF_ROOM, hire, message, person

ANA, BEN = person("ana"), person("ben")
WITHIN = timedelta(seconds=0.5)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def order(number: str = "A-2001", **other: Any) -> dict[str, Any]:
    line = {
        "sku": "LAMP",
        "name": "Nordlys lamp",
        "quantity": 2,
        "price": "89.00",
        "currency": "EUR",
    }
    return {
        "number": number,
        "placed_at": "2026-01-02",
        "delivered_at": "2026-01-04T10:00:00+01:00",
        "status": "delivered",
        "identity": str(ANA),
        "email": "Ana@Example.com",
        "lines": [line],
        **other,
    }


@dataclass
class Shop:
    """The shop's endpoint: what it has, or how it fails, and what it was asked."""

    url: str = ""
    orders: dict[str, Any] = field(default_factory=dict)
    fails: Answer | None = None
    asked: list[web.Request] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if self.fails is not None:
            return await self.fails(request)
        found = self.orders.get(request.match_info["number"])
        return web.json_response(found) if found else web.Response(status=404)


@pytest.fixture
async def there() -> AsyncIterator[Shop]:
    """A shop on this machine, with order A-2001 of ana's."""
    running = Shop(orders={"A-2001": order()})
    app = web.Application()
    app.router.add_get("/orders/{number}", running.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    running.url = f"http://{host}:{port}/orders/{{number}}"
    yield running
    await runner.cleanup()


@pytest.fixture
def source(there: Shop) -> HttpShop:
    return HttpShop(there.url, token="s3cret", within=WITHIN)


@pytest.fixture
def desk(database: Database, clock: FakeClock, outbox: Outbox, source: HttpShop) -> Desk:
    return Desk(database, HOUSE, channels={CHANNEL: outbox}, clock=clock, order_source=source)


async def slow(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


async def trickle(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.05)


async def huge(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(40):
        await response.write(b" " * 100_000)
    return response


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-length": "1000"})
    await response.prepare(request)
    await response.write(b'{"number":')
    assert request.transport is not None
    request.transport.close()
    return response


def says(text: str, status: int = 200, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, headers=headers)

    return answer


def has(**other: Any) -> Answer:
    return says(json.dumps(order(**other)))


FAILURES: dict[str, tuple[Answer, str]] = {
    "too late": (slow, r"no answer in 0\.5 s"),
    "never done": (trickle, r"no answer in 0\.5 s"),
    "too large": (huge, "larger than 1 MB"),
    "cut off": (cut, "Client"),
    "server error": (says("oops", 500), r"HTTP 500\."),
    "unavailable": (says("busy", 503), r"HTTP 503\."),
    "too many": (says("slow down", 429), r"HTTP 429\."),
    "token refused": (says("no", 401), "SHOP_TOKEN"),
    "forbidden": (says("no", 403), "SHOP_TOKEN"),
    "redirected": (says("", 302, Location="http://169.254.169.254/"), "redirects"),
    "moved for good": (says("", 308, Location="/orders/A-2001"), "redirects"),
    "no content": (says("", 204), r"HTTP 204\."),
    "empty": (says(""), "no JSON"),
    "a page": (says("<html>Welcome!</html>"), "no JSON"),
    "half of it": (says('{"number": "A-2001"'), "no JSON"),
    "nested without end": (says("[" * 50_000), "no JSON"),
    "no UTF-8": (says("\udcff".encode("utf-8", "surrogateescape").decode("latin-1")), "no JSON"),
    "a list": (says("[]"), "one JSON object"),
    "null": (says("null"), "one JSON object"),
    "another order": (has(number="A-2002"), "answered with order A-2002"),
    "no number": (has(number=""), "number of the order is missing"),
    "no lines": (has(lines=[]), "lines has to be a list"),
    "lines of text": (has(lines=["LAMP"]), "a line has to be an object"),
    "no quantity": (has(lines=[{"sku": "LAMP", "quantity": 0}]), "quantity is 0"),
    "a line twice": (has(lines=[{"sku": "L", "quantity": 1}] * 2), "has L twice"),
    "no price": (has(lines=[{"sku": "L", "quantity": 1, "price": "x"}]), "price x is no number"),
    "no day": (has(placed_at="yesterday"), "placed_at is yesterday"),
    "a year too far": (has(placed_at="9999-01-01"), "cannot be"),
    "an unknown status": (has(status="lost"), "status lost"),
    "no address": (has(email="ana"), "ana is no e-mail address"),
    "no identity": (has(identity="ana"), "ana is no identity"),
    "no days": (has(return_days=-1), "return_days is -1"),
}


@pytest.mark.parametrize(("fails", "why"), FAILURES.values(), ids=FAILURES.keys())
async def test_whatever_the_shop_does_wrong_is_said_and_changes_nothing(
    there: Shop, source: HttpShop, desk: Desk, database: Database, fails: Answer, why: str
) -> None:
    grace = await hire(desk, "grace")
    there.fails = fails
    before = await all_rows(database)

    with pytest.raises(SourceFailed, match=why):
        await source.order("A-2001")
    with pytest.raises(ShopDoesNotAnswer, match="try again in a few minutes") as to_customer:
        await desk.returnable(ANA, "A-2001")
    with pytest.raises(ShopDoesNotAnswer, match=why):
        await desk.find_order(grace, "A-2001")

    assert "HTTP" not in str(to_customer.value)
    assert await all_rows(database) == before


async def test_an_order_is_asked_for_with_the_token_and_taken_in(there: Shop, desk: Desk) -> None:
    found = await desk.returnable(ANA, "#a-2001")

    assert [(each.line.sku, each.quantity, each.line.cents) for each in found.left] == [
        ("LAMP", 2, 8900)
    ]
    assert found.order.email == "ana@example.com"
    (asked,) = there.asked
    assert (asked.path, asked.headers["authorization"]) == ("/orders/A-2001", "Bearer s3cret")


async def test_what_changed_at_the_shop_is_known_at_once(there: Shop, desk: Desk) -> None:
    await desk.returnable(ANA, "A-2001")
    there.orders["A-2001"] = order(status="cancelled")

    assert (await desk.find_order(ANA, "A-2001")).status is OrderStatus.CANCELLED


async def test_an_order_that_the_shop_does_not_have_is_unknown(there: Shop, desk: Desk) -> None:
    with pytest.raises(UnknownOrder):
        await desk.returnable(ANA, "A-9999")
    with pytest.raises(UnknownOrder):  # somebody else's, which is there by now
        await desk.returnable(BEN, "A-2001")


async def test_what_is_no_number_is_not_asked_for(there: Shop, desk: Desk) -> None:
    for number in ("..", "../admin", "a?b", "A 1", "x" * 41, "%2e%2e", "", "ä€\x00"):
        with pytest.raises(DeskError):
            await desk.returnable(ANA, number)

    assert {each.path for each in there.asked} <= {"/orders/../ADMIN"}
    assert all(each.raw_path.count("/") == 2 for each in there.asked)


async def test_a_known_order_is_spoken_of_though_the_shop_is_down(
    there: Shop, desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    await desk.returnable(ANA, "A-2001")
    there.fails = says("busy", 503)

    assert (await desk.returnable(ANA, "A-2001")).order.number == "A-2001"
    shown = await carry_out(desk, grace, read(COMMANDS, "/orders show A-2001", by=grace))
    theirs = await carry_out(desk, ANA, read(COMMANDS, "/orders show A-2001", by=ANA))

    assert "the shop does not answer. HTTP 503." in plain(shown.card)
    assert "HTTP" not in plain(theirs.card)


async def test_a_shop_that_is_down_is_left_alone_for_a_minute_and_staff_are_told_once(
    there: Shop, desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    there.fails = says("busy", 503)
    for _ in range(10):
        with pytest.raises(ShopDoesNotAnswer):
            await desk.returnable(ANA, "A-2001")
    assert len(there.asked) == 3

    clock.advance(REST)
    with pytest.raises(ShopDoesNotAnswer):
        await desk.returnable(ANA, "A-2001")
    with pytest.raises(ShopDoesNotAnswer):
        await desk.returnable(ANA, "A-2001")
    assert len(there.asked) == 4  # one look, and it rests again

    there.fails = None
    clock.advance(REST)
    assert (await desk.returnable(ANA, "A-2001")).left
    await desk.courier.deliver_due()
    (told,) = [text for text in outbox.texts(STAFF_ROOM) if "shop" in text]
    assert "HTTP 503." in told


async def test_words_of_a_return_find_an_order_that_only_the_shop_knows(
    there: Shop, desk: Desk, outbox: Outbox
) -> None:
    received = await desk.receive(message("I want to return order A-2001"))
    await desk.receive(message("how are you? A-2001 is a nice number", at="other"))

    assert received.outcome is Outcome.RETURN_OFFERED
    assert len(there.asked) == 1


async def test_words_of_a_return_reach_us_though_the_shop_is_down(there: Shop, desk: Desk) -> None:
    there.fails = slow

    received = await desk.receive(message("I want to return order A-2001"))

    assert received.ticket is not None


async def test_nothing_else_waits_while_the_shop_is_asked(
    there: Shop, database: Database, clock: FakeClock
) -> None:
    patient = HttpShop(there.url, within=timedelta(seconds=60))
    desk = Desk(database, HOUSE, clock=clock, order_source=patient)
    asked, release = asyncio.Event(), asyncio.Event()
    there.fails = lambda _: _after(asked, release)
    looking = asyncio.create_task(desk.returnable(ANA, "A-2001"))
    await asked.wait()

    received = await desk.receive(message("the printer smokes"))  # writes, while the shop is asked

    assert received.ticket is not None
    release.set()
    assert (await looking).order.number == "A-2001"


async def _after(asked: asyncio.Event, release: asyncio.Event) -> web.StreamResponse:
    asked.set()
    await release.wait()
    return web.json_response(order())


@pytest.mark.parametrize(
    ("fails", "mark", "words"),
    [
        (None, "✓", "The shop answers"),
        (says("busy", 503), "✗", "HTTP 503"),
        (says("no", 401), "✗", "SHOP_TOKEN"),
    ],
)
async def test_the_doctor_says_whether_the_shop_answers(
    there: Shop, fails: Answer | None, mark: str, words: str
) -> None:
    there.fails = fails

    found = await diagnosed(Settings(shop_orders_url=there.url))

    assert found[0] == mark
    assert words in found[1]


async def test_without_an_address_the_shop_is_not_asked() -> None:
    assert shop(Settings()) is None
    assert (await diagnosed(Settings()))[0] == "–"


@pytest.mark.parametrize("url", ["ftp://x/{number}", "https://x/orders", "https://x/{id}", "x"])
def test_an_address_without_a_place_for_the_number_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"with \{number\} in it"):
        Settings(shop_orders_url=url)
