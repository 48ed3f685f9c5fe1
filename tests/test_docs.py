"""What the docs say of settings, commands, events, addresses and the command line is what is there."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from starlette.routing import BaseRoute, Mount, Route
from typer.core import TyperGroup
from typer.main import get_group

from app.cli import app as cli
from app.settings import Settings, env_example, load
from bots.commands import COMMANDS
from bots.console.channel import ConsoleChannel
from bots.console.routes import routes as console_routes
from bots.slack import edge
from bots.webchat.acts import Acts
from bots.webchat.channel import WebChannel
from bots.webchat.routes import routes as web_routes
from core import events
from core.desk import Desk
from core.events import Event
from core.files import NoStore
from core.model.ticket import MOVES
from core.storage.database import Database
from core.subscribers import SUBSCRIBERS
from core.vocabulary import Scope
from web.api.app import PARTS
from web.public.routes import routes as public_routes
from web.public.theme import Theme
from web.site import site

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
OUR_FILE = re.compile(r"(?:app|benchmarks|bots|core|docs|knowledge_base|tests|web)/[\w./-]*")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@cache
def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def sections(page: Path) -> Mapping[str, str]:
    """What stands beneath each heading of the third level."""
    parts = re.split(r"^### +(.+)$", read(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(page: Path, *, columns: int) -> Iterator[list[str]]:
    """The rows of the page's tables that have so many columns."""
    for line in read(page).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == columns:
            yield cells


def paths(routes: Sequence[BaseRoute], beneath: str = "") -> Iterator[tuple[str, Route]]:
    """Every route with its whole path, those of what is mounted among them."""
    for route in routes:
        if isinstance(route, Route):
            yield beneath + route.path, route
        elif isinstance(route, Mount):
            yield from paths(route.routes, beneath + route.path)


def coded(cell: str) -> list[str]:
    return SPAN.findall(cell)


def code(page: Path) -> Iterator[str]:
    """Everything on the page that is set as code, a line at a time."""
    text = read(page)
    for block in FENCE.findall(text):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def test_the_example_of_settings_is_what_the_settings_say() -> None:
    assert read(ROOT / ".env.example") == env_example()


def test_every_setting_is_described_with_its_default() -> None:
    described = sections(DOCS / "configuration.md")

    assert sorted(described) == sorted(name.upper() for name in Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default = "" if isinstance(field.default, SecretStr | tuple) else str(field.default)
        shown = default.lower() if isinstance(field.default, bool) else default
        text = described[name.upper()]
        assert text.strip().startswith(str(field.description)), name
        assert f"- Default: {f'`{shown}`' if shown else 'empty'}\n" in text, name


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_of_each_setting_can_be_set(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = re.search(
        r"^- Example: `(.+)`$", sections(DOCS / "configuration.md")[name.upper()], re.M
    )
    assert found is not None
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv(name.upper(), found[1])

    load()


def test_every_command_is_described_as_in_the_table() -> None:
    described = sections(DOCS / "commands.md")

    assert sorted(described) == sorted(COMMANDS)
    for name, command in COMMANDS.items():
        expected = (
            f"\n\n{command.help}\n\n- Usage: `{command.usage}`\n- Role: {command.role.label}\n"
            f"- Example: `{command.example}`\n"
        )
        assert described[name].startswith(expected), name


def test_every_event_is_described_with_its_facts_and_what_follows() -> None:
    kinds = {
        kind.__name__: kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind in SUBSCRIBERS
    }
    described = {
        coded(row[0])[0]: row for row in rows(DOCS / "events.md", columns=4) if coded(row[0])
    }

    assert sorted(described) == sorted(kinds)
    for name, kind in kinds.items():
        _, facts, _, follows = described[name]
        assert coded(facts) == [field.name for field in fields(kind)], name
        assert coded(follows) == [each.__name__ for each in SUBSCRIBERS[kind]], name


def test_every_function_that_follows_an_event_is_explained() -> None:
    explained = [name for row in rows(DOCS / "events.md", columns=2) for name in coded(row[0])]

    following = {each.__name__ for subscribers in SUBSCRIBERS.values() for each in subscribers}
    assert sorted(explained) == sorted(following)


def test_every_move_of_a_ticket_is_in_the_architecture() -> None:
    told = {row[0]: row[2] for row in rows(DOCS / "architecture.md", columns=3)}

    for status, moves in MOVES.items():
        becomes = {move.value for move in moves if move is not status}
        words = re.findall(r"\b(?:new|open|pending|on hold|resolved|closed)\b", told[status.value])
        assert set(words) == becomes


def test_every_address_of_the_site_is_described(tmp_path: Path) -> None:
    desk = Desk(Database(f"sqlite:///{tmp_path / 'desk.db'}"))
    slack = edge.route(AsyncApp(token="xoxb-1", signing_secret="none"), "none")
    console = console_routes(desk, ConsoleChannel())
    web = web_routes(desk, WebChannel(NoStore()))
    public = public_routes(desk, Acts(desk), Theme())
    whole = site(desk, channels=dict, console=True, routes=[*console, slack, *web, *public])

    served = {
        (method, path)
        for path, route in paths(whole.routes)
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (row[0], coded(row[1])[0]) for row in rows(DOCS / "http.md", columns=3) if coded(row[1])
    }
    assert described == served


def test_every_address_of_the_api_is_described_with_its_scope() -> None:
    served = set()
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            served |= {(method, route.path) for method in route.methods or ()}
    described = {
        (row[0], coded(row[1])[0]) for row in rows(DOCS / "api.md", columns=4) if coded(row[1])
    }
    assert described == served
    scopes = {name for row in rows(DOCS / "api.md", columns=2) for name in coded(row[0])}
    assert scopes == {scope.value for scope in Scope}


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", read(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in {_anchor(heading) for heading in HEADING.findall(read(target))}, link


@every_page
def test_every_file_named_is_there(page: Path) -> None:
    for span in SPAN.findall(FENCE.sub("", read(page))):
        if OUR_FILE.fullmatch(span):
            assert (ROOT / span).exists(), span


@every_page
def test_every_command_line_shown_exists(page: Path) -> None:
    for line in code(page):
        for said in re.findall(r"(?:^|[\s/])switchboard ((?!switchboard\b)[a-z].*)", line):
            _refuse_unknown(get_group(cli), said.partition(" # ")[0], line)


@every_page
def test_every_slash_command_shown_exists(page: Path) -> None:
    words = {command.word for command in COMMANDS.values()}
    for line in code(page):
        for word, verb in re.findall(r"(?:^|[\s\"])/([a-z]+)(?: ([a-z]+))?", line):
            if word in words and verb:
                assert word in COMMANDS or f"{word} {verb}" in COMMANDS, line


@every_page
def test_every_target_of_make_shown_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE)
    for line in code(page):
        for target in re.findall(r"(?:^|&& |`)make ([a-z]+)", line):
            assert target in targets, line


def _anchor(heading: str) -> str:
    """A heading as the fragment of its address, as GitHub makes it."""
    bare = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return bare.replace(" ", "-")


def _refuse_unknown(group: TyperGroup, said: str, line: str) -> None:
    """Fail where a word of the line is no command, or an option no option of it."""
    words = shlex.split(said, comments=True)
    command = group.commands.get(words[0])
    assert command is not None, line
    if isinstance(command, TyperGroup):
        if words[1:]:
            _refuse_unknown(command, shlex.join(words[1:]), line)
        return
    options = {option for param in command.params for option in param.opts}
    for word in words:
        if word.startswith("--"):
            assert word in options, line
