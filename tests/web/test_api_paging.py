"""Long lists come in pages: each thing once, in order, whatever happens between two pages."""

from typing import Any

import httpx
import pytest

from core.channels import Who
from core.desk import Desk
from core.vocabulary import OPERATOR, Details, Doing, FieldWanted, Role
from tests.scene import hire
from tests.web.api import DORA, key, program


async def pages(client: httpx.AsyncClient, path: str, **asked: Any) -> list[list[str]]:
    """The names on each page of a list, to its end."""
    found: list[list[str]] = []
    after: dict[str, Any] = {}
    while after or not found:
        page = (await client.get(path, params={**asked, **after})).json()
        found.append([each["name"] for each in page[path.removeprefix("/")]])
        after = {"after": page["next"]} if page["next"] is not None else {}
    return found


async def test_agents_come_in_pages_by_name_those_of_one_name_too(desk: Desk) -> None:
    secret = await key(desk)
    for number, name in enumerate(("Linus", "Grace", "Grace", "Grace", "Emil")):
        who = Who("slack", "T1", f"U{number}", name)
        await desk.add_agent(OPERATOR, who, Details(role=Role.LEAD))
    async with program(desk, secret) as client:
        whole = (await client.get("/agents")).json()
        by_two = await pages(client, "/agents", limit=2)
        leads = await pages(client, "/agents", limit=2, role="lead")
        first = (await client.get("/agents", params={"limit": 1, "role": "lead"})).json()
        await desk.remove_agent(OPERATOR, Who("slack", "T1", "U4", "Emil"))
        rest = (await client.get("/agents", params={"after": first["next"]})).json()
        unknown = await client.get("/agents", params={"after": 999})

    assert [each["name"] for each in whole["agents"]] == [
        *("Dora", "Emil", "Grace", "Grace", "Grace", "Linus")
    ]
    assert whole["next"] is None
    assert by_two == [["Dora", "Emil"], ["Grace", "Grace"], ["Grace", "Linus"]]
    assert leads == [["Emil", "Grace"], ["Grace", "Grace"], ["Linus"]]
    assert [each["name"] for each in rest["agents"]] == ["Grace", "Grace", "Grace", "Linus"]
    assert len({each["number"] for each in whole["agents"]}) == 6
    assert (unknown.status_code, unknown.json()["type"]) == (404, "UnknownAgent")


async def test_what_an_agent_holds_is_on_any_page(desk: Desk) -> None:
    secret = await key(desk)
    await desk.edit_agent(OPERATOR, DORA, Details(capacity=0))
    await hire(desk, "zed")
    async with program(desk, secret) as client:
        opened = await client.post("/tickets", json={"text": "It hums.", "identity": "custom:s:u"})
        first = (await client.get("/agents", params={"limit": 1})).json()
        last = (await client.get("/agents", params={"after": first["next"]})).json()

    (zed,) = last["agents"]
    assert (zed["name"], zed["holds"]) == ("Zed", [opened.json()["number"]])
    assert zed["identity"] == "console:local:zed"


async def test_teams_come_in_pages_also_when_the_last_seen_is_gone(desk: Desk) -> None:
    secret = await key(desk)
    for name in ("orders", "ärzte", "returns", "a b", "a-c"):
        await desk.add_team(OPERATOR, name)
    async with program(desk, secret) as client:
        (every,) = await pages(client, "/teams")
        by_two = await pages(client, "/teams", limit=2)
        page = (await client.get("/teams", params={"limit": 2})).json()
        await desk.remove_team(OPERATOR, page["next"])
        rest = (await client.get("/teams", params={"after": page["next"]})).json()

    assert sorted(every) == ["a b", "a-c", "orders", "returns", "ärzte"]
    assert by_two == [every[:2], every[2:4], every[4:]]
    assert [each["name"] for each in rest["teams"]] == every[2:]


async def test_who_asks_for_no_limit_gets_200(desk: Desk) -> None:
    secret = await key(desk)
    names = [f"team-{number:03}" for number in range(201)]
    for name in names:
        await desk.add_team(OPERATOR, name)
    async with program(desk, secret) as client:
        assert await pages(client, "/teams") == [names[:200], names[200:]]


async def test_macros_come_in_pages_and_of_one_name_ones_own_alone(desk: Desk) -> None:
    secret = await key(desk)
    for name in ("a", "b", "c"):
        await desk.add_macro(OPERATOR, name, "Everybody's.", Doing(), shared=True)
    for name in ("b", "c", "d"):
        await desk.add_macro(DORA, name, "Dora's.", Doing())
    async with program(desk, secret) as client:
        by_two = await pages(client, "/macros", limit=2)
        shared = [each["shared"] for each in (await client.get("/macros")).json()["macros"]]

    assert by_two == [["a", "b"], ["c", "d"]]
    assert shared == [True, False, False, False]


async def test_fields_come_in_pages(desk: Desk) -> None:
    secret = await key(desk)
    for name in ("serial", "bought", "colour"):
        await desk.add_field(OPERATOR, name, FieldWanted())
    async with program(desk, secret) as client:
        assert await pages(client, "/fields", limit=2) == [["bought", "colour"], ["serial"]]


@pytest.mark.parametrize("path", ["/agents", "/teams", "/macros", "/fields"])
async def test_a_page_that_cannot_be_is_refused(desk: Desk, path: str) -> None:
    async with program(desk, await key(desk)) as client:
        answers = [
            await client.get(path, params=asked)
            for asked in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"after": "x" * 61})
        ]
        hostile = await client.get(path, params={"after": "\x00"})

    assert {each.status_code for each in answers} == {422}
    assert hostile.status_code == (422 if path == "/agents" else 200)
