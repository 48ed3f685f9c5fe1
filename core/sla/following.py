"""The clocks follow the tickets: whatever a use case did, its targets are right when it is done.

It is one step at the end of each use case, before the consequences: so that these see when a ticket
is due, and know of promises that were kept or not. What ran stays run, whatever changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import events
from core.events import Event, TicketMerged, TicketOpened
from core.model import LIVE, Customer, Status, Target, TargetKind, TargetWarning, Ticket
from core.sla import book, running
from core.sla.book import WHOLE, Book
from core.sla.running import Made
from core.work import Work

MOVES = (
    events.TicketOpened,
    events.MessageReceived,
    events.AgentReplied,
    events.TicketReturned,
    events.TicketEscalated,
    events.PriorityChanged,
    events.KindChanged,
    events.TeamChanged,
    events.TicketResolved,
    events.TicketHeld,
    events.TicketSnoozed,
    events.TicketResumed,
    events.TicketReopened,
    events.TicketClosed,
    events.TicketMerged,
    events.TicketUnmerged,
    events.TicketMoved,
    events.ReturnRequested,
)
ANSWERS = (events.AgentReplied, events.TicketResolved)
SNOOZED = "snoozed"
AT_ONCE = 200  # tickets of one customer


async def opened(work: Work, ticket: Ticket) -> None:
    """Start the clocks of a ticket that is about to be written, together with it."""
    if ticket.team is not None:  # which a rule chose
        ticket.team_id = ticket.team.id
    with work.session.no_autoflush:
        found = await book.current(work.session)
    made = running.made_for(found, ticket, ticket.customer)
    if made is None:
        return
    for kind in (TargetKind.FIRST_RESPONSE, TargetKind.RESOLUTION):
        if kind in made.promise.allowed:
            target = running.begin(made, ticket, kind, work.now)
            work.session.add(target)
            _at_hand(work).append(target)
    _show_due(ticket, _at_hand(work))


async def follow(work: Work) -> None:
    """Let the clocks of every ticket that moved follow it."""
    moved = await _moved(work)
    if not moved:
        return
    found = await book.current(work.session)
    if not found.edition:
        return
    await work.session.flush()
    targets = await _open_targets(work, moved)
    for number, happened in moved.items():
        ticket = await work.session.get_one(Ticket, number)
        customer = await work.session.get_one(Customer, ticket.customer_id)
        mine = [each for each in targets if each.ticket_id == number]
        made = running.made_for(found, ticket, customer)
        following = _Following(work, found, made, ticket, mine, happened)
        await following.follow([each for each in targets if each.ticket_id != number])


def breach(work: Work, target: Target) -> None:
    """Record that a promise was not kept: once, at the moment at which it was due."""
    target.breached_at = target.due_at
    target.next_at = None
    target.warned = WHOLE
    work.session.add(TargetWarning(target_id=target.id, share=WHOLE, at=work.now))
    work.emit(
        events.TargetBreached(
            ticket_id=target.ticket_id,
            target=target.kind.value,
            due_at=target.due_at.isoformat(),
        )
    )


@dataclass(frozen=True)
class _Following:
    """One ticket, with what happened to it and the targets that were open before."""

    work: Work
    book: Book
    made: Made | None
    ticket: Ticket
    targets: list[Target]
    happened: Sequence[Event]

    async def follow(self, others: Sequence[Target]) -> None:
        """Meet what was kept, drop what is promised no more, begin what is new, pause or run."""
        self._meet()
        if self.ticket.status in LIVE and self.made is not None:
            self._remake(self.made)
            await self._begin_missing(self.made)
            await self._take_over(self.made, others)
        else:
            self._drop(self._open)
        for target in self._open:
            self._pause_or_run(target)
        _show_due(self.ticket, self.targets)

    @property
    def _open(self) -> list[Target]:
        return [each for each in self.targets if not each.over]

    def _any(self, *kinds: type[Event]) -> bool:
        return any(isinstance(each, kinds) for each in self.happened)

    def _meet(self) -> None:
        resolved = self.ticket.status is Status.RESOLVED or self._any(events.TicketResolved)
        answered = self._any(*ANSWERS)
        for target in self._open:
            if resolved if target.kind is TargetKind.RESOLUTION else answered:
                self._breach_if_late(target)
                running.stop(self.book, target, self.work.now, "met")
                target.met_at, target.priority = self.work.now, int(self.ticket.priority)
                if target.breached_at is None:
                    met = events.TargetMet(ticket_id=self.ticket.id, target=target.kind.value)
                    self.work.emit(met)

    def _breach_if_late(self, target: Target) -> None:
        runs = target.running_since is not None and target.breached_at is None
        if runs and self.work.now > target.due_at:
            breach(self.work, target)

    def _drop(self, targets: Iterable[Target]) -> None:
        for target in targets:
            self._breach_if_late(target)
            running.stop(self.book, target, self.work.now, "dropped")
            target.dropped_at = self.work.now

    def _remake(self, made: Made) -> None:
        for target in self._open:
            if target.kind not in made.promise.allowed:
                self._drop([target])
                continue
            self._breach_if_late(target)
            running.remake(made, target, self.work.now)
            target.priority = int(self.ticket.priority)

    async def _begin_missing(self, made: Made) -> None:
        open_kinds = {each.kind for each in self._open}
        waits = {TargetKind.FIRST_RESPONSE, TargetKind.NEXT_RESPONSE} & open_kinds
        answered_before = self.ticket.first_response_at is not None
        wanted = [TargetKind.RESOLUTION]
        if not answered_before:
            wanted.append(TargetKind.FIRST_RESPONSE)
        elif self._asked and not waits:
            wanted.append(TargetKind.NEXT_RESPONSE)
        for kind in wanted:
            if kind in made.promise.allowed and kind not in open_kinds:
                await self._begin(made, kind)

    @property
    def _asked(self) -> bool:
        """Whether the customer wrote what wants an answer."""
        ours = self.ticket.status in {Status.NEW, Status.OPEN}
        wrote = any(
            isinstance(each, events.MessageReceived) and (each.moved or ours)
            for each in self.happened
        )
        return wrote and not self._any(*ANSWERS)

    async def _begin(self, made: Made, kind: TargetKind) -> Target:
        """Another target of a kind. One that goes on after it was met or dropped in time has what
        ran of it, so that nobody gains by resolving too early."""
        last = await _last_of(self.work, self.ticket.id, kind)
        ordinal = last.ordinal + 1 if last is not None else 1
        target = running.begin(made, self.ticket, kind, self.work.now, ordinal=ordinal)
        goes_on = kind is not TargetKind.NEXT_RESPONSE
        if goes_on and last is not None and last.breached_at is None:
            target.ran = last.ran
            running.run(self.book, target, self.work.now)
        self.work.session.add(target)
        self.targets.append(target)
        return target

    async def _take_over(self, made: Made, others: Sequence[Target]) -> None:
        """Whoever waited for an answer on a ticket that was merged into this one waits here."""
        if TargetKind.NEXT_RESPONSE not in made.promise.allowed:
            return
        merged = {each.ticket_id for each in self.happened if isinstance(each, TicketMerged)}
        waited = [
            each
            for each in others
            if each.ticket_id in merged
            and each.kind is not TargetKind.RESOLUTION
            and each.met_at is None
        ]
        answers = {TargetKind.FIRST_RESPONSE, TargetKind.NEXT_RESPONSE}
        if not waited or answers & {each.kind for each in self._open}:
            return
        if self.ticket.first_response_at is None:
            return
        target = await self._begin(made, TargetKind.NEXT_RESPONSE)
        first = min(waited, key=lambda each: each.started_at)
        target.started_at, target.ran = first.started_at, first.ran
        running.run(self.book, target, self.work.now)

    def _pause_or_run(self, target: Target) -> None:
        why = _why_paused(self.ticket)
        promise = self.made.promise if self.made else None
        if promise is not None and why in promise.pauses:
            if target.paused_at is None:
                self._breach_if_late(target)
                running.pause(self.book, target, self.work.now, why)
        elif target.running_since is None:
            running.run(self.book, target, self.work.now)


def _why_paused(ticket: Ticket) -> str:
    return SNOOZED if ticket.snoozed_at is not None else ticket.status.value


def _show_due(ticket: Ticket, targets: Sequence[Target]) -> None:
    due = min((each.due_at for each in targets if each.running_since is not None), default=None)
    if ticket.due_at != due:
        ticket.due_at = due


def _at_hand(work: Work) -> list[Target]:
    """The targets that this use case has made."""
    made: list[Target] = work.session.info.setdefault("targets", [])
    return made


async def _moved(work: Work) -> dict[int, list[Event]]:
    """What happened to which ticket."""
    moved: dict[int, list[Event]] = {}
    for event in work.events:
        if isinstance(event, MOVES):
            moved.setdefault(event.ticket_id, []).append(event)
        if isinstance(event, TicketMerged):
            moved.setdefault(event.into, []).append(event)
        if isinstance(event, events.CustomerEdited | events.CustomersLinked):
            theirs = select(Ticket.id).where(
                Ticket.customer_id == event.customer_id, Ticket.status.in_(LIVE)
            )
            for number in await work.session.scalars(theirs.limit(AT_ONCE)):
                moved.setdefault(number, []).append(event)
    return moved


async def _open_targets(work: Work, moved: dict[int, list[Event]]) -> Sequence[Target]:
    """The open targets of these tickets, locked; those of tickets just opened are at hand."""
    new = {each.ticket_id for each in work.events if isinstance(each, TicketOpened)}
    found = [each for each in _at_hand(work) if each.ticket_id in moved]
    known = set(moved) - new
    if known:
        open_ones = (
            select(Target)
            .where(
                Target.ticket_id.in_(sorted(known)),
                Target.met_at.is_(None),
                Target.dropped_at.is_(None),
            )
            .order_by(Target.id)
            .with_for_update(of=Target)
            .execution_options(populate_existing=True)
        )
        found += (await work.session.scalars(open_ones)).all()
    return found


async def _last_of(work: Work, number: int, kind: TargetKind) -> Target | None:
    last = (
        select(Target)
        .where(Target.ticket_id == number, Target.kind == kind)
        .order_by(Target.ordinal.desc())
        .limit(1)
    )
    return (await work.session.scalars(last)).one_or_none()
