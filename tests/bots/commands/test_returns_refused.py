"""What is typed wrong about orders and returns: each answered by its own sentence, nothing changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OrderStatus, Reason, ReturnWanted, Role
from tests.clock import MONDAY_MORNING
from tests.core.test_returns import ANA, BEN, ORDER
from tests.rows import all_rows
from tests.scene import hire, person

GRACE, LINUS = person("grace"), person("linus")
LONG = "x" * 300

SEND = "/return A-1001"
REASON = "reason:defective"

CASES: tuple[tuple[Who, str, str], ...] = (
    # which order
    (ANA, "/return", "The number of the order is missing."),
    (ANA, "/return A-9999", "We find no order A-9999 of yours."),
    (ANA, "/return B-2001", "We find no order B-2001 of yours."),
    (BEN, "/return A-1001", "We find no order A-1001 of yours."),
    (GRACE, "/return A-1001", "We find no order A-1001 of yours."),
    (ANA, "/return #", "We find no order # of yours."),
    (ANA, "/return %", "We find no order % of yours."),
    (ANA, "/return ../../etc", "We find no order ../../etc of yours."),
    (ANA, "/return '--", "We find no order '-- of yours."),
    (ANA, f"/return {LONG}", f"We find no order {'x' * 40} of yours."),
    (ANA, "/return {0}", "We find no order {0} of yours."),
    (ANA, "/return A-0500", "Order A-0500 could be returned until"),
    (ANA, f"/return A-0500 {REASON}", "Order A-0500 could be returned until"),
    (ANA, "/return A-0600", "Order A-0600 was cancelled."),
    (ANA, f"/return A-0600 {REASON}", "Order A-0600 was cancelled."),
    (ANA, "/return A-0700", "Everything of order A-0700 is on its way back"),
    (ANA, f"/return A-0700 {REASON}", "Everything of order A-0700 is on its way back"),
    # what of it
    (ANA, f"{SEND} items:CHAIR {REASON}", "“CHAIR” is not in that order."),
    (ANA, f'{SEND} items:"1 × CHAIR" {REASON}', "“1 × CHAIR” is not in that order."),
    (ANA, f'{SEND} items:"LAMP, CHAIR" {REASON}', "“CHAIR” is not in that order."),
    (ANA, f'{SEND} items:"3 × LAMP" {REASON}', "3 × LAMP cannot be returned from order A-1001."),
    (ANA, f'{SEND} items:"0 × LAMP" {REASON}', "0 × LAMP cannot be returned from order A-1001."),
    (ANA, f'{SEND} items:"9999 x LAMP" {REASON}', "9999 × LAMP cannot be returned"),
    (ANA, f'{SEND} items:"99999 x LAMP" {REASON}', "“99999 x LAMP” is not in that order."),
    (ANA, f'{SEND} items:"-1 × LAMP" {REASON}', "“-1 × LAMP” is not in that order."),
    (ANA, f'{SEND} items:"1.5 × LAMP" {REASON}', "“1.5 × LAMP” is not in that order."),
    (ANA, f'{SEND} items:"LAMP, LAMP, LAMP" {REASON}', "3 × LAMP cannot be returned"),
    (ANA, f'{SEND} items:"2 × LAMP, 1 × lamp" {REASON}', "3 × LAMP cannot be returned"),
    (ANA, f'{SEND} items:"2 × BULB" {REASON}', "2 × BULB cannot be returned from order A-1001."),
    (ANA, f'{SEND} items:"," {REASON}', "Nothing cannot be returned from order A-1001."),
    (ANA, f'{SEND} items:"%" {REASON}', "“%” is not in that order."),
    (ANA, f'{SEND} items:"{LONG}" {REASON}', f"“{'x' * 60}” is not in that order."),
    (ANA, f'{SEND} items:"LAMP {REASON}', "“\"LAMP reason:defective” is not in quotes to the end."),
    # why, and for what
    (ANA, f"{SEND} reason:bored", "“bored” is not one of defective, wrong item,"),
    (ANA, f"{SEND} reason:", "“” is not one of defective, wrong item,"),
    (ANA, f"{SEND} reason:defectiv", "“defectiv” is not one of defective,"),
    (ANA, f"{SEND} {REASON} wish:money", "“money” is not one of refund, exchange."),
    (ANA, f"{SEND} {REASON} wish:", "“” is not one of refund, exchange."),
    (ANA, f"{SEND} LAMP", "“LAMP” is not part of this command."),
    (ANA, f"{SEND} colour:red", "“colour:red” is not part of this command."),
    # looking at orders
    (ANA, "/orders show", "The number of an order is missing."),
    (ANA, "/orders show B-2001", "We find no order B-2001 of yours."),
    (GRACE, "/orders show Z-1", "There is no order Z-1."),
    (ANA, "/orders show A-1001 x", "“x” is not part of this command."),
    (ANA, "/orders lst", "There is no command /orders lst. Did you mean /orders list?"),
    # whose it is
    (BEN, "/orders prove", "The number of an order is missing."),
    (BEN, "/orders prove A-1001", "The e-mail address it was ordered with is missing."),
    (BEN, "/orders prove A-1001 ben", "“ben” is no e-mail address."),
    (BEN, "/orders prove A-1001 ben@", "“ben@” is no e-mail address."),
    (BEN, "/orders prove A-1001 @x.org", "“@x.org” is no e-mail address."),
    (BEN, "/orders prove A-1001 a@b,c@d", "“a@b,c@d” is no e-mail address."),
    (BEN, f"/orders prove A-1001 {LONG}@x.org", f"“{'x' * 60}” is no e-mail address."),
    (BEN, "/orders prove A-1001 a@x.org b@x.org", "“b@x.org” is not part of this command."),
    (BEN, "/orders code", "The number of an order is missing."),
    (BEN, "/orders code A-1001", "The six digits from the mail is missing."),
    # deciding
    (BEN, "/returns list 1", "There is no ticket #1."),
    (ANA, "/returns accept 1", "That is for the support team."),
    (ANA, "/returns ask 1 why?", "That is for the support team."),
    (ANA, "/returns refuse 1 no", "That is for the support team."),
    (ANA, "/returns refunded 1", "That is for the support team."),
    (LINUS, "/returns accept 1", "Ticket #1 is with Grace."),
    (LINUS, "/returns ask 1 why?", "Ticket #1 is with Grace."),
    (GRACE, "/returns list", "The number of a ticket is missing."),
    (GRACE, "/returns list 99", "There is no ticket #99."),
    (GRACE, "/returns accept", "The number of a return is missing."),
    (GRACE, "/returns accept x", "“x” is not the number of a return."),
    (GRACE, "/returns accept 99", "There is no return 99."),
    (GRACE, "/returns accept 0", "There is no return 0."),
    (GRACE, "/returns accept 2147483647", "There is no return 2147483647."),
    (GRACE, "/returns accept 2147483648", "“2147483648” is not the number of a return."),
    (GRACE, "/returns accept -1", "“-1” is not the number of a return."),
    (GRACE, "/returns accept 1 for:free", "“free” is not one of refund, exchange."),
    (GRACE, "/returns received 1", "Return 1 is requested; it cannot become received."),
    (GRACE, "/returns refunded 1", "Return 1 is requested; it cannot become refunded."),
    (GRACE, "/returns refuse 1", "The reason, for the customer is missing."),
    (GRACE, "/returns ask 1", "The question is missing."),
    (GRACE, "/returns accept 2", "Return 2 is refused; it cannot become accepted."),
    (GRACE, "/returns refuse 2 again", "Return 2 is refused; it cannot become refused."),
    (GRACE, "/returns ask 2 why?", "Return 2 is refused. /ticket reply 1 still reaches"),
    (GRACE, "/returns ask 99 why?", "There is no return 99."),
    (GRACE, "/ticket resolve 1 done", "Return 1 on this ticket is not decided"),
)  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is refused is refused before a database has a part in it: on SQLite alone."""
    return sqlite_url


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """Ana has orders of each sort, and two returns on ticket #1, which Grace has: 1 is undecided, 2
    was refused."""
    days = timedelta(days=1)
    await hire(desk, "grace", capacity=5)
    await hire(desk, "linus", role=Role.AGENT, capacity=1)
    await desk.take_in_orders(
        [
            ORDER,
            replace(ORDER, number="B-2001", identity=str(BEN)),
            replace(ORDER, number="A-0500", delivered_at=MONDAY_MORNING - 40 * days),
            replace(ORDER, number="A-0600", status=OrderStatus.CANCELLED),
            replace(ORDER, number="A-0700"),
        ]
    )
    wanted = ReturnWanted(quantities={"LAMP": 2, "BULB": 1}, reason=Reason.OTHER)
    made = await desk.request_return(ANA, "A-0700", wanted)
    other = await desk.request_return(
        ANA, "A-1001", ReturnWanted(quantities={"LAMP": 1}, reason=Reason.OTHER)
    )
    holder = (await desk.ticket(GRACE, made.ticket_id)).ticket.assignee
    assert holder is not None
    assert holder.name == "Grace"
    await desk.refuse_return(GRACE, other.id, "It was opened.")
    await desk.courier.deliver_due()
    return desk


def test_there_are_enough_of_them() -> None:
    assert len(CASES) == len({(who, line) for who, line, _ in CASES}) >= 60


@pytest.mark.parametrize(
    ("who", "line", "sentence"), CASES, ids=[line[:50] for _, line, _ in CASES]
)
async def test_it_is_refused_in_its_own_sentence_and_changes_nothing(
    desk: Desk, database: Database, who: Who, line: str, sentence: str
) -> None:
    before = await all_rows(database)

    with pytest.raises(DeskError) as refused:
        await carry_out(desk, who, read(COMMANDS, line, by=who))

    assert str(refused.value).startswith(sentence)
    assert await all_rows(database) == before
