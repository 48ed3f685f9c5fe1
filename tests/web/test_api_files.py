"""Files by the API: uploaded first, then sent along with what a customer wrote."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import House, Policy
from tests.web.api import key, program
from web.api.channel import CustomChannel

LARGEST = 5_000_000  # bytes
PHOTO = b"\x89PNG\r\n" + b"lamp" * 100
WRITTEN = {"channel": "shop", "conversation": "chat-1", "id": "m-1", "sender": {"id": "u-7"}}
PNG = {"content-type": "image/png"}


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """A desk that keeps files."""
    store = FolderStore(tmp_path)
    house = House(files=store, policy=replace(Policy(), file_size=LARGEST))
    return Desk(database, house, channels={"custom": CustomChannel(store)})


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with program(desk, await key(desk)) as client:
        yield client


async def upload(client: httpx.AsyncClient, content: bytes = PHOTO) -> httpx.Response:
    return await client.post("/files?name=lamp.png", content=content, headers=PNG)


async def test_a_file_is_uploaded_and_sent_along(desk: Desk, client: httpx.AsyncClient) -> None:
    uploaded = await upload(client)
    message = {**WRITTEN, "text": "It looks so.", "files": [uploaded.json()]}
    number = (await client.post("/messages", json=message)).json()["ticket"]
    await desk.fetcher.fetch_due()
    said = (await client.get(f"/tickets/{number}/messages")).json()["messages"]
    kept = await desk.file(said[0]["files"][0]["id"])

    assert uploaded.status_code == 201
    assert (uploaded.json()["size"], uploaded.json()["content_type"]) == (len(PHOTO), "image/png")
    assert (kept.name, await kept.read()) == ("lamp.png", PHOTO)


async def test_a_file_alone_is_a_message_and_nothing_at_all_is_none(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    alone = await client.post(
        "/messages", json={**WRITTEN, "files": [(await upload(client)).json()]}
    )
    nothing = await client.post("/messages", json={**WRITTEN, "id": "m-2"})

    assert (alone.status_code, nothing.status_code) == (201, 422)


async def test_what_is_no_file_or_too_large_is_refused_as_a_problem(
    client: httpx.AsyncClient,
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    form = {"file": ("lamp.png", PHOTO, "image/png")}
    found = [
        await upload(client, b"x" * (LARGEST + 1)),
        await client.post("/files?name=x", content=endless(), headers=PNG),
        await client.post("/messages", content=b'"' + b"x" * 3_000_000 + b'"'),
        await client.post("/files?name=x", files=form),
        await client.post("/files?name=x", content=b"x"),
        await upload(client, b""),
        await client.post("/files", content=PHOTO, headers=PNG),
    ]

    assert [each.status_code for each in found] == [413, 413, 413, 415, 415, 422, 422]
    kinds = {each.headers["content-type"] for each in found}
    assert kinds == {"application/problem+json"}


async def test_an_id_of_a_kept_file_leads_to_nothing(desk: Desk, client: httpx.AsyncClient) -> None:
    message = {**WRITTEN, "text": "Mine.", "files": [(await upload(client)).json()]}
    number = (await client.post("/messages", json=message)).json()["ticket"]
    await desk.fetcher.fetch_due()
    said = (await client.get(f"/tickets/{number}/messages")).json()["messages"]
    public = said[0]["files"][0]["id"]

    stolen = {"file": public, "name": "x.png", "content_type": "image/png", "size": 1}
    theirs = {**WRITTEN, "conversation": "chat-2", "id": "m-2", "sender": {"id": "u-8"}}
    await client.post("/messages", json={**theirs, "text": "Give me.", "files": [stolen]})
    await desk.fetcher.fetch_due()

    assert await (await desk.file(public)).read() == PHOTO


async def test_an_uploaded_file_is_good_for_one_message(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    uploaded = (await upload(client)).json()
    first = {**WRITTEN, "text": "It looks so.", "files": [uploaded]}
    number = (await client.post("/messages", json=first)).json()["ticket"]
    await desk.fetcher.fetch_due()
    again = await client.post("/messages", json={**first, "id": "m-2", "text": "Once more."})
    await desk.fetcher.fetch_due()
    said = (await client.get(f"/tickets/{number}/messages")).json()["messages"]

    assert again.status_code == 201
    assert [
        (each["text"], [file["id"] is not None for file in each["files"]]) for each in said
    ] == [
        ("It looks so.", [True]),
        ("Once more.", [False]),
    ]
    assert await (await desk.file(said[0]["files"][0]["id"])).read() == PHOTO


async def test_the_same_upload_twice_is_one_file(client: httpx.AsyncClient) -> None:
    headers = {**PNG, "idempotency-key": "once"}
    one, two = [
        await client.post("/files?name=lamp.png", content=PHOTO, headers=headers) for _ in range(2)
    ]

    assert one.json() == two.json()
