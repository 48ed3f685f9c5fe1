"""The widget's requests: one's own conversation and no other, once, and at a bearable pace."""

import gzip
import hashlib
import hmac
import json
import time
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bots.webchat import script
from bots.webchat.channel import WebChannel
from bots.webchat.pace import Limit
from bots.webchat.routes import routes
from core.desk import Desk
from core.storage.database import Database
from tests.bots.webchat.conftest import SECRET
from tests.bots.webchat.visitor import Visitor, ended, hire

CANARY = "canary-5cc1e2"


async def test_a_question_is_answered_by_an_article_and_solved(ana: Visitor) -> None:
    assert (await ana.say("how do I reset my password?"))["outcome"] == "suggested"
    offer = (await ana.posts())[-1]["card"]
    assert offer["excerpts"][0]["title"] == "Reset your password"

    solved = next(each for each in offer["buttons"] if each["action"] == "enquiry solved")
    answer = await ana.post("press", action=solved["action"], value=solved["value"])

    assert answer["card"]["text"].startswith("👍")


async def test_a_ticket_is_answered_and_notes_never_cross(ana: Visitor, desk: Desk) -> None:
    grace = await hire(desk)
    await ana.say("the printer smokes")
    await desk.note(grace, 1, CANARY)
    await desk.reply(grace, 1, "On my way.")
    await desk.courier.deliver_due()

    answer = await ana.client.get("/widget/state", headers=ana.headers)

    assert "On my way." in await ana.texts()
    assert CANARY not in answer.text
    assert str(grace) not in answer.text


async def test_a_visitor_sees_their_own_conversation_only(ana: Visitor, ben: Visitor) -> None:
    await ana.say(f"the printer smokes {CANARY}")
    await ben.say("the lamp hums")

    assert CANARY in "\n".join(await ana.texts())
    assert CANARY not in json.dumps(await ben.posts())
    for request in ("enquiry person", "request confirm", "request reopen"):
        answer = await ben.post("press", action=request, value="1")
        assert answer["ok"] is False
        assert CANARY not in json.dumps(answer)


@pytest.mark.parametrize(
    "secret", ["", "x", "Bearer", "u-1", "v1", "ü", "a" * 5_000, "' OR 1=1 --"]
)
async def test_without_a_good_secret_nothing_is_seen_or_said(ana: Visitor, secret: str) -> None:
    await ana.say("the printer smokes")
    headers = {b"authorization": f"Bearer {secret}".encode()}

    for path in ("state", "live"):
        assert (await ana.client.get(f"/widget/{path}", headers=headers)).status_code == 401
    for path in ("say", "press", "submit", "introduce"):
        answer = await ana.client.post(f"/widget/{path}", headers=headers, json={})
        assert answer.status_code == 401


async def test_the_same_message_again_is_one_message(ana: Visitor) -> None:
    picture = ("smoke.png", "image/png", b"\x89PNG")
    for _ in range(3):
        assert (await ana.say("the printer smokes", post="post-again", files=[picture]))["ok"]

    assert (await ana.texts()).count("the printer smokes") == 1


async def test_a_file_survives_a_process_that_ends_before_it_is_fetched(
    ana: Visitor, desk: Desk, channel: WebChannel, tmp_path: Path
) -> None:
    await ana.begin()
    content = {"name": "smoke.png", "type": "image/png", "content": "iVBORw=="}
    fields = {"id": "post-0001", "text": "look", "files": [content]}
    await ana.client.post("/widget/say", headers=ana.headers, json=fields)
    desk.courier.add("web", WebChannel(desk.house.files))
    await desk.fetcher.fetch_due()

    (shown,) = (await ana.posts())[0]["files"]
    answer = await ana.client.get(shown["url"])

    assert answer.content == b"\x89PNG"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1  # not a second time as it was uploaded


@pytest.mark.parametrize(("name", "kind"), [("a.svg", "image/svg+xml"), ("a.html", "text/html")])
async def test_what_could_run_is_downloaded(ana: Visitor, name: str, kind: str) -> None:
    await ana.say("look", files=[(name, kind, b"<script>alert(1)</script>")])
    (shown,) = (await ana.posts())[0]["files"]

    answer = await ana.client.get(shown["url"])

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_buttons_of_staff_are_no_buttons_here(ana: Visitor, desk: Desk) -> None:
    await hire(desk)
    await ana.say("the printer smokes")

    for action in ("ticket resolve", "ticket reply", "agent add", "key add", "nonsense"):
        answer = await ana.post("press", action=action, value="1")
        assert answer["error"] == "UnknownCommand"


async def test_the_word_of_the_site_makes_one_customer_on_all_devices(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    until = int(time.time()) + 600
    signature = hmac.new(SECRET.encode(), f"42.{until}".encode(), hashlib.sha256).hexdigest()
    voucher = {"account": "42", "until": until, "signature": signature}
    phone, laptop, stranger = (Visitor(client, desk) for _ in range(3))
    await phone.begin(voucher=voucher)
    await phone.say("the printer smokes")
    await laptop.begin(voucher=voucher)

    assert "the printer smokes" in await laptop.texts()
    refused = await stranger.begin(voucher=voucher | {"account": "43"})
    assert refused["error"] == "NotVouched"


async def test_who_they_are_is_kept_and_a_wrong_address_refused(ana: Visitor, desk: Desk) -> None:
    await ana.say("the printer smokes")

    assert (await ana.post("introduce", name="Ana", email="no address"))["error"] == "NoAddress"
    assert (await ana.post("introduce", name="Ana", email="ana@example.org"))["ok"] is True

    profile = await desk.customer(await hire(desk), "#1")
    assert (profile.customer.name, profile.customer.email) == ("Ana", "ana@example.org")


@pytest.mark.parametrize(("days", "is_over"), [(89, False), (91, True)])
async def test_a_conversation_is_shown_until_long_after_its_end(
    ana: Visitor, desk: Desk, database: Database, days: int, is_over: bool
) -> None:
    ana.secret = await ended(desk, database, days=days)

    state = (await ana.client.get("/widget/state", headers=ana.headers)).json()
    words = (await ana.client.get("/widget/words?language=de")).json()["words"]

    assert state["over"] is is_over
    assert ("the printer smokes" in str(state["posts"])) is not is_over
    assert "90 Tagen" in words["over"]


async def test_what_is_written_after_the_end_begins_a_new_conversation(
    ana: Visitor, desk: Desk, database: Database
) -> None:
    ana.secret = await ended(desk, database, days=91)

    await ana.say("how do I reset my password?")
    asked = (await ana.client.get("/widget/state", headers=ana.headers)).json()
    await ana.say("the lamp hums, a person please")
    texts = await ana.texts()

    assert asked["over"] is False
    assert asked["posts"][0]["card"]["text"] == "how do I reset my password?"
    assert "the lamp hums, a person please" in texts
    assert "the printer smokes" not in str(texts)


async def test_too_much_at_once_is_refused(ana: Visitor, desk: Desk) -> None:
    await ana.begin()
    small = [("a.txt", "text/plain", b"x")]
    assert (await ana.say("x" * 20_001))["status"] == 413
    assert (await ana.say("look", files=small * 11))["status"] == 413
    assert (await ana.say("x" * 41_000_000))["status"] == 413
    assert (await ana.say(" "))["error"] == "NothingWritten"

    answers = [await ana.say("again") for _ in range(Limit.SAYING.value)]
    assert answers[-1]["status"] == 429
    assert await ana.posts()  # looking still goes


async def test_one_address_cannot_begin_without_end(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/widget/begin", json={}) for _ in range(Limit.BEGINNING.value + 1)
    ]

    assert [each.status_code for each in answers[:-1]] == [200] * Limit.BEGINNING.value
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"] == "60"


async def test_sites_that_are_not_named_cannot_ask(desk: Desk, channel: WebChannel) -> None:
    ask = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    app = Starlette(routes=routes(desk, channel, origins=["https://shop.example"]))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        good = await client.options("/widget/say", headers=ask | {"origin": "https://shop.example"})
        bad = await client.options("/widget/say", headers=ask | {"origin": "https://evil.example"})

    assert good.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-credentials" not in good.headers
    assert "access-control-allow-origin" not in bad.headers


async def test_words_are_said_in_the_language_of_the_page(client: httpx.AsyncClient) -> None:
    german = (await client.get("/widget/words?language=de-AT")).json()

    assert german["words"]["send"] == "Senden"
    assert german["open"] is False


async def test_the_script_is_small_and_not_sent_twice(client: httpx.AsyncClient) -> None:
    answer = await client.get("/widget.js")
    again = await client.get("/widget.js", headers={"if-none-match": answer.headers["etag"]})

    assert len(gzip.compress(script.bundle())) < 30_000
    assert again.status_code == 304
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "new Function",
        "document.write",
        ".style",
    ):
        assert forbidden not in answer.text
