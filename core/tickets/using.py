"""Using a macro: its reply and all its actions, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core import markdown
from core.channels import Who
from core.errors import Conflict, DeskError
from core.events import MacroUsed
from core.model import Agent, Identity, Macro, Order, Priority, Return, Ticket
from core.people.actors import Actor, acting, staff
from core.routing import assignment
from core.tickets import (
    conversation,
    filling,
    find,
    finding_macros,
    holding,
    kinds,
    lifecycle,
    links,
    macro_words,
    macros,
    passing_on,
    tagging,
)
from core.tickets.macro_words import FIELD, first_name
from core.tickets.passing_on import Target
from core.work import Using, Work


class MacroRefused(Conflict):
    """One of its actions is not possible, so that none of it was done."""

    def __init__(self, name: str, reason: DeskError) -> None:
        super().__init__(f"The macro {name} did nothing. {reason}")


@dataclass(frozen=True)
class Used:
    """A ticket after a macro, and what the macro did to it, in words."""

    ticket: Ticket
    macro: Macro
    did: str


async def preview(work: Work, by: Who, name: str, number: int) -> str:
    """What a macro would say on a ticket, in its customer's language; empty where it only acts.

    Raises `UnknownMacro`, `UnknownTicket`, `NothingToSay`.
    """
    asking = await staff(work.session, by)
    macro = await finding_macros.meant(work, asking, name)
    ticket = await find.ticket_for(work.session, asking, number, to_look=True)
    return await _words(work, asking, macro, ticket)


async def use(work: Work, by: Who, name: str, number: int, text: str = "") -> Used:
    """Say what a macro says, or ``text`` instead, and do all that it does, by the verbs that agents
    have; where one of them is refused, nothing is done.

    Raises `UnknownMacro`, `UnknownTicket`, `MacroRefused`.
    """
    actor = await acting(work, by)
    macro = await finding_macros.meant(work, actor, name)
    try:
        await _lock_agents(work, actor, macro)
        ticket = await find.ticket_for(work.session, actor, number)
        said = text.strip() or await _words(work, actor, macro, ticket)
        work.using = Using(macro.name, number)
        did = await _do(work, by, macro, ticket, said)
    except find.UnknownTicket:
        raise
    except DeskError as refusal:
        raise MacroRefused(macro.name, refusal) from refusal
    work.emit(MacroUsed(ticket_id=number, macro=macro.name, did=did))
    ticket = await find.ticket_for(work.session, actor, number)
    return Used(ticket, macro, did)


async def _lock_agents(work: Work, actor: Actor, macro: Macro) -> None:
    """Lock whoever may get the ticket before the ticket itself, as claims do, so that nobody waits for
    each other."""
    to = macro.does.get("agent")
    ids = {to} if to is not None else set()
    if macro.does.get("assign") == "me" and actor.agent is not None:
        ids = {actor.agent.id}
    for agent_id in sorted(ids):
        await assignment.lock(work.session, await work.session.get_one(Agent, agent_id))


async def _do(work: Work, by: Who, macro: Macro, ticket: Ticket, said: str) -> str:
    """All of it, in the order in which an agent would; what was done, in words."""
    does, number = macro.does, ticket.id
    if does.get("assign") == "me" and not await _is_mine(work, by, ticket):
        await lifecycle.claim(work, by, number)
    if "kind" in does:
        await kinds.set_kind(work, by, number, does["kind"])
    if "priority" in does:
        await lifecycle.set_priority(work, by, number, Priority[does["priority"].upper()])
    if "category" in does:
        await tagging.set_category(work, by, number, does["category"])
    if "tags" in does:
        tags = does["tags"].split(",")
        add = [each[1:] for each in tags if each[0] == "+"]
        off = [each[1:] for each in tags if each[0] == "-"]
        await tagging.tag(work, by, number, add=add, remove=off)
    if said:
        await conversation.reply(work, by, number, said)
    await _end(work, by, macro, ticket)
    told = ["reply"] if said else []
    for name, value in macros.in_order(macro):
        told.append("passed on" if name == "agent" else f"{name.replace('_', ' ')} {value}")
    return ", ".join(told)


async def _end(work: Work, by: Who, macro: Macro, ticket: Ticket) -> None:
    """What leaves the ticket as the macro wants it: its status, or with somebody else."""
    does, number = macro.does, ticket.id
    if does.get("status") == "resolved":
        await links.resolve(work, by, number)
    if does.get("status") == "on hold":
        await holding.hold(work, by, number, does["waits_for"])
    if does.get("assign") == "release":
        await lifecycle.release(work, by, number)
    if "team" in does:
        await passing_on.transfer(work, by, number, Target(team=does["team"]))
    if "agent" in does and ticket.assignee_id != does["agent"]:
        await passing_on.transfer(work, by, number, await _to(work, does["agent"]))


async def _to(work: Work, agent_id: int) -> Target:
    known = select(Identity).where(Identity.agent_id == agent_id).order_by(Identity.id).limit(1)
    return Target(agent=(await work.session.scalars(known)).one().who)


async def _is_mine(work: Work, by: Who, ticket: Ticket) -> bool:
    actor = await acting(work, by)
    return actor.agent is not None and ticket.assignee_id == actor.agent.id


async def _words(work: Work, actor: Actor, macro: Macro, ticket: Ticket) -> str:
    """What it says, in the language of the ticket's customer as far as it was translated."""
    language = (ticket.customer.language or ticket.language or "").lower()
    there = await finding_macros.translations(work, macro)
    text = there.get(language) or there.get(language.partition("-")[0]) or macro.text
    if "{" not in text and "}" not in text:
        return text
    return macro_words.fill(text, await _values(work, actor, ticket), ticket.id).strip()


async def _values(work: Work, actor: Actor, ticket: Ticket) -> Mapping[str, str]:
    agent = actor.agent.name if actor.agent else ""
    customer = ticket.customer
    own = (await filling.filled(work.session, [ticket.id])).get(ticket.id, ())
    values = {
        "customer.name": customer.name,
        "customer.first_name": first_name(customer.name),
        "customer.company": customer.company,
        "customer.email": customer.email,
        "ticket.number": str(ticket.id),
        "ticket.subject": ticket.subject,
        "ticket.category": ticket.category,
        "ticket.priority": ticket.priority.label,
        "ticket.kind": ticket.kind,
        "agent.name": agent,
        "agent.first_name": first_name(agent),
        "order.number": await _order(work, ticket),
        **{f"{FIELD}{each.name}": each.text for each in own},
    }
    return {name: markdown.escaped(value) for name, value in values.items()}


async def _order(work: Work, ticket: Ticket) -> str:
    """The number of the order that is being returned on the ticket, the latest; or nothing."""
    orders = (
        select(Order.number)
        .join(Return, Return.order_id == Order.id)
        .where(Return.ticket_id == ticket.id)
        .order_by(Return.id.desc())
        .limit(1)
    )
    return (await work.session.scalars(orders)).first() or ""
