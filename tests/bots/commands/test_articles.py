"""The commands about articles: written in a line or a form, shown as cards with buttons that work."""

import pytest

from bots.commands import COMMANDS, begun, carry_out
from bots.commands.parse import Call, Misread, filled, in_words, pressed, read, wanted
from core.cards import Card, plain
from core.channels import Who
from core.desk import Desk
from core.people.actors import RoleTooLow
from core.vocabulary import OPERATOR, House, Role
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.library import Library
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket

PICK_UP = (
    '/kb add title:"Can I pick it up?" body:"Yes, at **Hill Street 5**.\nRing twice." '
    'phrasings:"pick up in the shop|collect my order" tags:"shop, parcel"'
)


@pytest.fixture
def deflector() -> KnowledgeBase:
    return KnowledgeBase()


@pytest.fixture
def desk(open_desk: OpenDesk, deflector: KnowledgeBase) -> Desk:
    return open_desk(House(staff_rooms=(STAFF_ROOM,), deflector=deflector))


async def refresh(desk: Desk, deflector: KnowledgeBase) -> None:
    articles = await Library.beside(desk).published()
    await deflector.rebuild([entry for each in articles for entry in each.entries()])


async def do(desk: Desk, line: str, by: Who = OPERATOR) -> Card:
    return (await carry_out(desk, by, read(COMMANDS, line, by=by))).card


async def press(desk: Desk, card: Card, label: str, by: Who = OPERATOR) -> Card:
    [button] = [each for each in card.buttons if label in each.label]
    call = pressed(COMMANDS, button.action, button.value, by=by)
    return (await carry_out(desk, by, filled(call, {}, by=by))).card


async def test_an_article_is_written_in_one_line_published_and_found(
    desk: Desk, deflector: KnowledgeBase
) -> None:
    draft = await do(desk, PICK_UP)
    assert "Ring twice." in plain(draft)
    published = await press(desk, draft, "Publish")
    assert "Published" in published.text
    await refresh(desk, deflector)

    found = await do(desk, "/kb search can I collect my order")
    shown = await press(desk, found, "Can I pick it up?")
    listed = await do(desk, "/kb list status:published")

    assert {field.label: field.value for field in shown.fields}["Tags"] == "shop, parcel"
    assert "can-i-pick-it-up" in listed.text
    assert "published by" in shown.footnote


async def test_the_edit_form_begins_with_what_is_there_and_refuses_a_stale_one(desk: Desk) -> None:
    shown = await do(desk, PICK_UP)
    [edit] = [each for each in shown.buttons if each.action == "kb edit"]
    call = pressed(COMMANDS, edit.action, edit.value, by=OPERATOR)

    begins = await begun(desk, OPERATOR, call)

    assert [param.name for param in wanted(call, was_pressed=True)] == list(begins)
    assert begins["body"] == "Yes, at **Hill Street 5**.\nRing twice."
    assert begins["phrasings"] == "pick up in the shop\ncollect my order"
    changed = filled(call, {**begins, "title": "May I pick it up?", "tags": "-"}, by=OPERATOR)
    assert "Changed" in (await carry_out(desk, OPERATOR, changed)).card.text
    shown = await do(desk, "/kb show can-i-pick-it-up")
    assert "Tags" not in {field.label for field in shown.fields}
    with pytest.raises(Exception, match="Somebody changed"):
        await carry_out(desk, OPERATOR, filled(call, {"title": "No!"}, by=OPERATOR))


async def test_a_gap_opens_the_form_with_its_questions(desk: Desk) -> None:
    await desk.receive(message("is there a discount for students", by="ana"))
    await desk.receive(message("student discount? order A-1041", by="ben"))
    gaps = await do(desk, "/kb gaps")
    button = gaps.buttons[0]
    call = pressed(COMMANDS, button.action, button.value, by=OPERATOR)

    begins = await begun(desk, OPERATOR, call)

    assert "Write this article" in button.label
    assert "discount" in begins["title"]
    assert "A-1041" not in begins["phrasings"]
    answered = filled(call, {**begins, "body": "10 % with your student card."}, by=OPERATOR)
    assert "draft" in (await carry_out(desk, OPERATOR, answered)).card.text


async def test_the_nearest_article_is_sent_from_the_tickets_card(
    desk: Desk, deflector: KnowledgeBase, outbox: Outbox
) -> None:
    await do(desk, PICK_UP)
    await do(desk, "/kb publish can-i-pick-it-up")
    await refresh(desk, deflector)
    grace = await hire(desk, "grace")
    number = await open_ticket(
        desk, "a person please: the shop was closed when I came for my order"
    )
    await desk.courier.deliver_due()
    card = outbox.to(STAFF_ROOM)[-1].card

    said = await press(desk, card, "Send", by=grace)
    await desk.courier.deliver_due()

    assert "was sent to" in said.text
    assert any("Hill Street 5" in text for text in outbox.texts("ana"))
    assert (await desk.ticket(grace, number)).messages[-1].agent_id is not None


async def test_an_article_for_staff_is_never_sent(desk: Desk) -> None:
    await do(desk, PICK_UP + " audience:staff")
    await do(desk, "/kb publish can-i-pick-it-up")
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, "the lamp hums")

    with pytest.raises(Exception, match="staff only"):
        await do(desk, f"/kb send {number} can-i-pick-it-up", by=grace)


async def test_agents_write_and_leads_publish(desk: Desk) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus", role=Role.LEAD)
    draft = await do(desk, PICK_UP, by=grace)

    with pytest.raises(RoleTooLow):
        await press(desk, draft, "Publish", by=grace)
    await press(desk, draft, "Publish", by=linus)
    shown = await do(desk, "/kb show can-i-pick-it-up", by=grace)

    assert not shown.buttons


@pytest.mark.parametrize(
    ("line", "args"),
    [
        (
            '/kb edit returns title:"Say \\"hi\\"" tags:a,b',
            {"article": "returns", "title": 'Say "hi"', "tags": "a,b"},
        ),
        (
            "/kb edit returns title:“smart quotes” version:3",
            {"title": "smart quotes", "version": 3},
        ),
        ('/kb add body:"two\nlines" title:x', {"body": "two\nlines", "title": "x"}),
        ('/kb add title:"a: b \\\\ c" body:y', {"title": "a: b \\ c"}),
    ],
)
def test_a_value_in_quotes_is_read_whole_and_written_back(
    line: str, args: dict[str, object]
) -> None:
    call = read(COMMANDS, line, by=OPERATOR)

    assert args.items() <= call.args.items()
    again = pressed(COMMANDS, call.command.name, in_words(call), by=OPERATOR)
    assert again == Call(call.command, call.args)


def test_an_open_quote_is_refused() -> None:
    with pytest.raises(Misread, match="in quotes to the end"):
        read(COMMANDS, '/kb add title:"Can I', by=OPERATOR)


@pytest.mark.parametrize("digits", ["2147483648", "9" * 13, "0" * 12 + "9" * 5_000])
def test_a_number_beyond_all_bounds_is_misread(digits: str) -> None:
    with pytest.raises(Misread):
        read(COMMANDS, f"/kb gaps days:{digits}", by=OPERATOR)


async def test_a_customer_who_searches_is_spoken_to_as_one(
    desk: Desk, deflector: KnowledgeBase
) -> None:
    await do(desk, PICK_UP)
    await do(desk, "/kb publish can-i-pick-it-up")
    await refresh(desk, deflector)
    ana = Who("console", "local", "ana", "Ana")

    found = await do(desk, "/kb search collect my order", by=ana)
    none = await do(desk, "/kb search qwertz", by=ana)

    assert "%" not in plain(found)
    assert "Hill Street 5" in plain(await press(desk, found, "Can I pick it up?", by=ana))
    assert "a person answers" in none.text
