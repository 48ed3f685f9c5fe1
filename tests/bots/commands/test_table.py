"""The table of commands: complete, readable, and the only place that buttons and help come from."""

import ast
from pathlib import Path

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import Missing, asks, filled, pressed, read
from bots.commands.table import Command
from core.channels import Who
from core.desk import Desk
from core.errors import Forbidden, Invalid
from core.vocabulary import OPERATOR, Availability, Role, Target
from tests.scene import hire, message, person

ROOT = Path(__file__).parent.parent.parent.parent
ADA = Who("console", "local", "ada", "Ada")


def named(text: str) -> Who | None:
    return Who("console", "local", text[1:], text[1:]) if text.startswith("@") else None


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda command: command.name)
def test_every_example_can_be_read(command: Command) -> None:
    assert read(COMMANDS, command.example, by=ADA, people=named).command is command


def test_every_button_on_a_card_is_a_command() -> None:
    actions = set()
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("bots/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Button"
                and node.args
            ):
                action = node.args[1]
                assert isinstance(action, ast.Constant), path
                actions.add(action.value)

    assert actions
    assert actions <= set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("/ticket claim 42", {"ticket": 42}),
        ("ticket claim #42", {"ticket": 42}),
        ("/TICKET Claim   42", {"ticket": 42}),
        ("/ticket reply 42 two  words, as written", {"text": "two  words, as written"}),
        ("/ticket reply 42 line one\nline two", {"text": "line one\nline two"}),
        ("/ticket transfer 42 skill:billing", {"skill": "billing", "to": None}),
        ("/ticket transfer 42 @bo", {"to": Who("console", "local", "bo", "bo")}),
        ("/ticket list assignee:me", {"filter": "assignee:me"}),
        ("/ticket list -tag:old  “a b” after:2.42", {"filter": "-tag:old  “a b” after:2.42"}),
        (
            "/agent add @bo skills:billing:3,returns languages:en,de capacity:2",
            {
                "skills": {"billing": 3, "returns": 1},
                "languages": {"en": 1, "de": 1},
                "capacity": 2,
            },
        ),
        ("/agent edit slack:T1:U1 tier:2", {"agent": Who("slack", "T1", "U1", "U1"), "tier": 2}),
        ("/support skills:are great", {"text": "skills:are great"}),
    ],
)
def test_a_line_is_read_into_typed_arguments(line: str, args: dict[str, object]) -> None:
    call = read(COMMANDS, line, by=ADA, people=named)

    assert {name: call.args[name] for name in args} == args


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "There is no command"),
        ("/", "There is no command"),
        ("/tikcet list", "Did you mean /ticket list?"),
        ("/ticket claim", "The number of a ticket is missing. For example: /ticket claim 42"),
        ("/ticket claim -1", "is not the number of a ticket"),
        ("/ticket claim ٤٢", "is not the number of a ticket"),
        ("/ticket claim 99999999999999999999", "is not the number of a ticket"),
        ("/ticket claim 1 2", "“2” is not part of this command"),
        ("/ticket priority 1 soon", "is not one of low, normal, high, urgent"),
        ("/agent add bo", "is not a mention"),
        ("/agent add @bo skills:bill!ing", "is not one of skills"),
        ("/agent add @bo skills:billing:9", "is not one of skills"),
        ("/agent add @bo capacity:lots", "is not how many tickets at once"),
        ("/agent add @bo role:king", "is not one of agent, lead, admin"),
        ("/ticket reply 1", "Your answer to the customer is missing"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_write(line: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(COMMANDS, line, by=ADA, people=named)

    assert sentence in str(refused.value)


def test_a_button_asks_for_what_its_command_still_needs() -> None:
    reply = pressed(COMMANDS, "ticket reply", "42", by=ADA)
    claim = pressed(COMMANDS, "ticket claim", "42", by=ADA)

    assert [param.name for param in asks(reply)] == ["text"]
    assert asks(claim) == []
    assert filled(reply, {"text": " On its way. "}, by=ADA).args == {
        "ticket": 42,
        "text": "On its way.",
    }
    with pytest.raises(Missing):
        filled(reply, {"text": "  "}, by=ADA)


async def test_help_shows_what_one_may_do_and_no_more(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    ada = await hire(desk, "ada", role=Role.ADMIN)

    helps = {}
    for who in (person("ana"), grace, ada):
        said = await carry_out(desk, who, read(COMMANDS, "/ticket help", by=who))
        helps[who.user] = said.card.text

    assert "/support" in helps["ana"]
    assert "/ticket claim" not in helps["ana"]
    assert "/ticket claim <ticket>" in helps["grace"]
    assert "/agent add" not in helps["grace"]
    assert "/agent add" in helps["ada"]
    assert "/enquiry" not in helps["ada"]


async def test_a_word_alone_shows_what_can_follow_it(desk: Desk) -> None:
    grace = await hire(desk, "grace")

    said = await carry_out(desk, grace, read(COMMANDS, "/agent", by=grace))

    assert "/agent break" in said.card.text
    assert "/ticket claim" not in said.card.text


async def test_a_customer_lists_and_sees_only_their_own_tickets(desk: Desk) -> None:
    await desk.receive(message("my card was charged twice", by="ana"))
    await desk.receive(message("my parcel is late", by="bob"))

    said = await carry_out(desk, person("ana"), read(COMMANDS, "/ticket list", by=person("ana")))

    assert "charged twice" in said.card.text
    assert "parcel" not in said.card.text


async def test_a_customer_is_not_offered_a_list_by_agent(desk: Desk) -> None:
    ana, grace = person("ana"), await hire(desk, "grace")

    offered = (await carry_out(desk, ana, read(COMMANDS, "/ticket help", by=ana))).card.text
    assert "/ticket list" in offered
    assert "assignee" not in offered
    with pytest.raises(Forbidden, match="You cannot look by assignee"):
        await carry_out(desk, ana, read(COMMANDS, "/ticket list assignee:me", by=ana))
    for_staff = (await carry_out(desk, grace, read(COMMANDS, "/ticket help", by=grace))).card.text
    assert "assignee" in for_staff


@pytest.mark.parametrize("none", ["none", "-"])
async def test_a_team_is_taken_away_by_command(desk: Desk, none: str) -> None:
    ada = await hire(desk, "ada", role=Role.ADMIN, team="returns")

    said = await carry_out(desk, ada, read(COMMANDS, f"/agent edit me team:{none}", by=ada))

    assert "team" not in said.card.text


async def test_resolving_from_the_queue_says_whose_the_ticket_is_now(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=0)
    await desk.receive(message("my parcel is late"))

    said = await carry_out(desk, grace, read(COMMANDS, "/ticket resolve 1 it came", by=grace))
    assert said.card.text == "✅ #1 is resolved. Nobody had it, so it counts as yours."
    told = await carry_out(desk, grace, read(COMMANDS, "/ticket why 1", by=grace))
    assert told.card.text == "Grace resolved it while nobody had it."


async def test_the_reasons_of_an_assignment_are_told(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await hire(desk, "linus")
    await desk.receive(message("my card was charged twice"))

    said = await carry_out(desk, grace, read(COMMANDS, "/ticket why 1", by=grace))

    assert "Grace got it: the most points" in said.card.text
    assert "Linus" in said.card.text


async def test_the_reason_for_waiting_is_told(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    for text in ("my card was charged twice", "my parcel is late"):
        await desk.receive(message(text, by=text[-4:].strip()))

    said = await carry_out(desk, grace, read(COMMANDS, "/ticket why 2", by=grace))

    assert said.card.text.splitlines() == [
        "Now it waits, number 1 in the queue.",
        "Nobody is free: 1 at capacity.",
    ]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (
            Target(skill="billing"),
            ["It needs the skill billing. Those who have it: 1 on break."],
        ),
        (Target(team="returns"), ["It needs the team returns. Those who have it: 1 at capacity."]),
    ],
)
async def test_the_need_that_nobody_free_meets_is_told(
    desk: Desk, target: Target, told: list[str]
) -> None:
    lead = await hire(desk, "ada", role=Role.LEAD, capacity=0, team="returns")
    await desk.set_availability(
        await hire(desk, "linus", skills={"billing": 1}), Availability.ON_BREAK
    )
    await desk.receive(message("my card was charged twice"))
    await desk.transfer(lead, 1, target)
    await hire(desk, "grace")

    said = await carry_out(desk, lead, read(COMMANDS, "/ticket why 1", by=lead))

    assert said.card.text.splitlines()[1:] == told


async def test_a_need_that_nobody_has_is_told_as_waived(desk: Desk) -> None:
    boss = await hire(desk, "boss", tier=2)
    await desk.receive(message("my card was charged twice"))
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, Availability.ON_BREAK)
    await desk.escalate(boss, 1, "they will sue")
    await desk.remove_agent(OPERATOR, boss)

    said = await carry_out(desk, grace, read(COMMANDS, "/ticket why 1", by=grace))

    assert said.card.text.splitlines()[-2:] == [
        "It asks for tier 2 or above, which nobody on the desk has, so anybody may get it.",
        "Nobody is free: 1 on break.",
    ]


async def test_who_just_gave_a_ticket_away_is_told(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.receive(message("my card was charged twice"))
    await desk.release(grace, 1)

    said = await carry_out(desk, grace, read(COMMANDS, "/ticket why 1", by=grace))

    assert said.card.text.splitlines()[-1] == (
        "Not given back at once to who gave it away a moment ago: Grace."
    )
