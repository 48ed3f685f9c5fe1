"""Commands that take files along: a reply, a note, and a return."""

from collections.abc import Sequence
from dataclasses import replace

from bots.commands import carry_out
from bots.commands.parse import Call
from bots.commands.table import Said
from core.cards import Card
from core.channels import IncomingFile, Who
from core.desk import Desk

TAKING = {"ticket reply", "ticket note", "return"}


async def with_files(desk: Desk, by: Who, call: Call, files: Sequence[IncomingFile]) -> Said:
    """Carry out a call; with files, where its command takes them. Raises the desk's refusals."""
    if not files or call.command.name not in TAKING:
        return await carry_out(desk, by, call)
    if call.command.name == "return":
        return await carry_out(desk, by, replace(call, args={**call.args, "files": tuple(files)}))
    number, text = call.args["ticket"], call.args["text"]
    if call.command.name == "ticket reply":
        ticket = await desk.reply(by, number, text, files=tuple(files))
        told = f"💬 Sent to {ticket.customer.name} on #{ticket.id}."
    else:
        ticket = await desk.note(by, number, text, files=tuple(files))
        told = f"📝 Noted on #{ticket.id}. The customer does not see it."
    with_it = "a file" if len(files) == 1 else f"{len(files)} files"
    return Said(Card(text=f"{told} With {with_it}."))
