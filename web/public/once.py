"""Once: a form that is sent twice, by a double click or by going back, is one request."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

REMEMBERED = 2_000


class Once:
    """What came of the latest forms, by the name that each page makes for its form.

    It lives in one process, which is enough for a double click, and forgets the oldest.
    """

    def __init__(self) -> None:
        self._ends: OrderedDict[str, asyncio.Future[str]] = OrderedDict()

    async def of(self, name: str, act: Callable[[], Awaitable[str]]) -> str:
        """What ``act`` returned for this name, now or before; what raised may be tried again."""
        known = self._ends.get(name) if name else None
        if known is not None:
            return await asyncio.shield(known)
        end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        if name:
            self._ends[name] = end
        while len(self._ends) > REMEMBERED:
            self._ends.popitem(last=False)
        try:
            end.set_result(await act())
        except Exception as error:
            self._ends.pop(name, None)
            end.set_exception(error)
            end.exception()  # whoever else waits hears of it; if nobody does, that is no fault
            raise
        return end.result()
