"""Returns for programs: asked for on a customer's behalf, and decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from core.channels import Address
from core.vocabulary import Reason, ReturnWanted, Scope, Wish
from core.vocabulary import Return as StoredReturn
from web.api.caller import Caller, allowed
from web.api.identities import identity
from web.api.once import Once
from web.api.shapes import Shape
from web.api.versions import Number

router = APIRouter(prefix="/returns", tags=["returns"], route_class=Once)

Reader = Annotated[Caller, Depends(allowed(Scope.ORDERS_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.ORDERS_WRITE))]
WishName = Literal["refund", "exchange"]
ReasonName = Literal[
    "defective", "wrong item", "not as described", "no longer wanted", "arrived late", "other"
]


class Return(Shape):
    """Parts of an order on their way back."""

    number: int = Field(examples=[7])
    ticket: int = Field(examples=[42])
    order: str = Field(examples=["A-1001"])
    what: str = Field(examples=["2 × Brass lamp"])
    step: str = Field(examples=["requested"])
    reason: str = Field(examples=["defective"])
    wish: str = Field(examples=["refund"])
    note: str
    refusal: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: StoredReturn) -> "Return":
        """A stored return, whole."""
        return cls(
            number=found.id,
            ticket=found.ticket_id,
            order=found.order.number,
            what=found.what,
            step=found.step.value,
            reason=found.reason.value,
            wish=found.wish.value,
            note=found.note,
            refusal=found.refusal,
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


class Returns(Shape):
    """The returns of a ticket, oldest first."""

    returns: Sequence[Return]


class Asked(Shape):
    """What a customer of theirs wants to send back: ``quantities`` by sku.

    ``conversation`` is where they are answered, on the channel of their ``identity``.
    """

    identity: str = Field(max_length=260, examples=["custom:shop:user-7"])
    order: str = Field(min_length=1, max_length=40, examples=["A-1001"])
    quantities: dict[Annotated[str, Field(max_length=60)], int] = Field(
        min_length=1, max_length=500, examples=[{"LAMP-1": 1}]
    )
    reason: ReasonName
    wish: WishName = "refund"
    note: str = Field("", max_length=2_000)
    conversation: str = Field("", max_length=160, examples=["chat-901"])


class Offer(Shape):
    """What they get for it, where that is not what they wished for."""

    wish: WishName | None = None


class Words(Shape):
    """What the customer is told."""

    text: str = Field(min_length=1, max_length=2_000, examples=["Could you send us a photo?"])


@router.get("")
async def list_returns(caller: Reader, ticket: Annotated[int, Query(ge=1, lt=2**31)]) -> Returns:
    """The returns on a ticket."""
    found = await caller.desk.returns_of(caller.who, ticket)
    return Returns(returns=[Return.of(each) for each in found])


@router.post("", status_code=201)
async def request_return(caller: Writer, asked: Asked) -> Return:
    """Ask to send parts of an order back, for the customer whose order it is."""
    whom = identity(asked.identity)
    where = asked.conversation
    at = Address(whom.channel, whom.workspace, where) if where else None
    wanted = ReturnWanted(
        quantities=asked.quantities,
        reason=Reason(asked.reason),
        wish=Wish(asked.wish),
        note=asked.note,
    )
    found = await caller.desk.request_return_for(caller.who, whom, asked.order, wanted, at)
    return Return.of(found)


@router.post("/{number}/accept")
async def accept(caller: Writer, number: Number, offer: Offer | None = None) -> Return:
    """Let it come."""
    wish = Wish(offer.wish) if offer and offer.wish else None
    return Return.of(await caller.desk.accept_return(caller.who, number, wish))


@router.post("/{number}/ask")
async def ask(caller: Writer, number: Number, words: Words) -> Return:
    """Ask the customer something before it goes on."""
    return Return.of(await caller.desk.ask_of_return(caller.who, number, words.text))


@router.post("/{number}/refuse")
async def refuse(caller: Writer, number: Number, words: Words) -> Return:
    """Do not take it, and say why."""
    return Return.of(await caller.desk.refuse_return(caller.who, number, words.text))


@router.post("/{number}/receive")
async def receive(caller: Writer, number: Number) -> Return:
    """It is here."""
    return Return.of(await caller.desk.receive_return(caller.who, number))


@router.post("/{number}/refund")
async def refund(caller: Writer, number: Number) -> Return:
    """The customer has their money, or the other piece."""
    return Return.of(await caller.desk.refund_return(caller.who, number))
