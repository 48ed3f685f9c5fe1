"""How routing weighs: looked at and set by admins, and in force at once in every process."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from typing import Any

from sqlalchemy import select

from core.channels import Who
from core.errors import Invalid
from core.events import RoutingChanged
from core.model import KeptPolicy, Role
from core.people.actors import acting, staff
from core.routing.policies import current, merged
from core.routing.policy import DEFAULT, RoutingPolicy, written
from core.routing.signals import SIGNALS, Pace
from core.storage.serial import serialise
from core.work import Work

TIMES = tuple(each.name for each in fields(Pace))
KNOBS = (*SIGNALS, *TIMES, "least", "spare")
NO = ("none", "off", "never")


@dataclass(frozen=True)
class Knobs:
    """A policy as it is, and as it would be without what was set."""

    policy: RoutingPolicy
    default: RoutingPolicy | None

    def values(self) -> Mapping[str, tuple[float | None, bool]]:
        """Each knob by name: its value, times in minutes, and whether it was set."""
        now, before = _flat(self.policy), _flat(self.default) if self.default else {}
        return {name: (now[name], name in before and now[name] != before[name]) for name in KNOBS}


async def policies(work: Work, by: Who) -> Sequence[Knobs]:
    """All of them, that for the lowest priorities first; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    defaults = {policy.name: policy for policy in DEFAULT}
    return [Knobs(each, defaults.get(each.name)) for each in await current(work.session)]


async def policy(work: Work, by: Who, name: str) -> Knobs:
    """One of them. Raises `Invalid`, with the names there are."""
    return _named(await policies(work, by), name)


async def set_knob(work: Work, by: Who, name: str, knob: str, value: str) -> Knobs:
    """Turn one knob of a policy. Raises `Invalid` where there is none, or where what comes of it
    makes no sense."""
    await acting(work, by, at_least=Role.ADMIN)
    await serialise(work.session, "routing policies")
    before = await policy(work, by, name)
    kept = await _kept(work, before.policy.name)
    knob = _known(knob, KNOBS, "knob")
    knobs: dict[str, Any] = {**kept.knobs, "weights": dict(kept.knobs.get("weights", {}))}
    (knobs["weights"] if knob in SIGNALS else knobs)[knob] = _read(knob, value)
    rows = {each.name: dict(each.knobs) for each in await _all(work)} | {kept.name: knobs}
    merged(rows)  # raises where it makes no sense
    kept.knobs, kept.changed_at, kept.by = knobs, work.now, work.actor
    await work.session.flush()
    work.emit(RoutingChanged(policy=kept.name, knob=knob, value=value.strip()[:40]))
    return await policy(work, by, kept.name)


async def reset(work: Work, by: Who, name: str) -> Knobs:
    """Turn everything of a policy back to the defaults."""
    await acting(work, by, at_least=Role.ADMIN)
    await serialise(work.session, "routing policies")
    before = await policy(work, by, name)
    kept = await work.session.get(KeptPolicy, before.policy.name)
    if kept is not None:
        await work.session.delete(kept)
        await work.session.flush()
        work.emit(RoutingChanged(policy=before.policy.name, knob="all", value="default"))
    return await policy(work, by, before.policy.name)


def _named(known: Sequence[Knobs], name: str) -> Knobs:
    by_name = {each.policy.name: each for each in known}
    wanted = name.strip().lower().replace("-", " ").replace("_", " ")
    beginning = [each for each in by_name if each.startswith(wanted)]
    if wanted and len(beginning) == 1:
        return by_name[beginning[0]]
    return by_name[_known(wanted, list(by_name), "policy")]


def _known(name: str, names: Sequence[str], what: str) -> str:
    wanted = name.strip().lower()
    if wanted in names:
        return wanted
    near = get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise Invalid(f"There is no {what} {wanted[:40]}. {hint}There are: {', '.join(names)}.")


def _read(knob: str, value: str) -> float | None:
    if knob == "spare" and value.strip().lower() in NO:
        return None
    try:
        return float(value.strip().replace(",", "."))
    except ValueError:
        raise Invalid(
            f"“{value.strip()[:40]}” is no number. For example: /routing set default skill 2"
        ) from None


def _flat(policy: RoutingPolicy) -> dict[str, float | None]:
    row = written(policy)
    return {**asdict(policy.weights), **{name: row[name] for name in (*TIMES, "least", "spare")}}


async def _all(work: Work) -> Sequence[KeptPolicy]:
    return (await work.session.scalars(select(KeptPolicy).order_by(KeptPolicy.name))).all()


async def _kept(work: Work, name: str) -> KeptPolicy:
    found = await work.session.get(KeptPolicy, name)
    if found is None:
        found = KeptPolicy(name=name, knobs={}, changed_at=work.now, by=work.actor)
        work.session.add(found)
    return found
