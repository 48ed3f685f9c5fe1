"""The commands about promises of times: ``/sla …``, ``/hours …`` and ``/ticket sla``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import (
    Book,
    Clock,
    Hours,
    ListedHours,
    Priority,
    Role,
    SlaPolicy,
    SlaTarget,
    TargetKind,
    calendar_of,
    hours_in_words,
    in_words,
)

Args = Mapping[str, Any]
DANGER_LISTED = 15
POLICY = {
    "priority": "priorities, or any",
    "kind": "kinds of tickets, or any",
    "channel": "channels, or any",
    "team": "teams, or any",
    "tag": "tags of the customer, or any",
    "vip": "yes: only of VIPs",
    "first": "time for the first response: 15m, 4h, 1h30m, none",
    "next": "time for each later response",
    "resolve": "time for the resolution",
    "hours": "business hours, or team: the team's own",
    "pauses": "when it stands still: pending, hold, snoozed, none",
    "warn": "shares in per cent, and to whom: 50,75=assignee+lead,90",
    "place": "its place in the order; 1 is asked first",
}
HOURS = {
    "hours": 'days and hours: "mon-fri 9-12,13-17; sat 10-14", or 24/7',
    "zone": "a time zone, such as Europe/Berlin",
    "holidays": "whose public holidays are off: DE, DE-BE, none",
    "off": "days off: 2026-12-24,2026-12-27..2026-12-31; + and - for more and fewer; none",
    "team": "the teams that have them, or none",
}


def _params(knobs: Mapping[str, str]) -> tuple[Param, ...]:
    return tuple(
        Param(name=name, kind=Kind.WORD, help=text, required=False, named=True, asked=True)
        for name, text in knobs.items()
    )


def _given(args: Args, knobs: Mapping[str, str]) -> dict[str, str]:
    return {name: args[name] for name in knobs if args[name]}


async def clock(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.clocks(by, args["ticket"])
    if not found.clocks:
        return Said(Card(text=f"Nothing is promised on #{found.ticket.id}."))
    return Said(
        Card(
            title=f"⏱ #{found.ticket.id} {found.ticket.subject}",
            text="\n\n".join(_explained(each) for each in found.clocks),
            buttons=(Button("Which policy", "sla why", str(found.ticket.id)),),
        ),
        answers.as_json(found.ticket),
    )


def _explained(clock: Clock) -> str:
    number = f" {clock.target.ordinal}" if clock.target.ordinal > 1 else ""
    title = clock.target.kind.value.capitalize()
    return f"{title}{number} · {' '.join(clock.sentences)}"


async def why(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.why_promised(by, args["ticket"])
    lines = [
        f"{name}: does not fit, by its {' and '.join(misses)}."
        for name, misses in found.passed_over
    ]
    fits = f"{found.policy}: fits. Time counts {found.hours}."
    lines.append(fits if found.policy else "No policy fits, so nothing is promised.")
    return Said(Card(title=f"📜 What is promised on #{found.ticket.id}", text="\n".join(lines)))


async def list_policies(desk: Desk, by: Who, _: Args) -> Said:
    policies, book = await desk.sla_policies(by)
    lines = [f"{n}. {_summed_up(each, book)}" for n, each in enumerate(policies, start=1)]
    return Said(
        Card(
            title="📜 SLA policies",
            text="\n".join(lines) or "Nothing is promised. /sla add vip vip:yes first:15m",
            footnote="The first that a ticket fits is its policy. /sla why 42 says which.",
        )
    )


async def show_policy(desk: Desk, by: Who, args: Args) -> Said:
    policies, book = await desk.sla_policies(by)
    wanted = args["policy"].lower()
    for each in policies:
        if each.name == wanted:
            known = _known(each, book)
            fields = tuple(Field(name, value) for name, value in known.items() if value)
            return Said(Card(title=f"📜 {each.name}", text="", fields=fields))
    names = ", ".join(each.name for each in policies) or "none"
    return Said(Card(text=f"There is no SLA policy called “{wanted[:40]}”. There is {names}."))


async def begin_policy(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    policies, book = await desk.sla_policies(by)
    found = [each for each in policies if each.name == (args["policy"] or "").lower()]
    return _known(found[0], book) if found else {}


async def add_policy(desk: Desk, by: Who, args: Args) -> Said:
    policy = await desk.add_policy(by, args["policy"], _given(args, POLICY))
    return await _told(desk, by, policy)


async def edit_policy(desk: Desk, by: Who, args: Args) -> Said:
    policy = await desk.edit_policy(by, args["policy"], _given(args, POLICY))
    return await _told(desk, by, policy)


async def remove_policy(desk: Desk, by: Who, args: Args) -> Said:
    policy = await desk.remove_policy(by, args["policy"])
    return Said(Card(text=f"Nothing is promised by {policy.name} any more."))


async def _told(desk: Desk, by: Who, policy: SlaPolicy) -> Said:
    _, book = await desk.sla_policies(by)
    return Said(Card(text=f"{policy.position}. {_summed_up(policy, book)}"))


def _summed_up(policy: SlaPolicy, book: Book) -> str:
    known = _known(policy, book)
    who = [f"{name} {known[name]}" for name in list(POLICY)[:6] if known[name] not in {"any", "no"}]
    times = [f"{name} {_time(value)}" for name, value in _times(policy).items() if value]
    return f"{policy.name} · {', '.join(who) or 'every ticket'} · {', '.join(times)}"


def _times(policy: SlaPolicy) -> Mapping[str, Any]:
    return {
        "first response": policy.first_response,
        "next response": policy.next_response,
        "resolution": policy.resolution,
    }


def _time(length: Any) -> str:
    return in_words(length) if length else "none"


def _known(policy: SlaPolicy, book: Book) -> dict[str, str]:
    """A policy as it would be typed."""
    warned = ",".join(f"{share}={'+'.join(to)}" for share, to in _shares(policy))
    lists: Mapping[str, Sequence[str]] = {
        "priority": [Priority(each).label for each in policy.priorities],
        "kind": policy.kinds,
        "channel": policy.channels,
        "team": [book.team_names.get(each, str(each)) for each in policy.teams],
        "tag": policy.customer_tags,
    }
    return {
        **{name: ",".join(values) or "any" for name, values in lists.items()},
        "vip": "yes" if policy.vip else "no",
        "first": _typed(policy.first_response),
        "next": _typed(policy.next_response),
        "resolve": _typed(policy.resolution),
        "hours": book.hours_names.get(policy.hours_id or 0, "team"),
        "pauses": ",".join(each.removeprefix("on ") for each in policy.pauses) or "none",
        "warn": warned or "none",
        "place": str(policy.position),
    }


def _shares(policy: SlaPolicy) -> Sequence[tuple[int, Sequence[str]]]:
    return sorted((int(share), to) for share, to in policy.warnings.items())


def _typed(length: Any) -> str:
    return (
        in_words(length).replace(" h", "h").replace(" min", "m").replace(" ", "")
        if length
        else "none"
    )


async def report(desk: Desk, by: Who, args: Args) -> Said:
    days = args["days"] if args["days"] is not None else 30
    found = await desk.attainment(by, days=days)
    lines = [
        f"{each.kind.value.capitalize()}, {each.group}: {each.met} of {each.met + each.breached} kept"
        f"{f' ({each.share:.0%})' if each.share is not None else ''}"
        for each in found
    ]
    return Said(
        Card(
            title=f"📊 Promises of the last {days} days",
            text="\n".join(lines) or "Nothing was promised.",
            footnote="What is open and not overdue is not counted.",
        )
    )


async def danger(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.promises_in_danger(by)
    parts = (
        ("⏰ Overdue", found.breached),
        ("⏳ At risk", found.at_risk),
        ("⚠ Standing still although the customer waits", found.kept_waiting),
    )
    text = "\n\n".join(
        "\n".join([title, *map(_in_danger, targets[:DANGER_LISTED])])
        for title, targets in parts
        if targets
    )
    return Said(Card(title="🚦 Promises in danger", text=text or "Nothing is in danger."))


def _in_danger(target: SlaTarget) -> str:
    holder = target.ticket.assignee.name if target.ticket.assignee else "nobody yet"
    stands = target.kind is not TargetKind.RESOLUTION and target.paused_at is not None
    due = "stands still" if stands else f"due {target.due_at:%d %b %H:%M} UTC"
    return f"#{target.ticket_id} {target.ticket.subject} · {target.kind.value} {due} · {holder}"


async def list_hours(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.business_hours(by)
    lines = [_hours_line(each) for each in found]
    text = "\n".join(lines) or "There are none, so time counts around the clock."
    return Said(Card(title="🕘 Business hours", text=text))


def _hours_line(listed: ListedHours) -> str:
    used = [f"teams {', '.join(listed.teams)}"] if listed.teams else []
    used += [f"policies {', '.join(listed.policies)}"] if listed.policies else []
    of = f" · {'; '.join(used)}" if used else ""
    return f"{listed.hours.name} · {_in_words(listed.hours)}{of}"


def _in_words(hours: Hours) -> str:
    return hours_in_words(calendar_of(hours))


async def begin_hours(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    wanted = (args["name"] or "").lower()
    for each in await desk.business_hours(by):
        if each.hours.name == wanted:
            calendar = calendar_of(each.hours)
            region = "-".join(filter(None, (calendar.country, calendar.subdivision)))
            week = "24/7" if calendar.always else _in_words(each.hours).partition(" (")[0]
            return {
                "hours": week,
                "zone": calendar.zone,
                "holidays": region or "none",
                "off": ",".join(each.hours.days_off) or "none",
                "team": ",".join(each.teams) or "none",
            }
    return {}


async def add_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.add_hours(by, args["name"], _given(args, HOURS))
    return Said(Card(text=f"{hours.name} · {_in_words(hours)}"))


async def edit_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.edit_hours(by, args["name"], _given(args, HOURS))
    return Said(Card(text=f"{hours.name} · {_in_words(hours)}"))


async def remove_hours(desk: Desk, by: Who, args: Args) -> Said:
    hours = await desk.remove_hours(by, args["name"])
    return Said(Card(text=f"The hours {hours.name} are gone; their teams have the default ones."))


NUMBER = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")
NAMED_POLICY = Param(name="policy", kind=Kind.WORD, help="the name of a policy", asked=True)
NAMED_HOURS = Param(name="name", kind=Kind.WORD, help="what the hours are called", asked=True)

COMMANDS = (
    Command(
        name="ticket sla",
        role=Role.AGENT,
        help="What is promised on a ticket, and the arithmetic of when it is due.",
        example="/ticket sla 42",
        run=clock,
        params=(NUMBER,),
    ),
    Command(
        name="sla list",
        role=Role.AGENT,
        help="Whom which times are promised.",
        example="/sla list",
        run=list_policies,
    ),
    Command(
        name="sla show",
        role=Role.AGENT,
        help="All of one policy.",
        example="/sla show urgent",
        run=show_policy,
        params=(NAMED_POLICY,),
    ),
    Command(
        name="sla add",
        role=Role.ADMIN,
        help="Promise times to tickets that fit.",
        example="/sla add vip vip:yes first:15m next:30m resolve:4h",
        run=add_policy,
        params=(NAMED_POLICY, *_params(POLICY)),
    ),
    Command(
        name="sla edit",
        role=Role.ADMIN,
        help="Change a policy.",
        example="/sla edit urgent first:10m warn:50,75=assignee+lead,90",
        run=edit_policy,
        params=(NAMED_POLICY, *_params(POLICY)),
        opens_form=True,
        begin=begin_policy,
    ),
    Command(
        name="sla remove",
        role=Role.ADMIN,
        help="Promise nothing by a policy any more.",
        example="/sla remove vip",
        run=remove_policy,
        params=(NAMED_POLICY,),
    ),
    Command(
        name="sla why",
        role=Role.AGENT,
        help="Which policy a ticket fits, and why none before it.",
        example="/sla why 42",
        run=why,
        params=(NUMBER,),
    ),
    Command(
        name="sla danger",
        role=Role.AGENT,
        help="What is overdue, at risk, or stands still although the customer waits.",
        example="/sla danger",
        run=danger,
    ),
    Command(
        name="sla report",
        role=Role.AGENT,
        help="How many promises were kept.",
        example="/sla report 30",
        run=report,
        params=(Param(name="days", kind=Kind.NUMBER, help="a number of days", required=False),),
    ),
    Command(
        name="hours list",
        role=Role.AGENT,
        help="When people are at work.",
        example="/hours list",
        run=list_hours,
    ),
    Command(
        name="hours add",
        role=Role.ADMIN,
        help="Add business hours.",
        example='/hours add support hours:"mon-fri 9-12,13-17" zone:Europe/Berlin holidays:DE-BE',
        run=add_hours,
        params=(NAMED_HOURS, *_params(HOURS)),
    ),
    Command(
        name="hours edit",
        role=Role.ADMIN,
        help="Change business hours.",
        example="/hours edit default zone:Europe/Berlin holidays:DE off:+2026-12-24",
        run=edit_hours,
        params=(NAMED_HOURS, *_params(HOURS)),
        opens_form=True,
        begin=begin_hours,
    ),
    Command(
        name="hours remove",
        role=Role.ADMIN,
        help="Remove business hours that no policy counts by.",
        example="/hours remove support",
        run=remove_hours,
        params=(NAMED_HOURS,),
    ),
)
