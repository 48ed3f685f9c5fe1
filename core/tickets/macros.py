"""Macros: saved replies with actions, somebody's own or everybody's, written and translated."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any

from babel.core import Locale, UnknownLocaleError
from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Forbidden, Invalid
from core.events import MacroWritten
from core.model import Macro, MacroTranslation, Priority, Role, Team
from core.model.macro import LONGEST, NAME_LENGTH
from core.model.ticket import WAITS_FOR_LENGTH
from core.people import teams
from core.people.actors import acting, agent_meant
from core.storage.text import clean
from core.tickets import fields, finding_macros, kinds, macro_words, tagging
from core.work import Work

NOTHING = "none"
STATUSES = ("pending", "on hold", "resolved")
ASSIGN = ("me", "release")
EXAMPLE = "/macro add thanks status:resolved Thank you, {customer.first_name|there}!"
_NAME = re.compile(rf"\w[\w-]{{0,{NAME_LENGTH - 1}}}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?", re.IGNORECASE)


class BadMacro(Invalid):
    """A macro cannot be like that."""


class MacroIsThere(Conflict):
    """Two macros of the same people cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a macro {name} already. /macro edit {name} changes it.")


class ForLeads(Forbidden):
    """What everybody uses is a lead's to change."""

    def __init__(self) -> None:
        super().__init__("Macros for everybody are written by leads. Without shared:yes it is yours.")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What a macro does beside saying something; None leaves it as it is, `NOTHING` takes it away.

    ``tags`` are written ``+vip,-old``; of ``assign``, ``agent`` and ``team`` there is at most one.
    """

    status: str | None = None
    waits_for: str | None = None
    tags: str | None = None
    priority: str | None = None
    category: str | None = None
    kind: str | None = None
    assign: str | None = None
    agent: Who | None = None
    team: str | None = None


async def add(
    work: Work, by: Who, name: str, text: str, doing: Doing, *, shared: bool = False
) -> Macro:
    """Write a macro, for oneself or, for leads, for everybody. The operator's are everybody's.

    Raises `BadMacro`, `BadWords`, `MacroIsThere`, `ForLeads`, and what its actions are refused for.
    """
    actor = await acting(work, by)
    name = _as_name(name)
    owner = None if shared or actor.agent is None else actor.agent.id
    if owner is None and actor.role < Role.LEAD:
        raise ForLeads
    there = select(Macro.id).where(Macro.name == name, Macro.agent_id.is_not_distinct_from(owner))
    if (await work.session.scalars(there)).first() is not None:
        raise MacroIsThere(name)
    macro = Macro(name=name, agent_id=owner, text="", does={}, written_at=work.now)
    await _describe(work, macro, text, doing)
    work.session.add(macro)
    await work.session.flush()
    work.emit(MacroWritten(name=name, agent_id=owner, change="added"))
    return macro


async def edit(work: Work, by: Who, name: str, text: str, doing: Doing) -> Macro:
    """Change what a macro says, or does; the empty text leaves its words, `NOTHING` takes them away.

    Raises `UnknownMacro`, `ForLeads`, and what `add` raises.
    """
    macro = await _to_change(work, by, name)
    if not text.strip() and doing == Doing():
        raise BadMacro(f"Say what is to change: /macro edit {macro.name} priority:high")
    await _describe(work, macro, text, doing)
    macro.written_at = work.now
    work.emit(MacroWritten(name=macro.name, agent_id=macro.agent_id, change="edited"))
    return macro


async def remove(work: Work, by: Who, name: str) -> Macro:
    """Forget a macro: one's own, or else everybody's. Raises `UnknownMacro`, `ForLeads`."""
    macro = await _to_change(work, by, name)
    await work.session.delete(macro)
    work.emit(MacroWritten(name=macro.name, agent_id=macro.agent_id, change="removed"))
    return macro


async def translate(work: Work, by: Who, name: str, language: str, text: str) -> Macro:
    """Say what a macro says to customers of a language; `NOTHING` takes a translation away.

    Raises `UnknownMacro`, `ForLeads`, `BadMacro`, `BadWords`.
    """
    macro = await _to_change(work, by, name)
    code = _as_language(language)
    kept = await work.session.get(MacroTranslation, (macro.id, code))
    if text.strip().lower() == NOTHING:
        if kept is None:
            raise BadMacro(f"{macro.name} has no words in {code}.")
        await work.session.delete(kept)
    else:
        said = await _as_words(work, text)
        if not macro.text or not said:
            raise BadMacro(f"There is nothing to translate. For example: {EXAMPLE}")
        if kept is None:
            kept = MacroTranslation(macro_id=macro.id, language=code)
            work.session.add(kept)
        kept.text = said
    work.emit(MacroWritten(name=macro.name, agent_id=macro.agent_id, change=f"translated {code}"))
    return macro


async def call_anew(work: Work, team: Team, to: str) -> None:
    """Let the macros that name a team call it by another name."""
    for macro in await finding_macros.naming(work, team):
        macro.does = {**macro.does, "team": to}
        work.emit(MacroWritten(name=macro.name, agent_id=macro.agent_id, change="edited"))


async def _to_change(work: Work, by: Who, name: str) -> Macro:
    actor = await acting(work, by)
    macro = await finding_macros.meant(work, actor, name)
    if macro.agent_id is None and actor.role < Role.LEAD:
        raise ForLeads
    return macro


def _as_name(text: str) -> str:
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise BadMacro(
            f"“{clean(text)[:40]}” cannot be the name of a macro: one word of letters, digits, - and _, "
            f"{NAME_LENGTH} at most. For example: {EXAMPLE}"
        )
    return name


def _as_language(text: str) -> str:
    code = text.strip().lower()
    try:
        known = bool(_LANGUAGE.fullmatch(code)) and bool(Locale.parse(code, sep="-"))
    except (UnknownLocaleError, ValueError):
        known = False
    if not known:
        raise BadMacro(f"“{clean(text)[:20]}” is no code of a language. One is de.")
    return code


async def _as_words(work: Work, text: str) -> str:
    said = clean(text).strip()
    if len(said) > LONGEST:
        raise BadMacro(f"A macro says at most {LONGEST} characters, not {len(said)}.")
    macro_words.check(said, [field.name for field in await fields.current(work.session)])
    return said


async def _describe(work: Work, macro: Macro, text: str, doing: Doing) -> None:
    """Write into the row what it says and does. Raises what cannot be."""
    if text.strip():
        macro.text = "" if text.strip().lower() == NOTHING else await _as_words(work, text)
    given = {name: value for name, value in vars(doing).items() if value is not None}
    kept = {
        name: value for name, value in {**macro.does, **given}.items() if not _is_nothing(value)
    }
    macro.does = {name: await _checked(work, name, value) for name, value in kept.items()}
    _refuse_senseless(macro)


def _is_nothing(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() == NOTHING


async def _checked(work: Work, name: str, value: Any) -> Any:
    """An action as it is kept. Raises what it is refused for."""
    if name == "agent":
        return value if isinstance(value, int) else (await agent_meant(work.session, value)).id
    text = " ".join(clean(str(value)).split())
    if name == "team":
        return (await teams.named(work.session, text)).name
    if name == "kind":
        return await kinds.meant(work.session, text)
    return _WRITTEN[name](text)


def _as_reason(text: str) -> str:
    if not 0 < len(text) <= WAITS_FOR_LENGTH:
        raise BadMacro(f"What a ticket waits for is said in at most {WAITS_FOR_LENGTH} characters.")
    return text


def _as_tags(text: str) -> str:
    signed = [word if word[0] in "+-" else f"+{word}" for word in text.replace(",", " ").split()]
    tags = [each[0] + tagging.as_tag(each[1:]) for each in signed]
    both = {each[1:] for each in tags if each[0] == "+"} & {each[1:] for each in tags if each[0] == "-"}  # fmt: skip
    if both:
        raise BadMacro(f"The tag {min(both)} is put on and taken off.")
    if not tags:
        raise BadMacro("Say which tags: tags:+refund,-waiting")
    return ",".join(tags)


def _one_of(name: str, there: Sequence[str]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text.lower() not in there:
            raise BadMacro(
                f"“{text[:40]}” is no {name} that a macro can give. There is {', '.join(there)}."
            )
        return text.lower()

    return chosen


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "status": _one_of("status", STATUSES),
    "priority": _one_of("priority", [each.label for each in Priority]),
    "assign": _one_of("holder", ASSIGN),
    "category": tagging.as_category,
    "tags": _as_tags,
    "waits_for": _as_reason,
}
"""What reads each action that is words by itself."""


def _refuse_senseless(macro: Macro) -> None:
    """Raise `BadMacro` for actions that cannot be together."""
    does = macro.does
    passes_on = [name for name in ("assign", "agent", "team") if name in does]
    away = [name for name in passes_on if does[name] != "me"]
    if not macro.text and not does:
        raise BadMacro(f"A macro says something or does something. For example: {EXAMPLE}")
    if len(passes_on) > 1:
        raise BadMacro("Say one of assign:me, assign:release, to:@agent-1 and team:returns.")
    if away and "status" in does:
        raise BadMacro(
            f"A ticket that becomes {does['status']} stays its agent's, so it cannot go elsewhere, too."
        )
    if does.get("status") == "pending" and not macro.text:
        raise BadMacro("A ticket is pending once its customer was answered: say something, too.")
    if (does.get("status") == "on hold") != ("waits_for" in does):
        raise BadMacro('On hold and what it waits for go together: status:on_hold waits:"a part"')


def in_words(macro: Macro, agents: Mapping[int, str]) -> str:
    """What a macro does, in the words of its command: ``status:resolved tags:+refund``."""
    named = {"waits_for": "waits", "agent": "to"}
    return " ".join(
        f"{named.get(name, name)}:{agents.get(value, value) if name == 'agent' else value}"
        for name, value in in_order(macro)
    )


def in_order(macro: Macro) -> Sequence[tuple[str, Any]]:
    """What a macro does, in the order of `Doing`."""
    return [
        (each.name, macro.does[each.name]) for each in fields_of(Doing) if each.name in macro.does
    ]
