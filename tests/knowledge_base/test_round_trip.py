"""Whatever an article says, its file says it too, and nothing else."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.article import Audience, Publication, slug_of
from knowledge_base.exporting import write_folder
from knowledge_base.files import UnreadableFiles, read_folder
from knowledge_base.library import Library
from knowledge_base.written import Text, Written, same, tidy

LETTERS = st.text(
    st.one_of(
        st.sampled_from("aZ é退반क 0#-:'\"|>%@`&*!?[]{}\\,.~\t\u2028\x85\ufeff😀"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=40,
)
ONE_LINE = LETTERS.map(lambda text: " ".join(text.split()))
WORDS = st.one_of(ONE_LINE, st.sampled_from(["no", "~", "1.0", "007", "2026-11-21", "- a", "a: b"]))
TITLES = WORDS.filter(bool)
BODIES = (
    st.lists(st.one_of(LETTERS, st.sampled_from(["---", "# A", "    code", "", "..."])), max_size=6)
    .map("\n".join)
    .map(tidy)
)
LISTS = st.lists(WORDS.filter(bool), max_size=3, unique=True).map(tuple)
EXTRA = st.dictionaries(
    st.sampled_from(["owner", "2026", "no", "weight", "review", "a b", "x:"]),
    st.recursive(
        WORDS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)


@st.composite
def articles(draw: st.DrawFn) -> Sequence[Written]:
    slugs = draw(st.lists(TITLES.map(slug_of), min_size=1, max_size=4, unique=True))
    return [_article(draw, slug) for slug in slugs]


def _article(draw: st.DrawFn, slug: str) -> Written:
    own, *others = draw(
        st.lists(st.sampled_from(["en", "de", "pt-BR", "no"]), min_size=1, max_size=3, unique=True)
    )
    title = draw(TITLES)
    body = draw(BODIES)
    return Written(
        slug=slug,
        title=title,
        body=f"# {title}\n{body}".rstrip() if draw(st.booleans()) else body,
        phrasings=draw(LISTS),
        language=own,
        category=draw(WORDS),
        tags=draw(LISTS),
        related=draw(LISTS),
        audience=draw(st.sampled_from(Audience)),
        publication=draw(st.sampled_from(Publication)),
        translations={
            language: Text(title=draw(TITLES), body=draw(BODIES), phrasings=draw(LISTS))
            for language in others
        },
        path=draw(st.sampled_from(["", "", f"deep/{slug}.md", f"{slug}.en.md", "faq.md"])),
        extra=draw(EXTRA),
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.md")}


@given(articles())
@settings(max_examples=60, deadline=None)
def test_what_is_written_to_files_is_read_from_them(said: Sequence[Written]) -> None:
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        write_folder(said, Path(first))
        found = {each.slug: each for each in read_folder(Path(first))}
        write_folder(list(found.values()), Path(second))

        assert set(found) == {each.slug for each in said}
        assert all(same(found[each.slug], each) for each in said)
        assert content(Path(second)) == content(Path(first))


@given(articles())
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_what_is_imported_is_kept_as_it_was(
    library: Library, said: Sequence[Written]
) -> None:
    said = [replace(each, path=each.path or f"{each.slug}.md") for each in said]
    await library.take_in(said)

    kept = {each.slug: each for each in await library.everything()}
    assert all(same(kept[each.slug], each) for each in said)
    again = await library.take_in(list(kept.values()))
    assert (again.added, again.changed) == ([], [])


def folder_of(place: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(text.encode())
    return place


async def test_an_export_leaves_files_alone_that_say_the_same_in_other_words(
    library: Library, tmp_path: Path
) -> None:
    folder_of(
        tmp_path,
        {
            "a.md": "---\r\ntitle:   'A'\r\nid: 'a'\r\nweight: 5 # of ten\r\n---\r\n\r\nYes.\r\n",
            "b.md": "# B\nNo.",
        },
    )
    before = content(tmp_path)
    await library.take_in(read_folder(tmp_path))

    write_folder(await library.everything(), tmp_path)

    assert content(tmp_path) == before


async def test_what_others_read_in_a_file_stays_what_it_is_for_them(
    library: Library, tmp_path: Path
) -> None:
    front = "id: a\ntitle: A\nlanguage: en\ndate: 2026-11-21\nweight: 5\nshown: true\nby:\n"
    source = folder_of(tmp_path / "in", {"a.md": f"---\n{front}---\n\nYes.\n"})
    await library.take_in(read_folder(source))

    write_folder(await library.everything(), tmp_path / "out")

    assert sorted(content(tmp_path / "out")["a.md"].splitlines()) == sorted(
        content(source)["a.md"].splitlines()
    )


def test_a_translation_that_an_export_would_put_elsewhere_is_refused(tmp_path: Path) -> None:
    german = "---\nid: a\nlanguage: de\n---\n# Ä\nJa."
    folder_of(tmp_path, {"a.md": "# A\nYes.", "de/a.md": german})

    with pytest.raises(UnreadableFiles, match=r"de/a\.md: .* call it a\.de\.md"):
        read_folder(tmp_path)


async def test_of_two_languages_side_by_side_what_says_more_is_the_article(
    library: Library, tmp_path: Path
) -> None:
    source = {
        "a.en.md": "---\nlanguage: en\ncategory: shop\n---\n# A\nYes.",
        "a.de.md": "---\nlanguage: de\n---\n# Ä\nJa.",
    }
    await library.take_in(read_folder(folder_of(tmp_path, source)))

    [article] = await library.everything()
    assert (article.language, article.category, list(article.translations)) == (
        "en",
        "shop",
        ["de"],
    )
    assert write_folder([article], tmp_path / "out") == ["a.de.md", "a.en.md"]


async def test_a_phrasing_in_two_languages_is_no_change_each_time(
    library: Library, tmp_path: Path
) -> None:
    source = {
        "a.md": "---\ntitle: A\nphrasings: [FAQ]\n---\nYes.",
        "a.de.md": "---\ntitle: Ä\nlanguage: de\nphrasings: [FAQ]\n---\nJa.",
    }
    said = read_folder(folder_of(tmp_path, source))
    await library.take_in(said)

    assert (await library.take_in(said)).unchanged == ["a"]


async def test_what_no_database_keeps_is_left_out(library: Library, tmp_path: Path) -> None:
    text = '---\ntitle: "A\\0B"\nowner: "\\ud800x\\0"\n---\nYes.'

    await library.take_in(read_folder(folder_of(tmp_path, {"a.md": text})))

    [article] = await library.everything()
    assert (article.title, article.extra) == ("AB", {"owner": "?x"})


def test_a_file_whose_name_no_database_keeps_is_refused(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.md").write_text("# Coffee\nYes.")

    with pytest.raises(UnreadableFiles, match="not UTF-8"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Größe & Maße", "grosse-masse"),
        ("退货政策", "退货政策"),
        ("반품하고 싶어요", "반품하고-싶어요"),
        ("が パスワード", "が-パスワード"),
        ("Возврат: чай", "возврат-чай"),
        ("!!!", "article"),
        ("x" * 119 + " y", "x" * 119),
    ],
)
def test_a_slug_is_made_of_any_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert Written(slug=slug, title=title, body="").slug == slug


def test_a_long_name_in_any_script_has_a_file(tmp_path: Path) -> None:
    articles = [Written(slug="退" * 118 + end, title="退货", body="") for end in "ab"]

    write_folder(articles, tmp_path)

    assert {each.slug for each in read_folder(tmp_path)} == {each.slug for each in articles}


def test_no_article_is_written_over_another(tmp_path: Path) -> None:
    articles = [
        Written(slug="a", title="A", body="", translations={"de": Text(title="Ä", body="")}),
        Written(slug="a.de", title="Other", body=""),
        Written(slug="A", title="Large", body=""),
        Written(slug="b", title="Moved", body="", path="a.md"),
    ]

    files = write_folder(articles, tmp_path)

    assert len({name.casefold() for name in files}) == 5
    assert {each.slug for each in read_folder(tmp_path)} == {"a", "A", "a.de", "b"}
