"""The fields of tickets: which there are on this desk, of what type, and for which kind."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import FieldDefined
from core.model import FieldType, Role, TicketField, TicketKind
from core.model.field import FIELD_LENGTH, LABEL_LENGTH
from core.people.actors import acting, staff
from core.storage.text import clean
from core.tickets import field_values, kinds
from core.tickets.field_values import folded
from core.work import Work

AT_MOST = 50
CHOICES_AT_MOST = 25  # as many as a form has room for
CHOICE_LENGTH = 75
NOTHING = ("none", "-")
ALL_KINDS = "all"
_NAME = re.compile(rf"[a-z][a-z0-9_-]{{0,{FIELD_LENGTH - 1}}}")
EXAMPLE = "/field add warranty type:choice choices:yes,no"


class BadField(Invalid):
    """A field cannot be like that."""


class UnknownField(NotFound):
    """The desk has no such field, or not for this ticket."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        hint = f" Did you mean {near[0]}?" if near else ""
        there_is = f"There is {', '.join(known)}." if known else "There are none yet."
        super().__init__(f"There is no field called “{clean(name)[:40]}”.{hint} {there_is}")


class FieldIsThere(Conflict):
    """Two fields cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a field {name} already. /field edit {name} changes it.")


class TooManyFields(Conflict):
    """Nobody fills in so many."""

    def __init__(self) -> None:
        super().__init__(f"There are {AT_MOST} fields already. Remove one first: /field remove")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What can be said of a field; None leaves it as it is. The kind `ALL_KINDS` is any, and a bound
    of `NOTHING` is none; bounds are decimal numbers as they are written."""

    type: FieldType | None = None
    label: str | None = None
    kind: str | None = None
    required: bool | None = None
    asked: bool | None = None
    choices: Sequence[str] | None = None
    smallest: str | None = None
    largest: str | None = None


async def fields(
    work: Work, by: Who, *, after: str = "", at_most: int | None = None
) -> Sequence[TicketField]:
    """The fields that tickets have, by their names, after the one of that name; for staff."""
    await staff(work.session, by)
    page = _current().where(TicketField.name > clean(after)).limit(at_most)
    return (await work.session.scalars(page)).all()


@dataclass(frozen=True)
class Asked:
    """What a form asks customers for: kinds of the desk's own, and fields, oldest first."""

    kinds: Sequence[TicketKind] = ()
    fields: Sequence[TicketField] = ()


async def form(work: Work) -> Asked:
    """What customers are asked for in a form, beside what every desk asks."""
    own = [kind for kind in await kinds.current(work.session) if not kind.is_built_in]
    return Asked(own, await asked(work))


async def asked(work: Work) -> Sequence[TicketField]:
    """The fields that customers are asked for, oldest first: for a form."""
    there = select(TicketField).where(TicketField.removed_at.is_(None), TicketField.asked)
    return (await work.session.scalars(there.order_by(TicketField.id))).all()


async def add(work: Work, by: Who, name: str, wanted: Wanted) -> TicketField:
    """Give tickets a field; for admins. Raises `BadField`, `FieldIsThere`, `TooManyFields`,
    `UnknownKind`."""
    await acting(work, by, at_least=Role.ADMIN)
    name = _as_name(name)
    there = await current(work.session)
    if name in {field.name for field in there}:
        raise FieldIsThere(name)
    if len(there) >= AT_MOST:
        raise TooManyFields
    field = TicketField(name=name, label=name.replace("-", " ").replace("_", " ").capitalize())
    field.type = wanted.type or (FieldType.CHOICE if wanted.choices else FieldType.TEXT)
    field.choices = []
    field.is_required = field.asked = False
    await _describe(work, field, wanted)
    work.session.add(field)
    await work.session.flush()
    work.emit(FieldDefined(name=name, change="added"))
    return field


async def edit(work: Work, by: Who, name: str, wanted: Wanted) -> TicketField:
    """Change a field; for admins. What is in it on tickets stays, also where it could not be put there
    any more. Raises `UnknownField`, `BadField`, `UnknownKind`."""
    await acting(work, by, at_least=Role.ADMIN)
    field = await meant(work.session, name)
    if wanted == Wanted():
        raise BadField(f"Say what is to change: /field edit {field.name} required:yes")
    if wanted.type not in {None, field.type}:
        raise BadField(
            f"{field.name} stays a {field.type.value}, or its values would mean something else. "
            f"/field remove {field.name} keeps them in history, and another can be added."
        )
    await _describe(work, field, wanted)
    work.emit(FieldDefined(name=field.name, change="edited"))
    return field


async def remove(work: Work, by: Who, name: str) -> TicketField:
    """Take a field from all tickets; for admins. What was put into it is kept in their history.

    Raises `UnknownField`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    field = await meant(work.session, name)
    field.removed_at = work.now
    work.emit(FieldDefined(name=field.name, change="removed"))
    return field


async def current(session: AsyncSession, *, kind: str | None = None) -> Sequence[TicketField]:
    """The fields that there are, or those that a ticket of a kind has, by their names."""
    there = _current()
    if kind is not None:
        there = there.where(or_(TicketField.kind.is_(None), TicketField.kind == kind))
    return (await session.scalars(there)).all()


def _current() -> Select[TicketField]:
    there = select(TicketField).where(TicketField.removed_at.is_(None))
    return there.order_by(TicketField.name)


async def meant(session: AsyncSession, name: str, *, to_use: bool = False) -> TicketField:
    """A field by its name, kept so until the transaction ends: locked for a change, or, ``to_use`` it,
    shared with others who do. Raises `UnknownField`."""
    wanted = (
        select(TicketField)
        .where(TicketField.name == clean(name).strip().lower(), TicketField.removed_at.is_(None))
        .with_for_update(read=to_use)
        .execution_options(populate_existing=True)
    )
    found = (await session.scalars(wanted)).one_or_none()
    if found is None:
        raise UnknownField(name, [field.name for field in await current(session)])
    return found


def _as_name(text: str) -> str:
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise BadField(
            f"“{clean(text)[:40]}” cannot be the name of a field: small letters, digits, - and _, "
            f"{FIELD_LENGTH} at most. For example: {EXAMPLE}"
        )
    return name


async def _describe(work: Work, field: TicketField, wanted: Wanted) -> None:
    """Write what is wanted into the row. Raises `BadField`, `UnknownKind`."""
    if wanted.label is not None:
        field.label = _as_label(wanted.label)
    if wanted.kind is not None:
        every = wanted.kind.strip().lower() == ALL_KINDS
        field.kind = None if every else await kinds.meant(work.session, wanted.kind)
    if wanted.required is not None:
        field.is_required = wanted.required
    if wanted.asked is not None:
        field.asked = wanted.asked
    if wanted.choices is not None:
        field.choices = _as_choices(field, wanted.choices)
    if field.type is FieldType.CHOICE and not field.choices:
        raise BadField(f"Say what can be chosen. For example: {EXAMPLE}")
    _bound(field, wanted)


def _as_label(text: str) -> str:
    label = " ".join(clean(text).split())
    if not 0 < len(label) <= LABEL_LENGTH:
        raise BadField(f"A label has 1 to {LABEL_LENGTH} characters.")
    return label


def _as_choices(field: TicketField, said: Sequence[str]) -> list[str]:
    if field.type is not FieldType.CHOICE:
        raise BadField(f"{field.name} is a {field.type.value}; only a choice has choices.")
    choices = [" ".join(clean(each).split()) for each in said]
    if len(choices) > CHOICES_AT_MOST:
        raise BadField(f"{len(choices)} choices are too many; {CHOICES_AT_MOST} are the most.")
    for each in choices:
        if not 0 < len(each) <= CHOICE_LENGTH:
            raise BadField(f"A choice has 1 to {CHOICE_LENGTH} characters, not “{each[:40]}”.")
        if folded(each) in NOTHING:
            raise BadField(f"“{each}” cannot be chosen: it is how a value is taken away.")
    if len({folded(each) for each in choices}) < len(choices):
        raise BadField("The same choice is there twice.")
    return choices


def _bound(field: TicketField, wanted: Wanted) -> None:
    for name, said in (("smallest", wanted.smallest), ("largest", wanted.largest)):
        if said is None:
            continue
        if field.type is not FieldType.NUMBER:
            raise BadField(f"{field.name} is a {field.type.value}; only a number has bounds.")
        bound: Decimal | None = None
        if said.strip().lower() not in NOTHING:
            bound = field_values.number(f"The {name} {field.name}", clean(said).strip())
        setattr(field, name, bound)
    if field.smallest is not None and field.largest is not None and field.smallest > field.largest:
        raise BadField(
            f"{field_values.plain(field.smallest)} is more than "
            f"{field_values.plain(field.largest)}: nothing could be put into {field.name}."
        )
