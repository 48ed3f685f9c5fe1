"""What a desk sets of the looks of its public pages: its name, sign and colour."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from web.public import colour


@dataclass(frozen=True, kw_only=True)
class Theme:
    """What a desk sets of its looks. ``logo`` is the address of a picture, or nothing."""

    name: str = "Switchboard"
    logo: str = ""
    accent: str = colour.DEFAULT

    @property
    def logo_origin(self) -> str:
        """Whom the pages have to let in for the logo, beside themselves."""
        parts = urlsplit(self.logo)
        return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""
