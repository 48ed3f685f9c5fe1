"""Articles come from files and go back to them: whole, exactly, and with every fault named."""

from pathlib import Path

import pytest

from core.errors import Invalid
from knowledge_base.exporting import write_folder
from knowledge_base.files import UnreadableFiles, read_folder
from knowledge_base.library import Library
from knowledge_base.pairs import read_csv

RETURNS = """---
id: returns
title: Return an item
language: en
category: returns
tags:
- money
- parcel
audience: staff
status: draft
related:
- refunds
owner: Grace
phrasings:
- how do I send it back
- 'yes: I want to return it'
- '007'
---

Within **30 days**.

---

# Not a title

    code
"""
GERMAN = """---
id: returns
title: Etwas zurückgeben
language: de
phrasings:
- wie gebe ich etwas zurück
---

Innerhalb von **30 Tagen**.
"""


def folder_of(place: Path, **files: str) -> Path:
    for name, text in files.items():
        path = place / f"{name.replace('__', '/').replace('_', '.')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.md")}


async def test_what_is_imported_and_exported_is_the_same_to_the_byte(
    library: Library, tmp_path: Path
) -> None:
    source = folder_of(tmp_path / "source", shop__returns=RETURNS, shop__returns_de=GERMAN)

    await library.take_in(read_folder(source))
    write_folder(await library.everything(), tmp_path / "out")

    assert content(tmp_path / "out") == content(source)
    again = await library.take_in(read_folder(tmp_path / "out"))
    assert (again.added, again.changed, again.unchanged) == ([], [], ["returns"])


async def test_words_that_yaml_takes_for_something_else_stay_words(
    library: Library, tmp_path: Path
) -> None:
    source = folder_of(
        tmp_path, off="---\nid: off\ntitle: On\nlanguage: no\ntags: [yes, 1.0]\n---\nx\n"
    )

    await library.take_in(read_folder(source))

    [article] = await library.everything()
    assert (article.title, article.language, article.tags) == ("On", "no", ("yes", "1.0"))


async def test_an_import_changes_what_is_named_and_leaves_the_rest(
    library: Library, tmp_path: Path
) -> None:
    await library.take_in(read_folder(folder_of(tmp_path / "1", a="# A\n1", b="# B\n2")))

    done = await library.take_in(read_folder(folder_of(tmp_path / "2", a="# A\nother", c="# C\n3")))

    assert (done.added, done.changed, done.archived) == (["c"], ["a"], [])
    assert [each.slug for each in await library.published()] == ["a", "b", "c"]


async def test_what_is_gone_from_the_folder_is_archived_if_asked_for(
    library: Library, tmp_path: Path
) -> None:
    await library.take_in(read_folder(folder_of(tmp_path / "1", a="# A\n1", b="# B\n2")))
    rest = read_folder(folder_of(tmp_path / "2", a="# A\n1"))

    would = await library.compare(rest, archive_missing=True)
    assert [each.slug for each in await library.published()] == ["a", "b"]
    done = await library.take_in(rest, archive_missing=True)

    assert would == done
    assert done.archived == ["b"]
    assert [each.slug for each in await library.published()] == ["a"]


async def test_articles_without_phrasings_are_named(library: Library, tmp_path: Path) -> None:
    draft = "---\ntitle: D\nstatus: draft\n---\nx"
    done = await library.take_in(read_folder(folder_of(tmp_path, a="# A\n1", d=draft)))

    assert done.without_phrasings == ["a"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no title here", "has no title"),
        ("---\ntitle: A\nbroken: [1\n---\nx", "line 3"),
        ("---\ntitle: A\n", "line 1: the front matter is not closed"),
        ("---\n- a\n- b\n---\nx", "line 2"),
        ("---\ntitle: A\nstatus: gone\n---\nx", "status gone"),
        ("---\ntitle: A\nid: two words\n---\nx", "line 3: The id"),
        ("---\ntitle: A\nlanguage: English\n---\nx", "line 3: The language"),
        (f"---\nid: a\ntitle: {'long ' * 50}\n---\nx", "line 3: The title"),
        ("---\ntitle: A\nphrasings: none\n---\nx", "phrasings is not a list"),
        ("---\ntitle: A\na: &x [1]\nb: *x\n---\nx", "aliases"),
    ],
)
async def test_a_fault_is_named_by_file_and_line_and_nothing_is_imported(
    library: Library, tmp_path: Path, text: str, fault: str
) -> None:
    source = folder_of(tmp_path, good="# Good\nyes", bad=text)

    with pytest.raises(UnreadableFiles) as refused:
        await library.take_in(read_folder(source))

    [named] = refused.value.faults
    assert named.startswith("bad.md")
    assert fault in named
    assert not await library.everything()


def test_two_articles_of_one_id_are_refused_by_both_names(tmp_path: Path) -> None:
    source = folder_of(tmp_path, a="---\nid: x\ntitle: A\n---\n", b="---\nid: x\ntitle: B\n---\n")

    with pytest.raises(UnreadableFiles, match=r"b\.md: has the id x, as a\.md has"):
        read_folder(source)


def test_a_file_too_large_or_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "large.md").write_text("# Large\n" + "x" * 10_000_000)
    (tmp_path / "latin.md").write_bytes("# Größe\n\nfünf".encode("latin-1"))

    with pytest.raises(UnreadableFiles) as refused:
        read_folder(tmp_path)

    large, latin = sorted(refused.value.faults)
    assert "larger than 1 MB" in large
    assert latin.startswith("latin.md: line 1: is not UTF-8")


def test_an_export_never_leaves_its_folder(tmp_path: Path) -> None:
    from dataclasses import replace

    [article] = read_folder(folder_of(tmp_path / "in", a="# A\n1"))

    with pytest.raises(Invalid, match="leads out"):
        write_folder([replace(article, path="../../a.md")], tmp_path / "out")


def test_questions_with_the_same_answer_are_one_article(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(
        "Question;Answer;Tags\n"
        "Can I pick it up?;At Hill Street 5.;shop|parcel\n"
        "Where is the shop?;At Hill Street 5.;\n"
        'Do you ship abroad?;"Yes; to\nall of Europe.";\n'
    )

    pick_up, abroad = read_csv(path)

    assert (pick_up.slug, pick_up.phrasings) == ("can-i-pick-it-up", ("Where is the shop?",))
    assert pick_up.tags == ("shop", "parcel")
    assert abroad.body == "Yes; to\nall of Europe."


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("question,answer\nWas kostet es?,fünf\n".encode("latin-1"), "line 2: is not UTF-8"),
        (b"question,text\na,b\n", "line 1: the columns are question, text"),
        (b"question,answer\na,b,c\n", "line 2: has 3 columns"),
        (b"question,answer\na,b\nc,\n", "line 3: question and answer"),
        (b"id,question,answer\nx,a,b\nx,c,d\n", "line 3: has the id x"),
        (b"", "line 1"),
    ],
)
def test_a_table_is_refused_by_its_line(tmp_path: Path, raw: bytes, fault: str) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes(raw)

    with pytest.raises(UnreadableFiles) as refused:
        read_csv(path)

    assert fault in str(refused.value)


def test_a_table_in_another_encoding_is_read_if_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes("question,answer\nWas kostet es?,fünf\n".encode("latin-1"))

    [article] = read_csv(path, encoding="latin-1")

    assert article.body == "fünf"


async def test_a_table_leaves_alone_what_it_cannot_say(library: Library, tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", shop__returns=RETURNS, shop__returns_de=GERMAN)
    await library.take_in(read_folder(source))
    table = tmp_path / "faq.csv"
    table.write_text("id,question,answer\nreturns,Return an item,Within a year.\n")

    await library.take_in(read_csv(table))

    [article] = await library.everything()
    assert article.body == "Within a year."
    assert (article.path, article.related, list(article.translations)) == (
        "shop/returns.md",
        ("refunds",),
        ["de"],
    )
    assert (await library.take_in(read_csv(table))).unchanged == ["returns"]


def test_the_same_answer_for_other_readers_is_another_article(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(
        "question,answer,language,audience\n"
        "Open on Sundays?,Yes.,en,\nOpen on holidays?,Yes.,en,staff\nOuvert le dimanche ?,Yes.,fr,\n"
    )

    assert [each.title for each in read_csv(path)] == [
        "Open on Sundays?",
        "Open on holidays?",
        "Ouvert le dimanche ?",
    ]
