"""Every command there is, and how one is carried out for somebody on any channel."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from bots.commands import (
    agents,
    article_learning,
    article_writing,
    articles,
    challenger,
    customers,
    desk,
    escalations,
    fields,
    filing,
    finding,
    history,
    hours,
    kinds,
    life,
    links,
    looking,
    macros,
    oncall,
    orders,
    promises,
    queue,
    replies,
    reports,
    requests,
    returns,
    rules,
    shifts,
    site,
    sla_policies,
    surveys,
    teams,
    tickets,
    webhooks,
)
from bots.commands.parse import Call
from bots.commands.table import Command, Kind, Param, Said
from core import speaking
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.speaking import Reader, say
from core.vocabulary import Role

AT_ONCE = timedelta(seconds=1)  # of the three in which platforms want a first answer


async def show_help(of: Desk, by: Who, args: Mapping[str, Any]) -> Said:
    """Every command that this person may use, with its example; or one, in full."""
    role = (await of.whoever(by)).role
    offered = [each for each in COMMANDS.values() if each.role <= role and each.listed]
    about = args["command"].removeprefix("/").strip().lower()
    fitting = [each for each in offered if about in {each.name, each.verb, each.word}]
    chosen = fitting if about and fitting else offered
    lines = [f"{each.usage_for(role)} — {say(each.help)}\n    {each.example}" for each in chosen]
    return Said(Card(title=say("Commands"), text="\n".join(lines)))


_HELP = Command(
    name="ticket help",
    role=Role.CUSTOMER,
    help="What can be said here, with an example each.",
    example="/ticket help transfer",
    run=show_help,
    params=(Param(name="command", kind=Kind.TEXT, help="a command", required=False),),
)

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        *looking.COMMANDS,
        *tickets.COMMANDS,
        *replies.COMMANDS,
        *filing.COMMANDS,
        *finding.COMMANDS,
        *history.COMMANDS,
        *kinds.COMMANDS,
        *fields.COMMANDS,
        *macros.COMMANDS,
        *life.COMMANDS,
        *queue.COMMANDS,
        *challenger.COMMANDS,
        *links.COMMANDS,
        *promises.COMMANDS,
        *sla_policies.COMMANDS,
        *hours.COMMANDS,
        _HELP,
        *agents.COMMANDS,
        *teams.COMMANDS,
        *shifts.COMMANDS,
        *oncall.COMMANDS,
        *escalations.COMMANDS,
        *requests.COMMANDS,
        *customers.COMMANDS,
        *returns.COMMANDS,
        *orders.COMMANDS,
        *rules.COMMANDS,
        *surveys.COMMANDS,
        *reports.COMMANDS,
        *articles.COMMANDS,
        *article_writing.COMMANDS,
        *article_learning.COMMANDS,
        *desk.COMMANDS,
        *site.COMMANDS,
        *webhooks.COMMANDS,
    )
}


@asynccontextmanager
async def spoken_to(of: Desk, by: Who, *, within: timedelta | None = None) -> AsyncIterator[None]:
    """What is said in it is in the language of whoever asks, refusals that leave it included.

    Where a platform waits for an answer, the desk has so long to look their language up, and speaks
    English otherwise: what comes too late helps nobody.
    """
    reader = Reader()
    with suppress(TimeoutError):
        async with asyncio.timeout(within.total_seconds() if within else None):
            reader = await of.reader(by)
    with speaking.to(reader):
        try:
            yield
        except DeskError as refusal:
            refusal.args = (str(refusal),)
            raise


async def begun(of: Desk, by: Who, call: Call) -> Mapping[str, str]:
    """What the fields of a call's form begin with. Raises the desk's refusals."""
    if call.command.begin is None:
        return {}
    async with spoken_to(of, by):
        return await call.command.begin(of, by, call.args)


async def carry_out(of: Desk, by: Who, call: Call) -> Said:
    """Run a call. Raises the desk's refusals; whoever the settings name as admin becomes one."""
    if of.names_as_admin(by):
        await of.welcome(by)
    try:
        async with spoken_to(of, by):
            return await call.command.run(of, by, call.args)
    finally:
        await of.notice(by)
