"""What the command line simulates: generated days, or the desk's own, and what is to be different."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import Invalid
from core.routing.day import Day
from core.routing.generated import AGENTS, Shape, generate
from core.routing.policy import RoutingPolicy, read
from core.routing.what_if import DAYS_AT_MOST, Report
from knowledge_base.plot import CannotDraw, check

COLOURS = {"as it is": "#868e96", "what if": "#3b5bdb"}  # told apart by colour-blind people


@dataclass(frozen=True, kw_only=True)
class Generated:
    """Days that are made up: so many, from which seed on, and what they look like."""

    days: int = 1
    seed: int = 1
    load: float = 1.0
    agents: int = AGENTS

    def made(self) -> list[Day]:
        """The days. Raises `Invalid`."""
        if not 1 <= self.days <= DAYS_AT_MOST:
            raise Invalid(f"From 1 to {DAYS_AT_MOST} days are simulated, not {self.days}.")
        if self.seed < 0:
            raise Invalid("A seed is 0 or more.")
        shape = Shape(load=self.load, agents=self.agents)
        return [generate(seed, shape) for seed in range(self.seed, self.seed + self.days)]


def policies_in(file: Path) -> Sequence[RoutingPolicy]:
    """The routing policies in a JSON file: a list of rows. Raises `Invalid`."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"{file} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        raise Invalid(f"{file} is no JSON ({error}).") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(f'{file} has to be a list of policies: [{{"name": "default", "weights": …}}]')
    return read(rows)


def draw(report: Report, file: Path) -> None:
    """Write promises kept and utilisation by the hour to a PNG or SVG file. Raises `CannotDraw`."""
    check(file)
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(9, 6), layout="constrained")
    kept, busy = figure.subplots(2, 1, sharex=True)
    for name, side in report.sides.items():
        starts = [hour.starts.strftime("%H:%M") for hour in side.hours]
        style = {"color": COLOURS[name], "linewidth": 2, "marker": "o", "label": name}
        kept.plot(starts, [hour.attainment for hour in side.hours], **style)
        busy.plot(starts, [hour.utilisation for hour in side.hours], **style)
    kept.set_ylabel("first response in time")
    busy.set_ylabel("utilisation")
    busy.set_xlabel("hour (UTC)")
    for axes in (kept, busy):
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    kept.legend(frameon=False)
    try:
        figure.savefig(file, dpi=150)
    except OSError as error:
        raise CannotDraw(f"{file} cannot be written ({error.strerror}).") from None
