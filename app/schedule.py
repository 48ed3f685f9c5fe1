"""The heartbeat: APScheduler ticks in every process and calls the sweeps; state is in rows."""

import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.wiring import Switchboard
from core.desk import Desk
from core.vocabulary import Priority

log = logging.getLogger(__name__)

MINUTE = 60
KNOWLEDGE_SECONDS = 5
PROMISES_SECONDS = 20
ESCALATION_SECONDS = 15
WEBHOOK_SECONDS = 2
FIGURES_SECONDS = 15


def heartbeat(app: Switchboard) -> AsyncIOScheduler:
    """A scheduler with every sweep, not yet started. Missed ticks are run once, late."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, sweep, seconds in (
        ("queue", lambda: _assign(app.desk, Priority.NORMAL), MINUTE),
        ("queue, low priority", lambda: _assign(app.desk, Priority.LOW), 5 * MINUTE),
        ("escalations", app.desk.escalate_due, ESCALATION_SECONDS),
        ("routing, learning", app.desk.study_routing, 60 * MINUTE),
        ("working hours", app.desk.keep_hours, MINUTE),
        ("presence", app.desk.watch_presence, MINUTE),
        ("tickets that find nobody", app.desk.alarm_stuck, MINUTE),
        ("snoozed tickets", app.desk.wake_due, MINUTE),
        ("unanswered tickets", app.desk.take_back_unanswered, MINUTE),
        ("promises", lambda: _promises(app.desk), PROMISES_SECONDS),
        ("figures", lambda: _all(app.desk.tally), FIGURES_SECONDS),
        ("webhooks", lambda: _all(app.desk.tell_webhooks), WEBHOOK_SECONDS),
        ("weekly digest", app.desk.post_digest, 5 * MINUTE),
        ("silent enquiries", app.desk.close_silent, 5 * MINUTE),
        ("resolved tickets", app.desk.close_resolved, 5 * MINUTE),
        ("repeated requests", app.desk.forget_repeats, 60 * MINUTE),
        ("codes for orders", app.desk.forget_codes, 5 * MINUTE),
        ("mails with links", app.desk.forget_link_mails, MINUTE),
        ("knowledge base", app.refresh_knowledge, KNOWLEDGE_SECONDS),
        ("learning", app.library.digest, MINUTE),
        ("learning from tickets", lambda: app.learned.learn(app.desk), 10 * MINUTE),
        ("what was learned", lambda: app.learned.refresh(app.desk), MINUTE),
    ):
        scheduler.add_job(_guarded, "interval", [name, sweep], seconds=seconds, id=name)
    return scheduler


async def sweep_all(app: Switchboard) -> None:
    """Every sweep once: what came due while the desk was down happens at start."""
    for sweep in (
        app.desk.keep_hours,
        app.desk.ship_promises,
        lambda: _promises(app.desk),
        lambda: _assign(app.desk, Priority.LOW),
        app.desk.alarm_stuck,
        app.desk.wake_due,
        app.desk.take_back_unanswered,
        app.desk.close_silent,
        app.desk.close_resolved,
        app.desk.escalate_due,
        lambda: _all(app.desk.tally),
        app.library.digest,
        lambda: app.learned.refresh(app.desk),
    ):
        await sweep()


async def _assign(desk: Desk, lowest: Priority) -> None:
    given = await desk.assign_due(lowest=lowest)
    if given:
        log.info("the sweep assigned %s", ", ".join(f"#{number}" for number in given))


async def _all(sweep: Callable[[], Awaitable[int]]) -> None:
    """All that there is, in parts: each a transaction of its own."""
    while await sweep():
        pass


async def _promises(desk: Desk) -> None:
    """All that is due, in parts: each a transaction of its own."""
    while await desk.sweep_promises():
        pass
    await desk.tell_of_promises()


async def _guarded(name: str, sweep: Callable[[], Awaitable[object]]) -> None:
    """A sweep that fails is tried again at the next tick."""
    try:
        await sweep()
    except Exception:
        log.exception("the sweep “%s” failed; it runs again", name)
