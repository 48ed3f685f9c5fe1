"""What the pages of leads cost: a few statements each, however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import Role
from tests.scene import hire, open_ticket, person
from tests.web.test_gate import browser
from tests.web.test_signing_in import signed_in

AT_MOST = 10


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    engines = [database.engine.sync_engine]
    if database.is_sqlite:  # where those who read have an engine of their own
        engines.append(database.readers.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["dashboard", "trends", "trends.csv"])
async def test_a_page_of_leads_takes_ten_statements_at_most(
    desk: Desk, database: Database, path: str
) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD, capacity=9)
    for n in range(12):
        number = await open_ticket(desk, f"lamp {n}", by=f"customer-{n}")
        await desk.escalate(person("linus"), number, "it burns")
    while await desk.tally():
        pass
    async with browser(desk) as client:
        await signed_in(client, desk, lead)
        with statements(database) as asked:
            shown = await client.get(f"/desk/{path}", headers={"accept": "text/html"})

    assert shown.status_code == 200
    assert "12" in shown.text
    assert 2 < len(asked) <= AT_MOST
