"""What programs do with customers, orders, returns, people, articles, promises and the rest."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from core.desk import Desk
from core.vocabulary import (
    OPERATOR,
    Doing,
    FieldType,
    FieldWanted,
    Role,
    Scope,
)
from tests.clock import MONDAY_MORNING, FakeClock
from tests.rounds import ROUNDS
from tests.scene import hire, open_ticket, person
from tests.web.api import DORA, key, program

SHOP = "custom:shop:user-7"
ORDER = {
    "placed_at": (MONDAY_MORNING - timedelta(days=3)).isoformat(),
    "identity": SHOP,
    "email": "Ana@Example.org",
    "lines": [{"sku": "LAMP-1", "name": "Brass lamp", "quantity": 2, "cents": 4900}],
}
RETURN = {"identity": SHOP, "order": "A-1", "quantities": {"LAMP-1": 1}, "reason": "defective"}


async def test_a_customer_is_found_read_and_kept(desk: Desk) -> None:
    await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        (known,) = (await client.get("/customers")).json()["customers"]
        at = f"/customers/{known['number']}"
        edited = await client.patch(at, json={"email": "Ana@Example.org", "phone": "+351 21 1"})
        await client.post(f"{at}/notes", json={"text": "Prefers mail."})
        by_email = (await client.get("/customers", params={"email": "ana@example.ORG"})).json()
        by_phone = (await client.get("/customers", params={"phone": "+351 21 1"})).json()
        profile = (await client.get(at)).json()
        by_identity = await client.get("/customers", params={"identity": profile["identities"][0]})
        nobody = (await client.get("/customers", params={"email": "b@example.org"})).json()
        exported = (await client.get(f"{at}/export")).json()

    assert edited.json()["email"] == "ana@example.org"
    for found in (by_email, by_phone, by_identity.json()):
        assert [each["number"] for each in found["customers"]] == [known["number"]]
    assert nobody["customers"] == []
    assert [note["text"] for note in profile["notes"]] == ["Prefers mail."]
    assert profile["live_count"] == 1
    assert len(exported["tickets"]) == 1


async def test_a_customer_is_blocked_and_forgotten(desk: Desk) -> None:
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        blocked = await client.post("/customers/1/block")
        again = await client.post("/customers/1/block")
        unblocked = await client.post("/customers/1/unblock")
        live = await client.delete("/customers/1")
        await client.post(f"/tickets/{number}/resolve")
        await desk.confirm(person("ana"), number)
        gone = await client.delete("/customers/1")
        profile = (await client.get("/customers/1")).json()

    assert blocked.json()["blocked_at"] is not None
    assert (again.status_code, unblocked.status_code) == (409, 200)
    assert (live.status_code, live.json()["type"]) == (409, "StillLive")
    assert gone.json() == {"number": 1, "name": "forgotten"}
    assert profile["customer"]["name"] == "forgotten"


async def test_customers_are_listed_page_by_page(desk: Desk) -> None:
    for each in range(5):
        await open_ticket(desk, by=f"c{each}")
    seen: list[int] = []
    async with program(desk, await key(desk)) as client:
        after: int | None = 0
        while after is not None:
            page = (await client.get("/customers", params={"after": after, "limit": 2})).json()
            seen += [each["number"] for each in page["customers"]]
            after = page["next"]

    assert seen == [1, 2, 3, 4, 5]


async def test_an_order_is_said_and_said_anew(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        added = await client.put("/orders/a-1", json=ORDER)
        changed = await client.put("/orders/A-1", json=ORDER | {"status": "shipped"})
        shown = (await client.get("/orders/A-1")).json()
        none = await client.get("/orders/A-2")

    assert (added.status_code, changed.status_code, none.status_code) == (200, 200, 404)
    assert added.json()["email"] == "ana@example.org"
    assert (shown["number"], shown["status"]) == ("A-1", "shipped")
    assert [line["quantity"] for line in shown["lines"]] == [2]


async def test_of_many_orders_each_fault_is_told_and_the_rest_is_kept(desk: Desk) -> None:
    many = [
        {"number": "A-1", **ORDER},
        {"number": "A-1", **ORDER},
        {"number": "A-2", **ORDER, "lines": []},
        {"number": "A-3", **ORDER, "placed_at": "yesterday"},
        {"number": "A-4", **ORDER, "lines": [{"sku": "a"}, {"sku": "A"}]},
        {"number": "A-5", **ORDER, "identity": "nobody"},
        {"number": "A-6", **ORDER},
        {},
    ]
    async with program(desk, await key(desk)) as client:
        first = (await client.post("/orders", json={"orders": many})).json()
        second = (await client.post("/orders", json={"orders": many[:1]})).json()

    assert (first["added"], second["unchanged"]) == (["A-1", "A-6"], ["A-1"])
    assert [each["row"] for each in first["faults"]] == [1, 2, 3, 4, 5, 7]
    assert "placed_at" in first["faults"][2]["fault"]


async def test_a_return_goes_its_way_by_the_api(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        await client.put("/orders/A-1", json=ORDER)
        asked = await client.post("/returns", json=RETURN | {"note": "It hums."})
        number, ticket = asked.json()["number"], asked.json()["ticket"]
        too_many = await client.post("/returns", json=RETURN | {"quantities": {"LAMP-1": 2}})
        anothers = await client.post("/returns", json=RETURN | {"identity": "custom:shop:user-8"})
        await client.post(f"/returns/{number}/ask", json={"text": "A photo, please?"})
        steps = [
            (await client.post(f"/returns/{number}/{step}")).json().get("step")
            for step in ("accept", "receive", "refund")
        ]
        late = await client.post(f"/returns/{number}/refuse", json={"text": "no"})
        listed = (await client.get("/returns", params={"ticket": ticket})).json()["returns"]
        shown = (await client.get(f"/tickets/{ticket}")).json()

    assert (asked.status_code, asked.json()["what"]) == (201, "1 × Brass lamp")
    assert (too_many.status_code, too_many.json()["type"]) == (422, "NotInOrder")
    assert (anothers.status_code, anothers.json()["type"]) == (404, "UnknownOrder")
    assert steps == ["accepted", "received", "refunded"]
    assert (late.status_code, late.json()["type"]) == (409, "WrongStep")
    assert [each["number"] for each in listed] == [number]
    assert shown["kind"] == "return"


async def test_a_ticket_is_opened_for_a_customer(desk: Desk) -> None:
    opening = {"text": "They called: the lamp hums.", "identity": SHOP, "name": "Ana"}
    async with program(desk, await key(desk)) as client:
        opened = await client.post("/tickets", json=opening | {"kind": "problem"})
        again = await client.post("/tickets", json=opening)
        other = await client.post("/tickets", json=opening | {"conversation": "chat-2"})
        customer = opened.json()["customer"]["number"]
        both = await client.post("/tickets", json=opening | {"customer": customer})
        nobody = await client.post("/tickets", json={"text": "hello", "customer": 99})
        unknown = await client.post("/tickets", json=opening | {"kind": "wish"})

    assert opened.status_code == 201
    assert opened.headers["etag"] == f'"{opened.json()["version"]}"'
    assert (opened.json()["kind"], opened.json()["customer"]["name"]) == ("problem", "Ana")
    assert (again.status_code, again.json()["type"]) == (409, "TicketThere")
    assert other.json()["customer"]["number"] == customer
    assert (both.status_code, nobody.status_code, unknown.status_code) == (422, 404, 404)


async def test_a_ticket_for_a_known_customer_is_answered_where_they_wrote_last(desk: Desk) -> None:
    number = await open_ticket(desk)
    await desk.resolve(await hire(desk, "grace", role=Role.ADMIN), number)
    await desk.confirm(person("ana"), number)
    async with program(desk, await key(desk)) as client:
        opened = await client.post("/tickets", json={"text": "One thing more.", "customer": 1})

    before, after = [
        (await desk.ticket(OPERATOR, each)).ticket for each in (number, opened.json()["number"])
    ]
    assert after.address == before.address
    assert after.id != before.id


async def test_teams_are_added_called_otherwise_and_removed(desk: Desk) -> None:
    async with program(desk, await key(desk)) as client:
        added = await client.post("/teams", json={"name": "Customer Care"})
        again = await client.post("/teams", json={"name": "customer care"})
        reserved = await client.post("/teams", json={"name": "none"})
        await client.patch("/agents/dora", json={"team": "Customer care"})
        renamed = await client.patch("/teams/customer%20care", json={"name": "care"})
        shown = await client.get("/teams/CARE")
        agent = (await client.get("/agents/dora")).json()
        await desk.add_rule(OPERATOR, "all: kind:question => team:care")
        in_use = await client.delete("/teams/care")
        await desk.remove_rule(OPERATOR, 1)
        removed = await client.delete("/teams/care")
        gone = [
            await client.get("/teams/care"),
            await client.patch("/teams/care", json={"name": "x"}),
            await client.delete("/teams/care"),
        ]
        teams = (await client.get("/teams")).json()

    assert (added.status_code, added.json()) == (201, {"name": "customer care", "agents": 0})
    assert (again.status_code, again.json()["type"]) == (409, "TeamIsThere")
    assert (reserved.status_code, reserved.json()["type"]) == (422, "BadTeamName")
    assert renamed.json() == shown.json() == {"name": "care", "agents": 1}
    assert agent["team"] == "care"
    assert (in_use.status_code, in_use.json()["type"]) == (409, "TeamInUse")
    assert "rule 1 “all” still names it" in in_use.json()["detail"]
    assert (removed.status_code, removed.json()) == (200, {"name": "care", "agents": 0})
    assert {(each.status_code, each.json()["type"]) for each in gone} == {(404, "UnknownTeam")}
    assert teams == {"teams": [], "next": None}


async def test_agents_are_added_edited_and_removed(desk: Desk) -> None:
    facts = {"identity": "slack:T1:U9", "name": "Grace", "team": "support", "skills": {"lamps": 2}}
    async with program(desk, await key(desk)) as client:
        added = await client.post("/agents", json=facts)
        again = await client.post("/agents", json=facts)
        edited = await client.patch("/agents/Grace", json={"capacity": 3, "role": "lead"})
        shown = (await client.get("/agents/Grace")).json()
        leads = (await client.get("/agents", params={"role": "lead"})).json()["agents"]
        teams = (await client.get("/teams")).json()
        on_break = await client.put("/availability", json={"availability": "on break"})
        dora = (await client.get("/agents/dora")).json()
        removed = await client.delete("/agents/Grace")
        last = await client.delete("/agents/dora")

    assert (added.status_code, added.json()["skills"]) == (201, {"lamps": 2})
    assert (again.status_code, again.json()["type"]) == (409, "AlreadyAgent")
    assert edited.json()["capacity"] == shown["capacity"] == 3
    assert [each["identity"] for each in leads] == ["slack:T1:U9"]
    assert teams["teams"] == [{"name": "support", "agents": 1}]
    assert on_break.json()["availability"] == dora["availability"] == "on break"
    assert removed.json() == {"tickets": []}
    assert (last.status_code, last.json()["type"]) == (409, "LastAdmin")


async def test_an_article_is_written_and_published(desk: Desk) -> None:
    parts = {"title": "A lamp hums", "body": "Tighten the bulb.", "phrasings": ["my lamp hums"]}
    async with program(desk, await key(desk)) as client:
        draft = await client.post("/articles", json=parts)
        tag = draft.headers["etag"]
        edited = await client.patch(
            "/articles/a-lamp-hums", json={"category": "lamps"}, headers={"if-match": tag}
        )
        stale = await client.patch(
            "/articles/a-lamp-hums", json={"category": "light"}, headers={"if-match": tag}
        )
        published = await client.post("/articles/a-lamp-hums/publish")
        listed = await client.get("/articles", params={"publication": "published"})
        archived = await client.post("/articles/a-lamp-hums/archive")
        none = await client.get("/articles/no-such-thing")
        found = await client.get("/articles/search", params={"question": "lamp hums"})

    assert (draft.status_code, draft.json()["publication"]) == (201, "draft")
    assert edited.json()["category"] == "lamps"
    assert (stale.status_code, stale.json()["type"]) == (412, "Outdated")
    assert published.json()["publication"] == "published"
    assert [each["slug"] for each in listed.json()["articles"]] == ["a-lamp-hums"]
    assert archived.json()["publication"] == "archived"
    assert none.status_code == 404
    assert found.json() == {"verdict": "quiet", "articles": []}


async def test_promises_are_read_with_their_reasons(desk: Desk, clock: FakeClock) -> None:
    await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    await desk.add_policy(DORA, "standard", {"first": "1h", "resolve": "8h"})
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        shown = (await client.get(f"/tickets/{number}/sla")).json()
        policies = (await client.get("/sla/policies")).json()
        await client.post(f"/tickets/{number}/replies", json={"text": "Hello."})
        clock.advance(timedelta(minutes=1))
        report = (await client.get("/sla/report", params={"days": 7})).json()
        absurd = await client.get("/sla/report", params={"days": 0})

    assert shown["policy"] == "standard"
    assert [each["allowed_seconds"] for each in shown["clocks"]] == [3600, 8 * 3600]
    assert all(each["explanation"] for each in shown["clocks"])
    assert [each["first_response_seconds"] for each in policies] == [3600]
    kept = [(each["kind"], each["met"], each["share"]) for each in report]
    assert ("first response", 1, 1.0) in kept
    assert absurd.status_code == 422


async def test_kinds_fields_and_macros_are_filed_by_programs(desk: Desk) -> None:
    await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    await desk.add_field(DORA, "serial", FieldWanted(type=FieldType.TEXT))
    await desk.add_macro(DORA, "thanks", "Thank you!", Doing(tags="+thanked"))
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        kinds = [each["name"] for each in (await client.get("/kinds")).json()]
        fields = [each["name"] for each in (await client.get("/fields")).json()["fields"]]
        macros = [each["name"] for each in (await client.get("/macros")).json()["macros"]]
        problem = await client.put(f"/tickets/{number}/kind", json={"kind": "problem"})
        await client.put(f"/tickets/{number}/fields/serial", json={"value": "NL-2041"})
        filled = (await client.get(f"/tickets/{number}/fields")).json()
        used = (await client.post(f"/tickets/{number}/macros/thanks")).json()
        tags = (await client.get(f"/tickets/{number}/tags")).json()

    assert "problem" in kinds
    assert (fields, macros) == (["serial"], ["thanks"])
    assert problem.json()["kind"] == "problem"
    assert [(each["name"], each["value"]) for each in filled] == [("serial", "NL-2041")]
    assert used["ticket"]["number"] == number
    assert tags == ["thanked"]


async def test_fields_and_macros_of_an_older_version_are_refused(
    desk: Desk, clock: FakeClock
) -> None:
    await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    await desk.add_field(DORA, "serial", FieldWanted(type=FieldType.TEXT))
    await desk.add_macro(DORA, "thanks", "Thank you!", Doing(tags="+thanked"))
    number = await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        tag = {"if-match": (await client.get(f"/tickets/{number}")).headers["etag"]}
        clock.advance(timedelta(seconds=1))
        field, value = f"/tickets/{number}/fields/serial", {"value": "NL-2041"}
        first = await client.put(field, json=value, headers=tag)
        stale = [
            await client.put(field, json={"value": "NL-1"}, headers=tag),
            await client.post(f"/tickets/{number}/macros/thanks", headers=tag),
        ]
        now = {"if-match": first.headers["etag"]}
        used = await client.post(f"/tickets/{number}/macros/thanks", headers=now)
        filled = (await client.get(f"/tickets/{number}/fields")).json()

    assert (first.status_code, [each.status_code for each in stale]) == (200, [412, 412])
    assert used.status_code == 200
    assert used.headers["etag"] not in (tag["if-match"], now["if-match"])
    assert [each["value"] for each in filled] == ["NL-2041"]


@pytest.mark.parametrize("n", range(ROUNDS // 3))
async def test_fifty_openings_and_returns_with_one_key_at_once_have_one_effect(
    desk: Desk, n: int
) -> None:
    async with program(desk, await key(desk)) as client:
        await client.put("/orders/A-1", json=ORDER)
        opening = {"text": "The lamp hums.", "identity": "custom:shop:user-9"}
        opened = await _at_once(client, "/tickets", opening, f"t-{n}")
        asked = await _at_once(client, "/returns", RETURN, f"r-{n}")
        numbers = [each["number"] for each in (await client.get("/tickets")).json()["tickets"]]
        about = {"ticket": asked.json()["ticket"]}
        returns = (await client.get("/returns", params=about)).json()["returns"]

    assert sorted(numbers) == sorted([opened.json()["number"], asked.json()["ticket"]])
    assert len(returns) == 1


async def _at_once(client: httpx.AsyncClient, url: str, body: object, name: str) -> httpx.Response:
    """Fifty of the same at once, and one after: its answer."""

    async def post() -> httpx.Response:
        return await client.post(url, json=body, headers={"idempotency-key": name})

    answers = await asyncio.gather(*(post() for _ in range(50)))
    after = await post()
    assert {each.status_code for each in answers} <= {201, 409}
    assert after.status_code == 201, after.text
    assert after.headers["idempotent-replayed"] == "true"
    return after


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/customers?identity=nobody", None, 422),
        ("GET", "/customers?identity=operator::operator", None, 422),
        ("GET", "/customers?limit=1000", None, 422),
        ("GET", "/customers/9999999999", None, 422),
        ("GET", "/customers/99", None, 404),
        ("PATCH", "/customers/1", {}, 422),
        ("PATCH", "/customers/1", {"email": "none at all"}, 422),
        ("POST", "/customers/1/notes", {"text": " "}, 422),
        ("PUT", "/orders/A-1", {"placed_at": "2026-11-21T09:00:00", "lines": []}, 422),
        ("POST", "/orders", {"orders": []}, 422),
        ("POST", "/returns", RETURN | {"reason": "why not"}, 422),
        ("POST", "/returns", RETURN, 404),
        ("POST", "/returns/7/accept", None, 404),
        ("GET", "/returns", None, 422),
        ("GET", "/returns?ticket=99", None, 404),
        ("POST", "/agents", {"identity": "api:key-1:1"}, 422),
        ("POST", "/agents", {"identity": "slack:T:U", "tier": 10}, 422),
        ("GET", "/agents/nobody", None, 404),
        ("GET", "/agents/no%0Abody", None, 404),
        ("GET", "/no%0Awhere", None, 404),
        ("GET", "/agents?skill=juggling", None, 422),
        ("PATCH", "/agents/dora", {}, 422),
        ("POST", "/articles", {"title": "Without words"}, 422),
        ("PATCH", "/articles/none", {"title": "x"}, 404),
        ("GET", "/articles/search", None, 422),
        ("POST", "/tickets", {"text": "for nobody"}, 422),
        ("PUT", "/tickets/1/kind", {"kind": "return"}, 409),
        ("PUT", "/tickets/1/fields/colour", {"value": "red"}, 404),
        ("POST", "/tickets/1/macros/none", None, 404),
        ("GET", "/tickets/99/sla", None, 404),
    ],
)
async def test_each_bad_request_is_refused_by_a_problem(
    desk: Desk, method: str, path: str, body: object, status: int
) -> None:
    await open_ticket(desk)
    async with program(desk, await key(desk)) as client:
        answer = await client.request(method, path, json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_was_read_is_of_the_scopes_of_the_key(desk: Desk) -> None:
    async with program(desk, await key(desk, [Scope.CUSTOMERS_READ])) as client:
        assert (await client.get("/customers")).status_code == 200
        assert (await client.get("/orders/A-1")).status_code == 403


async def test_webhooks_are_kept_by_programs(desk: Desk) -> None:
    wanted = {"url": "https://shop.example/hooks", "events": ["TicketOpened"]}
    async with program(desk, await key(desk)) as client:
        added = await client.post("/webhooks", json=wanted)
        at = f"/webhooks/{added.json()['number']}"
        inside = await client.post("/webhooks", json={"url": "https://[::ffff:127.0.0.1]/"})
        tried = await client.post(f"{at}/test")
        shown = (await client.get(at)).json()
        (told,) = (await client.get(f"{at}/deliveries")).json()["deliveries"]
        alive = await client.post(f"{at}/deliveries/{told['number']}/resend")
        paused = (await client.post(f"{at}/pause")).json()
        resumed = (await client.post(f"{at}/resume")).json()
        removed = await client.delete(at)
        gone = await client.get(at)

    assert (added.status_code, inside.status_code, tried.status_code) == (201, 422, 202)
    assert added.json()["secret"].startswith("whsec_")
    assert "secret" not in shown
    assert (shown["waiting"], told["event"], told["progress"]) == (1, "WebhookTested", "waiting")
    assert (alive.status_code, alive.json()["type"]) == (409, "NotDead")
    assert paused["paused_why"] == "by hand"
    assert resumed["paused_at"] is None
    assert (removed.status_code, gone.status_code) == (200, 404)


async def test_figures_of_a_span_are_read_by_leads(desk: Desk) -> None:
    await open_ticket(desk)
    await desk.rebuild_reports()
    day = MONDAY_MORNING.date().isoformat()
    async with program(desk, await key(desk)) as client:
        read = await client.get("/reports", params={"since": day, "until": day})
        backwards = await client.get("/reports", params={"since": day, "until": "2025-01-01"})

    assert read.json()["now"]["opened"] == 1
    assert read.json()["before"]["opened"] == 0
    assert (backwards.status_code, backwards.json()["type"]) == (422, "BadSpan")
