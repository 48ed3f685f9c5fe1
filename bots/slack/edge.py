"""The HTTP edge: nothing reaches Bolt that Slack did not sign, and nothing malformed is a crash.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/slack/events"
INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
BODY_AT_MOST = 1 << 20  # bytes
AGE_AT_MOST = 300  # seconds; an older signature may be a recording

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


def route(app: AsyncApp, secret: str, clock: Callable[[], float] = time.time) -> Route:
    """``POST /slack/events`` for an app whose own verification is off."""
    bolt = AsyncSlackRequestHandler(app)

    async def take(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        signature = request.headers.get("x-slack-signature", "")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        if not signed(secret, body, timestamp, signature, now=clock()):
            return Response(status_code=401)
        if not _readable(body, request.headers.get("content-type", "")):
            return Response(status_code=400)
        return await bolt.handle(_again(request, body))

    return Route(PATH, take, methods=["POST"])


def signed(secret: str, body: bytes, timestamp: str, signature: str, *, now: float) -> bool:
    """Whether Slack signed this body, lately. Never raises, whatever it is given."""
    if not _TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > AGE_AT_MOST:
        return False
    said = b"v0:" + timestamp.encode() + b":" + body
    wanted = "v0=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "surrogateescape"))


async def _body(request: Request) -> bytes | None:
    """The whole body; None where it is larger than anything Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_AT_MOST:
            return None
    return body


def _readable(body: bytes, content_type: str) -> bool:
    """Whether Bolt can read it: an object in JSON, or a form."""
    try:
        text = body.decode()
        if content_type.startswith("application/x-www-form-urlencoded"):
            inner = parse_qs(text).get("payload")
            return inner is None or isinstance(json.loads(inner[0]), dict)
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _again(request: Request, body: bytes) -> Request:
    """The request with its body to be read once more."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
