"""Who gets which ticket, and when."""

from datetime import timedelta

import pytest

from core.desk import Desk
from core.routing.assignment import AlreadyClaimed, AtCapacity, NotWaiting
from core.vocabulary import OPERATOR, Availability, Details, Priority, Role, Status, Target
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import hire, open_ticket, person


async def holder(desk: Desk, number: int) -> str | None:
    ticket = (await desk.ticket(OPERATOR, number)).ticket
    return ticket.assignee.name if ticket.assignee else None


async def test_the_longest_idle_of_those_who_hold_least_gets_it(
    desk: Desk, clock: FakeClock
) -> None:
    for user in ("grace", "linus", "ken"):
        await hire(desk, user, capacity=2)
        clock.advance(timedelta(minutes=1))

    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(4)]

    assert [await holder(desk, number) for number in numbers] == ["Grace", "Linus", "Ken", "Grace"]


@pytest.mark.parametrize(
    "availability", [Availability.BUSY, Availability.ON_BREAK, Availability.OFFLINE]
)
async def test_who_is_not_available_gets_nothing_by_itself(
    desk: Desk, availability: Availability
) -> None:
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, availability)

    assert await holder(desk, await open_ticket(desk)) is None


async def test_who_is_not_available_can_claim(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, Availability.BUSY)
    number = await open_ticket(desk)

    assert (await desk.claim(grace, number)).status is Status.OPEN


async def test_a_ticket_waits_while_all_are_full_and_goes_to_who_resolves_first(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    first = await open_ticket(desk, by="ana")
    second = await open_ticket(desk, by="ben")
    assert await holder(desk, second) is None

    await desk.resolve(grace, first, "done")
    await desk.courier.deliver_due()

    assert await holder(desk, second) == "Grace"
    assert any("Grace has taken your ticket" in text for text in outbox.texts("ben"))


async def test_becoming_available_gets_what_waits(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, Availability.ON_BREAK)
    number = await open_ticket(desk)
    await desk.set_availability(grace, Availability.AVAILABLE)

    assert await holder(desk, number) == "Grace"


async def test_a_new_agent_gets_what_waits_up_to_their_capacity(desk: Desk) -> None:
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(4)]
    await hire(desk, "grace", capacity=3)

    assert [await holder(desk, number) for number in numbers] == ["Grace", "Grace", "Grace", None]


async def test_more_capacity_is_filled_at_once(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=0)
    number = await open_ticket(desk)
    assert await holder(desk, number) is None

    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))

    assert await holder(desk, number) == "Grace"


async def test_urgent_goes_before_old(desk: Desk, clock: FakeClock) -> None:
    numbers = []
    for n in range(4):
        numbers.append(await open_ticket(desk, by=f"customer-{n}"))
        clock.advance(timedelta(minutes=1))
    await desk.set_priority(OPERATOR, numbers[0], Priority.LOW)
    await desk.set_priority(OPERATOR, numbers[3], Priority.URGENT)

    grace = await hire(desk, "grace")
    order = []
    for _ in numbers:
        held = (await desk.agents(OPERATOR))[0].holds[0]
        order.append(held)
        await desk.resolve(grace, held)

    assert order == [numbers[3], numbers[1], numbers[2], numbers[0]]


async def test_the_quick_sweep_leaves_low_priority_to_the_slow_one(desk: Desk) -> None:
    low = await open_ticket(desk, by="ana")
    await desk.set_priority(OPERATOR, low, Priority.LOW)
    grace = await hire(desk, "grace", capacity=0)
    normal = await open_ticket(desk, by="ben")
    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))
    assert await holder(desk, normal) == "Grace"
    await desk.release(grace, normal)  # not given back to her for a while
    assert await holder(desk, low) == "Grace"
    await desk.release(grace, low)

    assert await desk.assign_due(lowest=Priority.NORMAL) == []


async def test_a_sweep_gives_out_whatever_was_missed(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.release(grace, number)
    assert await desk.assign_due() == []

    clock.advance(timedelta(minutes=16))

    assert await desk.assign_due() == [number]
    assert await desk.assign_due() == []


async def test_a_released_ticket_goes_to_somebody_else_not_back(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "linus")
    await desk.release(grace, number)

    assert await holder(desk, number) == "Linus"


async def test_the_loser_of_a_claim_is_told_who_has_it(desk: Desk) -> None:
    await hire(desk, "grace")
    linus = await hire(desk, "linus")
    number = await open_ticket(desk)
    winner = await holder(desk, number)
    assert winner is not None
    loser = linus if winner == "Grace" else person("grace")

    with pytest.raises(AlreadyClaimed, match=winner):
        await desk.claim(loser, number)


async def test_nobody_claims_above_their_capacity_and_hears_what_they_hold(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    first = await open_ticket(desk, by="ana")
    second = await open_ticket(desk, by="ben")

    with pytest.raises(AtCapacity, match=f"Grace holds #{first} and has capacity 1"):
        await desk.claim(grace, second)


async def test_less_capacity_takes_nothing_away_and_allows_nothing_new(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=3)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(4)]
    await desk.resolve(grace, numbers[0])  # the fourth moves into the first slot
    await desk.resolve(grace, numbers[3])
    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))
    waiting = await open_ticket(desk, by="somebody-else")

    assert await holder(desk, waiting) is None
    with pytest.raises(AtCapacity):
        await desk.claim(grace, waiting)
    assert (await desk.agents(OPERATOR))[0].holds == numbers[1:3]


async def test_a_resolved_ticket_is_not_claimed_but_reopened(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)

    with pytest.raises(NotWaiting, match=f"/ticket reopen {number}"):
        await desk.claim(grace, number)


async def test_a_transfer_by_skill_goes_to_who_has_it(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "linus")
    await hire(desk, "ken", skills={"billing": 2})

    await desk.transfer(grace, number, Target(skill="billing"))

    assert await holder(desk, number) == "Ken"


async def test_a_transfer_to_a_team_waits_for_its_next_free_member(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    ken = await hire(desk, "ken", team="returns", capacity=1)
    other = await open_ticket(desk, by="ben")
    assert await holder(desk, other) == "Ken"

    await desk.transfer(grace, number, Target(team="returns"))
    assert await holder(desk, number) is None

    await desk.resolve(ken, other)
    assert await holder(desk, number) == "Ken"


async def test_a_transfer_to_a_full_agent_is_refused_and_changes_nothing(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    linus = await hire(desk, "linus")
    await open_ticket(desk, by="ben")

    with pytest.raises(AtCapacity, match="Linus"):
        await desk.transfer(grace, number, Target(agent=linus))
    assert await holder(desk, number) == "Grace"


async def test_an_escalation_goes_a_tier_up_and_before_others(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "ken", tier=2)

    ticket = await desk.escalate(grace, number, "the customer threatens to sue")

    assert (ticket.tier, ticket.priority) == (2, Priority.HIGH)
    assert await holder(desk, number) == "Ken"


async def test_an_escalation_with_nobody_above_stays_where_it_is(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    ticket = await desk.escalate(grace, number, "the customer threatens to sue")

    assert ticket.priority is Priority.HIGH
    assert await holder(desk, number) == "Grace"


async def test_why_tells_the_reasons_of_each_assignment(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    linus = await hire(desk, "linus", role=Role.LEAD)
    await desk.transfer(grace, number, Target(agent=linus))

    why = await desk.why(OPERATOR, number)

    assert [each.agent.name for each in why.assignments] == ["Grace", "Linus"]
    assert why.assignments[0].why["considered"][0]["agent"] == "Grace"
    assert why.waits is None


async def test_why_tells_the_place_of_a_ticket_that_waits(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace", capacity=0)
    await open_ticket(desk, by="ana")
    clock.advance(timedelta(seconds=1))
    number = await open_ticket(desk, by="ben")

    why = await desk.why(grace, number)

    assert why.waits is not None
    assert why.waits.place == 2
    assert why.waits.agents == {"at capacity": 1}


async def test_a_ticket_that_nobody_fits_does_not_hold_up_those_behind_it(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    stuck = await open_ticket(desk, by="ana")
    ken = await hire(desk, "ken", skills={"billing": 1})
    await desk.set_availability(ken, Availability.OFFLINE)
    await desk.transfer(grace, stuck, Target(skill="billing"))
    behind = await open_ticket(desk, by="ben")

    assert await holder(desk, stuck) is None
    assert await holder(desk, behind) == "Grace"


async def test_nothing_waits_for_a_skill_that_left_the_desk(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    ken = await hire(desk, "ken", skills={"billing": 1})
    await desk.set_availability(ken, Availability.OFFLINE)
    await desk.transfer(grace, number, Target(skill="billing"))
    await desk.remove_agent(OPERATOR, ken)
    await hire(desk, "linus")

    assert await holder(desk, number) == "Linus"
