"""Writing an article: the form on the left, on the right how it will look."""

from fastapi import Request
from nicegui.events import GenericEventArguments

from core.errors import DeskError
from knowledge_base.article import Audience
from knowledge_base.library import Library
from knowledge_base.reading import Shown
from knowledge_base.writing import Fields
from knowledge_base.written import listed
from web.desk.draw import area, button, choice, element, form, go_to, labelled, line, words
from web.desk.drawing import Drawing
from web.desk.frame import Here, frame
from web.desk.notice import Notice
from web.desk.rich import markdown
from web.sign_in import DESK_PATH


async def show(request: Request, slug: str) -> None:
    """``/desk/knowledge/NAME/edit``"""
    here = Here.of(request)
    try:
        shown = await Library.beside(here.desk).article(here.who, slug)
    except DeskError as refusal:
        with frame(here, "Article"):
            words(str(refusal), "p", "fault")
        return
    with frame(here, f"Edit: {shown.article.title}"):
        _Editor(here, shown).draw()


class _Editor:
    """One article in somebody's browser, as they have it and as it was read."""

    def __init__(self, here: Here, shown: Shown) -> None:
        self._here = here
        self._article = shown.article
        self._version = shown.article.version

    def draw(self) -> None:
        article = self._article
        self._notice = Notice(self._here)
        with element("div", "ticket editor"):
            with form(self._keep, "write"):
                with labelled("Title"):
                    line("title", article.title, required=True)
                with labelled("Body, in Markdown"):
                    body = area("body", article.body, rows=20, required=True)
                with labelled("Questions that lead here, one a line"):
                    area("phrasings", "\n".join(each.text for each in article.phrasings), rows=6)
                with labelled("Category"):
                    line("category", article.category)
                with labelled("Tags, with commas"):
                    line("tags", ", ".join(article.tags))
                with labelled("For"):
                    choices = {each.value: each.value for each in Audience}
                    choice("audience", choices, article.audience.value)
                button("Keep", None, "primary")
            with element("section", "message page", aria_label="Preview"):
                words("Preview", "h2")
                self._preview = Drawing("div")
        body.on("input", self._typed, throttle=0.4, js_handler="(e) => emit(e.target.value)")
        self._look(article.body)

    def _typed(self, event: GenericEventArguments) -> None:
        self._look(str(event.args)[:100_000])

    def _look(self, body: str) -> None:
        self._preview.show(markdown(body))

    async def _keep(self, said: dict[str, str]) -> None:
        async with self._notice.refusals():
            fields = Fields(
                title=said["title"],
                body=said["body"],
                phrasings=listed(said["phrasings"]),
                category=said["category"],
                tags=tuple(each.strip() for each in said["tags"].split(",") if each.strip()),
                audience=Audience(said["audience"]),
            )
            library = Library.beside(self._here.desk)
            article = await library.edit(
                self._here.who, self._article.slug, fields, {self._version}
            )
            go_to(f"{DESK_PATH}/knowledge/{article.slug}")
