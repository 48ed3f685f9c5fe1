"""A listener for each kind of request; what they do is in `events` and `actions`.

Events are stored before they are acknowledged, since Slack sends again what was not. Commands,
buttons and forms are acknowledged first, since Slack gives them three seconds and no second try.
"""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bots.slack import actions, events, request_form
from bots.slack.modals import CALLBACK
from bots.slack.reception import Errands, Reception

log = logging.getLogger(__name__)

ANY = re.compile(".*", re.DOTALL)
GONE = {"app_uninstalled", "tokens_revoked"}

Body = Mapping[str, Any]


class Front(Protocol):
    """Knows in which workspace something happened."""

    async def of(self, body: Body) -> Reception | None:
        """The reception of that workspace; None where the app is not in it."""
        ...

    async def removed(self, body: Body) -> None:
        """The app, or its token, was removed there."""
        ...


def listen(app: AsyncApp, front: Front, errands: Errands) -> None:
    """Give everything that Slack sends a listener."""
    _take_in_events(app, front)
    _carry_out_commands(app, front, errands)
    _take_forms(app, front, errands)
    app.error(_answer_errors)


def _take_in_events(app: AsyncApp, front: Front) -> None:
    @app.event(ANY)
    async def on_event(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("type") in GONE:
            await front.removed(body)
            return
        reception = await front.of(body)
        if reception is not None:
            await events.take_in(reception, event)


def _carry_out_commands(app: AsyncApp, front: Front, errands: Errands) -> None:
    def start(done: Callable[[Reception, Body], Awaitable[None]], body: Body) -> None:
        async def carry_out() -> None:
            reception = await front.of(body)
            if reception is not None:
                await done(reception, body)

        errands.start(carry_out())

    @app.command(ANY)
    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        start(actions.commanded, body)

    @app.action(ANY)
    async def on_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        start(actions.pressed, body)

    @app.shortcut(ANY)
    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        start(actions.on_message if "message" in body else actions.asked_support, body)


def _take_forms(app: AsyncApp, front: Front, errands: Errands) -> None:
    @app.view(CALLBACK)
    async def on_form(ack: AsyncAck, body: dict[str, Any]) -> None:
        reception = await front.of(body)
        errors = await actions.refused(reception, body) if reception else {}
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        if reception is not None:
            errands.start(actions.submitted(reception, body))

    @app.view(request_form.CALLBACK)
    async def on_request(ack: AsyncAck, body: dict[str, Any]) -> None:
        reception = await front.of(body)
        if request_form.is_empty(body["view"]):
            said = await actions.nothing_said(reception, body)
            await ack(response_action="errors", errors={request_form.WORDS: said})
            return
        await ack()
        if reception is not None:
            errands.start(actions.requested(reception, body))


async def _answer_errors(error: Exception) -> BoltResponse:
    """An event that could not be stored is not acknowledged, so it comes again; what nobody
    listens to is, since Slack switches off apps that answer with errors."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    number = secrets.token_hex(4)
    log.error("error %s: a request from Slack was not taken in", number, exc_info=error)
    return BoltResponse(status=500)
