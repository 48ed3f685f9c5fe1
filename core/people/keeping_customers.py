"""What agents say of a customer: how to reach them, what to know of them, and that it is enough."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import CustomerBlocked, CustomerEdited, CustomerUnblocked
from core.model import Customer, CustomerNote, Role
from core.people.actors import acting
from core.people.profiles import meant
from core.storage.text import clean
from core.work import Work

LONGEST_NOTE = 2_000
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_PHONE = re.compile(r"\+?[\d ()/.-]{3,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_TAG = re.compile(r"[\w-]{1,40}")


class Unfit(Invalid):
    """A part of a profile cannot be kept."""

    def __init__(self, part: str, said: str, example: str) -> None:
        super().__init__(f"“{said[:60]}” is no {part}. For example: {example}")


async def edit(work: Work, by: Who, text: str, said: Mapping[str, Any]) -> Customer:
    """Change parts of a profile: ``name``, ``email``, ``phone``, ``company``, ``language``,
    ``time_zone``, ``tags`` (a list) and ``is_vip``. Empty text empties a part.

    Raises `NoSuchCustomer`, `Unfit`, and `Invalid` where nothing is said.
    """
    await acting(work, by)
    customer = await meant(work.session, text)
    if not said:
        raise Invalid(f"Say what is to change: /customer edit {text} company:Acme vip:yes")
    changed = []
    for part, value in said.items():
        kept = CHECKS[part](value)
        if getattr(customer, part) != kept:
            setattr(customer, part, kept)
            changed.append(part)
    if changed:
        work.emit(CustomerEdited(customer_id=customer.id, parts=", ".join(changed)))
    return customer


async def note(work: Work, by: Who, text: str, said: str) -> Customer:
    """Note something of a customer for colleagues. Raises `NoSuchCustomer`, `Invalid`."""
    writer = await acting(work, by)
    customer = await meant(work.session, text)
    words = clean(said).strip()[:LONGEST_NOTE]
    if not words:
        raise Invalid(f"There is nothing to note. For example: /customer note {text} prefers mail")
    work.session.add(
        CustomerNote(customer_id=customer.id, by=writer.name[:120], text=words, at=work.now)
    )
    work.emit(CustomerEdited(customer_id=customer.id, parts="notes"))
    return customer


async def block(work: Work, by: Who, text: str) -> Customer:
    """Answer a customer no more, but for one polite sentence. For leads.

    What they write is kept, and opens nothing; their live tickets stay what they are.
    """
    await acting(work, by, at_least=Role.LEAD)
    customer = await meant(work.session, text)
    if customer.blocked_at is not None:
        raise Conflict(f"{customer.name} is blocked already.")
    customer.blocked_at, customer.told_blocked_at = work.now, None
    work.emit(CustomerBlocked(customer_id=customer.id))
    return customer


async def unblock(work: Work, by: Who, text: str) -> Customer:
    """Answer a customer again."""
    await acting(work, by, at_least=Role.LEAD)
    customer = await meant(work.session, text)
    if customer.blocked_at is None:
        raise Conflict(f"{customer.name} is not blocked.")
    customer.blocked_at = None
    work.emit(CustomerUnblocked(customer_id=customer.id))
    return customer


def _name(said: str) -> str:
    name = clean(said).strip()
    if not 0 < len(name) <= 120:
        raise Unfit("name", name, "Ana Sousa")
    return name


def _fitting(part: str, pattern: re.Pattern[str], example: str) -> Callable[[str], str]:
    def check(said: str) -> str:
        value = clean(said).strip()
        if value and not pattern.fullmatch(value):
            raise Unfit(part, value, example)
        return value

    return check


def _time_zone(said: str) -> str:
    value = clean(said).strip()
    if value and value not in available_timezones():
        raise Unfit("time zone", value, "Europe/Lisbon")
    return value


def _tags(said: list[str]) -> list[str]:
    tags = [clean(each).strip().lower() for each in said]
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise Unfit("tag", tag, "wholesale")
    return sorted(set(tags))


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "email": lambda said: _fitting("e-mail address", _EMAIL, "ana@example.org")(said).lower(),
    "phone": _fitting("telephone number", _PHONE, "+351 21 123 456"),
    "company": lambda said: clean(said).strip()[:120],
    "language": _fitting("language", _LANGUAGE, "pt"),
    "time_zone": _time_zone,
    "tags": _tags,
    "is_vip": bool,
}
"""What each part has to be; each check gives the value to keep, or raises `Unfit`."""
