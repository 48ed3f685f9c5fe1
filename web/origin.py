"""Same origin: what changes something has to come from our own pages (CSRF)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of the host it is for, or from no page at all.

    By ``Sec-Fetch-Site``, which no page can set, else by ``Origin``, which browsers send with all
    that is not a plain GET and with every WebSocket.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    host = headers.get("host", "").lower()
    return origin is None or (bool(host) and urlsplit(origin).netloc.lower() == host)
