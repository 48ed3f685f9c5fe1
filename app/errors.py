"""Why the desk does not start: one sentence for whoever starts it."""


class CannotStart(Exception):
    """Something is missing or wrong; ``str(error)`` says what, and what to do."""
