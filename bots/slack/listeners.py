"""Bolt's listeners, one for each kind of request; what they do is in `events` and `actions`.

Events are stored before they are acknowledged, since Slack sends again what was not. Commands,
buttons and forms are acknowledged first, since Slack gives them three seconds and no second try.
"""

import logging
import re
import secrets
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bots.slack import actions, events
from bots.slack.modals import CALLBACK
from bots.slack.reception import Reception

log = logging.getLogger(__name__)

ANY = re.compile(".*", re.DOTALL)
SHORTCUTS = {
    actions.SEND_TO_CUSTOMER: actions.sent_on,
    actions.ASK_SUPPORT: actions.asked_support,
}


def listen(app: AsyncApp, reception: Reception) -> None:
    """Give everything that Slack sends a listener."""
    _take_in_events(app, reception)
    _carry_out_commands(app, reception)
    _take_forms(app, reception)
    app.error(_answer_errors)


def _take_in_events(app: AsyncApp, reception: Reception) -> None:
    @app.event(ANY)
    async def on_event(event: dict[str, Any]) -> None:
        await events.take_in(reception, event)


def _carry_out_commands(app: AsyncApp, reception: Reception) -> None:
    start = reception.errands.start

    @app.command(ANY)
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        start(actions.commanded(reception, body))

    @app.action(ANY)
    async def on_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        start(actions.pressed(reception, body))

    @app.shortcut(ANY)
    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        chosen = SHORTCUTS.get(body["callback_id"])
        if chosen is not None:
            start(chosen(reception, body))


def _take_forms(app: AsyncApp, reception: Reception) -> None:
    @app.view(CALLBACK)
    async def on_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        errors = actions.refused(reception, body)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        reception.errands.start(actions.submitted(reception, body))


async def _answer_errors(error: Exception) -> BoltResponse:
    """An event that could not be stored is not acknowledged, so it comes again; what nobody
    listens to is, since Slack switches off apps that answer with errors."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    number = secrets.token_hex(4)
    log.error("error %s: a request from Slack was not taken in", number, exc_info=error)
    return BoltResponse(status=500)
