"""Commands without a slash: emojis, ``?words`` in threads, the menu of a message, links, the form."""

from dataclasses import replace
from typing import Any

import pytest

from bots.slack.connect import Slack
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, FieldType, FieldWanted, Role, Status
from tests.bots.slack.conftest import ALICE, BOB, GRACE, hire
from tests.bots.slack.stand_in import STAFF, StandIn, direct, readable
from tests.bots.slack.workspace import Json, Workspace

A = direct(ALICE)


async def answers(slack: Slack, stand_in: StandIn) -> list[str]:
    """What people were told alone, beside what they asked, so far."""
    await slack.settle()
    return [readable(each) for each in (*stand_in.ephemeral, *alone(stand_in))]


def alone(stand_in: StandIn) -> list[Json]:
    return stand_in.called("chat.postEphemeral")


async def status(desk: Desk, number: int = 1) -> Status:
    return (await desk.ticket(OPERATOR, number)).ticket.status


@pytest.fixture
async def waiting(people: Workspace, desk: Desk) -> int:
    """Ticket #1 of Alice, which nobody has; Grace is there and on a break."""
    grace = await hire(desk, GRACE)
    await desk.set_availability(grace, Availability.ON_BREAK)
    await people.dm(ALICE, "the lamp flickers")
    await desk.courier.deliver_due()
    return 1


async def react(people: Workspace, user: str, emoji: str, channel: str, ts: str) -> None:
    item = {"type": "message", "channel": channel, "ts": ts}
    event = {"type": "reaction_added", "user": user, "reaction": emoji, "item": item}
    assert await people.tell(event) == 200


async def test_eyes_claim_a_check_mark_resolves_and_a_light_escalates(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, waiting: int
) -> None:
    card = stand_in.posts[STAFF][0]["ts"]
    await react(people, GRACE, "eyes", STAFF, card)
    await slack.settle()
    assert await status(desk) is Status.OPEN
    await react(people, GRACE, "rotating_light", STAFF, card)
    await slack.settle()
    assert (await desk.ticket(OPERATOR, 1)).ticket.escalated_at is not None
    await react(people, GRACE, "white_check_mark", STAFF, card)
    await slack.settle()
    assert await status(desk) is Status.RESOLVED
    assert "#1 is resolved" in (await answers(slack, stand_in))[-1]


async def test_an_emoji_of_a_customer_is_no_command_and_one_elsewhere_says_nothing(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, waiting: int
) -> None:
    await react(people, BOB, "eyes", STAFF, stand_in.posts[STAFF][0]["ts"])
    await react(people, GRACE, "white_check_mark", "C0ANY", "1.1")

    assert await answers(slack, stand_in) == []
    assert await status(desk) is Status.NEW


async def test_a_ticket_emoji_on_somebodys_message_opens_their_ticket_once(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE, capacity=3)
    stand_in.posts["C0ANY"].append({"ts": "5.5", "user": BOB, "text": "my parcel is *late*"})
    for _ in range(2):
        await react(people, GRACE, "ticket", "C0ANY", "5.5")
        await slack.settle()

    whole = await desk.ticket(OPERATOR, 1)
    assert whole.ticket.customer.name == "Bob"
    assert [each.text for each in whole.messages] == ["my parcel is **late**"]
    assert (await answers(slack, stand_in))[-1] == "🎫 It is ticket #1."
    assert whole.ticket.conversation == "C0ANY:5.5"


@pytest.mark.parametrize("root", ["staff", "channel"])
async def test_words_with_a_question_mark_are_commands_in_a_tickets_thread(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, root: str
) -> None:
    grace = await hire(desk, GRACE)
    await desk.set_availability(grace, Availability.ON_BREAK)
    asked = people.post(ALICE, "C0ANY", "<@U0BOT> the lamp flickers")
    await people.tell({**asked, "type": "app_mention"})
    await desk.courier.deliver_due()
    channel = STAFF if root == "staff" else "C0ANY"
    thread = stand_in.posts[STAFF][0]["ts"] if root == "staff" else asked["ts"]
    command = people.post(GRACE, channel, "?claim", thread_ts=thread)
    for _ in range(2):
        await people.tell(command)
    assert await status(desk) is Status.OPEN
    await people.say(GRACE, channel, "?resolve it is on its *way*", thread_ts=thread)

    ticket = (await desk.ticket(OPERATOR, 1)).ticket
    assert (ticket.status, ticket.resolution) == (Status.RESOLVED, "it is on its **way**")
    told = alone(stand_in)
    assert [each["thread_ts"] for each in told] == [thread, thread]
    assert [each["user"] for each in told] == [GRACE, GRACE]


async def test_what_customers_write_is_never_a_command(
    people: Workspace, desk: Desk, stand_in: StandIn
) -> None:
    asked = people.post(ALICE, "C0ANY", "<@U0BOT> the lamp flickers")
    await people.tell({**asked, "type": "app_mention"})
    await people.say(ALICE, "C0ANY", "?resolve", thread_ts=asked["ts"])

    assert [each.text for each in (await desk.ticket(OPERATOR, 1)).messages][-1] == "?resolve"
    assert await status(desk) is Status.NEW


async def test_a_word_where_there_is_no_ticket_is_refused_for_its_writer_alone(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await people.say(GRACE, "C0ANY", "?claim", thread_ts="9.9")

    assert "belongs to no ticket" in (await answers(slack, stand_in))[-1]


async def choose(people: Workspace, slack: Slack, user: str, what: str, post: Json) -> None:
    await people.interact(
        {
            "type": "message_action",
            "callback_id": what,
            "user": {"id": user},
            "channel": {"id": post["channel"]},
            "message": post,
            "trigger_id": "t",
            "response_url": f"{people.stand_in.url}/respond/1",
        }
    )
    await slack.settle()


async def test_create_ticket_in_the_menu_of_a_message(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    post = people.post(ALICE, "C0ANY", "the lamp flickers")
    await choose(people, slack, BOB, "create_ticket", post)
    assert "your own messages only" in (await answers(slack, stand_in))[-1]
    await choose(people, slack, ALICE, "create_ticket", post)
    assert (await answers(slack, stand_in))[-1] == "🎫 It is ticket #1."
    await choose(people, slack, ALICE, "create_ticket", post)
    assert "on ticket #1 already" in (await answers(slack, stand_in))[-1]


async def test_a_link_to_a_ticket_is_shown_to_staff_where_staff_meet(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, waiting: int
) -> None:
    def shared(user: str, channel: str, url: str) -> Json:
        return {
            "type": "link_shared",
            "user": user,
            "channel": channel,
            "message_ts": "1.1",
            "links": [{"url": url, "domain": "desk.example"}],
        }

    link = "https://desk.example/tickets/1"
    for user, channel, url in (
        (BOB, STAFF, link),
        (GRACE, "C0ANY", link),
        (GRACE, STAFF, "https://evil.example/tickets/1"),
        (GRACE, STAFF, "https://desk.example/tickets/99"),
    ):
        assert await people.tell(shared(user, channel, url)) == 200
    await slack.settle()
    assert stand_in.unfurled == []

    await people.tell(shared(GRACE, STAFF, link))
    await slack.settle()
    [shown] = stand_in.unfurled
    assert "the lamp flickers" in str(shown["unfurls"][link])


async def test_the_form_of_a_new_request_takes_kind_order_words_and_files_once(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.command(ALICE, "/support")
    await slack.settle()
    view = stand_in.views[-1]
    assert [block["block_id"] for block in view["blocks"]] == ["kind", "words", "order", "files"]
    known = stand_in.upload_by_person("lamp.png", b"x")
    values: dict[str, Any] = {
        "kind": {"answer": {"selected_option": {"value": "return"}}},
        "words": {"answer": {"value": "it *broke* <!channel>"}},
        "order": {"answer": {"value": "4711 *x*"}},
        "files": {"answer": {"files": [known]}},
    }
    for _ in range(2):
        await people.submit_values(ALICE, view, values)
        await slack.settle()

    whole = await desk.ticket(OPERATOR, 1)
    [said] = whole.messages
    assert "it **broke** \\<!channel\\>" in said.text
    assert "A return or a refund · Order 4711 \\*x\\*" in said.text
    assert said.files == 1
    assert whole.ticket.conversation == ALICE
    empty = await people.submit_values(ALICE, {**view, "id": "V9"}, {})
    assert empty.json()["errors"] == {"words": "Please write a few words."}


async def test_the_form_asks_what_the_desk_wants_to_know_and_the_ticket_has_it(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await desk.add_kind(OPERATOR, "repair", "Something is to be repaired.")
    for name, wanted in {
        "serial": FieldWanted(label="Serial number", required=True),
        "warranty": FieldWanted(choices=["yes", "no"]),
        "miles": FieldWanted(type=FieldType.NUMBER, smallest="0"),
        "bought": FieldWanted(type=FieldType.DATE, kind="repair"),
    }.items():
        await desk.add_field(OPERATOR, name, replace(wanted, asked=True))
    await desk.add_field(OPERATOR, "inside", FieldWanted())
    await people.command(ALICE, "/support")
    await slack.settle()
    view = stand_in.views[-1]
    asked = {
        block["block_id"]: (block["element"]["type"], block["optional"])
        for block in view["blocks"]
        if block["block_id"].startswith("field.")
    }
    assert asked == {
        "field.serial": ("plain_text_input", False),
        "field.warranty": ("static_select", True),
        "field.miles": ("number_input", True),
        "field.bought": ("datepicker", True),
    }
    values: dict[str, Any] = {
        "kind": {"answer": {"selected_option": {"value": "repair"}}},
        "words": {"answer": {"value": "it broke"}},
        "field.serial": {"answer": {"value": "A_1 <x>"}},
        "field.warranty": {"answer": {"selected_option": {"value": "yes"}}},
        "field.miles": {"answer": {"value": "-3"}},
        "field.bought": {"answer": {"selected_date": "2026-01-05"}},
        "field.inside": {"answer": {"value": "not asked for"}},
    }
    await people.submit_values(ALICE, view, values)
    await slack.settle()

    whole = await desk.ticket(OPERATOR, 1)
    assert whole.ticket.kind == "repair"
    assert {each.name: each.text for each in whole.fields} == {
        "serial": "A_1 <x>",
        "warranty": "yes",
        "bought": "2026-01-05",
    }


async def test_a_ticket_is_transferred_by_form_and_refusals_stay_in_it(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, waiting: int
) -> None:
    await hire(desk, BOB, role=Role.LEAD)
    await people.command(BOB, "/ticket transfer 1")
    await slack.settle()
    view = stand_in.views[-1]
    kinds = {block["block_id"]: block["element"]["type"] for block in view["blocks"]}
    assert kinds == {"to": "users_select", "skill": "plain_text_input", "team": "plain_text_input"}

    await people.submit_values(BOB, view, {"to": {"answer": {"selected_user": GRACE}}})
    await slack.settle()
    assignee = (await desk.ticket(OPERATOR, 1)).ticket.assignee
    assert assignee is not None
    assert assignee.name == "Grace"


async def test_agents_are_added_and_edited_by_forms_that_begin_with_what_is_known(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, BOB, role=Role.ADMIN, capacity=4)
    await people.command(BOB, "/agent add")
    await slack.settle()
    view = stand_in.views[-1]
    await people.submit_values(
        BOB,
        view,
        {
            "agent": {"answer": {"selected_user": GRACE}},
            "skills": {"answer": {"value": "billing:2"}},
            "role": {"answer": {"selected_option": {"value": "lead"}}},
        },
    )
    await slack.settle()
    await people.command(BOB, "/agent edit <@U3GRACE|grace>")
    await slack.settle()

    elements = {each["block_id"]: each["element"] for each in stand_in.views[-1]["blocks"]}
    assert elements["skills"]["initial_value"] == "billing:2"
    assert elements["role"]["initial_option"]["value"] == "lead"
    assert elements["role"]["type"] == "static_select"


async def test_a_reply_by_form_keeps_what_was_typed_and_takes_files_along(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await people.dm(ALICE, "the lamp flickers")
    await desk.courier.deliver_due()
    await people.press(GRACE, STAFF, "Reply")
    await slack.settle()
    known = stand_in.upload_by_person("manual.pdf", b"%PDF", "application/pdf")
    values: dict[str, Any] = {
        "text": {"answer": {"value": "press <b> & *hold* it"}},
        "files": {"answer": {"type": "file_input", "files": [known]}},
    }
    await people.submit_values(GRACE, stand_in.views[-1], values)
    await slack.settle()

    said = (await desk.ticket(OPERATOR, 1)).messages[-1]
    assert (said.text, said.files) == (r"press \<b\> & **hold** it", 1)
    assert "With a file." in (await answers(slack, stand_in))[-1]


async def test_a_colleagues_words_are_sent_on_with_their_file(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await people.dm(ALICE, "the lamp flickers")
    await desk.courier.deliver_due()
    root = stand_in.posts[STAFF][0]["ts"]
    known = stand_in.upload_by_person("manual.pdf", b"%PDF", "application/pdf")
    note = people.post(GRACE, STAFF, "see *this*", thread_ts=root, files=[known])
    await choose(people, slack, GRACE, "send_to_customer", note)

    said = (await desk.ticket(OPERATOR, 1)).messages[-1]
    assert (said.text, said.files) == ("see **this**", 1)


async def test_a_form_that_needs_the_desk_is_open_before_the_desk_answers(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, database: Database
) -> None:
    await hire(desk, BOB, role=Role.ADMIN)
    await hire(desk, GRACE)
    await people.command(BOB, "/agent edit grace")
    await slack.settle()
    opened = [call["view"] for call in stand_in.called("views.open")]
    assert "One moment" in readable(opened[-1])
    assert stand_in.updated[-1]["blocks"][0]["block_id"] == "skills"

    await people.command(GRACE, "/agent edit bob")
    await slack.settle()
    answer = await people.submit_values(
        GRACE, stand_in.views[-1], {"capacity": {"answer": {"value": "9"}}}
    )
    await slack.settle()
    assert answer.status_code == 200
    assert "Only admins may do that" in (await answers(slack, stand_in))[-1]
