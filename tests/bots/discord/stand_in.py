"""A small Discord of our own: its API over HTTP and its gateway over WebSocket.

It keeps what it is sent as Discord would, refuses what Discord would refuse, and fails on request.
"""

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bots.discord.gateway import Gateway
from tests.bots.discord.limits import calls_somebody, refused, refused_modal
from tests.bots.discord.world import APPLICATION, BOT, GUILD, TOKEN, Json

FIRST_ANSWER = 3.0  # seconds that Discord waits for the first answer to an interaction


@dataclass(frozen=True)
class Fault:
    """One answer that is not the right one. ``taken``: it was carried out nevertheless."""

    status: int = 400
    code: int = 0
    retry_after: float | None = None
    breaks: bool = False
    hangs: bool = False
    taken: bool = False
    via: bool = True


RATE_LIMITED = Fault(status=429, retry_after=0.05)
RESET_BEFORE, RESET_AFTER = Fault(breaks=True), Fault(breaks=True, taken=True)


class StandIn(Gateway):
    """A server for one bot, with one Discord server in it."""

    def __init__(self) -> None:
        super().__init__()
        self.shards = 1
        self.commands: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.refusals: list[str] = []
        self.pings: list[Json] = []
        self.answers: dict[str, list[Json]] = defaultdict(list)  # by interaction
        self.firsts: dict[str, Json] = {}
        self.asked_at: dict[str, float] = {}
        self.took: dict[str, float] = {}
        self.reactions: list[tuple[str, int, str]] = []
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.fault_of: Callable[[str, str, Json], Fault | None] = lambda *_: None
        self._nonces: dict[str, Json] = {}
        self._routes = [
            (re.compile(f"{method} {path}$"), getattr(self, name)) for method, path, name in ROUTES
        ]

    def called(self, method_and_path: str) -> list[Json]:
        """What was sent to a route, given as a pattern."""
        return [body for called, body in self.calls if re.fullmatch(method_and_path, called)]

    def will(self, method_and_path: str, *faults: Fault) -> None:
        """What the next calls of a route meet, one each."""
        self.faults[method_and_path].extend(faults)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        called = f"{request.method} {path}"
        body = await _body(request)
        fault = self._fault(called, body)
        if fault is not None and fault.hangs:
            await asyncio.sleep(60)
        if fault is not None and not fault.taken:
            self.calls.append((called, body))
            return self._fail(request, fault)
        answer = self._carry_out(request, called, body)
        if asyncio.iscoroutine(answer):
            answer = await answer
        self._something.set()
        return self._fail(request, fault) if fault is not None else answer

    def _fault(self, called: str, body: Json) -> Fault | None:
        for pattern, waiting in self.faults.items():
            if waiting and re.fullmatch(pattern, called):
                return waiting.popleft()
        method, _, path = called.partition(" ")
        return self.fault_of(method, path, body)

    def _fail(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.breaks:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        said: Json = {"code": fault.code, "message": "no"}
        if fault.retry_after is not None:
            said |= {"retry_after": fault.retry_after, "global": False}
        return _json(said, fault.status, {"Via": "stand-in"} if fault.via else {})

    def _carry_out(self, request: web.Request, called: str, body: Json) -> Any:
        self.calls.append((called, body))
        ours = request.headers.get("Authorization") == f"Bot {TOKEN}"
        if not ours and not called.startswith(("POST /interactions", "POST /webhooks")):
            return _json({"code": 0, "message": "401: Unauthorized"}, 401)
        for pattern, does in self._routes:
            found = pattern.match(called)
            if found is not None:
                numbers = [int(each) if each.isdigit() else each for each in found.groups()]
                return does(*numbers, body={**dict(request.query), **body})
        return _json({"code": 0, "message": f"no such route: {called}"}, 404)

    def _me(self, body: Json) -> web.Response:
        return _json(self.user(BOT))

    def _application(self, body: Json) -> web.Response:
        return _json(
            {
                "id": str(APPLICATION),
                "name": "Desk",
                "icon": None,
                "description": "",
                "summary": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "",
                "owner": self.user(1),
                "flags": self.flags,
                "team": None,
            }
        )

    def _gateway_bot(self, body: Json) -> web.Response:
        limit = {
            "total": 1_000,
            "remaining": 1_000,
            "reset_after": 0,
            "max_concurrency": 1,
        }
        url = self.url.replace("http", "ws", 1) + "/gateway"
        return _json({"url": url, "shards": self.shards, "session_start_limit": limit})

    def _guilds(self, body: Json) -> web.Response:
        return _json([{"id": str(GUILD), "name": "Home", "permissions": self.permissions}])

    def _one_guild(self, guild: int, body: Json) -> web.Response:
        return _json(self.server())

    def _one_member(self, guild: int, user: int, body: Json) -> web.Response:
        return _json(self.member(user))

    def _active_threads(self, guild: int, body: Json) -> web.Response:
        open_ones = [
            each
            for each in self.channels.values()
            if each["type"] in {11, 12} and not each["thread_metadata"]["archived"]
        ]
        return _json({"threads": open_ones, "members": []})

    def _open_dm(self, body: Json) -> web.Response:
        return _json(self.channels[self.dm(int(body["recipient_id"]))])

    def _get_channel(self, channel: int, body: Json) -> web.Response:
        found = self.channels.get(channel)
        return _json(found) if found else _no(404, 10003)

    def _change_channel(self, channel: int, body: Json) -> web.Response:
        self.channels[channel]["thread_metadata"].update(body)
        return _json(self.channels[channel])

    def _history(self, channel: int, body: Json) -> web.Response:
        if channel not in self.channels:
            return _no(404, 10003)
        found = sorted(self.messages[channel], key=lambda each: int(each["id"]))
        limit = int(body.get("limit", 50))
        if "after" in body:
            found = [each for each in found if int(each["id"]) > int(body["after"])][:limit]
        elif "before" in body:
            found = [each for each in found if int(each["id"]) < int(body["before"])][-limit:]
        else:
            found = found[-limit:]
        return _json([self.as_event(each) for each in reversed(found)])

    def _one_message(self, channel: int, message: int, body: Json) -> web.Response:
        found = self.find(channel, message)
        return _json(found) if found else _no(404, 10008)

    async def _post(self, channel: int, body: Json) -> web.Response:
        wrong = self._closed(channel) or self._wrong(body)
        if wrong is not None:
            return wrong
        if body.get("enforce_nonce") and body.get("nonce") in self._nonces:
            return _json(self._nonces[body["nonce"]])
        made = self.message(BOT, channel, body.get("content") or "", **_shown(body))
        made["attachments"] = [self._uploaded(each, made) for each in made["attachments"]]
        if body.get("enforce_nonce"):
            self._nonces[body["nonce"]] = made
        await self.emit_message(made)
        return _json(made)

    def _uploaded(self, attachment: Json, message: Json) -> Json:
        url = f"{self.url}/store/{message['id']}"
        return {**attachment, "size": 1, "url": url, "proxy_url": url}

    def _closed(self, channel: int) -> web.Response | None:
        """Why nothing can be posted in this channel."""
        place = self.channels.get(channel)
        if place is None:
            return _no(404, 10003)
        if place["type"] == 1 and int(place["recipients"][0]["id"]) in self.closed_to:
            return _no(403, 50007)
        if place["type"] == 15:
            return _no(400, 50008)
        locked = place.get("thread_metadata", {}).get("locked")
        return _no(400, 50083) if locked else None

    def _wrong(self, body: Json) -> web.Response | None:
        why = refused(body)
        if why is not None:
            self.refusals.append(why)
            return _no(400, 50035)
        if calls_somebody(body):
            self.pings.append(body)
        return None

    def forget_nonces(self) -> None:
        """Some minutes have passed."""
        self._nonces.clear()

    def _edit(self, channel: int, message: int, body: Json) -> web.Response:
        found = self.find(channel, message)
        if found is None:
            return _no(404, 10008)
        wrong = self._wrong(body)
        if wrong is None:
            found.update(
                _shown(body), content=body.get("content") or "", edits=found.get("edits", 0) + 1
            )
        return wrong or _json(found)

    def _delete(self, channel: int, message: int, body: Json) -> web.Response:
        found = self.find(channel, message)
        if found is None:
            return _no(404, 10008)
        self.messages[channel].remove(found)
        return web.Response(status=204)

    def _begin_thread(self, channel: int, message: int, body: Json) -> web.Response:
        if message in self.channels:
            return _no(400, 160004)
        found = self.find(channel, message)
        if found is None:
            return _no(404, 10008)
        found["thread"] = {"id": str(message)}
        return _json(self.thread(message, 11, channel, body["name"]))

    async def _make_thread(self, channel: int, body: Json) -> web.Response:
        if self.channels[channel]["type"] == 15:
            wrong = self._wrong(body["message"])
            if wrong is not None:
                return wrong
            number = self.id()
            made = self.thread(number, 11, channel, body["name"])
            content = body["message"].get("content") or ""
            self.message(BOT, number, content, id=number, **_shown(body["message"]))
            return _json(made)
        made = self.thread(self.id(), body["type"], channel, body["name"])
        await self.emit("THREAD_CREATE", {**made, "guild_id": str(GUILD)})
        return _json(made)

    def _add_to_thread(self, thread: int, user: int, body: Json) -> web.Response:
        self.channels[thread]["members"].append(user)
        return web.Response(status=204)

    def _react(self, channel: int, message: int, emoji: str, body: Json) -> web.Response:
        self.reactions.append(("+", message, emoji))
        return web.Response(status=204)

    def _unreact(self, channel: int, message: int, emoji: str, body: Json) -> web.Response:
        self.reactions.append(("-", message, emoji))
        return web.Response(status=204)

    def _sync(self, application: int, body: Json) -> web.Response:
        self.commands = body["list"]
        return _json(self.commands)

    def _callback(self, interaction: int, token: str, body: Json) -> web.Response:
        self.took[token] = time.monotonic() - self.asked_at[token]
        if self.took[token] > FIRST_ANSWER:
            return _no(404, 10062)
        if token in self.firsts:
            return _no(400, 40060)
        wrong = refused_modal(body["data"]) if body["type"] == 9 else None
        if wrong is not None:
            self.refusals.append(wrong)
            return _no(400, 50035)
        self.firsts[token] = body
        if body["type"] == 4:
            self.answers[token].append(body["data"])
        return web.Response(status=204)

    def _original(self, application: int, token: str, body: Json) -> web.Response:
        return self._follow_up(application, token, body)

    def _follow_up(self, application: int, token: str, body: Json) -> web.Response:
        if token.startswith("expired"):
            return _no(401, 50027)
        wrong = self._wrong(body)
        if wrong is None:
            self.answers[token].append(body)
        return wrong or _json({"id": str(self.id()), **body})

    async def store(self, request: web.Request) -> web.Response:
        """Discord's store of files."""
        found = self.files.get(request.match_info["name"])
        return web.Response(body=found) if found is not None else web.Response(status=404)


ROUTES = (
    ("GET", "/users/@me", "_me"),
    ("GET", "/oauth2/applications/@me", "_application"),
    ("GET", "/gateway/bot", "_gateway_bot"),
    ("GET", "/users/@me/guilds", "_guilds"),
    ("GET", r"/guilds/(\d+)", "_one_guild"),
    ("GET", r"/guilds/(\d+)/members/(\d+)", "_one_member"),
    ("GET", r"/guilds/(\d+)/threads/active", "_active_threads"),
    ("POST", "/users/@me/channels", "_open_dm"),
    ("GET", r"/channels/(\d+)", "_get_channel"),
    ("PATCH", r"/channels/(\d+)", "_change_channel"),
    ("GET", r"/channels/(\d+)/messages", "_history"),
    ("POST", r"/channels/(\d+)/messages", "_post"),
    ("GET", r"/channels/(\d+)/messages/(\d+)", "_one_message"),
    ("PATCH", r"/channels/(\d+)/messages/(\d+)", "_edit"),
    ("DELETE", r"/channels/(\d+)/messages/(\d+)", "_delete"),
    ("POST", r"/channels/(\d+)/messages/(\d+)/threads", "_begin_thread"),
    ("POST", r"/channels/(\d+)/threads", "_make_thread"),
    ("PUT", r"/channels/(\d+)/thread-members/(\d+)", "_add_to_thread"),
    ("PUT", r"/channels/(\d+)/messages/(\d+)/reactions/([^/]+)/@me", "_react"),
    ("DELETE", r"/channels/(\d+)/messages/(\d+)/reactions/([^/]+)/@me", "_unreact"),
    ("PUT", r"/applications/(\d+)/commands", "_sync"),
    ("POST", r"/interactions/(\d+)/([^/]+)/callback", "_callback"),
    ("PATCH", r"/webhooks/(\d+)/([^/]+)/messages/@original", "_original"),
    ("POST", r"/webhooks/(\d+)/([^/]+)", "_follow_up"),
)


def _shown(body: Json) -> Json:
    kept = ("embeds", "components", "flags", "nonce", "attachments", "message_reference")
    return {name: body[name] for name in kept if name in body}


def _no(status: int, code: int) -> web.Response:
    return _json({"code": code, "message": "no"}, status)


def _json(said: Any, status: int = 200, headers: Json | None = None) -> web.Response:
    """discord.py reads an answer only where its type is exactly this."""
    more = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(said).encode(), status=status, headers=more)


async def _body(request: web.Request) -> Json:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        body: Json = json.loads(str(form["payload_json"]))
        names = [name for name in form if name.startswith("files[")]
        body["files"] = {
            form[name].filename: form[name].file.read()  # type: ignore[union-attr]
            for name in names
        }
        return body
    if not request.can_read_body:
        return {}
    said = await request.json()
    return said if isinstance(said, dict) else {"list": said}


@asynccontextmanager
async def running() -> AsyncIterator[StandIn]:
    """A stand-in on loopback, for as long as it is wanted."""
    stand_in = StandIn()
    app = web.Application(client_max_size=1 << 25)
    app.router.add_get("/gateway", stand_in.gateway)
    app.router.add_get("/store/{name}", stand_in.store)
    app.router.add_route("*", "/api/v10/{path:.*}", stand_in.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand_in.url = "http://{}:{}".format(*runner.addresses[0][:2])
    try:
        yield stand_in
    finally:
        await runner.cleanup()
