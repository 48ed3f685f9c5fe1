"""A desk rebuilt from its history alone: if this comes to what is stored, history is complete."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from core.model import Agent, History
from core.storage.database import Database
from core.vocabulary import Priority, Status
from tests.any_order.looking import look


@dataclass
class Past:
    """What history says that a ticket is."""

    status: Status = Status.NEW
    assignee: int | None = None
    priority: int = Priority.NORMAL
    category: str = ""
    kind: str = ""
    tier: int = 1
    tags: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    returns: dict[int, str] = field(default_factory=dict)
    snoozed: bool = False
    merged_into: int | None = None
    brought: set[int] = field(default_factory=set, compare=False)  # returns, when it was merged

    def waits(self) -> None:
        self.status, self.assignee, self.snoozed = Status.NEW, None, False


Tickets = dict[int, Past]


async def unexplained(database: Database) -> list[str]:
    """Every ticket that is not what its history says."""
    async with database.reading() as session:
        rows = (await session.scalars(select(History).order_by(History.id))).all()
        agents = {each.name.lower(): each.id for each in await session.scalars(select(Agent))}
    told = rebuilt(rows)
    faults = []
    for number, there in (await look(database)).items():
        stored = Past(
            status=there.status,
            assignee=agents[there.assignee] if there.assignee else None,
            priority=int(there.priority),
            category=there.category,
            kind=there.kind,
            tier=there.tier,
            tags=set(there.tags),
            fields=dict(there.fields),
            returns={key: step.value for key, step in there.returns.items()},
            snoozed=there.snoozed,
            merged_into=there.merged_into,
        )
        if told.get(number) != stored:
            faults.append(f"#{number} is {stored}; history says {told.get(number)}")
    return faults


def rebuilt(rows: Iterable[History]) -> Tickets:
    """The tickets as their events, one after another, make them."""
    tickets: Tickets = {}
    for row in rows:
        if row.ticket_id is None:
            continue
        past = tickets.setdefault(row.ticket_id, Past())
        happened = MAKES.get(row.event)
        if happened is not None:
            happened(past, row.facts, tickets)
    return tickets


def _opened(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    past.priority, past.tier = int(str(facts["priority"])), int(str(facts["tier"]))
    past.category, past.kind = str(facts["category"]), str(facts["kind"])


def _assigned(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    past.status, past.snoozed = Status.OPEN, False
    past.assignee = int(str(facts["agent_id"]))


def _waits(past: Past, _facts: Mapping[str, object], _: Tickets) -> None:
    past.waits()


def _replied(past: Past, _facts: Mapping[str, object], _: Tickets) -> None:
    if past.status is Status.OPEN:
        past.status = Status.PENDING


def _heard(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    if facts["moved"] and past.status is Status.PENDING:
        past.status = Status.OPEN


def _held(past: Past, _facts: Mapping[str, object], _: Tickets) -> None:
    past.status = Status.ON_HOLD


def _snoozed(past: Past, _facts: Mapping[str, object], _: Tickets) -> None:
    past.snoozed = True


def _resolved(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    agent = facts["agent_id"]
    past.assignee = past.assignee or (int(str(agent)) if agent is not None else None)
    past.status, past.snoozed = Status.RESOLVED, False


def _closed(past: Past, _facts: Mapping[str, object], _: Tickets) -> None:
    past.status = Status.CLOSED


def _joined(past: Past, facts: Mapping[str, object], tickets: Tickets) -> None:
    into = int(str(facts["into"]))
    target = tickets[into]
    if past.status in {Status.NEW, Status.OPEN} and target.status is Status.PENDING:
        target.status = Status.OPEN
    past.status, past.snoozed, past.merged_into = Status.CLOSED, False, into
    past.brought = set(past.returns)
    target.returns |= past.returns
    past.returns = {}


def _unmerged(past: Past, _facts: Mapping[str, object], tickets: Tickets) -> None:
    past.waits()
    past.merged_into = None
    for each in tickets.values():
        for key in past.brought & each.returns.keys():
            past.returns[key] = each.returns.pop(key)


def _return_asked(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    past.returns[int(str(facts["return_id"]))] = "requested"


def _return_moved(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    past.returns[int(str(facts["return_id"]))] = str(facts["step"])


def _filled(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    name, value = str(facts["field"]), facts["value"]
    past.fields.pop(name, None)
    if value is not None:
        past.fields[name] = str(value)


def _tagged(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
    past.tags -= set(str(facts["removed"]).split(","))
    past.tags |= {each for each in str(facts["added"]).split(",") if each}


def _says(name: str) -> Callable[[Past, Mapping[str, object], Tickets], None]:
    def change(past: Past, facts: Mapping[str, object], _: Tickets) -> None:
        setattr(past, name, facts[name])

    return change


MAKES: Mapping[str, Callable[[Past, Mapping[str, object], Tickets], None]] = {
    "TicketOpened": _opened,
    "TicketAssigned": _assigned,
    "TicketReturned": _waits,
    "TicketResumed": _waits,
    "TicketReopened": _waits,
    "AgentReplied": _replied,
    "MessageReceived": _heard,
    "TicketHeld": _held,
    "TicketSnoozed": _snoozed,
    "TicketResolved": _resolved,
    "TicketClosed": _closed,
    "TicketMerged": _joined,
    "TicketRejoined": _joined,
    "TicketUnmerged": _unmerged,
    "TicketTagged": _tagged,
    "FieldChanged": _filled,
    "ReturnRequested": _return_asked,
    "ReturnMoved": _return_moved,
    "PriorityChanged": _says("priority"),
    "CategoryChanged": _says("category"),
    "KindChanged": _says("kind"),
    "TierRaised": _says("tier"),
}
"""What each event makes of a ticket."""
