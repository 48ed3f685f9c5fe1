"""Articles as files: a folder of Markdown with front matter, read whole or not at all.

``returns.md`` is an article, ``returns.de.md`` the same one in German: it has the same ``id``, its
own ``language``, and only title, body and phrasings of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from yaml.reader import ReaderError

from core.errors import Invalid
from core.storage.text import clean
from knowledge_base.article import PATH_LENGTH, Audience, Publication, slug_of
from knowledge_base.written import Faulty, Text, Written, tidy

LARGEST_FILE = 1_000_000  # bytes
DEFAULT_LANGUAGE = "en"
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
HEADING = re.compile(r"\A\s*#\s+(.+?)\s*(?:\n|\Z)")


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
    files: list[Written] = []
    articles: dict[str, Written] = {}
    faults = []
    for path in folder.rglob("*.md"):
        name = path.relative_to(folder).as_posix()
        try:
            files.append(read_file(path, name))
        except Fault as fault:
            faults.append(f"{name}: {fault}")
    for file in sorted(files, key=_originals_first):
        try:
            known = articles.get(file.slug)
            articles[file.slug] = file if known is None else _joined(known, file)
        except Fault as fault:
            faults.append(f"{file.path}: {fault}")
    if faults:
        raise UnreadableFiles(sorted(faults))
    if not articles:
        raise Invalid(f"There are no Markdown files (*.md) in {folder}.")
    return list(articles.values())


def read_file(path: Path, name: str) -> Written:
    """One file as an article. Raises `Fault`."""
    if clean(name) != name:
        raise Fault("has a name that is not UTF-8. Give it another.")
    if len(name) > PATH_LENGTH:
        raise Fault(f"has a path of more than {PATH_LENGTH} characters.")
    return parse(read_text(path), name)


def parse(text: str, name: str) -> Written:
    """What a file says as an article, by its name below its folder. Raises `Fault`."""
    front, body, lines = _split(text)
    heading = HEADING.match(body)
    title = _word(front, "title") or (heading[1] if heading else "")
    if not title:
        raise Fault("has no title: give one in the front matter, or as a first heading.")
    if heading and heading[1] == title:
        body = body[heading.end() :]
    try:
        return Written(
            slug=_word(front, "id") or slug_of(Path(name).name.partition(".")[0]),
            title=title,
            body=tidy(body),
            phrasings=_texts(front, "phrasings"),
            category=_word(front, "category"),
            language=_word(front, "language") or DEFAULT_LANGUAGE,
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


def beside(path: str, own: str, language: str) -> str:
    """The file of a translation: ``returns.de.md``, beside ``returns.md`` or ``returns.en.md``."""
    return f"{path.removesuffix('.md').removesuffix(f'.{own}')}.{language}.md"


def _originals_first(file: Written) -> tuple[bool, bool, bool, int, str]:
    """``returns.md`` before ``returns.de.md``; of two such, what says more than a translation can."""
    says_more = (file.category, file.tags, file.related, file.extra) != ("", (), (), {})
    is_plain = (file.audience, file.publication) == (Audience.PUBLIC, Publication.PUBLISHED)
    return (
        file.path.endswith(f".{file.language}.md"),
        is_plain and not says_more,
        file.language != DEFAULT_LANGUAGE,
        file.path.count("/"),
        file.path,
    )


def _joined(article: Written, other: Written) -> Written:
    """An article with one more translation. Raises `Fault` where it is no translation."""
    if other.language in article.texts:
        raise Fault(f"has the id {other.slug}, as {article.path} has.")
    place = beside(article.path, article.language, other.language)
    if other.path != place:
        raise Fault(
            f"has the id {other.slug}, as {article.path} has. If it is its translation, "
            f"call it {place}."
        )
    text = Text(title=other.title, body=other.body, phrasings=other.phrasings)
    return replace(article, translations={**article.translations, other.language: text})


def read_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Fault(f"is larger than {LARGEST_FILE // 1_000_000} MB.")
        return path.read_text(encoding="utf-8-sig").replace("\x00", "")
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

    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        return clean(super().construct_scalar(node))


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
    except ReaderError as error:
        line = found[1].count("\n", 0, error.position) + 2
        raise Fault(f"line {line}: the front matter has a control character in it.") from error
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
        raise Fault(f"{name} is not a text.")
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
