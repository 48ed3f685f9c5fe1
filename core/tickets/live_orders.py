"""Orders asked of the shop itself, at the moment when somebody speaks of one."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.errors import Conflict
from core.events import ShopFellSilent
from core.speaking import Sentence
from core.storage.text import clean
from core.tickets import orders
from core.tickets.orders import OrderSaid
from core.tickets.phrases import wants_to_return
from core.tickets.returns import numbers_in
from core.work import Work

log = logging.getLogger(__name__)

FAILURES = 3  # in a row, and the shop is left alone for a while
REST = timedelta(minutes=1)


class SourceFailed(Exception):
    """The shop did not answer, or not in a way that can be read; ``str(error)`` is for staff."""


class OrderSource(Protocol):
    """The shop, as far as the core needs it."""

    async def order(self, number: str) -> OrderSaid | None:
        """The order of this number as the shop has it now; None where it has none.

        Raises `SourceFailed`. Never called within a transaction.
        """
        ...


class ShopDoesNotAnswer(Conflict):
    """An order is not known here, and the shop cannot be asked for it now."""

    def __init__(self, number: str, why: str | None = None) -> None:
        super().__init__(
            f"There is no order {clean(number)[:40]} here, and the shop does not answer: {why}"
            if why
            else Sentence(
                "We cannot look up order {order} at the moment. Please try again in a few minutes, "
                "or write what is wrong with it, and a person answers.",
                order=clean(number)[:40],
            )
        )


class LiveOrders:
    """Asks the shop for an order, and takes in what it says before anybody looks at it.

    After a few failures in a row the shop is left alone for a minute, so that one that is down holds
    nobody up; staff are told once, and each minute one look tries it again.
    """

    def __init__(
        self,
        source: OrderSource | None,
        transact: Callable[[Callable[[Work], Awaitable[Any]]], Awaitable[Any]],
        compare: Callable[[Sequence[OrderSaid]], Awaitable[orders.Taken]],
        clock: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._transact = transact
        self._compare = compare
        self._clock = clock
        self._failures = 0
        self._alone_until: datetime | None = None
        self.trouble = ""  # why the last look failed; empty where it did not

    async def fetch(self, number: str) -> str:
        """Have the desk know an order as the shop has it now; why that failed, or nothing."""
        meant = orders.as_number(number)
        if self._source is None or not orders.NUMBER.fullmatch(meant):
            return ""
        if self._alone_until is not None and self._clock() < self._alone_until:
            return self.trouble
        try:
            said = await self._source.order(meant)
        except SourceFailed as error:
            await self._failed(str(error))
            return self.trouble
        self._failures, self._alone_until, self.trouble = 0, None, ""
        if said is not None and (await self._compare([said])).unchanged == []:
            await self._transact(lambda work: orders.take_in(work, [said], by="shop"))
        return ""

    async def fetch_meant(self, text: str) -> None:
        """The same for the order that somebody writes they want to return, if they do."""
        if self._source is not None and wants_to_return(text):
            for number in numbers_in(text)[:1]:
                await self.fetch(number)

    async def _failed(self, why: str) -> None:
        log.warning("the shop does not answer: %s", why)
        self.trouble = why
        self._failures += 1
        if self._failures >= FAILURES:
            self._alone_until = self._clock() + REST
        if self._failures == FAILURES:
            await self._transact(lambda work: _tell(work, why))


async def _tell(work: Work, why: str) -> None:
    work.actor = "shop"
    work.emit(ShopFellSilent(why=clean(why)[:300]))
