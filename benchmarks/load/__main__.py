"""``make bench-load``: a table, and bench-load.json.

``make bench-load LOAD="--sessions 20 --rate 5 --minutes 1"`` is a shorter one.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.load.counting import NEVER
from benchmarks.load.plan import Plan
from benchmarks.load.run import measure


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    arguments.add_argument("--sessions", type=int, default=200)
    arguments.add_argument("--rate", type=float, default=50, help="messages a second")
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--json", type=Path, default=Path("bench-load.json"))
    chosen = arguments.parse_args()
    plan = Plan(chosen.database, chosen.sessions, chosen.rate, chosen.minutes * 60)
    found = asyncio.run(measure(plan, say=print))
    chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    shown = Table("what", "value")
    for name, value in found.items():
        shown.add_row(name, str(value))
    Console().print(shown)
    if any(found[name] for name in NEVER):
        sys.exit("Something happened that may not.")


if __name__ == "__main__":
    main()
