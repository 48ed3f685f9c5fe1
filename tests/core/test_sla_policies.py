"""Policies and business hours are kept by admins; whatever makes no sense is refused with a sentence."""

from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.desk import Desk
from core.errors import DeskError
from core.people.actors import RoleTooLow
from core.storage.database import Database
from core.vocabulary import OPERATOR, House, Role
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.core.promises import FIRST, due, swept, target, utc
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _promising(desk: Desk) -> None:
    await desk.ship_promises()


async def say(desk: Desk, line: str) -> str:
    """What the desk answers to an admin."""
    said = await carry_out(desk, OPERATOR, read(COMMANDS, line, by=OPERATOR))
    fields = [f"{each.label}: {each.value}" for each in said.card.fields]
    return "\n".join([said.card.title, said.card.text, *fields])


ABSURD = {
    "/sla edit normal first:soon": "that is no length of time. Write 15m, 4h, 1h30m or none",
    "/sla edit normal first:4": "minutes or hours? Write 4m or 4h",
    "/sla edit normal first:0m": "no time at all cannot be kept",
    "/sla edit normal first:0h0m": "no time at all cannot be kept",
    "/sla edit normal first:-1h": "time does not run backwards",
    "/sla edit normal first:2d": "a day has 24 hours or 8, so say how many hours: 16h",
    "/sla edit normal first:1w": "a day has 24 hours or 8",
    "/sla edit normal first:1.5h": "write hours and minutes: 1h30m",
    "/sla edit normal first:1,5h": "write hours and minutes: 1h30m",
    "/sla edit normal resolve:2001h": "2000h is the most, a year of working days",
    "/sla edit normal resolve:999999h": "2000h is the most",
    "/sla edit normal resolve:9999999h": "that is no length of time",
    "/sla edit normal resolve:∞": "that is no length of time",
    "/sla edit normal next:٣h": "that is no length of time",
    "/sla edit normal next:1h1h": "that is no length of time",
    "/sla edit normal first:25h": "the first response later than the resolution: 25 h and 24 h",
    "/sla edit normal next:25h": "the next response later than the resolution",
    "/sla edit normal first:none next:none resolve:none": "normal promises nothing",
    "/sla edit normal": "Say what is to change: /sla edit normal first:1h",
    "/sla edit nobody first:1h": "There is no SLA policy called “nobody”. There are urgent",
    "/sla remove nobody": "There is no SLA policy called “nobody”",
    "/sla add normal first:1h": "There is a policy normal already. /sla edit normal changes it",
    "/sla add vip": "vip promises nothing. Say what: /sla add vip first:1h resolve:8h",
    "/sla add ä first:1h": "a name is one word of letters, digits and -",
    "/sla add a/b first:1h": "a name is one word of letters",
    f"/sla add {'x' * 41} first:1h": "that is longer than 40 characters",
    "/sla edit normal priority:huge": "There is low, normal, high, urgent, or none",
    "/sla edit normal priority:urgnt": "Did you mean urgent?",
    "/sla edit normal priority:high,high": "a value is there twice",
    "/sla edit normal priority:high,": "a value is missing. Write none, or values with commas",
    "/sla edit normal priority:,": "a value is missing",
    "/sla edit normal kind:riddle": "There is question, problem, return, other, or none",
    "/sla edit normal kind:questio": "Did you mean question?",
    "/sla edit normal channel:Sl@ck": "that is no channel, such as slack or web",
    "/sla edit normal channel:" + ",".join("abcdefghijklmnopqrstu"): "more than 20 values",
    "/sla edit normal team:ghosts": "There is no team ghosts",
    "/sla edit normal tag:a/b": "that is no tag of a customer",
    "/sla edit normal vip:maybe": "write yes (only of VIPs) or no (of everybody)",
    "/sla edit normal hours:moonlight": "there are no such hours. There is team, default",
    "/sla edit normal pauses:open": "There is pending, hold, on hold, snoozed, or none",
    "/sla edit normal pauses:pendin": "Did you mean pending?",
    "/sla edit normal warn:0": "a share is from 1 to 100 per cent",
    "/sla edit normal warn:101": "a share is from 1 to 100 per cent",
    "/sla edit normal warn:9999=lead": "a share is from 1 to 100 per cent",
    "/sla edit normal warn:-50": "write shares in per cent",
    "/sla edit normal warn:half": "write shares in per cent: 50,75=assignee+lead,90",
    "/sla edit normal warn:50,50%": "that share is there twice",
    "/sla edit normal warn:50=boss": "it can be told to assignee, lead, team",
    "/sla edit normal warn:50=": "it can be told to assignee, lead, team",
    "/sla edit normal warn:50=lead+": "it can be told to assignee, lead, team",
    "/sla edit normal warn:1,2,3,4,5,6,7,8,9,10,11": "more than 10 warnings are a nuisance",
    "/sla edit normal place:0": "there are the places from 1 to 4",
    "/sla edit normal place:5": "there are the places from 1 to 4",
    "/sla edit normal place:first": "a place is a number; 1 is asked first",
    "/sla edit normal place:-1": "a place is a number",
    "/sla report 0": "Days are from 1 to 366",
    "/sla report 367": "Days are from 1 to 366",
    "/ticket sla 99": "There is no ticket #99",
    "/sla why 99": "There is no ticket #99",
    "/hours edit default zone:Berlin": "that is no time zone of the IANA data base",
    "/hours edit default zone:Europe/Berln": "did you mean Europe/Berlin?",
    "/hours edit default zone:+01:00": "that is no time zone",
    "/hours edit default hours:none": "without hours no promise would ever be due",
    '/hours edit default hours:"mon-fri"': "the hours are missing",
    '/hours edit default hours:"9-17"': "say the days first",
    '/hours edit default hours:"mon 9-9"': "a block has to last a while",
    '/hours edit default hours:"mon 9-25"': "a day has the hours from 0 to 24",
    '/hours edit default hours:"mon 9-12,11-13"': "two blocks are at the same time",
    '/hours edit default hours:"sun 22-6; mon 5-9"': "two blocks are at the same time",
    '/hours edit default hours:"moonday 9-17"': "that is no day",
    '/hours edit default hours:"mon 9:00-9:01"': "it would be due in more than a year",
    "/hours edit default holidays:Germany": "write a country as two letters: DE, or DE-BE",
    "/hours edit default holidays:ZZ": "the holidays of ZZ are not known here",
    "/hours edit default holidays:DE-XX": "DE has no such part. There are: Augsburg, BB, BE",
    "/hours edit default off:tomorrow": "that is no day. Write 2026-12-24",
    "/hours edit default off:2026-02-30": "that is no day",
    "/hours edit default off:1999-12-31": "a day off is in this century",
    "/hours edit default off:2026-12-31..2026-12-24": "it ends before it begins",
    "/hours edit default off:2026-01-01..2027-12-31": "that is longer than 400 days",
    "/hours edit default off:2026-01-01..2026-12-31,2028-01-01..2028-12-31": "more than 400 days",
    "/hours edit default team:ghosts": "There is no team ghosts",
    "/hours edit default": "Say what is to change: /hours edit default zone:Europe/Berlin",
    "/hours edit night hours:24/7": "There are no business hours called “night”",
    "/hours add default hours:24/7": "There are hours called default",
    "/hours add night": "Say when: /hours add night hours:",
    "/hours remove default": "The default hours stay",
    "/hours remove night": "There are no business hours called “night”. There are default",
}


async def test_every_absurd_value_is_refused_with_a_sentence_and_changes_nothing(
    desk: Desk, database: Database
) -> None:
    assert len(ABSURD) >= 60
    before = await all_rows(database)
    for line, why in ABSURD.items():
        with pytest.raises(DeskError) as refused:
            await say(desk, line)
        assert why in str(refused.value), line
        assert len(str(refused.value)) < 300, line

    assert await all_rows(database) == before


async def test_only_admins_change_what_is_promised(desk: Desk) -> None:
    lea = await hire(desk, "lea", role=Role.LEAD)

    with pytest.raises(RoleTooLow):
        await desk.edit_policy(lea, "normal", {"first": "1h"})
    with pytest.raises(RoleTooLow):
        await desk.edit_hours(lea, "default", {"zone": "Europe/Berlin"})


async def test_hours_that_a_policy_counts_by_are_not_removed(desk: Desk) -> None:
    await desk.add_hours(OPERATOR, "night", {"hours": "daily 22-6"})
    await desk.edit_policy(OPERATOR, "low", {"hours": "night"})

    with pytest.raises(DeskError, match="/sla edit low hours:team first"):
        await desk.remove_hours(OPERATOR, "night")


async def test_every_knob_is_kept_as_it_is_shown(desk: Desk) -> None:
    await hire(desk, "grace", team="print")
    line = (
        "/sla add gold priority:high,urgent kind:problem channel:console team:print tag:gold "
        "vip:yes first:10m next:1h30m resolve:6h hours:default pauses:hold warn:60=lead place:2"
    )
    await say(desk, line)

    assert await say(desk, "/sla show gold") == (
        "📜 gold\n\npriority: high,urgent\nkind: problem\nchannel: console\nteam: print\n"
        "tag: gold\nvip: yes\nfirst: 10m\nnext: 1h30m\nresolve: 6h\nhours: default\n"
        "pauses: hold\nwarn: 60=lead,100=assignee+lead+team\nplace: 2"
    )


async def test_a_customer_who_becomes_vip_is_promised_what_vips_are(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await open_ticket(desk)
    await say(desk, "/sla add vip vip:yes first:1h resolve:4h")
    clock.advance(HOUR / 2)
    await desk.edit_customer(OPERATOR, "c-1", {"is_vip": True})

    assert await due(database, number) == utc("2026-01-05 10:00")
    assert "vip: fits. Time counts mon-fri 9-17 (UTC)." in await say(desk, f"/sla why {number}")


async def test_a_team_has_its_own_hours(desk: Desk, database: Database) -> None:
    await hire(desk, "grace", team="night", capacity=0)
    await say(desk, '/hours add night hours:"daily 22-6" team:night')
    number = await open_ticket(desk)
    await say(desk, f"/ticket transfer {number} team:night")

    assert await due(database, number) == utc("2026-01-06 02:00")
    assert "teams night" in await say(desk, "/hours list")


async def test_a_ticket_that_a_rule_gives_to_a_team_is_due_by_its_hours(
    desk: Desk, database: Database
) -> None:
    await hire(desk, "grace", team="night", capacity=0)
    await say(desk, '/hours add night hours:"daily 22-6" team:night')
    await say(desk, "/rule add smoke: smokes => team:night priority:high")
    number = await open_ticket(desk, "the printer smokes")

    assert await due(database, number) == utc("2026-01-05 23:00")


async def test_lists_know_what_is_due_and_what_was_not_kept(desk: Desk, clock: FakeClock) -> None:
    late = await open_ticket(desk, by="ana")
    clock.advance(3 * HOUR)
    soon = await open_ticket(desk, by="ben")
    clock.advance(2 * HOUR)
    await swept(desk)
    await desk.receive(message("and a third thing", by="cleo"))

    async def found(text: str) -> list[str]:
        said = await say(desk, f"/ticket list {text}")
        return [word for word in said.split() if word in {f"#{late}", f"#{soon}", "#3"}]

    assert await found("breached:yes") == [f"#{late}"]
    assert await found("breached:no sort:number") == [f"#{soon}", "#3"]
    assert await found("due:<3h sort:due") == [f"#{late}", f"#{soon}"]
    assert await found("sort:-due") == ["#3", f"#{soon}", f"#{late}"]
    assert await found("due:none") == []


async def test_the_report_says_what_was_kept(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace", capacity=2)
    kept, late = await open_ticket(desk, by="ana"), await open_ticket(desk, by="ben")
    await desk.reply(grace, kept, "Have you tried water?")
    clock.advance(5 * HOUR)
    await desk.reply(grace, late, "Sorry.")

    assert "First response, normal: 1 of 2 kept (50%)" in await say(desk, "/sla report 7")


async def told_of_promises(desk: Desk, outbox: Outbox) -> set[str]:
    """Sweep, and who is told of what was found."""
    await swept(desk)
    await desk.courier.deliver_due()
    outbox.sent.clear()
    await desk.tell_of_promises()
    await desk.courier.deliver_due()
    return {each.address.conversation for each in outbox.sent}


async def test_a_billing_dispute_in_german_at_five_to_six_on_a_friday(
    open_desk: OpenDesk, database: Database, clock: FakeClock, outbox: Outbox
) -> None:
    """The accountant is full, and it is nearly the weekend."""
    desk = open_desk(House(staff_rooms=(STAFF_ROOM,), language_of=lambda _: "de"))
    await say(desk, '/hours edit default zone:Europe/Berlin hours:"mon-fri 9-18" holidays:DE-BE')
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    ada = await hire(desk, "ada", skills={"billing": 3})
    clock.now = utc("2026-11-27 16:00")  # 17:00 in Berlin
    await desk.receive(message("Meine Rechnung fehlt", by="bert"))
    clock.now = utc("2026-11-27 16:55")
    number = await open_ticket(desk, "Sie haben mir die Rechnung doppelt berechnet!", by="ana")

    assert await due(database, number) == utc("2026-11-30 11:55")
    assert "5 min on Friday, the rest from Mon 30 Nov 09:00. Due Mon 30 Nov 12:55" in await say(
        desk, f"/ticket sla {number}"
    )

    clock.now = utc("2026-11-30 09:00")  # Monday, ten o'clock
    await desk.resolve(ada, number - 1)  # so she has room
    await desk.hold(ada, number, "the bank")
    clock.advance(2 * HOUR)
    stands = await say(desk, f"/ticket sla {number}")
    assert "It stands still since Mon 30 Nov 10:00, being on hold; 2 h 55 min are left." in stands
    assert "⚠ The customer waits for an answer meanwhile." in stands

    await desk.unhold(ada, number)
    told = await say(desk, f"/ticket sla {number}")
    assert "1 h 5 min ran until Mon 30 Nov 10:00. Paused 2 h while it was on hold." in told
    assert "Due Mon 30 Nov 14:55; 2 h 55 min are left." in told

    clock.advance(2 * HOUR)
    assert await told_of_promises(desk, outbox) == {"ada", "lea"}

    await desk.reply(ada, number, "Wir erstatten den Betrag heute.")
    first = await target(database, number, FIRST)
    assert (first.met_at, first.breached_at) == (utc("2026-11-30 13:00"), None)
    assert "Kept Mon 30 Nov 14:00, with 55 min to spare." in await say(
        desk, f"/ticket sla {number}"
    )
