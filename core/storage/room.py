"""Room: who can take a ticket now, kept by the database itself, so that it is found by an index.

``agents.held`` counts the slots that are taken (current rows of ``assignments``), ``agents.tongues``
the languages that an agent says they speak. Each skill and language of an agent repeats ``held``, and
in ``free_since`` since when they are idle, or nothing while they take no work: removed, not available
or full. Triggers keep all of it in the same transaction, so that nothing that gives or ends a ticket
can forget to, and choosing among a hundred thousand agents reads a few rows of an index.

The numbered slots stay the rule of integrity; this is only where to look.
"""

from typing import Any

from sqlalchemy import MetaData, event
from sqlalchemy.engine import Connection

from core.storage.base import Base

HAS_ROOM = "removed_at is null and availability = 'available' and held < capacity"
"""Of a row of ``agents``: the condition of the partial indexes, and of whoever wants to use them."""

ABILITIES = ("agent_skills", "agent_languages")


def _free_since(row: str) -> str:
    condition = HAS_ROOM
    for name in ("removed_at", "availability", "held", "capacity"):
        condition = condition.replace(name, f"{row}.{name}")
    return f"case when {condition} then {row}.idle_since end"


def _repeat(table: str) -> str:
    """Repeat on an agent's abilities what has become of the agent."""
    return (
        f"update {table} set held = new.held, free_since = {_free_since('new')} "  # noqa: S608 - names of ours
        "where agent_id = new.id;"
    )


def _begin(table: str) -> str:
    """Say on a new ability what there is to say of its agent."""
    return (
        f"update {table} set held = agents.held, free_since = {_free_since('agents')} "  # noqa: S608 - as above
        f"from agents where agents.id = new.agent_id and {table}.agent_id = new.agent_id;"
    )


_WATCHED = ("held", "capacity", "availability", "removed_at", "idle_since")

SQLITE = (
    """create trigger room_taken after insert on assignments when new.ended_at is null begin
  update agents set held = held + 1 where id = new.agent_id;
end""",
    """create trigger room_moved after update of ended_at on assignments
when (old.ended_at is null) != (new.ended_at is null) begin
  update agents set held = held + iif(new.ended_at is null, 1, -1) where id = new.agent_id;
end""",
    """create trigger room_gone after delete on assignments when old.ended_at is null begin
  update agents set held = held - 1 where id = old.agent_id;
end""",
    f"""create trigger room_changed after update of {", ".join(_WATCHED)} on agents
when {" or ".join(f"old.{name} is not new.{name}" for name in _WATCHED)} begin
  {" ".join(_repeat(table) for table in ABILITIES)}
end""",
    *(
        f"""create trigger room_{table} after insert on {table} begin
  {_begin(table)}
end"""
        for table in ABILITIES
    ),
    """create trigger room_tongue after insert on agent_languages begin
  update agents set tongues = tongues + 1 where id = new.agent_id;
end""",
    """create trigger room_no_tongue after delete on agent_languages begin
  update agents set tongues = tongues - 1 where id = old.agent_id;
end""",
)
"""What keeps it on SQLite: a trigger for each way in which it changes."""

POSTGRES = (
    """create function room_of_assignment() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update agents set held = held + 1 where id = new.agent_id;
  elsif tg_op = 'DELETE' then
    update agents set held = held - 1 where id = old.agent_id;
  else
    update agents set held = held + case when new.ended_at is null then 1 else -1 end
    where id = new.agent_id;
  end if;
  return null;
end $$""",
    f"""create function room_of_agent() returns trigger language plpgsql as $$
begin
  {" ".join(_repeat(table) for table in ABILITIES)}
  return null;
end $$""",
    *(
        f"""create function room_of_{table}() returns trigger language plpgsql as $$
begin
  {_begin(table)}
  return null;
end $$"""
        for table in ABILITIES
    ),
    """create function room_of_tongues() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update agents set tongues = tongues + 1 where id = new.agent_id;
  else
    update agents set tongues = tongues - 1 where id = old.agent_id;
  end if;
  return null;
end $$""",
    "create trigger room_taken after insert on assignments for each row "
    "when (new.ended_at is null) execute function room_of_assignment()",
    "create trigger room_moved after update of ended_at on assignments for each row "
    "when ((old.ended_at is null) != (new.ended_at is null)) execute function room_of_assignment()",
    "create trigger room_gone after delete on assignments for each row "
    "when (old.ended_at is null) execute function room_of_assignment()",
    f"create trigger room_changed after update of {', '.join(_WATCHED)} on agents for each row "
    f"when ({' or '.join(f'old.{name} is distinct from new.{name}' for name in _WATCHED)}) "
    "execute function room_of_agent()",
    *(
        f"create trigger room_begins after insert on {table} for each row "
        f"execute function room_of_{table}()"
        for table in ABILITIES
    ),
    "create trigger room_tongues after insert or delete on agent_languages for each row "
    "execute function room_of_tongues()",
)
"""What keeps it on PostgreSQL."""


@event.listens_for(Base.metadata, "after_create")
def _create(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRES:
        connection.exec_driver_sql(statement)
