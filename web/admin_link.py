"""The one-time link: whoever opens it and says who they are becomes an admin."""

import re
from html import escape

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from web.origin import same_origin
from web.page import HERE, page
from web.sign_in import remember

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")

RESERVED = {"staff"}  # the console's staff room


def routes(desk: Desk, *, console: bool) -> list[Route]:
    """``/admin/CODE``: a look does not use the code, saying who one is does."""

    async def show(request: Request) -> Response:
        code = request.path_params["code"]
        if not await desk.code_is_good(code):
            return page(_used(), status=404)
        return page(_invitation(code, console=console))

    async def accept(request: Request) -> Response:
        if not same_origin(request.headers):
            return page(_used(), status=403)
        code = request.path_params["code"]
        handle = str((await request.form()).get("handle", "")).strip().removeprefix("@")
        if not console or not HANDLE.fullmatch(handle) or handle.lower() in RESERVED:
            fault = "Use 1 to 40 letters, digits, dots or dashes; not “staff”, that is a room."
            return page(_invitation(code, console=console, fault=fault), status=422)
        who = Who("console", "local", handle, handle)
        try:
            await desk.join(who, code)
            secret = await desk.sign_in(
                await desk.sign_in_link(who), request.headers.get("user-agent", "")
            )
        except DeskError:
            return page(_used(), status=404)
        answer = RedirectResponse(f"/console?agent={handle}", status_code=303)
        remember(answer, desk, secret)
        return answer

    async def shown_file(request: Request) -> Response:
        return FileResponse(HERE / request.url.path.removeprefix("/"))

    return [
        Route("/admin/{code}", show, methods=["GET"]),
        Route("/admin/{code}", accept, methods=["POST"]),
        Route("/page.css", shown_file),
        Route("/favicon.svg", shown_file),
    ]


def _invitation(code: str, *, console: bool, fault: str = "") -> str:
    form = f"""
      <form method="post">
        <label for="handle">Your name on the console</label>
        <input id="handle" name="handle" required maxlength="40" autocomplete="nickname"
               pattern="[A-Za-z0-9][A-Za-z0-9_.\\-]*" placeholder="admin" autofocus
               aria-describedby="fault">
        <p id="fault" class="fault" role="alert">{escape(fault)}</p>
        <button>Become admin</button>
      </form>"""
    return f"""
      <h1>Become an admin of this desk</h1>
      <p>This link works once. Admins add agents, and see and change everything.</p>
      {form if console else ""}
      <h2>In Slack</h2>
      <p>Type this anywhere instead, and you are admin there:</p>
      <pre><code>/agent join {escape(code)}</code></pre>"""


def _used() -> str:
    return """
      <h1>This link was used, or is too old</h1>
      <p>On the machine where the desk runs, this prints a new one:</p>
      <pre><code>switchboard admin-link</code></pre>"""
