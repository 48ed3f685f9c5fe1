"""Full text: the words of each article in all its languages, kept by the database itself.

One row an article in ``article_words``, whatever its publication: titles, body, category, phrasings
and translations. Triggers keep it, as they do the words of tickets (`core.storage.fulltext`).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import MetaData, Select, event, select
from sqlalchemy.engine import Connection

from core.channels import Who
from core.people.actors import staff
from core.storage import fulltext
from core.storage.base import Base
from core.storage.fulltext import Phrase
from core.work import Work
from knowledge_base.article import WHOLE, Article, Audience, Publication

LONGEST = 200  # characters of a search
MOST_WORDS = 12
MOST_FOUND = 20
FEWEST = 3  # letters of what may go on

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
)
"""What makes it on SQLite."""

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
)
"""What makes it on PostgreSQL; how a text is read is as it is for tickets."""


@event.listens_for(Base.metadata, "after_create")
def _create(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRES:
        connection.exec_driver_sql(statement)


async def containing(work: Work, by: Who, text: str) -> Sequence[Article]:
    """The articles that have all of these words, or words that begin so, in any language: drafts and
    archived ones, too, the best first; for staff."""
    await staff(work.session, by)
    return await _found(work, text, select(Article).options(*WHOLE))


async def public_with(work: Work, text: str) -> Sequence[str]:
    """The names of the articles that everybody may read, and that have these words."""
    open_to_all = (
        Article.publication == Publication.PUBLISHED,
        Article.audience == Audience.PUBLIC,
    )
    found = await _found(work, text, select(Article).where(*open_to_all))
    return [each.slug for each in found]


async def _found(work: Work, text: str, wanted: Select[Article]) -> Sequence[Article]:
    phrases = _phrases(text)
    if not phrases:
        return []
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    there = fulltext.where(phrases, sqlite=sqlite, of="article")
    joined = wanted.join(there.source, there.number == Article.id).where(there.condition)
    best = joined.order_by(there.best, Article.id).limit(MOST_FOUND)
    return (await work.session.scalars(best)).all()


def _phrases(text: str) -> Sequence[Phrase]:
    words = fulltext.spoken(text[:LONGEST]).split()[:MOST_WORDS]
    return [Phrase((word,), prefix=len(word) >= FEWEST) for word in dict.fromkeys(words)]
