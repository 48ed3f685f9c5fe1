"""Commands, buttons, forms and menus: answered in time, once, and with the rights of who asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bots.discord.connect import Discord, connect
from bots.discord.setup import DiscordSettings
from core.channels import Who
from core.desk import Desk
from core.model import Ticket
from core.storage.database import Database
from core.vocabulary import OPERATOR, FieldType, FieldWanted, Role
from tests.bots.discord.conftest import (
    ALICE,
    BOB,
    BRISK,
    GRACE,
    ON_BOTH,
    ROOT,
    delivered,
    desk_behind,
    heard,
    hire,
    kept_messages,
    listening,
)
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import FIRST_ANSWER, Fault, StandIn
from tests.bots.discord.test_events import count, threads
from tests.bots.discord.world import GENERAL, STAFF

DEFERRED, MODAL = 5, 9
BURST = 200


@contextlib.asynccontextmanager
async def stalled(database: Database, seconds: float) -> AsyncIterator[None]:
    """A writer holds the database for so long."""
    held = asyncio.Event()

    async def hold() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            held.set()
            await asyncio.sleep(seconds)

    holding = asyncio.create_task(hold())
    await held.wait()
    yield
    await holding


async def a_ticket(people: People, desk: Desk) -> None:
    await heard(desk, await people.dm(ALICE, "my lamp flickers"))
    await delivered(desk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_first_answer_comes_in_time_though_the_database_stalls(
    people: People, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await a_ticket(people, desk)
    async with stalled(database, 5):
        token = await people.slash(GRACE, "ticket note", ticket=1, text="waiting")
        await stand_in.until(lambda: token in stand_in.firsts)
        assert not stand_in.answers[token]
    assert "Noted on #1" in await people.answer(token)
    assert stand_in.firsts[token]["type"] == DEFERRED
    assert stand_in.took[token] < FIRST_ANSWER


async def test_a_burst_is_answered_in_time_while_the_database_stalls(
    people: People, database: Database, stand_in: StandIn
) -> None:
    async with stalled(database, 2):
        tokens = [await people.slash(ALICE, "ticket list") for _ in range(BURST)]
        await stand_in.until(lambda: len(stand_in.firsts) == BURST, within=30)
    for token in tokens:
        assert "no open tickets" in await people.answer(token, within=60)

    took = sorted(stand_in.took.values())
    assert took[round(len(took) * 0.99) - 1] < FIRST_ANSWER


async def test_what_discord_gave_up_on_is_not_carried_out(
    people: People, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    stand_in.will(r"POST /interactions/.*", Fault(status=404, code=10062))
    await people.slash(BOB, "support", text="my lamp flickers")
    again = await people.slash(BOB, "support", text="my lamp flickers")
    await people.answer(again)

    assert await count(database, Ticket) == [1]


async def test_after_a_quarter_of_an_hour_the_answer_is_a_direct_message(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await people.slash(ALICE, "ticket list", token="expired")
    await stand_in.until(lambda: stand_in.texts(stand_in.dm(ALICE)))

    assert stand_in.texts(stand_in.dm(ALICE)) == ["You have no open tickets."]
    assert stand_in.is_heard


@ON_BOTH
async def test_buttons_of_before_a_restart_work_after_it(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> None:
    people = People(stand_in)
    first = await connect(settings, state, pace=BRISK)
    desk = desk_behind(first, database)
    async with listening(first, stand_in):
        await a_ticket(people, desk)
    await first.close()
    stand_in.sessions.clear()

    second = await connect(settings, state, pace=BRISK)
    desk = desk_behind(second, database)
    async with listening(second, stand_in):
        await hire(desk, GRACE)
        form = await people.press(GRACE, STAFF, "Note")
        done = await people.submit(GRACE, form, text="the lamp is new")
        assert "Noted on #1" in await people.answer(done)
    await second.close()


async def test_rights_are_looked_at_when_a_button_is_pressed(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await a_ticket(people, desk)
    token = await people.press(BOB, STAFF, "Claim")

    assert "That is for the support team" in await people.answer(token)
    assert stand_in.firsts[token]["data"]["flags"] == 64


async def test_a_form_asks_for_what_was_not_typed(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await a_ticket(people, desk)
    form = await people.slash(GRACE, "ticket reply", ticket=1)
    await stand_in.until(lambda: form in stand_in.firsts)
    shown = stand_in.firsts[form]
    assert shown["type"] == MODAL
    assert shown["data"]["title"] == "Reply #1"

    done = await people.submit(GRACE, form, text="Try *another* socket, <@102>")
    assert "Sent to Alice" in await people.answer(done)
    await delivered(desk)
    assert "Try *another* socket, @102" in stand_in.texts(stand_in.dm(ALICE))[-1]


async def test_what_was_written_into_a_form_is_given_back_where_it_is_refused(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await a_ticket(people, desk)
    form = await people.slash(BOB, "ticket reply", ticket=1)
    done = await people.submit(BOB, form, text="a long and careful answer")

    answer = await people.answer(done)
    assert "That is for the support team" in answer
    assert "a long and careful answer" in answer


async def test_people_and_choices_are_options_of_their_kind(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, ROOT, role=Role.ADMIN)
    token = await people.slash(
        ROOT, "agent add", agent=GRACE, skills="billing,returns:3", capacity=2, role="lead"
    )
    assert "Grace is on the desk: lead, capacity 2" in await people.answer(token)

    await a_ticket(people, desk)
    token = await people.slash(GRACE, "ticket priority", ticket=1, priority="urgent")
    assert "urgent" in await people.answer(token)
    token = await people.slash(ROOT, "ticket transfer", ticket=1, to="discord:global:103")
    assert "Grace" in await people.answer(token)


async def test_options_are_suggested_while_they_are_typed(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    token = await people.slash(GRACE, "ticket list")
    await people.answer(token)
    await a_ticket(people, desk)

    tickets = await people.type_option(GRACE, "ticket show", "ticket", "lamp")
    assert tickets == [{"name": "#1 my lamp flickers · open", "value": 1}]
    agents = await people.type_option(GRACE, "ticket transfer", "to", "gra")
    assert agents == [{"name": "Grace · available", "value": "discord:global:103"}]
    assert await people.type_option(BOB, "ticket transfer", "to", "gra") == []


async def test_suggestions_come_in_time_or_not_at_all(
    people: People, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    async with stalled(database, 4):
        found = await people.type_option(ALICE, "ticket show", "ticket", "")
    assert found == []


async def test_support_in_a_server_is_answered_in_a_private_thread(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    form = await people.slash(ALICE, "support")
    done = await people.submit(ALICE, form, text="my lamp flickers")
    assert "private thread" in await people.answer(done)
    await delivered(desk)

    (thread,) = threads(stand_in)
    assert "my lamp flickers" in stand_in.texts(thread)[0]
    assert "ticket #1" in stand_in.texts(thread)[1]
    token = await people.slash(ALICE, "tickets")
    assert "#1 my lamp flickers" in await people.answer(token)


async def test_the_form_asks_what_the_desk_asks_of_its_own(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await desk.add_field(OPERATOR, "colour", FieldWanted(type=FieldType.TEXT, asked=True))
    sizes = FieldWanted(
        type=FieldType.CHOICE, label="Size", choices=["small", "large"], asked=True, required=True
    )
    await desk.add_field(OPERATOR, "size", sizes)
    await desk.add_kind(OPERATOR, "warranty", "A warranty claim")

    form = await people.slash(ALICE, "support")
    answers: dict[str, Any] = {"text": "my lamp flickers", "kind": "warranty"}
    answers |= {"field.size": "large", "field.colour": "red"}
    done = await people.submit(ALICE, form, **answers)
    await people.answer(done)

    asked = [each["component"] for each in stand_in.firsts[form]["data"]["components"]]
    names = [(each["custom_id"], each["required"]) for each in asked]
    assert names == [
        ("text", True), ("kind", False), ("field.size", True), ("field.colour", False)
    ]  # fmt: skip
    ticket = await desk.ticket(OPERATOR, 1)
    assert ticket.ticket.kind == "warranty"
    assert {each.name: each.text for each in ticket.fields} == {"size": "large", "colour": "red"}


async def test_support_in_direct_messages_stays_there(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await people.slash(ALICE, "support", channel=None, text="my lamp flickers")
    await stand_in.until(lambda: stand_in.answers)
    await delivered(desk)

    assert not threads(stand_in)
    assert "ticket #1" in stand_in.texts(stand_in.dm(ALICE))[-1]


async def test_the_panel_outlives_restarts_and_opens_the_form(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    refused = await people.slash(ALICE, "panel")
    assert "Only admins" in await people.answer(refused)
    await hire(desk, ROOT, role=Role.ADMIN)
    token = await people.slash(ROOT, "panel")
    assert "The panel is there." in await people.answer(token)

    form = await people.press(ALICE, GENERAL, "Get help")
    done = await people.submit(ALICE, form, text="my lamp flickers")
    assert "ticket #1" in await people.answer(done)
    assert len(threads(stand_in)) == 1


async def test_a_message_becomes_its_authors_ticket(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    said = await people.say(ALICE, GENERAL, "does anybody know why my lamp flickers?")
    refused = await people.menu(BOB, "Create ticket from message", said)
    assert "Only the support team" in await people.answer(refused)

    for _ in range(2):
        token = await people.menu(GRACE, "Create ticket from message", said)
        assert "It is ticket #1" in await people.answer(token)
    (thread,) = threads(stand_in)
    assert stand_in.channels[thread]["members"] == [ALICE]
    assert [each.ticket_id for each in await kept_messages(desk)] == [1]


async def test_what_a_colleague_wrote_beneath_a_card_is_sent_on(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await a_ticket(people, desk)
    await heard(desk, await people.dm(ALICE, "since yesterday"))
    await delivered(desk)
    beneath = int(stand_in.messages[STAFF][0]["id"])
    said = await people.say(GRACE, beneath, "Try **another** socket")
    await heard(desk, said)
    token = await people.menu(GRACE, "Send to customer", said)
    assert "Sent to Alice" in await people.answer(token)
    again = await people.menu(GRACE, "Send to customer", said)
    assert "already" in await people.answer(again)
    await delivered(desk)

    assert "Try **another** socket" in stand_in.texts(stand_in.dm(ALICE))[-1]


async def test_whoever_the_settings_name_is_admin(
    discord: Discord, database: Database, stand_in: StandIn
) -> None:
    desk_behind(discord, database, admins=(Who("discord", "", str(ROOT)),))
    async with listening(discord, stand_in):
        people = People(stand_in)
        token = await people.slash(ROOT, "panel")
        assert "The panel is there." in await people.answer(token)


async def test_what_cannot_be_read_is_refused_in_words(people: People, stand_in: StandIn) -> None:
    stand_in.message(900, GENERAL, "old", components=[_row("ticket dance#0:1")])
    token = await people.press(ALICE, GENERAL, "Dance")

    assert "There is no command /ticket dance" in await people.answer(token)


def _row(custom_id: str) -> dict[str, object]:
    button = {"type": 2, "style": 1, "label": "Dance", "custom_id": custom_id}
    return {"type": 1, "components": [button]}
