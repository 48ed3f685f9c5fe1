"""Rules as a whole: taken out to a file, and taken in from one, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import Invalid
from core.events import RuleChanged
from core.model import Rule
from core.storage.serial import serialise
from core.tickets import drafts, rules
from core.tickets.drafts import Draft
from core.work import Work


@dataclass(frozen=True)
class RuleSaid:
    """A rule of a file: its name, the rest as it is written, and whether it is on."""

    name: str
    text: str
    is_on: bool = True


@dataclass(frozen=True)
class RulesTaken:
    """The names of the rules that are new, changed, as they were, and gone."""

    added: list[str]
    changed: list[str]
    unchanged: list[str]
    removed: list[str]


async def whole(work: Work) -> Sequence[RuleSaid]:
    """All rules, in their order, as they can be taken in again."""
    in_order = select(Rule).order_by(Rule.place, Rule.id)
    kept = await work.session.scalars(in_order)
    return [RuleSaid(each.name, drafts.in_words(each), each.is_on) for each in kept]


async def compare(work: Work, said: Sequence[RuleSaid], *, replace: bool = False) -> RulesTaken:
    """What `take_in` would do. Raises what it raises."""
    there = await _there(work)
    return _compared(there, await _read(work, said), said, replace=replace)


async def take_in(work: Work, said: Sequence[RuleSaid], *, replace: bool = False) -> RulesTaken:
    """Add and change rules by their names, all or none. They come first, in the order that they have
    here; others follow as they were, or, with ``replace``, go.

    Raises `BadRule`, `BadFilter`, `Invalid`, `TooManyRules` and what names are refused for.
    """
    work.actor = "import"
    await serialise(work.session, "rules")
    there = await _there(work)
    drafted = await _read(work, said)
    taken = _compared(there, drafted, said, replace=replace)
    for name in taken.removed:
        _say(work, there[name], "removed")
        await work.session.delete(there.pop(name))
    for each, draft in zip(said, drafted, strict=True):
        rule = there.pop(draft.name, None) or Rule(name=draft.name, place=0)
        work.session.add(rule)
        rules.write(rule, draft, by="import", at=work.now)
        rule.is_on = each.is_on
        there[draft.name] = rule  # behind those that are not in the file, which are moved below
    named = {draft.name for draft in drafted}
    in_order = [draft.name for draft in drafted] + [name for name in there if name not in named]
    for place, name in enumerate(in_order, 1):
        there[name].place = place
    await work.session.flush()
    for change, names in (("added", taken.added), ("edited", taken.changed)):
        for name in names:
            _say(work, there[name], change)
    return taken


async def _there(work: Work) -> dict[str, Rule]:
    in_order = select(Rule).order_by(Rule.place, Rule.id)
    return {each.name: each for each in await work.session.scalars(in_order)}


async def _read(work: Work, said: Sequence[RuleSaid]) -> list[Draft]:
    """The rules, each of which could be added by hand; the refusal says which could not."""
    drafted: list[Draft] = []
    for place, each in enumerate(said, 1):
        try:
            draft = await rules.checked(work, drafts.read(f"{each.name}: {each.text}"))
        except rules.REFUSALS as refusal:
            raise Invalid(f"Nothing was imported. Rule {place} of the file: {refusal}") from None
        if draft.name in {other.name for other in drafted}:
            raise Invalid(f"Nothing was imported. “{draft.name}” is there twice in the file.")
        drafted.append(draft)
    return drafted


def _compared(
    there: dict[str, Rule], drafted: Sequence[Draft], said: Sequence[RuleSaid], *, replace: bool
) -> RulesTaken:
    taken = RulesTaken([], [], [], [])
    for each, draft in zip(said, drafted, strict=True):
        kept = there.get(draft.name)
        if kept is None:
            taken.added.append(draft.name)
        elif (drafts.in_words(kept), kept.is_on) == (drafts.in_words(draft), each.is_on):
            taken.unchanged.append(draft.name)
        else:
            taken.changed.append(draft.name)
    named = {draft.name for draft in drafted}
    if replace:
        taken.removed.extend(name for name in there if name not in named)
    if len(there) - len(taken.removed) + len(taken.added) > rules.AT_MOST:
        raise rules.TooManyRules
    return taken


def _say(work: Work, rule: Rule, change: str) -> None:
    text = drafts.in_words(rule)
    work.emit(RuleChanged(rule_id=rule.id, name=rule.name, change=change, text=text))
