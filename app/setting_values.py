"""What single settings may be: how each is read, and refused with a sentence for whoever wrote it."""

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from bots.slack.reactions import REACTIONS
from core.channels import Who
from web.public.colour import is_colour

SHORTEST_KEY = 32  # characters


def read_reactions(text: str) -> dict[str, str]:
    """``eyes:claim,ticket:create`` as a mapping. Raises `ValueError`."""
    meant = {}
    for each in filter(None, text.replace(" ", "").split(",")) if text != "-" else ():
        emoji, _, command = each.rpartition(":")
        if not emoji or command not in REACTIONS.values():
            there_are = ", ".join(sorted(REACTIONS.values()))
            raise ValueError(f"{each} is not emoji:command; there are {there_are}")
        meant[emoji.strip(":")] = command
    return meant


def _reactions(value: str) -> str:
    read_reactions(value)
    return value


def _admins(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(
        _admin(each.strip().removeprefix("@")) for each in value.split(",") if each.strip()
    )


def _admin(text: str) -> Who:
    parts = text.split(":")
    if len(parts) == 1 and parts[0].startswith(("U", "W")) and parts[0].isupper():
        return Who("slack", "", parts[0])
    if len(parts) == 1:
        return Who("console", "local", parts[0])
    if len(parts) == 2:
        return Who(parts[0], "local" if parts[0] == "console" else "", parts[1])
    if len(parts) == 3:
        return Who(*parts)
    raise ValueError(f"{text} is not channel:user or channel:workspace:user")


def _email_addresses(value: str) -> str:
    for each in filter(None, (each.strip() for each in value.split(","))):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", each):
            raise ValueError(f"{each} is no e-mail address")
    return value


def _networks(value: str) -> str:
    return ",".join(str(ip_network(each.strip())) for each in value.split(",") if each.strip())


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("use DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _long_enough(value: SecretStr) -> SecretStr:
    if value and len(value.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"it needs {SHORTEST_KEY} random characters or more")
    return value


def _colour(value: str) -> str:
    if not is_colour(value):
        raise ValueError("it has to be a colour such as #1f5fbf")
    return value


def _picture(value: str) -> str:
    if value and not re.fullmatch(r"https://[\w.:-]+/[^\s\"'<>;,]*", value):
        raise ValueError("it has to be an https address")
    return value


def _takes_number(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s{}]+\{number\}[^\s{}]*", value):
        raise ValueError("it has to be an address with {number} in it")
    return value


Admins = Annotated[tuple[Who, ...], NoDecode, BeforeValidator(_admins)]
Colour = Annotated[str, AfterValidator(_colour)]
Key = Annotated[SecretStr, AfterValidator(_long_enough)]
EmailAddresses = Annotated[str, AfterValidator(_email_addresses)]
Networks = Annotated[str, AfterValidator(_networks)]
Level = Annotated[str, AfterValidator(_level)]
OrderAddress = Annotated[str, AfterValidator(_takes_number)]
Picture = Annotated[str, AfterValidator(_picture)]
Reactions = Annotated[str, AfterValidator(_reactions)]
