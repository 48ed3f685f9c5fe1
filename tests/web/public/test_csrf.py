"""No form of the site takes anything from a page of another site, whichever route it is for."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from core.desk import Desk

FOREIGN = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site", "origin": "http://desk.example"},
    {"sec-fetch-site": "same-site"},
)


def forms(app: Starlette) -> list[str]:
    return [
        route.path
        for route in app.routes
        if isinstance(route, Route) and "POST" in (route.methods or ())
    ]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_every_form_refuses_what_another_site_sends(
    app: Starlette, client: httpx.AsyncClient, desk: Desk, headers: dict[str, str]
) -> None:
    _, secret = await desk.come(name="Ana")
    before = await desk.newest_event()
    places = {"secret": secret, "code": "x", "slug": "reset-password", "way": "slack"}

    answers = {}
    for path in forms(app):
        filled = path
        for name, value in places.items():
            filled = filled.replace(f"{{{name}}}", value)
        sent = await client.post(filled, data={"text": "x"}, headers=headers)
        answers[path] = sent.status_code

    assert len(answers) > 5
    assert {path: status for path, status in answers.items() if status != 403} == {}
    assert await desk.newest_event() == before
