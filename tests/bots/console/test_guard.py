"""Who may not speak to the console: other sites, other names, and anything that is not JSON."""

import json
from typing import Any

import httpx
import pytest

SAY = {"as": "ana", "text": "hello", "id": "post-0001"}
URL = "/console/api/say"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080", "testserver", "DESK.example"],
)
async def test_it_answers_under_its_own_names(client: httpx.AsyncClient, host: str) -> None:
    for path in ("/console", "/console/api/state?room=ana", "/console/static/main.js"):
        assert (await client.get(path, headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "", "127.0.0.1.nip.io"]
)
async def test_a_name_that_was_rebound_gets_nothing(client: httpx.AsyncClient, host: str) -> None:
    for path in ("/console", "/console/api/state?room=ana", "/console/api/live"):
        response = await client.get(path, headers={"host": host})
        assert (response.status_code, response.json()["error"]) == (403, "WrongHost")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://localhost:8080"}, 200),
        ({}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:9090"}, 403),
        ({"origin": "null"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/json; charset=utf-8"}, 200),
    ],
)
async def test_another_site_cannot_post(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    kind = {"content-type": "application/json"}
    response = await client.post(URL, content=json.dumps(SAY), headers=kind | headers)
    assert response.status_code == status
    assert response.json()["ok"] is (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'"say"',
        b"[" * 200_000,
        b'{"as": "ana"}',
        b'{"as": 1, "text": "x", "id": "post-0001"}',
        b'{"as": "ana", "text": ["x"], "id": "post-0001"}',
        b'{"as": "ana", "text": "x", "id": "short"}',
        b'{"as": "ana", "text": "x", "id": "own:not-yours!"}',
    ],
)
async def test_nonsense_is_refused_in_a_sentence(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(URL, content=body, headers={"content-type": "application/json"})

    assert (response.status_code, response.json()["error"]) == (400, "Unreadable")
    assert response.json()["text"].endswith(".")


async def test_a_form_without_answers_is_nonsense(client: httpx.AsyncClient) -> None:
    nonsense: tuple[Any, ...] = (None, [], "x", {"text": 1})
    for answers in nonsense:
        asked = {"as": "ana", "action": "support", "value": "", "answers": answers}
        response = await client.post("/console/api/submit", json=asked)
        assert response.status_code == 400


async def test_more_than_a_megabyte_is_refused(client: httpx.AsyncClient) -> None:
    for url, size in (("/console/api/press", 1_048_576), (URL, 1_048_577), (URL, 40_000_000)):
        response = await client.post(url, json=SAY | {"text": "x" * size})

        assert response.status_code == 413
        assert response.json()["text"].startswith("That is more than ")


async def test_much_text_is_kept_whole(client: httpx.AsyncClient) -> None:
    text = "🎫 long " * 25_000
    assert (await client.post(URL, json=SAY | {"text": text})).json()["ok"]

    posts = (await client.get("/console/api/state?room=ana")).json()["posts"]
    assert posts[0]["card"]["text"] == text


@pytest.mark.parametrize("room", ["", "a b", "slack:T1:C1", "<b>", "x" * 41])
async def test_only_rooms_of_the_console_are_shown(client: httpx.AsyncClient, room: str) -> None:
    response = await client.get("/console/api/state", params={"room": room})
    assert response.status_code == 400


@pytest.mark.parametrize("name", ["__init__.py", "console.html", "..%2froutes.py", "nothing.js"])
async def test_nothing_but_the_pages_own_files_is_served(
    client: httpx.AsyncClient, name: str
) -> None:
    assert (await client.get(f"/console/static/{name}")).status_code == 404


async def test_every_answer_forbids_foreign_scripts(client: httpx.AsyncClient) -> None:
    answers: list[Any] = [
        await client.get("/console"),
        await client.get("/console/static/main.js"),
        await client.get("/console/api/people"),
        await client.post(URL, json=SAY),
        await client.get("/console", headers={"host": "evil.example"}),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
