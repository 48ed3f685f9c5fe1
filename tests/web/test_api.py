"""The API: who may call what, what it answers, how it refuses, and that asking twice does no harm."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from app.serve import listen, web_server
from core.channels import Channel
from core.desk import Desk
from core.events import TicketWatched
from core.files import NoStore
from core.storage.database import Database
from core.vocabulary import Scope
from tests.clock import FakeClock
from tests.rounds import ROUNDS
from tests.scene import HOUSE, hire, open_ticket
from tests.web.api import DORA, key, program
from tests.web.test_api_rights import NEEDS
from web.api.app import api
from web.api.channel import CustomChannel
from web.live import Live
from web.site import site


def _custom() -> Channel:
    return CustomChannel(NoStore())


def _day() -> timedelta:
    return timedelta(days=1, seconds=1)


@asynccontextmanager
async def _streaming(
    desk: Desk, after: int, scopes: list[Scope], *, breath: float = 15.0
) -> AsyncIterator[AsyncIterator[str]]:
    """The stream of events from a real server, since a stream never ends."""
    secret = await key(desk, scopes)
    live = Live(desk)
    looking = asyncio.create_task(live.run())
    app = site(desk, channels=dict, console=False, routes=[api(desk, live, breath=breath)])
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1/events"
    server = asyncio.create_task(
        web_server(app).serve_until_cancelled(listening, hang_up=live.close)
    )
    headers = {"authorization": f"Bearer {secret}", "last-event-id": str(after)}
    async with httpx.AsyncClient() as client, client.stream("GET", url, headers=headers) as stream:
        yield stream.aiter_lines()
    for task in (server, looking):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _until(lines: AsyncIterator[str], event: str, *, times: int = 1) -> str:
    """What is told until this event, and its facts, have come so often."""
    told = ""
    async with asyncio.timeout(20):
        async for line in lines:
            told += line + "\n"
            if told.count(f"event: {event}") == times and line.startswith("data:"):
                return told
    raise AssertionError(told)


async def test_a_ticket_goes_its_way_by_the_api(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        handed_in = await client.post(
            "/messages",
            json={
                "channel": "shop",
                "conversation": "chat-1",
                "id": "m-1",
                "sender": {"id": "u-7", "name": "Ana"},
                "text": "My lamp hums",
            },
        )
        number = handed_in.json()["ticket"]
        listed = (await client.get("/tickets", params={"filter": "channel:custom"})).json()
        await client.post(f"/tickets/{number}/replies", json={"text": "We send a new one."})
        await client.put(f"/tickets/{number}/priority", json={"priority": "high"})
        await client.patch(f"/tickets/{number}/tags", json={"add": ["vip"]})
        said = (await client.get(f"/tickets/{number}/messages")).json()
        resolved = await client.post(f"/tickets/{number}/resolve", json={"text": "On its way."})

    assert handed_in.status_code == 201
    assert handed_in.json()["outcome"] == "ticket"
    assert [each["number"] for each in listed["tickets"]] == [number]
    assert [(each["kind"], each["author"]) for each in said["messages"]] == [
        ("message", None),
        ("reply", "Dora"),
    ]
    assert resolved.json()["status"] == "resolved"
    assert resolved.json()["priority"] == "high"


async def test_what_the_desk_says_on_a_channel_of_ones_own_is_there_to_be_read(
    desk: Desk,
) -> None:
    async with program(desk, await key(desk)) as client:
        written = {
            "channel": "shop",
            "conversation": "chat-1",
            "id": "m-1",
            "sender": {"id": "u-7"},
            "text": "My lamp hums",
        }
        number = (await client.post("/messages", json=written)).json()["ticket"]
        again = await client.post("/messages", json=written)
        await client.post(f"/tickets/{number}/replies", json={"text": "We send a new one."})
        desk.courier.channels["custom"] = _custom()
        await desk.courier.deliver_due()
        posts = (await client.get("/conversations/shop/chat-1/posts")).json()["posts"]
        elsewhere = (await client.get("/conversations/shop/chat-2/posts")).json()["posts"]

    assert again.json()["ticket"] == number
    assert f"#{number}" in posts[0]["title"] + posts[0]["text"]
    assert any("We send a new one." in each["text"] for each in posts)
    assert elsewhere == []


async def test_a_page_of_tickets_goes_on_where_it_ended(desk: Desk) -> None:
    numbers = [await open_ticket(desk, f"printer {n}", by=f"c{n}") for n in range(25)]
    async with program(desk, await key(desk, [Scope.TICKETS_READ])) as client:
        first = (await client.get("/tickets")).json()
        second = (await client.get("/tickets", params={"after": first["next"]})).json()

    seen = [each["number"] for each in first["tickets"] + second["tickets"]]
    assert sorted(seen) == sorted(numbers)
    assert second["next"] is None


async def test_who_looked_at_an_older_version_changes_nothing(desk: Desk) -> None:
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        tag = (await client.get(f"/tickets/{number}")).headers["etag"]
        first = await client.put(
            f"/tickets/{number}/priority", json={"priority": "high"}, headers={"if-match": tag}
        )
        stale = await client.put(
            f"/tickets/{number}/priority", json={"priority": "low"}, headers={"if-match": tag}
        )
        fresh = await client.put(
            f"/tickets/{number}/priority",
            json={"priority": "low"},
            headers={"if-match": first.headers["etag"]},
        )

    assert (first.status_code, stale.status_code, fresh.status_code) == (200, 412, 200)
    assert stale.json()["type"] == "Stale"
    assert f'"{stale.json()["version"]}"' == first.headers["etag"]


@pytest.mark.parametrize("n", range(ROUNDS // 3))
async def test_of_fifty_posts_with_one_key_at_once_one_has_an_effect(desk: Desk, n: int) -> None:
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:

        async def reply() -> httpx.Response:
            return await client.post(
                f"/tickets/{number}/replies",
                json={"text": "once"},
                headers={"idempotency-key": f"k-{n}"},
            )

        answers = await asyncio.gather(*(reply() for _ in range(50)))
        after = await reply()
        said = (await client.get(f"/tickets/{number}/messages")).json()["messages"]

    assert sum(each["text"] == "once" for each in said) == 1
    assert {each.status_code for each in answers} <= {201, 409}
    assert after.status_code == 201
    assert after.headers["idempotent-replayed"] == "true"


async def test_a_key_of_a_request_is_for_that_request(desk: Desk, clock: FakeClock) -> None:
    number = await open_ticket(desk)
    again = {"idempotency-key": "k"}
    url = f"/tickets/{number}/notes"
    async with program(desk, await key(desk)) as client:
        first = await client.post(url, json={"text": "a"}, headers=again)
        other = await client.post(url, json={"text": "b"}, headers=again)
        async with program(desk, await key(desk)) as someone_else:
            theirs = await someone_else.post(url, json={"text": "b"}, headers=again)
        too_long = await client.post(
            url, json={"text": "b"}, headers={"idempotency-key": "k" * 201}
        )
        clock.advance(_day())
        assert await desk.forget_repeats() == 2
        next_day = await client.post(url, json={"text": "b"}, headers=again)

    answers = [first, other, theirs, too_long, next_day]
    assert [each.status_code for each in answers] == [201, 422, 201, 422, 201]
    assert other.json()["type"] == "OtherRequest"


async def test_a_refusal_is_the_same_the_second_time(desk: Desk) -> None:
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        url, again = f"/tickets/{number}/reopen", {"idempotency-key": "k"}
        first = await client.post(url, headers=again)
        await desk.resolve(DORA, number)
        second = await client.post(url, headers=again)

    assert first.status_code == second.status_code == 409
    assert first.json() == second.json()


async def test_who_is_too_fast_is_told_when_to_go_on(desk: Desk) -> None:
    secret = await key(desk)
    async with program(desk, secret, a_minute=3) as client:
        answers = [await client.get("/tickets") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["ratelimit-remaining"] for each in answers] == ["2", "1", "0", "0"]
    assert 0 < int(answers[3].headers["retry-after"]) <= 60
    assert answers[3].json()["status"] == 429


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/tickets/9999", None, 404, "There is no ticket #9999."),
        ("GET", "/tickets/0", None, 422, "number"),
        ("GET", "/tickets/x", None, 422, "number"),
        ("GET", "/tickets/99999999999", None, 422, "number"),
        ("GET", "/tickets?filter=colour:red", None, 422, "colour:red"),
        ("GET", "/tickets?after=nowhere", None, 422, "no ticket seen before"),
        ("GET", "/tickets?filter=" + "a" * 501, None, 422, "500"),
        ("GET", "/nowhere", None, 404, "Not Found"),
        ("DELETE", "/tickets/1", None, 405, "Method Not Allowed"),
        ("POST", "/tickets/1/replies", {}, 422, "text"),
        ("POST", "/tickets/1/replies", {"text": ""}, 422, "text"),
        ("POST", "/tickets/1/replies", {"text": "a", "colour": "red"}, 422, "colour"),
        ("POST", "/tickets/1/replies", [1], 422, "body"),
        ("POST", "/tickets/1/transfer", {}, 422, "agent, skill or team"),
        ("POST", "/tickets/1/transfer", {"agent": "nobody"}, 404, "no agent"),
        ("POST", "/tickets/1/snooze", {"until": "yesterday"}, 422, "yesterday"),
        ("POST", "/tickets/1/merge", {"into": 1}, 422, "itself"),
        ("PUT", "/tickets/1/priority", {"priority": "huge"}, 422, "priority"),
        ("POST", "/messages", {"channel": "Shop!"}, 422, "channel"),
    ],
)
async def test_each_bad_request_is_answered_by_a_problem_of_its_own(
    desk: Desk, method: str, path: str, body: object, status: int, told: str
) -> None:
    await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        answer = await client.request(method, path, json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert told in problem["detail"] + json.dumps(problem.get("errors", "")), problem


async def test_a_message_without_its_time_zone_is_refused(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        refused = await client.post(
            "/messages",
            json={
                "channel": "shop",
                "conversation": "c",
                "id": "1",
                "sender": {"id": "u"},
                "text": "hello there",
                "sent_at": "2026-11-30T09:00:00",
            },
        )

    assert refused.status_code == 422
    assert "time zone" in refused.json()["detail"]


async def test_the_stream_tells_what_happens_and_what_was_missed(desk: Desk) -> None:
    number = await open_ticket(desk)
    newest = await desk.newest_event()
    await desk.note(await hire(desk, "grace"), number, "a secret among staff")
    async with _streaming(desk, newest, [Scope.TICKETS_READ]) as lines:
        missed = await _until(lines, "NoteAdded")

    assert "secret" not in missed
    assert f'"ticket": {number}' in missed
    assert "AgentAdded" not in missed


async def test_the_stream_is_within_the_scopes_of_the_key(desk: Desk) -> None:
    newest = await desk.newest_event()
    await key(desk)
    number = await open_ticket(desk)
    await desk.note(DORA, number, "n")
    await hire(desk, "grace")
    async with _streaming(desk, newest, [Scope.PEOPLE_READ]) as lines:
        told = await _until(lines, "AgentAdded", times=2)

    assert "NoteAdded" not in told
    assert "TicketOpened" not in told


async def test_the_stream_of_a_key_ends_with_it(desk: Desk) -> None:
    newest = await desk.newest_event()
    async with _streaming(desk, newest, [Scope.TICKETS_READ]) as lines:
        number = await open_ticket(desk)
        await _until(lines, "TicketOpened")
        (kept,) = await desk.api_keys(DORA)
        await desk.end_key(DORA, kept.id)
        await desk.note(DORA, number, "after the end")
        async with asyncio.timeout(20):
            rest = [line async for line in lines]

    assert not [line for line in rest if "NoteAdded" in line]


async def test_a_stream_on_which_nothing_happens_says_that_it_is_there(desk: Desk) -> None:
    async with _streaming(desk, 0, [Scope.INTAKE], breath=0.05) as lines, asyncio.timeout(20):
        async for line in lines:
            if line == ": still here":
                break
        else:
            pytest.fail("the stream ended")


async def test_ten_thousand_missed_events_are_told_each_once_and_in_order(desk: Desk) -> None:
    number = await open_ticket(desk)
    newest = await desk.newest_event()
    for _ in range(20):
        async with desk.work() as work:
            for _ in range(500):
                work.emit(TicketWatched(ticket_id=number, agent_id=1))
    told: list[int] = []
    async with _streaming(desk, newest, [Scope.TICKETS_READ]) as lines, asyncio.timeout(60):
        async for line in lines:
            if line.startswith("id: "):
                told.append(int(line.removeprefix("id: ")))
            if len(told) == 10_000:
                break

    assert told == sorted(set(told))


async def test_the_description_of_the_api_has_an_example_of_everything(desk: Desk) -> None:
    async with program(desk) as client:
        described = (await client.get("/openapi.json")).json()

    assert described["openapi"].startswith("3.1")
    paths = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    assert paths == set(NEEDS)
    for shape in ("Ticket", "Written", "Message"):
        fields = described["components"]["schemas"][shape]["properties"]
        assert any("examples" in field for field in fields.values()), shape


async def test_a_fault_of_ours_is_a_problem_too_and_tells_nothing_of_it(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    desk = Desk(database, HOUSE, channels={})
    secret = await key(desk)
    async with database.transaction() as session:
        await session.execute(text("drop table macros"))

    async with program(desk, secret, shows_faults=True) as client:
        answer = await client.get("/macros")

    assert (answer.status_code, answer.json()["type"]) == (500, "Fault")
    assert answer.headers["retry-after"] == "5"
    assert "table" not in answer.text
    await database.close()
