"""Buttons and forms of cards: commands of the table, as far as customers have them."""

from collections.abc import Mapping

from bots.browser import translate
from bots.browser.translate import Json
from bots.commands import COMMANDS, begun, carry_out
from bots.commands.parse import Call, filled, pressed, wanted
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role

OFFERED = {name: each for name, each in COMMANDS.items() if each.role is Role.CUSTOMER}


async def press(desk: Desk, by: Who, action: str, value: str) -> Json:
    """A visitor presses a button: ``card`` is the answer, or ``form`` what has to be asked first.
    Raises the desk's refusals."""
    call = pressed(OFFERED, action, value, by=by)
    if wanted(call, was_pressed=True):
        return translate.form(call, await begun(desk, by, call))
    return await _carry_out(desk, by, filled(call, {}, by=by))


async def submit(desk: Desk, by: Who, action: str, value: str, answers: Mapping[str, str]) -> Json:
    """A visitor sends a form; the same as `press`. Raises the desk's refusals."""
    return await _carry_out(
        desk, by, filled(pressed(OFFERED, action, value, by=by), answers, by=by)
    )


class Acts:
    """The same for pages that know the customer but no commands (`web.public.status.Acts`)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def press(self, by: Who, action: str, value: str) -> Json:
        return await press(self._desk, by, action, value)

    async def submit(self, by: Who, action: str, value: str, answers: Mapping[str, str]) -> Json:
        return await submit(self._desk, by, action, value, answers)


async def _carry_out(desk: Desk, by: Who, call: Call) -> Json:
    said = translate.said(await carry_out(desk, by, call))
    return {"ok": said["ok"], "card": said["card"]}
