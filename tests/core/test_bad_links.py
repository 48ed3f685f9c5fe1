"""What people type wrongly about splits, links, watching and transcripts: each has its own answer."""

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.channels import IncomingDeletion, Who
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Role
from tests.rows import all_rows
from tests.scene import hire, message, open_ticket, person, place

GRACE, LINUS, ANA, BEN = (person(each) for each in ("grace", "linus", "ana", "ben"))

# 1 is ana's: her words, a reply, her words, a note, and words that she took back. 2 is ben's only
# word, a child of 1, which grace watches. 3 is cleo's and closed, 4 dora's and resolved, 5 was merged
# into 1. 6 is the parent of 1, and 7 relates to 6. Grace holds them all; linus holds none.
BAD: tuple[tuple[Who, str, str], ...] = (
    (GRACE, "/ticket split", "The number of a ticket is missing"),
    (GRACE, "/ticket split one", "“one” is not the number of a ticket"),
    (GRACE, "/ticket split 0", "There is no ticket #0"),
    (GRACE, "/ticket split 99", "There is no ticket #99"),
    (GRACE, "/ticket split 99999999999", "“99999999999” is not the number of a ticket"),
    (GRACE, "/ticket split 1 message:x", "“x” is not the number of a message"),
    (GRACE, "/ticket split 1 message:-1", "“-1” is not the number of a message"),
    (GRACE, "/ticket split 1 message:0", "Ticket #1 has no message 0; it has"),
    (GRACE, "/ticket split 1 message:77", "Ticket #1 has no message 77; it has"),
    (GRACE, "/ticket split 1 message:2", "Message 2 of #1 is a reply"),
    (GRACE, "/ticket split 1 message:4", "Message 4 of #1 is a note"),
    (GRACE, "/ticket split 1 message:5", "Message 5 of #1 was taken back"),
    (GRACE, "/ticket split 1 3", "“3” is not part of this command"),
    (GRACE, "/ticket split 1 subject:the invoice", "“invoice” is not part of this command"),
    (GRACE, '/ticket split 1 subject:"the', "is not in quotes to the end"),
    (GRACE, "/ticket split 2", "That is all the customer wrote on #2"),
    (GRACE, "/ticket split 3", "Ticket #3 is closed already"),
    (GRACE, "/ticket split 4", "Ticket #4 is resolved already"),
    (GRACE, "/ticket split 5", "Ticket #5 was merged into #1"),
    (LINUS, "/ticket split 1", "Ticket #1 is with Grace"),
    (ANA, "/ticket split 1", "That is for the support team"),
    (GRACE, "/ticket unsplit", "The number of a ticket is missing"),
    (GRACE, "/ticket unsplit 1", "Ticket #1 was not split off another one"),
    (GRACE, "/ticket unsplit 98", "There is no ticket #98"),
    (ANA, "/ticket unsplit 1", "That is for the support team"),
    (GRACE, "/ticket link 1", "The number of another ticket is missing"),
    (GRACE, "/ticket link 1 x", "“x” is not the number of another ticket"),
    (GRACE, "/ticket link 1 1", "#1 cannot be linked to itself"),
    (GRACE, "/ticket link 1 97", "There is no ticket #97"),
    (GRACE, "/ticket link 96 1", "There is no ticket #96"),
    (GRACE, "/ticket link 1 2", "Ticket #1 is parent of #2 already"),
    (GRACE, "/ticket link 2 1", "Ticket #2 is child of #1 already"),
    (GRACE, "/ticket link 6 7", "Ticket #6 is related to #7 already"),
    (GRACE, "/ticket link 7 6", "Ticket #7 is related to #6 already"),
    (GRACE, "/ticket link 5 6", "Ticket #5 was merged into #1. Link that one."),
    (GRACE, "/ticket link 1 6 7", "“7” is not part of this command"),
    (ANA, "/ticket link 1 6", "That is for the support team"),
    (GRACE, "/ticket child 2", "The number of the parent is missing"),
    (GRACE, "/ticket child 2 1", "“1” is not part of this command"),
    (GRACE, "/ticket child 2 of:x", "“x” is not the number of the parent"),
    (GRACE, "/ticket child 2 of:2", "#2 cannot be a part of itself"),
    (GRACE, "/ticket child 2 of:1", "Ticket #2 is child of #1 already"),
    (GRACE, "/ticket child 2 of:7", "Ticket #2 is a child of #1. One parent is all"),
    (GRACE, "/ticket child 6 of:2", "#2 is a part of #6"),
    (GRACE, "/ticket child 6 of:1", "Ticket #6 is parent of #1 already"),
    (GRACE, "/ticket child 7 of:3", "Ticket #3 is closed already"),
    (GRACE, "/ticket child 7 of:4", "Ticket #4 is resolved already"),
    (GRACE, "/ticket child 7 of:95", "There is no ticket #95"),
    (ANA, "/ticket child 7 of:1", "That is for the support team"),
    (GRACE, "/ticket unlink 1", "The number of another ticket is missing"),
    (GRACE, "/ticket unlink 1 7", "Ticket #1 is not linked to #7"),
    (GRACE, "/ticket unlink 7 7", "#7 cannot be linked to itself"),
    (GRACE, "/ticket unlink 1 94", "There is no ticket #94"),
    (ANA, "/ticket unlink 1 2", "That is for the support team"),
    (GRACE, "/ticket resolve 1 all good", "#1 has children that are not resolved: #2"),
    (GRACE, "/ticket resolve 6", "#6 has children that are not resolved: #1, #2"),
    (GRACE, "/ticket resolve 6 with:friends", "“friends” is not one of children, none"),
    (LINUS, "/ticket resolve 6 with:children", "is with Grace"),
    (GRACE, "/ticket watch", "The number of a ticket is missing"),
    (GRACE, "/ticket watch 2", "You watch #2 already"),
    (GRACE, "/ticket watch 3", "Ticket #3 is closed; nothing happens"),
    (GRACE, "/ticket watch 5", "Ticket #5 is merged into #1; nothing happens"),
    (GRACE, "/ticket watch 93", "There is no ticket #93"),
    (OPERATOR, "/ticket watch 1", "The operator has no direct messages. Say who watches"),
    (ANA, "/ticket watch 1", "That is for the support team"),
    (GRACE, "/ticket unwatch 1", "You do not watch #1"),
    (GRACE, "/ticket unwatch 92", "There is no ticket #92"),
    (OPERATOR, "/ticket unwatch 2", "The operator has no direct messages. Say who watches"),
    (ANA, "/ticket unwatch 1", "That is for the support team"),
    (GRACE, "/ticket watchers 91", "There is no ticket #91"),
    (GRACE, "/ticket watchers all", "“all” is not the number of a ticket"),
    (ANA, "/ticket watchers 1", "That is for the support team"),
    (ANA, "/ticket transcript", "The number of a ticket is missing"),
    (ANA, "/ticket transcript 2", "There is no ticket #2"),
    (ANA, "/ticket transcript 1 notes:yes", "Notes are for the support team"),
    (ANA, "/ticket transcript 1 format:pdf", "“pdf” is not one of text, html, print"),
    (GRACE, "/ticket transcript 1 notes:maybe", "“maybe” is not one of yes, no"),
    (GRACE, "/ticket transcript 90", "There is no ticket #90"),
    (OPERATOR, "/ticket transcript 1", "switchboard tickets transcript 1 writes a file"),
    (GRACE, "/ticket list parent:x", "that is no ticket"),
    (GRACE, "/ticket list linked:", "a value is missing"),
    (ANA, "/ticket list linked:1", "linked"),
)


async def the_desk_of_the_table(desk: Desk) -> None:
    await hire(desk, "grace", capacity=9, role=Role.AGENT)
    await open_ticket(desk, "the printer smokes", by="ana")
    await desk.reply(GRACE, 1, "Is it hot?")
    await desk.receive(message("and my invoice?"))
    await desk.note(GRACE, 1, "the old model")
    await desk.receive(message("oops", post="p-5"))
    await desk.message_deleted(IncomingDeletion(address=place("ana"), external_id="p-5", by=ANA))
    for by in ("ben", "cleo", "dora", "emil", "fay", "gus"):
        await open_ticket(desk, f"a matter of {by}", by=by)
    await desk.resolve(GRACE, 3)
    await desk.confirm(person("cleo"), 3)
    await desk.resolve(GRACE, 4)
    await desk.merge(OPERATOR, 5, 1, force=True)
    await desk.make_child(GRACE, 2, 1)
    await desk.make_child(GRACE, 1, 6)
    await desk.link_tickets(GRACE, 6, 7)
    await desk.watch(GRACE, 2)
    await hire(desk, "linus", capacity=0)


async def test_each_is_answered_by_its_own_sentence_and_changes_nothing(
    desk: Desk, database: Database
) -> None:
    await the_desk_of_the_table(desk)
    before = await all_rows(database)
    wrong = []
    for by, line, expected in BAD:
        said = await answer(desk, by, line)
        if expected not in said:
            wrong.append((line, said))

    assert wrong == []
    assert len(BAD) >= 60
    assert await all_rows(database) == before


async def answer(desk: Desk, by: Who, line: str) -> str:
    """What somebody is told who types this; nothing, where it was done."""
    try:
        await carry_out(desk, by, read(COMMANDS, line, by=by))
    except DeskError as refusal:
        return str(refusal)
    return ""
