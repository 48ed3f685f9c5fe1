"""Learning from the desk's own tickets: categories once there are 200, and words that agents correct."""

import asyncio
from dataclasses import replace

import pytest

from app.learning import Learning
from core.desk import Desk
from core.enrichment.weights import key, weights
from core.model import History, Kind, Message, Status, Ticket
from core.storage.database import Database
from core.vocabulary import OPERATOR, House, Priority
from knowledge_base.categories import FEWEST, Classifier, Filed, learn
from tests.clock import MONDAY_MORNING
from tests.conftest import OpenDesk
from tests.rows import all_rows
from tests.scene import CHANNEL, STAFF_ROOM, WORKSPACE, hire, open_ticket, person

GRACE = person("grace")
SAID = {
    "lamps": ("the lamp flickers at night", "my lamp hums and flickers", "the bulb does not shine"),
    "plants": (
        "leaves of the monstera are yellow",
        "the fern wilts",
        "how often is a fern watered",
    ),
    "sofas": ("the sofa squeaks", "a leg of the sofa is loose", "the cushion lost its colour"),
}


def synthetic(count: int) -> list[tuple[str, str]]:
    """Texts with their categories, in turn, no two quite the same."""
    names = list(SAID)
    return [
        (f"{SAID[name][n // 3 % 3]}, since week {n}", name)
        for n in range(count)
        for name in [names[n % 3]]
    ]


@pytest.fixture
def learning() -> Learning:
    return Learning()


@pytest.fixture
def taught(open_desk: OpenDesk, learning: Learning) -> Desk:
    """A desk whose intake asks what it has learned."""
    return open_desk(House(staff_rooms=(STAFF_ROOM,), learned=learning))


async def resolved(database: Database, count: int) -> None:
    """So many tickets of one customer that were filed and resolved before."""
    async with database.transaction() as session:
        for n, (text, category) in enumerate(synthetic(count)):
            ticket = Ticket(
                subject=text,
                status=Status.CLOSED,
                customer_id=1,
                category=category,
                channel=CHANNEL,
                workspace=WORKSPACE,
                conversation=f"old-{n}",
                created_at=MONDAY_MORNING,
                updated_at=MONDAY_MORNING,
                waiting_since=MONDAY_MORNING,
                resolutions=1,
            )
            session.add(ticket)
            await session.flush()
            session.add(
                Message(
                    kind=Kind.MESSAGE,
                    ticket_id=ticket.id,
                    customer_id=1,
                    text=text,
                    channel=CHANNEL,
                    workspace=WORKSPACE,
                    conversation=f"old-{n}",
                    external_id=f"old-{n}",
                    sent_at=MONDAY_MORNING,
                    received_at=MONDAY_MORNING,
                    files=0,
                )
            )
            happened = {"ticket_id": ticket.id, "actor": "x", "facts": {}}
            session.add(History(at=MONDAY_MORNING, event="TicketResolved", **happened))


async def opened(desk: Desk, text: str, by: str) -> Ticket:
    number = await open_ticket(desk, text, by=by)
    return (await desk.ticket(OPERATOR, number)).ticket


async def test_from_200_resolved_tickets_on_new_ones_are_filed_as_those_were(
    taught: Desk, database: Database, learning: Learning
) -> None:
    await open_ticket(taught, "the door squeaks", by="ana")
    await resolved(database, 210)

    assert await learning.learn(taught)

    assert (learning.version, learning.categories) == (1, frozenset(SAID))
    ticket = await opened(taught, "help, my lamp flickers again", "ben")
    assert ticket.category == "lamps"
    judged = ticket.enriched["category"]
    assert judged["share"] >= 0.6
    assert "from tickets resolved before (model 1), by “" in judged["why"][0]
    assert (await opened(taught, "quarterly tax statement", "cleo")).category == ""
    assert (await opened(taught, "where is my parcel?", "dora")).category == ""  # no word of ours
    assert not await learning.learn(taught), "nothing has happened since"


async def test_with_fewer_no_category_is_learned(
    taught: Desk, database: Database, learning: Learning
) -> None:
    await open_ticket(taught, "the door squeaks", by="ana")
    await resolved(database, FEWEST - 1)

    assert await learning.learn(taught)

    assert learning.categories == frozenset()
    assert (await opened(taught, "my lamp flickers", "ben")).category == ""


async def test_another_process_goes_by_what_one_has_learned(
    taught: Desk, database: Database, learning: Learning, open_desk: OpenDesk
) -> None:
    await open_ticket(taught, "the door squeaks", by="ana")
    await resolved(database, 210)
    other = Learning()
    second = open_desk(House(staff_rooms=(STAFF_ROOM,), learned=other))
    await learning.learn(taught)

    await other.refresh(second)

    assert other.version == 1
    assert (await opened(second, "my lamp flickers", "ben")).category == "lamps"


async def test_of_processes_that_learn_at_once_one_keeps_the_lesson(
    taught: Desk, database: Database
) -> None:
    await open_ticket(taught, "the door squeaks", by="ana")
    await resolved(database, 30)

    kept = await asyncio.gather(*(Learning().learn(taught) for _ in range(4)))

    assert sum(kept) == 1
    newest = await taught.newest_lesson(0)
    assert newest is not None
    assert newest.id == 1


async def test_what_takes_long_is_learned_in_a_process_of_its_own(
    taught: Desk, database: Database
) -> None:
    await open_ticket(taught, "the door squeaks", by="ana")
    await resolved(database, 210)
    learning = Learning(large=200)

    assert await learning.learn(taught)

    assert learning.categories == frozenset(SAID)


async def test_a_word_that_agents_correct_away_twice_does_not_count_alone(
    taught: Desk, learning: Learning
) -> None:
    await hire(taught, "grace", capacity=0)
    for number in range(1, 3):
        ticket = await opened(taught, "this is urgent", f"customer-{number}")
        assert ticket.priority is Priority.HIGH
        await taught.set_priority(GRACE, number, Priority.NORMAL)
        await taught.resolve(GRACE, number)

    assert await learning.learn(taught)

    assert learning.weight("priority", "urgent") == 0.8
    assert (await opened(taught, "this is urgent", "ana")).priority is Priority.NORMAL
    assert (await opened(taught, "urgent: locked out", "ben")).priority is Priority.HIGH


async def test_too_little_teaches_nothing(
    taught: Desk, learning: Learning, database: Database
) -> None:
    await open_ticket(taught)
    await taught.resolve(OPERATOR, 1)
    before = await all_rows(database)

    assert not await learning.learn(taught)

    assert await all_rows(database) == before


def test_words_keep_their_weight_as_far_as_agents_leave_it() -> None:
    kept = {"priority": {"value": 3, "words": ["urgent"]}}
    lowered = {"priority": {"value": 3, "words": ["urgent"], "corrected": {"value": 2}}}
    raised = {"priority": {"value": 3, "words": ["urgent"], "corrected": {"value": 4}}}
    calm = {"priority": {"value": 1, "words": ["no hurry"], "corrected": {"value": 2}}}
    filed = {"category": {"value": "billing", "words": ["invoice"], "corrected": {"value": "vat"}}}

    assert weights([]) == {}
    assert weights([kept, raised]) == {}
    assert weights([lowered] * 8) == {key("priority", "urgent"): 0.5}
    assert weights([lowered] * 8 + [kept] * 16) == {key("priority", "urgent"): 0.75}
    assert weights([calm]) == {key("priority", "no hurry"): 0.8889}
    assert weights([filed]) == {key("category billing", "invoice"): 0.8889}


def test_a_corrected_category_weighs_more() -> None:
    texts = [Filed(text, category) for text, category in synthetic(210)]
    disputed = [Filed(f"the radio hisses {n}", "lamps") for n in range(6)]
    corrected = [Filed(f"the radio hisses {n}", "sofas") for n in range(6)]

    def sofas(weight: float) -> float:
        taught = [*texts, *disputed, *(replace(each, weight=weight) for each in corrected)]
        found = learn(taught)
        assert found is not None
        classifier, _ = found
        return float(classifier.probabilities("the radio hisses")[2])

    assert sofas(3.0) > 0.6 > sofas(1.0)


def test_a_classifier_is_kept_and_read_again_and_measured_on_what_it_has_not_seen() -> None:
    found = learn([Filed(text, category) for text, category in synthetic(210)])
    assert found is not None
    classifier, measured = found
    again = Classifier.from_bytes(classifier.to_bytes())

    assert measured.accuracy > 0.95
    assert (measured.tickets, measured.categories) == (210, 3)
    for text, category in synthetic(30):
        guess = again.guess(text, version=7)
        assert guess is not None
        assert (guess.category, guess.version) == (category, 7)


@pytest.mark.parametrize(
    "filed",
    [
        [],
        [Filed("the lamp flickers", "lamps")] * 300,
        [Filed("", "lamps"), Filed("!!!", "sofas")] * 150,
        [Filed(f"word{n}", f"category {n}") for n in range(300)],
        [Filed("the same words", f"category {n % 3}") for n in range(300)],
    ],
    ids=["none", "one category", "no words", "all of their own", "all the same"],
)
def test_what_teaches_nothing_is_not_learned(filed: list[Filed]) -> None:
    assert learn(filed) is None


@pytest.mark.parametrize(
    "text", ["", "x" * 10_000, "lamp " * 5_000, "\n" * 10_000, "🔥" * 5_000, "e\u0301" * 5_000]
)
def test_a_hostile_text_is_guessed_or_not(text: str) -> None:
    found = learn([Filed(text, category) for text, category in synthetic(210)])
    assert found is not None

    guess = found[0].guess(text)

    assert guess is None or guess.category in SAID
