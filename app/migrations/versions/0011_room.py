"""Room: who can take a ticket now, kept by triggers; what routing learns, and its weights."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
HAS_ROOM = "removed_at is null and availability = 'available' and held < capacity"

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
    """create trigger room_changed after update of held, capacity, availability, removed_at, idle_since on agents
when old.held is not new.held or old.capacity is not new.capacity or old.availability is not new.availability or old.removed_at is not new.removed_at or old.idle_since is not new.idle_since begin
  update agent_skills set held = new.held, free_since = case when new.removed_at is null and new.availability = 'available' and new.held < new.capacity then new.idle_since end where agent_id = new.id; update agent_languages set held = new.held, free_since = case when new.removed_at is null and new.availability = 'available' and new.held < new.capacity then new.idle_since end where agent_id = new.id;
end""",
    """create trigger room_agent_skills after insert on agent_skills begin
  update agent_skills set held = agents.held, free_since = case when agents.removed_at is null and agents.availability = 'available' and agents.held < agents.capacity then agents.idle_since end from agents where agents.id = new.agent_id and agent_skills.agent_id = new.agent_id;
end""",
    """create trigger room_agent_languages after insert on agent_languages begin
  update agent_languages set held = agents.held, free_since = case when agents.removed_at is null and agents.availability = 'available' and agents.held < agents.capacity then agents.idle_since end from agents where agents.id = new.agent_id and agent_languages.agent_id = new.agent_id;
end""",
    """create trigger room_tongue after insert on agent_languages begin
  update agents set tongues = tongues + 1 where id = new.agent_id;
end""",
    """create trigger room_no_tongue after delete on agent_languages begin
  update agents set tongues = tongues - 1 where id = old.agent_id;
end""",
)

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
    """create function room_of_agent() returns trigger language plpgsql as $$
begin
  update agent_skills set held = new.held, free_since = case when new.removed_at is null and new.availability = 'available' and new.held < new.capacity then new.idle_since end where agent_id = new.id; update agent_languages set held = new.held, free_since = case when new.removed_at is null and new.availability = 'available' and new.held < new.capacity then new.idle_since end where agent_id = new.id;
  return null;
end $$""",
    """create function room_of_agent_skills() returns trigger language plpgsql as $$
begin
  update agent_skills set held = agents.held, free_since = case when agents.removed_at is null and agents.availability = 'available' and agents.held < agents.capacity then agents.idle_since end from agents where agents.id = new.agent_id and agent_skills.agent_id = new.agent_id;
  return null;
end $$""",
    """create function room_of_agent_languages() returns trigger language plpgsql as $$
begin
  update agent_languages set held = agents.held, free_since = case when agents.removed_at is null and agents.availability = 'available' and agents.held < agents.capacity then agents.idle_since end from agents where agents.id = new.agent_id and agent_languages.agent_id = new.agent_id;
  return null;
end $$""",
    """create function room_of_tongues() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update agents set tongues = tongues + 1 where id = new.agent_id;
  else
    update agents set tongues = tongues - 1 where id = old.agent_id;
  end if;
  return null;
end $$""",
    """create trigger room_taken after insert on assignments for each row when (new.ended_at is null) execute function room_of_assignment()""",
    """create trigger room_moved after update of ended_at on assignments for each row when ((old.ended_at is null) != (new.ended_at is null)) execute function room_of_assignment()""",
    """create trigger room_gone after delete on assignments for each row when (old.ended_at is null) execute function room_of_assignment()""",
    """create trigger room_changed after update of held, capacity, availability, removed_at, idle_since on agents for each row when (old.held is distinct from new.held or old.capacity is distinct from new.capacity or old.availability is distinct from new.availability or old.removed_at is distinct from new.removed_at or old.idle_since is distinct from new.idle_since) execute function room_of_agent()""",
    """create trigger room_begins after insert on agent_skills for each row execute function room_of_agent_skills()""",
    """create trigger room_begins after insert on agent_languages for each row execute function room_of_agent_languages()""",
    """create trigger room_tongues after insert or delete on agent_languages for each row execute function room_of_tongues()""",
)

COUNT = (
    "update agents set tongues = "
    "(select count(*) from agent_languages where agent_id = agents.id), held = "
    "(select count(*) from assignments where agent_id = agents.id and ended_at is null)",
    *(
        f"update {table} set held = agents.held, free_since = case when agents.removed_at is null "  # noqa: S608 - names of ours
        "and agents.availability = 'available' and agents.held < agents.capacity "
        "then agents.idle_since end "
        f"from agents where agents.id = {table}.agent_id"
        for table in ("agent_skills", "agent_languages")
    ),
)


def upgrade() -> None:
    _agents()
    _tickets()
    op.create_table(
        "agent_records",
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=60), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_agent_records_agent_id_agents"
        ),
        sa.PrimaryKeyConstraint("agent_id", "category", name="pk_agent_records"),
    )
    op.create_table(
        "routing_policies",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("knobs", JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_routing_policies"),
    )
    sqlite = op.get_context().dialect.name == "sqlite"
    for statement in (*(SQLITE if sqlite else POSTGRES), *COUNT):
        op.get_bind().exec_driver_sql(statement)


def _agents() -> None:
    for column in ("held", "tongues"):
        op.add_column("agents", _count(column))
    _index("ix_agents_room", "agents", ["tier", "held", "idle_since"], HAS_ROOM)
    _index("ix_agents_room_team", "agents", ["team_id", "held", "idle_since"], HAS_ROOM)
    unstated = f"{HAS_ROOM} and tongues = 0"
    _index("ix_agents_room_unstated", "agents", ["held", "idle_since"], unstated)
    for table, ability in (("agent_skills", "name"), ("agent_languages", "code")):
        op.add_column(table, _count("held"))
        op.add_column(table, sa.Column("free_since", MOMENT, nullable=True))
        columns = [ability, "level", "held", "free_since"]
        _index(f"ix_{table}_room", table, columns, "free_since is not null")


def _tickets() -> None:
    op.add_column("tickets", sa.Column("stuck_at", MOMENT, nullable=True))
    op.add_column("tickets", sa.Column("stuck_for", sa.String(length=40), nullable=True))
    line: list[str | sa.TextClause] = [
        "skill",
        "team_id",
        sa.text("priority DESC"),
        "waiting_since",
    ]
    _index("ix_tickets_waiting_for", "tickets", line, "status = 'new'")
    due = "status = 'new' and due_at is not null"
    _index("ix_tickets_waiting_due", "tickets", ["due_at"], due)
    _index("ix_tickets_stuck", "tickets", ["stuck_at"], "stuck_at is not null")


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _index(name: str, table: str, columns: Sequence[str | sa.TextClause], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        table,
        list(columns),
        unique=False,
        sqlite_where=condition,
        postgresql_where=condition,
    )
