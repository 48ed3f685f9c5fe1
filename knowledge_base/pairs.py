"""Articles as a table: questions and answers in a CSV file, as a spreadsheet saves them."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from knowledge_base.article import Audience, Publication, free_slug, slug_of
from knowledge_base.files import UnreadableFiles
from knowledge_base.written import Faulty, Written, tidy

LARGEST_FILE = 20_000_000  # bytes
NAMES = {
    "question": "question",
    "title": "question",
    "answer": "answer",
    "body": "answer",
    "id": "id",
    "category": "category",
    "language": "language",
    "tags": "tags",
    "phrasings": "phrasings",
    "audience": "audience",
    "status": "status",
}


def read_csv(path: Path, *, encoding: str = "utf-8") -> list[Written]:
    """A file with the columns question and answer, and perhaps id, category, language, tags,
    phrasings (both with | between), audience and status.

    Questions with the same answer, for the same readers, are one article: the first is its title, the others its
    phrasings. Raises `UnreadableFiles`, naming each line that is at fault.
    """
    articles: dict[str, Written] = {}
    answers: dict[tuple[str, ...], str] = {}
    faults = []
    for line, row in _rows(path, encoding):
        try:
            article = _article(row)
        except (Faulty, ValueError) as fault:
            faults.append(f"{path.name} line {line}: {fault}")
            continue
        answer = (article.body, article.language, article.audience, article.publication)
        same = None if row.get("id") else answers.get(answer)
        if same is not None:
            known = articles[same]
            asked = dict.fromkeys((*known.phrasings, article.title, *article.phrasings))
            articles[same] = replace(known, phrasings=tuple(asked))
        elif row.get("id") and article.slug in articles:
            faults.append(f"{path.name} line {line}: has the id {article.slug}, as one above has.")
        else:
            article = replace(article, slug=free_slug(article.slug, articles))
            articles[article.slug] = article
            answers.setdefault(answer, article.slug)
    if faults:
        raise UnreadableFiles(faults)
    return list(articles.values())


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row with the line it ends in, its columns by our names."""
    text = _text(path, encoding)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = _header(next(reader, []), path)
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(header):
                    fault = f"has {len(row)} columns, where the first line has {len(header)}"
                    raise UnreadableFiles([f"{path.name} line {reader.line_num}: {fault}."])
                cells = (cell.strip() for cell in row)
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise UnreadableFiles([f"{path.name} line {reader.line_num}: {error}."]) from error


def _header(row: list[str], path: Path) -> list[str]:
    named = [cell.strip().casefold() for cell in row]
    unknown = [name for name in named if name not in NAMES]
    header = [NAMES.get(name, name) for name in named]
    if unknown or not {"question", "answer"} <= set(header) or len(set(header)) < len(header):
        fault = f"the columns are {', '.join(named) or 'missing'}"
        wanted = "There have to be question and answer, and may be " + ", ".join(
            name for name in NAMES if name not in {"question", "title", "answer", "body"}
        )
        raise UnreadableFiles([f"{path.name} line 1: {fault}. {wanted}."])
    return header


def _text(path: Path, encoding: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFiles([f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB."])
        raw = path.read_bytes()
        return raw.decode(encoding).removeprefix("\ufeff").replace("\x00", "")
    except OSError as error:
        raise UnreadableFiles([f"{path.name} cannot be read ({error.strerror})."]) from error
    except LookupError as error:
        raise UnreadableFiles([f"There is no encoding {encoding}. For example: latin-1"]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        hint = f"is not {encoding.upper()}. Save it as UTF-8, or say --encoding latin-1"
        raise UnreadableFiles([f"{path.name} line {line}: {hint}."]) from error


def _article(row: Mapping[str, str]) -> Written:
    """A row as an article. Raises `Faulty` or `ValueError`."""
    if not row["question"] or not row["answer"]:
        raise ValueError("question and answer have to be there.")
    return Written(
        slug=row.get("id") or slug_of(row["question"]),
        title=row["question"],
        body=tidy(row["answer"]),
        phrasings=_several(row.get("phrasings")),
        category=row.get("category") or "",
        language=row.get("language") or "en",
        tags=_several(row.get("tags")),
        audience=Audience(row.get("audience") or Audience.PUBLIC),
        publication=Publication(row.get("status") or Publication.PUBLISHED),
    )


def _several(cell: str | None) -> tuple[str, ...]:
    parts = (part.strip() for part in (cell or "").split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))
