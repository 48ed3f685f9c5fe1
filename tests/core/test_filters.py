"""The filter language: what it reads, and how it refuses what means nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import LIVE, Priority, Status
from core.storage.fulltext import Phrase
from core.tickets.filters import (
    EXAMPLES,
    NAMES,
    BadFilter,
    Cursor,
    Filter,
    Order,
    Sort,
    Span,
    Term,
    read,
)

NOW = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, tzinfo=UTC)
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def terms(*wanted: Term) -> Filter:
    return Filter(terms=wanted, names=frozenset(term.name for term in wanted))


def words(*phrases: Phrase) -> Filter:
    return Filter(phrases=phrases)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Filter()),
        ("  \n ", Filter()),
        ("status:open", terms(Term("status", (Status.OPEN,)))),
        ("STATUS:Open", terms(Term("status", (Status.OPEN,)))),
        ("status:on_hold", terms(Term("status", (Status.ON_HOLD,)))),
        ('status:"on hold",new', terms(Term("status", (Status.ON_HOLD, Status.NEW)))),
        ("status:live", terms(Term("status", tuple(sorted(LIVE))))),
        ("status:any", Filter(any_status=True, names=frozenset({"status"}))),
        ("-status:closed", terms(Term("status", (Status.CLOSED,), negated=True))),
        ("priority:high,urgent", terms(Term("priority", (Priority.HIGH, Priority.URGENT)))),
        ("kind:return", terms(Term("kind", ("return",)))),
        ("tag:VIP", terms(Term("tag", ("vip",)))),
        ("tag:none", terms(Term("tag", (None,)))),
        ("tag:a tag:b", terms(Term("tag", ("a",)), Term("tag", ("b",)))),
        ("category:Billing", terms(Term("category", ("billing",)))),
        ('category:"late  delivery",none', terms(Term("category", ("late delivery", "")))),
        ("category:“late delivery”", terms(Term("category", ("late delivery",)))),
        ("assignee:me", terms(Term("assignee", ("me",)))),
        ("assignee:nobody", terms(Term("assignee", (None,)))),
        ("customer:c-17", terms(Term("customer", ("c-17",)))),
        ('customer:"slack:T1:U1"', terms(Term("customer", ("slack:T1:U1",)))),
        ("team:Returns", terms(Term("team", ("Returns",)))),
        ("vip:Yes", terms(Term("vip", ("yes",)))),
        ("language:de,PT_br", terms(Term("language", ("de", "pt-br")))),
        ("language:none", terms(Term("language", ("",)))),
        ("company:Acme", terms(Term("company", ("Acme",)))),
        ("customer-tag:Wholesale,none", terms(Term("customer-tag", ("wholesale", None)))),
        ("complexity:4,5", terms(Term("complexity", (4, 5)))),
        ("complexity:none", terms(Term("complexity", (0,)))),
        ("tier:2", terms(Term("tier", (2,)))),
        ("skill:Billing", terms(Term("skill", ("billing",)))),
        ("channel:Slack", terms(Term("channel", ("slack",)))),
        ("created:2026-11-01", terms(Term("created", (Span(FIRST, FIRST + DAY),)))),
        ("created:>2026-11-01", terms(Term("created", (Span(begin=FIRST + DAY),)))),
        ("created:>=2026-11-01", terms(Term("created", (Span(begin=FIRST),)))),
        ("created:<2026-11-01", terms(Term("created", (Span(end=FIRST),)))),
        ("created:<=2026-11-01", terms(Term("created", (Span(end=FIRST + DAY),)))),
        ("created:2026-11-01..2026-11-02", terms(Term("created", (Span(FIRST, FIRST + 2 * DAY),)))),
        ("created:today", terms(Term("created", (Span(TODAY, TODAY + DAY),)))),
        ("created:yesterday", terms(Term("created", (Span(TODAY - DAY, TODAY),)))),
        ("updated:<2d", terms(Term("updated", (Span(begin=NOW - 2 * DAY),)))),
        ("updated:2d", terms(Term("updated", (Span(begin=NOW - 2 * DAY),)))),
        ("updated:>3h", terms(Term("updated", (Span(end=NOW - timedelta(hours=3)),)))),
        ("due:<2h", terms(Term("due", (Span(end=NOW + timedelta(hours=2)),)))),
        ("due:2h", terms(Term("due", (Span(end=NOW + timedelta(hours=2)),)))),
        ("due:>1d", terms(Term("due", (Span(begin=NOW + DAY),)))),
        ("due:today", terms(Term("due", (Span(TODAY, TODAY + DAY),)))),
        ("due:none", terms(Term("due", (None,)))),
        ("breached:yes", terms(Term("breached", ("yes",)))),
        ("lamp", words(Phrase(("lamp",)))),
        ("Lamp broken", words(Phrase(("lamp",)), Phrase(("broken",)))),
        ('"charged twice"', words(Phrase(("charged", "twice")))),
        ("“charged twice”", words(Phrase(("charged", "twice")))),
        ("-lamp", words(Phrase(("lamp",), negated=True))),
        ('-"charged twice"', words(Phrase(("charged", "twice"), negated=True))),
        ("lam*", words(Phrase(("lam",), prefix=True))),
        ("l*", words(Phrase(("l",)))),
        ("A-1001", words(Phrase(("a", "1001")))),
        ("Zürich", words(Phrase(("zurich",)))),
        ('"status:open"', words(Phrase(("status", "open")))),
        ("don't", words(Phrase(("don", "t")))),
        ("#42", words(Phrase(("42",)))),
        ("sort:updated", Filter(sort=Sort(Order.UPDATED, down=False), names=frozenset({"sort"}))),
        ("sort:-updated", Filter(sort=Sort(Order.UPDATED, down=True), names=frozenset({"sort"}))),
        ("after:42", Filter(after=Cursor(42), names=frozenset({"after"}))),
        ("after:3.#42", Filter(after=Cursor(42, 3), names=frozenset({"after"}))),
    ],
)
def test_what_a_filter_means(text: str, meant: Filter) -> None:
    assert read(text, NOW) == meant


BAD = {
    "stauts:open": "“stauts:open”: did you mean status:? There is status, priority, tag,",
    "foo:bar": 'put it in quotes to look for it: "foo:bar". There is status,',
    "-foo:bar": 'put it in quotes to look for it: "foo:bar"',
    "https://example.com/a": 'put it in quotes to look for it: "https://example.com/a"',
    "labels:vip": "There is status, priority, tag",
    "__class__:x": "There is status, priority, tag",
    "status:": "“status:”: a value is missing. For example: status:open,pending",
    "status:,": "a value is missing",
    "status:open,": "a value is missing",
    "status:,open": "a value is missing",
    'status:""': "a value is missing",
    "status:opne": "did you mean open? There is new, open, pending, on hold, resolved, closed, live",
    "status:x": "There is new, open, pending",
    "status:open,lost": "“status:open,lost”: did you mean closed? There is new, open",
    "status:open status:new": "status: is there twice. A comma means or: status:open,pending",
    "-status:open -status:new": "status: is there twice",
    "-status:any": "no ticket has no status at all",
    "status:open';--": "There is new, open",
    "status:'open'": "There is new, open",
    'status:"open': "its quotes do not end",
    'status:"open"x': "its quotes do not end",
    "status:%": "There is new, open",
    "priority:1": "There is low, normal, high, urgent.",
    "priority:hihg": "did you mean high?",
    "priority:high priority:low": "priority: is there twice",
    "priority:>high": "There is low, normal, high, urgent.",
    "kind:": "For example: kind:return",
    "tag:": "For example: tag:vip",
    "tag:a b:c": "“b:c”",
    'tag:"two words"': "cannot be a tag",
    "tag:'); drop table tickets; --": "cannot be a tag",
    "tag:+vip": "cannot be a tag",
    "tag:" + "x" * 41: "cannot be a tag",
    "tag:🔥": "cannot be a tag",
    "category:<b>": "cannot be a category",
    "category:" + "x" * 61: "cannot be a category",
    "category:": 'For example: category:"late delivery"',
    "assignee:": "For example: assignee:me",
    "assignee:" + "x" * 261: "nobody has so long a name",
    "customer:": "For example: customer:c-17",
    "customer:none": "every ticket has a customer",
    "customer:" + "x" * 261: "nobody has so long a name",
    "team:": "For example: team:returns",
    "vip:": "For example: vip:yes",
    "vip:maybe": "There is yes, no.",
    "vip:yes vip:no": "vip: is there twice",
    "language:german": "that is no code of a language. For example: language:de,fr",
    "language:'": "that is no code of a language",
    'company:"' + "x" * 121 + '"': "no company has so long a name",
    "customer-tag:a.b": "that is no tag of a customer. For example: customer-tag:wholesale",
    "customertag:x": "did you mean customer-tag:?",
    "complexity:0": "that is no number from 1 to 5, as complexity:4,5",
    "complexity:6": "that is no number from 1 to 5",
    "complexity:٣": "that is no number from 1 to 5",
    "tier:10": "that is no number from 1 to 9, as tier:2",
    "skill:" + "x" * 41: "no skill has so long a name",
    "channel:Slack!": "that is no channel. For example: channel:slack",
    "channel:" + "x" * 21: "that is no channel",
    "channel:": "For example: channel:slack",
    "created:": "For example: created:>2026-11-01",
    "created:soon": "“created:soon”: that is no day. Write 2026-11-01",
    "created:2026-13-01": "that is no day",
    "created:2026-02-30": "that is no day",
    "created:2026-1-1": "that is no day",
    "created:01.11.2026": "that is no day",
    "created:1969-12-31": "that is no day",
    "created:9999-12-31": "that is no day",
    "created:>": "that is no day",
    "created:><2026-11-01": "that is no day",
    "created:2026-11-01..": "that is no day",
    "created:>2026-11-01..2026-11-02": "that is no day",
    "created:99999d": "that is no day",
    "created:-2d": "that is no day",
    "created:2y": "that is no day",
    "updated:٣d": "that is no day",
    "updated:2d updated:3d": "updated: is there twice",
    "escalated:": "a value is missing. For example: escalated:yes",
    "escalated:maybe": "There is yes, no.",
    "breached:": "a value is missing",
    "breached:perhaps": "There is yes, no.",
    "due:": "a value is missing",
    "due:soon": "that is no day",
    "due:-2h": "that is no day",
    "sort:": "There is number, priority, created, updated, due.",
    "sort:subject": "There is number, priority, created, updated, due.",
    "sort:updatd": "did you mean updated?",
    "sort:--updated": "There is number, priority",
    "sort:updated;drop": "did you mean updated? There is number",
    "sort:updated sort:number": "sort: is there twice",
    "-sort:updated": "sort: cannot be turned round with -",
    "-after:42": "after: cannot be turned round with -",
    "after:": "that is no ticket seen before. For example: after:42",
    "after:x": "that is no ticket seen before",
    "after:-1": "that is no ticket seen before",
    "after:2147483648": "that is no ticket seen before",
    "after:99999999999": "that is no ticket seen before",
    "after:1.2.3": "that is no ticket seen before",
    "after:' or 1=1": "that is no ticket seen before",
    '"': "its quotes do not end",
    '"charged twice': "its quotes do not end. Write it like",
    '"a"b"c"': "its quotes do not end",
    '""': "there is no letter or digit in it",
    "!!!": "there is no letter or digit in it",
    "-": "there is no letter or digit in it",
    "--": "there is no letter or digit in it",
    "*": "there is no letter or digit in it",
    "🔥": "there is no letter or digit in it",
    "()": "there is no letter or digit in it",
    "_": "there is no letter or digit in it",
    ":": "there is no letter or digit in it",
    "lamp " * 21: "a filter has 20 words at most",
    "x" * 501: "a filter has 500 characters at most",
    "tag:" + ",".join("t" * 1 for _ in range(21)): "more than 20 values are too many",
}


@pytest.mark.parametrize(("text", "why"), BAD.items())
def test_what_means_nothing_is_named_with_a_hint_and_what_there_is(text: str, why: str) -> None:
    with pytest.raises(BadFilter) as refused:
        read(text, NOW)

    assert why in str(refused.value)
    assert str(refused.value).startswith("I do not understand “")


def test_every_name_has_an_example_that_is_understood() -> None:
    assert EXAMPLES.keys() == NAMES.keys()
    for name, example in EXAMPLES.items():
        assert name in read(example, NOW).names


SYNTAX = st.lists(
    st.one_of(
        st.sampled_from([*(f"{name}:" for name in NAMES), '"', "“", "-", ",", " ", "*", "..", ">"]),
        st.sampled_from(["open", "high", "vip", "2d", "2026-11-01", "me", "updated", "42"]),
        st.text(max_size=5),
    ),
    max_size=12,
).map("".join)


@given(SYNTAX)
def test_anything_is_either_understood_or_refused(text: str) -> None:
    try:
        meant = read(text, NOW)
    except BadFilter as refused:
        assert refused.word[:60] in str(refused)  # noqa: PT017 - either is right
        return
    for phrase in meant.phrases:
        assert all(word.isalnum() or not word.isascii() for word in phrase.words)


NAME = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)


@given(
    st.dictionaries(
        st.sampled_from(["tag", "category", "assignee", "customer", "team"]),
        st.lists(NAME.filter(lambda each: each not in {"none", "nobody"}), min_size=1, max_size=3),
    ),
    st.lists(NAME, max_size=3),
    st.booleans(),
)
def test_what_was_meant_is_what_is_read_in_any_order(
    named: dict[str, list[str]], looked_for: list[str], negated: bool
) -> None:
    sign = "-" if negated else ""
    said = [f"{sign}{name}:{','.join(values)}" for name, values in named.items()]
    said += [f'{sign}"{word}"' for word in looked_for]

    for text in (" ".join(said), " ".join(reversed(said))):
        meant = read(text, NOW)

        assert {(term.name, term.values, term.negated) for term in meant.terms} == {
            (name, tuple(values), negated) for name, values in named.items()
        }
        assert sorted(phrase.words[0] for phrase in meant.phrases) == sorted(looked_for)
