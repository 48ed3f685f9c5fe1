"""The HTTP edge: what Slack did not sign goes nowhere, and nothing that comes is a crash."""

import json
import logging
import time

import pytest

from tests.bots.slack.workspace import Workspace, envelope, signature

BODY = json.dumps(envelope({"type": "message", "text": "PRIVATE"})).encode()
GOOD = signature(BODY)  # good when the tests are collected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**GOOD, "x-slack-signature": "v0=00"},
        {**GOOD, "x-slack-signature": ""},
        {**GOOD, "x-slack-signature": "é"},
        {**GOOD, "x-slack-signature": "v0=" + "0" * 5_000},
        {"x-slack-signature": GOOD["x-slack-signature"]},
        {**GOOD, "x-slack-request-timestamp": "abc"},
        {**GOOD, "x-slack-request-timestamp": "-1"},
        {**GOOD, "x-slack-request-timestamp": "1e9"},
        {**GOOD, "x-slack-request-timestamp": "٣٣٣"},
        {**GOOD, "x-slack-request-timestamp": "9" * 5_000},
        signature(BODY, at=time.time() - 1_000),
        signature(BODY, at=time.time() + 100_000),
        signature(BODY, secret="another"),
        signature(BODY + b" "),
    ],
)
async def test_what_is_not_signed_well_is_refused_and_not_logged(
    outside: Workspace, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raw = {name: value.encode() for name, value in headers.items()}
    answer = await outside.raw(BODY, "application/json", raw)  # type: ignore[arg-type]

    assert answer.status_code == 401
    assert "PRIVATE" not in caplog.text


@pytest.mark.parametrize("body", [b"{", b"", b"[1]", b"null", b"\xff", b"[" * 100_000])
async def test_what_is_signed_and_cannot_be_read_is_a_bad_request(
    outside: Workspace, body: bytes
) -> None:
    assert (await outside.raw(body, "application/json")).status_code == 400


@pytest.mark.parametrize("body", [b"payload=%7B", b"payload=[1]", b"payload=\xff"])
async def test_a_form_that_cannot_be_read_is_a_bad_request(outside: Workspace, body: bytes) -> None:
    form = "application/x-www-form-urlencoded"
    assert (await outside.raw(body, form)).status_code == 400


async def test_a_body_too_large_is_not_read_to_its_end(outside: Workspace) -> None:
    assert (await outside.raw(b"x" * (1 << 20) + b"x", "application/json")).status_code == 413


async def test_the_address_is_verified(outside: Workspace) -> None:
    answer = await outside.send({"type": "url_verification", "challenge": "c"})

    assert (answer.status_code, answer.json()) == (200, {"challenge": "c"})
