"""Agents come, change, say whether they take work, and go."""

import pytest

from core.desk import Desk
from core.errors import Invalid
from core.people.actors import NotStaff, RoleTooLow, UnknownAgent
from core.people.roster import AlreadyAgent, LastAdmin
from core.vocabulary import NO_TEAM, OPERATOR, Availability, Details, Role, Status
from tests.outbox import Outbox
from tests.scene import hire, open_ticket, person


async def names(desk: Desk) -> list[str]:
    return [each.agent.name for each in await desk.agents(OPERATOR)]


async def test_an_added_agent_is_welcomed_and_listed_with_all_that_was_said_of_them(
    desk: Desk, outbox: Outbox
) -> None:
    details = Details(
        capacity=2, tier=2, team="returns", skills={"billing": 3}, languages={"de": 2}
    )
    await desk.add_agent(OPERATOR, person("grace"), details)
    await desk.courier.deliver_due()

    [listed] = await desk.agents(OPERATOR)
    agent = listed.agent
    assert (agent.name, agent.capacity, agent.tier) == ("Grace", 2, 2)
    assert agent.team is not None
    assert agent.team.name == "returns"
    assert [(skill.name, skill.level) for skill in agent.skills] == [("billing", 3)]
    assert [(language.code, language.level) for language in agent.languages] == [("de", 2)]
    assert listed.who == person("grace")
    assert outbox.texts("grace")[0].startswith("Welcome to the desk, Grace!")


async def test_nobody_is_added_twice(desk: Desk) -> None:
    grace = await hire(desk, "grace")

    with pytest.raises(AlreadyAgent, match="Grace is an agent already"):
        await desk.add_agent(OPERATOR, grace, Details())


async def test_editing_replaces_what_is_named_and_leaves_the_rest(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=2, skills={"billing": 1})
    await desk.edit_agent(OPERATOR, grace, Details(skills={"returns": 2}))

    [listed] = await desk.agents(OPERATOR)
    assert listed.agent.capacity == 2
    assert [skill.name for skill in listed.agent.skills] == ["returns"]


async def test_editing_nothing_is_refused_with_an_example(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=2)

    with pytest.raises(Invalid, match="/agent edit"):
        await desk.edit_agent(OPERATOR, grace, Details(capacity=2))


async def test_the_tickets_of_a_removed_agent_go_back_and_on_to_who_is_free(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=2)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(2)]
    await hire(desk, "linus")

    agent, given_back = await desk.remove_agent(OPERATOR, grace)

    assert (agent.name, list(given_back)) == ("Grace", numbers)
    first, second = [(await desk.ticket(OPERATOR, number)).ticket for number in numbers]
    assert first.assignee is not None
    assert first.assignee.name == "Linus"
    assert second.status is Status.NEW
    assert await names(desk) == ["Linus"]


async def test_a_removed_agent_is_a_customer_again_until_they_are_added_back(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    await desk.remove_agent(OPERATOR, grace)
    with pytest.raises(NotStaff):
        await desk.agents(grace)
    with pytest.raises(UnknownAgent):
        await desk.remove_agent(OPERATOR, grace)

    await desk.add_agent(OPERATOR, grace, Details())

    assert (await desk.whoever(grace)).role is Role.AGENT
    assert await names(desk) == ["Grace"]


async def test_only_admins_change_the_roster(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)

    for change in (
        desk.add_agent(grace, person("linus"), Details()),
        desk.edit_agent(grace, grace, Details(capacity=9)),
        desk.remove_agent(grace, grace),
    ):
        with pytest.raises(RoleTooLow, match="Only admins"):
            await change
    with pytest.raises(NotStaff):
        await desk.add_agent(person("ana"), person("ana"), Details())


async def test_the_last_admin_neither_leaves_nor_steps_down(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.ADMIN)
    with pytest.raises(LastAdmin):
        await desk.remove_agent(grace, grace)
    with pytest.raises(LastAdmin):
        await desk.edit_agent(grace, grace, Details(role=Role.AGENT))

    linus = await hire(desk, "linus", role=Role.ADMIN)
    await desk.remove_agent(linus, grace)
    assert await names(desk) == ["Linus"]


@pytest.mark.parametrize("called", ["grace", "GRACE", "Grace"])
async def test_an_agent_is_found_by_handle_or_name_in_any_case(desk: Desk, called: str) -> None:
    await hire(desk, "grace")
    await desk.edit_agent(OPERATOR, person(called), Details(capacity=5))

    assert (await desk.agents(OPERATOR))[0].agent.capacity == 5


async def test_a_name_that_fits_two_is_asked_about(desk: Desk) -> None:
    for user in ("u1", "u2"):
        who = person(user)
        await desk.add_agent(
            OPERATOR, type(who)(who.channel, who.workspace, user, "Grace"), Details()
        )

    with pytest.raises(Invalid, match="Several agents are called Grace"):
        await desk.remove_agent(OPERATOR, person("Grace"))


async def test_an_unknown_agent_is_named_in_the_refusal(desk: Desk) -> None:
    with pytest.raises(UnknownAgent, match="There is no agent @Nobody"):
        await desk.remove_agent(OPERATOR, person("nobody"))


async def test_a_list_narrows_by_role_and_skill(desk: Desk) -> None:
    await hire(desk, "grace", role=Role.ADMIN)
    await hire(desk, "linus", skills={"billing": 1})

    assert [a.agent.name for a in await desk.agents(OPERATOR, role=Role.ADMIN)] == ["Grace"]
    assert [a.agent.name for a in await desk.agents(OPERATOR, skill="billing")] == ["Linus"]
    with pytest.raises(Invalid, match="There are: billing"):
        await desk.agents(OPERATOR, skill="juggling")


async def test_availability_is_kept_and_saying_it_twice_is_once(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, Availability.ON_BREAK)
    agent = await desk.set_availability(grace, Availability.ON_BREAK)

    assert agent.availability is Availability.ON_BREAK


async def test_going_offline_keeps_what_one_holds(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.set_availability(grace, Availability.OFFLINE)

    assert (await desk.agents(OPERATOR))[0].holds == [number]


async def test_the_operator_has_no_availability(desk: Desk) -> None:
    with pytest.raises(Invalid, match="The operator holds no tickets"):
        await desk.set_availability(OPERATOR, Availability.BUSY)


@pytest.mark.parametrize(
    "details",
    [
        Details(capacity=-1),
        Details(capacity=101),
        Details(capacity=2**40),
        Details(tier=0),
        Details(tier=10),
        Details(team=""),
        Details(team="x" * 61),
        Details(skills={"x" * 41: 1}),
        Details(skills={"": 1}),
        Details(languages={"x" * 13: 1}),
        Details(skills={"billing": 4}),
        Details(languages={"en": 0}),
        Details(team="re\x00turns"),
        Details(skills={"bil\x00ling": 1}),
    ],
)
async def test_what_no_agent_can_have_is_refused_in_a_sentence(
    desk: Desk, details: Details
) -> None:
    grace = await hire(desk, "grace")

    with pytest.raises(Invalid):
        await desk.edit_agent(OPERATOR, grace, details)
    with pytest.raises(Invalid):
        await desk.add_agent(OPERATOR, person("linus"), details)
    assert await names(desk) == ["Grace"]


async def test_an_agent_is_taken_out_of_their_team(desk: Desk) -> None:
    grace = await hire(desk, "grace", team="returns")
    edited = await desk.edit_agent(OPERATOR, grace, Details(team=NO_TEAM))

    assert edited.team is None
