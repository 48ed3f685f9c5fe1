"""The command that plays days through the desk's routing."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.asking import ask, finish
from app.cli.terminal import Json, busy, show

group = typer.Typer()


@group.command("simulate")
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
    from knowledge_base.plot import check

    rows = None if replay is None else ask(as_json, "routing_past", days=replay)

    async def played() -> what_if.Report:
        if plot is not None:
            check(plot)
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

    with busy("The days go by …"):
        report = finish(played(), as_json=as_json)
    show(report.to_dict(), as_json, report.to_text())
