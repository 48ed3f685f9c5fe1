"""If-Match: which changes go through, by the ETags that somebody has read."""

import itertools
from collections.abc import Awaitable, Callable

import httpx
import pytest

from core.desk import Desk
from tests.scene import open_ticket
from tests.web.api import key, program

GOES_THROUGH = [
    ['"{now}"'],
    ["*"],
    [" * "],
    ['"{before}", "{now}"'],
    ['"{now}","{before}"'],
    ['W/"{now}", "{now}"'],
    ['"a,b", "{now}"'],
    [', "{before}",, "{now}" ,'],
    ['"{before}"', '"{now}"'],
]
IS_REFUSED = [
    ['"{before}"'],
    ['W/"{now}"'],
    ['W/"{now}", "{before}"'],
    ['"0{now}"'],
    ['"{now}.0"'],
    ['""'],
    ['"*"'],
    ['"abc"'],
    ['"٣"'],
    ['"99999999999999999999"'],
]
MEANS_NOTHING = [
    [""],
    ["{now}"],
    ["abc"],
    ['"{now}'],
    ['w/"{now}"'],
    ['"{now}" "{before}"'],
    ['"{now}", *'],
    ["*, *"],
    [","],
    ["* ", '"{now}"'],
    ['"' + " " * 5_000],
    ['"a"' + " ," * 5_000 + "x"],
]


Thing = Callable[[Desk, httpx.AsyncClient], Awaitable[str]]
_words = itertools.count(1)


async def changed(client: httpx.AsyncClient, path: str, said: list[str]) -> tuple[int, str]:
    """What becomes of a change for whoever says this of a thing that has changed once."""
    first = await client.get(path)
    before = first.headers["etag"].strip('"')
    now = await change(client, path, [])
    etag = now.headers["etag"].strip('"')
    assert etag != before
    told = [each.replace("{now}", etag).replace("{before}", before) for each in said]
    answer = await change(client, path, told)
    return answer.status_code, answer.json().get("type", "")


async def change(client: httpx.AsyncClient, path: str, if_match: list[str]) -> httpx.Response:
    """File it under another category."""
    category = {"category": f"lamps {next(_words)}"}
    headers = [(b"if-match", each.encode()) for each in if_match]
    if path.startswith("/articles"):
        return await client.patch(path, json=category, headers=headers)
    return await client.put(f"{path}/category", json=category, headers=headers)


async def a_ticket(desk: Desk, _client: httpx.AsyncClient) -> str:
    return f"/tickets/{await open_ticket(desk)}"


async def an_article(_desk: Desk, client: httpx.AsyncClient) -> str:
    made = await client.post("/articles", json={"title": "A lamp hums", "body": "Tighten it."})
    return f"/articles/{made.json()['slug']}"


@pytest.mark.parametrize("thing", [a_ticket, an_article])
async def test_a_change_goes_through_where_one_of_the_etags_is_the_one_now(
    desk: Desk, thing: Thing
) -> None:
    async with program(desk, await key(desk)) as client:
        path = await thing(desk, client)
        for said in GOES_THROUGH:
            assert await changed(client, path, said) == (200, ""), said


@pytest.mark.parametrize(("thing", "kind"), [(a_ticket, "Stale"), (an_article, "Outdated")])
async def test_a_change_is_refused_where_none_is_and_weak_ones_never_are(
    desk: Desk, thing: Thing, kind: str
) -> None:
    async with program(desk, await key(desk)) as client:
        path = await thing(desk, client)
        for said in IS_REFUSED:
            assert await changed(client, path, said) == (412, kind), said
        refused = await change(client, path, ['"0"'])
        now = await client.get(path)

    assert f'"{refused.json()["version"]}"' == now.headers["etag"]


async def test_what_is_no_etag_is_refused_as_such(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        path = await a_ticket(desk, client)
        for said in MEANS_NOTHING:
            assert await changed(client, path, said) == (422, "Invalid"), said


async def test_nothing_is_there_for_any_etag_either(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        answers = [await change(client, "/tickets/999", [said]) for said in ("*", '"1"')]

    assert {each.status_code for each in answers} == {404}
