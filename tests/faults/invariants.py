"""What must hold on every desk at every moment: each broken promise is a sentence.

`violations` looks at the stored rows alone, so it can be asked after a crash, a race, or on a
desk in production.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from operator import itemgetter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.database import Database

ALWAYS = {
    "conversation {0} has {1} live tickets": """
        select conversation, count(*) from tickets where status != 'closed'
        group by channel, workspace, conversation, branch having count(*) > 1""",
    "conversation {0} has {1} open enquiries": """
        select conversation, count(*) from enquiries where stage = 'asked'
        group by channel, workspace, conversation having count(*) > 1""",
    "agent {0} holds {1} of {2}": """
        select agents.name, count(*), agents.capacity from assignments
        join agents on agents.id = agent_id where ended_at is null
        group by agents.id, agents.name, agents.capacity having count(*) > agents.capacity""",
    "agent {0} has two tickets in slot {1}": """
        select agent_id, slot from assignments where ended_at is null
        group by agent_id, slot having count(*) > 1""",
    "agent {0} was removed and holds ticket #{1}": """
        select agents.name, ticket_id from assignments join agents on agents.id = agent_id
        where ended_at is null and removed_at is not null""",
    "agent {0} was removed and is assignee of live ticket #{1}": """
        select agents.name, tickets.id from tickets join agents on agents.id = assignee_id
        where removed_at is not null and status in ('new', 'on hold', 'open', 'pending')""",
    "ticket #{0} is {1} and has {2} current assignments": """
        select tickets.id, tickets.status, count(assignments.id) from tickets
        left join assignments on ticket_id = tickets.id and ended_at is null
        group by tickets.id, tickets.status, tickets.snoozed_at
        having count(assignments.id) != case
            when status in ('open', 'pending') and snoozed_at is null then 1 else 0 end""",
    "ticket #{0} is snoozed, and {1}, or nobody's": """
        select id, status from tickets where snoozed_at is not null
        and (assignee_id is null or status not in ('open', 'pending', 'on hold'))""",
    "ticket #{0} is with {1}, its assignment says {2}": """
        select tickets.id, assignee_id, agent_id from tickets
        join assignments on ticket_id = tickets.id and ended_at is null
        where assignee_id is null or assignee_id != agent_id""",
    "ticket #{0} is on hold, and nobody's, or nobody knows for what": """
        select id from tickets where status = 'on hold' and (assignee_id is null or waits_for is null)""",
    "ticket #{0} waits and has an assignee": """
        select id from tickets where status = 'new' and assignee_id is not null""",
    "customer's message {0} is on nothing": """
        select messages.external_id from messages
        where kind = 'message' and ticket_id is null and enquiry_id is null
        and deleted_at is null and text != '🔗 LINK-…' and id not in (
            select cast({message_id} as integer) from history where event = 'SmallTalkMade')""",
    "message {0} of an enquiry that became ticket #{1} is not on it": """
        select messages.external_id, enquiries.ticket_id from messages
        join enquiries on enquiries.id = enquiry_id
        where enquiries.ticket_id is not null
        and messages.id not in (select message_id from splits)
        and (messages.ticket_id is null or messages.ticket_id != enquiries.ticket_id)""",
    "enquiry {0} was handed over to nothing": """
        select id from enquiries where stage = 'handed over' and ticket_id is null""",
    "ticket #{0} has no message": """
        select id from tickets where merged_into_id is null and not exists (
            select 1 from messages where ticket_id = tickets.id)""",
    "ticket #{0} was merged and is {1}": """
        select id, status from tickets where merged_into_id is not null and status != 'closed'""",
    "ticket #{0} was merged and has a message or a return still": """
        select id from tickets where merged_into_id is not null and (
            exists (select 1 from messages where ticket_id = tickets.id)
            or exists (select 1 from returns where ticket_id = tickets.id))""",
    "delivery {0} is sent but has no post": """
        select key from deliveries where progress = 'sent' and act = 'say'
        and external_id is null""",
}

HISTORY = {
    "opening of ticket #{0} is kept {1} times": """
        select tickets.id, count(history.id) from tickets
        left join history on history.ticket_id = tickets.id and event = 'TicketOpened'
        group by tickets.id having count(history.id) != 1""",
    "assignment {0} is kept {1} times": """
        select assignments.id, count(kept.id) from assignments
        left join (
            select cast({assignment_id} as integer) as id from history
            where event = 'TicketAssigned') as kept on kept.id = assignments.id
        group by assignments.id having count(kept.id) != 1""",
    "message {0} of ticket #{1} has no history": """
        select messages.id, messages.ticket_id from messages
        where kind = 'message' and ticket_id is not null and enquiry_id is null and id not in (
            select cast({message_id} as integer) from history
            where event in ('MessageReceived', 'TicketOpened') and {message_id} is not null)""",
    "reply or note {0} on ticket #{1} has no history": """
        select messages.id, messages.ticket_id from messages
        where kind != 'message' and ticket_id is not null and id not in (
            select cast({message_id} as integer) from history
            where event in ('AgentReplied', 'NoteAdded'))""",
    "ticket #{0} is {1} and history does not say how": """
        select id, status from tickets where status in ('resolved', 'closed') and id not in (
            select ticket_id from history
            where event in ('TicketResolved', 'TicketMerged', 'TicketRejoined'))""",
    "ticket #{0} is closed and history does not say so": """
        select id from tickets where status = 'closed' and id not in (
            select ticket_id from history
            where event in ('TicketClosed', 'TicketMerged', 'TicketRejoined'))""",
    "ticket #{0} was split off and history does not say so": """
        select ticket_id from splits where ticket_id is null or ticket_id not in (
            select ticket_id from history where event = 'TicketSplitOff')""",
    "agent {0} was never added in history": """
        select id from agents where id not in (
            select cast({agent_id} as integer) from history where event = 'AgentAdded')""",
    "agent {0} was removed without history": """
        select id from agents where removed_at is not null and id not in (
            select cast({agent_id} as integer) from history where event = 'AgentRemoved')""",
}

OWED = {
    "customer of ticket #{0} was never told its number": """
        select id from tickets where not exists (
            select 1 from deliveries where key = 'opened:' || tickets.id)""",
    "assignee of assignment {0} was never told": """
        select id from assignments where not exists (
            select 1 from deliveries where key = 'assigned:' || assignments.id)""",
    "reply {0} is on its way to nobody": """
        select id from messages where kind = 'reply' and external_id like 'own:%' and not exists (
            select 1 from deliveries where key = 'reply:' || messages.id)""",
    "resolution of ticket #{0} was never told": """
        select id from tickets where status in ('resolved', 'closed')
        and merged_into_id is null and id not in (
            select ticket_id from deliveries
            where key like 'resolved:%' and ticket_id is not null)""",
}

DRAINED = {
    "delivery {0} is {1} ({2})": """
        select key, progress, error from deliveries where progress not in ('sent', 'withdrawn')""",
}


async def violations(
    database: Database, *, acknowledged: Collection[str] = (), drained: bool = False
) -> list[str]:
    """Every broken promise on a desk.

    ``acknowledged`` are the external ids of the customers' messages that a platform was told we
    have; ``drained`` says that the courier found nothing more to do.
    """
    sentences, query = _asked_at_once(database.is_sqlite, drained)
    async with database.reading() as session:
        found = await (await session.connection()).exec_driver_sql(query)
        broken = [sentences[row[0]].format(*row[1:]) for row in sorted(found, key=itemgetter(0))]
        return broken + (await _lost(session, acknowledged) if acknowledged else [])


@cache
def _asked_at_once(is_sqlite: bool, drained: bool) -> tuple[Sequence[str], str]:
    """The sentences, and one query for all that breaks one of them: its place, and what it says."""
    rules = ALWAYS | HISTORY | OWED | (DRAINED if drained else {})
    said = {sentence: len(set(re.findall(r"{\d}", sentence))) for sentence in rules}
    widest = max(said.values())
    asked = ",\n".join(
        f"rule_{place} ({', '.join(_columns(said[sentence]))}) as ({query})"
        for place, (sentence, query) in enumerate(rules.items())
    )
    found = "\nunion all\n".join(
        f"select {place}, {', '.join(_as_text(said[sentence], widest))} from rule_{place}"  # noqa: S608
        for place, sentence in enumerate(rules)
    )
    return list(rules), _in_dialect(f"with {asked}\n{found}", is_sqlite)


def _columns(number: int) -> list[str]:
    return [f"said_{each}" for each in range(number)]


def _as_text(number: int, widest: int) -> list[str]:
    there = [f"cast({column} as text)" for column in _columns(number)]
    return there + ["cast(null as text)"] * (widest - number)


async def _lost(session: AsyncSession, acknowledged: Collection[str]) -> list[str]:
    """Acknowledged messages that are not stored, or more than once."""
    stored = await session.execute(
        text("select external_id, count(*) from messages where kind = 'message' group by 1")
    )
    times = {row[0]: row[1] for row in stored}
    return [
        f"acknowledged message {each} is stored {times.get(each, 0)} times"
        for each in acknowledged
        if times.get(each, 0) != 1
    ]


def _in_dialect(query: str, is_sqlite: bool) -> str:
    """A query with the facts of history, which are JSON, read as the database reads them."""
    reading = "json_extract(facts, '$.{0}')" if is_sqlite else "facts ->> '{0}'"
    for fact in ("message_id", "assignment_id", "agent_id"):
        query = query.replace(f"{{{fact}}}", reading.format(fact))
    return query
