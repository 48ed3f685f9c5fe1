"""The public pages without a script: found, filed, returned, followed, and nobody else's business."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from core.desk import Desk
from core.model import Ticket
from core.storage.database import Database
from core.vocabulary import OPERATOR, Stage
from knowledge_base.library import Library
from tests.bots.webchat.visitor import hire
from tests.outbox import Outbox
from tests.web.public.conftest import EMAIL
from web.public.colour import DARK, ENOUGH, LIGHT, contrast, luminance, readable

CODE = re.compile(r"\b\d{6}\b")
NEW = {"words": "the printer smokes", "email": EMAIL, "name": "Ana"}
PICTURE = {"files": ("smoke.png", b"\x89PNG", "image/png")}


async def test_the_front_page_leads_to_the_articles_by_category(client: httpx.AsyncClient) -> None:
    page = await client.get("/")

    assert page.url.path == "/help"
    assert [page.text.index(each) for each in ("account", "Change your", "Reset your", "returns")]
    assert "canary-77" not in page.text
    assert "Secret lamp" not in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("pass", "Reset your password"),
        ("send lamp", "Send a lamp back"),
        ("settings", "Change your address"),
        ("I forgot my password", "Reset your password"),
        ("vergessen", "Reset your password"),  # in its German words
        ("zurucksetzen", "Reset your password"),
        ("pack", "Send a lamp back"),
    ],
)
async def test_an_article_is_found_by_its_words(
    client: httpx.AsyncClient, asked: str, found: str
) -> None:
    page = await client.get("/help", params={"q": asked})

    first = re.search(r'<ul class="articles">\s*<li><a[^>]*>([^<]+)<', page.text)
    assert first is not None
    assert first[1] == found


@pytest.mark.parametrize("asked", ["canary-77", "zzzz", "%zz", "\x00zz", "x" * 5_000])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, asked: str) -> None:
    page = await client.get("/help", params={"q": asked})

    assert page.status_code == 200
    assert 'class="articles"' not in page.text


async def test_articles_for_staff_are_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.get("/help/articles/secret")).status_code == 404
    assert (await client.get("/help/articles/nonsense")).status_code == 404


async def test_an_article_is_read_in_the_readers_language(client: httpx.AsyncClient) -> None:
    german = await client.get(
        "/help/articles/reset-password", headers={"accept-language": "fr;q=0.3, de-AT"}
    )
    chosen = await client.get("/help/articles/reset-password?lang=es")
    kept = await client.get("/help")

    assert "Passwort zurücksetzen" in german.text
    assert "War das hilfreich?" in german.text
    assert "Reset your password" in chosen.text  # there is none in Spanish
    assert "¿Le ha sido útil?" in chosen.text
    assert "Centro de ayuda" in kept.text


async def test_what_readers_say_of_an_article_is_counted(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    at = "/help/articles/send-back"
    said = await client.post(at, data={"helpful": "yes", "q": "how to return a lamp"})
    await client.post(at, data={"helpful": "no"})
    library = Library.beside(desk)
    await library.digest()

    article = (await library.article(OPERATOR, "send-back")).article
    assert (article.helpful, article.unhelpful) == (1, 1)
    assert [each.text for each in await library.proposals(OPERATOR)] == ["how to return a lamp"]
    assert (await desk.deflection(OPERATOR))[Stage.SOLVED] == 1
    assert "Thank you" in said.text


async def test_a_request_goes_to_the_desk_and_is_followed_on_its_page(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    grace = await hire(desk)
    page = await client.post("/help/new", data={**NEW, "order": "A-1001"}, files=PICTURE)
    await desk.fetcher.fetch_due()
    await desk.reply(grace, 1, "On my **way**.")
    await desk.note(grace, 1, "canary-88")
    page = await client.get(page.url)

    assert page.url.path.startswith("/requests/")
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "the printer smokes" in page.text
    assert "On my <strong>way</strong>." in page.text
    assert "canary-88" not in page.text
    picture = re.search(r'<img src="(/files/\w{32})" alt="smoke.png"', page.text)
    assert picture is not None
    assert (await client.get(picture[1])).content == b"\x89PNG"
    profile = await desk.customer(grace, "#1")
    assert (profile.customer.name, profile.customer.email) == ("Ana", EMAIL)

    again = await client.post(page.url.path, data={"text": "It is worse.", "once": "abcd1234"})
    assert "It is worse." in again.text
    transcript = await client.get(f"{page.url.path}/transcript/1")
    assert transcript.headers["content-disposition"].startswith("attachment")
    assert "It is worse." in transcript.text
    assert "canary-88" not in transcript.text


async def test_it_is_resolved_reopened_confirmed_and_rated_there(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    grace = await hire(desk)
    at = (await client.post("/help/new", data=NEW)).url.path

    async def press(label: str) -> httpx.Response:
        await desk.courier.deliver_due()
        page = (await client.get(at)).text
        form = re.search(
            rf'name="action" value="([^"]+)">\s*<input[^>]*value="([^"]+)">\s*<button[^>]*>{label}',
            page,
        )
        assert form is not None, page
        return await client.post(f"{at}/press", data={"action": form[1], "value": form[2]})

    await desk.resolve(grace, 1)
    await press("It is not solved")
    assert (await desk.ticket(grace, 1)).ticket.status.value in {"new", "open"}
    await desk.resolve(grace, 1)
    await press("👍 That solved it")
    assert (await desk.ticket(grace, 1)).ticket.status.value == "closed"
    rated = await press("😍 5")
    assert "You gave us" in rated.text
    assert (await desk.satisfaction(OPERATOR, days=30)).average == 5


async def test_an_article_that_answers_is_offered_before_a_person_is_asked(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    asked = {**NEW, "words": "how do I reset my password?"}
    suggested = await client.get("/help/new/suggested", params={"text": asked["words"]})
    solved = await client.post(
        "/help/new/solved", data={"question": asked["words"], "article": "reset-password"}
    )
    offered = await client.post("/help/new", data=asked)
    handed_over = await client.post("/help/new", data={**asked, "suggested": "yes"})

    assert "Reset your password" in suggested.text
    assert "Glad that helped" in solved.text
    assert "🙋 Talk to a person" in offered.text
    assert "ticket #1" in handed_over.text
    counted = await desk.deflection(OPERATOR)
    assert (counted[Stage.SOLVED], counted[Stage.HANDED_OVER], counted[Stage.ASKED]) == (1, 1, 1)


async def test_the_same_form_twice_is_one_request(client: httpx.AsyncClient, desk: Desk) -> None:
    first = await client.post("/help/new", data={**NEW, "once": "a" * 32})
    second = await client.post("/help/new", data={**NEW, "once": "a" * 32})

    assert first.url == second.url
    assert "ticket #2" not in second.text


async def test_a_return_is_asked_for_by_order_code_and_pieces(
    client: httpx.AsyncClient, desk: Desk, mailbox: Outbox
) -> None:
    grace = await hire(desk)
    page = await client.post("/help/return", data={"order": "A-1001", "email": EMAIL})
    await desk.courier.deliver_due()
    code = CODE.search(mailbox.texts(EMAIL)[-1])
    assert code is not None
    at = str(page.url)
    wrong = await client.post(at, data={"order": "A-1001", "code": "000000"})
    assert wrong.status_code == 422
    pieces = await client.post(at, data={"order": "A-1001", "code": code[0]})
    assert 'name="quantity.LAMP-1"' in pieces.text
    nothing = await client.post(at, data={"order": "A-1001", "reason": "defective"})
    assert "Nothing is chosen yet" in nothing.text

    chosen = {"order": "A-1001", "quantity.LAMP-1": "1", "reason": "defective", "wish": "exchange"}
    followed = await client.post(at, data=chosen, files=PICTURE)

    assert followed.url.path.startswith("/requests/")
    (made,) = await desk.returns_of(grace, 1)
    assert (made.order.number, made.wish.value, made.what) == ("A-1001", "exchange", "1 × Lamp")


async def test_who_does_not_know_the_address_learns_nothing(client: httpx.AsyncClient) -> None:
    def told(page: httpx.Response, number: str) -> str:
        return page.text.replace(number, "…").replace(page.url.path, "…")

    hers = await client.post("/help/return", data={"order": "A-1001", "email": "x@example.org"})
    none = await client.post("/help/return", data={"order": "Z-9999", "email": "x@example.org"})

    assert told(hers, "A-1001") == told(none, "Z-9999")


async def test_a_link_opens_a_request_until_long_after_its_end(
    client: httpx.AsyncClient, desk: Desk, database: Database
) -> None:
    grace = await hire(desk)
    at = (await client.post("/help/new", data=NEW)).url.path
    await desk.resolve(grace, 1)
    seen = [(await client.get(at)).status_code]
    for days in (89, 91):
        ended = datetime.now(UTC) - timedelta(days=days)
        async with database.transaction() as session:
            closed = {"status": "closed", "closed_at": ended, "resolved_at": ended}
            await session.execute(update(Ticket).values(**closed))
        seen.append((await client.get(at)).status_code)
    over = await client.get(at, headers={"accept-language": "de"})
    late = [
        await client.post(at, data={"text": "Hello?"}),
        await client.post(f"{at}/press", data={"action": "request reopen", "value": "1"}),
        await client.get(f"{at}/transcript/1"),
    ]

    assert seen == [200, 200, 410]
    assert "90" in over.text
    assert NEW["words"] not in over.text
    assert 'href="/help/new"' in over.text
    assert [each.status_code for each in late] == [410, 410, 410]


async def test_a_request_is_nobody_elses(client: httpx.AsyncClient, desk: Desk) -> None:
    grace = await hire(desk)
    await client.post("/help/new", data=NEW)
    other = (await client.post("/help/new", data={**NEW, "words": "the lamp hums"})).url.path
    await desk.resolve(grace, 1)

    assert (await client.get(f"{other}/transcript/1")).status_code == 404
    for action in ("request confirm", "request reopen", "ticket resolve", "ticket reply"):
        answer = await client.post(f"{other}/press", data={"action": action, "value": "1"})
        assert answer.status_code == 422
        assert "printer" not in answer.text
    for wrong in ("x", "v1", other.removeprefix("/requests/")[:-1]):
        assert (await client.get(f"/requests/{wrong}")).status_code == 404
        assert (await client.post(f"/requests/{wrong}", data={"text": "x"})).status_code == 404


async def test_other_sites_cannot_send_and_nobody_without_end(client: httpx.AsyncClient) -> None:
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert (await client.post("/help/new", data=NEW, headers=elsewhere)).status_code == 403
    answers = [await client.post("/help/new", data=NEW) for _ in range(31)]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * 41_000_000, "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"\xff\xfe", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"words=" + b"x" * 200_000, "application/x-www-form-urlencoded"),
    ],
    ids=["too large", "no boundary", "no parts", "no form", "a field too large"],
)
async def test_nonsense_is_refused_in_words(
    client: httpx.AsyncClient, body: bytes, kind: str
) -> None:
    answer = await client.post("/help/new", content=body, headers={"content-type": kind})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("accent", ["#ffd400", "#000000", "#ffffff", "#7a7a7a", "#1f5fbf"])
def test_any_colour_becomes_one_that_can_be_read(accent: str) -> None:
    for ground in ("#f6f5f2", "#ffffff", "#16181b", "#101214"):
        assert (
            contrast(readable(accent, on=LIGHT if luminance(ground) > 0.5 else DARK), ground)
            >= ENOUGH
        )
