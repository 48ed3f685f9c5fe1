"""A forgotten customer is gone from everywhere: a canary in all they touched is nowhere any more."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.customer_page import page
from core.channels import IncomingEdit, IncomingFile, IncomingMessage, Who
from core.desk import Desk
from core.errors import DeskError
from core.files import FolderStore
from core.people.actors import RoleTooLow
from core.people.forgetting import StillLive
from core.people.profiles import NoSuchCustomer
from core.storage.base import Base
from core.storage.database import Database
from core.vocabulary import OPERATOR, House, Reason, ReturnWanted, Role
from tests.conftest import OpenDesk
from tests.core.test_returns import ORDER
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, place

CANARY = "kanarienvogel"
ANA = Who("console", "local", f"u-{CANARY}", f"Ana {CANARY}", f"https://pictures/{CANARY}.png")


@pytest.fixture
def desk(open_desk: OpenDesk, tmp_path: Path) -> Desk:
    return open_desk(House(staff_rooms=(STAFF_ROOM,), files=FolderStore(tmp_path / "files")))


def said(text: str, post: str, *files: IncomingFile) -> IncomingMessage:
    return IncomingMessage(
        address=place(ANA.user),
        sender=ANA,
        external_id=post,
        text=f"{text} {CANARY}",
        sent_at=datetime.now(UTC),
        files=files,
    )


async def a_whole_story(desk: Desk, outbox: Outbox) -> Who:
    """A customer who leaves a trace wherever one can be left; all of it is over at the end."""
    outbox.files[f"source {CANARY}"] = CANARY.encode()
    grace = await hire(desk, "grace", role=Role.ADMIN)
    order = ORDER.__class__(
        **{**ORDER.__dict__, "identity": str(ANA), "email": f"{CANARY}@mail.org"}
    )
    await desk.take_in_orders([order])
    received = await desk.receive(
        said("it broke", "p1", IncomingFile(name=f"{CANARY}.txt", source=f"source {CANARY}"))
    )
    number = received.ticket or 0
    await desk.fetcher.fetch_due()
    edit = IncomingEdit(
        address=place(ANA.user),
        external_id="p1",
        by=ANA,
        text=f"it broke badly {CANARY}",
        edited_at=datetime.now(UTC),
    )
    await desk.message_edited(edit)
    await desk.reply(grace, number, f"Dear {CANARY}, look here.")
    await desk.note(grace, number, f"{CANARY} is angry")
    await desk.escalate(grace, number, f"{CANARY} is angry")
    wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.OTHER, note=f"why: {CANARY}")
    made = await desk.request_return(ANA, "A-1001", wanted)
    await desk.refuse_return(grace, made.id, f"No, {CANARY}.")
    await desk.courier.deliver_due()
    await desk.resolve(grace, number, f"Done, {CANARY}.")
    await desk.confirm(ANA, number)
    await desk.receive(replace(said("", "p2"), text="thanks"))
    await desk.courier.deliver_due()
    return grace


async def traces(database: Database) -> list[str]:
    """The tables in which the canary is, as anything."""
    found = []
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = (await session.execute(select(table))).all()
            if CANARY in json.dumps([tuple(row) for row in rows], default=str, ensure_ascii=False):
                found.append(table.name)
    return found


async def test_nothing_of_a_forgotten_customer_is_anywhere(
    desk: Desk, database: Database, outbox: Outbox, tmp_path: Path
) -> None:
    grace = await a_whole_story(desk, outbox)
    before = set(await traces(database))
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    await desk.forget_customer(grace, "c-1")

    assert before >= {"customers", "identities", "messages", "tickets", "deliveries", "history"}
    assert before >= {"orders", "returns", "attachments", "wordings"}
    assert await traces(database) == []
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert (await desk.ticket(grace, 1)).ticket.subject == "forgotten"


async def test_forgetting_twice_is_no_fault_and_they_may_come_back_as_somebody_new(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await a_whole_story(desk, outbox)
    await desk.forget_customer(grace, "c-1")
    await desk.forget_customer(grace, "c-1")

    received = await desk.receive(said("hello again, it broke", "p9"))
    assert received.ticket is not None
    assert (await desk.ticket(grace, received.ticket)).ticket.customer_id != 1


async def test_who_is_being_helped_is_not_forgotten(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.ADMIN)
    await desk.receive(said("it broke", "p1"))

    with pytest.raises(StillLive, match="Ticket #1"):
        await desk.forget_customer(grace, "#1")


async def test_only_admins_forget_and_only_leads_export(desk: Desk) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus", role=Role.LEAD)
    await desk.receive(said("it broke", "p1"))

    with pytest.raises(RoleTooLow):
        await desk.forget_customer(linus, "c-1")
    with pytest.raises(RoleTooLow):
        await desk.customer_data(grace, "c-1")
    with pytest.raises(DeskError):
        await desk.customer(ANA, "c-1")


async def test_a_customer_is_meant_by_number_ticket_or_account(desk: Desk) -> None:
    await desk.receive(said("it broke", "p1"))

    for meant in ("c-1", "C1", "#1", str(ANA)):
        assert (await desk.customer(OPERATOR, meant)).customer.id == 1
    for nobody in ("c-9", "#9", "console:local:nobody", "Ana", "", "c-99999999999999"):
        with pytest.raises(NoSuchCustomer):
            await desk.customer(OPERATOR, nobody)


async def test_an_export_has_all_they_said_and_nothing_said_among_agents(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await a_whole_story(desk, outbox)
    await desk.receive(message("somebody else", by="ben"))

    data = await desk.customer_data(grace, "c-1")

    words = json.dumps(data, ensure_ascii=False)
    assert [each["ticket"] for each in data["tickets"]] == [1]
    for text in ("it broke badly", "look here", "A-1001", f"{CANARY}.txt", "1 × Nordlys lamp"):
        assert text in words
    assert "is angry" not in words
    assert "somebody else" not in words


def test_a_page_of_it_shows_values_and_runs_none() -> None:
    shown = page(
        {"customer": "c-1", "name": "<script>alert(1)</script>", "tickets": [{"a": "<b>"}]}
    )

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>" not in shown
