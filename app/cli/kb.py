"""The commands about the knowledge base."""

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.asking import ask, finish
from app.cli.terminal import Json, busy, fail, show
from app.errors import CannotStart

group = typer.Typer(help="The knowledge base.", no_args_is_help=True)


@group.command("import")
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
    with busy("Reading the articles …"):
        answer = ask(
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
    show(answer, as_json, "\n".join(lines))


@group.command("export")
def kb_export(folder: Path, as_json: Json = False) -> None:
    """Write every article to a folder of Markdown files, as `kb import` reads them."""
    with busy("Writing the articles …"):
        answer = ask(as_json, "kb_export", folder=str(folder.resolve()))
    show(answer, as_json, f"{len(answer['files'])} files written to {folder}.")


@group.command("search")
def kb_search(question: str, as_json: Json = False) -> None:
    """Show what the knowledge base would say to a question."""
    answer = ask(as_json, "kb_search", text=question)
    lines = [f"{each['confidence']:.0%}  {each['title']}" for each in answer["suggestions"]]
    show(answer, as_json, "\n".join([f"({answer['verdict']})", *lines]))


@group.command("evaluate")
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
        fail("Give --articles and --questions, or --from-history.", as_json=as_json)
    rows = ask(as_json, "kb_history") if from_history else None

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

    with busy("Learning and asking …"):
        figures = finish(measured())
    shown = [f"{name:16} {_figure(value)}" for name, value in figures.items()]
    show(figures, as_json, "\n".join(shown))


def _figure(value: object) -> str:
    """A figure as a table shows it: three decimals, a dash where a set cannot have it."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
