"""What can happen to lists of tickets: one is kept, or the same is done to all of one."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class ViewSaved(Event):
    """A filter was kept under a name; ``agent_id`` is None where it is everybody's."""

    name: str
    filter: str
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(Event):
    """A saved view was forgotten."""

    name: str
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class BulkDone(Event):
    """The same was done to many tickets at once; each of them has its own event too."""

    bulk_id: int
    what: str
    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class BulkUndone(Event):
    """What was done to many tickets at once was brought back."""

    bulk_id: int
    count: int
