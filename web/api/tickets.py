"""Tickets for programs: lists, one with what was said on it, and everything done with one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from core.channels import Who
from core.errors import Invalid
from core.vocabulary import Priority, Target, Wanted
from web.api import shapes
from web.api.caller import Reader
from web.api.once import Once
from web.api.versions import Changing, Number, answer

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=Once)


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
async def reply(on: Changing, said: shapes.Said) -> shapes.Ticket:
    """Answer the customer."""
    return on.answer(await on.desk.reply(on.who, on.number, said.text))


@router.post("/{number}/notes", status_code=201)
async def note(on: Changing, said: shapes.Said) -> shapes.Ticket:
    """Say something among staff."""
    return on.answer(await on.desk.note(on.who, on.number, said.text))


@router.post("/{number}/resolve")
async def resolve(on: Changing, said: shapes.Resolution | None = None) -> shapes.Ticket:
    """It is solved."""
    return on.answer(await on.desk.resolve(on.who, on.number, said.text if said else ""))


@router.post("/{number}/transfer")
async def transfer(on: Changing, to: shapes.To) -> shapes.Ticket:
    """Pass it on to somebody else, a skill or a team."""
    if not (to.agent or to.skill or to.team):
        raise Invalid("Say to whom: agent, skill or team.")
    agent = Who(on.who.channel, on.who.workspace, to.agent) if to.agent else None
    target = Target(agent=agent, skill=to.skill, team=to.team)
    return on.answer(await on.desk.transfer(on.who, on.number, target))


@router.post("/{number}/escalate")
async def escalate(on: Changing, why: shapes.Reason) -> shapes.Ticket:
    """Ask for more weight."""
    return on.answer(await on.desk.escalate(on.who, on.number, why.reason))


@router.post("/{number}/hold")
async def hold(on: Changing, why: shapes.Reason) -> shapes.Ticket:
    """Put it on hold while somebody else has to do something."""
    return on.answer(await on.desk.hold(on.who, on.number, why.reason))


@router.post("/{number}/snooze")
async def snooze(on: Changing, until: shapes.Until) -> shapes.Ticket:
    """Put it away until a time, or until its customer writes."""
    return on.answer(await on.desk.snooze(on.who, on.number, until.until))


@router.post("/{number}/merge")
async def merge(on: Changing, into: shapes.Into) -> shapes.Ticket:
    """Make it part of another one, which is answered."""
    return on.answer(await on.desk.merge(on.who, on.number, into.into, force=into.force))


@router.put("/{number}/priority")
async def set_priority(on: Changing, wanted: shapes.PriorityWanted) -> shapes.Ticket:
    """How urgent it is."""
    priority = Priority[wanted.priority.upper()]
    return on.answer(await on.desk.set_priority(on.who, on.number, priority))


@router.put("/{number}/category")
async def set_category(on: Changing, wanted: shapes.CategoryWanted) -> shapes.Ticket:
    """What it is about."""
    return on.answer(await on.desk.set_category(on.who, on.number, wanted.category))


@router.get("/{number}/tags")
async def list_tags(caller: Reader, number: Number) -> list[str]:
    """The words it is found by."""
    return list(await caller.desk.tags(caller.who, number))


@router.patch("/{number}/tags")
async def tag(on: Changing, wanted: shapes.TagsWanted) -> list[str]:
    """Put tags on and take them off; all that there are then."""
    await on.desk.tag(on.who, on.number, add=wanted.add, remove=wanted.remove)
    return list(await on.desk.tags(on.who, on.number))


@router.post("/{number}/claim")
async def claim(on: Changing) -> shapes.Ticket:
    """Take it: for whoever made the key."""
    return on.answer(await on.desk.claim(on.who, on.number))


@router.post("/{number}/release")
async def release(on: Changing) -> shapes.Ticket:
    """Give it back to the queue."""
    return on.answer(await on.desk.release(on.who, on.number))


@router.post("/{number}/reopen")
async def reopen(on: Changing) -> shapes.Ticket:
    """It is not solved after all."""
    return on.answer(await on.desk.reopen(on.who, on.number))


@router.post("/{number}/unhold")
async def unhold(on: Changing) -> shapes.Ticket:
    """Take it up again."""
    return on.answer(await on.desk.unhold(on.who, on.number))


@router.post("/{number}/wake")
async def wake(on: Changing) -> shapes.Ticket:
    """Take it up before its time."""
    return on.answer(await on.desk.wake(on.who, on.number))


@router.post("/{number}/unmerge")
async def unmerge(on: Changing) -> shapes.Ticket:
    """Take a merge back."""
    return on.answer(await on.desk.unmerge(on.who, on.number))
