"""What can be set about promises, read from words; each absurd value is refused with its own sentence."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

import holidays

from core.errors import Invalid
from core.model import Priority
from core.model.sla import NAME_LENGTH
from core.people import hours as week_hours
from core.people.hours import BadHours
from core.sla.book import WHOLE
from core.sla.calendar import DAY, DAY_MINUTES, WEEK
from core.storage.text import clean

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=2_000)
VALUES_AT_MOST = 20
SHARES_AT_MOST = 10
DAYS_OFF_AT_MOST = 400
NONE = frozenset({"none", "any", "-"})
RECEIVERS = ("assignee", "lead", "team")
BY_DEFAULT = {
    range(1, 75): ("assignee",),
    range(75, 90): ("assignee", "lead"),
    range(90, WHOLE + 1): RECEIVERS,
}
PAUSES = {"pending": "pending", "hold": "on hold", "on hold": "on hold", "snoozed": "snoozed"}
AROUND_THE_CLOCK = ("24/7", "always")
_NAME = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{NAME_LENGTH - 1}}}")
_CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,19}")
_TAG = re.compile(r"[\w-]{1,40}")
_TIME = re.compile(r"(?:([0-9]{1,6})h)?\s*(?:([0-9]{1,6})m(?:in)?)?")
_SHARE = re.compile(r"([0-9]{1,4})\s*%?\s*(?:=\s*(.*))?")
_COUNTRY = re.compile(r"([A-Za-z]{2})(?:-(.{1,40}))?")
Week = list[list[list[int]]]


class BadSetting(Invalid):
    """A value makes no sense; the sentence names it, and says what would."""

    def __init__(self, name: str, said: str, why: str) -> None:
        self.name = name
        super().__init__(f"{name}:{clean(said)[:60]} – {why}")


def name(said: str) -> str:
    """What a policy or business hours are called."""
    named = said.strip().lower()
    if not named:
        raise BadSetting("name", said, "say what it is to be called, such as vip.")
    if len(named) > NAME_LENGTH:
        raise BadSetting("name", said, f"that is longer than {NAME_LENGTH} characters.")
    if not _NAME.fullmatch(named):
        raise BadSetting("name", said, "a name is one word of letters, digits and -, such as vip.")
    return named


def time(knob: str, said: str) -> timedelta | None:
    """An amount of working time: 15m, 4h, 1h30m; or none."""
    text = said.strip().lower()
    if text in NONE:
        return None
    found = _TIME.fullmatch(text)
    if not text or found is None or not any(found.groups()):
        raise BadSetting(knob, said, _no_time(text))
    length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    if length < SHORTEST:
        raise BadSetting(knob, said, "no time at all cannot be kept. The shortest is 1m.")
    if length > LONGEST:
        most = LONGEST // timedelta(hours=1)
        raise BadSetting(knob, said, f"{most}h is the most, a year of working days.")
    return length


def _no_time(text: str) -> str:
    if text.startswith("-"):
        return "time does not run backwards. Write 4h."
    if re.fullmatch(r"[0-9]+", text):
        return f"minutes or hours? Write {text[:6]}m or {text[:6]}h."
    if re.fullmatch(r"[0-9]+\s*[dw].*", text):
        return "a day has 24 hours or 8, so say how many hours: 16h."
    if re.fullmatch(r"[0-9]*[.,][0-9]+\s*[hm]?", text):
        return "write hours and minutes: 1h30m."
    return "that is no length of time. Write 15m, 4h, 1h30m or none."


def priorities(said: str) -> list[int]:
    known = {each.label: int(each) for each in Priority}
    return sorted(known[each] for each in _several("priority", said, known))


def kinds(said: str, known: Sequence[str]) -> list[str]:
    return _several("kind", said, {each: each for each in known})


def channels(said: str) -> list[str]:
    found = _list("channel", said)
    for each in found:
        if not _CHANNEL.fullmatch(each):
            raise BadSetting("channel", each, "that is no channel, such as slack or web.")
    return found


def tags(said: str) -> list[str]:
    found = _list("tag", said)
    for each in found:
        if not _TAG.fullmatch(each):
            raise BadSetting("tag", each, "that is no tag of a customer: one word, such as gold.")
    return found


def vip(said: str) -> bool:
    text = said.strip().lower()
    if text not in {"yes", "no", *NONE}:
        raise BadSetting("vip", said, "write yes (only of VIPs) or no (of everybody).")
    return text == "yes"


def pauses(said: str) -> list[str]:
    found = _several("pauses", said, PAUSES)
    return sorted({PAUSES[each] for each in found})


def warnings(said: str) -> dict[str, list[str]]:
    """``50,75=assignee+lead,90``: shares in per cent, and to whom, where that is not as usual."""
    shares: dict[str, list[str]] = {}
    for each in _list("warn", said):
        found = _SHARE.fullmatch(each)
        if found is None:
            raise BadSetting("warn", each, "write shares in per cent: 50,75=assignee+lead,90.")
        share = int(found[1])
        if not 0 < share <= WHOLE:
            raise BadSetting("warn", each, "a share is from 1 to 100 per cent.")
        if str(share) in shares:
            raise BadSetting("warn", each, "that share is there twice.")
        shares[str(share)] = _receivers(each, found[2], share)
    if len(shares) > SHARES_AT_MOST:
        raise BadSetting("warn", said, f"more than {SHARES_AT_MOST} warnings are a nuisance.")
    if shares and str(WHOLE) not in shares:
        shares[str(WHOLE)] = list(RECEIVERS)
    return shares


def _receivers(each: str, said: str | None, share: int) -> list[str]:
    if said is None:
        return list(next(to for shares, to in BY_DEFAULT.items() if share in shares))
    names = [part.strip() for part in said.split("+")]
    for receiver in names:
        if receiver not in RECEIVERS:
            there_are = ", ".join(RECEIVERS)
            raise BadSetting("warn", each, f"it can be told to {there_are}, with + between them.")
    return [receiver for receiver in RECEIVERS if receiver in names]


def place(said: str, most: int) -> int:
    """Where in the order, from 1."""
    text = said.strip()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadSetting("place", said, "a place is a number; 1 is asked first.")
    if not 1 <= int(text) <= most:
        raise BadSetting("place", said, f"there are the places from 1 to {most}.")
    return int(text)


def zone(said: str) -> str:
    text = said.strip()
    known = available_timezones()
    if text not in known:
        near = get_close_matches(text, sorted(known), n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else "write one such as Europe/Berlin."
        raise BadSetting("zone", said, f"that is no time zone of the IANA data base; {hint}")
    return text


def week(said: str) -> Week:
    """``mon-fri 9-12,13-17; sat 10-14`` or ``24/7`` as blocks of minutes, Monday first."""
    text = said.strip().lower()
    if text in AROUND_THE_CLOCK:
        return [[[0, DAY_MINUTES]] for _ in range(WEEK)]
    if not text or text in NONE:
        raise BadSetting("hours", said, "without hours no promise would ever be due.")
    try:
        blocks = week_hours.read(text)
    except BadHours as refusal:
        raise BadSetting("hours", said, refusal.why) from None
    return [[[b.begins, b.ends] for b in blocks if b.weekday == day] for day in range(WEEK)]


def public_holidays(said: str) -> tuple[str, str]:
    """A country, or a country and a part of it, whose public holidays are off: DE, DE-BE; or none."""
    text = said.strip()
    if text.lower() in NONE:
        return "", ""
    found = _COUNTRY.fullmatch(text)
    if found is None:
        raise BadSetting("holidays", said, "write a country as two letters: DE, or DE-BE.")
    country, part = found[1].upper(), found[2] or ""
    known = holidays.list_supported_countries()
    if country not in known:
        raise BadSetting("holidays", said, f"the holidays of {country} are not known here.")
    parts = {each.lower(): each for each in known[country]}
    if part and part.lower() not in parts:
        there_are = ", ".join(sorted(known[country])[:20]) or "none"
        raise BadSetting("holidays", said, f"{country} has no such part. There are: {there_are}.")
    return country, parts[part.lower()] if part else ""


def days_off(said: str, before: Mapping[str, str]) -> dict[str, str]:
    """``2026-12-24,2026-12-27..2026-12-31``: the days, or, with + and -, more and fewer of them."""
    parts = [] if said.strip().lower() in NONE else [each.strip() for each in said.split(",")]
    signed = bool(parts) and all(each[:1] in {"+", "-"} for each in parts)
    days = dict(before) if signed else {}
    for part in parts:
        for day in _days(part.lstrip("+-") if signed else part):
            if signed and part.startswith("-"):
                days.pop(day.isoformat(), None)
            else:
                days[day.isoformat()] = "closed"
    if len(days) > DAYS_OFF_AT_MOST:
        raise BadSetting("off", said, f"more than {DAYS_OFF_AT_MOST} days off are too many.")
    return dict(sorted(days.items()))


def _days(said: str) -> Sequence[date]:
    first, dots, last = said.partition("..")
    begin = _day(said, first)
    end = _day(said, last) if dots else begin
    if end < begin:
        raise BadSetting("off", said, "it ends before it begins.")
    if end - begin >= DAYS_OFF_AT_MOST * DAY:
        raise BadSetting("off", said, f"that is longer than {DAYS_OFF_AT_MOST} days.")
    return [begin + n * DAY for n in range((end - begin).days + 1)]


def _day(said: str, text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadSetting("off", said, "that is no day. Write 2026-12-24.") from None
    if not 2000 <= day.year < 2100:
        raise BadSetting("off", said, "a day off is in this century.")
    return day


def _list(knob: str, said: str) -> list[str]:
    """Words with commas between them; none is an empty list."""
    if said.strip().lower() in NONE:
        return []
    found = [" ".join(each.lower().split()) for each in said.split(",")]
    if not all(found):
        raise BadSetting(knob, said, "a value is missing. Write none, or values with commas.")
    if len(set(found)) < len(found):
        raise BadSetting(knob, said, "a value is there twice.")
    if len(found) > VALUES_AT_MOST:
        raise BadSetting(knob, said, f"more than {VALUES_AT_MOST} values are too many.")
    return found


def _several(knob: str, said: str, known: Mapping[str, Any]) -> list[str]:
    found = _list(knob, said)
    for each in found:
        if each not in known:
            near = get_close_matches(each, list(known), n=1, cutoff=0.6)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise BadSetting(knob, each, f"{hint}There is {', '.join(known)}, or none.")
    return found
