"""Tickets for programs: lists, one with what was said on it, and everything done with one."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Priority, Target, Wanted
from core.vocabulary import Scope as Key
from core.vocabulary import Ticket as StoredTicket
from web.api import shapes
from web.api.caller import Caller, allowed
from web.api.once import Once
from web.api.versions import IfMatch, Number, answer, expecting

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=Once)

Reader = Annotated[Caller, Depends(allowed(Key.TICKETS_READ))]
Writer = Annotated[Caller, Depends(allowed(Key.TICKETS_WRITE))]


@router.get("")
async def list_tickets(
    caller: Reader,
    filter: Annotated[  # noqa: A002 - what it is called everywhere
        str, Query(max_length=500, examples=["status:open priority:high"])
    ] = "",
    after: Annotated[str | None, Query(max_length=40, description="``next`` of a page")] = None,
) -> shapes.Tickets:
    """A page of tickets, in the language of filters: without a status, those that are live."""
    wanted = f"{filter} after:{after}" if after else filter
    page = await caller.desk.tickets(caller.who, Wanted(filter=wanted))
    return shapes.Tickets(
        tickets=[shapes.Ticket.of(each) for each in page.tickets],
        next=str(page.next) if page.next is not None else None,
    )


@router.get("/{number}")
async def show_ticket(caller: Reader, number: Number, response: Response) -> shapes.Ticket:
    """One ticket; its ETag is its version."""
    said = await caller.desk.messages(caller.who, number, at_most=0)
    return answer(said.ticket, response)


@router.get("/{number}/messages")
async def list_messages(
    caller: Reader,
    number: Number,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Messages:
    """What was said on a ticket, notes included, oldest first."""
    said = await caller.desk.messages(caller.who, number, after=after, at_most=limit)
    return shapes.Messages(
        messages=[
            shapes.Message.of(each, said.authors.get(each.agent_id or 0)) for each in said.messages
        ],
        next=said.messages[-1].id if said.more else None,
    )


@router.post("/{number}/replies", status_code=201)
async def reply(
    caller: Writer, number: Number, said: shapes.Said, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Answer the customer."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.reply(caller.who, number, said.text), response)


@router.post("/{number}/notes", status_code=201)
async def note(
    caller: Writer, number: Number, said: shapes.Said, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Say something among staff."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.note(caller.who, number, said.text), response)


@router.post("/{number}/resolve")
async def resolve(
    caller: Writer,
    number: Number,
    response: Response,
    said: shapes.Resolution | None = None,
    if_match: IfMatch = None,
) -> shapes.Ticket:
    """It is solved."""
    desk = expecting(caller, number, if_match)
    text = said.text if said else ""
    return answer(await desk.resolve(caller.who, number, text), response)


@router.post("/{number}/transfer")
async def transfer(
    caller: Writer, number: Number, to: shapes.To, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Pass it on to somebody else, a skill or a team."""
    if not (to.agent or to.skill or to.team):
        raise Invalid("Say to whom: agent, skill or team.")
    agent = Who(caller.who.channel, caller.who.workspace, to.agent) if to.agent else None
    desk = expecting(caller, number, if_match)
    target = Target(agent=agent, skill=to.skill, team=to.team)
    return answer(await desk.transfer(caller.who, number, target), response)


@router.post("/{number}/escalate")
async def escalate(
    caller: Writer, number: Number, why: shapes.Reason, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Ask for more weight."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.escalate(caller.who, number, why.reason), response)


@router.post("/{number}/hold")
async def hold(
    caller: Writer, number: Number, why: shapes.Reason, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Put it on hold while somebody else has to do something."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.hold(caller.who, number, why.reason), response)


@router.post("/{number}/snooze")
async def snooze(
    caller: Writer,
    number: Number,
    until: shapes.Until,
    response: Response,
    if_match: IfMatch = None,
) -> shapes.Ticket:
    """Put it away until a time, or until its customer writes."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.snooze(caller.who, number, until.until), response)


@router.post("/{number}/merge")
async def merge(
    caller: Writer, number: Number, into: shapes.Into, response: Response, if_match: IfMatch = None
) -> shapes.Ticket:
    """Make it part of another one, which is answered."""
    desk = expecting(caller, number, if_match)
    merged = await desk.merge(caller.who, number, into.into, force=into.force)
    return answer(merged, response)


@router.put("/{number}/priority")
async def set_priority(
    caller: Writer,
    number: Number,
    wanted: shapes.PriorityWanted,
    response: Response,
    if_match: IfMatch = None,
) -> shapes.Ticket:
    """How urgent it is."""
    desk = expecting(caller, number, if_match)
    priority = Priority[wanted.priority.upper()]
    return answer(await desk.set_priority(caller.who, number, priority), response)


@router.put("/{number}/category")
async def set_category(
    caller: Writer,
    number: Number,
    wanted: shapes.CategoryWanted,
    response: Response,
    if_match: IfMatch = None,
) -> shapes.Ticket:
    """What it is about."""
    desk = expecting(caller, number, if_match)
    return answer(await desk.set_category(caller.who, number, wanted.category), response)


@router.get("/{number}/tags")
async def list_tags(caller: Reader, number: Number) -> list[str]:
    """The words it is found by."""
    return list(await caller.desk.tags(caller.who, number))


@router.patch("/{number}/tags")
async def tag(
    caller: Writer, number: Number, wanted: shapes.TagsWanted, if_match: IfMatch = None
) -> list[str]:
    """Put tags on and take them off; all that there are then."""
    desk = expecting(caller, number, if_match)
    await desk.tag(caller.who, number, add=wanted.add, remove=wanted.remove)
    return list(await caller.desk.tags(caller.who, number))


Act = Callable[[Desk, Who, int], Awaitable[StoredTicket]]

PLAIN: dict[str, tuple[str, Act]] = {
    "claim": ("Take it: for whoever made the key.", lambda desk, by, n: desk.claim(by, n)),
    "release": ("Give it back to the queue.", lambda desk, by, n: desk.release(by, n)),
    "reopen": ("It is not solved after all.", lambda desk, by, n: desk.reopen(by, n)),
    "unhold": ("Take it up again.", lambda desk, by, n: desk.unhold(by, n)),
    "wake": ("Take it up before its time.", lambda desk, by, n: desk.wake(by, n)),
    "unmerge": ("Take a merge back.", lambda desk, by, n: desk.unmerge(by, n)),
}
"""What is done with a ticket without another word."""


def _plain(act: Act) -> Callable[..., Awaitable[shapes.Ticket]]:
    async def carry_out(
        caller: Writer, number: Number, response: Response, if_match: IfMatch = None
    ) -> shapes.Ticket:
        desk = expecting(caller, number, if_match)
        return answer(await act(desk, caller.who, number), response)

    return carry_out


for _name, (_help, _act) in PLAIN.items():
    router.add_api_route(
        f"/{{number}}/{_name}", _plain(_act), methods=["POST"], summary=_help, name=_name
    )
