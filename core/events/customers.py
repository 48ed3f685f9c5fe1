"""What can happen to customers."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class CustomersLinked(Event):
    """Two customers are one person: what was ``other_id``'s is now ``customer_id``'s. ``at`` is
    where they said so themselves, if they did."""

    customer_id: int
    other_id: int
    at: str | None


@dataclass(frozen=True, kw_only=True)
class LinkRefused(Event):
    """Somebody sent a code for linking that does nothing: it is not good (``why`` refused), too many
    were wrong before (too many), or it was used by themselves (already)."""

    message_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class LinkCodeMade(Event):
    """A customer asked for a code by which to be known on another channel."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class NewLinksAsked(Event):
    """Somebody asked for new secret links to the requests of an e-mail address: so many were sent to
    it, for the customers who have it."""

    customer_ids: list[int]
    links: int


@dataclass(frozen=True, kw_only=True)
class CustomerEdited(Event):
    """Parts of a customer's profile changed, or a note was made of them."""

    customer_id: int
    parts: str


@dataclass(frozen=True, kw_only=True)
class CustomerBlocked(Event):
    """A customer is not answered any more."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerUnblocked(Event):
    """A blocked customer is answered again."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class BlockedWrote(Event):
    """A blocked customer wrote; ``first`` says that they were not told yet."""

    message_id: int
    first: bool


@dataclass(frozen=True, kw_only=True)
class CustomerForgotten(Event):
    """Everything that said who a customer is was erased."""

    customer_id: int
