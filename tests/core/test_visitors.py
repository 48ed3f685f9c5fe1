"""Visitors: known by a secret, or by the word of their own site, and nobody else."""

import hashlib
import hmac
from dataclasses import replace

import pytest

from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import Voucher
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.scene import HOUSE, message

SECRET = "shared with the shop"


def voucher(clock: FakeClock, account: str = "42", *, seconds: int = 600) -> Voucher:
    """The word of the shop, as its server makes it."""
    until = int(clock.now.timestamp()) + seconds
    said = f"{account}.{until}".encode()
    return Voucher(account, until, hmac.new(SECRET.encode(), said, hashlib.sha256).hexdigest())


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(replace(HOUSE, voucher_secret=SECRET))


async def test_a_visitor_is_known_by_their_secret_alone(desk: Desk) -> None:
    one, secret = await desk.come(name="Ana")
    two, other = await desk.come()

    assert await desk.guest(secret) == one
    assert one.address != two.address
    assert secret != other
    for wrong in ("", "x", secret[:-1], secret + "a", str(one.number)):
        assert await desk.guest(wrong) is None


async def test_who_is_vouched_for_is_the_same_on_every_device(desk: Desk, clock: FakeClock) -> None:
    phone, _ = await desk.come(voucher=voucher(clock))
    laptop, _ = await desk.come(voucher=voucher(clock))
    other, _ = await desk.come(voucher=voucher(clock, "43"))

    assert phone.who == laptop.who
    assert phone.address == laptop.address
    assert other.address != phone.address


async def test_a_word_that_does_not_hold_is_refused(desk: Desk, clock: FakeClock) -> None:
    good = voucher(clock)
    bad = [
        replace(good, account="43"),
        replace(good, until=good.until + 1),
        replace(good, signature="0" * 64),
        replace(good, signature=""),
        replace(good, signature="ü"),
        voucher(clock, seconds=0),
        voucher(clock, seconds=-5),
        voucher(clock, seconds=90_000),
        voucher(clock, "a b"),
        voucher(clock, ""),
        voucher(clock, "x" * 101),
    ]
    for each in bad:
        with pytest.raises(DeskError, match="who you are"):
            await desk.come(voucher=each)


async def test_without_a_shared_secret_nobody_is_vouched_for(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    said = voucher(clock)
    unsigned = replace(
        said,
        signature=hmac.new(b"", f"42.{said.until}".encode(), hashlib.sha256).hexdigest(),
    )

    with pytest.raises(DeskError, match="who you are"):
        await open_desk(HOUSE).come(voucher=unsigned)


async def test_a_visitor_says_who_they_are(desk: Desk) -> None:
    guest, _ = await desk.come()
    customer = await desk.introduce(guest, name="Ana Duarte", email="ana@example.org")
    written = message("the lamp hums", by="ana")
    received = await desk.ask(replace(written, address=guest.address, sender=guest.who))
    assert received.ticket is not None
    ticket = (await desk.ticket(guest.who, received.ticket)).ticket

    assert ticket.customer_id == customer.id
    assert (customer.name, customer.email) == ("Ana Duarte", "ana@example.org")


async def test_an_address_that_is_none_is_refused(desk: Desk) -> None:
    guest, _ = await desk.come()
    for bad in ("ana", "ana@", "@example.org", "a b@example.org", "a@b\r\nBcc: c@d"):
        with pytest.raises(DeskError, match="no e-mail address"):
            await desk.introduce(guest, email=bad)
