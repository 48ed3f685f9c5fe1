"""The part of the desk that is about tickets."""

from core import views
from core.door import Door, question, use_case
from core.tickets import (
    correcting,
    filling,
    holding,
    kinds,
    lifecycle,
    links,
    merging,
    moving,
    on_behalf,
    passing_on,
    past,
    snoozing,
    splitting,
    tagging,
    using,
    watching,
)


class Tickets(Door):
    """What anybody does with a ticket, and how it is looked at."""

    open_ticket = use_case(on_behalf.open_ticket)
    claim = use_case(lifecycle.claim)
    release = use_case(lifecycle.release)
    transfer = use_case(passing_on.transfer)
    reopen = use_case(lifecycle.reopen)
    confirm = use_case(lifecycle.confirm)
    resolve = use_case(links.resolve)
    close_resolved = use_case(lifecycle.close_resolved)
    hold = use_case(holding.hold)
    unhold = use_case(holding.unhold)
    snooze = use_case(snoozing.snooze)
    wake = use_case(snoozing.wake)
    wake_due = use_case(snoozing.wake_due)
    move_ticket = use_case(moving.move)

    set_priority = use_case(lifecycle.set_priority)
    set_category = use_case(tagging.set_category)
    set_kind = use_case(kinds.set_kind)
    set_field = use_case(filling.set_field)
    set_language = use_case(correcting.set_language)
    set_complexity = use_case(correcting.set_complexity)
    tag = use_case(tagging.tag)
    use_macro = use_case(using.use)

    merge = use_case(merging.merge)
    unmerge = use_case(merging.unmerge)
    split = use_case(splitting.split)
    unsplit = use_case(splitting.unsplit)
    link_tickets = use_case(links.link)
    make_child = use_case(links.make_child)
    unlink_tickets = use_case(links.unlink)

    watch = use_case(watching.watch)
    unwatch = use_case(watching.unwatch)
    watchers = question(watching.watchers)

    ticket = question(views.ticket)
    tags = question(views.tags)
    ticket_past = question(past.past)
    newest_event = question(views.newest_event)
    happened = question(views.happened)
