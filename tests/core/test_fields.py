"""Fields of a desk's own: defined, filled in, found, required, exported, forgotten."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.channels import Form, Who
from core.desk import Desk
from core.errors import DeskError
from core.model import FieldValue, History, Message
from core.storage.database import Database
from core.tickets.field_values import BadValue
from core.tickets.fields import UnknownField
from core.tickets.filling import HasToBeThere, OtherKind
from core.tickets.lifecycle import Unfilled
from core.vocabulary import OPERATOR, FieldType, FieldWanted, Wanted
from tests.core.test_races import together
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

WARRANTY = FieldWanted(choices=["yes", "no", "not sure"])
MILES = FieldWanted(type=FieldType.NUMBER, smallest="0", largest="500000.5")
BOUGHT = FieldWanted(type=FieldType.DATE)


@pytest.fixture
async def garage(desk: Desk) -> Desk:
    """Grace, and a field of each type."""
    await hire(desk, "grace", capacity=9)
    await desk.add_field(OPERATOR, "serial", FieldWanted(label="Serial number"))
    await desk.add_field(OPERATOR, "miles", MILES)
    await desk.add_field(OPERATOR, "warranty", WARRANTY)
    await desk.add_field(OPERATOR, "bought", BOUGHT)
    return desk


GRACE = person("grace")


async def values(desk: Desk, number: int, by: Who = OPERATOR) -> dict[str, str]:
    return {each.label: each.text for each in (await desk.ticket(by, number)).fields}


async def found(desk: Desk, text: str, by: Who = GRACE) -> set[int]:
    return {ticket.id for ticket in (await desk.tickets(by, Wanted(filter=text))).tickets}


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("serial", "  AB-12  x ", "AB-12 x"),
        ("SERIAL", "ключ 🔑", "ключ 🔑"),
        ("miles", "1200", "1200"),
        ("miles", "12.50", "12.5"),
        ("miles", "0.0001", "0.0001"),
        ("miles", "500000.5", "500000.5"),
        ("miles", "+7", "7"),
        ("warranty", "YES", "yes"),
        ("warranty", "Not  sure", "not sure"),
        ("bought", "2026-11-30", "2026-11-30"),
        ("bought", "2024-02-29", "2024-02-29"),
    ],
)
async def test_what_fits_is_kept_and_stands_on_the_card(
    garage: Desk, outbox: Outbox, name: str, said: str, kept: str
) -> None:
    number = await open_ticket(garage)

    await garage.set_field(GRACE, number, name, said)
    await garage.courier.deliver_due()

    [(label, text)] = (await values(garage, number)).items()
    assert text == kept
    card = outbox.to(STAFF_ROOM)[-1].card
    assert (label, kept) in [(field.label, field.value) for field in card.fields]


async def test_a_value_is_changed_taken_away_and_told_by_history(garage: Desk) -> None:
    number = await open_ticket(garage)
    for said in ("yes", "yes", "no", "none", "-"):
        await garage.set_field(GRACE, number, "warranty", said)

    assert await values(garage, number) == {}
    kept = (await garage.ticket_past(GRACE, number)).history
    changes = [each.facts["value"] for each in kept if each.event == "FieldChanged"]
    assert changes == ["yes", "no", None]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("field.warranty:yes", {1}),
        ("field.warranty:YES,no", {1, 2}),
        ("-field.warranty:yes", {2, 3}),
        ("field.warranty:none", {3}),
        ("-field.warranty:none", {1, 2}),
        ('field.warranty:"not sure"', set()),
        ("field.serial:ab-1", {1}),
        ("field.SERIAL:AB-1", {1}),
        ('field.serial:"straße 5"', {2}),
        ('field.serial:"STRASSE 5"', {2}),
        ("field.serial:ab", set()),
        ("field.miles:1200", {1}),
        ("field.miles:1200.0", {1}),
        ("field.miles:>1200", {2}),
        ("field.miles:>=1200", {1, 2}),
        ("field.miles:<1200.01", {1}),
        ("field.miles:<=1200", {1}),
        ("field.miles:1000..1300.5", {1, 2}),
        ("field.miles:1000..1100,1200", {1}),
        ("-field.miles:>0", {3}),
        ("field.bought:2026-01-05", {1}),
        ("field.bought:>2026-01-05", {2}),
        ("field.bought:<2026-01-06", {1}),
        ("field.bought:2026-01-01..2026-12-31", {1, 2}),
        ("field.bought:none", {3}),
        ("field.warranty:yes field.miles:<5000 status:live", {1}),
        ("field.warranty:yes field.miles:<5", set()),
    ],
)
async def test_tickets_are_found_by_what_is_in_them(
    garage: Desk, text: str, numbers: set[int]
) -> None:
    for customer in ("ana", "ben", "cleo"):
        await open_ticket(garage, by=customer)
    said = {
        1: {"warranty": "yes", "serial": "AB-1", "miles": "1200", "bought": "2026-01-05"},
        2: {"warranty": "no", "serial": "Straße 5", "miles": "1300.5", "bought": "2026-03-01"},
    }
    for number, fields in said.items():
        for name, value in fields.items():
            await garage.set_field(GRACE, number, name, value)

    assert await found(garage, text) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("field.waranty:yes", "did you mean field.warranty?"),
        ("field.x:yes", "There is field.bought, field.miles, field.serial, field.warranty."),
        ("field.warranty:maybe", "warranty is one of yes, no, not sure, not “maybe”."),
        ("field.warranty:>yes", "warranty is one of yes, no, not sure"),
        ("field.warranty:", "a value is missing. For example: field.warranty:yes"),
        ("field.miles:far", "miles is a number such as 1200"),
        ("field.miles:1..", "miles is a number such as 1200"),
        ("field.miles:>1..2", "miles is a number such as 1200"),
        ("field.miles:1e5", "miles is a number such as 1200"),
        ("field.bought:soon", "bought is a day such as 2026-11-30"),
        ("field.bought:2026-02-30", "bought is a day such as 2026-11-30"),
        ("field.bought:>", "bought is a day such as 2026-11-30"),
        ("field.miles:1 field.miles:2", "field.miles: is there twice"),
    ],
)
async def test_a_filter_that_no_field_understands_says_why(
    garage: Desk, text: str, sentence: str
) -> None:
    for attempt in (
        lambda: garage.tickets(GRACE, Wanted(filter=text)),
        lambda: garage.save_view(GRACE, "mine", text),
    ):
        with pytest.raises(DeskError) as refused:
            await attempt()
        assert sentence in str(refused.value)
        assert str(refused.value).startswith("I do not understand “")


async def test_customers_do_not_look_by_fields(garage: Desk) -> None:
    await open_ticket(garage)

    with pytest.raises(DeskError, match="You cannot look by"):
        await found(garage, "field.warranty:yes", by=person("ana"))


async def test_a_field_of_one_kind_is_for_its_tickets_only(garage: Desk) -> None:
    number = await open_ticket(garage)
    await garage.edit_field(OPERATOR, "serial", FieldWanted(kind="problem"))

    with pytest.raises(OtherKind, match="serial is for tickets of the kind problem"):
        await garage.set_field(GRACE, number, "serial", "A")
    await garage.set_kind(GRACE, number, "problem")
    await garage.set_field(GRACE, number, "serial", "A")
    await garage.set_kind(GRACE, number, "question")

    assert await values(garage, number) == {"Serial number": "A"}
    await garage.edit_field(OPERATOR, "serial", FieldWanted(kind="all"))
    await garage.set_field(GRACE, number, "serial", "B")


async def test_a_ticket_is_resolved_once_what_is_required_is_there(garage: Desk) -> None:
    number = await open_ticket(garage)
    await garage.edit_field(OPERATOR, "warranty", FieldWanted(required=True))
    await garage.edit_field(OPERATOR, "miles", FieldWanted(required=True, kind="problem"))

    with pytest.raises(Unfilled, match="fill in warranty: /ticket field 1 warranty"):
        await garage.resolve(GRACE, number)
    await garage.set_kind(GRACE, number, "problem")
    with pytest.raises(Unfilled, match="fill in miles, warranty"):
        await garage.resolve(GRACE, number)
    await garage.set_field(GRACE, number, "warranty", "no")
    with pytest.raises(HasToBeThere):
        await garage.set_field(GRACE, number, "warranty", "none")
    await garage.set_field(GRACE, number, "miles", "1")
    await garage.resolve(GRACE, number)


async def test_what_was_in_a_removed_field_is_kept_in_history_only(
    garage: Desk, database: Database
) -> None:
    number = await open_ticket(garage)
    await garage.edit_field(OPERATOR, "warranty", FieldWanted(required=True))
    await garage.set_field(GRACE, number, "warranty", "no")
    await garage.remove_field(OPERATOR, "warranty")

    assert await values(garage, number) == {}
    with pytest.raises(DeskError):
        await found(garage, "field.warranty:no")
    await garage.resolve(GRACE, number)
    kept = (await garage.ticket_past(GRACE, number)).history
    assert ("warranty", "no") in [(e.facts.get("field"), e.facts.get("value")) for e in kept]
    again = await garage.add_field(OPERATOR, "warranty", FieldWanted())
    assert again.type is FieldType.TEXT
    assert await values(garage, number) == {}


async def test_what_no_longer_fits_stays_until_it_is_changed(garage: Desk) -> None:
    number = await open_ticket(garage)
    await garage.set_field(GRACE, number, "warranty", "not sure")
    await garage.edit_field(OPERATOR, "warranty", FieldWanted(choices=["yes", "no"]))

    assert await values(garage, number) == {"Warranty": "not sure"}
    with pytest.raises(BadValue, match="one of yes, no"):
        await garage.set_field(GRACE, number, "warranty", "not sure")


async def test_export_and_the_customers_own_page_have_the_fields(garage: Desk) -> None:
    number = await open_ticket(garage)
    await garage.set_field(GRACE, number, "serial", "=1+1")
    await garage.set_field(GRACE, number, "miles", "12.5")

    page = await garage.export_tickets(GRACE, "")
    theirs = await garage.customer_data(OPERATOR, "c-1")

    assert page.fields == ["bought", "miles", "serial", "warranty"]
    assert page.tickets[0]["fields"] == {"serial": "=1+1", "miles": "12.5"}
    assert theirs["tickets"][0]["fields"] == {"Serial number": "=1+1", "Miles": "12.5"}


async def test_a_customer_sees_of_their_ticket_what_they_are_asked_for(garage: Desk) -> None:
    number = await open_ticket(garage)
    await garage.set_field(GRACE, number, "serial", "A1")
    await garage.set_field(GRACE, number, "miles", "7")
    await garage.edit_field(OPERATOR, "serial", FieldWanted(asked=True))

    assert await values(garage, number, by=person("ana")) == {"Serial number": "A1"}


async def test_what_was_in_the_fields_is_forgotten_with_the_customer(
    garage: Desk, database: Database
) -> None:
    number = await open_ticket(garage)
    await garage.set_field(GRACE, number, "serial", "ana smith")
    await garage.resolve(GRACE, number)
    await garage.confirm(person("ana"), number)

    await garage.forget_customer(OPERATOR, "c-1")

    async with database.reading() as session:
        assert (await session.scalars(select(FieldValue))).all() == []
        facts = (await session.scalars(select(History.facts))).all()
    assert "ana smith" not in str(facts)


async def test_what_a_customer_fills_in_is_on_their_ticket_as_far_as_it_fits(
    garage: Desk, database: Database
) -> None:
    for name in ("serial", "miles", "bought"):
        await garage.edit_field(OPERATOR, name, FieldWanted(asked=True))
    said = {"serial": "A-1", "miles": "far", "warranty": "yes", "nothing": "x"}
    first = replace(message("it broke"), form=Form(kind="problem", fields=said))
    number = (await garage.receive(first)).ticket
    assert number is not None
    more = Form(kind="return", fields={"miles": "7"})
    await garage.receive(replace(message("and this"), form=more))

    assert (await garage.ticket(OPERATOR, number)).ticket.kind == "problem"
    assert await values(garage, number) == {"Serial number": "A-1", "Miles": "7"}

    await garage.resolve(GRACE, number)
    await garage.confirm(person("ana"), number)
    await garage.forget_customer(OPERATOR, "c-1")
    async with database.reading() as session:
        assert set(await session.scalars(select(Message.form))) == {None}


async def test_a_value_is_kept_by_type_so_that_it_is_looked_up_in_an_index(
    garage: Desk, database: Database
) -> None:
    number = await open_ticket(garage)
    for name, said in (("serial", "Ab"), ("miles", "1.5"), ("bought", "2026-01-05")):
        await garage.set_field(GRACE, number, name, said)

    async with database.reading() as session:
        rows = (await session.scalars(select(FieldValue).order_by(FieldValue.field_id))).all()
    assert [(row.folded, row.number and float(row.number), row.day) for row in rows] == [
        ("ab", None, None),
        (None, 1.5, None),
        (None, None, date(2026, 1, 5)),
    ]


Change = Callable[[Desk], Awaitable[object]]


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.edit_field(OPERATOR, "warranty", FieldWanted(choices=["yes", "no"])),
        lambda desk: desk.remove_field(OPERATOR, "warranty"),
    ],
    ids=["edited", "removed"],
)
async def test_a_value_and_a_change_of_its_field_at_once_are_one_after_the_other(
    garage: Desk, database: Database, change: Change
) -> None:
    number = await open_ticket(garage)
    for _ in range(ROUNDS):
        results = await together(
            garage.set_field(GRACE, number, "warranty", "not sure"), change(garage)
        )

        refused = [each for each in results if isinstance(each, Exception)]
        assert all(isinstance(each, BadValue | UnknownField) for each in refused)
        async with database.reading() as session:
            last = select(History).order_by(History.id.desc()).limit(2)
            after, before = (await session.scalars(last)).all()
        assert after.event == "FieldDefined"
        assert (before.facts.get("value") == "not sure") == (not refused)
        if "warranty" in {each.name for each in await garage.ticket_fields(OPERATOR)}:
            await garage.edit_field(OPERATOR, "warranty", WARRANTY)
            await garage.set_field(GRACE, number, "warranty", "none")
        else:
            await garage.add_field(OPERATOR, "warranty", WARRANTY)
