"""Rules at work: what those that fit give a new ticket, in their order, until one says stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import update

from core.errors import Invalid
from core.events import RuleApplied, RuleBroke
from core.model import Priority, Rule, Tag, Ticket
from core.tickets import cases
from core.tickets.cases import Case
from core.tickets.known import Standing
from core.tickets.tagging import TAGS_AT_MOST, as_tag
from core.work import Work

GIVEN = ("team", "category", "priority", "kind", "skill", "tier")


@dataclass(frozen=True)
class Applied:
    """A rule that fitted, with what it changed in words, or one that is ``broken``, with why."""

    rule_id: int
    name: str
    changed: str = ""
    broken: str = ""
    tags: Sequence[str] = field(default=())


def case_of(ticket: Ticket, said: Sequence[str]) -> Case:
    """A ticket that is not written yet, as rules see it."""
    customer = ticket.customer
    return Case(
        words=cases.words_of([ticket.subject, *said]),
        kind=ticket.kind,
        priority=ticket.priority,
        category=ticket.category or "",
        language=ticket.language or "",
        complexity=ticket.complexity or 0,
        tier=ticket.tier or 1,
        skill=ticket.skill or "",
        channel=ticket.channel,
        customer_id=customer.id or 0,
        customer=customer.name,
        is_vip=bool(customer.is_vip),
        company=(customer.company or "").lower(),
        customer_tags=frozenset(customer.tags or ()),
    )


def apply(ticket: Ticket, case: Case, rules: Sequence[Standing]) -> list[Applied]:
    """Let the rules have their say over a ticket that is not written yet; each sees what those
    before it gave. What is to be written with it comes back, for `keep`."""
    applied: list[Applied] = []
    for standing in rules:
        rule = standing.rule
        wrong = broken(standing)
        if wrong:
            if rule["told_broken_at"] is None:
                applied.append(Applied(rule["id"], rule["name"], broken=wrong))
            continue
        if not cases.fits(cases.condition(rule["condition"]), case):
            continue
        given = changes(rule, case)
        case = replace(case, **given)
        _set(ticket, given, standing)
        added = sorted(set(given.get("tags", ())) - set(_tags(applied)))
        applied.append(Applied(rule["id"], rule["name"], in_words(rule, given), tags=added))
        if rule["stops"]:
            break
    fitted = [
        {"rule": each.rule_id, "name": each.name, "changed": each.changed}
        for each in applied
        if not each.broken
    ]
    if fitted:
        ticket.enriched = {**ticket.enriched, "rules": fitted}
    return applied


async def keep(work: Work, ticket: Ticket, applied: Sequence[Applied]) -> None:
    """Write what the rules did, once the ticket has its number."""
    work.session.add_all(Tag(ticket_id=ticket.id, tag=tag) for tag in _tags(applied))
    for each in applied:
        if not each.broken:
            work.emit(
                RuleApplied(
                    ticket_id=ticket.id, rule_id=each.rule_id, name=each.name, changed=each.changed
                )
            )
        elif await _first_to_say(work, each.rule_id):
            work.emit(RuleBroke(rule_id=each.rule_id, name=each.name, why=each.broken))


def changes(rule: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """What a rule gives a ticket that it does not have yet, by the names of `Case`."""
    given = {name: rule[name] for name in GIVEN if rule[name] is not None}
    new = {name: value for name, value in given.items() if getattr(case, name) != value}
    tags = case.tags | set(rule["tags"])
    if tags != case.tags:
        new["tags"] = tags
    return new


def in_words(rule: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """What was given: ``priority high, team returns, tags vip``."""
    said = [f"{name} {_word(value)}" for name, value in given.items() if name != "tags"]
    if "tags" in given:
        said.append(f"tags {' '.join(sorted(rule['tags']))}")
    return ", ".join(said) or "nothing that was not so"


def broken(standing: Standing) -> str:
    """What a rule names that is not there; empty where it can be followed."""
    rule = standing.rule
    if rule["team"] and standing.team is None:
        return f"there is no team {rule['team']} any more."
    if rule["skill"] and not standing.has_skill:
        return f"nobody has the skill {rule['skill']} any more."
    if rule["kind"] and not standing.has_kind:
        return f"there is no kind {rule['kind']} any more."
    try:
        cases.condition(rule["condition"])
        for tag in rule["tags"]:
            as_tag(tag)
    except Invalid as refusal:
        return str(refusal)
    return ""


def _word(value: Any) -> str:
    if isinstance(value, Priority):
        return value.label
    return str(value) or "none"


def _set(ticket: Ticket, given: Mapping[str, Any], standing: Standing) -> None:
    for name, value in given.items():
        if name == "team":
            ticket.team = standing.team
        elif name != "tags":
            setattr(ticket, name, value)


def _tags(applied: Sequence[Applied]) -> list[str]:
    """Those that rules gave, as many as a ticket takes."""
    return list(dict.fromkeys(tag for each in applied for tag in each.tags))[:TAGS_AT_MOST]


async def _first_to_say(work: Work, rule_id: int) -> bool:
    """Whether nobody was told yet that a rule is broken; from here on somebody was."""
    first = (
        update(Rule)
        .where(Rule.id == rule_id, Rule.told_broken_at.is_(None))
        .values(told_broken_at=work.now)
        .returning(Rule.id)
        .execution_options(synchronize_session=False)
    )
    return await work.session.scalar(first) is not None
