"""Intake for programs: what customers write on channels of their own, and what the desk says there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath

from core import cards
from core.channels import Address, IncomingFile, IncomingMessage, Who
from core.errors import Invalid
from web.api import files, shapes
from web.api.caller import Intake
from web.api.channel import NAME
from web.api.once import Once

router = APIRouter(tags=["intake"], route_class=Once)
SHOWN = 200


@router.post("/messages", status_code=201)
async def take_in(caller: Intake, written: shapes.Written) -> shapes.Became:
    """Hand in what a customer wrote. The same ``id`` twice does nothing."""
    sent_at = written.sent_at or datetime.now(UTC)
    if not written.text.strip() and not written.files:
        raise Invalid("Send words, or a file, or both.")
    if sent_at.tzinfo is None:
        raise Invalid("sent_at needs its time zone: 2026-11-30T09:00:00Z.")
    sender = Who(NAME, written.channel, written.sender.id, written.sender.name or written.sender.id)
    received = await caller.desk.receive(
        IncomingMessage(
            address=Address(NAME, written.channel, written.conversation),
            sender=sender,
            external_id=written.id,
            text=written.text,
            sent_at=sent_at,
            files=tuple(_as_sent(each) for each in written.files),
        )
    )
    return shapes.Became(
        outcome=received.outcome.value,
        ticket=received.ticket,
        suggestions=list(received.suggestions),
    )


def _as_sent(uploaded: shapes.Uploaded) -> IncomingFile:
    return IncomingFile(
        name=uploaded.name,
        source=files.source(uploaded.file),
        content_type=uploaded.content_type,
        size=uploaded.size,
    )


@router.get("/conversations/{channel}/{conversation}/posts")
async def list_posts(
    caller: Intake,
    channel: Annotated[str, InPath(max_length=40, examples=["shop-chat"])],
    conversation: Annotated[str, InPath(max_length=160, examples=["chat-901"])],
) -> shapes.Posts:
    """What the desk said in a conversation of yours: to show it there."""
    posts = await caller.desk.said_at(Address(NAME, channel, conversation), last=SHOWN)
    return shapes.Posts(
        posts=[
            shapes.Post(
                id=each.id,
                at=each.at,
                title=each.card.title,
                text=cards.plain(replace(each.card, title="", buttons=())),
                buttons=[
                    {"label": button.label, "action": button.action, "value": button.value}
                    for button in each.card.buttons
                ],
            )
            for each in posts
            if each.author == "desk" and each.sent
        ]
    )
