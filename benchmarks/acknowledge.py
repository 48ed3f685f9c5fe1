"""How fast Slack is answered, against a bare Bolt app that does nothing, in the same run."""

from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.databases import fresh
from benchmarks.measure import Measured, interleaved
from bots.slack.connect import SlackSettings, connect
from core.desk import Desk
from tests.bots.slack import stand_in
from tests.bots.slack.workspace import Workspace

ROUNDS, BATCH = 6, 100


class Bare:
    """A Bolt app as the tutorial has it: it acknowledges, and that is all."""

    def __init__(self) -> None:
        app = AsyncApp(
            client=AsyncWebClient(token=stand_in.BOT_TOKEN),
            signing_secret=stand_in.SECRET,
            authorize=_known,
            process_before_response=True,
        )

        @app.command("/ticket")
        async def command(ack: Any) -> None:
            await ack()

        @app.event("message")
        async def message() -> None:
            pass

        self._bolt = AsyncSlackRequestHandler(app)

    def routes(self) -> list[Route]:
        return [Route("/slack/events", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        return await self._bolt.handle(request)


async def _known() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None,
        team_id=stand_in.TEAM,
        bot_token=stand_in.BOT_TOKEN,
        bot_id="B0BOT",
        bot_user_id=stand_in.BOT,
    )


async def measure() -> dict[str, Any]:
    """p50 and p99 of an acknowledged slash command and of a stored message, in milliseconds."""
    async with fresh("sqlite") as database, stand_in.running() as server:
        slack = await connect(
            SlackSettings(stand_in.BOT_TOKEN, signing_secret=stand_in.SECRET, api_url=server.url)
        )
        desk = Desk(database)
        slack.attach(desk)
        ours, bare = Workspace(slack, server), Workspace(Bare(), server)  # type: ignore[arg-type]
        try:
            commands = await interleaved(
                {
                    "ours": lambda _: ours.command("U1ALICE", "/ticket list"),
                    "bare": lambda _: bare.command("U1ALICE", "/ticket list"),
                },
                rounds=ROUNDS,
                batch=BATCH,
                at_once=1,
                between=slack.settle,
            )
            messages = await interleaved(
                {
                    "ours": lambda n: ours.dm(f"U{n}", "my lamp is broken"),
                    "bare": lambda n: bare.dm(f"U{n}", "my lamp is broken"),
                },
                rounds=ROUNDS,
                batch=BATCH // 2,
                at_once=1,
                between=slack.settle,
            )
            return {**_compared("command", commands), **_compared("message", messages)}
        finally:
            await ours.close()
            await bare.close()
            await slack.close()


def _compared(what: str, measured: dict[str, Measured]) -> dict[str, float]:
    ours, bare = measured["ours"], measured["bare"]
    return {
        f"{what}_p50_ms": round(ours.percentile(0.5), 2),
        f"{what}_p99_ms": round(ours.percentile(0.99), 2),
        f"bare_{what}_p50_ms": round(bare.percentile(0.5), 2),
        f"bare_{what}_p99_ms": round(bare.percentile(0.99), 2),
        f"{what}_p50_over_bare": round(ours.percentile(0.5) / bare.percentile(0.5), 2),
        f"{what}_p99_over_bare": round(ours.percentile(0.99) / bare.percentile(0.99), 2),
    }
