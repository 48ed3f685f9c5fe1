"""Commands, buttons, forms and shortcuts: each becomes one call of the command table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bots.commands import AT_ONCE, COMMANDS, begun, carry_out, spoken_to
from bots.commands.parse import Call, filled
from bots.commands.table import Kind, Param, Said
from bots.slack import faults, modals, reading, render, request_form, shortcuts
from bots.slack.attached import with_files
from bots.slack.modals import Begun
from bots.slack.reception import Asker, Reception
from bots.slack.translate import command_line, files_of, people, unnamed
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.errors import Conflict, DeskError
from core.speaking import Sentence

Body = Mapping[str, Any]

SEND_TO_CUSTOMER = "send_to_customer"
CREATE_TICKET = "create_ticket"
ASK_SUPPORT = "ask_support"
SPOKEN = {"support", "ticket reply", "ticket note", "ticket resolve", "ticket escalate"}
ON_MESSAGES = {SEND_TO_CUSTOMER: shortcuts.sent_on, CREATE_TICKET: shortcuts.created}


class NoForm(Conflict):
    """Slack lets an app open a form only within three seconds."""

    def __init__(self, example: str) -> None:
        super().__init__(
            Sentence("The form did not open. Press again, or type it: {example}", example=example)
        )


async def commanded(reception: Reception, body: Body) -> None:
    """Somebody typed a slash command."""
    typed = f"{body['command'].removeprefix('/')} {body.get('text') or ''}".strip()
    line, names = command_line(typed if " " in typed or typed in COMMANDS else f"{typed} help")
    names |= await reception.names.of(user for user in unnamed(line) if user not in names)
    by = reception.home.who(body["user_id"], body.get("team_id"), body.get("user_name") or "")
    begun = Begun(line=line, channel=body["channel_id"], response_url=body.get("response_url"))
    await _begin(reception, by, begun, body, names)


async def pressed(reception: Reception, body: Body) -> None:
    """Somebody pressed a button of a card."""
    button = body["actions"][0]
    action = render.action_of(button["action_id"])
    if not action:
        return
    begun = Begun(
        action=action,
        value=button.get("value") or "",
        channel=(body.get("channel") or {}).get("id"),
        response_url=body.get("response_url"),
    )
    await _begin(reception, _presser(reception, body), begun, body, {})


async def asked_support(reception: Reception, body: Body) -> None:
    """Somebody chose the shortcut that opens the customer's form."""
    if body["callback_id"] == ASK_SUPPORT:
        await _begin(reception, _presser(reception, body), Begun(line="support"), body, {})


async def refused(reception: Reception, body: Body) -> dict[str, str]:
    """What is wrong with a submitted form, by its inputs; nothing, where it can be carried out."""
    try:
        async with spoken_to(reception.desk, _presser(reception, body), within=AT_ONCE):
            _filled(reception, body)
    except DeskError as refusal:
        answers = modals.answers_in(body["view"])
        return {next(iter(answers), modals.ANSWER): str(refusal)}
    return {}


async def nothing_said(reception: Reception | None, body: Body) -> str:
    """What is written beneath an empty form of a new request."""
    if reception is None:
        return catalogue.nothing_said()
    async with spoken_to(reception.desk, _presser(reception, body), within=AT_ONCE):
        return catalogue.nothing_said()


async def submitted(reception: Reception, body: Body) -> None:
    """Somebody sent a form that `refused` had nothing against. A repetition does nothing."""
    if not reception.once.first(f"view:{body['view']['id']}"):
        return
    begun = modals.begun_in(body["view"])
    by = _presser(reception, body)
    files = files_of(modals.files_in(body["view"]), reception.home)
    call = _in_words(_filled(reception, body), {})
    done = with_files(reception.desk, by, call, files)
    await reception.answers.give(_asker(by, begun), done)


async def requested(reception: Reception, body: Body) -> None:
    """Somebody sent the form of a new request. A repetition does nothing."""
    by = _presser(reception, body)
    where = json.loads(body["view"].get("private_metadata") or "{}")
    incoming = request_form.to_incoming(body["view"], by, reception.home)
    asker = Asker(user=by.user, channel=where.get("channel"))

    async def asked() -> Said:
        async with spoken_to(reception.desk, by):
            received = await reception.desk.ask(incoming)
        async with spoken_to(reception.desk, by):  # of whom we may have learned it just now
            return Said(Card(text=catalogue.request_taken(received.ticket)))

    if reception.once.first(f"view:{body['view']['id']}"):
        await reception.answers.give(asker, asked())


async def on_message(reception: Reception, body: Body) -> None:
    """Somebody chose something in the menu of a message."""
    chosen = ON_MESSAGES.get(body["callback_id"])
    if chosen is not None:
        await chosen(reception, _presser(reception, body), body)


async def _begin(
    reception: Reception, by: Who, command: Begun, body: Body, names: Mapping[str, str]
) -> None:
    """Carry out what was said, or first ask for what it lacks: at once, before any other work,
    since Slack opens a form only within three seconds."""
    reader = people(reception.home, names)

    async def carried_out() -> Said | None:
        async with spoken_to(reception.desk, by, within=AT_ONCE):
            return await asked_or_done()

    async def asked_or_done() -> Said | None:
        call = command.call(by, reader)
        wanted = command.wants(call)
        if not wanted:
            return await carry_out(reception.desk, by, _in_words(call, names))
        try:
            await _ask(reception, by, command, call, wanted, trigger=body["trigger_id"])
        except faults.FAILURES as error:
            raise NoForm(call.command.example) from error
        return None

    await reception.answers.give(_asker(by, command), carried_out())


async def _ask(
    reception: Reception,
    by: Who,
    command: Begun,
    call: Call,
    wanted: Sequence[Param],
    *,
    trigger: str,
) -> None:
    """Open the form. Where its fields begin with what the desk knows, an empty one is opened first,
    since the desk may take longer than Slack waits."""
    client = reception.client
    if call.command.name == "support":
        await _ask_customer(reception, command.channel, trigger)
        return
    if call.command.begin is None:
        await client.views_open(trigger_id=trigger, view=modals.view(command, call, wanted, {}))
        return
    opened = await client.views_open(trigger_id=trigger, view=modals.loading(call))
    try:
        begins = await begun(reception.desk, by, call)
        shown = modals.view(command, call, wanted, begins)
    except DeskError as refusal:
        shown = modals.refusal(call, str(refusal))
    await client.views_update(view_id=opened["view"]["id"], view=shown)


async def _ask_customer(reception: Reception, channel: str | None, trigger: str) -> None:
    """Open the form of a new request; what this desk asks of its own comes a moment later."""
    client = reception.client
    opened = await client.views_open(trigger_id=trigger, view=request_form.view(channel=channel))
    own = await reception.desk.asked_for()
    if own.kinds or own.fields:
        whole = request_form.view(channel=channel, own=own)
        await client.views_update(view_id=opened["view"]["id"], view=whole)


def _filled(reception: Reception, body: Body) -> Call:
    by = _presser(reception, body)
    answers = modals.answers_in(body["view"])
    mentioned = [user for answer in answers.values() for user in unnamed(answer)]
    reader = people(reception.home, {user: reception.names.known(user) for user in mentioned})
    return filled(modals.begun_in(body["view"]).call(by, reader), answers, by=by, people=reader)


def _in_words(call: Call, names: Mapping[str, str]) -> Call:
    """What somebody says to people, formatted as they meant it; what is written in Markdown anyway
    only has names for its mentions."""
    read = reading.typed if call.command.name in SPOKEN else reading.with_names
    texts = {param.name for param in call.command.params if param.kind is Kind.TEXT}
    args = {
        name: read(value, names) if name in texts and value else value
        for name, value in call.args.items()
    }
    return replace(call, args=args)


def _presser(reception: Reception, body: Body) -> Who:
    user = body["user"]
    team = user.get("team_id") or (body.get("team") or {}).get("id")
    name = reception.names.known(user["id"]) or user.get("name") or user.get("username") or ""
    return reception.home.who(user["id"], team, name)


def _asker(by: Who, begun: Begun) -> Asker:
    return Asker(user=by.user, channel=begun.channel, response_url=begun.response_url)
