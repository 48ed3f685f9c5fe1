"""Sign in with Slack: OpenID Connect, for staff who come onto the pages of the desk.

https://docs.slack.dev/authentication/sign-in-with-slack
"""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp
from slack_sdk.oauth import OpenIDConnectAuthorizeUrlGenerator

from core.channels import Who
from core.errors import Forbidden

ISSUER = "https://slack.com"
API = "https://slack.com/api"
TEAM, USER = f"{ISSUER}/team_id", f"{ISSUER}/user_id"
TIMEOUT = aiohttp.ClientTimeout(total=10)


class NotSaid(Forbidden):
    """Slack did not say who somebody is."""

    def __init__(self) -> None:
        super().__init__("Slack did not say who you are. Try it again.")


class SlackSignIn:
    """The way by Slack, for an app of this client id and secret."""

    name, label = "slack", "Slack"

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        api_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._api = (api_url or API).rstrip("/")
        self._clock = clock

    def address(self, *, state: str, proof: str, back: str) -> str:
        """Slack's page. What comes back is bound to the ``proof`` by the nonce."""
        slack = OpenIDConnectAuthorizeUrlGenerator(
            client_id=quote(self._client_id, safe=""),
            redirect_uri=quote(back, safe=""),
            scopes=["openid", "profile"],
        )
        return slack.generate(state=state, nonce=_nonce(proof))

    async def who(self, *, code: str, proof: str, back: str) -> Who:
        """Whom the code stands for. Raises `NotSaid`.

        The token comes from Slack's own endpoint over TLS, and so needs no check of its signature
        (OpenID Connect Core 1.0, 3.1.3.7, 6); by and for whom, how long and for which nonce it is,
        is looked at.
        """
        wanted = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "code": code,
            "redirect_uri": back,
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as http,
                http.post(f"{self._api}/openid.connect.token", data=wanted) as answer,
            ):
                said = _claims(str((await answer.json())["id_token"]))
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise NotSaid from error
        expires = said.get("exp")
        if (
            said.get("iss") != ISSUER
            or said.get("aud") != self._client_id
            or said.get("nonce") != _nonce(proof)
            or not isinstance(expires, int | float)
            or expires <= self._clock()
        ):
            raise NotSaid
        team, user = said.get(TEAM), said.get(USER)
        if not (isinstance(team, str) and isinstance(user, str) and team and user):
            raise NotSaid
        return Who("slack", team, user, str(said.get("name") or ""))


def _nonce(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()


def _claims(token: str) -> dict[str, Any]:
    """What a JSON Web Token says. Raises `ValueError`."""
    _, middle, _ = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    if not isinstance(said, dict):
        raise ValueError("no claims")
    return said
