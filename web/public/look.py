"""How the pages look and in which language they speak: templates, the desk's name, sign and colour."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import page_words, speaking
from core.speaking import ENGLISH, Reader
from web.public.markdown import html
from web.public.theme import Theme

HERE = Path(__file__).parent
COOKIE = "language"
NAMES = {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "pt": "Português"}
A_YEAR = 365 * 24 * 3600


class Look:
    """Draws pages. What people wrote is escaped, whatever the template says."""

    def __init__(self, theme: Theme, *, sends_mail: bool) -> None:
        self.theme = theme
        self._sends_mail = sends_mail
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["markdown"] = html
        self._templates.filters["zip_with"] = zip

    def page(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> Response:
        """The page in the language of whoever asks. To be called while it is spoken."""
        language = values.pop("language", None) or reader_of(request).language
        with speaking.to(Reader(language)):
            drawn = self._templates.get_template(template).render(
                words=page_words.pages(),
                theme=self.theme,
                language=language or ENGLISH,
                languages=NAMES,
                path=request.url.path,
                sends_mail=self._sends_mail,
                **values,
            )
        answer = HTMLResponse(drawn, status_code=status, headers=self._headers())
        chosen = request.query_params.get("lang", "")
        if chosen in NAMES:
            answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="lax", httponly=True)
        return answer

    def elsewhere(self, request: Request) -> Response:
        """What whoever sends a form from another site's page is told."""
        with speaking.to(reader_of(request)):
            title = page_words.from_elsewhere()
        return self.page(request, "notice.html", status=403, title=title, text="")

    def _headers(self) -> Mapping[str, str]:
        pictures = " ".join(filter(None, ["'self'", self.theme.logo_origin]))
        return {
            "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
            f"img-src {pictures}; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'",
            "cache-control": "no-store",
            "vary": "accept-language, cookie",
        }


def reader_of(request: Request) -> Reader:
    """The language that they chose, else the first of their browser's that we speak."""
    for code in (request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")):
        if code in NAMES:
            return Reader(code)
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "")[:200].split(","):
        code, _, weight = part.strip().partition(";q=")
        wanted.append((-_number(weight), code.partition("-")[0].lower()))
    fitting = [code for _, code in sorted(wanted, key=lambda each: each[0]) if code in NAMES]
    return Reader(fitting[0] if fitting else ENGLISH)


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
