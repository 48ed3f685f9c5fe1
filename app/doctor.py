"""The doctor: what is configured, what is missing, and what to do, in plain words."""

import sqlite3
import sys
from dataclasses import dataclass

from app import mail, shop, ways
from app.discord import diagnosed
from app.errors import CannotStart
from app.lock import Busy, sqlite_warning
from app.migrate import current, head
from app.opening import opened
from app.settings import Settings, load
from app.slack import slack_settings
from app.wiring import Switchboard
from bots.slack.connect import diagnose
from core.storage.database import Database


@dataclass(frozen=True)
class Finding:
    """One thing that is well, missing, or at fault."""

    mark: str
    text: str

    @property
    def is_fault(self) -> bool:
        return self.mark == "✗"

    def __str__(self) -> str:
        return f"{self.mark} {self.text}"


def well(text: str) -> Finding:
    return Finding("✓", text)


def left_out(text: str) -> Finding:
    return Finding("–", text)


def fault(text: str) -> Finding:
    return Finding("✗", text)


async def examine() -> list[Finding]:
    """Everything that can be seen without changing anything."""
    python = sys.version_info
    findings = [well(f"Python {python.major}.{python.minor}.{python.micro}")]
    try:
        settings = load()
    except CannotStart as error:
        return [*findings, fault(str(error))]
    findings += await _database(settings)
    findings += await _slack(settings)
    findings += [Finding(mark, text) for mark, text in await diagnosed(settings)]
    findings.append(Finding(*await shop.diagnosed(settings)))
    findings.append(Finding(*await mail.diagnosed(settings)))
    findings += [Finding(mark, text) for mark, text in ways.diagnosed(settings)]
    findings.append(
        well("CONSOLE is on: anybody who reaches the page can be anybody.")
        if settings.console
        else left_out("CONSOLE is off.")
    )
    if settings.console and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        findings.append(fault(f"CONSOLE is on and HOST is {settings.host}: others can reach it."))
    return findings


async def _database(settings: Settings) -> list[Finding]:
    findings = []
    if settings.database_file is not None:
        warning = sqlite_warning()
        findings.append(left_out(warning) if warning else well(f"SQLite {sqlite3.sqlite_version}"))
    try:
        async with opened(settings) as (database, _):
            findings += await _content(settings, database)
    except Busy as busy:
        findings.append(well(str(busy)))
    except CannotStart as error:
        findings.append(fault(str(error)))
    return findings


async def _content(settings: Settings, database: Database) -> list[Finding]:
    has = await current(database)
    if has != head():
        return [fault(f"The database is at {has or 'nothing'}, not {head()}: switchboard migrate")]
    app = Switchboard(settings, database)
    edition = await app.library.edition()
    return [
        well(f"The database answers and is at {has}."),
        well("There is an admin.")
        if await app.desk.any_admin()
        else left_out("There is no admin yet: switchboard admin-link"),
        well(f"The knowledge base has {edition.published} published articles.")
        if edition.published
        else left_out("The knowledge base is empty: switchboard kb import FOLDER"),
    ]


async def _slack(settings: Settings) -> list[Finding]:
    if not settings.slack_is_on:
        return [left_out("Slack is off: SLACK_BOT_TOKEN is not set.")]
    found = await diagnose(slack_settings(settings))
    return [Finding(mark, text) for mark, text in found]
