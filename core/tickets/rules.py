"""Rules, as leads keep them: written, moved, switched, and tried on what came before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import RuleChanged
from core.model import Role, Rule, Team
from core.people import roster, teams
from core.people.actors import Actor, acting, staff
from core.storage.serial import serialise
from core.tickets import applying, cases, drafts, filters, kinds, known, search
from core.tickets.drafts import Draft
from core.work import Work

AT_MOST = 100
COLUMNS = ("condition", "team", "category", "priority", "kind", "skill", "tier", "stops")
REFUSALS = (Invalid, NotFound)
"""What a rule that cannot be is refused with."""


class UnknownRule(NotFound):
    """There is no such rule."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no rule {number}. /rule list shows them.")


class RuleExists(Conflict):
    """Another rule has the name."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"There is a rule “{name}” already: /rule edit {number} changes it. "
            "Or give this one another name."
        )


class TooManyRules(Conflict):
    """So many rules nobody understands any more."""

    def __init__(self) -> None:
        super().__init__(f"There are {AT_MOST} rules, which is all there can be. Remove one first.")


@dataclass(frozen=True)
class Shown:
    """A rule, and what it names that is not there any more (empty where nothing)."""

    rule: Rule
    broken: str = ""

    @property
    def text(self) -> str:
        """As it can be written again, without its name."""
        return drafts.in_words(self.rule)


async def rules(work: Work, by: Who) -> Sequence[Shown]:
    """All rules, in their order; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    broken = {
        each.rule["id"]: applying.broken(each) for each in await known.standings(work.session)
    }
    in_order = select(Rule).order_by(Rule.place, Rule.id)
    return [Shown(rule, broken.get(rule.id, "")) for rule in await work.session.scalars(in_order)]


async def rule(work: Work, by: Who, number: int) -> Shown:
    """One rule, for leads. Raises `UnknownRule`."""
    for shown in await rules(work, by):
        if shown.rule.id == number:
            return shown
    raise UnknownRule(number)


async def add(work: Work, by: Who, text: str) -> Rule:
    """Add a rule after the others; for leads.

    Raises `BadRule`, `BadFilter`, `RuleExists`, `TooManyRules`, and what its names are refused for.
    """
    actor = await acting(work, by, at_least=Role.LEAD)
    draft = drafts.read(text)
    await serialise(work.session, "rules")
    there = (await work.session.scalars(select(Rule))).all()
    _refuse_taken(there, draft.name)
    if len(there) >= AT_MOST:
        raise TooManyRules
    draft = await checked(work, draft)
    added = Rule(name=draft.name, place=max((each.place for each in there), default=0) + 1)
    work.session.add(added)
    await _write(work, added, draft, actor, "added")
    return added


async def edit(work: Work, by: Who, number: int, text: str) -> Rule:
    """Write a rule anew, in its place; for leads. Raises what `add` does, and `UnknownRule`."""
    actor = await acting(work, by, at_least=Role.LEAD)
    draft = drafts.read(text)
    await serialise(work.session, "rules")
    there = (await work.session.scalars(select(Rule))).all()
    edited = next((each for each in there if each.id == number), None)
    if edited is None:
        raise UnknownRule(number)
    _refuse_taken([each for each in there if each is not edited], draft.name)
    draft = await checked(work, draft)
    if (edited.name, drafts.in_words(edited)) != (draft.name, drafts.in_words(draft)):
        edited.name = draft.name
        await _write(work, edited, draft, actor, "edited")
    return edited


async def move(work: Work, by: Who, number: int, place: int) -> Rule:
    """Put a rule at another place, from 1 on; for leads. Raises `UnknownRule`, `Invalid`."""
    await acting(work, by, at_least=Role.LEAD)
    await serialise(work.session, "rules")
    in_order = list(await work.session.scalars(select(Rule).order_by(Rule.place, Rule.id)))
    moved = next((each for each in in_order if each.id == number), None)
    if moved is None:
        raise UnknownRule(number)
    if not 1 <= place <= len(in_order):
        raise Invalid(f"There are places 1 to {len(in_order)}. For example: /rule move {number} 1")
    before = in_order.index(moved)
    in_order.insert(place - 1, in_order.pop(before))
    for at, each in enumerate(in_order, 1):
        if each.place != at:
            each.place = at
    if before != place - 1:
        _changed(work, moved, f"moved to place {place}")
    return moved


async def remove(work: Work, by: Who, number: int) -> Rule:
    """Forget a rule; what it gave to tickets stays. For leads. Raises `UnknownRule`."""
    await acting(work, by, at_least=Role.LEAD)
    removed = await _locked(work, number)
    _changed(work, removed, "removed")
    await work.session.delete(removed)
    return removed


async def switch(work: Work, by: Who, number: int, *, on: bool) -> Rule:
    """Let a rule have its say, or not, and keep it; for leads. Raises `UnknownRule`."""
    await acting(work, by, at_least=Role.LEAD)
    switched = await _locked(work, number)
    if switched.is_on is not on:
        switched.is_on, switched.told_broken_at = on, None
        _changed(work, switched, f"switched {'on' if on else 'off'}")
    return switched


async def checked(work: Work, draft: Draft) -> Draft:
    """A rule with its team as that is called. Raises `Invalid`, `NotFound` or `BadFilter` for what it
    names and this desk does not have."""
    wanted = cases.condition(draft.condition)
    await search.refuse_unknown(work, wanted)
    for name in sorted(filters.named(wanted, "team")):
        try:
            await teams.named(work.session, name)
        except teams.UnknownTeam:
            raise search.UnknownInFilter("team", name) from None
    if draft.team is not None:
        draft = replace(draft, team=(await teams.named(work.session, draft.team)).name)
    if draft.skill is not None:
        await roster.refuse_unknown_skill(work.session, draft.skill)
    if draft.kind is not None:
        await kinds.meant(work.session, draft.kind)
    return draft


async def naming(work: Work, team: Team) -> Sequence[Rule]:
    """The rules that give a team, or ask for it; kept as they are until the transaction ends."""
    await serialise(work.session, "rules")
    in_order = await work.session.scalars(select(Rule).order_by(Rule.place, Rule.id))
    return [each for each in in_order if each.team == team.name or _asks_for(each, team.name)]


async def call_anew(work: Work, team: Team, to: str) -> None:
    """Let the rules that name a team call it by another name."""
    for each in await naming(work, team):
        if _asks_for(each, team.name):
            each.condition = filters.with_value(each.condition, "team", team.name, to)
        if each.team == team.name:
            each.team = to
        _changed(work, each, "edited")


def _asks_for(rule: Rule, team: str) -> bool:
    try:
        return team.lower() in filters.named(cases.condition(rule.condition), "team")
    except Invalid:  # what it asks for is not there any more
        return False


def _refuse_taken(there: Sequence[Rule], name: str) -> None:
    for each in there:
        if each.name == name:
            raise RuleExists(name, each.id)


async def _locked(work: Work, number: int) -> Rule:
    wanted = select(Rule).where(Rule.id == number).with_for_update() if number < 2**31 else None
    found = None if wanted is None else (await work.session.scalars(wanted)).one_or_none()
    if found is None:
        raise UnknownRule(number)
    return found


def write(rule: Rule, draft: Draft, *, by: str, at: datetime) -> None:
    """Let a rule say what a draft does."""
    for column in COLUMNS:
        setattr(rule, column, getattr(draft, column))
    rule.kind = draft.kind.lower() if draft.kind else None
    rule.tags = list(draft.tags)
    rule.by, rule.written_at, rule.told_broken_at = by, at, None


async def _write(work: Work, rule: Rule, draft: Draft, actor: Actor, change: str) -> None:
    write(rule, draft, by=actor.name, at=work.now)
    await work.session.flush()
    _changed(work, rule, change)


def _changed(work: Work, rule: Rule, change: str) -> None:
    text = drafts.in_words(rule)
    work.emit(RuleChanged(rule_id=rule.id, name=rule.name, change=change, text=text))
