"""What can happen to what is to be sent."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class DeliveryDied(Event):
    """A card could not be delivered and will not be tried again by itself."""

    delivery_id: int
    error: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRevived(Event):
    """Somebody asked for a dead delivery to be sent again."""

    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Event):
    """A webhook was added, paused, resumed or removed by an admin."""

    webhook_id: int
    change: str
