"""What can happen to orders, and to what comes back of them."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class ShopFellSilent(Event):
    """The shop did not answer several times in a row, and is left alone for a while."""

    why: str


@dataclass(frozen=True, kw_only=True)
class OrderProofOffered(Event):
    """A customer wrote of returning an order that is not known to be theirs."""

    message_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderProofAsked(Event):
    """A customer said which address an order was placed with; a code went there if it was."""

    customer_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderProved(Event):
    """A code showed that an order is a customer's."""

    customer_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCodeSaid(Event):
    """A customer wrote the code of an order into the conversation; how that ended."""

    message_id: int
    number: str
    end: str


@dataclass(frozen=True, kw_only=True)
class ReturnOffered(Event):
    """A customer wrote that they want to return an order of theirs."""

    message_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(TicketEvent):
    """A customer asked to send parts of an order back."""

    return_id: int


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(TicketEvent):
    """A return was accepted, received, refunded or refused."""

    return_id: int
    step: str
