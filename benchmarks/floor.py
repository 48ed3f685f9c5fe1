"""The floor: the rows of an intake and of a claim, written by bare SQL and nothing else."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.storage.database import Database

CUSTOMER = text(
    "insert into customers (name, language, created_at) values (:name, 'en', :now) returning id"
)
IDENTITY = text(
    'insert into identities (channel, workspace, "user", name, customer_id) '
    "values ('console', 'local', :name, :name, :customer)"
)
TICKET = text(
    "insert into tickets (subject, status, priority, customer_id, tier, channel, workspace, "
    "conversation, created_at, updated_at, waiting_since, resolutions, version) values "
    "(:subject, 'new', 2, :customer, 1, 'console', 'local', :name, :now, :now, :now, 0, 1) "
    "returning id"
)
ENQUIRY = text(
    "insert into enquiries (customer_id, channel, workspace, conversation, stage, question, "
    "offered, offers, misses, ticket_id, created_at, updated_at, version) values "
    "(:customer, 'console', 'local', :name, 'handed over', :subject, '[]', 0, 0, :ticket, :now, "
    ":now, 1) returning id"
)
MESSAGE = text(
    "insert into messages (kind, ticket_id, enquiry_id, customer_id, text, channel, workspace, "
    "conversation, external_id, sent_at, received_at) values ('message', :ticket, :enquiry, "
    ":customer, :subject, 'console', 'local', :name, :external, :now, :now)"
)
HISTORY = text(
    "insert into history (at, event, ticket_id, actor, facts) "
    "values (:now, 'TicketOpened', :ticket, 'customer', '{}')"
)
DELIVERIES = text(
    'insert into deliveries ("key", ticket_id, channel, workspace, conversation, card, progress, '
    "created_at, due_at, attempts, uncertain) values "
    "(:first, :ticket, 'console', 'local', :name, '{}', 'waiting', :now, :now, 0, :no), "
    "(:second, :ticket, 'console', 'local', 'staff', '{}', 'waiting', :now, :now, 0, :no)"
)
TAKE = text(
    "update tickets set status = 'open', assignee_id = :agent, version = version + 1 "
    "where id = :ticket and status = 'new' returning id"
)
HOLD = text(
    "insert into assignments (ticket_id, agent_id, slot, how, why, started_at) "
    "values (:ticket, :agent, :slot, 'claim', '{}', :now)"
)


class Floor:
    """Writes what the desk writes, knowing nothing of why."""

    def __init__(self, database: Database) -> None:
        self._database = database
        moment = datetime.now(UTC)
        self._now = moment.replace(tzinfo=None) if database.is_sqlite else moment
        if database.is_sqlite:
            self._now = str(self._now)  # type: ignore[assignment]

    async def intake(self, number: int) -> None:
        """One customer, one message, one ticket, and what is owed for it."""
        async with self._database.engine.begin() as connection:
            await self._write(connection, f"floor-{number}")

    async def _write(self, connection: AsyncConnection, name: str) -> None:
        row: dict[str, object] = {"name": name, "now": self._now, "subject": "my lamp is broken"}
        row["no"] = False
        row["external"] = name
        row["customer"] = (await connection.execute(CUSTOMER, row)).scalar_one()
        await connection.execute(IDENTITY, row)
        row["ticket"] = (await connection.execute(TICKET, row)).scalar_one()
        row["enquiry"] = (await connection.execute(ENQUIRY, row)).scalar_one()
        await connection.execute(MESSAGE, row)
        await connection.execute(HISTORY, row)
        row |= {"first": f"opened:{name}", "second": f"card:{name}"}
        await connection.execute(DELIVERIES, row)

    async def claim(self, ticket: int, agent: int, slot: int) -> None:
        """One conditional UPDATE, and the slot it fills."""
        row = {"ticket": ticket, "agent": agent, "slot": slot, "now": self._now}
        async with self._database.engine.begin() as connection:
            (await connection.execute(TAKE, row)).scalar_one()
            await connection.execute(HOLD, row)
            await connection.execute(HISTORY, row)
