"""A process to be killed: a desk at work, that says on standard output what it has promised.

    python -m tests.faults.victim DATABASE_URL POSTS SEED

Customers write, agents claim and resolve, and the courier carries, all at once. After each message
is stored, a line with its id is printed: the acknowledgement. What the platform took is a line in
the file POSTS, which outlives the process.
"""

import asyncio
import itertools
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from core.channels import OutgoingMessage, Who
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Status, Ticket
from tests.faults.stories import HOUSE
from tests.scene import CHANNEL, message, person

AGENTS = ("grace", "linus", "ken")
CUSTOMERS = 12
WORDS = (
    "the printer smokes",
    "hi",
    "how do I reset my password?",
    "a person please",
    "and the door squeaks",
    "thanks!",
    "where is my parcel?",
)


class Posts:
    """A platform in a file: one line a post taken, which `find_sent` reads if it ``can_find``."""

    def __init__(self, path: Path, *, can_find: bool) -> None:
        self._path = path
        self._can_find = can_find

    async def send(self, message: OutgoingMessage) -> str:
        with self._path.open("a") as posts:
            posts.write(f"{message.key}\n")
        await asyncio.sleep(0.002)  # the yes is on its way
        return message.replaces or f"post:{message.key}"

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        if not self._can_find or message.key not in self.taken():
            return None
        return message.replaces or f"post:{message.key}"

    def taken(self) -> list[str]:
        """The key of each post, as often as it was taken."""
        return self._path.read_text().splitlines() if self._path.exists() else []


async def work(url: str, posts: Path, seed: int) -> None:
    """Work until killed."""
    chance = random.Random(seed)
    database = Database(url)
    desk = Desk(database, HOUSE, channels={CHANNEL: Posts(posts, can_find=True)})
    for name in AGENTS:
        try:
            await desk.add_agent(OPERATOR, person(name), Details(capacity=2))
        except DeskError:
            continue  # there since an earlier life
    tell("ready")
    await asyncio.gather(
        desk.courier.run(),
        *(_write(desk, chance, f"customer-{seed}-{n}") for n in range(CUSTOMERS)),
        *(_answer(desk, chance, name) for name in AGENTS),
    )


async def _write(desk: Desk, chance: random.Random, customer: str) -> None:
    for number in itertools.count():
        post = f"{customer}-{number}"
        text = chance.choice(WORDS)
        await desk.receive(message(text, by=customer, post=post, sent_at=datetime.now(UTC)))
        tell(post)
        await asyncio.sleep(chance.random() * 0.05)


async def _answer(desk: Desk, chance: random.Random, name: str) -> None:
    agent = person(name)
    while True:
        await asyncio.sleep(chance.random() * 0.05)
        page = await desk.tickets(agent)
        if not page.tickets:
            continue
        ticket = chance.choice(page.tickets)
        try:
            await _handle(desk, agent, ticket, chance.randrange(3))
        except DeskError:
            continue  # a colleague was faster


async def _handle(desk: Desk, agent: Who, ticket: Ticket, choice: int) -> None:
    if ticket.status is Status.NEW:
        await desk.claim(agent, ticket.id)
    elif choice == 0:
        await desk.reply(agent, ticket.id, "Is it better now?")
    elif choice == 1:
        await desk.note(agent, ticket.id, "Seen before.")
    else:
        await desk.resolve(agent, ticket.id, "Replaced the cable.")


def tell(line: str) -> None:
    """One whole line at once, so that a kill leaves none in half."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
