"""Web chat as a channel: what visitors are shown is the ledger of deliveries."""

from bots.browser.nudges import Nudges
from core.files import FileStore, Uploads


class WebChannel(Nudges, Uploads):
    """Its posts are read from the ledger, and what visitors attach was uploaded."""

    def __init__(self, files: FileStore) -> None:
        Nudges.__init__(self)
        Uploads.__init__(self, files)
