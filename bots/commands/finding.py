"""The commands by which staff keep filters and change many tickets at once: ``/view``, ``/bulk``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.filing import tags_in
from bots.commands.params import PRIORITIES
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card, Tone
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import BulkOutcome, BulkWhat, Role, Wanted, next_page

Args = Mapping[str, Any]
SHOWN = 10
FILTER = Param(name="filter", kind=Kind.FILTER, help="which tickets: a filter", asked=True)
VIEW = Param(name="view", kind=Kind.FILTER, help="a name, a colon and a filter", asked=True)
NAME = Param(name="name", kind=Kind.TEXT, help="the name of a view", asked=True)
KIND = Param(name="kind", kind=Kind.WORD, help="a kind of tickets")
OPERATION = Param(name="operation", kind=Kind.NUMBER, help="the number of an operation")


async def save(desk: Desk, by: Who, args: Args) -> Said:
    return await _save(desk, by, args["view"], shared=False)


async def share(desk: Desk, by: Who, args: Args) -> Said:
    return await _save(desk, by, args["view"], shared=True)


async def _save(desk: Desk, by: Who, text: str, *, shared: bool) -> Said:
    name, colon, wanted = text.partition(":")
    if not colon or not wanted.strip():
        raise Invalid(
            "Say the name, a colon and the filter: /view save late: created:>3d status:new"
        )
    view = await desk.save_view(by, name, wanted, shared=shared)
    whose = "everybody's" if view.agent_id is None else "yours"
    return Said(Card(text=f"🔖 “{view.name}” is saved, and {whose}: {view.filter}"))


async def list_views(desk: Desk, by: Who, _args: Args) -> Said:
    views = await desk.saved_views(by)
    if not views:
        return Said(Card(text="No views yet. /view save late: created:>3d status:new"))
    lines = [
        f"{view.name}{'' if view.agent_id else ' (everybody)'} · {view.filter}" for view in views
    ]
    buttons = tuple(Button(view.name, "view show", view.name) for view in views[:5])
    return Said(Card(title="Views", text="\n".join(lines), buttons=buttons))


async def show_view(desk: Desk, by: Who, args: Args) -> Said:
    view = await desk.saved_view(by, args["name"])
    page = await desk.tickets(by, Wanted(filter=view.filter))
    more = next_page(view.filter, page)
    return Said(answers.ticket_list(page, "ticket list", more, own=False))


async def remove_view(desk: Desk, by: Who, args: Args) -> Said:
    view = await desk.remove_view(by, args["name"])
    return Said(Card(text=f"“{view.name}” is forgotten."))


async def assign(desk: Desk, by: Who, args: Args) -> Said:
    outcome = await desk.propose_bulk(by, BulkWhat.ASSIGN, str(args["to"]), args["filter"])
    return _proposed(outcome, f"go to {args['to'].name}")


async def tag(desk: Desk, by: Who, args: Args) -> Said:
    add, remove = tags_in(args["tags"])
    value = ",".join([*(f"+{each}" for each in add), *(f"-{each}" for each in remove)])
    outcome = await desk.propose_bulk(by, BulkWhat.TAG, value, args["filter"])
    return _proposed(outcome, f"be tagged {value.replace(',', ' ')}")


async def priority(desk: Desk, by: Who, args: Args) -> Said:
    outcome = await desk.propose_bulk(by, BulkWhat.PRIORITY, args["priority"], args["filter"])
    return _proposed(outcome, f"have {args['priority']} priority")


async def kind(desk: Desk, by: Who, args: Args) -> Said:
    outcome = await desk.propose_bulk(by, BulkWhat.KIND, args["kind"], args["filter"])
    return _proposed(outcome, f"become a {outcome.bulk.value}")


async def resolve(desk: Desk, by: Who, args: Args) -> Said:
    outcome = await desk.propose_bulk(by, BulkWhat.RESOLVE, "", args["filter"])
    return _proposed(outcome, "be resolved, and their customers told. That cannot be undone")


def _proposed(outcome: BulkOutcome, what: str) -> Said:
    count = len(outcome.changed)
    tickets = "1 ticket" if count == 1 else f"{count} tickets"
    shown = ", ".join(f"#{number}" for number in outcome.changed[:SHOWN])
    rest = f" and {count - SHOWN} more" if count > SHOWN else ""
    return Said(
        Card(
            text=f"{tickets} would {what}: {shown}{rest}.",
            buttons=(Button(f"Yes, {tickets}", "bulk do", str(outcome.bulk.id), Tone.PRIMARY),),
            footnote=f"Or /bulk do {outcome.bulk.id}, within the hour.",
        )
    )


async def do(desk: Desk, by: Who, args: Args) -> Said:
    outcome = await desk.do_bulk(by, args["operation"])
    number = outcome.bulk.id
    can_undo = outcome.bulk.what is not BulkWhat.RESOLVE and bool(outcome.changed)
    return Said(
        Card(
            text=_came_of(outcome, "changed"),
            buttons=(Button("Undo", "bulk undo", str(number)),) if can_undo else (),
            footnote=f"Operation {number}." + (f" /bulk undo {number}" if can_undo else ""),
        )
    )


async def undo(desk: Desk, by: Who, args: Args) -> Said:
    return Said(Card(text=_came_of(await desk.undo_bulk(by, args["operation"]), "brought back")))


def _came_of(outcome: BulkOutcome, done: str) -> str:
    count = len(outcome.changed)
    lines = [f"✅ {count} {'ticket' if count == 1 else 'tickets'} {done}."]
    lines += [f"#{number} was left: {why}" for number, why in list(outcome.left.items())[:SHOWN]]
    if len(outcome.left) > SHOWN:
        lines.append(f"And {len(outcome.left) - SHOWN} more were left.")
    return "\n".join(lines)


COMMANDS = (
    Command(
        name="view save",
        role=Role.AGENT,
        help="Keep a filter under a name, for yourself.",
        example="/view save late: created:>3d status:new,open",
        run=save,
        params=(VIEW,),
    ),
    Command(
        name="view share",
        role=Role.LEAD,
        help="Keep a filter under a name, for everybody.",
        example="/view share returns: kind:return status:live",
        run=share,
        params=(VIEW,),
    ),
    Command(
        name="view list",
        role=Role.AGENT,
        help="Your views and everybody's.",
        example="/view list",
        run=list_views,
    ),
    Command(
        name="view show",
        role=Role.AGENT,
        help="The tickets that a view finds now.",
        example="/view show late",
        run=show_view,
        params=(NAME,),
    ),
    Command(
        name="view remove",
        role=Role.AGENT,
        help="Forget a view.",
        example="/view remove late",
        run=remove_view,
        params=(NAME,),
    ),
    Command(
        name="bulk assign",
        role=Role.LEAD,
        help="Give all tickets that a filter finds to an agent, as far as they have room.",
        example="/bulk assign @agent-1 status:new category:billing",
        run=assign,
        params=(Param(name="to", kind=Kind.AGENT, help="an agent"), FILTER),
    ),
    Command(
        name="bulk tag",
        role=Role.LEAD,
        help="Tag all tickets that a filter finds.",
        example="/bulk tag +storm,-old created:<2d lamp",
        run=tag,
        params=(Param(name="tags", kind=Kind.WORD, help="tags with + or -, and commas"), FILTER),
    ),
    Command(
        name="bulk priority",
        role=Role.LEAD,
        help="Say how urgent all tickets are that a filter finds.",
        example="/bulk priority high tag:storm",
        run=priority,
        params=(
            Param(name="priority", kind=Kind.WORD, help="a priority", choices=PRIORITIES),
            FILTER,
        ),
    ),
    Command(
        name="bulk kind",
        role=Role.LEAD,
        help="Say what kind all live tickets are that a filter finds.",
        example="/bulk kind problem tag:outage",
        run=kind,
        params=(KIND, FILTER),
    ),
    Command(
        name="bulk resolve",
        role=Role.LEAD,
        help="Resolve all tickets that a filter finds.",
        example="/bulk resolve tag:storm updated:>7d",
        run=resolve,
        params=(FILTER,),
    ),
    Command(
        name="bulk do",
        role=Role.LEAD,
        help="Do what was proposed.",
        example="/bulk do 3",
        run=do,
        params=(OPERATION,),
    ),
    Command(
        name="bulk undo",
        role=Role.LEAD,
        help="Undo an operation on many tickets as a whole: tags, priority, assignment.",
        example="/bulk undo 3",
        run=undo,
        params=(OPERATION,),
    ),
)
