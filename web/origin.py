"""Same origin: what changes something has to come from our own pages (CSRF)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(headers: Headers) -> bool:
    """Whether a browser says that a request comes from a page of the host it is for.

    By ``Origin``, which browsers send with everything that is not a plain GET, and with every
    WebSocket; a request without one is not from a browser's page unless ``Sec-Fetch-Site`` says so.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
