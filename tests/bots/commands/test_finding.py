"""`/ticket search`, `/view` and `/bulk` as they are said and answered."""

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed, read
from bots.commands.table import Said
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError, Forbidden, NotFound
from core.vocabulary import Role
from tests.scene import hire, open_ticket, person

LEA, GRACE = person("lea"), person("grace")


async def say(desk: Desk, line: str, *, by: Who = LEA) -> Said:
    return await carry_out(desk, by, read(COMMANDS, line, by=by))


@pytest.fixture
async def manned(desk: Desk) -> Desk:
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await hire(desk, "grace", capacity=0)
    for number in range(1, 26):
        await open_ticket(desk, f"lamp number {number}", by=f"customer-{number}")
    return desk


async def test_a_search_is_answered_page_by_page_with_a_button(manned: Desk) -> None:
    first = (await say(manned, "/ticket search lamp -13")).card
    [more] = first.buttons
    call = pressed(COMMANDS, more.action, more.value, by=LEA)
    second = (await carry_out(manned, LEA, call)).card

    assert first.footnote == "More: /ticket search lamp -13 after:5"
    assert [len(each.text.splitlines()) for each in (first, second)] == [20, 4]
    assert "number 13" not in first.text + second.text
    assert not second.buttons


async def test_names_of_a_list_are_read_as_a_filter(manned: Desk) -> None:
    await manned.tag(LEA, 3, add=["vip"])

    said = await say(manned, "/ticket list status:new priority:normal tag:vip,gold")

    assert said.card.text.count("#") == 1
    with pytest.raises(DeskError, match="“stauts:new”: did you mean status:"):
        await say(manned, "/ticket list stauts:new")


async def test_a_mention_in_a_filter_is_who_is_meant(manned: Desk) -> None:
    call = read(
        COMMANDS,
        "/ticket list assignee:<@U1> lamp",
        by=LEA,
        people=lambda text: GRACE if text == "<@U1>" else None,
    )

    assert call.args["filter"] == 'assignee:"console:local:grace" lamp'
    assert (await carry_out(manned, LEA, call)).card.text == "No tickets. 🎉"


async def test_views_are_ones_own_or_everybodys(manned: Desk) -> None:
    assert "yours" in (await say(manned, "/view save Late: lamp status:new", by=GRACE)).card.text
    await say(manned, "/view share late: status:resolved")
    await say(manned, "/view share Old ones: status:closed")

    assert (await say(manned, "/view list", by=GRACE)).card.text.splitlines() == [
        "late · lamp status:new",
        "late (everybody) · status:resolved",
        "old ones (everybody) · status:closed",
    ]
    assert (await say(manned, "/view show late", by=GRACE)).card.text != "No tickets. 🎉"
    assert (await say(manned, "/view show late")).card.text == "No tickets. 🎉"

    await say(manned, "/view remove late", by=GRACE)
    assert (await say(manned, "/view show late", by=GRACE)).card.text == "No tickets. 🎉"
    with pytest.raises(Forbidden):
        await say(manned, "/view remove late", by=GRACE)
    await say(manned, "/view remove late")
    with pytest.raises(NotFound):
        await say(manned, "/view show late")


async def test_a_view_saved_again_is_replaced(manned: Desk) -> None:
    await say(manned, "/view save late: lamp")
    await say(manned, "/view save late:  status:new   tag:vip")

    assert (await say(manned, "/view list")).card.text == "late · status:new tag:vip"


@pytest.mark.parametrize(
    "line",
    ["/view save late", "/view save late:", "/view save : lamp", "/view save a/b: lamp",
     "/view save late: lost:x", "/view show unknown", "/view remove unknown",
     "/view save " + "x" * 61 + ": lamp", "/view show 🔥"],
)  # fmt: skip
async def test_what_is_no_view_is_refused_in_a_sentence(manned: Desk, line: str) -> None:
    with pytest.raises(DeskError):
        await say(manned, line)
    assert (await say(manned, "/view list")).card.text.startswith("No views yet")


async def test_customers_have_no_views(manned: Desk) -> None:
    for line in ("/view list", "/view save late: lamp", "/view show late", "/view remove late"):
        with pytest.raises(Forbidden):
            await say(manned, line, by=person("customer-1"))
    with pytest.raises(Forbidden):
        await say(manned, "/view share late: lamp", by=GRACE)


async def test_many_tickets_change_once_the_button_is_pressed(manned: Desk) -> None:
    proposed = (await say(manned, "/bulk tag +storm,-old lamp -13")).card
    assert proposed.text.startswith("24 tickets would be tagged +storm -old: #1, #2,")
    assert await manned.tags(LEA, 1) == []

    [yes] = proposed.buttons
    done = (await carry_out(manned, LEA, pressed(COMMANDS, yes.action, yes.value, by=LEA))).card
    assert done.text == "✅ 24 tickets changed."
    assert await manned.tags(LEA, 1) == ["storm"]

    [undo] = done.buttons
    back = (await carry_out(manned, LEA, pressed(COMMANDS, undo.action, undo.value, by=LEA))).card
    assert back.text == "✅ 24 tickets brought back."
    assert await manned.tags(LEA, 1) == []


async def test_each_kind_of_operation_is_proposed(manned: Desk) -> None:
    for line, what in {
        "/bulk assign grace lamp": "25 tickets would go to grace",
        "/bulk priority high number 7": "1 ticket would have high priority: #7.",
        "/bulk resolve lamp": "be resolved, and their customers told. That cannot be undone",
    }.items():
        assert what in (await say(manned, line)).card.text
