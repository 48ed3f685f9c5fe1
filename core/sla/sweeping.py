"""The sweep over promises: what is in danger is warned of, and what was not kept is recorded, once."""

from collections.abc import Sequence

from sqlalchemy import select

from core.events import TargetWarned
from core.model import Target, TargetWarning, Ticket
from core.model.ticket import WITH_PEOPLE
from core.sla import book, running
from core.sla.book import WHOLE, Book
from core.sla.following import breach
from core.work import Work

SWEPT_AT_ONCE = 200


async def sweep(work: Work) -> int:
    """Look at the running targets whose next moment has come, at most `SWEPT_AT_ONCE`; how many.

    Rows are claimed, so that any number of processes may sweep at once. However late it is, each
    target is warned of once, by the largest share that has passed, or breached.
    """
    work.actor = "sweep: promises"
    due = (
        select(Target)
        .where(Target.next_at <= work.now)
        .order_by(Target.next_at, Target.id)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True, of=Target)
    )
    targets = (await work.session.scalars(due)).all()
    if not targets:
        return 0
    found = await book.current(work.session)
    await _people(work, targets)
    for target in targets:
        _look_at(work, found, target)
    await work.session.flush()
    return len(targets)


def _look_at(work: Work, found: Book, target: Target) -> None:
    share = running.reached(found, target, work.now)
    if share == WHOLE:
        breach(work, target)
        return
    if share > target.warned:
        target.warned = share
        work.session.add(TargetWarning(target_id=target.id, share=share, at=work.now))
        work.emit(
            TargetWarned(
                ticket_id=target.ticket_id,
                target=target.kind.value,
                share=share,
                due_at=target.due_at.isoformat(),
            )
        )
    target.next_at = running.next_look(found, target)


async def _people(work: Work, targets: Sequence[Target]) -> None:
    """Have the tickets at hand, with their people, for whatever follows."""
    numbers = sorted({each.ticket_id for each in targets})
    wanted = select(Ticket).where(Ticket.id.in_(numbers)).options(*WITH_PEOPLE)
    at_hand = (await work.session.scalars(wanted)).all()
    work.session.info["swept"] = at_hand  # the session itself holds them only weakly
