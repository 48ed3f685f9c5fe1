"""How commands answer: tickets, agents and reasons as cards, for staff but for what customers see of
their own tickets."""

from collections.abc import Iterator, Sequence
from typing import Any

from bots.commands import enriched
from core.cards import Button, Card, Field, Tone
from core.speaking import heading, say
from core.vocabulary import (
    Agent,
    Delivery,
    Kind,
    Listed,
    Message,
    Page,
    Profile,
    Status,
    Ticket,
    Whole,
)

MARKS = {1: "🔽", 2: "▫️", 3: "🔺", 4: "🚨"}
LONGEST_FILTER = 60  # that a button can carry
AUTHORS = {Kind.MESSAGE: "customer", Kind.REPLY: "agent", Kind.NOTE: "note"}


def as_json(ticket: Ticket) -> dict[str, Any]:
    """A ticket as plain values for programs."""
    return {
        "number": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status.value,
        "kind": ticket.kind,
        "priority": ticket.priority.label,
        "customer": ticket.customer.name,
        "assignee": ticket.assignee.name if ticket.assignee else None,
        "created_at": ticket.created_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
    }


def ticket_list(page: Page, command: str, more: str = "", *, own: bool) -> Card:
    """Tickets a line each; ``more`` is the filter with which the command shows the next page."""
    if not page.tickets:
        none = say("You have no open tickets.") if own else "No tickets. 🎉"
        return Card(text=none if command == "ticket list" else say("Nothing found."))
    lines = [_line(ticket, own=own) for ticket in page.tickets]
    return Card(
        title=say("Your tickets") if own else "Tickets",
        text="\n".join(lines),
        footnote=say("More: {command}", command=f"/{command} {more}") if more else "",
        buttons=_more(command, more) if 0 < len(more) <= LONGEST_FILTER else (),
    )


def _more(command: str, more: str) -> tuple[Button, ...]:
    if command == "ticket search":
        return (Button(say("More"), "ticket search", more),)
    return (Button(say("More"), "ticket list", more),)


def whole_ticket(whole: Whole, *, staff: bool) -> Card:
    """One ticket with the last things said on it."""
    ticket = whole.ticket
    said = [
        f"{_place(whole, place)}{_author(whole, message.kind, message.agent_id)}: "
        f"{_gone(message, ticket)}{_one_line(message.words, 300)}"
        for place, message in enumerate(whole.messages)
    ]
    fields = [
        Field(say("Status"), say(ticket.status.value)),
        Field(say("Priority"), say(ticket.priority.label)),
    ]
    if ticket.merged_into_id:
        fields.append(Field(say("Merged into"), f"#{ticket.merged_into_id}"))
    if staff:
        fields.append(Field("Kind", ticket.kind))
        if ticket.snoozed_at:
            until = f"{ticket.snoozed_until:%d %b %H:%M UTC}" if ticket.snoozed_until else "a reply"
            fields.append(Field("Snoozed until", until))
        if ticket.waits_for:
            fields.append(Field("Waits for", ticket.waits_for))
        fields += [
            Field("Customer", ticket.customer.name),
            Field("Assignee", ticket.assignee.name if ticket.assignee else "nobody yet"),
            Field("Tier", str(ticket.tier)),
            *_kin(whole),
            *enriched.fields(ticket),
        ]
        if ticket.due_at:
            fields.append(Field("Due", f"{ticket.due_at:%d %b %H:%M UTC}"))
    fields += [Field(each.label, each.text[:200]) for each in whole.fields]
    return Card(
        title=f"🎫 #{ticket.id} {ticket.subject}",
        text="\n".join(said),
        fields=tuple(fields),
        buttons=_buttons(ticket) if staff else (),
    )


def _kin(whole: Whole) -> Iterator[Field]:
    """What belongs to a ticket, each with how it stands."""
    parent = whole.family.parent
    named = {
        "Parent": [parent] if parent else [],
        "Children": whole.family.children,
        "Linked": whole.family.related,
    }
    for label, tickets in named.items():
        if tickets:
            said = [
                f"#{each.number} {_one_line(each.subject, 40)} · {each.status.value}"
                for each in tickets
            ]
            yield Field(label, "\n".join(said[:10]))


def roster(listed: Sequence[Listed]) -> Card:
    """Everybody on the desk, a line each."""
    if not listed:
        return Card(text="Nobody. An admin can /agent add one.")
    return Card(title="Agents", text="\n".join(_agent_line(each) for each in listed))


def availability(agent: Agent) -> str:
    """Whether an agent takes work, since when, and what put them there."""
    since = agent.availability_since
    when = f" since {since:%d %b %H:%M UTC}" if since else ""
    why = f": {agent.availability_why}" if agent.availability_why else ""
    return f"{agent.availability.value}{when}{why}"


def profile(found: Profile) -> Card:
    """Who a customer is, and what they had with us."""
    places = ", ".join(str(each.who) for each in found.identities)
    tickets = [
        f"#{each.id} {_one_line(each.subject, 60)} · {each.status.value}" for each in found.tickets
    ]
    orders = [f"{each.number} · {each.status.value}" for each in found.orders]
    notes = [f"📝 {each.by}: {_one_line(each.text, 200)}" for each in found.notes]
    counts = f"{found.ticket_count}, of which {found.live_count} live"
    said = {
        "Known as": places,
        "E-mail": found.customer.email,
        "Telephone": found.customer.phone,
        "Company": found.customer.company,
        "Language": found.customer.language,
        "Time zone": found.customer.time_zone,
        "Tags": ", ".join(found.customer.tags),
        "VIP": "yes" if found.customer.is_vip else "",
        "Blocked": "yes" if found.customer.blocked_at else "",
        "Since": f"{found.customer.created_at:%d %b %Y}",
        "Tickets": counts,
        "Solved by articles": str(found.solved_by_articles),
    }
    return Card(
        title=f"{found.customer.name} · c-{found.customer.id}",
        text="\n".join([*tickets, *orders, *notes]),
        fields=tuple(Field(label, value[:200]) for label, value in said.items() if value),
    )


def about_to_forget(found: Profile) -> Card:
    """What would be gone, with a button that does it."""
    return Card(
        title=f"Forget {found.customer.name}?",
        text=f"All they said on {found.ticket_count} tickets goes, with their files, names and "
        "accounts. What was posted on other platforms stays there. It cannot be undone.",
        buttons=(
            Button(
                "🗑 Forget for good",
                "customer forget",
                f"c-{found.customer.id} sure:yes",
                Tone.DANGER,
            ),
        ),
    )


def deliveries(failed: Sequence[Delivery]) -> Card:
    """What could not be sent, with a button for what died."""
    if not failed:
        return Card(text="Everything was delivered. ✓")
    lines = [
        f"{each.id} · {each.progress.value} · {each.channel} · attempt {each.attempts} · "
        f"{_one_line(each.error or '', 120)}"
        for each in failed
    ]
    dead = [each for each in failed if each.settled_at is not None][:5]
    return Card(
        title="Undelivered",
        text="\n".join(lines),
        buttons=tuple(
            Button(f"Resend {each.id}", "delivery resend", str(each.id)) for each in dead
        ),
    )


def _line(ticket: Ticket, *, own: bool) -> str:
    holder = ticket.assignee.name if ticket.assignee else "nobody yet"
    about = "" if own else f" · {ticket.customer.name} · {holder}"
    mark = "" if own else f"{MARKS[ticket.priority]} "
    return f"{mark}#{ticket.id} {_one_line(ticket.subject, 80)} · {say(ticket.status.value)}{about}"


def _one_line(text: str, longest: int) -> str:
    line = " ".join(text[: longest * 4].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _place(whole: Whole, place: int) -> str:
    """The number by which a message can be split off; for staff."""
    return f"{whole.first + place}. " if whole.first else ""


def _gone(message: Message, ticket: Ticket) -> str:
    if message.ticket_id != ticket.id:
        return f"✂️ now on #{message.ticket_id}: "
    return say("🗑 taken back:") + " " if message.deleted_at is not None else ""


def _author(whole: Whole, kind: Kind, agent_id: int | None) -> str:
    name = whole.authors.get(agent_id, "") if agent_id else ""
    of_kind = say(AUTHORS[kind])
    return f"{name} ({of_kind})" if name else heading(of_kind)


def _buttons(ticket: Ticket) -> tuple[Button, ...]:
    number = str(ticket.id)
    if ticket.status is Status.NEW:
        return (Button("🙌 Claim", "ticket claim", number, Tone.PRIMARY),)
    if ticket.snoozed_at is not None:
        return (Button("▶️ Take up again", "ticket wake", number, Tone.PRIMARY),)
    if ticket.status is Status.ON_HOLD:
        return (Button("▶️ Take up again", "ticket unhold", number, Tone.PRIMARY),)
    if ticket.status in {Status.OPEN, Status.PENDING}:
        return (
            Button("💬 Reply", "ticket reply", number, Tone.PRIMARY),
            Button("✅ Resolve", "ticket resolve", number),
        )
    if ticket.status is Status.RESOLVED:
        return (Button("♻️ Reopen", "ticket reopen", number),)
    return ()


def _agent_line(listed: Listed) -> str:
    agent = listed.agent
    about = [
        f"{agent.role.label}, tier {agent.tier}",
        availability(agent),
        f"holds {', '.join(f'#{n}' for n in listed.holds) or 'nothing'} of {agent.capacity}",
    ]
    if agent.team is not None:
        about.append(f"team {agent.team.name}")
    if agent.skills:
        about.append("skills " + ", ".join(skill.name for skill in agent.skills))
    if agent.languages:
        about.append("speaks " + ", ".join(language.code for language in agent.languages))
    handle = f" (@{listed.who.user})" if listed.who and listed.who.user != agent.name else ""
    return f"{agent.name}{handle} · " + " · ".join(about)
