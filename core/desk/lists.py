"""The part of the desk that is about lists of tickets."""

from core.door import Door, question, use_case
from core.tickets import bulk, export, listing, reaching, saving


class Lists(Door):
    """Lists of tickets: found, kept under a name, taken along, changed all at once."""

    tickets = question(listing.tickets)
    tickets_at = question(reaching.tickets_at)
    reach = question(reaching.reach)
    is_over = question(reaching.is_over)
    export_tickets = question(export.page)
    save_view = use_case(saving.save)
    remove_view = use_case(saving.remove)
    saved_view = question(saving.view)
    saved_views = question(saving.views)
    propose_bulk = use_case(bulk.propose)
    do_bulk = use_case(bulk.do)
    undo_bulk = use_case(bulk.undo)
