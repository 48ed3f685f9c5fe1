"""Teams: made, called otherwise and removed, with all that speaks of them."""

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.people.teams import UnknownTeam
from core.storage.database import Database
from core.tickets.keeping_teams import TeamInUse, TeamIsThere, TeamWasThere
from core.vocabulary import NO_TEAM, OPERATOR, Details, Doing, Role, Target, Ticket, Wanted
from tests.core.test_races import together, unforeseen
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, open_ticket, person

GRACE, LINUS, LEA = person("grace"), person("linus"), person("lea")


async def names(desk: Desk) -> list[str]:
    return [each.team.name for each in await desk.teams(OPERATOR)]


async def team_of(desk: Desk, agent: Who) -> str | None:
    team = (await desk.agent(OPERATOR, agent)).agent.team
    return team.name if team else None


async def ticket(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def found(desk: Desk, text: str) -> list[int]:
    return [each.id for each in (await desk.tickets(OPERATOR, Wanted(filter=text))).tickets]


async def say(desk: Desk, line: str, *, by: Who = OPERATOR) -> str:
    card = (await carry_out(desk, by, read(COMMANDS, line, by=by))).card
    return f"{card.title}\n{card.text}".strip()


async def test_a_team_is_made_before_anybody_is_in_it(desk: Desk) -> None:
    await desk.add_team(OPERATOR, " Returns  and  Refunds")
    await hire(desk, "grace", team="RETURNS and refunds")

    assert [(each.team.name, each.agents) for each in await desk.teams(GRACE)] == [
        ("returns and refunds", 1)
    ]
    assert (await desk.team(GRACE, "Returns and Refunds")).agents == 1


async def test_an_agent_with_a_new_team_makes_it_in_small_letters(desk: Desk) -> None:
    await hire(desk, "grace", team="Ärzte")
    await hire(desk, "linus", team="ärzte")

    assert await names(desk) == ["ärzte"]


REFUSED = {
    "": "letters, digits, spaces and - _ . & +",
    "  ": "letters, digits, spaces",
    "x" * 61: "60 characters at most",
    "re\x00turns": "“returns” cannot be the name of a team: letters, digits",
    "re\nturns": "letters, digits",
    "re\ud800turns": "letters, digits",
    "returns,orders": "letters, digits",
    'the "best"': "letters, digits",
    "a/b": "letters, digits",
    "..": "letters, digits",
    "-": "letters, digits",
    NO_TEAM: "none, nobody, any have a meaning of their own",
    "None ": "have a meaning of their own",
    "any": "have a meaning of their own",
    "RETURNS": "There is a team returns already",
}


async def test_what_cannot_be_a_team_is_refused_in_a_sentence_and_changes_nothing(
    desk: Desk, database: Database
) -> None:
    await hire(desk, "grace", team="returns")
    await desk.add_team(OPERATOR, "orders")
    before = await all_rows(database)

    for name, words in REFUSED.items():
        for attempt in (desk.add_team(OPERATOR, name), desk.rename_team(OPERATOR, "orders", name)):
            with pytest.raises(DeskError) as refusal:
                await attempt
            assert words in str(refusal.value), name
            assert str(refusal.value).isprintable(), name
            assert len(str(refusal.value)) <= 250, name
    for unknown in ("jugglers", "", "x" * 10_000, "a\x00"):
        for attempt in (
            desk.rename_team(OPERATOR, unknown, "x"),
            desk.remove_team(OPERATOR, unknown),
        ):
            with pytest.raises(UnknownTeam, match=r"There are: orders, returns\."):
                await attempt

    assert await all_rows(database) == before


async def test_teams_are_kept_by_admins(desk: Desk, database: Database) -> None:
    await hire(desk, "lea", role=Role.LEAD, team="returns")
    before = await all_rows(database)

    for attempt in (
        desk.add_team(LEA, "orders"),
        desk.rename_team(LEA, "returns", "orders"),
        desk.remove_team(LEA, "returns"),
    ):
        with pytest.raises(DeskError, match="Only admins may do that"):
            await attempt
    with pytest.raises(DeskError, match="support team"):
        await desk.team(person("ana"), "returns")

    assert await all_rows(database) == before


async def test_what_names_a_team_follows_its_new_name(desk: Desk, outbox: Outbox) -> None:
    await desk.ship_promises()
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await hire(desk, "grace", team="returns", capacity=5)
    await hire(desk, "linus", team="orders", capacity=5)
    await desk.add_rule(LEA, "lamps: lamp => team:returns")
    await desk.add_rule(LEA, 'back: team:"Returns",orders -team:orders => tag:back')
    await desk.add_macro(LINUS, "back", "", Doing(team="returns"))
    await desk.save_view(LINUS, "back", "team:returns,orders lamp")
    await desk.add_policy(OPERATOR, "fast", {"team": "returns", "first": "1h"})
    await desk.edit_hours(OPERATOR, "default", {"team": "returns"})

    await desk.rename_team(OPERATOR, "returns", "Care & Refunds")

    assert await names(desk) == ["care & refunds", "orders"]
    assert await team_of(desk, GRACE) == "care & refunds"
    assert [each.text for each in await desk.rules(LEA)] == [
        'lamp => team:"care & refunds"',
        'team:"care & refunds",orders -team:orders => tag:back',
    ]
    number = await open_ticket(desk, "my lamp hums")
    first, assignee = await ticket(desk, number), (await ticket(desk, number)).assignee
    assert assignee is not None
    assert (first.team and first.team.name, assignee.name) == ("care & refunds", "Grace")
    assert await desk.tags(OPERATOR, number) == ["back"]
    view = await desk.saved_view(LINUS, "back")
    assert await found(desk, view.filter) == [number]
    other = await open_ticket(desk, by="ben")
    await desk.use_macro(LINUS, "back", other)
    assert await found(desk, 'team:"CARE & refunds"') == [number, other]
    assert (await desk.why_promised(OPERATOR, number)).policy == "fast"
    assert "care & refunds" in await say(desk, "/hours list")
    await desk.courier.deliver_due()
    assert ("Team", "care & refunds") in [
        (field.label, field.value) for field in outbox.to(STAFF_ROOM)[-1].card.fields
    ]


async def test_a_name_that_makes_a_condition_too_long_is_refused(
    desk: Desk, database: Database
) -> None:
    await hire(desk, "lea", role=Role.LEAD, team="a")
    await desk.save_view(LEA, "long", f"team:a {'lamp ' * 10} {'x' * 420}")
    before = await all_rows(database)

    with pytest.raises(DeskError, match="500 characters at most"):
        await desk.rename_team(OPERATOR, "a", "y" * 60)

    assert await all_rows(database) == before


async def test_a_team_is_called_what_it_is_called_already(desk: Desk, database: Database) -> None:
    await hire(desk, "grace", team="returns")
    before = await all_rows(database)

    assert (await desk.rename_team(OPERATOR, "returns", " Returns")).name == "returns"
    assert await all_rows(database) == before


async def test_a_team_that_something_names_is_not_removed(desk: Desk, database: Database) -> None:
    await hire(desk, "lea", role=Role.LEAD, team="returns")
    await desk.add_rule(LEA, "lamps: lamp => team:returns")
    await desk.add_rule(LEA, "back: -team:returns => tag:back")
    await desk.add_macro(LEA, "back", "", Doing(team="returns"), shared=True)
    await desk.add_policy(OPERATOR, "fast", {"team": "returns", "first": "1h"})
    before = await all_rows(database)

    with pytest.raises(TeamInUse) as refusal:
        await desk.remove_team(OPERATOR, "Returns")

    assert str(refusal.value) == (
        "The team returns cannot be removed: rule 1 “lamps”, rule 2 “back”, SLA policy fast, "
        "macro back still name it. Change that first."
    )
    assert await all_rows(database) == before


async def test_who_was_in_a_removed_team_works_on_and_so_does_what_it_had(
    desk: Desk, outbox: Outbox
) -> None:
    await desk.ship_promises()
    await hire(desk, "grace", team="returns")
    rule = await desk.add_rule(OPERATOR, "all: kind:question => team:returns")
    old = await open_ticket(desk)
    await desk.resolve(GRACE, old)
    held, waiting = await open_ticket(desk, by="ben"), await open_ticket(desk, by="cleo")
    await desk.remove_rule(OPERATOR, rule.id)
    await hire(desk, "linus")
    assert (await ticket(desk, waiting)).assignee is None
    await desk.add_hours(OPERATOR, "late", {"hours": "daily 14-22", "team": "returns"})
    await desk.add_macro(LINUS, "mine", "", Doing(team="returns"))
    await desk.save_view(LINUS, "theirs", "team:returns status:any")

    await desk.remove_team(OPERATOR, "returns")
    await desk.courier.deliver_due()

    assert await names(desk) == []
    assert await team_of(desk, GRACE) is None
    assert [(await ticket(desk, each)).team for each in (held, waiting)] == [None, None]
    kept, taken = await ticket(desk, held), await ticket(desk, waiting)
    assert [each.assignee and each.assignee.name for each in (kept, taken)] == ["Grace", "Linus"]
    last = (await ticket(desk, old)).team
    assert last is not None
    assert last.name == "returns"
    assert await found(desk, (await desk.saved_view(LINUS, "theirs")).filter) == [old]
    assert "returns" not in await say(desk, "/hours list")
    assert "Team" not in [field.label for field in outbox.to(STAFF_ROOM)[-1].card.fields]
    with pytest.raises(DeskError, match="There is no team returns"):
        await desk.use_macro(LINUS, "mine", waiting)
    for attempt in (
        desk.transfer(OPERATOR, held, Target(team="returns")),
        desk.add_policy(OPERATOR, "fast", {"team": "returns", "first": "1h"}),
        desk.edit_hours(OPERATOR, "late", {"team": "returns"}),
        desk.add_rule(OPERATOR, "x: lamp => team:returns"),
        desk.add_rule(OPERATOR, "x: team:returns => tag:x"),
    ):
        with pytest.raises(DeskError, match="There is no team"):
            await attempt


async def test_a_ticket_of_a_removed_team_that_comes_back_goes_to_anybody(desk: Desk) -> None:
    await hire(desk, "grace", team="returns")
    number = await open_ticket(desk)
    await desk.transfer(GRACE, number, Target(team="returns"))
    await desk.resolve(GRACE, number)
    await desk.remove_agent(OPERATOR, GRACE)
    await desk.remove_team(OPERATOR, "returns")
    await hire(desk, "linus")

    await desk.reopen(person("ana"), number)

    assignee = (await ticket(desk, number)).assignee
    assert assignee is not None
    assert assignee.name == "Linus"


async def test_who_comes_back_after_their_team_was_removed_is_in_none(desk: Desk) -> None:
    await hire(desk, "grace", team="returns")
    await desk.remove_agent(OPERATOR, GRACE)
    await desk.remove_team(OPERATOR, "returns")

    await hire(desk, "grace")

    assert await team_of(desk, GRACE) is None


async def test_a_removed_team_comes_back_by_its_name_with_what_it_had_ended(desk: Desk) -> None:
    await hire(desk, "grace", team="returns")
    number = await open_ticket(desk)
    await desk.transfer(GRACE, number, Target(team="returns"))
    await desk.resolve(GRACE, number)
    await desk.remove_team(OPERATOR, "returns")
    await desk.add_team(OPERATOR, "orders")
    with pytest.raises(TeamWasThere, match="/team add returns"):
        await desk.rename_team(OPERATOR, "orders", "returns")

    await desk.edit_agent(OPERATOR, GRACE, Details(team="Returns"))

    assert await names(desk) == ["orders", "returns"]
    assert await found(desk, "team:returns status:any") == [number]


async def test_what_happened_to_teams_is_kept(desk: Desk) -> None:
    for line in (
        "/team add returns",
        "/agent add @grace team:returns",
        '/team rename from:returns to:"returns and refunds"',
        "/team remove returns and refunds",
    ):
        call = read(COMMANDS, line, by=OPERATOR, people=lambda text: person(text[1:]))
        await carry_out(desk, OPERATOR, call)

    kept = [
        (each.event, each.facts.get("change", each.facts.get("changes")))
        for each in await desk.happened(0)
    ]

    assert kept == [
        ("TeamDefined", "added"),
        ("AgentAdded", None),
        ("TeamDefined", "renamed from returns"),
        ("AgentEdited", "team none"),
        ("TeamDefined", "removed"),
    ]


async def test_teams_are_kept_by_command(desk: Desk) -> None:
    assert await say(desk, "/team list") == "👥 Teams\nThere are none. /team add makes one."
    await say(desk, "/team add Customer care")
    await hire(desk, "grace", team="customer care")
    assert await say(desk, "/team list", by=GRACE) == "👥 Teams\ncustomer care · 1 agent"
    said = await say(desk, '/team rename from:"customer care" to:care')
    assert said.startswith("It is called care now")
    assert (await say(desk, "/team remove care")).startswith("There is no team care any more")


async def test_of_many_who_make_one_team_one_does(desk: Desk) -> None:
    results = await together(*(desk.add_team(OPERATOR, "returns") for _ in range(8)))

    assert unforeseen(results, TeamIsThere) == []
    assert sum(isinstance(each, TeamIsThere) for each in results) == 7
    assert await names(desk) == ["returns"]


async def test_nothing_is_given_to_a_team_while_it_is_removed(desk: Desk) -> None:
    await hire(desk, "grace", capacity=0)
    number = await open_ticket(desk)
    for each in range(ROUNDS):
        name = f"team-{each}"
        await desk.add_team(OPERATOR, name)

        results = await together(
            desk.transfer(OPERATOR, number, Target(team=name)),
            desk.remove_team(OPERATOR, name),
            desk.add_macro(OPERATOR, name, "", Doing(team=name)),
            desk.add_policy(OPERATOR, name, {"team": name, "first": "1h"}),
        )

        assert unforeseen(results, UnknownTeam, TeamInUse) == []
        there = await names(desk)
        team = (await ticket(desk, number)).team
        assert team is None or team.name in there
        named = {macro.does["team"] for macro in await desk.known_macros(OPERATOR)}
        assert named <= set(there)
        for kept in named:
            await desk.remove_macro(OPERATOR, kept)
        for policy in (await desk.sla_policies(OPERATOR))[0]:
            await desk.remove_policy(OPERATOR, policy.name)
        for kept in there:
            await desk.remove_team(OPERATOR, kept)
