"""The commands about the site: ``/desk``, the sessions there, and keys for programs."""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

from bots.commands import devices
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Role, Scope

Args = Mapping[str, Any]
NUMBER = Param(name="number", kind=Kind.NUMBER, help="the number in the list")


async def open_desk(desk: Desk, by: Who, _: Args) -> Said:
    code = await desk.sign_in_link(by)
    minutes = round(desk.house.policy.sign_in.total_seconds() / 60)
    return Said(
        Card(
            title="Your desk in the browser",
            text=f"{desk.house.url}/sign-in/{code}",
            footnote=f"For you alone. It works once, within {minutes} minutes.",
        )
    )


async def list_sessions(desk: Desk, by: Who, _: Args) -> Said:
    lines = [
        f"{each.id} · {each.agent.name} · {devices.in_words(each.device)}"
        f" · seen {each.seen_at:%d %b %H:%M} UTC"
        for each in await desk.sessions(by)
    ]
    return Said(Card(title="Signed in", text="\n".join(lines) or "Nobody is signed in."))


async def end_session(desk: Desk, by: Who, args: Args) -> Said:
    await desk.end_session(by, args["number"])
    return Said(Card(text=f"Session {args['number']} is ended."))


async def add_key(desk: Desk, by: Who, args: Args) -> Said:
    lasts = timedelta(days=args["days"]) if args["days"] is not None else None
    made, secret = await desk.make_key(by, args["name"], scopes(args["scopes"]), lasts)
    return Said(
        Card(
            title=f"Key {made.id}: {made.name}",
            text=secret,
            footnote="It is shown this once. Keep it where no other person reads it.",
        )
    )


async def list_keys(desk: Desk, by: Who, _: Args) -> Said:
    lines = [
        f"{each.id} · {each.name} · {' '.join(each.scopes)} · by {each.agent.name} · "
        + (f"until {each.expires_at:%d %b %Y}" if each.expires_at else "until removed")
        + (f" · used {each.used_at:%d %b %H:%M} UTC" if each.used_at else " · never used")
        for each in await desk.api_keys(by)
    ]
    return Said(Card(title="API keys", text="\n".join(lines) or "There are none."))


async def remove_key(desk: Desk, by: Who, args: Args) -> Said:
    ended = await desk.end_key(by, args["number"])
    return Said(Card(text=f"Key {ended.id}, {ended.name}, no longer works."))


def scopes(text: str) -> frozenset[Scope]:
    """Scopes as they are typed, with commas or spaces. Raises `Invalid`."""
    known = [scope.value for scope in Scope]
    wanted = text.lower().replace(",", " ").split()
    for each in wanted:
        if each not in known:
            near = get_close_matches(each, known, n=1, cutoff=0.6)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise Invalid(f"“{each[:40]}” is no scope. {hint}There is {', '.join(known)}.")
    return frozenset(map(Scope, wanted))


COMMANDS = (
    Command(
        name="desk",
        role=Role.AGENT,
        help="A link to your desk in the browser.",
        example="/desk",
        run=open_desk,
    ),
    Command(
        name="session list",
        role=Role.AGENT,
        help="Where you are signed in; for admins, where everybody is.",
        example="/session list",
        run=list_sessions,
    ),
    Command(
        name="session end",
        role=Role.AGENT,
        help="Sign out somewhere else.",
        example="/session end 3",
        run=end_session,
        params=(NUMBER,),
    ),
    Command(
        name="key add",
        role=Role.ADMIN,
        help="Make a key for a program that uses the API.",
        example="/key add shop scopes:tickets:read,orders:write days:365",
        run=add_key,
        params=(
            Param(name="name", kind=Kind.WORD, help="what it is for"),
            Param(
                name="scopes",
                kind=Kind.WORD,
                help="what it may be used for, with commas",
                named=True,
                asked=True,
            ),
            Param(
                name="days",
                kind=Kind.NUMBER,
                help="how many days it lasts",
                required=False,
                named=True,
                asked=True,
            ),
        ),
    ),
    Command(
        name="key list",
        role=Role.ADMIN,
        help="The keys of programs.",
        example="/key list",
        run=list_keys,
    ),
    Command(
        name="key remove",
        role=Role.ADMIN,
        help="Stop a key from working.",
        example="/key remove 2",
        run=remove_key,
        params=(NUMBER,),
    ),
)
