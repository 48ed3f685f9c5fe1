"""Full text: the words of each ticket, kept by the database itself, and how they are looked for.

One row a ticket in ``ticket_words``: what the customer may find (``said``: the subject, messages and
replies) apart from what only staff may (``noted``: notes). What was taken back is in neither.
Triggers keep it, so that nothing that changes a message can forget to. SQLite has an FTS5 table;
PostgreSQL a tsvector, in which ``said`` has weight A, with a GIN index.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    MetaData,
    String,
    column,
    event,
    func,
    literal,
    literal_column,
    table,
)
from sqlalchemy.engine import Connection

from core.storage.base import Base

AT_MOST = 100_000  # characters of a ticket, and of its notes; the latest are kept

# A tsvector holds 1 MB; twice so many characters, each a letter of four bytes, stay below it.

_SAID_SQLITE = f"""substr(
  coalesce((select group_concat(text, char(10)) from (
    select text from messages
    where ticket_id = ticket_words.rowid and kind != 'note' and deleted_at is null order by id
  )) || char(10), '') || (select subject from tickets where id = ticket_words.rowid), -{AT_MOST})"""  # noqa: S608 - a number of ours
_NOTED_SQLITE = f"""substr(
  coalesce((select group_concat(text, char(10)) from (
    select text from messages
    where ticket_id = ticket_words.rowid and kind = 'note' and deleted_at is null order by id
  )), ''), -{AT_MOST})"""  # noqa: S608 - as above
_RENEW_SQLITE = f"update ticket_words set said = {_SAID_SQLITE}, noted = {_NOTED_SQLITE}"  # noqa: S608

SQLITE = (
    "create virtual table ticket_words using fts5("
    "said, noted, tokenize = 'unicode61 remove_diacritics 2')",
    """create trigger ticket_words_opened after insert on tickets begin
  insert into ticket_words (rowid, said, noted) values (new.id, new.subject, '');
end""",
    f"""create trigger ticket_words_named after update of subject on tickets begin
  {_RENEW_SQLITE} where rowid = new.id;
end""",
    """create trigger ticket_words_gone after delete on tickets begin
  delete from ticket_words where rowid = old.id;
end""",
    f"""create trigger ticket_words_said after insert on messages
when new.ticket_id is not null begin
  {_RENEW_SQLITE} where rowid = new.ticket_id;
end""",
    f"""create trigger ticket_words_changed
after update of text, kind, ticket_id, deleted_at on messages
when old.ticket_id is not null or new.ticket_id is not null begin
  {_RENEW_SQLITE} where rowid in (old.ticket_id, new.ticket_id);
end""",
    f"""create trigger ticket_words_unsaid after delete on messages
when old.ticket_id is not null begin
  {_RENEW_SQLITE} where rowid = old.ticket_id;
end""",
)
"""What makes it on SQLite: the table, and a trigger for each way in which words change."""

_PUNCTUATION = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~"

POSTGRES = (
    """create table ticket_words (
  ticket_id integer primary key references tickets (id) on delete cascade,
  words tsvector not null
)""",
    # Every search reads what waits to go into the index: 64 kB of it, not the usual 4 MB.
    "create index ix_ticket_words on ticket_words using gin (words) "
    "with (gin_pending_list_limit = 64)",
    f"""create function ticket_words_of(said text) returns tsvector language sql immutable as $$
  select to_tsvector('simple', right(translate(
    regexp_replace(normalize(said, NFD), '[\\u0300-\\u036f]', '', 'g'),
    '{_PUNCTUATION}', repeat(' ', 32)), {AT_MOST}))
$$""",
    """create function ticket_words_all(number integer) returns tsvector language sql stable as $$
  select setweight(ticket_words_of(
      coalesce(string_agg(text, E'\\n' order by id) filter (where kind != 'note'), '')
      || E'\\n' || (select subject from tickets where id = number)), 'A')
    || ticket_words_of(coalesce(string_agg(text, E'\\n' order by id) filter (where kind = 'note'), ''))
  from messages where ticket_id = number and deleted_at is null
$$""",
    # Waits for whoever changes the same ticket, then reads what they wrote.
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
)
"""What makes it on PostgreSQL: the table, and a trigger for each of the two it follows."""


@event.listens_for(Base.metadata, "after_create")
def _create(_metadata: MetaData, connection: Connection, **_: Any) -> None:
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRES:
        connection.exec_driver_sql(statement)


_TOKEN = re.compile(r"[^\W_]+")
_MARK = re.compile("[\u0300-\u036f]")
_WORDS_AT_MOST = 20  # in a phrase


@dataclass(frozen=True)
class Phrase:
    """Words that stand together; ``prefix`` says that the last may go on, ``negated`` that they are
    not to be there."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False

    def is_in(self, there: str) -> bool:
        """Whether its words are in what was `spoken`, whatever ``negated`` says."""
        return f" {' '.join(self.words)}{'' if self.prefix else ' '}" in there


def spoken(text: str) -> str:
    """A text as phrases are looked for in it without a database: its words with a space around each."""
    bare = _MARK.sub("", unicodedata.normalize("NFD", text)).lower()
    return f" {' '.join(_TOKEN.findall(bare))} "


def phrase(text: str, *, negated: bool = False) -> Phrase | None:
    """What to look for, read as the databases read what was said; None where there is no word.

    ``lamp*`` is whatever begins so, from three letters on.
    """
    bare = _MARK.sub("", unicodedata.normalize("NFD", text)).lower()
    words = tuple(_TOKEN.findall(bare))[:_WORDS_AT_MOST]
    prefix = text.endswith("*") and bool(words) and len(words[-1]) > 2
    return Phrase(words, prefix, negated) if words else None


@dataclass(frozen=True)
class Found:
    """Where phrases are: what to join, the ticket's number in it, the condition, and what the best
    are sorted by."""

    source: FromClause
    number: ColumnElement[int]
    condition: ColumnElement[bool]
    best: ColumnElement[Any]


def where(
    phrases: Sequence[Phrase], *, sqlite: bool, with_notes: bool = True, of: str = "ticket"
) -> Found:
    """The tickets, or what else has a table of words, in which all phrases are, or are not where
    negated; with at least one that is.

    Words are letters and digits by now, so that neither database's marks can be among them; they go
    as a bound value all the same.
    """
    if sqlite:
        source = table(f"{of}_words", column("rowid"), column("rank"))
        match = literal(_fts5(phrases, with_notes=with_notes), String)
        there = literal_column(f"{of}_words").bool_op("match")(match)
        return Found(source, source.c.rowid, there, source.c.rank)
    source = table(f"{of}_words", column(f"{of}_id"), column("words"))
    query = func.to_tsquery("simple", _tsquery(phrases, with_notes=with_notes))
    there = source.c.words.bool_op("@@")(query)
    return Found(source, source.c[f"{of}_id"], there, func.ts_rank(source.c.words, query).desc())


def _fts5(phrases: Sequence[Phrase], *, with_notes: bool) -> str:
    """https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    there = " AND ".join(_fts5_phrase(each) for each in phrases if not each.negated)
    gone = "".join(f" NOT {_fts5_phrase(each)}" for each in phrases if each.negated)
    both = f"({there}){gone}"
    return both if with_notes else f"{{said}} : ({both})"


def _fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.prefix else ""}'


def _tsquery(phrases: Sequence[Phrase], *, with_notes: bool) -> str:
    """https://www.postgresql.org/docs/current/datatype-textsearch.html"""
    return " & ".join(_tsquery_phrase(each, with_notes=with_notes) for each in phrases)


def _tsquery_phrase(phrase: Phrase, *, with_notes: bool) -> str:
    weight = "" if with_notes else "A"
    *before, last = phrase.words
    parts = [f"'{word}'{weight and ':' + weight}" for word in before]
    ending = ("*" if phrase.prefix else "") + weight
    parts.append(f"'{last}'{ending and ':' + ending}")
    return f"{'!' if phrase.negated else ''}({' <-> '.join(parts)})"
