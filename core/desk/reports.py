"""The part of the desk that is about figures."""

from core import views
from core.door import Door, question, use_case
from core.reports import digest, figures, standing
from core.reports import sweeping as tallying


class Reports(Door):
    """Figures: of a span, of now, of a week."""

    report = question(figures.report)
    lately = question(figures.lately)
    standing = question(standing.standing)
    rebuild_reports = use_case(tallying.rebuild)
    tally = use_case(tallying.tally)
    post_digest = use_case(digest.post)
    week = question(views.week)
