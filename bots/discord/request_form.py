"""The customer's form: their own words, what it is about, and what this desk asks beside.

A modal holds five inputs; what does not fit is left to the agent.
https://discord.com/developers/docs/components/reference
"""

from collections.abc import Mapping
from typing import Any

from bots.commands.parse import Call
from bots.discord import markup, modals
from core import catalogue
from core.channels import Form
from core.vocabulary import Asked, FieldType, TicketField

KIND, FIELD = "kind", "field."
FIELD_LONGEST = 300

Json = dict[str, Any]


def view(call: Call, own: Asked) -> Json:
    """The modal of a new request, with the desk's own fields: first those that have to be there."""
    words = modals.modal(call, [each for each in call.command.params if each.asked], {})
    labels = catalogue.request_form()
    kinds = {**labels.kinds, **{kind.name: kind.about for kind in own.kinds}}
    fields = sorted(own.fields, key=lambda field: not _is_needed(field))
    about = _input(KIND, labels.kind, modals.select(kinds), required=False)
    asked = [_own(field) for field in fields]
    return words | {"components": [*words["components"], about, *asked][: modals.INPUTS]}


def form_in(answers: Mapping[str, str]) -> Form:
    """What was filled in beside the words."""
    fields = {
        name.removeprefix(FIELD): value
        for name, value in answers.items()
        if name.startswith(FIELD) and value
    }
    return Form(kind=answers.get(KIND, ""), fields=fields)


def _is_needed(field: TicketField) -> bool:
    return field.is_required and field.kind is None


def _own(field: TicketField) -> Json:
    if field.type is FieldType.CHOICE and len(field.choices) <= modals.OPTIONS:
        component = modals.select({each: each for each in field.choices})
    else:
        hint = {FieldType.DATE: "2026-11-30", FieldType.NUMBER: "42"}.get(field.type)
        component = modals.text(modals.SHORT, FIELD_LONGEST)
        component |= {"placeholder": hint} if hint else {}
    return _input(f"{FIELD}{field.name}", field.label, component, required=_is_needed(field))


def _input(name: str, label: str, component: Json, *, required: bool) -> Json:
    return {
        "type": modals.LABEL_BOX,
        "label": markup.cut(label, modals.LABEL),
        "component": {"custom_id": name, "required": required} | component,
    }
