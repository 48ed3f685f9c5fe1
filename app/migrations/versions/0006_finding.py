"""Finding: categories, tags, full text, saved views, and operations on many tickets at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

SAID_SQLITE = """substr(
  coalesce((select group_concat(text, char(10)) from (
    select text from messages
    where ticket_id = ticket_words.rowid and kind != 'note' and deleted_at is null order by id
  )) || char(10), '') || (select subject from tickets where id = ticket_words.rowid), -100000)"""
NOTED_SQLITE = """substr(
  coalesce((select group_concat(text, char(10)) from (
    select text from messages
    where ticket_id = ticket_words.rowid and kind = 'note' and deleted_at is null order by id
  )), ''), -100000)"""
RENEW_SQLITE = f"update ticket_words set said = {SAID_SQLITE}, noted = {NOTED_SQLITE}"  # noqa: S608 - both are above

SQLITE = (
    "create virtual table ticket_words using fts5("
    "said, noted, tokenize = 'unicode61 remove_diacritics 2')",
    """create trigger ticket_words_opened after insert on tickets begin
  insert into ticket_words (rowid, said, noted) values (new.id, new.subject, '');
end""",
    f"""create trigger ticket_words_named after update of subject on tickets begin
  {RENEW_SQLITE} where rowid = new.id;
end""",
    """create trigger ticket_words_gone after delete on tickets begin
  delete from ticket_words where rowid = old.id;
end""",
    f"""create trigger ticket_words_said after insert on messages
when new.ticket_id is not null begin
  {RENEW_SQLITE} where rowid = new.ticket_id;
end""",
    f"""create trigger ticket_words_changed
after update of text, kind, ticket_id, deleted_at on messages
when old.ticket_id is not null or new.ticket_id is not null begin
  {RENEW_SQLITE} where rowid in (old.ticket_id, new.ticket_id);
end""",
    f"""create trigger ticket_words_unsaid after delete on messages
when old.ticket_id is not null begin
  {RENEW_SQLITE} where rowid = old.ticket_id;
end""",
    "insert into ticket_words (rowid, said, noted) select id, subject, '' from tickets",
    RENEW_SQLITE,
)

PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"

POSTGRES = (
    """create table ticket_words (
  ticket_id integer primary key references tickets (id) on delete cascade,
  words tsvector not null
)""",
    "create index ix_ticket_words on ticket_words using gin (words) "
    "with (gin_pending_list_limit = 64)",
    f"""create function ticket_words_of(said text) returns tsvector language sql immutable as $$
  select to_tsvector('simple', right(translate(
    regexp_replace(normalize(said, NFD), '[\\u0300-\\u036f]', '', 'g'),
    '{PUNCTUATION}', repeat(' ', 32)), 100000))
$$""",
    """create function ticket_words_all(number integer) returns tsvector language sql stable as $$
  select setweight(ticket_words_of(
      coalesce(string_agg(text, E'\\n' order by id) filter (where kind != 'note'), '')
      || E'\\n' || (select subject from tickets where id = number)), 'A')
    || ticket_words_of(coalesce(string_agg(text, E'\\n' order by id) filter (where kind = 'note'), ''))
  from messages where ticket_id = number and deleted_at is null
$$""",
    """create function ticket_words_renew(number integer) returns void language plpgsql as $$
begin
  perform 1 from ticket_words where ticket_id = number for update;
  update ticket_words set words = ticket_words_all(number) where ticket_id = number;
end $$""",
    """create function ticket_words_follow() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'tickets' then
    if tg_op = 'INSERT' then
      insert into ticket_words values (new.id, setweight(ticket_words_of(new.subject), 'A'));
    else
      perform ticket_words_renew(new.id);
    end if;
    return null;
  end if;
  if tg_op != 'INSERT' and old.ticket_id is not null then
    perform ticket_words_renew(old.ticket_id);
  end if;
  if tg_op != 'DELETE' and new.ticket_id is not null
      and (tg_op = 'INSERT' or new.ticket_id is distinct from old.ticket_id) then
    perform ticket_words_renew(new.ticket_id);
  end if;
  return null;
end $$""",
    "create trigger ticket_words_tickets after insert or update of subject on tickets "
    "for each row execute function ticket_words_follow()",
    "create trigger ticket_words_messages "
    "after insert or delete or update of text, kind, ticket_id, deleted_at on messages "
    "for each row execute function ticket_words_follow()",
    "insert into ticket_words select id, ticket_words_all(id) from tickets",
)


def upgrade() -> None:
    op.add_column(
        "tickets", sa.Column("category", sa.String(length=60), nullable=False, server_default="")
    )
    op.create_index("ix_tickets_category", "tickets", ["category", "id"], unique=False)
    op.create_index("ix_tickets_updated", "tickets", ["updated_at", "id"], unique=False)
    op.create_index("ix_tickets_created", "tickets", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_tickets_list", "tickets", ["status", sa.text("priority DESC"), "id"], unique=False
    )
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name="fk_ticket_tags_ticket_id_tickets",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name="pk_ticket_tags"),
    )
    op.create_index("ix_ticket_tags_tag", "ticket_tags", ["tag", "ticket_id"], unique=False)
    _views_and_bulks()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRES:
        op.get_bind().exec_driver_sql(statement)


def _views_and_bulks() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_saved_views_agent_id_agents"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("agent_id", "name", name="uq_saved_views_agent_id_name"),
    )
    op.create_index(
        "uq_saved_views_shared",
        "saved_views",
        ["name"],
        unique=True,
        sqlite_where=sa.text("agent_id is null"),
        postgresql_where=sa.text("agent_id is null"),
    )
    op.create_table(
        "bulks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=160), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulks"),
    )
    op.create_table(
        "bulk_changes",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_id"], ["bulks.id"], name="fk_bulk_changes_bulk_id_bulks", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_bulk_changes_ticket_id_tickets"
        ),
        sa.PrimaryKeyConstraint("bulk_id", "ticket_id", name="pk_bulk_changes"),
    )
