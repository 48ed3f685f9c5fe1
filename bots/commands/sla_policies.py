"""The commands about what is promised to whom: ``/sla …``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands.params import given, parts
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Book, Priority, Role, SlaPolicy, in_words

Args = Mapping[str, Any]
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
    policy = await desk.add_policy(by, args["policy"], given(args, POLICY))
    return await _told(desk, by, policy)


async def edit_policy(desk: Desk, by: Who, args: Args) -> Said:
    policy = await desk.edit_policy(by, args["policy"], given(args, POLICY))
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


NAMED_POLICY = Param(name="policy", kind=Kind.WORD, help="the name of a policy", asked=True)

COMMANDS = (
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
        params=(NAMED_POLICY, *parts(POLICY)),
    ),
    Command(
        name="sla edit",
        role=Role.ADMIN,
        help="Change a policy.",
        example="/sla edit urgent first:10m warn:50,75=assignee+lead,90",
        run=edit_policy,
        params=(NAMED_POLICY, *parts(POLICY)),
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
)
