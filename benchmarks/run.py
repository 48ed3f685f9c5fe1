"""Every figure that the README quotes: ``make bench`` prints a table and writes JSON."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import acknowledge, intake, lists, startup

KINDS = ("sqlite", "postgresql")
AT_ONCE = {"sqlite": 4, "postgresql": 8}


async def everything() -> dict[str, Any]:
    """All measurements, one after the other."""
    figures: dict[str, Any] = {}
    for kind in KINDS:
        figures[kind] = await intake.measure(kind, at_once=AT_ONCE[kind])
        figures[kind]["list"] = await lists.measure(kind)
    figures["slack"] = {"acknowledge": await acknowledge.measure()}
    figures["desk"] = {"start": startup.measure()}
    return figures


def table(figures: dict[str, Any]) -> Table:
    """A row a figure."""
    shown = Table("where", "what", "figure", "value")
    for where, whats in figures.items():
        for what, values in whats.items():
            for name, value in values.items():
                shown.add_row(where, what, name, str(value))
    return shown


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, default=Path("bench.json"))
    chosen = arguments.parse_args()
    figures = asyncio.run(everything())
    chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    Console().print(table(figures))


if __name__ == "__main__":
    main()
