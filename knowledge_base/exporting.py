"""Handing articles out as files, each to the one it came from, as an import reads them."""

import itertools
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from core.errors import Invalid
from knowledge_base.article import Audience, Publication
from knowledge_base.files import HEADING, Fault, beside, parse, read_text
from knowledge_base.written import Text, Written, same

LONGEST_NAME = 200  # bytes of a file's name that is made of a slug; systems allow 255


def write_folder(articles: Sequence[Written], folder: Path) -> list[str]:
    """Write each article, and each of its translations, to its file; the names of the files.

    A file that says the same in other words is left as it is, and so is what else is in the folder.
    Raises `Invalid` where a file cannot be written.
    """
    files: dict[str, str] = {}
    for article in sorted(articles, key=lambda each: not each.path):
        taken = {name.casefold() for name in files}
        files.update(_placed(article, taken))
    try:
        for name, content in files.items():
            file = folder / name
            if not file.resolve().is_relative_to(folder.resolve()):
                raise Invalid(f"{name} leads out of {folder}.")
            if not _says_already(file, name, content):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Invalid(f"{error.filename} cannot be written ({error.strerror}).") from error
    return sorted(files)


def _placed(article: Written, taken: Container[str]) -> Mapping[str, str]:
    """The files of an article, by names that are free even where large and small letters are one."""
    name = article.slug.encode()[:LONGEST_NAME].decode(errors="ignore")
    numbered = (f"{name}-{number}.md" for number in itertools.count(2))
    for path in itertools.chain(filter(None, [article.path, f"{name}.md"]), numbered):
        files = _files(article, path)
        if not any(each.casefold() in taken for each in files):
            return files
    raise AssertionError("unreachable")


def _files(article: Written, path: str) -> Mapping[str, str]:
    translations = {
        beside(path, article.language, language): _render(
            {"id": article.slug, "title": text.title, "language": language}, text
        )
        for language, text in article.translations.items()
    }
    return {path: _whole(article), **translations}


def _says_already(file: Path, name: str, content: str) -> bool:
    try:
        return same(parse(read_text(file), name), parse(content, name))
    except Fault:
        return False


def _whole(article: Written) -> str:
    front: dict[str, Any] = {
        "id": article.slug,
        "title": article.title,
        "language": article.language,
        "category": article.category,
        "tags": list(article.tags),
        "audience": "" if article.audience is Audience.PUBLIC else article.audience.value,
        "status": "" if article.publication is Publication.PUBLISHED else article.publication.value,
        "related": list(article.related),
    }
    return _render({name: value for name, value in front.items() if value}, article, article.extra)


def _render(
    front: Mapping[str, Any], text: Text | Written, extra: Mapping[str, Any] | None = None
) -> str:
    phrasings = {"phrasings": list(text.phrasings)} if text.phrasings else {}
    shown = "".join([_dump(front), _dump(extra or {}, _AsFound), _dump(phrasings)])
    heading = HEADING.match(text.body)
    again = f"# {heading[1]}\n\n" if heading and heading[1] == text.title else ""
    return f"---\n{shown}---\n\n{again}{text.body}\n"


class _AsFound(yaml.SafeDumper):
    """Writes texts without quotes where it can, as what only others understand came: ``2026``."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


def _dump(front: Mapping[str, Any], dumper: type[yaml.SafeDumper] = yaml.SafeDumper) -> str:
    if not front:
        return ""
    shown: str = yaml.dump(
        dict(front), Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return shown
