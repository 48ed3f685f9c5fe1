"""One-time codes, and admins named in the settings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.channels import Who
from core.desk import Desk
from core.people.actors import NotStaff
from core.people.invitations import AlreadyLinked, BadCode
from core.vocabulary import OPERATOR, Availability, House, Role
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.scene import hire, open_ticket, person


async def test_the_first_admin_comes_in_by_a_code_and_takes_no_tickets_yet(desk: Desk) -> None:
    assert not await desk.any_admin()
    agent = await desk.join(person("grace"), await desk.invite_admin())

    assert (agent.role, agent.availability) == (Role.ADMIN, Availability.OFFLINE)
    assert await desk.any_admin()
    number = await open_ticket(desk)
    assert (await desk.ticket(OPERATOR, number)).ticket.assignee is None


async def test_a_code_works_once(desk: Desk) -> None:
    code = await desk.invite_admin()
    assert await desk.code_is_good(code)
    await desk.join(person("grace"), code)

    assert not await desk.code_is_good(code)
    with pytest.raises(BadCode):
        await desk.join(person("linus"), code)
    assert (await desk.whoever(person("linus"))).role is Role.CUSTOMER


async def test_looking_whether_a_code_is_good_does_not_use_it(desk: Desk) -> None:
    code = await desk.invite_admin()
    for _ in range(3):
        assert await desk.code_is_good(code)

    await desk.join(person("grace"), code)


async def test_a_code_is_good_for_a_day(desk: Desk, clock: FakeClock) -> None:
    code = await desk.invite_admin()
    clock.advance(timedelta(hours=24, seconds=1))

    assert not await desk.code_is_good(code)
    with pytest.raises(BadCode):
        await desk.join(person("grace"), code)


@pytest.mark.parametrize("code", ["", "wrong", "x" * 10_000, "nul\x00", "\ud800"])
async def test_a_wrong_code_is_refused_in_a_sentence(desk: Desk, code: str) -> None:
    await desk.invite_admin()

    assert not await desk.code_is_good(code)
    with pytest.raises(BadCode, match="not valid"):
        await desk.join(person("grace"), code)


async def test_a_code_makes_an_agent_admin_who_was_none(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.join(grace, await desk.invite_admin())

    assert (await desk.whoever(grace)).role is Role.ADMIN
    assert len(await desk.agents(OPERATOR)) == 1


async def test_an_agent_becomes_known_on_another_channel_by_their_own_code(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    elsewhere = Who("slack", "T1", "U1", "grace.h")
    await desk.join(elsewhere, await desk.invite_self(grace))

    here, there = await desk.whoever(grace), await desk.whoever(elsewhere)
    assert here.agent is not None
    assert there.agent is not None
    assert here.agent.id == there.agent.id
    assert there.role is Role.LEAD


async def test_who_is_somebody_else_already_is_not_linked(desk: Desk) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus")
    code = await desk.invite_self(grace)

    with pytest.raises(AlreadyLinked, match="Linus"):
        await desk.join(linus, code)
    assert await desk.code_is_good(code)


async def test_the_code_of_a_removed_agent_is_worth_nothing(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    code = await desk.invite_self(grace)
    await desk.remove_agent(OPERATOR, grace)

    with pytest.raises(BadCode):
        await desk.join(Who("slack", "T1", "U1"), code)


async def test_customers_have_no_codes_to_give(desk: Desk) -> None:
    with pytest.raises(NotStaff):
        await desk.invite_self(person("ana"))


async def test_whom_the_settings_name_is_admin_from_their_first_appearance(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk(House(admins=(Who("console", "local", "grace"), Who("slack", "", "U1"))))
    for who in (person("grace"), Who("slack", "T9", "U1", "Linus")):
        assert desk.names_as_admin(who)
        await desk.welcome(who)
        assert not desk.names_as_admin(who)
        assert (await desk.whoever(who)).role is Role.ADMIN


async def test_nobody_else_is_welcomed_as_admin(open_desk: OpenDesk) -> None:
    desk = open_desk(House(admins=(Who("console", "local", "grace"),)))
    stranger = replace(person("grace"), workspace="elsewhere")

    assert not desk.names_as_admin(stranger)
    await desk.welcome(stranger)
    assert (await desk.whoever(stranger)).role is Role.CUSTOMER
