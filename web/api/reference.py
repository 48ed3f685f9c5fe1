"""The page on which the API is looked up and tried: Swagger UI, from a package, served by us."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

router = APIRouter(include_in_schema=False)

_OURS = Path(__file__).parent / "page"
_SPEC = find_spec("fastapi_offline")
_THEIRS = Path(_SPEC.origin or "").parent / "static" if _SPEC else _OURS

FILES = {
    "start.js": (_OURS / "start.js", "text/javascript"),
    "swagger-ui-bundle.js": (_THEIRS / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (_THEIRS / "swagger-ui.css", "text/css"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Swagger UI sets styles on elements; scripts are files of ours only, and nothing is fetched from
elsewhere."""


@router.get("/docs")
async def page() -> FileResponse:
    """The page itself; a key is asked for when something is tried."""
    return FileResponse(
        _OURS / "reference.html",
        media_type="text/html",
        headers={"content-security-policy": POLICY, "cache-control": "no-cache"},
    )


@router.get("/docs/{name}")
async def part(name: str) -> FileResponse:
    """A script or a style of the page."""
    if name not in FILES:
        raise HTTPException(404, "There is no such part of this page.")
    path, media = FILES[name]
    return FileResponse(path, media_type=media, headers={"cache-control": "max-age=86400"})
