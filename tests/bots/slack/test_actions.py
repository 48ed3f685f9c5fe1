"""Commands, buttons, forms and shortcuts: acknowledged at once, done once, answered in words."""

import asyncio
import time

import pytest
from sqlalchemy import text

from bots.slack.connect import Slack
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Role
from tests.bots.slack.conftest import ALICE, BOB, GRACE, ON_BOTH, ROOT, hire
from tests.bots.slack.stand_in import SECRET, STAFF, Fault, StandIn, direct, readable
from tests.bots.slack.workspace import Workspace

A, G = direct(ALICE), direct(GRACE)


@pytest.fixture
async def open_ticket(people: Workspace, desk: Desk, slack: Slack) -> int:
    """Ticket #1 of Alice, with its cards on Slack, and Grace to hold it."""
    await hire(desk, GRACE)
    await people.dm(ALICE, "the lamp flickers")
    await desk.courier.deliver_due()
    return 1


async def answers(slack: Slack, stand_in: StandIn) -> list[str]:
    """What people were told alone so far."""
    await slack.settle()
    return [readable(answer) for answer in stand_in.ephemeral]


@ON_BOTH
async def test_a_command_is_acknowledged_before_the_database_is_asked(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, database: Database
) -> None:
    held = asyncio.Event()

    async def hold() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            held.set()
            await asyncio.sleep(2)

    holding = asyncio.create_task(hold())
    await held.wait()
    began = time.monotonic()
    statuses = await asyncio.gather(
        *(people.command(f"U{n:03d}", "/support my lamp flickers") for n in range(20))
    )
    took = time.monotonic() - began
    await holding

    assert set(statuses) == {200}
    assert took < 1.5
    assert len(await answers(slack, stand_in)) == 20


async def test_refusals_and_answers_are_for_whoever_asked_alone(
    people: Workspace, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    for line in ("/ticket show 99", "/ticket nonsense", "/ticket", "/ticket show x", "/kb stats"):
        await people.command(GRACE, line)
        await slack.settle()
    told = await answers(slack, stand_in)

    assert told[0].startswith("There is no ticket #99.")
    assert "Did you mean /ticket" in told[1]
    assert told[2].startswith("*Commands*")
    assert "is not the number of a ticket" in told[-2]  # the commands may take several posts
    assert "were solved by an article" in told[-1]
    assert {answer["response_type"] for answer in stand_in.ephemeral} == {"ephemeral"}
    assert {answer["replace_original"] for answer in stand_in.ephemeral} == {False}


@ON_BOTH
async def test_what_breaks_is_logged_under_the_number_that_is_told(
    people: Workspace,
    slack: Slack,
    stand_in: StandIn,
    open_ticket: int,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await database.close()
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE history"))
    await people.command(GRACE, "/ticket release 1")

    (told,) = await answers(slack, stand_in)
    number = told.partition("(error ")[2].partition(")")[0]
    assert len(number) == 8
    assert f"error {number}" in caplog.text


@ON_BOTH
async def test_a_button_pressed_twice_claims_once(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.command(GRACE, "/agent break")
    await slack.settle()
    await people.command(GRACE, "/ticket release 1")
    await slack.settle()
    await desk.courier.deliver_due()
    stand_in.ephemeral.clear()
    await asyncio.gather(*(people.press(GRACE, STAFF, "Claim") for _ in range(2)))

    told = sorted(await answers(slack, stand_in))
    assert told == ["Ticket #1 is already with Grace.", "🙌 #1 is yours: the lamp flickers"]


async def test_a_form_sent_twice_answers_once(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.press(GRACE, STAFF, "Reply")
    await slack.settle()
    (view,) = stand_in.views
    assert view["title"]["text"] == "Reply #1"
    assert [block["element"].get("multiline") for block in view["blocks"]] == [True, None]

    first = await people.submit(GRACE, view, text="We sent a new one. canary")
    again = await people.submit(GRACE, view, text="We sent a new one. canary")
    await slack.settle()
    await desk.courier.deliver_due()

    assert [first.status_code, again.status_code] == [200, 200]
    assert str(stand_in.texts(A)).count("canary") == 1
    assert [told for told in await answers(slack, stand_in) if "Sent to" in told] == [
        "💬 Sent to Alice on #1."
    ]


async def test_a_form_with_nothing_in_it_stays_open_and_says_so(
    people: Workspace, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.press(GRACE, STAFF, "Note")
    await slack.settle()
    answer = await people.submit(GRACE, stand_in.views[-1], text="  ")

    assert answer.json()["response_action"] == "errors"
    assert "is missing" in answer.json()["errors"]["text"]


async def test_resolving_by_button_may_say_nothing(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.press(GRACE, STAFF, "Resolve")
    await slack.settle()
    assert stand_in.views[-1]["blocks"][0]["optional"] is True
    await people.submit(GRACE, stand_in.views[-1])
    await slack.settle()
    await desk.courier.deliver_due()

    assert "Your ticket #1 is resolved." in stand_in.texts(A)[-1]


async def test_a_command_without_its_text_opens_the_form(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.command(ALICE, "/support")
    await people.command(GRACE, "/ticket escalate 1")
    await people.command(GRACE, "/ticket escalate")
    await slack.settle()

    titles = sorted(view["title"]["text"] for view in stand_in.views)
    assert titles == ["Escalate #1", "New request"]
    assert "The number of a ticket is missing." in (await answers(slack, stand_in))[-1]
    for view in stand_in.views:
        await people.submit(GRACE, view, words="she is upset", reason="she is upset")
    await slack.settle()
    assert "#1 is escalated" in "".join(await answers(slack, stand_in))


async def test_a_form_that_slack_does_not_open_is_said(
    people: Workspace, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.press(GRACE, STAFF, "Reply", trigger_id="expired")

    (told,) = await answers(slack, stand_in)
    assert told.startswith("The form did not open. Press again, or type it: /ticket reply 42")


async def test_what_support_asked_by_form_goes_on_in_the_direct_message(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.interact(
        {"type": "shortcut", "callback_id": "ask_support", "user": {"id": ALICE}, "trigger_id": "t"}
    )
    await slack.settle()
    await people.submit(ALICE, stand_in.views[-1], words="my lamp is late")
    await slack.settle()
    await desk.courier.deliver_due()
    await people.dm(ALICE, "it was due yesterday")
    await desk.courier.deliver_due()

    assert "Thank you, we have it. It is ticket #1." in "".join(stand_in.texts(A))
    assert "it was due yesterday" in stand_in.texts(STAFF)[-1]


async def test_only_admins_add_agents(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.command(BOB, "/agent add <@U2BOB|bob> role:admin")
    assert "for the support team" in (await answers(slack, stand_in))[-1]

    await hire(desk, ROOT, role=Role.ADMIN)
    await people.command(ROOT, "/agent add <@U3GRACE> skills:billing languages:en,de capacity:2")
    assert (await answers(slack, stand_in))[-1].startswith(
        "Grace is on the desk: agent, capacity 2"
    )
    listed = await desk.agents(OPERATOR)
    assert [each.agent.name for each in listed] == ["Grace", "Root"]


async def test_a_colleagues_words_are_sent_on_on_purpose_and_once(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    root = stand_in.posts[STAFF][0]["ts"]
    note = people.post(GRACE, STAFF, "it ships &amp; arrives today, <@U3GRACE>", thread_ts=root)
    await people.tell(note)

    async def send(by: str, message: dict[str, object], channel: str = STAFF) -> None:
        await people.interact(
            {
                "type": "message_action",
                "callback_id": "send_to_customer",
                "user": {"id": by},
                "channel": {"id": channel},
                "message": message,
                "trigger_id": "t",
                "response_url": f"{stand_in.url}/respond/1",
            }
        )
        await slack.settle()

    await send(BOB, note)
    await send(GRACE, note)
    await send(GRACE, note)
    await send(GRACE, {**note, "thread_ts": "1.1"})
    await send(GRACE, note, channel="C0ANY")
    await desk.courier.deliver_due()

    told = await answers(slack, stand_in)
    assert "for the support team" in told[0]
    assert told[1] == "💬 Sent to Alice on #1."
    assert told[2] == "That message was sent to the customer already."
    assert told[3] == told[4]
    assert "beneath a ticket's card" in told[3]
    assert str(stand_in.texts(A)).count("it ships &amp; arrives today, @Grace") == 1


@pytest.mark.parametrize("ephemeral_works", [True, False])
async def test_an_answer_finds_another_way(
    people: Workspace, slack: Slack, stand_in: StandIn, open_ticket: int, ephemeral_works: bool
) -> None:
    if not ephemeral_works:
        stand_in.will("chat.postEphemeral", Fault(error="user_not_in_channel"))
    gone = f"{stand_in.url}/respond/gone"
    await people.command(GRACE, "/ticket show 99", response_url=gone)
    await slack.settle()

    place = stand_in.ephemeral if ephemeral_works else stand_in.posts[G]
    assert "There is no ticket #99" in readable(place[-1])


async def test_a_long_answer_comes_in_several_posts(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, open_ticket: int
) -> None:
    await people.command(GRACE, "/ticket help ticket")

    told = await answers(slack, stand_in)
    assert "/ticket why" in "".join(told)
    assert not stand_in.refusals


async def test_buttons_of_other_apps_shortcuts_unknown_and_forms_of_others_are_left(
    people: Workspace, slack: Slack, stand_in: StandIn
) -> None:
    button = {"type": "button", "action_id": "other", "block_id": "b", "value": "1"}
    press = {"type": "block_actions", "user": {"id": BOB}, "actions": [button], "trigger_id": "t"}
    assert await people.interact(press) == 200
    shortcut = {"type": "shortcut", "callback_id": "other", "user": {"id": BOB}, "trigger_id": "t"}
    assert await people.interact(shortcut) == 200
    form = {"id": "V1", "type": "modal", "callback_id": "other", "private_metadata": "{}"}
    assert (await people.submit(BOB, form)).status_code == 200
    assert await answers(slack, stand_in) == []
    assert SECRET not in str(stand_in.calls)


async def test_a_request_that_cannot_be_read_is_logged(
    people: Workspace, slack: Slack, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    press = {"type": "block_actions", "user": {}, "actions": [{"action_id": "ticket claim#0"}]}
    assert await people.interact(press) == 200
    await slack.settle()

    assert "could not be read" in caplog.text
