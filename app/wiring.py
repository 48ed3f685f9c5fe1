"""Wiring: the parts of the desk put together, once, from the settings."""

import logging
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from app.errors import CannotStart
from app.files import file_store
from app.languages import language_of
from app.learning import Learning
from app.mail import mail
from app.migrate import require_current
from app.sealed import Seal as Sealed
from app.settings import Settings
from app.shop import shop
from app.ways import ways
from bots.console.channel import ConsoleChannel
from bots.email.channel import NAME as MAIL
from bots.webchat.channel import WebChannel
from bots.webhook.channel import WebhookChannel
from core.channels import Address, Channel
from core.desk import Desk
from core.door import Clock, utc_now
from core.model import Delivery
from core.storage.database import Database
from core.vocabulary import WEB, WEBHOOK
from core.work import House, Seal, Unsealed
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.library import Library
from knowledge_base.reading import Edition
from knowledge_base.tiers import Tier, best_installed
from web.api.channel import CustomChannel

log = logging.getLogger(__name__)

CONSOLE_STAFF = Address("console", "local", "staff")


class Switchboard:
    """The desk with its knowledge base and the local channel; networks are connected by `run`."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        staff_rooms: Sequence[Address] = (),
        clock: Clock = utc_now,
    ) -> None:
        self.settings = settings
        self.database = database
        self.console = ConsoleChannel()
        self.deflector = KnowledgeBase(
            target_far=settings.false_answers,
            folder=settings.knowledge_folder,
            model=_own_model(settings),
        )
        self.learned = Learning()
        files = file_store(settings)
        self.web = WebChannel(files)
        house = House(
            staff_rooms=(*staff_rooms, *([CONSOLE_STAFF] if settings.console else [])),
            admins=settings.admins,
            deflector=self.deflector,
            files=files,
            policy=settings.policy,
            language_of=language_of,
            sends_mail=bool(settings.smtp_host),
            digest_mails=settings.digest_mails,
            learned=self.learned,
            url=settings.url,
            seal=_seal(settings),
            webhook_hosts=frozenset(
                each.strip().lower() for each in settings.webhook_hosts.split(",") if each.strip()
            ),
            voucher_secret=settings.widget_secret.get_secret_value(),
        )
        channels: dict[str, Channel] = {
            "console": self.console,
            "custom": CustomChannel(files),
            WEB: self.web,
        }
        self.ways = ways(settings)
        mailed = mail(settings)
        if mailed is not None:
            channels[MAIL] = mailed
        self.desk = Desk(
            database,
            house,
            channels=channels,
            clock=clock,
            order_source=shop(settings),
        )
        self.desk.courier.add(WEBHOOK, WebhookChannel(self.desk.webhook_receiver))
        self.library = Library(database, house, clock=clock)
        self._edition: Edition | None = None

    async def articles(self) -> str:
        """How many articles customers may be answered with, in words."""
        return counted((await self.library.edition()).published)

    async def refresh_knowledge(self) -> None:
        """Build the index anew if the published articles have changed since."""
        edition = await self.library.edition()
        if edition != self._edition:
            articles = await self.library.published()
            entries = [entry for each in articles for entry in each.entries()]
            await self.deflector.rebuild(
                [entry for entry in entries if not entry.for_staff],
                [entry for entry in entries if entry.for_staff],
            )
            self._edition = edition
            log.info("knowledge base: %s", counted(len(articles)))


async def switchboard(settings: Settings, database: Database) -> Switchboard:
    """The desk on its database, for the command line: no network is connected.

    Raises `CannotStart` with one sentence.
    """
    await require_current(database)
    app = Switchboard(settings, database, staff_rooms=await _known_rooms(settings, database))
    await app.refresh_knowledge()
    return app


def _seal(settings: Settings) -> Seal:
    """What keeps secrets of webhooks, where there is a key."""
    key = settings.secret_key.get_secret_value()
    return Sealed(key, purpose="webhook secrets") if key else Unsealed()


def _own_model(settings: Settings) -> Path | None:
    """The folder of a sentence model of the user's own. Raises `CannotStart` where it is none."""
    if not settings.semantic_model:
        return None
    folder = Path(settings.semantic_model)
    if best_installed(folder) is not Tier.SEMANTIC:
        raise CannotStart(
            f"SEMANTIC_MODEL: {folder} has no model.onnx and tokenizer.json, or the packages for it "
            "are missing: pip install 'switchboard-desk[semantic]'."
        )
    return folder


async def _known_rooms(settings: Settings, database: Database) -> list[Address]:
    """The staff channels; Slack's workspace is known once the desk has posted there."""
    room = settings.discord_staff_channel
    on_discord = [Address("discord", "global", f"#{room}")] if room else []
    workspace, _, channel = settings.slack_staff_channel.rpartition(":")
    if channel and not workspace:
        posted = select(Delivery.workspace).where(
            Delivery.channel == "slack", Delivery.conversation == channel
        )
        async with database.reading() as session:
            workspace = (await session.scalars(posted.limit(1))).first() or ""
    on_slack = Address("slack", workspace, channel)
    return [*([on_slack] if workspace else []), *on_discord]


def counted(articles: int) -> str:
    return f"{articles} article{'s' * (articles != 1)}"
