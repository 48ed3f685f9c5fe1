"""A desk whose knowledge base is a real one, and the door to its articles."""

from collections.abc import Awaitable, Callable

import pytest

from core.desk import Desk
from core.vocabulary import House, Policy
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.library import Library
from tests.conftest import OpenDesk
from tests.scene import STAFF_ROOM

Refresh = Callable[[], Awaitable[None]]


@pytest.fixture
def deflector() -> KnowledgeBase:
    return KnowledgeBase(target_far=0.2)


@pytest.fixture
def desk(open_desk: OpenDesk, deflector: KnowledgeBase) -> Desk:
    policy = Policy(helpful_after=4, helpful_floor=0.5)
    return open_desk(House(staff_rooms=(STAFF_ROOM,), deflector=deflector, policy=policy))


@pytest.fixture
def library(desk: Desk) -> Library:
    return Library.beside(desk)


@pytest.fixture
def refresh(library: Library, deflector: KnowledgeBase) -> Refresh:
    """Let the desk answer from the articles as they are now."""

    async def rebuild() -> None:
        entries = [entry for each in await library.published() for entry in each.entries()]
        public = [entry for entry in entries if not entry.for_staff]
        await deflector.rebuild(public, [entry for entry in entries if entry.for_staff])

    return rebuild
