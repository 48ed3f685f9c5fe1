"""The gateway of the stand-in: sessions that can be cut, resumed, ended and refused."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bots.discord.world import APPLICATION, BOT, GUILD, Json, World


@dataclass
class Session:
    """One shard's session: what it was told, so that it can be told again."""

    id: str
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None
    log: list[Json] = field(default_factory=list)


class Gateway(World):
    """Tells events to the shards that are connected, and keeps them for those that come back."""

    def __init__(self) -> None:
        super().__init__()
        self.deaf = False  # events are made and reach nobody, now or later
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes = 0
        self.refuse_sockets = 0
        self.refuse_identify: int | None = None  # a close code

    async def emit(self, event: str, data: Json) -> None:
        """Tell the shard whose server it is about; direct messages are told to the first."""
        self._something.set()
        if self.deaf:
            return
        for session in list(self.sessions.values()):
            shard, shards = session.shard
            if (int(data.get("guild_id") or 0) >> 22) % shards == shard:
                await self._tell(session, event, data)

    async def emit_message(self, message: Json) -> None:
        await self.emit("MESSAGE_CREATE", self.as_event(message))

    async def cut(self, *, forget: bool = False) -> None:
        """Break every connection; with ``forget``, no session can be resumed."""
        for session in list(self.sessions.values()):
            socket, session.socket = session.socket, None
            if socket is not None and socket._req is not None and socket._req.transport:
                socket._req.transport.abort()
        if forget:
            self.sessions.clear()

    async def tell_all(self, op: int, data: Any = None) -> None:
        """Send an opcode over every connection: 7 asks to reconnect, 9 ends the session."""
        for session in list(self.sessions.values()):
            if session.socket is not None:
                await session.socket.send_json({"op": op, "d": data})
        if op == 9 and data is False:
            self.sessions.clear()

    @property
    def is_heard(self) -> bool:
        """Whether the bot is connected."""
        return bool(self.sessions) and all(
            each.socket is not None and not each.socket.closed for each in self.sessions.values()
        )

    async def _tell(self, session: Session, event: str, data: Json) -> None:
        told = {"op": 0, "t": event, "s": len(session.log) + 1, "d": data}
        session.log.append(told)
        if session.socket is not None and not session.socket.closed:
            try:
                await session.socket.send_json(told)
            except ConnectionError:
                session.socket = None

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_sockets:
            self.refuse_sockets -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 20_000}})
        session: Session | None = None
        async for frame in socket:
            said = frame.json()
            if said["op"] == 1:
                await socket.send_json({"op": 11, "d": None})
            elif said["op"] == 2:
                session = await self._identify(socket, said["d"])
            elif said["op"] == 6:
                session = await self._resume(socket, said["d"])
            self._something.set()
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, said: Json) -> Session | None:
        self.identifies.append(said)
        if self.refuse_identify is not None:
            await socket.close(code=self.refuse_identify)
            return None
        number, shards = said.get("shard") or (0, 1)
        for name, other in list(self.sessions.items()):
            if other.shard[0] == number:
                del self.sessions[name]
        session = Session(f"session-{next(self._numbers)}", (number, shards), socket)
        self.sessions[session.id] = session
        ours = (GUILD >> 22) % shards == number
        ready = {
            "v": 10,
            "user": self.user(BOT),
            "guilds": [{"id": str(GUILD), "unavailable": True}] if ours else [],
            "session_id": session.id,
            "resume_gateway_url": self.url.replace("http", "ws", 1) + "/gateway",
            "shard": [number, shards],
            "application": {"id": str(APPLICATION), "flags": self.flags},
        }
        await self._tell(session, "READY", ready)
        if ours:
            await self._tell(session, "GUILD_CREATE", self.server())
        return session

    async def _resume(self, socket: web.WebSocketResponse, said: Json) -> Session | None:
        session = self.sessions.get(said["session_id"])
        if session is None:
            await socket.send_json({"op": 9, "d": False})
            return None
        self.resumes += 1
        session.socket = socket
        for told in session.log[said["seq"] :]:
            await socket.send_json(told)
        await self._tell(session, "RESUMED", {})
        return session
