"""One use case at work: its transaction, its moment, who acts, and what has happened so far."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Address, Who
from core.deflection import Deflector, NoDeflector
from core.events import Event


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The desk's own times; each may be set, none has to be."""

    silence: timedelta = timedelta(hours=24)  # an offer unanswered for so long is closed
    handshake: timedelta = timedelta(hours=48)  # a resolved ticket is closed after so long
    release_rest: timedelta = timedelta(minutes=15)  # not given back to who released it
    invitation: timedelta = timedelta(hours=24)  # a one-time code is good for so long
    give_up: timedelta = timedelta(hours=24)  # a delivery is tried for so long


@dataclass(frozen=True, kw_only=True)
class House:
    """What the desk is set up with: where staff meet, who may answer first, the times."""

    staff_rooms: tuple[Address, ...] = ()
    admins: tuple[Who, ...] = ()
    deflector: Deflector = field(default_factory=NoDeflector)
    policy: Policy = field(default_factory=Policy)


@dataclass
class Work:
    """Handed to every use case. ``now`` is the only clock there is; ``owed`` are the rows
    of the deliveries that this use case causes, by key."""

    session: AsyncSession
    now: datetime
    house: House
    actor: str = "desk"
    events: list[Event] = field(default_factory=list)
    owed: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: bool = False  # nothing is left but the commit

    def emit(self, event: Event) -> None:
        """Say what happened; what follows from it is in `core.subscribers`."""
        self.events.append(event)
