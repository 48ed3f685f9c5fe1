"""Articles as files: a folder of Markdown with front matter, read whole or not at all, and written.

``returns.md`` is an article, ``returns.de.md`` the same one in German: it has the same ``id``, its
own ``language``, and only title, body and phrasings of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from core.errors import Invalid
from knowledge_base.article import PATH_LENGTH, Audience, Publication, slug_of
from knowledge_base.written import Faulty, Text, Written

LARGEST_FILE = 1_000_000  # bytes
KNOWN = (
    "id",
    "title",
    "language",
    "category",
    "tags",
    "audience",
    "status",
    "related",
    "phrasings",
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\A\s*#\s+(.+?)\s*(?:\n|\Z)")


Choice = TypeVar("Choice", Audience, Publication)


class UnreadableFiles(Invalid):
    """Some files cannot be read as articles; nothing was imported."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("Nothing was imported. " + " ".join(faults))


class Fault(Exception):
    """What is wrong with one file."""


def read_folder(folder: Path) -> list[Written]:
    """All ``*.md`` files below a folder, by name; translations with the article they belong to.

    Raises `UnreadableFiles`, naming each file (and line) that is at fault.
    """
    if not folder.is_dir():
        raise Invalid(f"{folder} is not a folder. Give a folder of Markdown files.")
    articles: dict[str, Written] = {}
    faults = []
    for path in sorted(folder.rglob("*.md"), key=_originals_first):
        name = path.relative_to(folder).as_posix()
        try:
            article = read_file(path, name)
            known = articles.get(article.slug)
            articles[article.slug] = article if known is None else _joined(known, article)
        except Fault as fault:
            faults.append(f"{name}{'' if str(fault).startswith(' line') else ':'} {fault}".strip())
    if faults:
        raise UnreadableFiles(faults)
    if not articles:
        raise Invalid(f"There are no Markdown files (*.md) in {folder}.")
    return list(articles.values())


def read_file(path: Path, name: str) -> Written:
    """One file as an article. Raises `Fault`."""
    text = _read(path).replace("\r\n", "\n").replace("\x00", "")
    front, body, lines = _split(text)
    heading = _HEADING.match(body)
    title = str(front.get("title") or (heading[1] if heading else "")).strip()
    if not title:
        raise Fault("has no title: give one in the front matter, or as a first heading.")
    if heading and heading[1] == title:
        body = body[heading.end() :]
    if len(name) > PATH_LENGTH:
        raise Fault(f"has a path of more than {PATH_LENGTH} characters.")
    try:
        return Written(
            slug=_word(front, "id") or slug_of(path.name.partition(".")[0]),
            title=title,
            body=body.strip(),
            phrasings=_texts(front, "phrasings"),
            category=_word(front, "category"),
            language=_word(front, "language") or "en",
            tags=_texts(front, "tags"),
            related=_texts(front, "related"),
            audience=_one_of(Audience, front, "audience", Audience.PUBLIC),
            publication=_one_of(Publication, front, "status", Publication.PUBLISHED),
            path=name,
            extra={name: value for name, value in front.items() if name not in KNOWN},
        )
    except Faulty as fault:
        line = lines.get(fault.part) or lines.get(f"{fault.part}s")
        raise Fault(f"{f'line {line}: ' if line else ''}{fault}") from fault


def write_folder(articles: Sequence[Written], folder: Path) -> list[str]:
    """Write each article, and each of its translations, to its file; the names of the files.

    What else is in the folder stays. Raises `Invalid` where a file cannot be written.
    """
    files: dict[str, str] = {}
    for article in articles:
        path = article.path or f"{article.slug}.md"
        if path in files:
            path = f"{article.slug}.md"
        files[path] = render(article)
        for language, text in article.translations.items():
            files[f"{path.removesuffix('.md')}.{language}.md"] = _render(
                {"id": article.slug, "title": text.title, "language": language},
                text,
            )
    try:
        for name, content in files.items():
            file = folder / name
            if not file.resolve().is_relative_to(folder.resolve()):
                raise Invalid(f"{name} leads out of {folder}.")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Invalid(f"{error.filename} cannot be written ({error.strerror}).") from error
    return sorted(files)


def render(article: Written) -> str:
    """An article as the text of its file."""
    front: dict[str, Any] = {
        "id": article.slug,
        "title": article.title,
        "language": article.language,
        "category": article.category,
        "tags": list(article.tags),
        "audience": "" if article.audience is Audience.PUBLIC else article.audience.value,
        "status": "" if article.publication is Publication.PUBLISHED else article.publication.value,
        "related": list(article.related),
        **article.extra,
    }
    return _render({name: value for name, value in front.items() if value}, article)


def _render(front: Mapping[str, Any], text: Text | Written) -> str:
    whole = {**front, **({"phrasings": list(text.phrasings)} if text.phrasings else {})}
    shown = yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{shown}---\n\n{text.body}\n"


def _originals_first(path: Path) -> tuple[bool, str]:
    """``returns.md`` before ``returns.de.md``."""
    return "." in path.stem, path.as_posix()


def _joined(article: Written, other: Written) -> Written:
    """An article with one more translation. Raises `Fault` where it is no translation."""
    if other.language in article.texts:
        raise Fault(f"has the id {other.slug}, as {article.path} has.")
    text = Text(title=other.title, body=other.body, phrasings=other.phrasings)
    return replace(article, translations={**article.translations, other.language: text})


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Fault(f"is larger than {LARGEST_FILE // 1_000_000} MB.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Fault(f"cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Fault(f"line {line}: is not UTF-8. Save it as UTF-8.") from error


class _TextOnly(yaml.BaseLoader):
    """Reads every value as text, and no aliases: a few lines of them can unfold to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="aliases (*) are not read", problem_mark=self.get_mark()
            )
        return super().compose_node(parent, index)


def _split(text: str) -> tuple[dict[str, Any], str, Mapping[str, int]]:
    """The front matter, what is below it, and the line that each of its names stands in.

    All values are kept as text: ``no`` is a language, ``007`` an id.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        if text.startswith("---"):
            raise Fault("line 1: the front matter is not closed by a line of ---.")
        return {}, text, {}
    try:
        front = yaml.load(found[1], Loader=_TextOnly) or {}  # noqa: S506 - it makes text only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Fault(f"line {line}: the front matter is broken: {error.problem}.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Fault(f"line 2: the front matter is broken: {error}.") from error
    if not isinstance(front, dict):
        raise Fault("line 2: the front matter is not a list of names and values.")
    lines = {
        line.partition(":")[0]: number for number, line in enumerate(found[1].split("\n"), start=2)
    }
    return front, text[found.end() :], lines


def _word(front: Mapping[str, Any], name: str) -> str:
    value = front.get(name) or ""
    if not isinstance(value, str):
        raise Fault(f"{name} is not a word.")
    return value.strip()


def _texts(front: Mapping[str, Any], name: str) -> tuple[str, ...]:
    said = front.get(name) or []
    if not isinstance(said, list):
        raise Fault(f"{name} is not a list.")
    return tuple(dict.fromkeys(_each_text(said, name)))


def _each_text(said: Sequence[Any], name: str) -> Iterator[str]:
    for each in said:
        if not isinstance(each, str):
            raise Fault(f"{name} has something in it that is not text. Put it in quotes: {each}")
        if each.strip():
            yield each.strip()


def _one_of(kind: type[Choice], front: Mapping[str, Any], name: str, default: Choice) -> Choice:
    said = _word(front, name)
    try:
        return kind(said) if said else default
    except ValueError:
        known = ", ".join(each.value for each in kind)
        raise Fault(f"has the {name} {said}; there are {known}.") from None
