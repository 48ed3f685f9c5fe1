"""What can happen to a question before there is a ticket."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SmallTalkMade(Event):
    """A customer said hello or thanks, and nothing to be solved."""

    message_id: int
    tone: str


@dataclass(frozen=True, kw_only=True)
class ArticlesOffered(Event):
    """The knowledge base had an answer, or a guess, for an enquiry."""

    enquiry_id: int
    sure: bool


@dataclass(frozen=True, kw_only=True)
class EnquirySolved(Event):
    """An article solved it: a deflection."""

    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class EnquiryWentSilent(Event):
    """Articles were offered and the customer said no more."""

    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleJudged(Event):
    """Somebody found an article on a page, and said whether it helped: an enquiry without a word."""

    enquiry_id: int
    article: str
    helpful: bool


@dataclass(frozen=True, kw_only=True)
class MoveOffered(Event):
    """A customer wrote on another channel than the one on which their ticket is live."""

    enquiry_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class StaffWrote(Event):
    """An agent wrote to the bot as if they were a customer."""

    message_id: int
