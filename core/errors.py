"""Refusals: what the desk says when it will not do a thing, in a sentence for a person."""


class DeskError(Exception):
    """A refusal with a reason that may be shown to a person.

    Channels show ``str(error)``; machines read the class name (`AlreadyClaimed`). A specific
    refusal is a subclass of one of the four kinds below, defined where it is raised. What customers
    can meet is raised with a `core.speaking.Sentence`, which is put into their words where it is
    shown; what only staff can meet is English text.
    """


class NotFound(DeskError):
    """There is no such thing, or none that this person may see."""


class Conflict(DeskError):
    """The thing is not in a state that allows it, or somebody was first."""


class Stale(Conflict):
    """Somebody has changed the thing since it was looked at; ``version`` is what it has now."""

    def __init__(self, text: str, *, version: int) -> None:
        super().__init__(text)
        self.version = version


class Forbidden(DeskError):
    """This person may not do it."""


class Invalid(DeskError):
    """What was asked cannot be understood; the sentence says what to write instead."""
