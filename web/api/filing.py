"""How tickets are opened and filed by programs: for a customer, with a kind, fields and macros."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from pydantic import Field

from core.errors import Invalid
from core.vocabulary import Macro as StoredMacro
from core.vocabulary import Matter
from core.vocabulary import TicketField as StoredField
from web.api import paging, shapes
from web.api.caller import Reader, Writer
from web.api.identities import identity
from web.api.once import Once
from web.api.shapes import Shape
from web.api.versions import Changing, Number, answer

router = APIRouter(tags=["filing"], route_class=Once)

FieldName = Annotated[str, InPath(min_length=1, max_length=30, examples=["serial"])]
MacroName = Annotated[str, InPath(min_length=1, max_length=60, examples=["thanks"])]


class Opening(Shape):
    """A ticket to be opened: for a ``customer`` by number, answered where they wrote last, or for an
    ``identity``, who may be new, answered in ``conversation`` there."""

    text: str = Field(min_length=1, max_length=40_000, examples=["They called: the lamp hums."])
    customer: int | None = Field(None, ge=1, lt=10**9, examples=[17])
    identity: str | None = Field(None, max_length=260, examples=["custom:shop:user-7"])
    name: str = Field("", max_length=120, description="of somebody new", examples=["Ana Duarte"])
    conversation: str = Field("", max_length=160, examples=["chat-901"])
    subject: str = Field("", max_length=120)
    kind: str = Field("", max_length=20, examples=["problem"])


class Kind(Shape):
    """A sort of matter."""

    name: str = Field(examples=["problem"])
    about: str = Field(examples=["Something does not work."])


class KindWanted(Shape):
    """The kind that a ticket is to be."""

    kind: str = Field(min_length=1, max_length=20, examples=["problem"])


class TicketField(Shape):
    """Something that is to be known of tickets, of all or of one kind."""

    name: str = Field(examples=["serial"])
    label: str = Field(examples=["Serial number"])
    type: str = Field(examples=["text"])
    kind: str | None = Field(examples=["problem"])
    is_required: bool
    asked: bool = Field(description="whether forms ask customers for it")
    choices: Sequence[str]

    @classmethod
    def of(cls, field: StoredField) -> "TicketField":
        """A stored field."""
        return cls(
            name=field.name,
            label=field.label,
            type=field.type.value,
            kind=field.kind,
            is_required=field.is_required,
            asked=field.asked,
            choices=field.choices,
        )


class TicketFields(Shape):
    """A page of fields, by name; ``next`` is the name to go on after."""

    fields: Sequence[TicketField]
    next: str | None


class Filled(Shape):
    """A field of a ticket with what is in it."""

    name: str = Field(examples=["serial"])
    label: str = Field(examples=["Serial number"])
    value: str = Field(examples=["NL-2041"])


class Value(Shape):
    """What is to be in a field; ``none`` empties it."""

    value: str = Field(min_length=1, max_length=300, examples=["NL-2041"])


class Macro(Shape):
    """A saved reply with actions."""

    name: str = Field(examples=["thanks"])
    text: str = Field(examples=["Thank you, {customer.first_name}!"])
    does: dict[str, Any] = Field(examples=[{"status": "resolved"}])
    shared: bool = Field(description="whether everybody has it")

    @classmethod
    def of(cls, macro: StoredMacro) -> "Macro":
        """A stored macro."""
        return cls(name=macro.name, text=macro.text, does=macro.does, shared=macro.agent_id is None)


class Macros(Shape):
    """A page of macros, by name; ``next`` is the name to go on after."""

    macros: Sequence[Macro]
    next: str | None


class Use(Shape):
    """What is said instead of the macro's own words, if anything."""

    text: str = Field("", max_length=40_000)


class Used(Shape):
    """What a macro did, in words, and the ticket then."""

    did: str = Field(examples=["replied, status resolved"])
    ticket: shapes.Ticket


@router.post("/tickets", status_code=201)
async def open_ticket(caller: Writer, opening: Opening, response: Response) -> shapes.Ticket:
    """Open a ticket for a customer; the knowledge base is not asked."""
    if (opening.customer is None) is (opening.identity is None):
        raise Invalid("Say for whom: either customer or identity.")
    matter = Matter(
        text=opening.text,
        customer=f"c-{opening.customer}",
        identity=identity(opening.identity, opening.name) if opening.identity else None,
        conversation=opening.conversation,
        subject=opening.subject,
        kind=opening.kind,
    )
    opened = await caller.desk.open_ticket(caller.who, matter)
    said = await caller.desk.messages(caller.who, opened.id, at_most=0)
    return answer(said.ticket, response)


@router.get("/kinds")
async def list_kinds(caller: Reader) -> Sequence[Kind]:
    """The kinds that tickets have here."""
    found = await caller.desk.ticket_kinds(caller.who)
    return [Kind(name=each.name, about=each.about) for each in found]


@router.put("/tickets/{number}/kind")
async def set_kind(on: Changing, wanted: KindWanted) -> shapes.Ticket:
    """What sort of matter it is."""
    return on.answer(await on.desk.set_kind(on.who, on.number, wanted.kind))


@router.get("/fields")
async def list_fields(
    caller: Reader, after: paging.Name = "", limit: paging.Limit = paging.MOST
) -> TicketFields:
    """A page of the fields that tickets have here."""
    found = await caller.desk.ticket_fields(caller.who, after=after, at_most=limit + 1)
    shown, last = paging.page(found, limit)
    return TicketFields(fields=list(map(TicketField.of, shown)), next=last.name if last else None)


@router.get("/tickets/{number}/fields")
async def show_fields(caller: Reader, number: Number) -> Sequence[Filled]:
    """What is in the fields of a ticket."""
    whole = await caller.desk.ticket(caller.who, number)
    return [Filled(name=each.name, label=each.label, value=each.text) for each in whole.fields]


@router.put("/tickets/{number}/fields/{field}")
async def set_field(on: Changing, field: FieldName, value: Value) -> shapes.Ticket:
    """Fill in a field."""
    return on.answer(await on.desk.set_field(on.who, on.number, field, value.value))


@router.get("/macros")
async def list_macros(
    caller: Reader, after: paging.Name = "", limit: paging.Limit = paging.MOST
) -> Macros:
    """A page of the macros of whoever made the key, and everybody's."""
    found = await caller.desk.known_macros(caller.who, after=after, at_most=limit + 1)
    shown, last = paging.page(found, limit)
    return Macros(macros=list(map(Macro.of, shown)), next=last.name if last else None)


@router.post("/tickets/{number}/macros/{macro}")
async def use_macro(on: Changing, macro: MacroName, use: Use | None = None) -> Used:
    """Say what a macro says, and do all that it does, or nothing."""
    text = use.text if use else ""
    used = await on.desk.use_macro(on.who, macro, on.number, text)
    return Used(did=used.did, ticket=on.answer(used.ticket))
