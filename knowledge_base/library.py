"""The library: one typed line for each thing that can be done with articles."""

from core.door import Door, question, use_case
from knowledge_base import (
    drafts,
    figures,
    history,
    importing,
    learning,
    reading,
    shelf,
    words,
    writing,
)
from knowledge_base.gaps import gap, gaps


class Library(Door):
    """The door of the knowledge base. `Library.beside(desk)` opens it into the same house."""

    # from files
    take_in = use_case(importing.take_in)
    compare = question(importing.compare)
    everything = question(importing.everything)

    # writing
    add = use_case(writing.add)
    edit = use_case(writing.edit)
    translate = use_case(writing.translate)
    publish = use_case(writing.publish)
    archive = use_case(writing.archive)
    restore = use_case(writing.restore)
    draft = use_case(drafts.draft)

    # learning
    digest = use_case(learning.digest)
    decide = use_case(learning.decide)
    unlearn = use_case(learning.unlearn)

    # looking
    article = question(reading.article)
    articles = question(reading.articles)
    for_customer = question(reading.for_customer)
    search = question(reading.search)
    containing = question(words.containing)
    public_with = question(words.public_with)
    proposals = question(learning.proposals)
    gaps = question(gaps)
    gap = question(gap)
    figures = question(figures.figures)
    published = question(reading.published)
    public = question(shelf.public)
    edition = question(reading.edition)
    history = question(history.ended)
