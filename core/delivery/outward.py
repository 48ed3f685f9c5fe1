"""Addresses on the open network: what somebody may have us call, and what would reach inside.

Whoever names an address must not reach our own machines by it. Its host is judged here as it is
written, and each address that it resolves to when it is called; the connection is made to an address
that was judged.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import Invalid

LONGEST = 500
_PLAIN = re.compile(r"[\x21-\x7e]+")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "invalid", "test")
"""Endings of names that no public name has."""

_V4, _V6 = ipaddress.IPv4Address, ipaddress.IPv6Address
_SPECIAL_V4 = tuple(
    ipaddress.IPv4Network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; a cloud's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata, on an address that looks public
        "169.254.0.0/16",  # link-local; metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SPECIAL_V6 = tuple(
    ipaddress.IPv6Network(each)
    for each in ("2001::/23", "2001:db8::/32", "3fff::/20")  # Teredo, ORCHID, documentation
)
"""https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry"""


class NotOutward(Invalid):
    """The address cannot be called from here."""

    def __init__(self, why: str) -> None:
        super().__init__(f"That address is not taken: {why}")


@dataclass(frozen=True)
class Destination:
    """An address that was judged as it is written. ``near`` says that its host is one of our own
    network, which the settings allow by name."""

    url: str
    host: str
    near: bool


def destination(url: str, near: Collection[str] = ()) -> Destination:
    """Where a URL leads. Raises `NotOutward`, with what is wrong.

    ``near`` are hosts of our own network that may be called, also by plain http.
    """
    if len(url) > LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
        raise NotOutward(f"it has to be at most {LONGEST} plain characters without spaces.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise NotOutward("it cannot be read as a URL.") from None
    if "@" in parts.netloc or parts.fragment or "#" in url:
        raise NotOutward("it has no place for a name, a password or a fragment.")
    if port == 0:
        raise NotOutward("there is no port 0.")
    is_near = host in near
    if parts.scheme != "https" and not (is_near and parts.scheme == "http"):
        raise NotOutward("it has to begin with https://.")
    if not is_near:
        _judge(host, bracketed="[" in parts.netloc)
    return Destination(url, host, is_near)


def is_public(address: str) -> bool:
    """Whether a numeric address is on the open network, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, _V4):
        return not any(found in each for each in _SPECIAL_V4)
    if found.scope_id is not None:
        return False
    if found in _NAT64:
        return is_public(str(_V4(int(found) & 0xFFFFFFFF)))
    wrapped = found.ipv4_mapped or found.sixtofour
    if wrapped is not None:
        return is_public(str(wrapped))
    return found in _UNICAST_V6 and not any(found in each for each in _SPECIAL_V6)


def _judge(host: str, *, bracketed: bool) -> None:
    """Raise `NotOutward` for a host that is none, or that is inside by its name."""
    if bracketed or _NUMERIC.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            ipaddress.ip_address(host)  # not 127.1, 0x7f000001, 0177.0.0.1: one address, one form
        except ValueError:
            raise NotOutward("its host is a number, and no address in the usual form.") from None
        if not is_public(host):
            raise NotOutward("its host is not on the open network.")
        return
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(each) for each in labels):
        raise NotOutward("its host is no name; one with other letters is written as xn--….")
    if len(labels) < 2 or any(f".{host}".endswith(f".{each}") for each in _INSIDE):
        raise NotOutward("its host is not on the open network.")
