"""Two platforms with one desk between them: customers on one, staff on both."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.cards import plain
from core.channels import (
    Address,
    IncomingDeletion,
    IncomingEdit,
    IncomingFile,
    IncomingMessage,
    IncomingReaction,
    Who,
)
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House, Policy, Role
from tests.clock import FakeClock
from tests.outbox import Outbox

DISCORD, SLACK = "discord", "slack"
ROOMS = (Address(DISCORD, "w", "staff"), Address(SLACK, "w", "staff"))

_numbers = itertools.count(1)


@dataclass
class Bridge:
    """The desk with its two platforms; everything that people do on them."""

    desk: Desk
    clock: FakeClock
    discord: Outbox
    slack: Outbox

    async def settle(self) -> None:
        """Until nothing is to be fetched or sent any more."""
        while await self.desk.fetcher.fetch_due() + await self.desk.courier.deliver_due():
            pass

    async def hire(self, user: str, channel: str = SLACK, role: Role = Role.AGENT) -> Who:
        who = someone(user, channel)
        await self.desk.add_agent(OPERATOR, who, Details(role=role, capacity=5))
        return who

    async def write(
        self,
        text: str,
        by: str = "ana",
        channel: str = DISCORD,
        *,
        post: str | None = None,
        files: tuple[IncomingFile, ...] = (),
    ) -> str:
        """A customer writes to the bot; the id of their post."""
        post = post or f"in-{next(_numbers)}"
        who = someone(by, channel)
        await self.desk.receive(
            IncomingMessage(
                address=Address(channel, "w", by),
                sender=who,
                external_id=post,
                text=text,
                sent_at=self.clock.now,
                files=files,
            )
        )
        return post

    async def discuss(
        self,
        text: str,
        by: str,
        channel: str,
        *,
        number: int = 1,
        files: tuple[IncomingFile, ...] = (),
    ) -> str:
        """An agent writes beneath a ticket's card; the id of their post."""
        post = f"in-{next(_numbers)}"
        said = IncomingMessage(
            address=room(channel),
            sender=someone(by, channel),
            external_id=post,
            text=text,
            sent_at=self.clock.now,
            files=files,
        )
        assert await self.desk.hear(said, root=self.card(number, channel)) == number
        return post

    async def edit(
        self, post: str, text: str, by: Who, at: Address | None = None, later: int = 1
    ) -> bool:
        place = at or Address(by.channel, "w", by.user)
        return await self.desk.message_edited(
            IncomingEdit(
                address=place,
                external_id=post,
                by=by,
                text=text,
                edited_at=self.clock.now + timedelta(seconds=later),
                to_us=True,
            )
        )

    async def delete(self, post: str, at: Address, by: Who | None = None) -> bool:
        return await self.desk.message_deleted(
            IncomingDeletion(address=at, external_id=post, by=by, to_us=True)
        )

    async def react(
        self, post: str, emoji: str, by: Who, at: Address, *, added: bool = True
    ) -> bool:
        return await self.desk.reacted(
            IncomingReaction(address=at, external_id=post, by=by, emoji=emoji, added=added)
        )

    def outbox(self, channel: str) -> Outbox:
        return self.discord if channel == DISCORD else self.slack

    def card(self, number: int, channel: str) -> str:
        """The id of a ticket's card in a staff room."""
        box = self.outbox(channel)
        first = next(each for each in box.sent if each.key.startswith(f"card:{number}:"))
        return box.id_of(first)

    def standing(self, channel: str, conversation: str = "staff") -> list[str]:
        """The posts of a conversation as they stand now."""
        box = self.outbox(channel)
        posts = dict.fromkeys(box.id_of(each) for each in box.to(conversation))
        return [plain(box.posts[post]) for post in posts if post in box.posts]

    def post_of(self, channel: str, conversation: str, words: str) -> str:
        """The id of the post of a conversation that has these words."""
        box = self.outbox(channel)
        ids = [box.id_of(each) for each in box.to(conversation)]
        return next(each for each in ids if each in box.posts and words in plain(box.posts[each]))


def someone(user: str, channel: str = DISCORD) -> Who:
    return Who(channel, "w", user, user.capitalize(), picture=f"https://pictures.example/{user}")


def room(channel: str) -> Address:
    return Address(channel, "w", "staff")


def direct(user: str, channel: str = DISCORD) -> Address:
    return Address(channel, "w", user)


def a_file(name: str = "photo.png", source: str = "f1", *, size: int | None = None) -> IncomingFile:
    return IncomingFile(name=name, source=source, content_type="image/png", size=size)


def bridged(database: Database, clock: FakeClock, folder: Path, **policy: object) -> Bridge:
    """A desk between two platforms."""
    house = House(
        staff_rooms=ROOMS,
        files=FolderStore(folder),
        policy=Policy(**policy),  # type: ignore[arg-type]
    )
    discord, slack = Outbox(), Outbox()
    channels = {DISCORD: discord, SLACK: slack}
    return Bridge(Desk(database, house, channels=channels, clock=clock), clock, discord, slack)
