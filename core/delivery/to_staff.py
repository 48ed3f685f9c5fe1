"""What staff are shown: the ticket's card, the lines beneath it, and the note to its assignee."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.cards import Author, Button, Card, Field, Tone
from core.delivery.family import NO_KIN, Family
from core.delivery.outgoing import clock
from core.model import LIVE, BuiltIn, Priority, Status, Ticket

MARKS = {Priority.URGENT: "🚨 ", Priority.HIGH: "🔺 ", Priority.NORMAL: "", Priority.LOW: "🔽 "}
QUOTED = 1_500
OWN, OWN_SHOWN = 200, 10  # characters and fields: what a card has room for
LONGEST_SLUG = 60  # that a button can carry


def ticket_card(
    ticket: Ticket, first_words: str, own: Sequence[tuple[str, str]] = (), kin: Family = NO_KIN
) -> Card:
    """A ticket at a glance, with the buttons that fit its status; ``own`` is what is in the fields that
    the desk gave it, each with its label, and ``kin`` what belongs to it."""
    return Card(
        title=f"{MARKS[ticket.priority]}🎫 #{ticket.id} {ticket.subject}",
        text="",
        quote=shortened(first_words),
        fields=(
            *_fields(ticket),
            *_kin(kin),
            *(Field(label, text[:OWN]) for label, text in own[:OWN_SHOWN]),
        ),
        buttons=(*_buttons(ticket), *_merge(ticket), *_articles_to_send(ticket)),
        footnote="What is said beneath this card stays among staff. Reply goes to the customer.",
    )


def assigned(ticket: Ticket, last_words: str) -> Card:
    """The direct note to a new assignee."""
    return Card(
        title=f"{MARKS[ticket.priority]}🎫 #{ticket.id} is yours",
        text=ticket.subject,
        quote=shortened(last_words),
        fields=(Field("Customer", ticket.customer.name),),
        buttons=_buttons(ticket),
    )


def no_longer_assigned(ticket: Ticket, happened: str) -> Card:
    """The same note once the ticket has left them: buttons gone, what happened instead."""
    return Card(title=f"🎫 #{ticket.id} {ticket.subject}", text=happened)


def line(title: str, words: str, *, author: Author | None = None) -> Card:
    """One thing that was said or happened, beneath the ticket's card."""
    return Card(title=title, text="", quote=words, author=author)


def remark(text: str) -> Card:
    return Card(text=text)


def welcome(name: str) -> Card:
    return Card(
        text=f"Welcome to the desk, {name}! Tickets reach you here. "
        "/agent break when you need one, /ticket help for all there is.",
    )


def wrong_place() -> Card:
    return Card(
        text="You are on the support team, so this went to nobody. To answer a customer, press "
        "Reply on the ticket or type /ticket reply 42 your words. To ask something yourself, "
        "use /support."
    )


def undelivered(delivery_id: int, number: int | None, error: str) -> Card:
    about = f" on ticket #{number}" if number else ""
    return Card(
        title=f"✗ A message{about} was not delivered",
        text=error,
        buttons=(Button("Try again", "delivery resend", str(delivery_id)),),
    )


def scored(ticket: Ticket, score: int, comment: str | None) -> Card:
    """What the customer thought of it, beneath the ticket's card."""
    return line(f"⭐ {ticket.customer.name} gave #{ticket.id} {score} of 5", comment or "")


def low_score(ticket: Ticket, score: int, comment: str | None, *, agent: str | None) -> Card:
    """A customer who was not satisfied, for leads."""
    return Card(
        title=f"🙁 {score} of 5 for #{ticket.id} {ticket.subject}",
        text="",
        quote=shortened(comment or ""),
        fields=(
            Field("Customer", ticket.customer.name),
            Field("Agent", agent or "nobody"),
        ),
        footnote="For the leads: a customer was not satisfied.",
    )


def shortened(text: str) -> str:
    """As much of somebody's words as a card has room for."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def until_in_words(until: str | None) -> str:
    """Until when a ticket is put away, as staff read it."""
    return clock(datetime.fromisoformat(until)) if until else "the customer writes"


def status_in_words(ticket: Ticket) -> str:
    """The status, with what a ticket on hold waits for."""
    if ticket.merged_into_id:
        return f"merged into #{ticket.merged_into_id}"
    if ticket.snoozed_at:
        until = ticket.snoozed_until.isoformat() if ticket.snoozed_until else None
        return f"{ticket.status.value}, snoozed until {until_in_words(until)}"
    if ticket.waits_for:
        return f"{ticket.status.value}: {ticket.waits_for}"
    return ticket.status.value


def _fields(ticket: Ticket) -> tuple[Field, ...]:
    fields = [
        Field("Customer", ticket.customer.name),
        Field("Status", status_in_words(ticket)),
        Field("Priority", ticket.priority.label),
        Field("Assignee", ticket.assignee.name if ticket.assignee else "nobody yet"),
        Field("Opened", clock(ticket.created_at)),
    ]
    if ticket.kind != BuiltIn.QUESTION:
        fields.append(Field("Kind", ticket.kind))
    fields += _due(ticket)
    if ticket.category:
        fields.append(Field("Category", ticket.category))
    if ticket.team is not None:
        fields.append(Field("Team", ticket.team.name))
    if ticket.skill is not None:
        fields.append(Field("Skill", ticket.skill))
    if ticket.advice and ticket.status in LIVE:
        fields.append(Field("Articles", _advice(ticket)))
    if ticket.looks_like_id and ticket.status in LIVE:
        fields.append(Field("Looks like", f"#{ticket.looks_like_id}, of the same customer"))
    if ticket.escalated_at is not None:
        fields.append(Field("Escalated", shortened(ticket.escalation or "yes")[:200]))
    return tuple(fields)


def _kin(kin: Family) -> Iterator[Field]:
    """The tickets that belong to this one, by their numbers."""
    named = {
        "Parent": [kin.parent] if kin.parent else [],
        "Children": kin.children,
        "Linked": kin.related,
    }
    for label, tickets in named.items():
        if tickets:
            yield Field(label, " ".join(f"#{each.number}" for each in tickets)[:200])


def _due(ticket: Ticket) -> tuple[Field, ...]:
    """When the next promise has to be kept, while a clock runs."""
    if ticket.due_at is None or ticket.status not in LIVE:
        return ()
    return (Field("Due", clock(ticket.due_at)),)


def _buttons(ticket: Ticket) -> tuple[Button, ...]:
    number = str(ticket.id)
    if ticket.status is Status.RESOLVED:
        return (Button("♻️ Reopen", "ticket reopen", number),)
    if ticket.status not in LIVE:
        return ()
    if ticket.status is Status.NEW:
        return (
            Button("🙌 Claim", "ticket claim", number, Tone.PRIMARY),
            Button("📝 Note", "ticket note", number),
        )
    if ticket.snoozed_at or ticket.status is Status.ON_HOLD:
        return (
            Button("▶️ Take up again", "ticket wake", number, Tone.PRIMARY)
            if ticket.snoozed_at
            else Button("▶️ Take up again", "ticket unhold", number, Tone.PRIMARY),
            Button("💬 Reply", "ticket reply", number),
            Button("✅ Resolve", "ticket resolve", number),
            Button("📝 Note", "ticket note", number),
        )
    return (
        Button("💬 Reply", "ticket reply", number, Tone.PRIMARY),
        Button("✅ Resolve", "ticket resolve", number),
        Button("📝 Note", "ticket note", number),
        Button("♻️ Release", "ticket release", number),
        Button("📋 Macro", "macro list", number),
    )


def _advice(ticket: Ticket) -> str:
    """The articles that may help whoever answers."""
    return " · ".join(
        f"{each['title']}{' (staff only)' if each['for_staff'] else ''}" for each in ticket.advice
    )[:300]


def _merge(ticket: Ticket) -> tuple[Button, ...]:
    """One click for what looks like a duplicate."""
    into = ticket.looks_like_id
    if into is None or ticket.status not in LIVE:
        return ()
    return (Button(f"🔀 Merge into #{into}", "ticket merge", f"{ticket.id} into:{into}"),)


def _articles_to_send(ticket: Ticket) -> tuple[Button, ...]:
    """One click for each of the nearest articles that the customer may have."""
    if ticket.status not in {Status.OPEN, Status.PENDING}:
        return ()
    return tuple(
        Button(f"📚 Send “{each['title'][:40]}”", "kb send", f"{ticket.id} {each['article']}")
        for each in ticket.advice
        if not each["for_staff"] and len(each["article"]) <= LONGEST_SLUG
    )
