"""Rules: written, refused in a sentence each, applied in their order, and tried on what came before."""

import asyncio
import re

import pytest
from sqlalchemy import event, update

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed, read
from bots.commands.table import Said
from core.channels import Who
from core.desk import Desk
from core.errors import Conflict, DeskError, Forbidden, NotFound
from core.model import Rule, Ticket
from core.storage.database import Database
from core.tickets import cases, drafts
from core.tickets.cases import Case
from core.tickets.rules import AT_MOST
from core.vocabulary import OPERATOR, Priority, Role, Wanted
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, open_ticket, person

LEA, GRACE = person("lea"), person("grace")


@pytest.fixture
async def led(desk: Desk) -> Desk:
    """A lead; Grace is in the team for returns and knows billing, and has no room."""
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await hire(desk, "grace", team="returns", skills={"billing": 2}, capacity=0)
    return desk


async def say(desk: Desk, line: str, *, by: Who = LEA) -> Said:
    return await carry_out(desk, by, read(COMMANDS, line, by=by))


async def opened(desk: Desk, text: str, *, by: str = "ana") -> Ticket:
    number = await open_ticket(desk, text, by=by)
    return (await desk.ticket(OPERATOR, number)).ticket


async def test_a_rule_gives_all_that_it_says_in_the_same_transaction(led: Desk) -> None:
    await led.add_rule(
        LEA,
        "lamps: lamp => team:returns category:lamps priority:urgent kind:problem skill:billing "
        "tier:1 tag:lamp,storm",
    )

    ticket = await opened(led, "my lamp is broken")

    assert ticket.team is not None
    assert (ticket.team.name, ticket.category, ticket.priority) == ("returns", "lamps", 4)
    assert (ticket.kind, ticket.skill, ticket.tier) == ("problem", "billing", 1)
    assert await led.tags(OPERATOR, ticket.id) == ["lamp", "storm"]
    _, kept, *_ = (await led.ticket_past(OPERATOR, ticket.id)).history
    assert (kept.event, kept.facts["name"]) == ("RuleApplied", "lamps")
    assert kept.facts["changed"] == (
        "team returns, category lamps, priority urgent, kind problem, skill billing, "
        "tags lamp storm"
    )
    said = await say(led, f"/ticket why {ticket.id}")
    assert "The rule “lamps” gave it team returns, category lamps" in said.card.footnote
    assert (await opened(led, "my chair is broken", by="ben")).category == ""


async def test_each_rule_sees_what_those_before_it_gave_and_stop_ends_it(led: Desk) -> None:
    await led.add_rule(LEA, "first: lamp => category:lamps")
    await led.add_rule(LEA, "second: category:lamps => priority:high stop")
    third = await led.add_rule(LEA, "third: lamp => tag:late")

    ticket = await opened(led, "lamp")
    assert (ticket.category, ticket.priority) == ("lamps", Priority.HIGH)
    assert await led.tags(OPERATOR, ticket.id) == []

    await led.move_rule(LEA, third.id, 1)
    ticket = await opened(led, "lamp", by="ben")
    assert await led.tags(OPERATOR, ticket.id) == ["late"]
    assert [each.rule.name for each in await led.rules(LEA)] == ["third", "first", "second"]


async def test_a_rule_that_is_off_is_not_followed(led: Desk) -> None:
    rule = await led.add_rule(LEA, "lamps: lamp => category:lamps")
    await led.switch_rule(LEA, rule.id, on=False)
    assert (await opened(led, "lamp")).category == ""

    await led.switch_rule(LEA, rule.id, on=True)
    assert (await opened(led, "lamp", by="ben")).category == "lamps"
    await led.remove_rule(LEA, rule.id)
    assert (await opened(led, "lamp", by="cleo")).category == ""


async def test_customers_are_part_of_conditions(led: Desk) -> None:
    await open_ticket(led, "the door squeaks", by="ana")
    await led.resolve(OPERATOR, 1)
    await led.confirm(person("ana"), 1)
    await led.edit_customer(
        OPERATOR, str(person("ana")), {"is_vip": True, "company": "Acme", "tags": ["wholesale"]}
    )
    for name, condition in (
        ("vip", "vip:yes"),
        ("company", "company:ACME"),
        ("tag", "customer-tag:wholesale"),
        ("not", "-vip:yes"),
        ("number", "customer:c-1"),
    ):
        await led.add_rule(LEA, f"{name}: {condition} => tag:{name}")

    ana, ben = await opened(led, "hm, a lamp"), await opened(led, "hm, a lamp", by="ben")

    assert await led.tags(OPERATOR, ana.id) == ["company", "number", "tag", "vip"]
    assert await led.tags(OPERATOR, ben.id) == ["not"]


CASE = Case(
    words=cases.words_of(["Die Lampe aus Zürich", "charged twice, says A-1001"]),
    kind="return",
    priority=Priority.HIGH,
    category="late delivery",
    language="de",
    complexity=3,
    tier=2,
    team="Returns",
    skill="billing",
    channel="slack",
    tags=frozenset({"vip", "old"}),
    customer_id=17,
    customer="Ana Sousa",
    is_vip=True,
    company="acme ltd",
    customer_tags=frozenset({"wholesale"}),
)


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ("lampe", True),
        ("LAMPE zurich", True),
        ("lamp", False),
        ("lamp*", True),
        ('"charged twice"', True),
        ('"twice charged"', False),
        ('"zurich charged"', False),  # from one text to the next is not together
        ("A-1001", True),
        ("-lampe", False),
        ("-chair", True),
        ("kind:return", True),
        ("-kind:return", False),
        ("kind:question,return", True),
        ("priority:high,urgent", True),
        ("-priority:high", False),
        ('category:"late delivery"', True),
        ("category:none", False),
        ("language:de", True),
        ("language:fr,none", False),
        ("complexity:3", True),
        ("complexity:4,5", False),
        ("tier:2", True),
        ("team:returns", True),
        ("team:none", False),
        ("skill:billing", True),
        ("-skill:none", True),
        ("channel:slack", True),
        ("channel:discord", False),
        ("tag:vip", True),
        ("tag:vip tag:old", True),
        ("tag:vip tag:new", False),
        ("-tag:vip", False),
        ("tag:none", False),
        ("customer:c-17", True),
        ("customer:c-1", False),
        ('customer:"ana sousa"', True),
        ("vip:yes", True),
        ("vip:no", False),
        ('company:"Acme Ltd"', True),
        ("company:none", False),
        ("customer-tag:wholesale,old", True),
        ("customer-tag:none", False),
        ("lampe kind:return vip:yes", True),
        ("lampe kind:return vip:no", False),
    ],
)
def test_a_condition_fits_a_ticket_without_a_database(condition: str, fits: bool) -> None:
    assert cases.fits(cases.condition(condition), CASE) is fits


SAME = ["lamp", "-lamp", '"my lamp"', "priority:high", "-priority:high", "category:billing",
        "kind:question", "complexity:1", "vip:no", "company:none", "customer-tag:none",
        "language:none", "tier:1", "skill:none", "team:none", "tag:none", "channel:console", "inv*"]  # fmt: skip


async def test_what_fits_a_new_ticket_is_what_a_search_finds(led: Desk) -> None:
    for number, condition in enumerate(SAME):
        rule = await led.add_rule(LEA, f"r{number}: {condition} => tag:t{number}")
        await led.switch_rule(LEA, rule.id, on=False)
    texts = ["my lamp is broken", "urgent: an invoice", "hm, the lamp, my word", "where? when?"]
    for number, text in enumerate(texts):
        await open_ticket(led, text, by=f"customer-{number}")

    for number, condition in enumerate(SAME):
        tried = await led.try_rule(LEA, str(number + 1))
        page = await led.tickets(OPERATOR, Wanted(filter=condition))
        fitting = {each.ticket.id for each in tried.page}
        assert fitting == {ticket.id for ticket in page.tickets}, condition


async def test_a_dry_run_says_what_would_have_changed_and_changes_nothing(
    led: Desk, database: Database
) -> None:
    for number in range(25):
        await open_ticket(led, f"lamp number {number}", by=f"customer-{number}")
    await led.set_priority(OPERATOR, 3, Priority.URGENT)
    before = await all_rows(database)

    first = (await say(led, "/rule test lamp => priority:urgent tag:lamp")).card
    urgent = (await say(led, "/rule test a name: lamp -13 => priority:urgent")).card
    [more] = first.buttons
    second = (await carry_out(led, LEA, pressed(COMMANDS, more.action, more.value, by=LEA))).card
    third = (await say(led, f"/rule test {more.value.replace('page:2', 'page:3')}")).card
    none = (await say(led, "/rule test chair => priority:urgent")).card

    lines = first.text.splitlines()
    assert lines[0] == "Would have changed 25 of the last 25, and fits 25."
    assert lines[1] == "#25 lamp number 24 · priority urgent, tags lamp"
    assert [len(each.text.splitlines()) for each in (first, second, third)] == [11, 11, 6]
    assert not third.buttons
    assert "Would have changed 23 of the last 25, and fits 24." in urgent.text
    assert none.text == "Would have changed 0 of the last 25, and fits 0."
    assert await all_rows(database) == before


BAD = {
    "": "Say a name, a colon",
    "   ": "Say a name, a colon",
    "vip": "Say a name, a colon",
    ": vip:yes => priority:high": "Say a name, a colon",
    "=> priority:high": "Say a name, a colon",
    "a => b: vip:yes": "Say a name, a colon",
    "-x: vip:yes => priority:high": "cannot be the name of a rule",
    "🔥: vip:yes => priority:high": "cannot be the name of a rule",
    "x" * 61 + ": vip:yes => priority:high": "cannot be the name of a rule",
    "a<b>: vip:yes => priority:high": "cannot be the name of a rule",
    "x: vip:yes": "There is one => between",
    "x: vip:yes priority:high": "There is one => between",
    "x: vip:yes => priority:high => tag:a": "There is one => between",
    "x: vip:yes =>": "It gives nothing.",
    "x: vip:yes => ": "It gives nothing.",
    "x: => priority:high": "a rule needs a condition",
    "x:   => priority:high": "a rule needs a condition",
    "x: status:any => priority:high": "a new ticket is always new",
    "x: status:open => priority:high": "a new ticket is always new",
    "x: -status:closed => priority:high": "a new ticket is always new",
    "x: assignee:me => priority:high": "a new ticket is nobody's yet",
    "x: assignee:nobody => priority:high": "a new ticket is nobody's yet",
    "x: created:today => priority:high": "a rule is for tickets as they come",
    "x: created:<2d => priority:high": "a rule is for tickets as they come",
    "x: updated:<2d => priority:high": "a rule is for tickets as they come",
    "x: lamp sort:number => priority:high": "there is nothing to sort",
    "x: lamp after:3 => priority:high": "there are no pages",
    "x: linked:3 => priority:high": "a new ticket is linked with none",
    "x: parent:3 => priority:high": "a new ticket is linked with none",
    "x: field.warranty:yes => priority:high": "a rule can look at kind, priority, category",
    "x: vpi:yes => priority:high": "did you mean vip:?",
    "x: vip:maybe => priority:high": "There is yes, no.",
    "x: vip: => priority:high": "a value is missing",
    "x: language:german => priority:high": "that is no code of a language",
    "x: complexity:9 => priority:high": "that is no number from 1 to 5",
    "x: tier:0 => priority:high": "that is no number from 1 to 9",
    "x: priority:hihg => priority:high": "did you mean high?",
    "x: kind:refund => priority:high": "There is question, problem, return, other.",
    "x: team:nowhere => priority:high": "There is no team called “nowhere”",
    "x: customer:none => priority:high": "every ticket has a customer",
    'x: "lamp => priority:high': "its quotes do not end",
    "x: !!! => priority:high": "there is no letter or digit in it",
    "x: " + "lamp " * 21 + "=> priority:high": "a filter has 20 words at most",
    "x: " + "y" * 501 + " => priority:high": "a filter has 500 characters at most",
    "x: vip:yes => high": "“high” is nothing that a rule gives. There is team:",
    "x: vip:yes => +vip": "“+vip” is nothing that a rule gives",
    "x: vip:yes => -tag:vip": "“-tag:vip” is nothing that a rule gives",
    "x: vip:yes => priority:": "“priority:” is nothing that a rule gives",
    "x: vip:yes => STOP NOW": "“NOW” is nothing that a rule gives",
    "x: vip:yes => status:closed": "A rule gives no status. There is team:",
    "x: vip:yes => assignee:me": "A rule gives no assignee.",
    "x: vip:yes => pirority:high": "Did you mean priority:?",
    "x: vip:yes => tags:a": "Did you mean tag:?",
    "x: vip:yes => priority:hihg": "“hihg” is no priority. There is low, normal, high, urgent.",
    "x: vip:yes => priority:high priority:low": "priority: is there twice",
    "x: vip:yes => tag:a tag:b": "tag: is there twice",
    "x: vip:yes => tier:0": "“0” is no tier: a number from 1 to 9",
    "x: vip:yes => tier:ten": "“ten” is no tier",
    "x: vip:yes => tier:٣": "“٣” is no tier",
    "x: vip:yes => tag:a,,b": "cannot be a tag",
    'x: vip:yes => tag:"two words"': "cannot be a tag",
    "x: vip:yes => tag:'); drop table rules; --": "cannot be a tag",
    "x: vip:yes => tag:" + ",".join(f"t{n}" for n in range(21)): "20 tags at most",
    "x: vip:yes => category:<b>": "cannot be a category",
    "x: vip:yes => category:" + "x" * 61: "cannot be a category",
    "x: vip:yes => team:nowhere": "There is no team nowhere. There are: returns.",
    "x: vip:yes => team:" + "x" * 61: "is no name of a team",
    "x: vip:yes => skill:juggling": "No agent has the skill juggling. There are: billing.",
    "x: vip:yes => skill:" + "x" * 41: "is no name of a skill",
    "x: vip:yes => kind:refund": "refund",
    "x: vip:yes => kind:" + "x" * 21: "is no name of a kind",
    "there: vip:yes => priority:low": "There is a rule “there” already: /rule edit 1 changes it.",
    "THERE: vip:yes => priority:low": "There is a rule “there” already",
}


async def test_there_are_enough_bad_rules() -> None:
    assert len(BAD) >= 60


async def test_a_bad_rule_is_refused_in_a_sentence_and_changes_nothing(
    led: Desk, database: Database
) -> None:
    await led.add_rule(LEA, "there: vip:yes => priority:high")
    before = await all_rows(database)

    for text, why in BAD.items():
        with pytest.raises(DeskError, match=re.escape(why)):
            await led.add_rule(LEA, text)
        if not text.lower().startswith("there"):
            with pytest.raises(DeskError, match=re.escape(why)):
                await led.edit_rule(LEA, 1, text)
        assert await all_rows(database) == before, text


@pytest.mark.parametrize(
    "text",
    [
        "vip first: vip:yes kind:return => priority:high team:returns tag:a,vip stop",
        'x: "charged twice" -channel:slack => category:"late delivery" tier:2',
        "x: lamp => category:none",
        "x: language:de,fr -> skill:billing",
        "x: lamp* → kind:problem",
    ],
)
def test_a_rule_in_words_is_read_as_the_same_rule(text: str) -> None:
    read_once = drafts.read(text)

    again = drafts.read(f"{read_once.name}: {drafts.in_words(read_once)}")

    assert again == read_once


@pytest.mark.parametrize("number", [0, 2, 2**31, 2**40])
async def test_a_rule_that_is_not_there_is_said_so(led: Desk, number: int) -> None:
    await led.add_rule(LEA, "there: vip:yes => priority:high")
    for ask in (
        led.edit_rule(LEA, number, "x: vip:yes => priority:low"),
        led.move_rule(LEA, number, 1),
        led.remove_rule(LEA, number),
        led.switch_rule(LEA, number, on=False),
        led.rule(LEA, number),
    ):
        with pytest.raises(NotFound, match=f"There is no rule {number}"):
            await ask


@pytest.mark.parametrize("place", [0, -1, 2, 2**31])
async def test_a_rule_moves_to_a_place_that_there_is(led: Desk, place: int) -> None:
    await led.add_rule(LEA, "there: vip:yes => priority:high")

    with pytest.raises(DeskError, match="There are places 1 to 1"):
        await led.move_rule(LEA, 1, place)


async def test_rules_are_for_leads(led: Desk, database: Database) -> None:
    await led.add_rule(LEA, "there: vip:yes => priority:high")
    before = await all_rows(database)
    for by in (GRACE, person("ana")):
        for ask in (
            led.add_rule(by, "x: vip:yes => priority:high"),
            led.edit_rule(by, 1, "x: vip:yes => priority:high"),
            led.move_rule(by, 1, 1),
            led.remove_rule(by, 1),
            led.switch_rule(by, 1, on=False),
            led.rules(by),
            led.rule(by, 1),
            led.try_rule(by, "1"),
        ):
            with pytest.raises(Forbidden):
                await ask

    assert await all_rows(database) == before


async def test_what_is_so_already_is_not_written_again(led: Desk, database: Database) -> None:
    await led.add_rule(LEA, "there: vip:yes => priority:high tag:b,a")
    before = await all_rows(database)

    await led.edit_rule(LEA, 1, "There: vip:yes => tag:a,b priority:HIGH")
    await led.move_rule(LEA, 1, 1)
    await led.switch_rule(LEA, 1, on=True)

    assert await all_rows(database) == before


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"team": "gone"}, "there is no team gone any more"),
        ({"skill": "gone"}, "nobody has the skill gone any more"),
        ({"kind": "gone"}, "there is no kind gone any more"),
        ({"tags": ["two words"]}, "cannot be a tag"),
        ({"condition": "gone:yes"}, "I do not understand “gone:yes”"),
    ],
)
async def test_a_broken_rule_is_skipped_and_leads_are_told_once(
    led: Desk, database: Database, outbox: Outbox, values: dict[str, object], why: str
) -> None:
    await led.add_rule(LEA, "broken: lamp => priority:urgent")
    await led.add_rule(LEA, "whole: lamp => tag:lamp")
    async with database.transaction() as session:
        await session.execute(update(Rule).where(Rule.name == "broken").values(**values))

    for by in ("ana", "ben"):
        ticket = await opened(led, "the lamp", by=by)
        assert ticket.priority is Priority.NORMAL
        assert await led.tags(OPERATOR, ticket.id) == ["lamp"]
    await led.courier.deliver_due()

    told = [each.card for each in outbox.to("lea") if "is skipped" in each.card.title]
    assert [why in card.text for card in told] == [True]
    assert not [each for each in outbox.to(STAFF_ROOM) if "is skipped" in each.card.title]
    listed = (await say(led, "/rule list")).card.text
    assert "⚠️ skipped: " in listed
    assert why in listed

    await led.edit_rule(LEA, 1, "broken: lamp => priority:urgent")
    assert (await opened(led, "the lamp", by="cleo")).priority is Priority.URGENT


async def test_a_hundred_rules_are_enough(led: Desk) -> None:
    for number in range(AT_MOST):
        await led.add_rule(LEA, f"r{number}: word{number} => tag:t{number}")

    with pytest.raises(Conflict, match="There are 100 rules"):
        await led.add_rule(LEA, "one more: lamp => tag:lamp")
    ticket = await opened(led, "word3 and word99")
    assert await led.tags(OPERATOR, ticket.id) == ["t3", "t99"]


async def test_of_many_who_add_and_move_at_once_none_is_lost(led: Desk) -> None:
    await asyncio.gather(*(led.add_rule(LEA, f"r{n}: lamp => tag:t{n}") for n in range(8)))
    await asyncio.gather(*(led.move_rule(LEA, n + 1, 8 - n) for n in range(8)))

    places = [each.rule.place for each in await led.rules(LEA)]
    assert places == list(range(1, 9))


async def test_a_ticket_opened_at_once_with_an_edit_follows_one_rule_or_the_other(
    led: Desk,
) -> None:
    await led.add_rule(LEA, "lamps: lamp => category:old tag:old")
    for number in range(ROUNDS):
        new = "old" if number % 2 else "new"
        received, _ = await asyncio.gather(
            open_ticket(led, "the lamp", by=f"customer-{number}"),
            led.edit_rule(LEA, 1, f"lamps: lamp => category:{new} tag:{new}"),
        )
        ticket = (await led.ticket(OPERATOR, received)).ticket
        assert ticket.category in {"old", "new"}
        assert await led.tags(OPERATOR, received) == [ticket.category]


async def test_of_many_at_once_who_meet_a_broken_rule_one_tells(
    led: Desk, database: Database, outbox: Outbox
) -> None:
    await led.add_rule(LEA, "broken: lamp => priority:urgent")
    async with database.transaction() as session:
        await session.execute(update(Rule).values(team="gone"))

    await asyncio.gather(*(open_ticket(led, "the lamp", by=f"c-{n}") for n in range(8)))
    await led.courier.deliver_due()

    assert len([each for each in outbox.to("lea") if "is skipped" in each.card.title]) == 1


async def test_rules_are_kept_by_commands(led: Desk) -> None:
    assert "No rules yet" in (await say(led, "/rule list")).card.text
    added = (await say(led, "/rule add VIP first: vip:yes => priority:high stop")).card
    assert added.text == (
        "🧭 Rule 1 “vip first” is there, after the others: vip:yes => priority:high stop"
    )
    await say(led, "/rule add lamps: lamp => team:returns")
    assert (await say(led, "/rule move 2 1")).card.text == "🧭 “lamps” is number 1 now."
    assert "is off" in (await say(led, "/rule off 1")).card.text
    assert (await say(led, "/rule list")).card.text.splitlines() == [
        "1. lamps · rule 2 · lamp => team:returns",
        "2. vip first (off) · rule 1 · vip:yes => priority:high stop",
    ]
    shown = (await say(led, "/rule show 1")).card
    assert [each.label for each in shown.buttons] == ["Test", "Switch on", "Edit"]
    assert "Written by Lea" in shown.footnote
    assert "is on" in (await say(led, "/rule on 1")).card.text
    edited = await say(led, "/rule edit 1 first of all: vip:yes => priority:urgent")
    assert "is written anew" in edited.card.text
    assert "is forgotten" in (await say(led, "/rule remove 1")).card.text


async def test_an_opening_costs_as_many_statements_whatever_the_rules(
    led: Desk, database: Database
) -> None:
    statements: list[str] = []
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, said, *_: statements.append(said))

    async def cost(by: str) -> int:
        statements.clear()
        await open_ticket(led, "the lamp flickers", by=by)
        return len(statements)

    await cost("ana")
    without = await cost("ben")
    for number in range(30):
        await led.add_rule(LEA, f"r{number}: word{number} vip:no => tag:t team:returns")

    assert await cost("cleo") == without
    assert len([each for each in statements if "JOIN rules" in each]) == 1
