"""What is going on when the process crashes: each story with its beginning, its act and its end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from core.channels import IncomingDeletion, IncomingEdit, IncomingMessage, IncomingReaction
from core.deflection import QUIET, NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import OPERATOR, Availability, Details, House, Status
from tests.clock import MONDAY_MORNING, FakeClock
from tests.faults.machine import Machine
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person, place

GRACE, LINUS = person("grace"), person("linus")


class Shelf(NoDeflector):
    """Knows about passwords."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        if "password" not in question:
            return QUIET
        article = Suggestion(article="reset", title="Reset", answer="Press it.", confidence=0.9)
        return Suggestions(verdict=Verdict.SURE, suggestions=[article])


HOUSE = House(staff_rooms=(STAFF_ROOM,), deflector=Shelf())


@dataclass
class World:
    """The platform and the people outside, who do not crash with us."""

    clock: FakeClock
    machine: Machine
    acknowledged: set[str] = field(default_factory=set)

    async def deliver(self, desk: Desk, incoming: IncomingMessage) -> None:
        """The platform hands over an event, again and again until it is acknowledged."""
        if incoming.external_id in self.acknowledged:
            return
        await desk.receive(incoming)
        self.machine.reach("before acknowledgement")
        self.acknowledged.add(incoming.external_id)
        self.machine.reach("after acknowledgement")


Act = Callable[[Desk, World], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Story:
    """``before`` sets the scene, ``act`` may crash anywhere, ``again`` is what people do then.

    ``expects`` are the statuses of the tickets at the end, in the order of their numbers (which
    may have gaps, where a transaction was rolled back).
    """

    name: str
    before: Act
    act: Act
    again: Act
    expects: tuple[Status, ...]


def _hearing(*incoming: IncomingMessage) -> Act:
    async def hear(desk: Desk, world: World) -> None:
        for each in incoming:
            await world.deliver(desk, each)

    return hear


def _pressing(press: Callable[[Desk], Awaitable[object]]) -> tuple[Act, Act]:
    """An act by hand; after a crash it is pressed again, and a refusal is an answer."""

    async def first(desk: Desk, world: World) -> None:
        await press(desk)
        world.machine.reach("before acknowledgement")
        world.machine.reach("after acknowledgement")

    async def again(desk: Desk, world: World) -> None:
        try:
            await press(desk)
        except DeskError:
            return

    return first, again


async def _nobody_there(desk: Desk, world: World) -> None:
    return None


async def _a_free_agent(desk: Desk, world: World) -> None:
    await hire(desk, "grace")


async def _a_ticket_with_grace(desk: Desk, world: World) -> None:
    await hire(desk, "grace")
    await open_ticket(desk, by="ana")


async def _a_resolved_ticket(desk: Desk, world: World) -> None:
    await _a_ticket_with_grace(desk, world)
    await desk.resolve(GRACE, 1, "Done.")
    await desk.courier.deliver_due()


async def _a_queue(desk: Desk, world: World) -> None:
    await _a_ticket_with_grace(desk, world)
    for customer in ("ben", "cleo"):
        world.clock.advance(timedelta(seconds=1))
        await open_ticket(desk, by=customer)


async def _a_queue_and_linus_on_a_break(desk: Desk, world: World) -> None:
    await hire(desk, "linus")
    await desk.set_availability(LINUS, Availability.ON_BREAK)
    await _a_queue(desk, world)


async def _much_to_send(desk: Desk, world: World) -> None:
    await _a_ticket_with_grace(desk, world)
    await desk.reply(GRACE, 1, "Which printer?")
    await desk.receive(message("the blue one", by="ana"))
    await desk.note(GRACE, 1, "again the blue one")
    await desk.resolve(GRACE, 1, "Replaced the cable.")
    await desk.receive(message("hi", by="ben"))
    await desk.receive(message("how do I reset my password?", by="cleo"))
    await desk.solve_enquiry(person("cleo"), 2)


async def _talked_over(desk: Desk, world: World) -> None:
    await _a_ticket_with_grace(desk, world)
    for post in ("ana-2", "ana-3"):
        await desk.receive(message(f"this is {post}", by="ana", post=post))
    await desk.reply(GRACE, 1, "Pres it.")
    await desk.courier.deliver_due()


async def _change(desk: Desk, world: World) -> None:
    """Both sides change what they said; a platform tells of it again until it is acknowledged."""
    ana, here = person("ana"), place("ana")
    edit = IncomingEdit(
        address=here, external_id="ana-2", by=ana, text="that is ana-2", edited_at=MONDAY_MORNING
    )
    await desk.message_edited(edit)
    await desk.message_deleted(IncomingDeletion(address=here, external_id="ana-3"))
    reaction = IncomingReaction(address=here, external_id="ana-2", by=ana, emoji="👍", added=True)
    await desk.reacted(reaction)
    await desk.correct(GRACE, 1, "Press it.")
    await desk.courier.deliver_due()


async def _carry(desk: Desk, world: World) -> None:
    await desk.courier.deliver_due()


_claim, _claim_again = _pressing(lambda desk: desk.claim(LINUS, 2))
_resolve, _resolve_again = _pressing(lambda desk: desk.resolve(GRACE, 1, "Done."))
_release, _release_again = _pressing(lambda desk: desk.release(GRACE, 1))
_remove, _remove_again = _pressing(lambda desk: desk.remove_agent(OPERATOR, GRACE))
_join, _join_again = _pressing(lambda desk: desk.add_agent(OPERATOR, LINUS, Details(capacity=2)))


_FIRST = message("the printer smokes", by="zoe", post="zoe-1")
_SECOND = message("and it stinks", by="zoe", post="zoe-2")

STORIES = [
    Story(
        name="intake, nobody there",
        before=_nobody_there,
        act=_hearing(_FIRST, _SECOND),
        again=_hearing(_FIRST, _SECOND),
        expects=(Status.NEW,),
    ),
    Story(
        name="intake, assigned at once",
        before=_a_free_agent,
        act=_hearing(_FIRST, _SECOND),
        again=_hearing(_FIRST, _SECOND),
        expects=(Status.OPEN,),
    ),
    Story(
        name="intake, an article offered, then a person",
        before=_a_free_agent,
        act=_hearing(
            message("how do I reset my password?", by="zoe", post="zoe-1"),
            message("a person please", by="zoe", post="zoe-2"),
        ),
        again=_hearing(
            message("how do I reset my password?", by="zoe", post="zoe-1"),
            message("a person please", by="zoe", post="zoe-2"),
        ),
        expects=(Status.OPEN,),
    ),
    Story(
        name="intake, small talk",
        before=_nobody_there,
        act=_hearing(message("hi", by="zoe", post="zoe-1")),
        again=_hearing(message("hi", by="zoe", post="zoe-1")),
        expects=(),
    ),
    Story(
        name="intake, a resolved ticket comes back",
        before=_a_resolved_ticket,
        act=_hearing(message("it smokes again", by="ana", post="ana-2")),
        again=_hearing(message("it smokes again", by="ana", post="ana-2")),
        expects=(Status.OPEN,),
    ),
    Story(
        name="claim",
        before=_a_queue_and_linus_on_a_break,
        act=_claim,
        again=_claim_again,
        expects=(
            Status.OPEN,
            Status.OPEN,
            Status.NEW,
        ),
    ),
    Story(
        name="resolve, and the next is assigned",
        before=_a_queue,
        act=_resolve,
        again=_resolve_again,
        expects=(
            Status.RESOLVED,
            Status.OPEN,
            Status.NEW,
        ),
    ),
    Story(
        name="release",
        before=_a_queue,
        act=_release,
        again=_release_again,
        expects=(
            Status.NEW,
            Status.OPEN,
            Status.NEW,
        ),
    ),
    Story(
        name="an agent is removed",
        before=_a_queue,
        act=_remove,
        again=_remove_again,
        expects=(
            Status.NEW,
            Status.NEW,
            Status.NEW,
        ),
    ),
    Story(
        name="an agent joins and gets what waits",
        before=_a_queue,
        act=_join,
        again=_join_again,
        expects=(
            Status.OPEN,
            Status.OPEN,
            Status.OPEN,
        ),
    ),
    Story(
        name="what was said is changed",
        before=_talked_over,
        act=_change,
        again=_change,
        expects=(Status.PENDING,),
    ),
    Story(
        name="delivery",
        before=_much_to_send,
        act=_carry,
        again=_carry,
        expects=(Status.RESOLVED,),
    ),
]
