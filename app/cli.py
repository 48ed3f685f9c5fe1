"""The command line: start the desk, migrate it, ask it, and see what is wrong with it."""

import asyncio
import json
import re
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO, TypeVar

import typer

from app import control, settings, verbs
from app.errors import CannotStart
from app.logs import configure

app = typer.Typer(
    name="switchboard",
    help="A support desk that lives in chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
kb = typer.Typer(help="The knowledge base.", no_args_is_help=True)
slack = typer.Typer(help="What Slack needs to be told.", no_args_is_help=True)
app.add_typer(kb, name="kb")
app.add_typer(slack, name="slack")
discord = typer.Typer(help="What Discord needs to be told.", no_args_is_help=True)
app.add_typer(discord, name="discord")
orders = typer.Typer(help="What customers bought.", no_args_is_help=True)
app.add_typer(orders, name="orders")
rules = typer.Typer(help="What new tickets get.", no_args_is_help=True)
app.add_typer(rules, name="rules")
customers = typer.Typer(help="What is kept about customers.", no_args_is_help=True)
app.add_typer(customers, name="customers")
tickets = typer.Typer(help="Tickets, all at once.", no_args_is_help=True)
app.add_typer(tickets, name="tickets")
reports = typer.Typer(help="The figures of reports.", no_args_is_help=True)
app.add_typer(reports, name="reports")


class Form(StrEnum):
    """What a file of tickets is written as."""

    CSV = "csv"
    JSON = "json"


T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
By = Annotated[str | None, typer.Option("--as", help="Who says it: a handle on the console.")]


@app.command()
def run(
    part: Annotated[
        str | None, typer.Argument(help="web, slack, discord or worker; without it, all.")
    ] = None,
) -> None:
    """Run the desk until it is stopped."""
    from app.run import Part, run

    try:
        parts = frozenset([Part(part)] if part else Part)
    except ValueError:
        _fail(f"There is no part {part}. There are web, slack, discord and worker.")
    chosen = _settings()
    configure(chosen.log_level)
    _run(run(chosen, parts, say=partial(print, flush=True)))


@app.command()
def migrate() -> None:
    """Bring the database to the state that this version expects."""
    from app.migrate import current, migrate
    from app.wiring import opened

    async def bring() -> str:
        async with opened(_settings()) as (database, _):
            before = await current(database)
            after = await migrate(database)
            return f"The database is at {after}" + (" already." if before == after else ".")

    print(_run(bring()))


@app.command()
def demo() -> None:
    """Load a small believable shop into an empty database."""
    from app.demo import load
    from app.wiring import opened

    async def fill() -> str:
        async with opened(_settings()) as (database, _):
            return await load(_settings(), database)

    with _busy("Opening the shop …"):
        loaded = _run(fill())
    print(loaded)


@app.command()
def doctor() -> None:
    """Say in plain words what is configured, what is missing, and what a token lacks."""
    from app.doctor import examine

    findings = _run(examine())
    for finding in findings:
        print(finding)
    if any(finding.is_fault for finding in findings):
        raise typer.Exit(1)


@app.command()
def say(text: str, by: By = None, as_json: Json = False) -> None:
    """Write to the bot as a customer, and see what it answers."""
    if not by:
        _fail("Say who writes: --as customer-1")
    answer = _ask(as_json, "say", by=by, text=text)
    _print(answer, as_json, "\n\n".join(answer["replies"]) or f"({answer['outcome']})")


@app.command()
def do(text: str, by: By = None, as_json: Json = False) -> None:
    """Carry out a command as somebody; without --as, as the operator of this machine."""
    answer = _ask(as_json, "do", by=by, text=text)
    if not answer["ok"] and not as_json:
        _fail(answer["text"])
    _print(answer, as_json, answer["text"])
    if not answer["ok"]:
        raise typer.Exit(1)


@app.command()
def admin_link(as_json: Json = False) -> None:
    """Print a new one-time link that makes whoever opens it an admin."""
    answer = _ask(as_json, "admin_link")
    _print(answer, as_json, f"{answer['url']}\nor in chat: {answer['command']}")


@kb.command("import")
def kb_import(
    path: Annotated[Path, typer.Argument(help="A folder of Markdown files, or a CSV file.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    archive_missing: Annotated[
        bool, typer.Option(help="Archive what an earlier import brought and is not there now.")
    ] = False,
    encoding: Annotated[str, typer.Option(help="Of a CSV file: latin-1, cp1252, …")] = "utf-8",
    as_json: Json = False,
) -> None:
    """Take a folder of Markdown, or a CSV file, into the knowledge base, whole or not at all."""
    with _busy("Reading the articles …"):
        answer = _ask(
            as_json,
            "kb_import",
            path=str(path.resolve()),
            encoding=encoding,
            dry_run=dry_run,
            archive_missing=archive_missing,
        )
    kinds = ("added", "changed", "archived")
    lines = [f"{kind}: {slug}" for kind in kinds for slug in answer[kind]] if dry_run else []
    counts = ", ".join(f"{len(answer[kind])} {kind}" for kind in (*kinds, "unchanged"))
    lines.append(f"{counts}.{' Nothing was changed: this was a dry run.' if dry_run else ''}")
    lacking = answer["without_phrasings"]
    if lacking:
        lines.append(f"No phrasings, so they are hard to find: {', '.join(lacking[:20])}.")
    _print(answer, as_json, "\n".join(lines))


@kb.command("export")
def kb_export(folder: Path, as_json: Json = False) -> None:
    """Write every article to a folder of Markdown files, as `kb import` reads them."""
    with _busy("Writing the articles …"):
        answer = _ask(as_json, "kb_export", folder=str(folder.resolve()))
    _print(answer, as_json, f"{len(answer['files'])} files written to {folder}.")


@orders.command("import")
def orders_import(
    path: Annotated[Path, typer.Argument(help="A CSV or JSON file.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Take the shop's orders in, by their number, all or none."""
    with _busy("Reading the orders …"):
        answer = _ask(as_json, "orders_import", path=str(path.resolve()), dry_run=dry_run)
    counts = ", ".join(f"{len(answer[kind])} {kind}" for kind in ("added", "changed", "unchanged"))
    nothing = " Nothing was changed: this was a dry run." if dry_run else ""
    _print(answer, as_json, f"{counts}.{nothing}")


@rules.command("export")
def rules_export(
    output: Annotated[Path | None, typer.Option(help="A file; standard output without.")] = None,
    as_json: Json = False,
) -> None:
    """Write all rules, in their order, as YAML."""
    answer = _ask(as_json, "rules_export")
    if output is None:
        _print(answer, as_json, str(answer["yaml"]).rstrip())
        return
    try:
        output.write_text(str(answer["yaml"]), encoding="utf-8")
    except OSError as error:
        _fail(f"{output} cannot be written: {error.strerror}.", as_json=as_json)
    _print(answer, as_json, f"{answer['rules']} rules are in {output}.")


@rules.command("import")
def rules_import(
    path: Annotated[Path, typer.Argument(help="A YAML file, as export writes it.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    replace: Annotated[bool, typer.Option(help="Remove rules that are not there.")] = False,
    as_json: Json = False,
) -> None:
    """Take rules in, by their names and in their order, all or none."""
    said = {"path": str(path.resolve()), "dry_run": dry_run, "replace": replace}
    answer = _ask(as_json, "rules_import", **said)
    kinds = ("added", "changed", "unchanged", "removed")
    counts = ", ".join(f"{len(answer[kind])} {kind}" for kind in kinds)
    nothing = " Nothing was changed: this was a dry run." if dry_run else ""
    _print(answer, as_json, f"{counts}.{nothing}")


@customers.command("export")
def customers_export(
    customer: Annotated[str, typer.Argument(help="c-17, or the ticket #42 of theirs.")],
    file: Annotated[Path, typer.Argument(help="Where to write: FILE.json or FILE.html.")],
    as_json: Json = False,
) -> None:
    """Write everything that is kept about a customer to a file, to hand it over."""
    from app.customer_page import page

    data = _ask(as_json, "customers_export", customer=customer)
    is_page = file.suffix.lower() in {".html", ".htm"}
    try:
        file.write_text(page(data) if is_page else json.dumps(data, ensure_ascii=False, indent=2))
    except OSError as error:
        _fail(f"{file} cannot be written ({error.strerror}).", "Unwritable", as_json=as_json)
    _print({"file": str(file)}, as_json, f"All about {data['customer']} is in {file}.")


@tickets.command("transcript")
def tickets_transcript(
    ticket: Annotated[int, typer.Argument(help="The number of a ticket.")],
    form: Annotated[str, typer.Option("--format", help="text, html, or print.")] = "html",
    out: Annotated[Path | None, typer.Option(help="A file; without it, standard output.")] = None,
    without_notes: Annotated[
        bool, typer.Option("--without-notes", help="As its customer may have it.")
    ] = False,
) -> None:
    """Write what was said on a ticket as text or as a page."""
    written = _ask(
        False, "tickets_transcript", ticket=ticket, form=form, with_notes=not without_notes
    )["written"]
    if out is None:
        print(written, end="")
        return
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        _fail(f"{out} cannot be written: {error.strerror}.")
    print(f"{out} has what was said on ticket #{ticket}.")


@tickets.command("export")
def tickets_export(
    wanted: Annotated[str, typer.Option("--filter", help="Which; without it, all.")] = "",
    form: Annotated[Form, typer.Option("--format", help="csv or json.")] = Form.CSV,
    output: Annotated[
        Path | None, typer.Option(help="A file; without it, standard output.")
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Also what staff noted.")
    ] = False,
) -> None:
    """Write tickets with what was said on them, a page at a time, as they are found."""
    from app.export import write_csv, write_json

    first = _ask(False, "tickets_export", text=wanted, with_notes=with_notes)

    def rows(advance: Callable[[int], None]) -> Iterator[dict[str, Any]]:
        page = first
        while True:
            yield from page["tickets"]
            advance(len(page["tickets"]))
            if not page["after"]:
                return
            page = _ask(
                False, "tickets_export", text=wanted, after=page["after"], with_notes=with_notes
            )

    def write(rows: Iterator[dict[str, Any]], file: TextIO) -> int:
        return (
            write_csv(rows, file, first["fields"]) if form is Form.CSV else write_json(rows, file)
        )

    with _progress(first["total"] or 0) as advance:
        try:
            if output is None:
                count = write(rows(advance), sys.stdout)
            else:
                with output.open("w", encoding="utf-8", newline="") as file:
                    count = write(rows(advance), file)
        except OSError as error:
            _fail(f"{output or 'It'} cannot be written ({error.strerror}).")
    print(f"{count} tickets written.", file=sys.stderr)


@app.command("simulate")
def simulate_days(  # noqa: PLR0913 - each is an option
    replay: Annotated[
        int | None, typer.Option(help="Play the desk's own last days: how many.")
    ] = None,
    days: Annotated[int, typer.Option(help="How many generated days.")] = 1,
    seed: Annotated[int, typer.Option(help="Which ones; the same seed makes the same day.")] = 1,
    load: Annotated[float, typer.Option(help="The work against the time of all agents.")] = 1.0,
    agents: Annotated[int, typer.Option(help="How many agents a generated day has.")] = 30,
    staff: Annotated[
        list[str] | None, typer.Option(help='Other staff, such as "+2 billing 9-13".')
    ] = None,
    skill: Annotated[
        list[str] | None, typer.Option(help='More skills, such as "agent-3 billing:3".')
    ] = None,
    capacity: Annotated[int | None, typer.Option(help="Another capacity for everybody.")] = None,
    policies: Annotated[Path | None, typer.Option(help="Other policies: a JSON file.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the hours: a .png or .svg file.")] = None,
    as_json: Json = False,
) -> None:
    """Play days through the desk's own routing, as they are and with what is to be different."""
    from app import simulating
    from core.routing import what_if
    from core.routing.replay import days_of

    rows = None if replay is None else _ask(as_json, "routing_past", days=replay)

    async def played() -> what_if.Report:
        if plot is not None:
            simulating.check_picture(plot)
        wish = what_if.Wish(
            staff=staff or (),
            skills=skill or (),
            capacity=capacity,
            policies=None if policies is None else simulating.policies_in(policies),
        )
        made = simulating.Generated(days=days, seed=seed, load=load, agents=agents)
        report = what_if.what_if(made.made() if rows is None else days_of(rows), wish)
        if plot is not None:
            simulating.draw(report, plot)
        return report

    with _busy("The days go by …"):
        report = _run(played(), as_json=as_json)
    _print(report.to_dict(), as_json, report.to_text())


@reports.command("rebuild")
def reports_rebuild(as_json: Json = False) -> None:
    """Count everything anew, where figures are doubted; the desk may go on meanwhile."""
    step = _ask(as_json, "reports_rebuild")
    counted = 0
    with _progress(step["total"] or 0, "Counting") as advance:
        while True:
            counted += step["counted"]
            advance(step["counted"])
            if not step["after"]:
                break
            step = _ask(as_json, "reports_rebuild", after=step["after"])
    _print({"counted": counted}, as_json, f"{counted} tickets and enquiries counted.")


@kb.command("search")
def kb_search(question: str, as_json: Json = False) -> None:
    """Show what the knowledge base would say to a question."""
    answer = _ask(as_json, "kb_search", text=question)
    lines = [f"{each['confidence']:.0%}  {each['title']}" for each in answer["suggestions"]]
    _print(answer, as_json, "\n".join([f"({answer['verdict']})", *lines]))


@kb.command("evaluate")
def kb_evaluate(  # noqa: PLR0913 - each is an option
    articles: Annotated[Path | None, typer.Option(help="Articles, one JSON object a line.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help="Questions with the article each is for.")
    ] = None,
    validation: Annotated[Path | None, typer.Option(help="Questions to choose on.")] = None,
    from_history: Annotated[
        bool, typer.Option("--from-history", help="Use the desk's own articles and enquiries.")
    ] = False,
    tier: Annotated[str | None, typer.Option(help="default, static or semantic.")] = None,
    target_far: Annotated[float, typer.Option(help="The share of wrong answers aimed at.")] = 0.05,
    plot: Annotated[
        Path | None, typer.Option(help="Draw precision against coverage: a .png or .svg file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure the matching on questions whose answer is known; files need no database."""
    from knowledge_base import evaluate, history
    from knowledge_base.plot import check, draw
    from knowledge_base.tiers import NotInstalled, Tier, best_installed

    if from_history != (articles is None and questions is None):
        _fail("Give --articles and --questions, or --from-history.", as_json=as_json)
    rows = _ask(as_json, "kb_history") if from_history else None

    async def measured() -> dict[str, Any]:
        try:
            if plot is not None:
                check(plot)
            if rows is not None:
                entries, asked = history.from_rows(rows)
            elif articles is None or questions is None:
                raise CannotStart("Both --articles and --questions are needed.")
            else:
                entries = evaluate.read_articles(articles)
                asked = evaluate.read_questions(questions)
            report = evaluate.measure(
                entries,
                asked,
                validation=None if validation is None else evaluate.read_questions(validation),
                tier=Tier(tier) if tier else best_installed(),
                target_far=target_far,
            )
            if plot is not None:
                draw(report, plot)
        except (NotInstalled, OSError, ValueError) as error:
            raise CannotStart(str(error)) from error
        return report.to_dict()

    with _busy("Learning and asking …"):
        figures = _run(measured())
    shown = [f"{name:16} {_figure(value)}" for name, value in figures.items()]
    _print(figures, as_json, "\n".join(shown))


@slack.command("manifest")
def slack_manifest(
    url: Annotated[
        str, typer.Option(help="The public address, for HTTP; empty: Socket Mode.")
    ] = "",
) -> None:
    """Print the manifest to create the Slack app from, drawn from the table of commands."""
    from bots.slack.manifest import manifest

    print(json.dumps(manifest(url or None), indent=2, ensure_ascii=False))


@discord.command("invite")
def discord_invite() -> None:
    """Print the link that lets the bot into a server, with what it needs and no more."""
    from app.discord import invitation

    print(_run(invitation(_settings())))


@discord.command("panel")
def discord_panel(channel: str) -> None:
    """Post a Get help button in a channel of Discord, given by its id."""
    from app.discord import post_panel

    _run(post_panel(_settings(), channel))
    print("The panel is there.")


def main() -> None:
    """The entry point."""
    app()


def _settings() -> settings.Settings:
    try:
        return settings.load()
    except CannotStart as error:
        _fail(str(error))


def _ask(as_json: bool, verb: str, **arguments: Any) -> dict[str, Any]:
    """Answer here, or have it answered by the process that has the database open."""
    from app.wiring import Busy, switchboard

    chosen = _settings()
    configure("WARNING")

    async def ask() -> dict[str, Any]:
        try:
            async with switchboard(chosen) as desk:
                return await verbs.VERBS[verb](desk, **arguments)
        except Busy as busy:
            holder = busy.lock.holder()
            if holder is None:
                raise
            return await control.call(holder, verb, **arguments)

    return _run(ask(), as_json=as_json)


def _run(work: Coroutine[Any, Any, T], *, as_json: bool = False) -> T:
    """Run to the end; what a person can mend is one sentence and exit status 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from core.errors import DeskError

    try:
        return asyncio.run(work)
    except control.Refused as refusal:
        _fail(str(refusal), refusal.answer["error"], as_json=as_json)
    except (CannotStart, DeskError) as error:
        _fail(str(error), type(error).__name__, as_json=as_json)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        _fail(f"The database failed: {cause}.", type(error).__name__, as_json=as_json)
    except ConnectionError as error:
        sentence = "The process that has the database open does not answer. Is it stopping?"
        _fail(sentence, type(error).__name__, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@contextmanager
def _progress(total: int, doing: str = "Writing tickets") -> Iterator[Callable[[int], None]]:
    """Show on a terminal how far it is; elsewhere, say nothing. What it yields counts on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(doing, total=total)
        yield lambda count: shown.advance(task, count)


@contextmanager
def _busy(doing: str) -> Iterator[None]:
    """Show on a terminal that something takes a while; elsewhere, say nothing."""
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def _print(answer: dict[str, Any], as_json: bool, text: str) -> None:
    print(json.dumps(answer, ensure_ascii=False) if as_json else _CONTROL.sub("�", text))


# A customer's words are shown in a terminal: what would move its cursor is not.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _figure(value: object) -> str:
    """A figure as a table shows it: three decimals, a dash where a set cannot have it."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _fail(sentence: str, error: str = "", *, as_json: bool = False) -> NoReturn:
    """Say why not, on standard error; as JSON, also to the program that asked."""
    if as_json:
        print(json.dumps({"ok": False, "error": error, "text": sentence}, ensure_ascii=False))
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)
