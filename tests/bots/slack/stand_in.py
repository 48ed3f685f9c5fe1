"""A small Slack of our own: its Web API and Socket Mode, with every failure it can have.

It keeps what it is sent as Slack would, refuses what Slack would refuse, and fails on request.
"""

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bots.slack.limits import refused
from tests.bots.slack.stand_in_more import More

TEAM, BOT, STAFF = "T01HOME", "U0BOT", "C0STAFF"
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-stand-in", "xapp-stand-in", "a signing secret"
ALL_SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,chat:write.customize,commands,"
    "files:read,files:write,groups:history,groups:read,im:history,im:write,links:read,links:write,"
    "metadata.message:read,reactions:read,reactions:write,users:read"
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """How one call fails: an HTTP status, a word of Slack's, a page of HTML, or a broken line.

    ``taken`` breaks the line after the call was carried out, which nobody on our side can see.
    """

    status: int = 200
    error: str | None = None
    retry_after: float | None = None
    html: bool = False
    breaks: bool = False
    taken: bool = False
    hangs: bool = False


RATE_LIMITED = Fault(status=429, error="ratelimited", retry_after=0.05)
RESET_BEFORE = Fault(breaks=True)
RESET_AFTER = Fault(breaks=True, taken=True)


class StandIn(More):
    """The server, and what it was sent. ``posts`` are the messages as they stand, by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""
        self.posts: dict[str, list[Json]] = defaultdict(list)
        self.calls: list[tuple[str, Json]] = []
        self.ephemeral: list[Json] = []
        self.views: list[Json] = []
        self.refusals: list[str] = []
        self.scopes = ALL_SCOPES
        self.names = {"U1ALICE": "Alice", "U2BOB": "Bob", "U3GRACE": "Grace", "U9ROOT": "Root"}
        self.channels: dict[str, Json] = {STAFF: {"id": STAFF, "name": "desk", "is_member": True}}
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.fault_of: Callable[[str, Json], Fault | None] = lambda _method, _args: None
        self.sockets: list[web.WebSocketResponse] = []
        self.connections_said: int | None = None
        self.acked: dict[str, Json] = {}
        self._ts = itertools.count(1)
        self._envelopes = itertools.count(1)
        self._something = asyncio.Event()

    # What tests look at

    def texts(self, channel: str) -> list[str]:
        """Everything readable of each post of a channel, in order."""
        return [readable(post) for post in self.posts[channel]]

    def called(self, method: str) -> list[Json]:
        return [args for name, args in self.calls if name == method]

    def will(self, method: str, *faults: Fault) -> None:
        """What the next calls of a method meet, one each."""
        self.faults[method].extend(faults)

    async def until(self, happened: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait for something to have happened here."""
        async with asyncio.timeout(within):
            while not (found := happened()):
                self._something.clear()
                await self._something.wait()
        return found

    # The Web API

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = self.faults[method].popleft() if self.faults[method] else None
        fault = fault or self.fault_of(method, args)
        if fault is not None and fault.hangs:
            await asyncio.sleep(60)
        if fault is not None and not fault.taken:
            return self._fail(request, fault)
        body = self._carry_out(method, args, token)
        self._something.set()
        if fault is not None:
            return self._fail(request, fault)
        return web.json_response(body, headers={"x-oauth-scopes": self.scopes})

    def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.breaks:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.html:
            return web.Response(status=fault.status, text="<html>oops", content_type="text/html")
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        body = {"ok": False, "error": fault.error}
        return web.json_response(body, status=fault.status, headers=headers)

    def _carry_out(self, method: str, args: Json, token: str) -> Json:
        self.calls.append((method, args))
        if not self._accepts(method, token):
            return {"ok": False, "error": "invalid_auth"}
        known = getattr(self, "_" + method.replace(".", "_"), None)
        if known is None:
            return {"ok": False, "error": "unknown_method"}
        error = refused(args)
        if error is not None:
            self.refusals.append(error)
            return {"ok": False, "error": "invalid_blocks", "detail": error}
        return {"ok": True, **known(args)}

    def _accepts(self, method: str, token: str) -> bool:
        self.used_tokens.add(token)
        if method == "oauth.v2.access":
            return not token
        if method == "apps.connections.open":
            return token == APP_TOKEN
        return token == BOT_TOKEN or token in self.tokens

    def _auth_test(self, _: Json) -> Json:
        return {"team_id": TEAM, "team": "Home", "user_id": BOT, "bot_id": "B0BOT"}

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": self.url.replace("http", "ws", 1) + "/socket"}

    def _conversations_open(self, args: Json) -> Json:
        return {"channel": {"id": direct(args["users"])}}

    def _conversations_info(self, args: Json) -> Json:
        found = self.channels.get(args["channel"])
        return {"channel": found} if found else {"ok": False, "error": "channel_not_found"}

    def _users_info(self, args: Json) -> Json:
        name = self.names.get(args["user"])
        if name is None:
            return {"ok": False, "error": "user_not_found"}
        return {
            "user": {
                "id": args["user"],
                "name": name.lower(),
                "profile": {
                    "display_name": name,
                    "image_192": f"https://pictures.example/{name}.png",
                },
            }
        }

    def _chat_postMessage(self, args: Json) -> Json:  # noqa: N802 - Slack's own name
        channel = args["channel"]
        if channel[0] in "UW":
            channel = direct(channel)
        post = {**args, "ts": self.ts(), "at": time.monotonic(), "edits": 0, "bot_id": "B0BOT"}
        self.posts[channel].append(post)
        return {"channel": channel, "ts": post["ts"]}

    def _chat_update(self, args: Json) -> Json:
        for post in self.posts[args["channel"]]:
            if post["ts"] == args["ts"]:
                post.update(args, edits=post["edits"] + 1)
                return {"channel": args["channel"], "ts": args["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _chat_postEphemeral(self, args: Json) -> Json:  # noqa: N802
        self.ephemeral.append(args)
        return {"message_ts": self.ts()}

    def _conversations_history(self, args: Json) -> Json:
        roots = [post for post in self.posts[args["channel"]] if not post.get("thread_ts")]
        return self._page([*reversed(roots)], args)

    def _conversations_replies(self, args: Json) -> Json:
        posts = self.posts[args["channel"]]
        return self._page([p for p in posts if args["ts"] in {p["ts"], p.get("thread_ts")}], args)

    def _page(self, posts: list[Json], args: Json) -> Json:
        first, size = int(args.get("cursor") or 0), int(args["limit"])
        after = str(first + size) if len(posts) > first + size else ""
        return {
            "messages": posts[first : first + size],
            "response_metadata": {"next_cursor": after},
        }

    def _views_open(self, args: Json) -> Json:
        if args["trigger_id"] == "expired":
            return {"ok": False, "error": "expired_trigger_id"}
        view = {**args["view"], "id": f"V{next(self._ts)}"}
        self.views.append(view)
        return {"view": view}

    def ts(self) -> str:
        """A ts that no other post has."""
        return f"{int(time.time())}.{next(self._ts):06d}"

    async def respond(self, request: web.Request) -> web.Response:
        """A response_url."""
        if request.match_info["id"] == "gone":
            return web.Response(status=404, text="expired_url")
        self.ephemeral.append(await request.json())
        self._something.set()
        return web.Response(text="ok")

    # Socket Mode

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        count = self.connections_said or len(self.open_sockets)
        await socket.send_json({"type": "hello", "num_connections": count})
        self._something.set()
        async for frame in socket:
            ack = frame.json()
            self.acked[ack["envelope_id"]] = ack.get("payload") or {}
            self._something.set()
        self._something.set()
        return socket

    @property
    def open_sockets(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self.sockets if not socket.closed]

    async def push(self, kind: str, payload: Json) -> str:
        """Send an envelope over the newest connection; its id."""
        envelope = f"e{next(self._envelopes)}"
        frame = {"type": kind, "envelope_id": envelope, "payload": payload}
        await self.open_sockets[-1].send_json(frame)
        return envelope

    async def disconnect(self, reason: str) -> None:
        """Ask the newest connection to go, as Slack does every few hours."""
        await self.open_sockets[-1].send_json({"type": "disconnect", "reason": reason})


def direct(user: str) -> str:
    """The DM channel of a person."""
    return f"D{user[1:]}"


def readable(post: Json) -> str:
    """All the words of a post's blocks."""
    return "\n".join(_words(post.get("blocks") or []) or [post.get("text", "")])


def _words(node: Any) -> list[str]:
    if isinstance(node, list):
        return [word for each in node for word in _words(each)]
    if not isinstance(node, dict):
        return []
    if isinstance(node.get("text"), str):
        return [node["text"]]
    return [word for key in ("text", "fields", "elements") for word in _words(node.get(key))]


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        body: Json = await request.json()
        return body
    return {**request.query, **{key: str(value) for key, value in (await request.post()).items()}}


@asynccontextmanager
async def running() -> AsyncIterator[StandIn]:
    """A stand-in on loopback, for as long as it is wanted."""
    stand_in = StandIn()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/api/{method}", stand_in.answer)
    app.router.add_post("/respond/{id}", stand_in.respond)
    app.router.add_post("/files/{id}", stand_in.take_content)
    app.router.add_get("/files/{id}", stand_in.give_content)
    app.router.add_get("/socket", stand_in.socket)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand_in.url = "http://{}:{}".format(*runner.addresses[0][:2])
    try:
        yield stand_in
    finally:
        await runner.cleanup()
