"""Signing in with Discord: OAuth2 with PKCE, for staff who come onto the pages of the desk.

https://discord.com/developers/docs/topics/oauth2#authorization-code-grant
"""

import base64
import hashlib
from urllib.parse import urlencode

import aiohttp

from bots.discord.translate import NAME, WORKSPACE
from core.channels import Who
from core.errors import Forbidden

AUTHORIZE = "https://discord.com/oauth2/authorize"
API = "https://discord.com/api/v10"
TIMEOUT = aiohttp.ClientTimeout(total=10)


class NotSaid(Forbidden):
    """Discord did not say who somebody is."""

    def __init__(self) -> None:
        super().__init__("Discord did not say who you are. Try it again.")


class DiscordSignIn:
    """The way by Discord, for an application of this client id and secret."""

    name, label = NAME, "Discord"

    def __init__(self, client_id: str, client_secret: str, *, api_url: str = "") -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._api = (api_url or API).rstrip("/")

    def address(self, *, state: str, proof: str, back: str) -> str:
        """Discord's page. The code is good only together with the ``proof`` (RFC 7636)."""
        digest = hashlib.sha256(proof.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "scope": "identify",
            "state": state,
            "redirect_uri": back,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{AUTHORIZE}?{urlencode(asked)}"

    async def who(self, *, code: str, proof: str, back: str) -> Who:
        """Whom the code stands for. Raises `NotSaid`."""
        wanted = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "code": code,
            "redirect_uri": back,
            "code_verifier": proof,
        }
        try:
            async with aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as http:
                async with http.post(f"{self._api}/oauth2/token", data=wanted) as answer:
                    token = str((await answer.json())["access_token"])
                named = {"authorization": f"Bearer {token}"}
                async with http.get(f"{self._api}/users/@me", headers=named) as answer:
                    said = await answer.json()
            user, name = str(said["id"]), said.get("global_name") or said.get("username") or ""
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise NotSaid from error
        if not user.isdecimal():
            raise NotSaid
        return Who(NAME, WORKSPACE, user, str(name))
