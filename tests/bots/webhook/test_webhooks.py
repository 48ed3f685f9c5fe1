"""Webhooks: what a program elsewhere is told, how it knows that it is us, and what follows a failure."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from standardwebhooks import Webhook as Verifier

from app.sealed import Seal
from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from bots.webhook.channel import Inside, Outward, WebhookChannel
from core.channels import Address
from core.desk import Desk
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.storage.database import Database
from core.vocabulary import WEBHOOK, House, Role
from tests.bots.webhook.listening import Listener, listener
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

DORA = person("dora")
NEAR = House(staff_rooms=(STAFF_ROOM,), webhook_hosts=frozenset({"127.0.0.1"}))
CANARY = "my-secret-canary"
SHOWN = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


@pytest.fixture
async def program() -> AsyncIterator[Listener]:
    async with listener() as listening:
        yield listening


@pytest.fixture
async def near(open_desk: OpenDesk) -> Desk:
    """A desk whose webhooks may go to this machine, and Dora, its admin."""
    return await _ready(open_desk(NEAR))


async def _ready(desk: Desk) -> Desk:
    desk.courier.add(WEBHOOK, WebhookChannel(desk.webhook_receiver))
    await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    return desk


async def _carried(desk: Desk) -> None:
    while await desk.tell_webhooks():
        pass
    await desk.courier.deliver_due()


def _told(program: Listener) -> list[str]:
    return [json.loads(body)["type"] for _, body in program.came]


async def test_a_program_is_told_what_happens_signed_and_in_order(
    near: Desk, program: Listener
) -> None:
    _, secret = await near.add_webhook(DORA, program.url, [])
    number = await open_ticket(near)
    await near.note(DORA, number, "n")
    await _carried(near)
    await _carried(near)

    told = _told(program)
    assert told[0] == "WebhookChanged"
    assert told.index("TicketOpened") < told.index("NoteAdded")
    ids = [headers["webhook-id"] for headers, _ in program.came]
    assert len(set(ids)) == len(ids)
    for headers, body in program.came:
        said = Verifier(secret).verify(body, dict(headers))
        assert said["data"]["by"] in {f"agent {_number(said)}", "customer", "desk"}
    with pytest.raises(Exception, match="signature"):
        Verifier(secret).verify(program.came[0][1] + b" ", dict(program.came[0][0]))


def _number(said: dict[str, dict[str, str]]) -> str:
    return said["data"]["by"].removeprefix("agent ")


async def test_a_program_is_told_the_events_that_it_wants(near: Desk, program: Listener) -> None:
    await near.add_webhook(DORA, program.url, ["TicketOpened", "TicketResolved"])
    number = await open_ticket(near)
    await near.resolve(DORA, number)
    await _carried(near)

    assert _told(program) == ["TicketOpened", "TicketResolved"]
    assert json.loads(program.came[0][1])["data"]["ticket"] == number


async def test_nothing_that_people_wrote_is_told(near: Desk, program: Listener) -> None:
    await near.add_webhook(DORA, program.url, [])
    number = await open_ticket(near, f"the printer says {CANARY}", by=CANARY)
    await near.receive(message(f"and again {CANARY}", by=CANARY))
    await near.reply(DORA, number, f"what is {CANARY}?")
    await near.escalate(DORA, number, f"says {CANARY}")
    await near.hold(DORA, number, f"for {CANARY}")
    await near.unhold(DORA, number)
    await near.edit_customer(DORA, "c-1", {"company": CANARY})
    await near.resolve(DORA, number, f"it was {CANARY}")
    await near.reopen(DORA, number)
    await _carried(near)

    assert {"TicketHeld", "TicketEscalated", "TicketResolved"} <= set(_told(program))
    assert not [body for _, body in program.came if CANARY.encode() in body]


async def test_what_fails_is_tried_again_and_comes_once_in_order(
    near: Desk, program: Listener, clock: FakeClock
) -> None:
    await near.add_webhook(DORA, program.url, ["TicketOpened"])
    program.answers = [
        web.Response(status=500),
        web.Response(status=302, headers={"location": "/"}),
    ]
    numbers = [await open_ticket(near, by=f"c{each}") for each in range(3)]
    for _ in range(6):
        await _carried(near)
        clock.advance(timedelta(seconds=10))

    ids = [headers["webhook-id"] for headers, _ in program.came]
    assert len(ids) == 5
    assert ids[0] == ids[1] == ids[2]
    tickets = [json.loads(body)["data"]["ticket"] for _, body in program.came[2:]]
    assert tickets == numbers


async def test_who_is_gone_is_paused_and_admins_are_told_why(
    near: Desk, program: Listener, clock: FakeClock
) -> None:
    made, _ = await near.add_webhook(DORA, program.url, ["TicketOpened"])
    program.answers = [web.Response(status=410)]
    numbers = [await open_ticket(near, by=f"c{each}") for each in range(2)]
    await _carried(near)
    clock.advance(timedelta(minutes=10))
    await _carried(near)
    (standing,) = await near.webhooks(DORA)
    dead = [each for each in await near.webhook_deliveries(DORA, made.id) if each.error]
    posts = await near.said_at(_alone())

    assert (standing.waiting, standing.dead) == (1, 1)
    assert standing.webhook.paused_why == "it answered 410, gone"
    assert f"Webhook {made.id} is paused" in [each.card.title for each in posts]
    assert len(program.came) == 1
    assert (await near.condition()).oldest_due is None

    later = await open_ticket(near, by="c9")
    await near.resume_webhook(DORA, made.id)
    await near.resend_to_webhook(DORA, made.id, dead[0].id)
    for _ in range(2):
        await _carried(near)
    tickets = [json.loads(body)["data"]["ticket"] for _, body in program.came[1:]]
    assert tickets == [*numbers, later]


def _alone() -> Address:
    return Address("console", "local", "dora")


async def test_who_fails_for_a_day_is_paused(
    near: Desk, program: Listener, clock: FakeClock
) -> None:
    await near.add_webhook(DORA, program.url, ["TicketOpened"])
    program.answers = [web.Response(status=503) for _ in range(3)]
    await open_ticket(near)
    for _ in range(3):
        await _carried(near)
        clock.advance(timedelta(hours=13))

    (standing,) = await near.webhooks(DORA)
    assert standing.webhook.paused_why == "it answered 503"


async def test_what_a_program_says_of_when_to_come_again_is_kept(
    near: Desk, program: Listener, clock: FakeClock
) -> None:
    await near.add_webhook(DORA, program.url, ["TicketOpened"])
    program.answers = [web.Response(status=429, headers={"retry-after": "600"})]
    await open_ticket(near)
    await _carried(near)
    clock.advance(timedelta(seconds=590))
    await _carried(near)
    early = len(program.came)
    clock.advance(timedelta(seconds=20))
    await _carried(near)

    assert (early, len(program.came)) == (1, 2)


async def test_a_webhook_is_paused_resumed_tried_and_removed(near: Desk, program: Listener) -> None:
    made, _ = await near.add_webhook(DORA, program.url, ["TicketOpened"])
    await near.test_webhook(DORA, made.id)
    await _carried(near)
    await near.pause_webhook(DORA, made.id)
    await open_ticket(near)
    await _carried(near)
    assert _told(program) == ["WebhookTested"]
    for refused in (near.pause_webhook, near.test_webhook):
        with pytest.raises(Conflict):
            await refused(DORA, made.id)

    await near.resume_webhook(DORA, made.id)
    await _carried(near)
    assert _told(program) == ["WebhookTested", "TicketOpened"]
    await open_ticket(near, by="bo")
    await near.tell_webhooks()
    await near.remove_webhook(DORA, made.id)
    await _carried(near)
    assert len(program.came) == 2
    with pytest.raises(NotFound):
        await near.resume_webhook(DORA, made.id)


@pytest.mark.parametrize("n", range(ROUNDS // 3))
async def test_two_sweeps_at_once_tell_everything_once(
    open_desk: OpenDesk, near: Desk, program: Listener, n: int
) -> None:
    await near.add_webhook(DORA, program.url, ["TicketOpened"])
    other = open_desk(NEAR)
    for each in range(4):
        await open_ticket(near, by=f"c{each}")
        await asyncio.gather(near.tell_webhooks(), other.tell_webhooks())
    await _carried(near)

    assert len(program.came) == 4


async def test_more_than_a_page_of_history_is_told_whole(
    near: Desk, program: Listener, clock: FakeClock
) -> None:
    await near.add_webhook(DORA, program.url, ["NoteAdded"])
    number = await open_ticket(near)
    for each in range(230):
        await near.note(DORA, number, str(each))
    counts = [await near.tell_webhooks() for _ in range(3)]
    clock.advance(timedelta(minutes=2))
    await near.note(DORA, number, "the last")
    again = [await near.tell_webhooks() for _ in range(2)]

    assert counts == [200, 30, 0]
    assert again == [1, 0]
    (standing,) = await near.webhooks(DORA)
    assert standing.waiting == 231


async def test_webhooks_are_for_admins_and_their_addresses_are_judged(near: Desk) -> None:
    bo = await hire(near, "bo", role=Role.LEAD)
    with pytest.raises(Forbidden):
        await near.add_webhook(bo, "https://shop.example/", [])
    with pytest.raises(Forbidden):
        await near.webhooks(bo)
    with pytest.raises(Invalid, match="open network"):
        await near.add_webhook(DORA, "https://169.254.169.254/", [])
    with pytest.raises(Invalid, match="no event"):
        await near.add_webhook(DORA, "https://shop.example/", ["TicketEaten"])


async def test_a_name_that_leads_inside_is_not_called(
    open_desk: OpenDesk, program: Listener
) -> None:
    allowed = await _ready(open_desk(NEAR))
    await allowed.add_webhook(DORA, program.url, ["TicketOpened"])
    await open_ticket(allowed)
    await allowed.tell_webhooks()
    strict = open_desk()
    strict.courier.add(WEBHOOK, WebhookChannel(strict.webhook_receiver))
    await strict.courier.deliver_due()

    assert program.came == []
    (standing,) = await strict.webhooks(DORA)
    assert "not taken" in standing.webhook.paused_why
    with pytest.raises(Inside, match=r"127\.0\.0\.1|::1"):
        await Outward().resolve("localhost", 443)
    assert await Outward({"localhost"}).resolve("localhost", 443)


async def test_a_secret_is_kept_sealed_and_forgotten_with_its_webhook(
    open_desk: OpenDesk, database: Database, program: Listener
) -> None:
    seal = Seal("k" * 32, purpose="webhook secrets")
    house = House(webhook_hosts=frozenset({"127.0.0.1"}), seal=seal)
    desk = await _ready(open_desk(house))
    made, secret = await desk.add_webhook(DORA, program.url, ["TicketOpened"])
    assert secret not in str(await all_rows(database))
    await open_ticket(desk)
    await _carried(desk)
    assert Verifier(secret).verify(program.came[0][1], dict(program.came[0][0]))
    await desk.remove_webhook(DORA, made.id)
    assert made.secret not in str(await all_rows(database))


async def test_admins_keep_webhooks_by_command(near: Desk, program: Listener) -> None:
    async def said(line: str) -> str:
        card = (await carry_out(near, DORA, read(COMMANDS, line, by=DORA))).card
        return " ".join([card.title, card.text, *(each.value for each in card.fields)])

    assert "whsec_" in await said(f"/webhook add {program.url} events:ticketopened")
    assert "active" in await said("/webhook list")
    assert "TicketOpened" in await said("/webhook show 1")
    await said("/webhook test 1")
    assert "1 waiting" in await said("/webhook list")
    await near.courier.deliver_due()
    assert "WebhookTested · sent" in await said("/webhook deliveries 1")
    assert "paused" in await said("/webhook pause 1")
    assert "goes on" in await said("/webhook resume 1")
    with pytest.raises(Invalid, match="Did you mean TicketOpened"):
        await said(f"/webhook add {program.url} events:TicketOpend")
    with pytest.raises(NotFound):
        await said("/webhook resend 1 99")
    assert "nothing any more" in await said("/webhook remove 1")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
async def test_what_the_page_shows_for_node_verifies_what_is_sent(
    near: Desk, program: Listener, tmp_path: Path
) -> None:
    _, secret = await near.add_webhook(DORA, program.url, ["TicketOpened"])
    await open_ticket(near)
    await _carried(near)
    headers, body = program.came[0]
    code = SHOWN.partition("```js\n")[2].partition("```")[0]
    arguments = json.dumps([secret, headers, body.decode()])
    checks = f"const [s, h, b] = {arguments}; console.log(isOurs(s, h, b), isOurs(s, h, b + ' '));"
    script = tmp_path / "check.cjs"
    script.write_text(code + checks, encoding="utf-8")
    run = await asyncio.create_subprocess_exec("node", str(script), stdout=asyncio.subprocess.PIPE)
    printed, _ = await run.communicate()

    assert printed.decode().split() == ["true", "false"]


async def test_what_the_page_shows_for_python_verifies_what_is_sent(
    near: Desk, program: Listener
) -> None:
    _, secret = await near.add_webhook(DORA, program.url, ["TicketOpened"])
    await open_ticket(near)
    await _carried(near)
    headers, body = program.came[0]
    code = SHOWN.partition("```python\n")[2].partition("```")[0]
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the page's own
    is_ours = names["is_ours"]

    assert callable(is_ours)
    assert is_ours(secret, headers, body) is True
    assert is_ours(secret, headers, body + b" ") is False
    assert is_ours(secret, dict(headers) | {"webhook-timestamp": "1"}, body) is False
