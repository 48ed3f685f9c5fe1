"""Webhooks for programs: added, paused, tried, and what each of them was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from pydantic import Field

from core.errors import NotFound
from core.vocabulary import Delivery as StoredDelivery
from core.vocabulary import Scope
from core.vocabulary import Webhook as StoredWebhook
from web.api.caller import Caller, allowed
from web.api.once import Once
from web.api.shapes import Shape

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=Once)

Keeper = Annotated[Caller, Depends(allowed(Scope.WEBHOOKS))]
Number = Annotated[int, InPath(ge=1, lt=2**31, examples=[2])]
DeliveryNumber = Annotated[int, InPath(ge=1, lt=2**31, examples=[41])]
EventName = Annotated[str, Field(max_length=60, examples=["TicketOpened"])]


class Wanted(Shape):
    """Where to tell what happens; no ``events`` are all of them."""

    url: str = Field(min_length=1, max_length=500, examples=["https://shop.example/hooks"])
    events: list[EventName] = Field(
        default_factory=list, max_length=200, examples=[["TicketOpened", "TicketResolved"]]
    )


class Webhook(Shape):
    """A webhook. One that is paused is told later what happened meanwhile."""

    number: int = Field(examples=[2])
    url: str = Field(examples=["https://shop.example/hooks"])
    events: Sequence[str]
    created_at: datetime
    paused_at: datetime | None
    paused_why: str

    @classmethod
    def of(cls, webhook: StoredWebhook) -> "Webhook":
        """A stored webhook."""
        return cls(
            number=webhook.id,
            url=webhook.url,
            events=webhook.events,
            created_at=webhook.created_at,
            paused_at=webhook.paused_at,
            paused_why=webhook.paused_why,
        )


class Added(Webhook):
    """A new one, with the secret that signs its requests: it is shown this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Standing(Webhook):
    """A webhook, and how many deliveries wait and are dead."""

    waiting: int
    dead: int


class Delivery(Shape):
    """Something that it was or is to be told."""

    number: int = Field(examples=[41])
    id: str = Field(description="its webhook-id", examples=["webhook:2:1234"])
    event: str = Field(examples=["TicketOpened"])
    body: str = Field(description="the JSON that is sent")
    progress: str = Field(examples=["sent"])
    attempts: int
    error: str | None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, row: StoredDelivery) -> "Delivery":
        """A stored delivery."""
        return cls(
            number=row.id,
            id=row.key,
            event=row.card["title"],
            body=row.card["text"],
            progress=row.progress.value,
            attempts=row.attempts,
            error=row.error,
            created_at=row.created_at,
            due_at=row.due_at,
            settled_at=row.settled_at,
        )


class Deliveries(Shape):
    """A page of them, the newest first; ``next`` is what to go on ``before``."""

    deliveries: Sequence[Delivery]
    next: int | None


PAGE = 50


@router.get("")
async def list_webhooks(caller: Keeper) -> Sequence[Standing]:
    """Every webhook, and how it stands."""
    return [
        Standing(**Webhook.of(each.webhook).model_dump(), waiting=each.waiting, dead=each.dead)
        for each in await caller.desk.webhooks(caller.who)
    ]


@router.post("", status_code=201)
async def add_webhook(caller: Keeper, wanted: Wanted) -> Added:
    """Tell a program elsewhere what happens from now on."""
    made, secret = await caller.desk.add_webhook(caller.who, wanted.url, wanted.events)
    return Added(**Webhook.of(made).model_dump(), secret=secret)


@router.get("/{number}")
async def show_webhook(caller: Keeper, number: Number) -> Standing:
    """One webhook, and how it stands."""
    for each in await list_webhooks(caller):
        if each.number == number:
            return each
    raise NotFound(f"There is no webhook {number}.")


@router.delete("/{number}")
async def remove_webhook(caller: Keeper, number: Number) -> Webhook:
    """Tell it nothing any more."""
    return Webhook.of(await caller.desk.remove_webhook(caller.who, number))


@router.post("/{number}/pause")
async def pause_webhook(caller: Keeper, number: Number) -> Webhook:
    """Tell it nothing for now."""
    return Webhook.of(await caller.desk.pause_webhook(caller.who, number))


@router.post("/{number}/resume")
async def resume_webhook(caller: Keeper, number: Number) -> Webhook:
    """Go on where it was paused."""
    return Webhook.of(await caller.desk.resume_webhook(caller.who, number))


@router.post("/{number}/test", status_code=202)
async def test_webhook(caller: Keeper, number: Number) -> Webhook:
    """Send it something of no meaning."""
    return Webhook.of(await caller.desk.test_webhook(caller.who, number))


@router.get("/{number}/deliveries")
async def list_deliveries(
    caller: Keeper,
    number: Number,
    before: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Deliveries:
    """What it was or is to be told, and how that went."""
    found = await caller.desk.webhook_deliveries(caller.who, number, before=before)
    return Deliveries(
        deliveries=[Delivery.of(each) for each in found],
        next=found[-1].id if len(found) == PAGE else None,
    )


@router.post("/{number}/deliveries/{delivery}/resend")
async def resend(caller: Keeper, number: Number, delivery: DeliveryNumber) -> Delivery:
    """Tell it once more what it was not told."""
    return Delivery.of(await caller.desk.resend_to_webhook(caller.who, number, delivery))
