"""Who may call what: a table of every route of the API, held against what each of them does."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from core.desk import Desk
from core.vocabulary import OPERATOR, Details, Doing, Role, Scope
from tests.scene import hire, open_ticket
from tests.web.api import DORA, key, program
from web.api.app import PARTS

READ, WRITE = Scope.TICKETS_READ, Scope.TICKETS_WRITE

NEEDS: dict[tuple[str, str], Scope | None] = {
    ("GET", "/tickets"): READ,
    ("POST", "/tickets"): WRITE,
    ("GET", "/tickets/{number}"): READ,
    ("GET", "/tickets/{number}/messages"): READ,
    ("GET", "/tickets/{number}/tags"): READ,
    ("PATCH", "/tickets/{number}/tags"): WRITE,
    ("PUT", "/tickets/{number}/priority"): WRITE,
    ("PUT", "/tickets/{number}/category"): WRITE,
    ("PUT", "/tickets/{number}/kind"): WRITE,
    ("GET", "/tickets/{number}/fields"): READ,
    ("PUT", "/tickets/{number}/fields/{field}"): WRITE,
    ("POST", "/tickets/{number}/macros/{macro}"): WRITE,
    ("GET", "/tickets/{number}/sla"): READ,
    **{
        ("POST", f"/tickets/{{number}}/{act}"): WRITE
        for act in (
            *("replies", "notes", "resolve", "transfer", "escalate", "hold", "snooze", "merge"),
            *("claim", "release", "reopen", "unhold", "wake", "unmerge"),
        )
    },
    ("GET", "/kinds"): READ,
    ("GET", "/fields"): READ,
    ("GET", "/macros"): READ,
    ("GET", "/sla/policies"): READ,
    ("GET", "/sla/report"): Scope.REPORTS_READ,
    ("GET", "/reports"): Scope.REPORTS_READ,
    ("GET", "/customers"): Scope.CUSTOMERS_READ,
    ("GET", "/customers/{number}"): Scope.CUSTOMERS_READ,
    ("GET", "/customers/{number}/export"): Scope.CUSTOMERS_READ,
    ("PATCH", "/customers/{number}"): Scope.CUSTOMERS_WRITE,
    ("DELETE", "/customers/{number}"): Scope.CUSTOMERS_WRITE,
    ("POST", "/customers/{number}/notes"): Scope.CUSTOMERS_WRITE,
    ("POST", "/customers/{number}/block"): Scope.CUSTOMERS_WRITE,
    ("POST", "/customers/{number}/unblock"): Scope.CUSTOMERS_WRITE,
    ("POST", "/orders"): Scope.ORDERS_WRITE,
    ("GET", "/orders/{number}"): Scope.ORDERS_READ,
    ("PUT", "/orders/{number}"): Scope.ORDERS_WRITE,
    ("GET", "/returns"): Scope.ORDERS_READ,
    ("POST", "/returns"): Scope.ORDERS_WRITE,
    **{
        ("POST", f"/returns/{{number}}/{act}"): Scope.ORDERS_WRITE
        for act in ("accept", "ask", "refuse", "receive", "refund")
    },
    ("GET", "/agents"): Scope.PEOPLE_READ,
    ("POST", "/agents"): Scope.PEOPLE_WRITE,
    ("GET", "/agents/{name}"): Scope.PEOPLE_READ,
    ("PATCH", "/agents/{name}"): Scope.PEOPLE_WRITE,
    ("DELETE", "/agents/{name}"): Scope.PEOPLE_WRITE,
    ("GET", "/teams"): Scope.PEOPLE_READ,
    ("POST", "/teams"): Scope.PEOPLE_WRITE,
    ("GET", "/teams/{name}"): Scope.PEOPLE_READ,
    ("PATCH", "/teams/{name}"): Scope.PEOPLE_WRITE,
    ("DELETE", "/teams/{name}"): Scope.PEOPLE_WRITE,
    ("PUT", "/availability"): Scope.PEOPLE_WRITE,
    ("GET", "/articles"): Scope.ARTICLES_READ,
    ("POST", "/articles"): Scope.ARTICLES_WRITE,
    ("GET", "/articles/search"): Scope.ARTICLES_READ,
    ("GET", "/articles/{slug}"): Scope.ARTICLES_READ,
    ("PATCH", "/articles/{slug}"): Scope.ARTICLES_WRITE,
    ("POST", "/articles/{slug}/publish"): Scope.ARTICLES_WRITE,
    ("POST", "/articles/{slug}/archive"): Scope.ARTICLES_WRITE,
    ("GET", "/webhooks"): Scope.WEBHOOKS,
    ("POST", "/webhooks"): Scope.WEBHOOKS,
    ("GET", "/webhooks/{number}"): Scope.WEBHOOKS,
    ("DELETE", "/webhooks/{number}"): Scope.WEBHOOKS,
    ("GET", "/webhooks/{number}/deliveries"): Scope.WEBHOOKS,
    ("POST", "/webhooks/{number}/deliveries/{delivery}/resend"): Scope.WEBHOOKS,
    **{
        ("POST", f"/webhooks/{{number}}/{act}"): Scope.WEBHOOKS
        for act in ("pause", "resume", "test")
    },
    ("POST", "/messages"): Scope.INTAKE,
    ("POST", "/files"): Scope.INTAKE,
    ("GET", "/conversations/{channel}/{conversation}/posts"): Scope.INTAKE,
    ("GET", "/events"): None,  # each event by its own scope
}

AN_ORDER = {"placed_at": "2026-11-21T09:00:00Z", "lines": [{"sku": "LAMP-1"}]}
ABOVE_AGENTS: dict[tuple[str, str], tuple[Role, Any]] = {
    ("GET", "/customers/{number}/export"): (Role.LEAD, None),
    ("POST", "/customers/{number}/block"): (Role.LEAD, None),
    ("POST", "/customers/{number}/unblock"): (Role.LEAD, None),
    ("POST", "/articles/{slug}/publish"): (Role.LEAD, None),
    ("POST", "/articles/{slug}/archive"): (Role.LEAD, None),
    ("DELETE", "/customers/{number}"): (Role.ADMIN, None),
    ("POST", "/orders"): (Role.ADMIN, {"orders": [{"number": "A-1", **AN_ORDER}]}),
    ("PUT", "/orders/{number}"): (Role.ADMIN, AN_ORDER),
    ("POST", "/agents"): (Role.ADMIN, {"identity": "slack:T1:U9"}),
    ("PATCH", "/agents/{name}"): (Role.ADMIN, {"capacity": 3}),
    ("DELETE", "/agents/{name}"): (Role.ADMIN, None),
    ("POST", "/teams"): (Role.ADMIN, {"name": "returns"}),
    ("PATCH", "/teams/{name}"): (Role.ADMIN, {"name": "refunds"}),
    ("DELETE", "/teams/{name}"): (Role.ADMIN, None),
    ("GET", "/webhooks"): (Role.ADMIN, None),
    ("POST", "/webhooks"): (Role.ADMIN, {"url": "https://shop.example/hooks"}),
    ("GET", "/webhooks/{number}"): (Role.ADMIN, None),
    ("GET", "/webhooks/{number}/deliveries"): (Role.ADMIN, None),
    ("POST", "/webhooks/{number}/deliveries/{delivery}/resend"): (Role.ADMIN, None),
    **{
        ("POST", f"/webhooks/{{number}}/{act}"): (Role.ADMIN, None)
        for act in ("pause", "resume", "test")
    },
    ("DELETE", "/webhooks/{number}"): (Role.ADMIN, None),
}
"""Which role whoever made a key has to have now, where it is more than an agent's; and a body."""

PLACES = {
    "number": 1,
    "name": "grace",
    "slug": "a-lamp-hums",
    "field": "serial",
    "macro": "thanks",
    "channel": "shop",
    "conversation": "c",
    "delivery": 1,
}


def routes() -> Iterator[tuple[str, str]]:
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            yield from ((method, route.path) for method in route.methods or ())


def test_every_route_says_which_scope_it_needs() -> None:
    assert set(routes()) == set(NEEDS)
    assert set(ABOVE_AGENTS) < set(NEEDS)


@pytest.mark.parametrize("half", [0, 1])
async def test_no_route_answers_who_has_no_key_that_works(desk: Desk, half: int) -> None:
    await open_ticket(desk)
    async with program(desk) as nobody:
        for method, path in list(NEEDS)[half::2]:
            url = path.format(**PLACES)
            unknown = await nobody.request(method, url, json={})
            forged = await nobody.request(
                method, url, json={}, headers={"authorization": "Bearer sbk_made_up"}
            )
            assert (unknown.status_code, forged.status_code) == (401, 401), path
            assert unknown.headers["content-type"] == "application/problem+json"
            assert unknown.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_route_is_for_keys_with_its_scope_alone(desk: Desk, scope: Scope) -> None:
    await open_ticket(desk)
    others = [each for each in Scope if each is not scope]
    async with program(desk, await key(desk, others)) as other:
        for (method, path), needed in NEEDS.items():
            if needed is scope:
                refused = await other.request(method, path.format(**PLACES), json={})
                assert refused.status_code == 403, path
                assert scope in refused.json()["detail"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.ADMIN])
async def test_a_key_may_what_its_maker_may_now(desk: Desk, role: Role) -> None:
    secret = await _key_of_somebody_who_is(desk, role)
    async with program(desk, secret) as client:
        for (method, path), (needed, body) in ABOVE_AGENTS.items():
            answer = await client.request(method, path.format(**PLACES), json=body)
            assert (answer.status_code == 403) is (role < needed), (path, answer.text)
            assert answer.status_code < 500


async def test_a_key_of_somebody_who_left_opens_nothing(desk: Desk) -> None:
    secret = await _key_of_somebody_who_is(desk, Role.ADMIN)
    await desk.remove_agent(OPERATOR, DORA)
    async with program(desk, secret) as client:
        answer = await client.get("/tickets")

    assert answer.status_code == 401


async def test_what_is_anothers_is_not_an_agents_to_change(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    number = await open_ticket(desk)
    await desk.add_macro(grace, "mine", "Grace says so.", Doing())
    secret = await _key_of_somebody_who_is(desk, Role.AGENT)
    async with program(desk, secret) as client:
        seen = await client.get(f"/tickets/{number}")
        resolved = await client.post(f"/tickets/{number}/resolve")
        macros = await client.get("/macros")
        used = await client.post(f"/tickets/{number}/macros/mine")

    assert seen.json()["assignee"]["name"] == "Grace"
    assert (resolved.status_code, resolved.json()["type"]) == (403, "NotYours")
    assert macros.json() == {"macros": [], "next": None}
    assert (used.status_code, used.json()["type"]) == (404, "UnknownMacro")


async def _key_of_somebody_who_is(desk: Desk, role: Role) -> str:
    """A key that Dora made as an admin; she is of this role now, and somebody else is admin."""
    secret = await key(desk)
    await hire(desk, "emil", role=Role.ADMIN)
    if role < Role.ADMIN:
        await desk.edit_agent(OPERATOR, DORA, Details(role=role))
    return secret
