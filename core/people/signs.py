"""Signs of life of agents: a command, a button, a reply, a note.

They are kept apart from the agents, so that no assignment has to wait for one.
"""

from datetime import timedelta

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite

from core.model import Agent, Presence
from core.storage.serial import one_writer
from core.work import Work

OFTEN = timedelta(seconds=30)  # a sign is not kept more often than that


async def keep(work: Work, agent: Agent) -> None:
    """Keep a sign of life: one statement, and none on a desk that does not look at them."""
    if not work.house.policy.presence:
        return
    insert = sqlite.insert if one_writer(work.session) else postgresql.insert
    seen = insert(Presence).values(agent_id=agent.id, seen_at=work.now, warned_at=None)
    await work.session.execute(
        seen.on_conflict_do_update(
            index_elements=["agent_id"],
            set_={"seen_at": work.now, "warned_at": None},
            where=or_(Presence.seen_at < work.now - OFTEN, Presence.warned_at.is_not(None)),
        )
    )
