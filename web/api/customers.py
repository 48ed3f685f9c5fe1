"""Customers for programs: found, read, kept, noted of, blocked, taken along and forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from pydantic import Field

from core.vocabulary import Customer as StoredCustomer
from core.vocabulary import Profile as StoredProfile
from core.vocabulary import Scope, Sought
from web.api.caller import Caller, allowed
from web.api.identities import identity
from web.api.once import Once
from web.api.shapes import Person, Shape

router = APIRouter(prefix="/customers", tags=["customers"], route_class=Once)

Reader = Annotated[Caller, Depends(allowed(Scope.CUSTOMERS_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.CUSTOMERS_WRITE))]
Number = Annotated[int, InPath(ge=1, lt=10**9, examples=[17])]


class Customer(Shape):
    """Somebody who asks."""

    number: int = Field(examples=[17])
    name: str = Field(examples=["Ana Duarte"])
    email: str = Field(examples=["ana@example.org"])
    phone: str = Field(examples=["+351 21 123 456"])
    company: str = Field(examples=["Duarte Lda"])
    language: str = Field(examples=["pt"])
    time_zone: str = Field(examples=["Europe/Lisbon"])
    tags: Sequence[str] = Field(examples=[["wholesale"]])
    is_vip: bool
    blocked_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, customer: StoredCustomer) -> "Customer":
        """A stored customer."""
        parts = {name: getattr(customer, name) for name in cls.model_fields if name != "number"}
        return cls(number=customer.id, **parts)


class Note(Shape):
    """What agents should know of a customer."""

    text: str = Field(min_length=1, max_length=2_000, examples=["Prefers to be written to."])


class KeptNote(Note):
    """A note with who made it, and when."""

    by: str
    at: datetime


class Profile(Shape):
    """A customer with where they are known, and what they had."""

    customer: Customer
    identities: Sequence[str] = Field(examples=[["slack:T012:U345", "custom:shop:user-7"]])
    tickets: Sequence[int] = Field(description="the latest, by number", examples=[[42, 17]])
    orders: Sequence[str] = Field(description="the latest, by number", examples=[["A-1001"]])
    notes: Sequence[KeptNote]
    ticket_count: int
    live_count: int
    solved_by_articles: int

    @classmethod
    def of(cls, profile: StoredProfile) -> "Profile":
        """A stored profile."""
        return cls(
            customer=Customer.of(profile.customer),
            identities=[str(each.who) for each in profile.identities],
            tickets=[each.id for each in profile.tickets],
            orders=[each.number for each in profile.orders],
            notes=[KeptNote(text=each.text, by=each.by, at=each.at) for each in profile.notes],
            ticket_count=profile.ticket_count,
            live_count=profile.live_count,
            solved_by_articles=profile.solved_by_articles,
        )


class Customers(Shape):
    """A page of customers; ``next`` is the number to go on after."""

    customers: Sequence[Customer]
    next: int | None


class Parts(Shape):
    """What is to change; what is left out stays, and empty text empties."""

    name: str | None = Field(None, max_length=120, examples=["Ana Sousa"])
    email: str | None = Field(None, max_length=254, examples=["ana@example.org"])
    phone: str | None = Field(None, max_length=40)
    company: str | None = Field(None, max_length=120)
    language: str | None = Field(None, max_length=12)
    time_zone: str | None = Field(None, max_length=40)
    tags: list[Annotated[str, Field(max_length=40)]] | None = Field(None, max_length=50)
    is_vip: bool | None = None


@router.get("")
async def find_customers(
    caller: Reader,
    email: Annotated[str, Query(max_length=254, examples=["ana@example.org"])] = "",
    phone: Annotated[str, Query(max_length=40, description="as it is written down")] = "",
    known_as: Annotated[
        str, Query(alias="identity", max_length=260, examples=["slack:T012:U345"])
    ] = "",
    after: Annotated[int, Query(ge=0, lt=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Customers:
    """Customers by how they are reached or who they are on a channel, or all, one after another."""
    sought = Sought(email=email, phone=phone, identity=identity(known_as) if known_as else None)
    found = await caller.desk.customers(caller.who, sought, after=after, at_most=limit)
    return Customers(
        customers=[Customer.of(each) for each in found],
        next=found[-1].id if len(found) == limit else None,
    )


@router.get("/{number}")
async def show_customer(caller: Reader, number: Number) -> Profile:
    """One customer, with where they are known and what they had."""
    return Profile.of(await caller.desk.customer(caller.who, _meant(number)))


@router.patch("/{number}")
async def edit_customer(caller: Writer, number: Number, parts: Parts) -> Customer:
    """Change parts of who they are."""
    said = parts.model_dump(exclude_none=True)
    return Customer.of(await caller.desk.edit_customer(caller.who, _meant(number), said))


@router.post("/{number}/notes", status_code=201)
async def note_customer(caller: Writer, number: Number, note: Note) -> Customer:
    """Note something for colleagues; no customer sees it."""
    return Customer.of(await caller.desk.note_customer(caller.who, _meant(number), note.text))


@router.post("/{number}/block")
async def block_customer(caller: Writer, number: Number) -> Customer:
    """Answer them no more, but for one polite sentence. For keys of leads."""
    return Customer.of(await caller.desk.block_customer(caller.who, _meant(number)))


@router.post("/{number}/unblock")
async def unblock_customer(caller: Writer, number: Number) -> Customer:
    """Answer them again. For keys of leads."""
    return Customer.of(await caller.desk.unblock_customer(caller.who, _meant(number)))


@router.get("/{number}/export")
async def export_customer(caller: Reader, number: Number) -> dict[str, Any]:
    """All that is kept about them, but for notes of colleagues. For keys of leads."""
    return await caller.desk.customer_data(caller.who, _meant(number))


@router.delete("/{number}")
async def forget_customer(caller: Writer, number: Number) -> Person:
    """Erase them for good; refused while a ticket of theirs is live. For keys of admins."""
    gone = await caller.desk.forget_customer(caller.who, _meant(number))
    return Person(number=gone.customer_id, name="forgotten")


def _meant(number: int) -> str:
    return f"c-{number}"
