"""What nobody should say of kinds, fields and macros: a sentence each, and nothing changed."""

from collections.abc import Awaitable, Callable

import pytest

from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, BulkWhat, Doing, FieldType, FieldWanted, Role, Wanted
from tests.rows import all_rows
from tests.scene import hire, open_ticket, person

ANA, GRACE, LINUS, LEAD, NOBODY = (
    person(name) for name in ("ana", "grace", "linus", "lead", "nobody")
)
LONGEST = 420  # characters: a refusal is read in one look
HUGE = 2**70
Try = Callable[[Desk], Awaitable[object]]


def kind(name: str, about: str = "x") -> Try:
    return lambda desk: desk.add_kind(OPERATOR, name, about)


def field(name: str, **wanted: object) -> Try:
    return lambda desk: desk.add_field(OPERATOR, name, FieldWanted(**wanted))  # type: ignore[arg-type]


def edited(name: str, **wanted: object) -> Try:
    return lambda desk: desk.edit_field(OPERATOR, name, FieldWanted(**wanted))  # type: ignore[arg-type]


def put(name: str, value: str, number: int = 1) -> Try:
    return lambda desk: desk.set_field(GRACE, number, name, value)


def macro(text: str, name: str = "new", **doing: object) -> Try:
    return lambda desk: desk.add_macro(GRACE, name, text, Doing(**doing))  # type: ignore[arg-type]


def used(name: str, number: int = 1, text: str = "") -> Try:
    return lambda desk: desk.use_macro(GRACE, name, number, text)


def asked(text: str) -> Try:
    return lambda desk: desk.tickets(GRACE, Wanted(filter=text))


BAD: dict[str, tuple[Try, str]] = {
    # kinds
    "a kind without a name": (kind(" "), "“ ” cannot be the name of a kind"),
    "a kind of two words": (kind("in repair"), "“in repair” cannot be the name"),
    "a kind in capitals and accents": (kind("Größe"), "“Größe” cannot be the name"),
    "a kind with a long name": (kind("x" * 21), "20 at most"),
    "a kind that begins with a digit": (kind("2nd"), "“2nd” cannot be the name"),
    "a kind of markup": (kind("<b>"), "“<b>” cannot be the name"),
    "a kind of NUL": (kind("a\x00b"), "cannot be the name of a kind"),
    "a kind of half a pair": (kind("a\ud800"), "cannot be the name of a kind"),
    "a kind without a word": (kind("repair", "\n"), "Say in at most 120 characters"),
    "a kind with many words": (kind("repair", "x" * 121), "Say in at most 120 characters"),
    "a kind twice": (kind("question"), "There is a kind question already"),
    "a kind by an agent": (lambda desk: desk.add_kind(GRACE, "repair", "x"), "Only admins"),
    "a kind by a customer": (lambda desk: desk.add_kind(ANA, "repair", "x"), "support team"),
    "kinds for a customer": (lambda desk: desk.ticket_kinds(ANA), "support team"),
    "an unknown kind edited": (
        lambda desk: desk.edit_kind(OPERATOR, "retrun", "x"),
        "Did you mean return?",
    ),
    "a built-in kind removed": (lambda desk: desk.remove_kind(OPERATOR, "problem"), "is built in"),
    "an unknown kind removed": (
        lambda desk: desk.remove_kind(OPERATOR, "'; drop table"),
        "There is no kind called “'; drop table”",
    ),
    "a kind removed that is in use": (
        lambda desk: desk.remove_kind(OPERATOR, "mending"),
        "1 live ticket is of the kind mending",
    ),
    "a ticket of an unknown kind": (lambda desk: desk.set_kind(GRACE, 1, "x"), "There is question"),
    "a ticket of the kind NUL": (lambda desk: desk.set_kind(GRACE, 1, "\x00"), "no kind called"),
    "a return without one": (lambda desk: desk.set_kind(GRACE, 1, "return"), "being returned"),
    "the kind of no ticket": (lambda desk: desk.set_kind(GRACE, 999, "other"), "no ticket #999"),
    "the kind of a huge ticket": (lambda desk: desk.set_kind(GRACE, HUGE, "other"), "no ticket #"),
    "the kind by a customer": (lambda desk: desk.set_kind(ANA, 1, "other"), "support team"),
    "the kind of what is resolved": (lambda desk: desk.set_kind(GRACE, 2, "other"), "resolved"),
    "a filter of an unknown kind": (asked("kind:mendign"), "did you mean mending?"),
    "many of an unknown kind": (
        lambda desk: desk.propose_bulk(LEAD, BulkWhat.KIND, "tickets", ""),
        "There is no kind called “tickets”",
    ),
    # fields
    "a field without a name": (field(""), "“” cannot be the name of a field"),
    "a field of two words": (field("serial number"), "“serial number” cannot be the name"),
    "a field with a dot": (field("a.b"), "“a.b” cannot be the name"),
    "a field with a long name": (field("x" * 31), "30 at most"),
    "a field with an empty label": (field("new", label=" "), "A label has 1 to 60"),
    "a field with a long label": (field("new", label="x" * 61), "A label has 1 to 60"),
    "a field twice": (field("serial"), "There is a field serial already"),
    "a field of no kind": (field("new", kind="mendign"), "Did you mean mending?"),
    "a choice of nothing": (field("new", type=FieldType.CHOICE), "Say what can be chosen"),
    "a choice of an empty one": (field("new", choices=["a", " "]), "A choice has 1 to 75"),
    "a choice of a long one": (field("new", choices=["x" * 76]), "A choice has 1 to 75"),
    "a choice twice": (field("new", choices=["Yes", "yes"]), "The same choice is there twice"),
    "a choice of none": (field("new", choices=["yes", "None"]), "“None” cannot be chosen"),
    "too many choices": (field("new", choices=[f"c{n}" for n in range(26)]), "26 choices are"),
    "choices of a number": (
        field("new", type=FieldType.NUMBER, choices=["a"]),
        "only a choice has choices",
    ),
    "bounds of a text": (field("new", type=FieldType.TEXT, smallest="1"), "only a number has"),
    "bounds of a day": (field("new", type=FieldType.DATE, largest="1"), "only a number has"),
    "a bound that is no number": (
        field("new", type=FieldType.NUMBER, smallest="low"),
        "The smallest new is a number",
    ),
    "bounds in disorder": (
        field("new", type=FieldType.NUMBER, smallest="2", largest="1.5"),
        "2 is more than 1.5",
    ),
    "a field by an agent": (
        lambda desk: desk.add_field(GRACE, "new", FieldWanted()),
        "Only admins may do that",
    ),
    "an unknown field edited": (edited("serail", required=True), "Did you mean serial?"),
    "a field not changed": (edited("serial"), "Say what is to change"),
    "a field of another type": (edited("miles", type=FieldType.DATE), "miles stays a number"),
    "an unknown field removed": (
        lambda desk: desk.remove_field(OPERATOR, "\x00"),
        "There is no field called",
    ),
    "an unknown field filled in": (put("serail", "x"), "Did you mean serial?"),
    "nothing filled in": (put("serial", " \n"), "There is nothing to put into serial"),
    "too much filled in": (put("serial", "x" * 301), "serial has room for 300 characters"),
    "no number": (put("miles", "far"), "not “far”"),
    "a number with a comma": (put("miles", "1,5"), "not “1,5”"),
    "a number in words of a program": (put("miles", "1e3"), "not “1e3”"),
    "a number that is none": (put("miles", "NaN"), "not “NaN”"),
    "a number of other digits": (put("miles", "٤٢"), "not “٤٢”"),
    "a number too exact": (put("miles", "1.00001"), "not “1.00001”"),
    "a number too large": (put("miles", "1" * 12), "with four digits after the point at most"),
    "a number too small for the field": (put("miles", "-0.5"), "miles is at least 0, not -0.5"),
    "a number too large for the field": (put("miles", "9000.01"), "miles is at most 9000, not"),
    "no day": (put("bought", "soon"), "bought is a day such as 2026-11-30, not “soon”"),
    "a day of a short month": (put("bought", "2026-02-30"), "not “2026-02-30”"),
    "a day the other way round": (put("bought", "30.11.2026"), "not “30.11.2026”"),
    "a day without zeros": (put("bought", "2026-1-5"), "not “2026-1-5”"),
    "a day long ago": (put("bought", "1066-10-14"), "not “1066-10-14”"),
    "a choice that is none": (put("warranty", "yse"), "not “yse”. Did you mean yes?"),
    "a choice of half a pair": (put("warranty", "\ud800"), "warranty is one of yes, no"),
    "a field of another kind": (put("part", "x"), "part is for tickets of the kind mending"),
    "a required field emptied": (put("warranty", "none"), "warranty has to be there"),
    "a field of no ticket": (put("serial", "x", 999), "There is no ticket #999"),
    "a field by a customer": (
        lambda desk: desk.set_field(ANA, 1, "serial", "x"),
        "That is for the support team",
    ),
    "resolved without what is required": (lambda desk: desk.resolve(GRACE, 3), "fill in warranty"),
    "a filter of an unknown field": (asked("field.serail:x"), "did you mean field.serial?"),
    "a filter of no such choice": (asked("field.warranty:perhaps"), "is one of yes, no"),
    "a filter of no number": (asked("field.miles:>far"), "miles is a number"),
    "a filter of no day": (asked("field.bought:2026-01-01..soon"), "bought is a day"),
    # macros
    "a macro without a name": (macro("Hi", name=" "), "cannot be the name of a macro"),
    "a macro of two words": (macro("Hi", name="a b"), "“a b” cannot be the name"),
    "a macro with a long name": (macro("Hi", name="x" * 41), "40 at most"),
    "a macro twice": (macro("Hi", name="mine"), "There is a macro mine already"),
    "a macro of nothing": (macro(" "), "A macro says something or does something"),
    "a macro too long": (macro("x" * 3001), "A macro says at most 3000 characters, not 3001"),
    "a macro with an unknown field": (macro("{customer.nmae}"), "Did you mean {customer.name}?"),
    "a macro with an unknown own field": (macro("{field.serail}"), "Did you mean {field.serial}?"),
    "a macro with an empty field": (macro("Hi {}"), "There is no field {}"),
    "a macro with a format": (macro("{0.__class__}"), "There is no field {0.__class__}"),
    "a macro with a lone brace": (macro("a { b"), "A brace is open or closed alone"),
    "a macro with a brace in a field": (macro("{customer.{name}}"), "A brace is open or closed"),
    "a macro of no status": (macro("Hi", status="open"), "“open” is no status that a macro"),
    "a macro of no priority": (macro("Hi", priority="asap"), "“asap” is no priority"),
    "a macro of no kind": (macro("Hi", kind="mendign"), "Did you mean mending?"),
    "a macro of a bad tag": (macro("Hi", tags="+🔥"), "“🔥” cannot be a tag"),
    "a macro of no tag": (macro("Hi", tags=" , "), "Say which tags"),
    "a macro of a tag both ways": (macro("Hi", tags="+a,-a"), "The tag a is put on and taken off"),
    "a macro of a bad category": (macro("Hi", category="<b>"), "“<b>” cannot be a category"),
    "a macro for nobody": (macro("Hi", agent=NOBODY), "There is no agent @Nobody"),
    "a macro for no team": (macro("Hi", team="jugglers"), "There is no team jugglers"),
    "a macro for whoever": (macro("Hi", assign="anybody"), "“anybody” is no holder"),
    "a macro for two": (macro("Hi", assign="me", agent=LINUS), "Say one of assign:me"),
    "a macro that resolves and releases": (
        macro("Hi", status="resolved", assign="release"),
        "A ticket that becomes resolved stays its agent's",
    ),
    "a macro that is pending in silence": (macro("", status="pending"), "say something, too"),
    "a macro on hold for nothing": (macro("Hi", status="on hold"), "go together"),
    "a macro that waits and is not on hold": (macro("Hi", waits_for="a part"), "go together"),
    "a macro that waits for too much": (
        macro("Hi", status="on hold", waits_for="x" * 201),
        "is said in at most 200 characters",
    ),
    "everybody's macro by an agent": (
        lambda desk: desk.add_macro(GRACE, "new", "Hi", Doing(), shared=True),
        "Macros for everybody are written by leads",
    ),
    "a macro by a customer": (
        lambda desk: desk.add_macro(ANA, "new", "Hi", Doing()),
        "That is for the support team",
    ),
    "an unknown macro edited": (
        lambda desk: desk.edit_macro(GRACE, "nothing", "Hi", Doing()),
        "There is no macro called “nothing”",
    ),
    "a colleague's macro removed": (
        lambda desk: desk.remove_macro(LINUS, "mine"),
        "There is no macro called “mine”",
    ),
    "a macro not changed": (
        lambda desk: desk.edit_macro(GRACE, "mine", "", Doing()),
        "Say what is to change",
    ),
    "a macro in no language": (
        lambda desk: desk.translate_macro(GRACE, "mine", "xx", "Hi"),
        "“xx” is no code of a language",
    ),
    "a macro in a whole language": (
        lambda desk: desk.translate_macro(GRACE, "mine", "german", "Hi"),
        "“german” is no code of a language",
    ),
    "a translation with an unknown field": (
        lambda desk: desk.translate_macro(GRACE, "mine", "de", "{kunde.name}"),
        "There is no field {kunde.name}",
    ),
    "no translation taken away": (
        lambda desk: desk.translate_macro(GRACE, "mine", "fr", "none"),
        "mine has no words in fr",
    ),
    "an unknown macro used": (used("nothing"), "There is no macro called “nothing”"),
    "a macro on no ticket": (used("mine", 999), "There is no ticket #999"),
    "a macro on what is resolved": (used("mine", 2), "Ticket #2 is resolved already"),
    "a macro on a colleague's ticket": (
        lambda desk: desk.use_macro(LINUS, "hello", 1),
        "Ticket #1 is with Grace",
    ),
    "a macro with nothing to say": (used("order"), "#1 has no order.number"),
    "a macro used by a customer": (
        lambda desk: desk.use_macro(ANA, "hello", 1),
        "That is for the support team",
    ),
    "words of a macro for no ticket": (
        lambda desk: desk.macro_words(GRACE, "mine", HUGE),
        "There is no ticket #",
    ),
}


@pytest.fixture
async def set_up(desk: Desk) -> Desk:
    """Grace has ticket 1, with a warranty, and ticket 3; ticket 2 is resolved, 4 is being mended."""
    await hire(desk, "grace", capacity=9)
    await hire(desk, "linus", capacity=0)
    await hire(desk, "lead", capacity=0, role=Role.LEAD)
    for customer in ("ana", "ben", "cleo", "dora"):
        await open_ticket(desk, by=customer)
    await desk.resolve(GRACE, 2)
    await desk.add_kind(OPERATOR, "mending", "Something is mended.")
    await desk.set_kind(GRACE, 4, "mending")
    await desk.add_field(OPERATOR, "serial", FieldWanted())
    await desk.add_field(
        OPERATOR, "miles", FieldWanted(type=FieldType.NUMBER, smallest="0", largest="9000")
    )
    await desk.add_field(OPERATOR, "bought", FieldWanted(type=FieldType.DATE))
    await desk.add_field(OPERATOR, "warranty", FieldWanted(choices=["yes", "no"], required=True))
    await desk.add_field(OPERATOR, "part", FieldWanted(kind="mending"))
    await desk.set_field(GRACE, 1, "warranty", "yes")
    await desk.add_macro(GRACE, "mine", "Hello {customer.name}", Doing(priority="high"))
    await desk.add_macro(LEAD, "hello", "Hello!", Doing(), shared=True)
    await desk.add_macro(GRACE, "order", "About {order.number}", Doing(tags="+order"))
    await desk.courier.deliver_due()
    return desk


async def test_what_cannot_be_is_answered_with_why_and_changes_nothing(
    set_up: Desk, database: Database
) -> None:
    before = await all_rows(database)
    wrong = {}
    for what, (attempt, words) in BAD.items():  # one desk for all of them, since nothing changes
        try:
            await attempt(set_up)
            text = ""
        except DeskError as refusal:
            text = str(refusal)
        if words not in text or not text.isprintable() or len(text) > LONGEST:
            wrong[what] = text
        assert await all_rows(database) == before, f"{what} was refused, but changed something"

    assert wrong == {}
