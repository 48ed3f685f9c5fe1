"""History: every event has its place in the table, and every use case leaves its trace."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.learning import Learning
from core import events
from core.channels import (
    Address,
    IncomingDeletion,
    IncomingEdit,
    IncomingFile,
    IncomingReaction,
    Undeliverable,
    Who,
)
from core.deflection import NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.events import Event, TicketEvent
from core.files import FolderStore
from core.model import Fate, History, OfferedArticle, Rule
from core.storage.database import Database
from core.subscribers import SUBSCRIBERS
from core.tickets.live_orders import SourceFailed
from core.vocabulary import (
    OPERATOR,
    Availability,
    BulkWhat,
    Details,
    Doing,
    FieldWanted,
    HandBack,
    House,
    Matter,
    Opinion,
    OrderSaid,
    Policy,
    Priority,
    Reason,
    ReturnWanted,
    Role,
    Scope,
    Target,
)
from core.work import Work
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.clock import MONDAY_MORNING, FakeClock
from tests.conftest import OpenDesk
from tests.core.test_returns import ORDER
from tests.outbox import Outbox
from tests.scene import CHANNEL, HOUSE, STAFF_ROOM, hire, message, open_ticket, person, place


def every_event() -> set[type[Event]]:
    """All kinds of event, however deep."""
    found: set[type[Event]] = set()
    open_ends: list[type[Event]] = [Event]
    while open_ends:
        kinds = open_ends.pop().__subclasses__()
        open_ends += kinds
        found.update(kinds)
    return found - {TicketEvent}


def test_every_event_stands_in_the_table_of_consequences() -> None:
    assert every_event() == set(SUBSCRIBERS)


def test_events_are_facts_with_plain_values_named_in_the_past() -> None:
    plain = {int, str, bool, int | None, str | None, list[int]}
    for kind in every_event():
        assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
        assert {field.type for field in fields(kind)} <= plain, kind
        assert kind.__doc__, kind


@dataclass(frozen=True, kw_only=True)
class Told:
    """Somebody uses the desk: the story, and what history keeps of its last step."""

    by: Callable[[Desk], Awaitable[object]]
    keeps: tuple[type[Event], ...]
    who: str = "agent 1 Grace (console:local:grace)"


GRACE, ANA = person("grace"), person("ana")
OPERATOR_LABEL = "admin the operator (operator::operator)"
ANA_LABEL = "customer Ana (console:local:ana)"

CLEO_LABEL = "customer Cleo (console:local:cleo)"


async def wrote_and(desk: Desk, then: Awaitable[object]) -> None:
    """Cleo writes, and does something to it."""
    await desk.receive(message("?", by="cleo", post="p1"))
    await then


async def replied_and(desk: Desk, then: Awaitable[object]) -> None:
    """Grace replies, and does something to it."""
    await desk.reply(GRACE, 1, "hello")
    await then


async def first(before: Awaitable[object], then: Awaitable[object]) -> None:
    """One thing after another."""
    await before
    await then


async def _swapped(desk: Desk) -> None:
    """Linus comes, and swaps a week with Grace."""
    linus = person("linus")
    await desk.add_agent(OPERATOR, linus, Details(capacity=0))
    await desk.set_rota(OPERATOR, [GRACE, linus])
    await desk.swap_turns(OPERATOR, GRACE, linus)


# Grace is an agent, ticket 1 is hers, ana's enquiry 2 is open, ticket 2 waits.
STEPS: dict[str, Told] = {
    "receive": Told(
        by=lambda desk: desk.receive(message("hurry", by="ben")),
        keeps=(events.MessageReceived,),
        who="customer Ben (console:local:ben)",
    ),
    "ask": Told(
        by=lambda desk: desk.ask(message("my badge is broken", by="grace")),
        keeps=(events.TicketOpened,),
    ),
    "overhear": Told(
        by=lambda desk: desk.overhear(message("me too", by="cleo", at="ben")),
        keeps=(events.MessageReceived,),
        who="customer Cleo (console:local:cleo)",
    ),
    "solve_enquiry": Told(
        by=lambda desk: desk.solve_enquiry(ANA, 3), keeps=(events.EnquirySolved,), who=ANA_LABEL
    ),
    "hand_over": Told(
        by=lambda desk: desk.hand_over(ANA, 3), keeps=(events.TicketOpened,), who=ANA_LABEL
    ),
    "claim": Told(by=lambda desk: desk.claim(GRACE, 2), keeps=(events.TicketAssigned,)),
    "release": Told(by=lambda desk: desk.release(GRACE, 1), keeps=(events.TicketReturned,)),
    "transfer": Told(
        by=lambda desk: desk.transfer(OPERATOR, 1, Target(team="returns")),
        keeps=(events.TeamChanged, events.TicketReturned),
        who=OPERATOR_LABEL,
    ),
    "escalate": Told(
        by=lambda desk: desk.escalate(GRACE, 1, "they will sue"),
        keeps=(events.PriorityChanged, events.TicketEscalated),
    ),
    "calm": Told(
        by=lambda desk: first(desk.escalate(OPERATOR, 1, "now"), desk.calm(OPERATOR, 1)),
        keeps=(events.PriorityChanged, events.TicketEscalated, events.TicketCalmed),
        who=OPERATOR_LABEL,
    ),
    "set_ladder": Told(
        by=lambda desk: desk.set_ladder(OPERATOR, "breached", "admin"),
        keeps=(events.LadderSet,),
        who=OPERATOR_LABEL,
    ),
    "reset_ladder": Told(
        by=lambda desk: first(
            desk.set_ladder(OPERATOR, "breached", "admin"),
            desk.reset_ladder(OPERATOR, "breached"),
        ),
        keeps=(events.LadderSet, events.LadderSet),
        who=OPERATOR_LABEL,
    ),
    "set_priority": Told(
        by=lambda desk: desk.set_priority(GRACE, 1, Priority.URGENT),
        keeps=(events.PriorityChanged,),
    ),
    "tag": Told(by=lambda desk: desk.tag(GRACE, 1, add=["vip"]), keeps=(events.TicketTagged,)),
    "save_view": Told(
        by=lambda desk: desk.save_view(GRACE, "late", "status:new"), keeps=(events.ViewSaved,)
    ),
    "set_category": Told(
        by=lambda desk: desk.set_category(GRACE, 1, "billing"), keeps=(events.CategoryChanged,)
    ),
    "set_kind": Told(
        by=lambda desk: desk.set_kind(GRACE, 1, "problem"), keeps=(events.KindChanged,)
    ),
    "set_field": Told(
        by=lambda desk: first(
            desk.add_field(OPERATOR, "serial", FieldWanted()),
            desk.set_field(OPERATOR, 1, "serial", "A1"),
        ),
        keeps=(events.FieldDefined, events.FieldChanged),
        who=OPERATOR_LABEL,
    ),
    "add_field": Told(
        by=lambda desk: desk.add_field(OPERATOR, "serial", FieldWanted()),
        keeps=(events.FieldDefined,),
        who=OPERATOR_LABEL,
    ),
    "edit_field": Told(
        by=lambda desk: first(
            desk.add_field(OPERATOR, "serial", FieldWanted()),
            desk.edit_field(OPERATOR, "serial", FieldWanted(required=True)),
        ),
        keeps=(events.FieldDefined, events.FieldDefined),
        who=OPERATOR_LABEL,
    ),
    "remove_field": Told(
        by=lambda desk: first(
            desk.add_field(OPERATOR, "serial", FieldWanted()),
            desk.remove_field(OPERATOR, "serial"),
        ),
        keeps=(events.FieldDefined, events.FieldDefined),
        who=OPERATOR_LABEL,
    ),
    "use_macro": Told(
        by=lambda desk: first(
            desk.add_macro(GRACE, "hello", "Hello!", Doing(priority="high")),
            desk.use_macro(GRACE, "hello", 1),
        ),
        keeps=(events.MacroWritten, events.PriorityChanged, events.AgentReplied, events.MacroUsed),
    ),
    "add_macro": Told(
        by=lambda desk: desk.add_macro(GRACE, "hello", "Hello!", Doing()),
        keeps=(events.MacroWritten,),
    ),
    "edit_macro": Told(
        by=lambda desk: first(
            desk.add_macro(GRACE, "hello", "Hello!", Doing()),
            desk.edit_macro(GRACE, "hello", "Hi!", Doing()),
        ),
        keeps=(events.MacroWritten, events.MacroWritten),
    ),
    "translate_macro": Told(
        by=lambda desk: first(
            desk.add_macro(GRACE, "hello", "Hello!", Doing()),
            desk.translate_macro(GRACE, "hello", "de", "Hallo!"),
        ),
        keeps=(events.MacroWritten, events.MacroWritten),
    ),
    "remove_macro": Told(
        by=lambda desk: first(
            desk.add_macro(GRACE, "hello", "Hello!", Doing()), desk.remove_macro(GRACE, "hello")
        ),
        keeps=(events.MacroWritten, events.MacroWritten),
    ),
    "add_kind": Told(
        by=lambda desk: desk.add_kind(OPERATOR, "repair", "It is mended."),
        keeps=(events.KindDefined,),
        who=OPERATOR_LABEL,
    ),
    "edit_kind": Told(
        by=lambda desk: desk.edit_kind(OPERATOR, "problem", "It does not work."),
        keeps=(events.KindDefined,),
        who=OPERATOR_LABEL,
    ),
    "remove_kind": Told(
        by=lambda desk: first(
            desk.add_kind(OPERATOR, "repair", "x"), desk.remove_kind(OPERATOR, "repair")
        ),
        keeps=(events.KindDefined, events.KindDefined),
        who=OPERATOR_LABEL,
    ),
    "set_language": Told(
        by=lambda desk: desk.set_language(GRACE, 1, "de"), keeps=(events.LanguageChanged,)
    ),
    "set_complexity": Told(
        by=lambda desk: desk.set_complexity(GRACE, 1, 4), keeps=(events.ComplexityChanged,)
    ),
    "add_rule": Told(
        by=lambda desk: desk.add_rule(OPERATOR, "vip: vip:yes => priority:high"),
        keeps=(events.RuleChanged,),
        who=OPERATOR_LABEL,
    ),
    "hold": Told(by=lambda desk: desk.hold(GRACE, 1, "the carrier"), keeps=(events.TicketHeld,)),
    "unhold": Told(
        by=lambda desk: first(desk.hold(GRACE, 1, "the carrier"), desk.unhold(GRACE, 1)),
        keeps=(events.TicketHeld, events.TicketResumed, events.TicketAssigned),
    ),
    "snooze": Told(by=lambda desk: desk.snooze(GRACE, 1, "2h"), keeps=(events.TicketSnoozed,)),
    "wake": Told(
        by=lambda desk: first(desk.snooze(GRACE, 1, "2h"), desk.wake(GRACE, 1)),
        keeps=(events.TicketSnoozed, events.TicketResumed, events.TicketAssigned),
    ),
    "merge": Told(
        by=lambda desk: desk.merge(OPERATOR, 2, 1, force=True),
        keeps=(events.TicketMerged,),
        who=OPERATOR_LABEL,
    ),
    "unmerge": Told(
        by=lambda desk: first(desk.merge(OPERATOR, 2, 1, force=True), desk.unmerge(OPERATOR, 2)),
        keeps=(events.TicketMerged, events.TicketUnmerged),
        who=OPERATOR_LABEL,
    ),
    "split": Told(
        by=lambda desk: desk.split(GRACE, 1),
        keeps=(events.TicketOpened, events.TicketSplit, events.TicketSplitOff),
    ),
    "unsplit": Told(
        by=lambda desk: first(desk.split(GRACE, 1), desk.unsplit(GRACE, 3)),
        keeps=(
            events.TicketOpened,
            events.TicketSplit,
            events.TicketSplitOff,
            events.TicketRejoined,
            events.SplitUndone,
        ),
    ),
    "link_tickets": Told(
        by=lambda desk: desk.link_tickets(GRACE, 2, 1),
        keeps=(events.TicketLinked, events.TicketLinked),
    ),
    "make_child": Told(
        by=lambda desk: desk.make_child(GRACE, 2, 1),
        keeps=(events.TicketLinked, events.TicketLinked),
    ),
    "unlink_tickets": Told(
        by=lambda desk: first(desk.make_child(GRACE, 2, 1), desk.unlink_tickets(GRACE, 1, 2)),
        keeps=(
            events.TicketLinked,
            events.TicketLinked,
            events.TicketUnlinked,
            events.TicketUnlinked,
        ),
    ),
    "watch": Told(by=lambda desk: desk.watch(GRACE, 1), keeps=(events.TicketWatched,)),
    "unwatch": Told(
        by=lambda desk: first(desk.watch(GRACE, 1), desk.unwatch(GRACE, 1)),
        keeps=(events.TicketWatched, events.TicketUnwatched),
    ),
    "ask_transcript": Told(
        by=lambda desk: desk.ask_transcript(GRACE, 1), keeps=(events.TranscriptAsked,)
    ),
    "reply": Told(by=lambda desk: desk.reply(GRACE, 1, "hello"), keeps=(events.AgentReplied,)),
    "note": Told(by=lambda desk: desk.note(GRACE, 1, "hm"), keeps=(events.NoteAdded,)),
    "correct": Told(
        by=lambda desk: replied_and(desk, desk.correct(GRACE, 1, "hallo")),
        keeps=(events.AgentReplied, events.MessageEdited),
    ),
    "unsend": Told(
        by=lambda desk: replied_and(desk, desk.unsend(GRACE, 1)),
        keeps=(events.AgentReplied, events.MessageDeleted),
    ),
    "message_edited": Told(
        by=lambda desk: wrote_and(
            desk,
            desk.message_edited(
                IncomingEdit(
                    address=place("cleo"),
                    external_id="p1",
                    by=person("cleo"),
                    text="!",
                    edited_at=MONDAY_MORNING,
                )
            ),
        ),
        keeps=(events.MessageReceived, events.MessageEdited),
        who=CLEO_LABEL,
    ),
    "message_deleted": Told(
        by=lambda desk: wrote_and(
            desk,
            desk.message_deleted(
                IncomingDeletion(address=place("cleo"), external_id="p1", by=person("cleo"))
            ),
        ),
        keeps=(events.MessageReceived, events.MessageDeleted),
        who=CLEO_LABEL,
    ),
    "reacted": Told(
        by=lambda desk: wrote_and(
            desk,
            desk.reacted(
                IncomingReaction(
                    address=place("cleo"),
                    external_id="p1",
                    by=person("cleo"),
                    emoji="👍",
                    added=True,
                )
            ),
        ),
        keeps=(events.MessageReceived, events.ReactionChanged),
        who=CLEO_LABEL,
    ),
    "resolve": Told(by=lambda desk: desk.resolve(GRACE, 1), keeps=(events.TicketResolved,)),
    "add_agent": Told(
        by=lambda desk: desk.add_agent(OPERATOR, person("linus"), Details(capacity=0)),
        keeps=(events.AgentAdded,),
        who=OPERATOR_LABEL,
    ),
    "edit_agent": Told(
        by=lambda desk: desk.edit_agent(OPERATOR, GRACE, Details(tier=2)),
        keeps=(events.AgentEdited,),
        who=OPERATOR_LABEL,
    ),
    "remove_agent": Told(
        by=lambda desk: desk.remove_agent(OPERATOR, GRACE),
        keeps=(events.TicketReturned, events.AgentRemoved),
        who=OPERATOR_LABEL,
    ),
    "add_team": Told(
        by=lambda desk: desk.add_team(OPERATOR, "orders"),
        keeps=(events.TeamDefined,),
        who=OPERATOR_LABEL,
    ),
    "rename_team": Told(
        by=lambda desk: desk.rename_team(OPERATOR, "returns", "refunds"),
        keeps=(events.TeamDefined,),
        who=OPERATOR_LABEL,
    ),
    "remove_team": Told(
        by=lambda desk: first(
            desk.transfer(OPERATOR, 1, Target(team="returns")),
            desk.remove_team(OPERATOR, "returns"),
        ),
        keeps=(
            *(events.TeamChanged, events.TicketReturned),
            *(events.AgentEdited, events.TeamChanged, events.TeamDefined),
        ),
        who=OPERATOR_LABEL,
    ),
    "set_hours": Told(
        by=lambda desk: desk.set_hours(GRACE, GRACE, "mon-fri 9-17"), keeps=(events.AgentEdited,)
    ),
    "set_away": Told(
        by=lambda desk: desk.set_away(GRACE, GRACE, "2026-12-24"), keeps=(events.AgentEdited,)
    ),
    "set_hand_back": Told(
        by=lambda desk: desk.set_hand_back(OPERATOR, GRACE, HandBack.NOW),
        keeps=(events.AgentEdited,),
        who=OPERATOR_LABEL,
    ),
    "set_rota": Told(
        by=lambda desk: desk.set_rota(OPERATOR, [GRACE]),
        keeps=(events.RotaSet,),
        who=OPERATOR_LABEL,
    ),
    "cover": Told(
        by=lambda desk: desk.cover(OPERATOR, GRACE, "2026-02-01", "2026-02-02"),
        keeps=(events.CoverMade,),
        who=OPERATOR_LABEL,
    ),
    "remove_cover": Told(
        by=lambda desk: first(
            desk.cover(OPERATOR, GRACE, "2026-02-01", "2026-02-02"), desk.remove_cover(OPERATOR, 1)
        ),
        keeps=(events.CoverMade, events.CoverRemoved),
        who=OPERATOR_LABEL,
    ),
    "swap_turns": Told(
        by=_swapped,
        keeps=(events.AgentAdded, events.RotaSet, events.CoverMade, events.CoverMade),
        who=OPERATOR_LABEL,
    ),
    "invite_admin": Told(
        by=lambda desk: desk.invite_admin(), keeps=(events.InvitationMade,), who=OPERATOR_LABEL
    ),
    "invite_self": Told(by=lambda desk: desk.invite_self(GRACE), keeps=(events.InvitationMade,)),
    "sign_in_link": Told(by=lambda desk: desk.sign_in_link(GRACE), keeps=(events.SignInLinkMade,)),
    "set_availability": Told(
        by=lambda desk: desk.set_availability(GRACE, Availability.BUSY),
        keeps=(events.AvailabilityChanged,),
    ),
}


class Shelf(NoDeflector):
    """Knows about passwords."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        if "password" not in question:
            return Suggestions(verdict=Verdict.QUIET)
        article = Suggestion(article="reset", title="Reset", answer="Press it.", confidence=0.9)
        return Suggestions(verdict=Verdict.SURE, suggestions=[article])


@pytest.fixture
def desk(open_desk: OpenDesk, tmp_path: Path) -> Desk:
    house = House(
        staff_rooms=(STAFF_ROOM,),
        deflector=Shelf(),
        admins=(person("maria"),),
        files=FolderStore(tmp_path),
        policy=Policy(presence=timedelta(days=30)),
    )
    return open_desk(house)


async def history(database: Database) -> list[History]:
    async with database.reading() as session:
        return list(await session.scalars(select(History).order_by(History.id)))


@pytest.mark.parametrize("step", sorted(STEPS))
async def test_what_is_done_is_kept_with_who_did_it_and_when(
    desk: Desk, database: Database, clock: FakeClock, step: str
) -> None:
    await hire(desk, "grace", team="returns")
    await open_ticket(desk, by="cleo")
    await open_ticket(desk, by="ben")
    await desk.receive(message("oh, and", by="cleo"))
    await desk.receive(message("how do I reset my password?", by="ana"))
    await desk.edit_agent(OPERATOR, GRACE, Details(capacity=2))
    await desk.set_availability(GRACE, Availability.ON_BREAK)
    await desk.release(GRACE, 2)
    before = await history(database)
    clock.advance(timedelta(minutes=1))

    await STEPS[step].by(desk)

    kept = (await history(database))[len(before) :]
    assert tuple(each.event for each in kept) == tuple(kind.__name__ for kind in STEPS[step].keeps)
    assert {each.actor for each in kept} == {STEPS[step].who}
    assert {each.at for each in kept} == {clock.now}


async def test_the_rest_of_a_tickets_life_is_kept_too(  # noqa: PLR0915 - one long story
    desk: Desk, database: Database, clock: FakeClock, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="cleo")
    await desk.receive(message("hi", by="ben"))
    await desk.receive(message("lunch?", by="grace"))
    await desk.courier.deliver_due()
    root = outbox.id_of(outbox.to(STAFF_ROOM)[0])
    said = message("seen before", by="grace", at=STAFF_ROOM.conversation)
    await desk.hear(said, root=root)
    await desk.resolve(grace, number)
    await desk.reopen(person("cleo"), number)
    await desk.resolve(grace, number)
    await desk.confirm(person("cleo"), number)
    await desk.rate(person("cleo"), number, 5)
    await desk.comment_rating(person("cleo"), number, "so quick!")
    await _staff_matters(desk, outbox)
    await _sweeps(desk, clock)
    await _promises(desk, clock)
    await _one_person_in_two_places(desk, outbox)
    await _something_comes_back(desk, database, clock)
    await _customers(desk)
    await _rules(desk, database)
    await _articles(desk)
    await _shifts(desk, clock)
    await _routing(desk, clock)
    await _elsewhere(desk, clock)

    kept = await history(database)
    names = {each.event for each in kept}
    by_steps = {kind.__name__ for step in STEPS.values() for kind in step.keeps}
    assert names | by_steps == {kind.__name__ for kind in every_event()}
    actors = {each.actor.partition(" (")[0] for each in kept}
    assert actors >= {
        "courier",
        "sweep: closing",
        "sweep: queue",
        "sweep: silent enquiries",
        "sweep: unanswered",
        "sweep: snoozed",
        "sweep: hours",
        "sweep: escalations",
        "sweep: presence",
        "settings, ADMINS",
        "invitation 1",
        "customer Cleo",
    }
    assert "desk" not in actors


class _SilentShop:
    """A shop that never answers."""

    async def order(self, number: str) -> OrderSaid | None:
        raise SourceFailed(f"nobody is there to look for {number}.")


async def _whose_order(database: Database, clock: FakeClock) -> None:
    """Ruth shows by e-mail that an order is hers, at a desk that sends mail and whose shop is down."""
    mails, ruth = Outbox(), person("ruth")
    house = replace(HOUSE, sends_mail=True)
    channels = {CHANNEL: Outbox(), "email": mails}
    desk = Desk(database, house, channels=channels, clock=clock, order_source=_SilentShop())
    await desk.take_in_orders([replace(ORDER, number="B-2002", identity="", email="ruth@x.org")])
    for _ in range(3):
        await desk.find_order(OPERATOR, "B-2002")
    await desk.receive(message("I want to return B-2002", by="ruth", at="ruth-2"))
    for _ in range(2):
        await desk.prove_order(ruth, "B-2002", "ruth@x.org")
        await desk.courier.deliver_due()
    codes = [each.card.text[:6] for each in mails.to("ruth@x.org")]
    await desk.receive(message(codes[1], by="ruth", at="ruth-2"))
    await desk.use_order_code(ruth, codes[0], "B-2002")
    await desk.forget_codes()
    await desk.send_links("ruth@x.org")


async def _something_comes_back(desk: Desk, database: Database, clock: FakeClock) -> None:
    """Two returns: one goes its way, one is refused; and an order is proved."""
    await _whose_order(database, clock)
    dora = await hire(desk, "dora", capacity=9, role=Role.LEAD)
    order = replace(ORDER, identity=str(person("rita")))
    await desk.take_in_orders([order])
    await desk.receive(message("I want to return A-1001", by="rita"))
    made, first = [
        await desk.request_return(
            person("rita"),
            "A-1001",
            ReturnWanted(quantities={sku: 1}, reason=Reason.DEFECTIVE),
        )
        for sku in ("LAMP", "BULB")
    ]
    if (await desk.ticket(dora, made.ticket_id)).ticket.assignee is None:
        await desk.claim(dora, made.ticket_id)
    await desk.refuse_return(dora, made.id, "used")
    for step in (desk.accept_return, desk.receive_return, desk.refund_return):
        await step(dora, first.id)
    await desk.resolve(dora, made.ticket_id)


async def _customers(desk: Desk) -> None:
    """Rita is noted, changed, blocked, answered again, and forgotten."""
    rita = str(person("rita"))
    await desk.edit_customer(OPERATOR, rita, {"company": "Acme"})
    await desk.note_customer(OPERATOR, rita, "kind")
    await desk.block_customer(OPERATOR, rita)
    await desk.receive(message("hello?", by="rita"))
    await desk.unblock_customer(OPERATOR, rita)
    await desk.forget_customer(OPERATOR, rita)


async def _shifts(desk: Desk, clock: FakeClock) -> None:
    """A day off; then somebody is quiet for a month, and there again."""
    ticket = await open_ticket(desk, "a scam!", by="angus")
    await desk.escalate_due()
    await desk.calm(OPERATOR, ticket)
    await desk.set_away(OPERATOR, GRACE, f"{clock.now:%Y-%m-%d}")
    await desk.keep_hours()
    await desk.set_availability(GRACE, Availability.AVAILABLE)
    clock.advance(timedelta(days=31))
    await desk.watch_presence()
    await desk.say_here(GRACE)
    await desk.notice(GRACE)


async def _rules(desk: Desk, database: Database) -> None:
    """Two rules are moved, switched, edited; one fits a ticket, the other is broken, and goes."""
    first = await desk.add_rule(OPERATOR, "all: kind:question => tag:seen")
    second = await desk.add_rule(OPERATOR, "lamps: lamp => tag:lamp")
    await desk.move_rule(OPERATOR, second.id, 1)
    await desk.edit_rule(OPERATOR, second.id, "lamps: lamp => tag:lamp tier:2")
    await desk.switch_rule(OPERATOR, first.id, on=False)
    await desk.switch_rule(OPERATOR, first.id, on=True)
    async with database.transaction() as session:
        await session.execute(update(Rule).where(Rule.id == second.id).values(team="gone"))
    await open_ticket(desk, by="gina")
    for category in ("seen", "known"):
        await desk.set_category(OPERATOR, 1, category)
    assert await Learning().learn(desk)
    await desk.remove_rule(OPERATOR, second.id)


async def _articles(desk: Desk) -> None:
    """An article is written, fails, does better, and learns."""
    library = Library.beside(desk)
    said = Fields(title="Reset", body="Press it.", phrasings=("a", "b"))
    article = await library.add(OPERATOR, said)
    await library.publish(OPERATOR, "reset")
    async with desk.work() as work:
        work.actor = "customers"
        work.session.add_all(_opinions(work, [Fate.UNHELPFUL] * 10))
    await library.digest()
    async with desk.work() as work:
        work.session.add_all(_opinions(work, [Fate.HELPFUL] * 10))
    await library.digest()
    [proposal] = await library.proposals(OPERATOR)
    await library.decide(OPERATOR, proposal.id, accept=True)
    assert article.slug == "reset"


def _opinions(work: Work, fates: list[Fate]) -> list[OfferedArticle]:
    return [
        OfferedArticle(
            enquiry_id=1,
            offer=100 + (fate is Fate.HELPFUL),
            place=place,
            article="reset",
            language="en",
            confidence=0.5,
            is_answer=True,
            fate=fate,
            offered_at=work.now,
        )
        for place, fate in enumerate(fates)
    ]


async def _staff_matters(desk: Desk, outbox: Outbox) -> None:
    await desk.save_view(OPERATOR, "all", "status:any")
    await desk.remove_view(OPERATOR, "all")
    proposed = await desk.propose_bulk(OPERATOR, BulkWhat.TAG, "+vip", "status:any")
    await desk.do_bulk(OPERATOR, proposed.bulk.id)
    await desk.undo_bulk(OPERATOR, proposed.bulk.id)
    outbox.will(Undeliverable("gone"))
    await desk.courier.deliver_due()
    [dead] = await desk.unsent(OPERATOR)
    await desk.resend(OPERATOR, dead.id)
    await desk.join(person("linus"), await desk.invite_admin())
    await desk.join(person("grace-elsewhere"), await desk.invite_self(GRACE))
    await desk.welcome(person("maria"))
    await _comes_in_by_the_site(desk, person("maria"))


async def _comes_in_by_the_site(desk: Desk, admin: Who) -> None:
    secret = await desk.sign_in(await desk.sign_in_link(admin), "a browser")
    await desk.stay(secret)
    visit = await desk.visit(secret)
    assert visit is not None
    await desk.end_session(visit.who, visit.session)
    await desk.sign_in_as(admin, await desk.begin_sign_in(), "a browser")
    key, secret = await desk.make_key(admin, "shop", [Scope.INTAKE], None)
    await desk.key_used(secret)
    await desk.end_key(admin, key.id)


async def _one_person_in_two_places(desk: Desk, outbox: Outbox) -> None:
    here, there = person("elsa"), Who(CHANNEL, "elsewhere", "elsa", "Elsa")
    place_there = Address(CHANNEL, "elsewhere", "elsa")
    number = await open_ticket(desk, by="elsa")
    await desk.use_link_code(there, await desk.link_code(here))
    written = message("LINK-AAAA-BBBB-CCCC", by="elsa")
    await desk.receive(replace(written, address=place_there, sender=there))
    outbox.files["f1"] = b"a picture"
    files = tuple(IncomingFile(name="x.png", source=source) for source in ("f1", "gone"))
    written = message("and this?", by="elsa")
    await desk.receive(replace(written, address=place_there, sender=there, files=files))
    await desk.fetcher.fetch_due()
    await desk.look_up_enquiry(there, await desk.open_enquiry(there))
    await desk.resolve(OPERATOR, number + 1)
    await desk.confirm(here, number + 1)
    await desk.move_ticket(there, number)
    await desk.receive(message("hello", by="fritz"))
    await desk.link_customers(OPERATOR, here, person("fritz"))


async def _routing(desk: Desk, clock: FakeClock) -> None:
    """A knob is turned; a ticket is raised a tier, and finds nobody who is there."""
    await desk.set_routing(OPERATOR, "default", "idle", "50")
    await hire(desk, "tess", tier=2)
    await desk.set_availability(person("tess"), Availability.OFFLINE)
    await desk.escalate(OPERATOR, await open_ticket(desk, by="gustav"), "they will sue")
    clock.advance(timedelta(hours=1))
    assert await desk.alarm_stuck()


async def _elsewhere(desk: Desk, clock: FakeClock) -> None:
    """A reader of the help centre says no; a program is told what happens; a week is told of."""
    opinion = Opinion(article="reset", title="Reset", language="en", helpful=False)
    await desk.opine(person("rita"), "how?", opinion)
    dora = await hire(desk, "hooks", role=Role.ADMIN)
    await desk.add_webhook(dora, "https://shop.example/hooks", ["TicketOpened"])
    while clock.now.weekday() or clock.now.hour != 9:
        clock.advance(timedelta(hours=1))
    assert await desk.post_digest()


async def _sweeps(desk: Desk, clock: FakeClock) -> None:
    again = await open_ticket(desk, by="cleo")
    await desk.resolve(GRACE, again)
    await desk.receive(message("how do I reset my password?", by="ana"))
    clock.advance(timedelta(days=3))
    await desk.close_resolved()
    await desk.close_silent()
    waiting = await open_ticket(desk, by="dora")
    await desk.release(GRACE, waiting)
    clock.advance(timedelta(hours=1))
    await desk.assign_due()
    clock.advance(timedelta(hours=1))
    await desk.take_back_unanswered()
    clock.advance(timedelta(hours=1))
    await desk.assign_due()
    await desk.snooze(OPERATOR, waiting, "1h")
    clock.advance(timedelta(hours=1))
    await desk.wake_due()


async def _promises(desk: Desk, clock: FakeClock) -> None:
    await desk.ship_promises()
    await desk.add_hours(OPERATOR, "nights", {"hours": "daily 22-6"})
    await desk.edit_hours(OPERATOR, "nights", {"zone": "Europe/Berlin"})
    await desk.add_policy(OPERATOR, "guards", {"first": "1h", "hours": "nights", "tag": "guard"})
    await desk.edit_policy(OPERATOR, "guards", {"hours": "team"})
    await desk.remove_policy(OPERATOR, "guards")
    await desk.remove_hours(OPERATOR, "nights")
    await open_ticket(desk, by="gustav")
    await desk.resolve(OPERATOR, await open_ticket(desk, by="hanna"))
    for _ in range(12):  # half a day at a time would only see that it is too late
        clock.advance(timedelta(hours=1))
        await desk.sweep_promises()
    clock.advance(timedelta(days=4))
    await desk.sweep_promises()
    await desk.tell_of_promises()


def test_every_use_case_is_in_one_of_these_stories() -> None:
    told = set(STEPS) | {
        *("hear", "reopen", "confirm", "close_resolved", "close_silent", "assign_due"),
        *("resend", "join", "_welcome"),
        *("rate", "comment_rating", "take_back_unanswered", "wake_due"),
        *("propose_bulk", "do_bulk", "undo_bulk", "remove_view"),
        *("link_code", "use_link_code", "link_customers", "move_ticket", "look_up_enquiry"),
        *("take_in_orders", "request_return", "accept_return", "refuse_return"),
        *("receive_return", "refund_return", "edit_customer", "note_customer"),
        *("_climb", "_tell_escalations"),
        *("prove_order", "use_order_code", "forget_codes", "ask_of_return"),
        *("keep_hours", "watch_presence", "say_here", "_seen"),
        *("edit_rule", "move_rule", "remove_rule", "switch_rule", "keep_lesson", "take_in_rules"),
        *("add_policy", "edit_policy", "remove_policy", "add_hours", "edit_hours", "remove_hours"),
        *("ship_promises", "sweep_promises", "tell_of_promises"),
        *("block_customer", "unblock_customer", "_forget"),
        *("begin_sign_in", "sign_in_as"),
        *("sign_in_link", "sign_in", "stay", "end_session", "make_key", "key_used", "end_key"),
        *("begin_repeatable", "end_repeatable", "forget_repeats"),  # of which nothing is kept
        *("come", "seen", "introduce", "_send_links", "forget_link_mails"),
        *("open_ticket", "keep_orders", "request_return_for"),
        *("add_webhook", "pause_webhook", "resume_webhook", "remove_webhook", "test_webhook"),
        *("resend_to_webhook", "tell_webhooks"),
        *("tally", "rebuild_reports", "post_digest", "opine"),
        *("set_routing", "reset_routing", "switch_challenger", "study_routing", "alarm_stuck"),
    }
    use_cases = {
        name
        for part in Desk.__bases__
        for name, line in vars(part).items()
        if hasattr(line, "__wrapped__") and "action" in line.__code__.co_freevars  # no question
    }

    assert {name.lstrip("_") for name in told} == {name.lstrip("_") for name in use_cases}


def test_each_name_stands_in_one_part_of_the_desk() -> None:
    parts = [set(vars(part)) for part in Desk.__bases__]
    names = [name for part in parts for name in part if not name.startswith("__")]

    assert sorted(names) == sorted(set(names))


async def test_what_is_done_on_a_customers_behalf_is_kept_as_an_agents(
    desk: Desk, database: Database
) -> None:
    dora = await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    ana = person("ana")
    await desk.open_ticket(dora, Matter(text="the lamp hums", identity=ana))
    await desk.keep_orders(dora, [replace(ORDER, identity=str(ana))])
    sku = ORDER.lines[0].sku
    wanted = ReturnWanted(quantities={sku: 1}, reason=Reason.DEFECTIVE)
    await desk.request_return_for(dora, ana, ORDER.number, wanted)
    made, _ = await desk.add_webhook(dora, "https://shop.example/hooks", ["TicketOpened"])
    await desk.test_webhook(dora, made.id)
    for act in (desk.pause_webhook, desk.resume_webhook, desk.remove_webhook):
        await act(dora, made.id)
    kept = [each for each in await history(database) if each.actor.startswith("agent")]

    assert {"TicketOpened", "ReturnRequested"} <= {each.event for each in kept}
    changes = [each.facts["change"] for each in kept if each.event == "WebhookChanged"]
    assert changes == ["added", "paused", "resumed", "removed"]


async def test_nothing_is_kept_of_what_was_refused_or_repeated(
    desk: Desk, database: Database
) -> None:
    post = message("the printer smokes")
    await desk.receive(post)
    before = len(await history(database))
    await desk.receive(post)

    assert len(await history(database)) == before
