"""How a target runs: started, paused, taken up, met. Arithmetic on its row, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model import Customer, Priority, Target, TargetKind, Ticket
from core.sla.book import WHOLE, Book, Promise, facts_of

NOTHING = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a target is made of: the promise, and whose hours count."""

    book: Book
    promise: Promise
    hours_id: int | None


def made_for(book: Book, ticket: Ticket, customer: Customer) -> Made | None:
    """What is promised on a ticket now, if anything is."""
    facts = facts_of(ticket, customer)
    promise = book.promise_for(facts)
    if promise is None:
        return None
    return Made(book=book, promise=promise, hours_id=book.hours_of(promise, facts.team_id))


def begin(
    made: Made, ticket: Ticket, kind: TargetKind, at: datetime, *, ordinal: int = 1
) -> Target:
    """A target that runs from now on. The ticket may not have been written yet."""
    target = Target(
        ticket=ticket,
        kind=kind,
        ordinal=ordinal,
        priority=int(ticket.priority or Priority.NORMAL),
        started_at=at,
        ran=NOTHING,
        warned=0,
        stretches=[],
    )
    _apply(made, target, kind)
    run(made.book, target, at)
    return target


def run(book: Book, target: Target, at: datetime) -> None:
    """Let it run from now on; one that is breached stays due when it was."""
    target.running_since, target.paused_at = at, None
    if target.breached_at is None:
        left = max(target.allowed - target.ran, NOTHING)
        target.due_at = book.calendar(target.hours_id).add(at, left)
    target.next_at = next_look(book, target)


def stop(book: Book, target: Target, at: datetime, why: str) -> None:
    """Count what ran until now, and let it run no further."""
    if target.running_since is None:
        return
    worked = book.calendar(target.hours_id).between(target.running_since, at)
    stretch = {
        "from": target.running_since.isoformat(),
        "until": at.isoformat(),
        "worked": worked.total_seconds(),
        "then": why,
    }
    target.stretches = [*target.stretches, stretch]
    target.ran += worked
    target.running_since = target.next_at = None


def pause(book: Book, target: Target, at: datetime, why: str) -> None:
    """Let it stand still while the ticket is not ours to move."""
    stop(book, target, at, why)
    target.paused_at = target.paused_at or at


def remake(made: Made, target: Target, at: datetime) -> None:
    """Make another promise of it: what ran stays run. What was breached stays as it is."""
    same = (target.policy_id, target.hours_id) == (made.promise.id, made.hours_id)
    if target.breached_at is not None or (
        same and target.allowed == made.promise.allowed[target.kind]
    ):
        return
    running = target.running_since is not None
    stop(made.book, target, at, f"promised by {made.promise.name}")
    _apply(made, target, target.kind)
    if running:
        run(made.book, target, at)


def shares(book: Book, target: Target) -> list[int]:
    """The shares, in per cent, that are warned of, and the whole of it."""
    promise = next((each for each in book.promises if each.id == target.policy_id), None)
    warnings = promise.warnings if promise else {}
    return sorted({*(each for each in warnings if each < WHOLE), WHOLE})


def reached(book: Book, target: Target, at: datetime) -> int:
    """The largest share to be warned of that has passed; 0 is none."""
    return max(
        (each for each in shares(book, target) if at >= moment_of(book, target, each)), default=0
    )


def moment_of(book: Book, target: Target, share: int) -> datetime:
    """When a share of a running target's time has passed: at once where it had before."""
    if share == WHOLE or target.running_since is None:
        return target.due_at
    left = target.allowed * share / WHOLE - target.ran
    return book.calendar(target.hours_id).add(target.running_since, max(left, NOTHING))


def next_look(book: Book, target: Target) -> datetime | None:
    """When the sweep has to look at it next: at the next warning, or when it is due."""
    if target.running_since is None or target.breached_at is not None:
        return None
    ahead = [each for each in shares(book, target) if each > target.warned]
    return moment_of(book, target, ahead[0]) if ahead else target.due_at


def _apply(made: Made, target: Target, kind: TargetKind) -> None:
    target.policy, target.policy_id = made.promise.name, made.promise.id
    target.hours_id, target.allowed = made.hours_id, made.promise.allowed[kind]
