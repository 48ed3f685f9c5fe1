"""Full text over articles."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SAID_SQLITE = """(select title || char(10) || body || char(10) || category
  || coalesce((select char(10) || group_concat(text, char(10)) from phrasings
    where article_id = articles.id), '')
  || coalesce((select char(10) || group_concat(title || char(10) || body, char(10))
    from translations where article_id = articles.id), '')
  from articles where id = article_words.rowid)"""
RENEW_SQLITE = f"update article_words set said = {SAID_SQLITE}"  # noqa: S608 - it is above


def _follow_sqlite(table: str, columns: str) -> tuple[str, ...]:
    """Triggers for what belongs to an article."""
    renew = f"begin\n  {RENEW_SQLITE} where rowid ="
    return (
        f"create trigger article_words_{table}_added after insert on {table} "
        f"{renew} new.article_id;\nend",
        f"create trigger article_words_{table}_changed after update of {columns} on {table} "
        f"{renew} new.article_id;\nend",
        f"create trigger article_words_{table}_gone after delete on {table} "
        f"{renew} old.article_id;\nend",
    )


SQLITE = (
    "create virtual table article_words using fts5("
    "said, tokenize = 'unicode61 remove_diacritics 2')",
    f"""create trigger article_words_added after insert on articles begin
  insert into article_words (rowid, said) values (new.id, '');
  {RENEW_SQLITE} where rowid = new.id;
end""",  # noqa: S608 - as above
    f"""create trigger article_words_changed after update of title, body, category on articles begin
  {RENEW_SQLITE} where rowid = new.id;
end""",
    """create trigger article_words_gone after delete on articles begin
  delete from article_words where rowid = old.id;
end""",
    *_follow_sqlite("phrasings", "text"),
    *_follow_sqlite("translations", "title, body"),
    "insert into article_words (rowid, said) select id, '' from articles",
    RENEW_SQLITE,
)

POSTGRES = (
    """create table article_words (
  article_id integer primary key references articles (id) on delete cascade,
  words tsvector not null
)""",
    "create index ix_article_words on article_words using gin (words)",
    """create function article_words_all(number integer) returns tsvector language sql stable as $$
  select coalesce((
    select setweight(ticket_words_of(title), 'A') || ticket_words_of(body || E'\\n' || category
      || coalesce((select E'\\n' || string_agg(text, E'\\n') from phrasings
        where article_id = articles.id), '')
      || coalesce((select E'\\n' || string_agg(title || E'\\n' || body, E'\\n') from translations
        where article_id = articles.id), ''))
    from articles where id = number), '')
$$""",
    """create function article_words_follow() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'articles' then
    insert into article_words values (new.id, article_words_all(new.id))
      on conflict (article_id) do update set words = excluded.words;
  elsif tg_op = 'DELETE' then
    update article_words set words = article_words_all(old.article_id)
      where article_id = old.article_id;
  else
    update article_words set words = article_words_all(new.article_id)
      where article_id = new.article_id;
  end if;
  return null;
end $$""",
    "create trigger article_words_articles after insert or update of title, body, category "
    "on articles for each row execute function article_words_follow()",
    "create trigger article_words_phrasings after insert or delete or update of text "
    "on phrasings for each row execute function article_words_follow()",
    "create trigger article_words_translations after insert or delete or update of title, body "
    "on translations for each row execute function article_words_follow()",
    "insert into article_words select id, article_words_all(id) from articles",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.execute("drop table article_words")
