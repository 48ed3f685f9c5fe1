"""The figures of `kb evaluate`: what they mean, and what they say of a small shop."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import Invalid
from knowledge_base.evaluate import Asked, WrongFile, measure, read_articles, read_questions
from knowledge_base.index import Entry
from knowledge_base.measures import Outcomes
from knowledge_base.tiers import Tier
from tests.knowledge_base.shop import SHOP

KEYS = [
    "t1",
    "t3",
    "auroc",
    "s90",
    "far",
    "answered_right",
    "in_scope",
    "oos_recall",
    "p50_ms",
    "p99_ms",
    "fit_seconds",
    "index_mb",
    "tier",
    "articles",
    "phrasings",
    "questions",
]

ANSWERABLE = [
    Asked("I forgot my password, help", "reset-password"),
    Asked("how can I send an item back", "returns"),
    Asked("delivery time to Austria", "shipping-times"),
    Asked("I need an invoice with VAT", "invoices"),
    Asked("wrong adress entered", "change-address"),
    Asked("have not received my refund", "refund-status"),
    Asked("how long is the guarantee", "warranty"),
    Asked("coupon doesn't work", "discount-codes"),
    Asked("please close and delete my account", "delete-account"),
    Asked("can I use a credit card", "payment-methods"),
    Asked("track my package", "track-parcel"),
    Asked("open on saturday?", "opening-hours"),
]
UNANSWERABLE = [
    Asked(text, None)
    for text in (
        "what is the weather on mars",
        "the driver was rude to my grandmother",
        "do you hire interns in marketing",
        "my screen shows a blue line",
        "tell me a joke",
        "which size fits a tall person",
    )
]


def written(folder: Path, name: str, lines: Sequence[object]) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def articles_file(folder: Path) -> Path:
    return written(
        folder,
        "articles.jsonl",
        [{"id": e.slug, "title": e.title, "phrasings": list(e.phrasings)} for e in SHOP],
    )


def questions_file(folder: Path, asked: Sequence[Asked]) -> Path:
    return written(
        folder, "questions.jsonl", [{"text": a.text, "article": a.article} for a in asked]
    )


def test_a_small_shop_is_answered_well() -> None:
    report = measure(SHOP, [*ANSWERABLE, *UNANSWERABLE], validation=[*ANSWERABLE, *UNANSWERABLE])

    assert report.t1 is not None
    assert report.t1 >= 0.9
    assert report.t3 == 1.0
    assert report.auroc is not None
    assert report.auroc >= 0.9
    assert report.far is not None
    assert report.far <= 0.2
    assert report.in_scope is not None
    assert report.oos_recall is not None
    assert report.coverage[-1][0] == 1.0


def test_the_report_has_the_promised_keys_and_shares(tmp_path: Path) -> None:
    questions = read_questions(questions_file(tmp_path, [*ANSWERABLE, *UNANSWERABLE]))

    figures = measure(
        read_articles(articles_file(tmp_path)), questions, validation=questions, tier=Tier.DEFAULT
    ).to_dict()

    assert list(figures) == KEYS
    shares = [figures[key] for key in KEYS[:8]]
    assert all(isinstance(share, float) and 0 <= share <= 1 for share in shares)
    assert (figures["tier"], figures["articles"], figures["questions"]) == ("default", 12, 18)
    assert figures["phrasings"] == sum(len(entry.phrasings) for entry in SHOP)


def test_what_a_set_cannot_tell_is_null(tmp_path: Path) -> None:
    questions = read_questions(questions_file(tmp_path, ANSWERABLE))

    figures = measure(
        read_articles(articles_file(tmp_path)), questions, tier=Tier.DEFAULT
    ).to_dict()

    assert {key for key in KEYS if figures[key] is None} == {
        "auroc",
        "s90",
        "far",
        "in_scope",
        "oos_recall",
    }


@pytest.mark.parametrize("entries", [(), (Entry(slug="only", title="Only"),)])
def test_hardly_any_article_and_no_question_are_no_error(entries: Sequence[Entry]) -> None:
    report = measure(entries, [])
    assert report.t1 is None

    asked = measure(entries, [Asked("anything", None), Asked("something else", "only")])
    assert asked.far == 0.0
    assert asked.t1 == 0.0


def test_the_measures_by_hand() -> None:
    # Confidences fall; r = right, w = wrong article, x = unanswerable.
    kinds = "rrxrwxrxxx"
    outcomes = Outcomes(
        is_answerable=np.array([kind != "x" for kind in kinds]),
        is_right=np.array([kind == "r" for kind in kinds]),
        is_among_three=np.array([kind in "rw" for kind in kinds]),
        confidences=np.linspace(1.0, 0.1, 10),
    )

    assert outcomes.t1() == pytest.approx(4 / 5)
    assert outcomes.t3() == 1.0
    # Of 25 pairs, those where the answerable one is trusted more: 5 + 5 + 4 + 4 + 3.
    assert outcomes.auroc() == pytest.approx(21 / 25)
    # The 90 % quantile of the unanswerable lies between 0.8 and 0.5; two right ones are above.
    assert outcomes.s90() == pytest.approx(3 / 5)
    assert outcomes.false_answers(outcomes.confidences > 0.45) == pytest.approx(2 / 5)
    assert outcomes.answered_right(outcomes.confidences > 0.45) == pytest.approx(3 / 5)
    assert outcomes.coverage()[2] == pytest.approx((0.3, 2 / 3))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is no JSON"),
        ("[]", "a JSON object is wanted"),
        ('{"article": "a"}', "a question needs a text"),
        ('{"text": "a", "article": 3}', "article must be an id or null"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"text": "fine", "article": null}\n' + line + "\n", encoding="utf-8")

    with pytest.raises(WrongFile, match=f"line 2: {reason}"):
        read_questions(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        read_articles(tmp_path / "none.jsonl")
