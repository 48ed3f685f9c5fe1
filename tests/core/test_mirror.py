"""Edits, deletions and reactions: what happens on one side happens on the other."""

from pathlib import Path

import pytest

from core.channels import Address, IncomingMessage, OutgoingMessage
from core.desk import Desk
from core.storage.database import Database
from core.tickets.conversation import NothingToChange
from core.vocabulary import OPERATOR, Kind, Role
from tests.clock import FakeClock
from tests.core.bridge import DISCORD, ROOMS, SLACK, Bridge, bridged, direct, room, someone
from tests.outbox import Outbox


@pytest.fixture
def bridge(database: Database, clock: FakeClock, tmp_path: Path) -> Bridge:
    return bridged(database, clock, tmp_path)


async def claimed(bridge: Bridge) -> None:
    """Grace on Slack has ticket 1 of ana, who is on Discord."""
    await bridge.hire("grace")
    await bridge.write("the printer smokes")
    await bridge.settle()


async def test_a_customers_edit_rewords_what_staff_see_in_every_room(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("it is on *fire*")
    await bridge.settle()

    assert await bridge.edit(post, "it is **not** on fire", someone("ana"))
    await bridge.settle()

    for channel in (DISCORD, SLACK):
        assert bridge.standing(channel)[-1] == "Ana on #1\n> it is not on fire"
    assert (await bridge.desk.ticket(OPERATOR, 1)).messages[-1].text == "it is **not** on fire"


async def test_an_edited_first_message_changes_the_quote_on_the_card(bridge: Bridge) -> None:
    await bridge.hire("grace")
    post = await bridge.write("the printer smokes")
    await bridge.settle()

    await bridge.edit(post, "the printer sings", someone("ana"))
    await bridge.settle()

    assert "> the printer sings" in bridge.standing(SLACK)[0]


async def test_the_same_edit_twice_an_old_one_and_a_strangers_do_nothing(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("one")
    await bridge.settle()
    ana = someone("ana")

    assert await bridge.edit(post, "three", ana, later=5)
    assert await bridge.edit(post, "three", ana, later=5)
    assert not await bridge.edit(post, "two", ana, later=3)
    assert not await bridge.edit(post, "mine", someone("ben"), direct("ana"), later=9)
    await bridge.settle()

    edits = [each for each in bridge.slack.to("staff") if each.key.endswith(":e1")]
    assert len(edits) == 1
    assert bridge.standing(SLACK)[-1] == "Ana on #1\n> three"


async def test_an_edit_of_what_waits_changes_what_will_be_sent(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("my password is hunter2")

    await bridge.edit(post, "my password is secret", someone("ana"))
    await bridge.settle()

    assert "hunter2" not in bridge.slack.all_text + bridge.discord.all_text
    assert bridge.standing(SLACK)[-1] == "Ana on #1\n> my password is secret"


async def test_what_was_deleted_before_it_was_sent_is_never_sent(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("wrong window")

    assert await bridge.delete(post, direct("ana"))
    await bridge.settle()

    assert "wrong window" not in bridge.slack.all_text + bridge.discord.all_text


async def test_a_deleted_message_goes_on_the_other_side_and_is_kept_by_us(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("wrong window")
    await bridge.settle()

    assert await bridge.delete(post, direct("ana"))
    assert await bridge.delete(post, direct("ana"))
    await bridge.settle()

    assert not [each for each in bridge.standing(SLACK) if "wrong window" in each]
    kept = (await bridge.desk.ticket(OPERATOR, 1)).messages[-1]
    assert (kept.text, kept.deleted_at) == ("wrong window", bridge.clock.now)
    theirs = await bridge.desk.ticket(someone("ana"), 1)
    assert not [each for each in theirs.messages if each.text == "wrong window"]


async def test_all_the_posts_of_a_long_message_go(bridge: Bridge) -> None:
    await claimed(bridge)
    bridge.slack.longest = 50
    post = await bridge.write("long " * 40)
    await bridge.settle()
    line = bridge.post_of(SLACK, "staff", "long long")

    def parts() -> list[str]:
        return [each for each in bridge.slack.posts if each == line or each.startswith(f"{line}-")]

    assert len(parts()) > 3

    await bridge.edit(post, "short", someone("ana"))
    await bridge.settle()
    assert parts() == [line]

    await bridge.delete(post, direct("ana"))
    await bridge.settle()
    assert parts() == []


async def test_nobody_deletes_what_somebody_else_said(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.write("mine")
    await bridge.settle()

    assert not await bridge.delete(post, direct("ana"), by=someone("ben"))
    await bridge.settle()

    assert bridge.standing(SLACK)[-1] == "Ana on #1\n> mine"


async def test_changes_that_overtake_their_message_are_kept_for_it(bridge: Bridge) -> None:
    await claimed(bridge)
    assert await bridge.edit("late", "second version", someone("ana"))
    assert await bridge.edit("late", "third version", someone("ana"))
    assert await bridge.edit("taken", "not mine", someone("ben"), direct("ana"))
    assert await bridge.delete("never", direct("ana"))

    await bridge.write("first version", post="late")
    await bridge.write("ana's own", post="taken")
    await bridge.write("never mind", post="never")
    await bridge.settle()

    lines = bridge.standing(SLACK)[1:]
    assert lines == ["Ana on #1\n> third version", "Ana on #1\n> ana's own"]


async def test_an_agent_mends_and_takes_back_their_last_reply(bridge: Bridge) -> None:
    await claimed(bridge)
    grace = someone("grace", SLACK)
    await bridge.desk.reply(grace, 1, "Pres the butten.")
    await bridge.settle()

    await bridge.desk.correct(grace, 1, "Press the button.")
    await bridge.settle()
    assert bridge.standing(DISCORD, "ana")[-1] == "Grace\nPress the button.\nTicket #1"
    assert "> Press the button." in bridge.standing(DISCORD)[-1]

    await bridge.desk.unsend(grace, 1)
    await bridge.settle()
    assert "button" not in "".join(bridge.standing(DISCORD, "ana") + bridge.standing(SLACK))
    with pytest.raises(NothingToChange):
        await bridge.desk.unsend(grace, 1)


async def test_a_note_in_one_staff_room_is_in_the_others_with_its_changes(bridge: Bridge) -> None:
    await claimed(bridge)
    post = await bridge.discuss("seen **before**?", "grace", SLACK)
    await bridge.settle()

    assert bridge.standing(DISCORD)[-1] == "📝 Grace, note\n> seen before?"
    assert not [each for each in bridge.standing(SLACK) if "seen before" in each]
    line = bridge.discord.to("staff")[-1]
    assert line.under == bridge.card(1, DISCORD)
    assert line.card.author is not None
    assert line.card.author.picture == "https://pictures.example/grace"

    await bridge.edit(post, "never seen", someone("grace", SLACK), room(SLACK))
    await bridge.settle()
    assert bridge.standing(DISCORD)[-1] == "📝 Grace, note\n> never seen"

    await bridge.delete(post, room(SLACK))
    await bridge.settle()
    assert not [each for each in bridge.standing(DISCORD) if "never seen" in each]
    assert not [each for each in bridge.standing(DISCORD, "ana") if "seen" in each]


class Plain:
    """A platform that can only post and edit."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, message: OutgoingMessage) -> str:
        posted = await self._outbox.send(message)
        return posted if isinstance(posted, str) else posted.external_id

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        return None


async def test_where_a_platform_cannot_delete_the_post_says_that_it_is_gone(
    bridge: Bridge,
) -> None:
    await claimed(bridge)
    bridge.desk.courier.add(SLACK, Plain(bridge.slack))
    post = await bridge.write("wrong window")
    await bridge.settle()

    await bridge.delete(post, direct("ana"))
    await bridge.react(post, "👍", someone("ana"), direct("ana"))
    await bridge.settle()

    assert bridge.standing(SLACK)[-1] == "🗑 This message was deleted."


async def test_reactions_cross_between_the_customer_and_who_answers_them(bridge: Bridge) -> None:
    await claimed(bridge)
    grace, ana = someone("grace", SLACK), someone("ana")
    asked = await bridge.write("can you hurry?")
    await bridge.desk.reply(grace, 1, "Yes.")
    await bridge.settle()
    line = bridge.post_of(SLACK, "staff", "can you hurry?")
    answer = bridge.post_of(DISCORD, "ana", "Yes.")

    assert await bridge.react(line, "👀", grace, room(SLACK))
    assert await bridge.react(answer, "❤️", ana, direct("ana"))
    await bridge.settle()

    assert bridge.discord.reactions[asked] == {"👀"}
    assert bridge.discord.reactions[bridge.post_of(DISCORD, "staff", "can you hurry?")] == {"👀"}
    assert bridge.slack.reactions[bridge.post_of(SLACK, "staff", "> Yes.")] == {"❤️"}

    assert await bridge.react(line, "👀", grace, room(SLACK), added=False)
    assert await bridge.react(line, "👀", grace, room(SLACK), added=False)
    await bridge.settle()
    assert bridge.discord.reactions[asked] == set()


async def test_the_last_who_had_an_emoji_takes_it_away(bridge: Bridge) -> None:
    await claimed(bridge)
    lead = await bridge.hire("lea", role=Role.LEAD)
    asked = await bridge.write("can you hurry?")
    await bridge.settle()
    line = bridge.post_of(SLACK, "staff", "can you hurry?")
    for who in (someone("grace", SLACK), lead):
        await bridge.react(line, "👀", who, room(SLACK))
    await bridge.react(line, "👀", lead, room(SLACK), added=False)
    await bridge.settle()
    assert bridge.discord.reactions[asked] == {"👀"}

    await bridge.react(line, "👀", someone("grace", SLACK), room(SLACK), added=False)
    await bridge.settle()
    assert bridge.discord.reactions[asked] == set()


async def test_what_colleagues_make_of_it_stays_among_them(bridge: Bridge) -> None:
    await claimed(bridge)
    linus = await bridge.hire("linus")
    asked = await bridge.write("I am the king of Sweden")
    note = await bridge.discuss("is he?", "grace", SLACK)
    await bridge.settle()

    await bridge.react(bridge.post_of(SLACK, "staff", "Sweden"), "🤦", linus, room(SLACK))
    await bridge.react(note, "🤣", someone("grace", SLACK), room(SLACK))
    await bridge.settle()

    assert bridge.discord.reactions[bridge.post_of(DISCORD, "staff", "Sweden")] == {"🤦"}
    assert bridge.discord.reactions[bridge.post_of(DISCORD, "staff", "is he?")] == {"🤣"}
    assert bridge.discord.reactions[asked] == set()


async def test_strangers_and_emoji_that_nobody_else_has_are_left_out(bridge: Bridge) -> None:
    await claimed(bridge)
    asked = await bridge.write("hm")
    await bridge.settle()
    ana = someone("ana")

    assert not await bridge.react(asked, "👍", someone("ben"), direct("ana"))
    assert not await bridge.react(asked, ":party-parrot:", ana, direct("ana"))
    assert await bridge.react(asked, "🦖", ana, direct("ana"))
    await bridge.settle()

    assert not any(bridge.slack.reactions.values())
    assert not await bridge.desk.unsent(OPERATOR)


async def test_a_reply_written_in_the_customers_conversation_is_mirrored_to_staff(
    bridge: Bridge,
) -> None:
    await bridge.hire("grace", DISCORD)
    await bridge.write("the printer smokes")
    await bridge.settle()
    said = await _in_conversation(bridge.desk, "On my way", bridge.clock)

    await bridge.edit(said, "On my way!", someone("grace", DISCORD), direct("ana"))
    await bridge.settle()

    assert bridge.standing(SLACK)[-1] == "💬 Grace → customer\n> On my way!"
    assert (await bridge.desk.ticket(OPERATOR, 1)).messages[-1].kind is Kind.REPLY


async def _in_conversation(desk: Desk, text: str, clock: FakeClock) -> str:
    await desk.receive(
        IncomingMessage(
            address=Address(DISCORD, "w", "ana"),
            sender=someone("grace", DISCORD),
            external_id="g1",
            text=text,
            sent_at=clock.now,
        )
    )
    return "g1"


def test_both_rooms_are_followed() -> None:
    assert [each.channel for each in ROOMS] == [DISCORD, SLACK]
