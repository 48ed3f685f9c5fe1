"""A channel that keeps what it is given, and fails in every way a platform can."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from core.cards import Card, plain
from core.channels import (
    Address,
    OutgoingDeletion,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Uncertain,
    Undeliverable,
)


@dataclass(frozen=True)
class Lost:
    """The platform's answer got lost; it had ``taken`` the message or not."""

    taken: bool


Answer = Exception | Lost


class Outbox:
    """A platform: remembers every message it took, and each post as it stands now.

    ``down`` and ``refusing`` answer everything alike, ``refuses`` some conversations only; `will`
    says what the next sends meet.
    It can delete and react, and gives the ``files`` it has by their source; a message longer than
    ``longest`` takes several posts. ``can_find`` is whether it lets us look for an uncertain message, ``slow`` makes it give way to
    whatever else runs. ``on_taking`` is called for each message it takes.
    """

    def __init__(self) -> None:
        self.sent: list[OutgoingMessage] = []
        self.asked: list[OutgoingMessage] = []
        self.looked_for: list[OutgoingMessage] = []
        self.posts: dict[str, Card] = {}
        self.files: dict[str, bytes | Exception] = {}
        self.fetched: list[str] = []
        self.uploads: dict[str, dict[str, bytes]] = {}
        self.reactions: dict[str, set[str]] = defaultdict(set)
        self.longest: int | None = None
        self.down = False
        self.refusing = False
        self.refuses: set[str] = set()
        self.can_find = True
        self.slow = False
        self.on_taking: Callable[[], None] = lambda: None
        self._answers: deque[Answer] = deque()
        self._looks: deque[Exception] = deque()
        self._ids: dict[str, str] = {}
        self._taken = asyncio.Condition()

    def will(self, *answers: Answer) -> None:
        """What the next sends meet, one each."""
        self._answers.extend(answers)

    def will_on_looking(self, *answers: Exception) -> None:
        """What the next looks for an earlier attempt meet, one each."""
        self._looks.extend(answers)

    async def send(self, message: OutgoingMessage) -> str | Posted:
        self.asked.append(message)
        if self.slow:
            await asyncio.sleep(0.01)
        if self.down:
            raise TryLater("the platform is down")
        if self.refusing or message.address.conversation in self.refuses:
            raise Undeliverable("channel_not_found")
        answer = self._answers.popleft() if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Lost) and not answer.taken:
            raise Uncertain("reset on the way there")
        taken = await self._take(message)
        async with self._taken:
            self._taken.notify_all()
        if isinstance(answer, Lost):
            raise Uncertain("reset on the way back")
        return taken

    async def find_sent(self, message: OutgoingMessage) -> str | Posted | None:
        self.looked_for.append(message)
        if self._looks:
            raise self._looks.popleft()
        return self._ids.get(message.key) if self.can_find else None

    async def until(self, count: int) -> None:
        """Wait until so many were taken."""
        async with self._taken:
            await self._taken.wait_for(lambda: len(self.sent) >= count)

    async def delete(self, deletion: OutgoingDeletion) -> None:
        if self.down:
            raise TryLater("the platform is down")
        for post in deletion.external_ids:
            self.posts.pop(post, None)

    async def react(self, reaction: OutgoingReaction) -> None:
        if self.down:
            raise TryLater("the platform is down")
        if reaction.emoji == "🦖":
            raise Undeliverable("no such emoji here")
        emoji = self.reactions[reaction.external_id]
        (emoji.add if reaction.added else emoji.discard)(reaction.emoji)

    async def fetch(self, source: str) -> AsyncGenerator[bytes, None]:
        self.fetched.append(source)
        content = self.files.get(source, Undeliverable("no such file"))
        if isinstance(content, Exception):
            raise content
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    async def _take(self, message: OutgoingMessage) -> str | Posted:
        files = {file.name: await file.read() for file in message.files}
        self.on_taking()
        self.sent.append(message)
        post = message.replaces or f"post-{len(self.sent)}"
        for late in message.rest:
            self.posts.pop(late, None)
        self.posts[post] = message.card
        self._ids[message.key] = post
        if files:
            self.uploads[post] = files
        said = plain(message.card)
        if self.longest is None or len(said) <= self.longest:
            return post
        parts = range(1, -(-len(said) // self.longest))
        rest = tuple(f"{post}-{len(self.sent)}-{part}" for part in parts)
        for part, name in enumerate(rest, 1):
            start = part * self.longest
            self.posts[name] = Card(text=said[start : start + self.longest])
        return Posted(post, rest)

    def id_of(self, message: OutgoingMessage) -> str:
        """The post that a message became or changed."""
        return self._ids[message.key]

    def to(self, conversation: str | Address) -> Sequence[OutgoingMessage]:
        """What one conversation got, in order."""
        wanted = conversation if isinstance(conversation, str) else conversation.conversation
        return [each for each in self.sent if each.address.conversation == wanted]

    def texts(self, conversation: str | Address) -> list[str]:
        """The same as plain text, without edits."""
        return [plain(each.card) for each in self.to(conversation) if each.replaces is None]

    @property
    def all_text(self) -> str:
        """Everything that was ever sent, for a search."""
        return "\n".join(plain(each.card) for each in self.sent)

    @property
    def repeated(self) -> list[str]:
        """The keys that were taken more than once."""
        return [key for key, times in Counter(each.key for each in self.sent).items() if times > 1]
