"""Files that come with messages: noted at once, fetched and kept by us, and sent on in order."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.channels import IncomingFile, TryLater, Undeliverable
from core.files import FolderStore, NotKept
from core.model import Attachment, Holding
from core.storage.database import Database
from core.tickets.attaching import UnknownFile, safe_name, safe_type
from tests.clock import FakeClock
from tests.core.bridge import DISCORD, SLACK, Bridge, a_file, bridged, someone
from tests.rows import all_rows

PNG = b"\x89PNG" + bytes(5_000)


@pytest.fixture
def bridge(database: Database, clock: FakeClock, tmp_path: Path) -> Bridge:
    bridge = bridged(database, clock, tmp_path / "files")
    bridge.discord.files["f1"] = PNG
    return bridge


async def claimed(bridge: Bridge) -> None:
    await bridge.hire("grace")
    await bridge.write("the printer smokes")
    await bridge.settle()


async def attachments(database: Database) -> list[Attachment]:
    async with database.reading() as session:
        return list(await session.scalars(select(Attachment).order_by(Attachment.id)))


def sizes_in(folder: Path) -> list[int]:
    """The sizes of all the files in a folder."""
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


async def test_a_customers_file_is_kept_and_goes_to_every_staff_room(
    bridge: Bridge, database: Database
) -> None:
    await claimed(bridge)
    await bridge.write("look", files=(a_file(),))
    assert [each.holding for each in await attachments(database)] == [Holding.AWAITED]

    await bridge.settle()

    (kept,) = await attachments(database)
    assert (kept.holding, kept.size, len(kept.public_id)) == (Holding.KEPT, len(PNG), 32)
    for channel in (DISCORD, SLACK):
        post = bridge.post_of(channel, "staff", "> look")
        assert bridge.outbox(channel).uploads[post] == {"photo.png": PNG}
    assert bridge.discord.fetched == ["f1"]


async def test_a_file_that_comes_with_the_first_words_is_beneath_the_card(bridge: Bridge) -> None:
    await bridge.hire("grace")
    await bridge.write("the printer smokes", files=(a_file(),))
    await bridge.settle()

    assert list(bridge.slack.uploads.values()) == [{"photo.png": PNG}]
    assert bridge.slack.to("staff")[-1].under == bridge.card(1, SLACK)


async def test_a_file_without_words_is_a_message(bridge: Bridge) -> None:
    await bridge.hire("grace")
    await bridge.write("", files=(a_file(),))
    await bridge.settle()

    assert bridge.standing(SLACK)[0].startswith("🎫 #1 📎 a file")
    assert list(bridge.slack.uploads.values()) == [{"photo.png": PNG}]


async def test_an_agents_file_reaches_the_customer(bridge: Bridge) -> None:
    await claimed(bridge)
    bridge.slack.files["s1"] = b"a manual"
    manual = IncomingFile(name="manual.pdf", source="s1", content_type="application/pdf")

    await bridge.desk.reply(someone("grace", SLACK), 1, "", files=[manual])
    await bridge.settle()

    assert bridge.discord.uploads[bridge.discord.id_of(bridge.discord.to("ana")[-1])] == {
        "manual.pdf": b"a manual"
    }


async def test_a_file_of_a_note_goes_to_the_other_rooms_and_to_no_customer(bridge: Bridge) -> None:
    await claimed(bridge)
    bridge.slack.files["s1"] = b"internal"
    await bridge.discuss("", "grace", SLACK, files=(a_file("plan.txt", "s1"),))
    await bridge.settle()

    assert list(bridge.discord.uploads.values()) == [{"plan.txt": b"internal"}]
    post = next(iter(bridge.discord.uploads))
    assert post == bridge.discord.id_of(bridge.discord.to("staff")[-1])


async def test_the_order_of_a_conversation_waits_for_a_file(
    bridge: Bridge, clock: FakeClock
) -> None:
    await claimed(bridge)
    bridge.discord.files["f1"] = TryLater("busy", after=timedelta(seconds=3))
    await bridge.write("first, with a file", files=(a_file(),))
    await bridge.write("second")
    await bridge.settle()
    assert "second" not in bridge.slack.all_text

    bridge.discord.files["f1"] = PNG
    clock.advance(timedelta(seconds=4))
    await bridge.settle()

    lines = bridge.standing(SLACK)[-2:]
    assert [line.splitlines()[1] for line in lines] == ["> first, with a file", "> second"]
    assert bridge.slack.uploads


async def test_another_ticket_does_not_wait_for_it(bridge: Bridge) -> None:
    await claimed(bridge)
    bridge.discord.files["f1"] = TryLater("busy", after=timedelta(seconds=3))
    await bridge.write("with a file", files=(a_file(),))
    await bridge.write("the lamp is broken", by="ben")
    await bridge.settle()

    assert bridge.standing(SLACK)[-1].startswith("🎫 #2 the lamp is broken")


async def test_words_do_not_wait_for_ever_and_the_file_follows(
    bridge: Bridge, clock: FakeClock
) -> None:
    await claimed(bridge)
    bridge.discord.files["f1"] = TryLater("busy", after=timedelta(seconds=40))
    await bridge.write("look", files=(a_file(),))
    await bridge.settle()
    clock.advance(timedelta(seconds=31))
    await bridge.settle()

    assert bridge.standing(SLACK)[-1] == "Ana on #1\n> look\n📎 photo.png follows."
    assert not bridge.slack.uploads

    bridge.discord.files["f1"] = PNG
    clock.advance(timedelta(seconds=10))
    await bridge.settle()

    assert bridge.standing(SLACK)[-1] == "📎 photo.png"
    assert list(bridge.slack.uploads.values()) == [{"photo.png": PNG}]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (a_file(size=30_000), "it is larger than 0 MB."),
        (a_file(), "it is larger than 0 MB."),  # whatever it says of itself
        (a_file(source="gone"), "it could not be fetched."),
    ],
)
async def test_a_refused_file_is_told_to_whoever_sent_it(
    database: Database, clock: FakeClock, tmp_path: Path, file: IncomingFile, why: str
) -> None:
    bridge = bridged(database, clock, tmp_path, file_size=4_000)
    bridge.discord.files["f1"] = PNG
    await claimed(bridge)

    await bridge.write("look", files=(file,))
    await bridge.settle()

    told = bridge.standing(DISCORD, "ana")[-1]
    assert told == f"📎 photo.png did not reach us: {why} Please send it another way."
    assert "> look" in bridge.standing(SLACK)[-1]
    assert not bridge.slack.uploads
    assert len(PNG) not in sizes_in(tmp_path)


async def test_more_files_than_go_with_one_message_are_refused(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    bridge = bridged(database, clock, tmp_path, files_at_once=2)
    bridge.discord.files |= {f"f{number}": b"x" for number in range(4)}
    await claimed(bridge)
    await bridge.write("all", files=tuple(a_file(f"{n}.txt", f"f{n}") for n in range(4)))
    await bridge.settle()

    assert [set(each) for each in bridge.slack.uploads.values()] == [{"0.txt", "1.txt"}]
    told = [line for line in bridge.standing(DISCORD, "ana") if "did not reach us" in line]
    assert len(told) == 2


async def test_a_redelivered_message_brings_its_files_once(
    bridge: Bridge, database: Database
) -> None:
    await claimed(bridge)
    for _ in range(2):
        await bridge.write("look", post="twice", files=(a_file(),))
        await bridge.settle()

    assert len(await attachments(database)) == 1
    assert len(bridge.slack.uploads) == 1


async def test_a_fetch_that_was_cut_off_is_done_again_by_another_process(
    bridge: Bridge, database: Database, clock: FakeClock
) -> None:
    await claimed(bridge)
    await bridge.write("look", files=(a_file(),))
    bridge.discord.files["f1"] = RuntimeError("killed")
    await bridge.desk.fetcher.fetch_due()
    bridge.discord.files["f1"] = PNG

    clock.advance(timedelta(minutes=3))
    await bridge.settle()

    assert list(bridge.slack.uploads.values()) == [{"photo.png": PNG}]


async def test_a_file_of_a_platform_that_stays_down_is_given_up_in_the_end(
    bridge: Bridge, clock: FakeClock
) -> None:
    await claimed(bridge)
    bridge.discord.files["f1"] = TryLater("down")
    await bridge.write("look", files=(a_file(),))
    await bridge.settle()
    for _ in range(2):
        clock.advance(timedelta(hours=25))
        await bridge.settle()

    assert "📎 photo.png: it could not be fetched." in bridge.standing(SLACK)[-1]
    assert "did not reach us" in bridge.standing(DISCORD, "ana")[-1]


async def test_a_kept_file_is_given_to_whoever_knows_its_id(
    bridge: Bridge, database: Database
) -> None:
    await claimed(bridge)
    await bridge.write("look", files=(a_file("../../etc/passwd"),))
    await bridge.settle()
    (row,) = await attachments(database)

    kept = await bridge.desk.file(row.public_id)

    assert (kept.name, await kept.read()) == ("etc_passwd", PNG)
    for wrong in ("", "0" * 32, row.public_id[:-1], "../" + row.public_id):
        with pytest.raises(UnknownFile):
            await bridge.desk.file(wrong)


async def test_the_folder_has_files_only_by_their_id(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    await store.keep("ab" * 16, b"one")
    await store.keep("ab" * 16, b"two")
    assert await store.read("ab" * 16) == b"two"
    await store.forget("ab" * 16)
    await store.forget("ab" * 16)

    for wrong in ("ab" * 16, "../secret", "", "AB" * 16):
        with pytest.raises(NotKept):
            await store.read(wrong)
    assert sizes_in(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("photo.png", "photo.png"),
        ("a/b\\c:d.txt", "a_b_c_d.txt"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("con\x00trol\n.txt", "control_.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("ö" * 300 + ".pdf", "ö" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("image/PNG; charset=x", "image/png"),
        ("text/html", "text/html"),
        ("nonsense", "application/octet-stream"),
        ("a/b\r\nSet-Cookie: x", "application/octet-stream"),
    ],
)
def test_kinds_are_kinds(given: str, safe: str) -> None:
    assert safe_type(given) == safe


async def test_nothing_about_a_file_is_written_outside_its_rows(
    bridge: Bridge, database: Database
) -> None:
    """The platform's own word for where the file is stays in the row that needs it."""
    await claimed(bridge)
    bridge.discord.files["https://cdn.example/secret-path"] = PNG
    await bridge.write("look", files=(a_file(source="https://cdn.example/secret-path"),))
    await bridge.settle()

    tables = await all_rows(database)
    where = [name for name, rows in tables.items() if "secret-path" in str(rows)]
    assert where == ["attachments"]
    assert "secret-path" not in bridge.slack.all_text + bridge.discord.all_text


async def test_gone_is_gone(bridge: Bridge) -> None:
    bridge.discord.files["f1"] = Undeliverable("404")
    await claimed(bridge)
    await bridge.write("look", files=(a_file(),))
    await bridge.settle()
    assert bridge.discord.fetched == ["f1"]


async def test_a_file_that_comes_while_the_words_go_is_sent_once(
    database: Database, clock: FakeClock, tmp_path: Path
) -> None:
    """Fetching and sending race for each message; every file is on every side once."""
    bridge = bridged(database, clock, tmp_path, file_wait=timedelta(0))
    await claimed(bridge)
    for number in range(8):
        bridge.discord.files[f"f{number}"] = PNG
        await bridge.write(f"look {number}", files=(a_file(f"{number}.png", f"f{number}"),))
        await asyncio.gather(
            bridge.desk.courier.deliver_due(),
            bridge.desk.fetcher.fetch_due(),
            bridge.desk.courier.deliver_due(),
        )
    await bridge.settle()

    for box in (bridge.discord, bridge.slack):
        names = sorted(name for files in box.uploads.values() for name in files)
        assert names == [f"{number}.png" for number in range(8)]
