"""The command line: start the desk, migrate it, ask it, and see what is wrong with it."""

import gc

import typer

from app.cli import (
    customers,
    discord,
    kb,
    orders,
    reports,
    rules,
    running,
    simulate,
    slack,
    tickets,
)

GARBAGE = 100_000  # new objects before anybody looks for garbage among them

app = typer.Typer(
    name="switchboard",
    help="A support desk that lives in chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(running.group)
app.add_typer(simulate.group)
app.add_typer(kb.group, name="kb")
app.add_typer(slack.group, name="slack")
app.add_typer(discord.group, name="discord")
app.add_typer(orders.group, name="orders")
app.add_typer(rules.group, name="rules")
app.add_typer(customers.group, name="customers")
app.add_typer(tickets.group, name="tickets")
app.add_typer(reports.group, name="reports")


def main() -> None:
    """The entry point.

    What is imported makes objects that all stay: looking for garbage among them again and again
    took a fifth of a start.
    """
    gc.set_threshold(GARBAGE)
    app()
