"""Articles as files: a folder of Markdown with front matter, read whole or not at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import Invalid
from knowledge_base.article import TITLE_LENGTH, Publication, slug_of

LARGEST_FILE = 1_000_000  # bytes
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\A\s*#\s+(.+?)\s*(?:\n|\Z)")


class UnreadableFiles(Invalid):
    """Some files of the folder cannot be read as articles; nothing was imported."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("Nothing was imported. " + " ".join(faults))


class Fault(Exception):
    """What is wrong with one file."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An article as its file says it; ``source`` names the file for messages."""

    slug: str
    title: str
    body: str
    phrasings: tuple[str, ...] = ()
    category: str = ""
    language: str = "en"
    publication: Publication = Publication.PUBLISHED
    source: str = ""


def read_folder(folder: Path) -> list[Written]:
    """All ``*.md`` files below a folder, by name.

    Raises `UnreadableFiles`, naming each file (and line) that is at fault.
    """
    if not folder.is_dir():
        raise Invalid(f"{folder} is not a folder. Give a folder of Markdown files.")
    articles: dict[str, Written] = {}
    faults = []
    for path in sorted(folder.rglob("*.md")):
        name = str(path.relative_to(folder))
        try:
            article = read_file(path, name)
            if article.slug in articles:
                raise Fault(f"has the id {article.slug}, as {articles[article.slug].source} has.")
            articles[article.slug] = article
        except Fault as fault:
            faults.append(f"{name}: {fault}")
    if faults:
        raise UnreadableFiles(faults)
    if not articles:
        raise Invalid(f"There are no Markdown files (*.md) in {folder}.")
    return list(articles.values())


def read_file(path: Path, name: str) -> Written:
    """One file as an article. Raises `Fault`."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Fault(f"is larger than {LARGEST_FILE // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Fault(f"cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Fault(f"is not UTF-8 (byte {error.start}).") from error
    front, body = _split(text.replace("\x00", ""))
    heading = _HEADING.match(body)
    title = str(front.get("title") or (heading[1] if heading else "")).strip()
    if not title:
        raise Fault("has no title: give one in the front matter, or as a first heading.")
    if heading and heading[1] == title:
        body = body[heading.end() :]
    return Written(
        slug=str(front.get("id") or slug_of(path.stem)),
        title=title[:TITLE_LENGTH],
        body=body.strip(),
        phrasings=tuple(dict.fromkeys(_texts(front, "phrasings"))),
        category=str(front.get("category") or ""),
        language=str(front.get("language") or "en"),
        publication=_publication(front),
        source=name,
    )


def _split(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if found is None:
        if text.startswith("---"):
            raise Fault("line 1: the front matter is not closed by a line of ---.")
        return {}, text
    try:
        front = yaml.safe_load(found[1]) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Fault(f"line {line}: the front matter is broken: {error.problem}.") from error
    if not isinstance(front, dict):
        raise Fault("line 2: the front matter is not a list of names and values.")
    return front, text[found.end() :]


def _texts(front: dict[str, Any], name: str) -> Iterator[str]:
    listed = front.get(name) or []
    if not isinstance(listed, list):
        raise Fault(f"{name} is not a list.")
    for each in listed:
        text = str(each).strip()
        if text:
            yield text


def _publication(front: dict[str, Any]) -> Publication:
    said = str(front.get("status") or Publication.PUBLISHED.value)
    try:
        return Publication(said)
    except ValueError:
        known = ", ".join(each.value for each in Publication)
        raise Fault(f"has the status {said}; there are {known}.") from None
