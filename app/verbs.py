"""What the command line asks of a desk: answered here, or by the process that has the database."""

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.orders import read_orders
from app.rules import read_rules, write_rules
from app.wiring import Switchboard
from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core import cards
from core.channels import Address, IncomingMessage, Who
from core.errors import DeskError, Invalid
from core.people.actors import OPERATOR
from core.vocabulary import Form
from knowledge_base import history
from knowledge_base.exporting import write_folder
from knowledge_base.files import read_folder
from knowledge_base.pairs import read_csv
from knowledge_base.written import Written

Answer = dict[str, Any]
HANDLE = re.compile(r"[\w.-]{1,64}")
CONSOLE, LOCAL = "console", "local"


def person(name: str | None) -> Who:
    """Whoever ``--as`` names: a handle on the console, or ``channel:workspace:user``."""
    if not name:
        return OPERATOR
    parts = name.removeprefix("@").split(":")
    if not all(HANDLE.fullmatch(part) for part in parts) or len(parts) not in {1, 3}:
        raise Invalid(f"“{name[:60]}” is nobody's name. Write a handle such as customer-1.")
    return Who(*parts) if len(parts) == 3 else Who(CONSOLE, LOCAL, parts[0], parts[0])


def mentioned(text: str) -> Who | None:
    """A person as the console spells them: ``@agent-1``."""
    handle = text.removeprefix("@")
    return Who(CONSOLE, LOCAL, handle, handle) if handle and ":" not in handle else None


async def say(app: Switchboard, *, by: str, text: str) -> Answer:
    """Write to the bot as a customer; what became of it and what the bot answered."""
    who = person(by)
    if not text.strip():
        raise Invalid("There is nothing to say. For example: switchboard say --as customer-1 hello")
    address = Address(who.channel, who.workspace, who.user)
    before = {post.id for post in await app.desk.said_at(address)}
    received = await app.desk.ask(
        IncomingMessage(
            address=address,
            sender=who,
            external_id=f"said:{uuid.uuid4().hex}",
            text=text,
            sent_at=datetime.now(UTC),
        )
    )
    await app.desk.courier.deliver_due()
    replies = [
        cards.plain(post.card)
        for post in await app.desk.said_at(address)
        if post.author == "desk" and post.id not in before
    ]
    return {
        "outcome": received.outcome.value,
        "ticket": received.ticket,
        "suggestions": [
            {name: each[name] for name in ("article", "title", "confidence")}
            for each in received.suggestions
        ],
        "replies": replies,
    }


async def do(app: Switchboard, *, by: str | None, text: str) -> Answer:
    """Carry out a command as somebody; a refusal is an answer, too."""
    try:
        who = person(by)
        call = read(COMMANDS, text, by=who, people=mentioned)
        said = await carry_out(app.desk, who, call)
    except DeskError as refusal:
        return {"ok": False, "error": type(refusal).__name__, "text": str(refusal)}
    await app.desk.courier.deliver_due()
    return {"ok": True, "text": cards.plain(said.card), "ticket": said.ticket}


async def kb_import(
    app: Switchboard,
    *,
    path: str,
    encoding: str = "utf-8",
    dry_run: bool = False,
    archive_missing: bool = False,
) -> Answer:
    """Take a folder of Markdown, or a CSV file, into the knowledge base, whole or not at all.

    With ``dry_run``, say what that would do; ``archive_missing`` puts away what is not there.
    """
    said = await asyncio.to_thread(_read_articles, Path(path), encoding)
    act = app.library.compare if dry_run else app.library.take_in
    imported = await act(said, archive_missing=archive_missing)
    if not dry_run:
        await app.refresh_knowledge()
    return {name: list(slugs) for name, slugs in asdict(imported).items()}


async def kb_export(app: Switchboard, *, folder: str) -> Answer:
    """Write every article to a folder of Markdown."""
    articles = await app.library.everything()
    return {"files": await asyncio.to_thread(write_folder, articles, Path(folder))}


def _read_articles(path: Path, encoding: str) -> list[Written]:
    if path.suffix.lower() in {".csv", ".tsv"}:
        return read_csv(path, encoding=encoding)
    return read_folder(path)


async def kb_search(app: Switchboard, *, text: str) -> Answer:
    """What the knowledge base would say to a question."""
    found = await app.deflector.suggest(text)
    return {
        "verdict": found.verdict.value,
        "suggestions": [
            {
                "article": each.article,
                "title": each.title,
                "confidence": round(each.confidence, 3),
            }
            for each in found.suggestions
        ],
    }


async def orders_import(app: Switchboard, *, path: str, dry_run: bool = False) -> Answer:
    """Take the shop's orders in, all or none; with ``dry_run``, say what that would do."""
    act = app.desk.compare_orders if dry_run else app.desk.take_in_orders
    return asdict(await act(await asyncio.to_thread(read_orders, Path(path))))


async def rules_export(app: Switchboard) -> Answer:
    """All rules, as the text of a YAML file."""
    said = await app.desk.whole_rules()
    return {"rules": len(said), "yaml": write_rules(said)}


async def rules_import(
    app: Switchboard, *, path: str, dry_run: bool = False, replace: bool = False
) -> Answer:
    """Take rules in, all or none; with ``dry_run``, say what that would do."""
    act = app.desk.compare_rules if dry_run else app.desk.take_in_rules
    said = await asyncio.to_thread(read_rules, Path(path))
    return asdict(await act(said, replace=replace))


async def kb_history(app: Switchboard) -> Answer:
    """The articles that customers see, and the questions whose end is known: for measuring."""
    articles = await app.library.published()
    entries = [entry for each in articles for entry in each.entries() if not entry.for_staff]
    return history.to_rows(entries, await app.library.history())


async def customers_export(app: Switchboard, *, customer: str) -> Answer:
    """Everything that is kept about a customer."""
    return await app.desk.customer_data(OPERATOR, customer)


async def tickets_export(
    app: Switchboard, *, text: str, after: str = "", with_notes: bool = False
) -> Answer:
    """A page of the tickets that a filter finds, as plain values."""
    found = await app.desk.export_tickets(OPERATOR, text, after=after, with_notes=with_notes)
    return asdict(found)


async def tickets_transcript(
    app: Switchboard, *, ticket: int, form: str, with_notes: bool
) -> Answer:
    """What was said on a ticket, written as text or as a page."""
    if form not in set(Form):
        raise Invalid(f"“{form[:20]}” is no format. There are {', '.join(Form)}.")
    written = await app.desk.transcript(OPERATOR, ticket, form=Form(form), with_notes=with_notes)
    return {"written": written.content.decode()}


async def reports_rebuild(app: Switchboard, *, after: str = "") -> Answer:
    """A step of counting everything anew for reports."""
    return asdict(await app.desk.rebuild_reports(after=after))


async def admin_link(app: Switchboard) -> Answer:
    """A new one-time code that makes whoever uses it an admin."""
    code = await app.desk.invite_admin()
    return {"url": f"{app.settings.url}/admin/{code}", "command": f"/agent join {code}"}


async def routing_past(app: Switchboard, *, days: int) -> Answer:
    """The last days as rows to simulate."""
    return dict(await app.desk.routing_past(OPERATOR, days=days))


VERBS: Mapping[str, Callable[..., Awaitable[Answer]]] = {
    "say": say,
    "do": do,
    "kb_import": kb_import,
    "kb_export": kb_export,
    "kb_search": kb_search,
    "kb_history": kb_history,
    "orders_import": orders_import,
    "rules_export": rules_export,
    "rules_import": rules_import,
    "customers_export": customers_export,
    "tickets_export": tickets_export,
    "tickets_transcript": tickets_transcript,
    "reports_rebuild": reports_rebuild,
    "admin_link": admin_link,
    "routing_past": routing_past,
}
