"""The customer's form: what it is about, the order, in their own words, with files."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bots.slack import reading, translate
from bots.slack.translate import NAME, Home
from core import catalogue
from core.channels import Address, Form, IncomingMessage, Who
from core.vocabulary import Asked, FieldType, TicketField

CALLBACK = "new_request"
WORDS, KIND, ORDER, FILES = "words", "kind", "order", "files"
ANSWER = "answer"
LONGEST = 3_000
ORDER_LONGEST = 60
MOST_FILES = 5
FIELD = "field."
FIELD_LONGEST = 300
OPTION = 75
OWN = 20  # fields of the desk's own

Json = dict[str, Any]


def view(*, begins: str = "", channel: str | None = None, own: Asked | None = None) -> Json:
    """The modal. ``begins`` are the first words, ``channel`` is where the answer is shown, ``own`` what
    this desk asks beside."""
    own = own or Asked()
    labels = catalogue.request_form()
    kinds = [{"text": _plain(label), "value": kind} for kind, label in labels.kinds.items()]
    kinds += [{"text": _plain(kind.about[:OPTION]), "value": kind.name} for kind in own.kinds]
    words = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST}
    initial = {"initial_value": begins[:LONGEST]} if begins else {}
    files = {"type": "file_input", "max_files": MOST_FILES}
    order = {"type": "plain_text_input", "max_length": ORDER_LONGEST}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps({"channel": channel} if channel else {}),
        "title": _plain(labels.title),
        "submit": _plain(labels.send),
        "close": _plain(labels.cancel),
        "blocks": [
            _input(KIND, labels.kind, {"type": "static_select", "options": kinds}, optional=True),
            _input(WORDS, labels.words, words | initial),
            _input(ORDER, labels.order, order, optional=True),
            *(_own(field) for field in own.fields[:OWN]),
            _input(FILES, labels.files, files, optional=True),
        ],
    }


def to_incoming(view: Mapping[str, Any], by: Who, home: Home) -> IncomingMessage:
    """What was filled in, as a message to the bot. The same form sent twice is one message."""
    values = view.get("state", {}).get("values", {})
    kind = (_answer(values, KIND).get("selected_option") or {}).get("value")
    order = " ".join(str(_answer(values, ORDER).get("value") or "").split())
    words = str(_answer(values, WORDS).get("value") or "").strip()
    details = catalogue.request_details(kind, reading.plain(order))
    return IncomingMessage(
        address=Address(NAME, home.team, by.user),
        sender=by,
        external_id=f"own:view:{view['id']}",
        text="\n\n".join(filter(None, [reading.typed(words, {}), details])),
        sent_at=datetime.now(UTC),
        files=translate.files_of(_answer(values, FILES), home),
        form=Form(kind=kind or "", fields=_filled_in(values)),
    )


def is_empty(view: Mapping[str, Any]) -> bool:
    """Whether there is neither a word nor a file in it."""
    values = view.get("state", {}).get("values", {})
    said = str(_answer(values, WORDS).get("value") or "").strip()
    return not said and not _answer(values, FILES).get("files")


def _own(field: TicketField) -> Json:
    """An input for a field of the desk's own. Slack sees to it that what is there is of its type."""
    optional = not field.is_required or field.kind is not None
    return _input(f"{FIELD}{field.name}", field.label, _element(field), optional=optional)


def _element(field: TicketField) -> Json:
    """https://docs.slack.dev/reference/block-kit/block-elements"""
    if field.type is FieldType.CHOICE:
        options = [{"text": _plain(each[:OPTION]), "value": each} for each in field.choices]
        return {"type": "static_select", "options": options}
    if field.type is FieldType.DATE:
        return {"type": "datepicker"}
    if field.type is FieldType.NUMBER:
        bounds = {"min_value": field.smallest, "max_value": field.largest}
        given = {name: f"{bound:f}" for name, bound in bounds.items() if bound is not None}
        return {"type": "number_input", "is_decimal_allowed": True} | given
    return {"type": "plain_text_input", "max_length": FIELD_LONGEST}


def _filled_in(values: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for block in values:
        answer = _answer(values, block)
        chosen = (answer.get("selected_option") or {}).get("value")
        said = str(chosen or answer.get("selected_date") or answer.get("value") or "")
        if block.startswith(FIELD) and said:
            found[block.removeprefix(FIELD)] = said
    return found


def _answer(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return values.get(name, {}).get(ANSWER) or {}


def _input(name: str, label: str, element: Json, *, optional: bool = False) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "optional": optional,
        "element": {"action_id": ANSWER, **element},
    }


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
