"""What somebody may mean while they type an option of a slash command."""

from collections.abc import Sequence

from bots.commands.table import Command, Kind, Param
from bots.discord.markup import cut
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Listed
from knowledge_base.library import Library

MOST = 25
LONGEST = 100
ARTICLES = {"article", "after"}

Choice = tuple[str, str | int]
"""What is shown, and what it stands for."""


async def suggestions(
    desk: Desk, by: Who, command: Command, param: Param, typed: str
) -> list[Choice]:
    """At most 25 that fit what was typed so far. Raises the desk's refusals."""
    head, last = _being_typed(param, typed)
    wanted = last.casefold().lstrip("#@")
    if command.word == "kb" and param.name in ARTICLES:
        fitting = await _articles(desk, by, param, wanted)
    else:
        offered = await _offered(desk, by, param)
        fitting = [(shown, value) for shown, value in offered if wanted in shown.casefold()]
    return [
        (cut(f"{head}{shown}", LONGEST), f"{head}{value}" if isinstance(value, str) else value)
        for shown, value in fitting
        if len(f"{head}{value}") <= LONGEST
    ][:MOST]


async def _articles(desk: Desk, by: Who, param: Param, typed: str) -> list[Choice]:
    """Those with the typed words in their title or name, then those that it may mean."""
    library = Library.beside(desk)
    listed = await library.articles(by)
    found = {each.slug: (each.id, each.title) for each in listed}
    fitting = {
        slug: named
        for slug, named in found.items()
        if typed in slug.casefold() or typed in named[1].casefold()
    }
    if param.kind is Kind.NUMBER:
        return [(f"{number} {title}", number) for number, title in fitting.values()]
    near = (await library.search(by, typed)).nearest if len(typed) > 2 else ()
    titles = {slug: title for slug, (_, title) in fitting.items()}
    titles |= {each.article: each.title for each in near}
    return [(title, slug) for slug, title in titles.items()]


def _being_typed(param: Param, typed: str) -> tuple[str, str]:
    """Of a list such as ``billing,ret`` only the last part is being typed."""
    if param.kind is not Kind.LEVELS:
        return "", typed
    head, comma, last = typed.rpartition(",")
    return head + comma, last.strip()


async def _offered(desk: Desk, by: Who, param: Param) -> list[Choice]:
    if param.name in {"ticket", "after"}:
        page = await desk.tickets(by)
        return [
            (f"#{each.id} {each.subject} · {each.status.value}", each.id) for each in page.tickets
        ]
    if param.name == "delivery":
        return [(f"{each.id} {each.error or ''}", each.id) for each in await desk.unsent(by)]
    roster = await desk.agents(by)
    if param.kind is Kind.AGENT:
        return [("me", "me"), *(_agent(each) for each in roster)]
    return [(each, each) for each in sorted(_known(param.name, roster))]


def _agent(listed: Listed) -> Choice:
    shown = f"{listed.agent.name} · {listed.agent.availability.value}"
    return shown, str(listed.who) if listed.who else listed.agent.name


def _known(name: str, roster: Sequence[Listed]) -> set[str]:
    if name == "languages":
        return {each.code for listed in roster for each in listed.agent.languages}
    if name == "team":
        return {listed.agent.team.name for listed in roster if listed.agent.team}
    return {each.name for listed in roster for each in listed.agent.skills}
