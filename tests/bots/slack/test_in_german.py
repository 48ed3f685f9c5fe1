"""Whatever a German customer types on Slack, they are answered in German, forms included."""

from bots.slack.connect import Slack
from core.channels import Who
from core.desk import Desk
from tests.bots import german
from tests.bots.slack.conftest import ALICE, GRACE, hire
from tests.bots.slack.stand_in import TEAM, StandIn, direct, readable
from tests.bots.slack.workspace import Workspace


async def test_nothing_english_comes_out(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await people.dm(ALICE, "meine Lampe ist kaputt")
    await german.prepare(desk, Who("slack", TEAM, ALICE))
    await desk.courier.deliver_due()
    before = len(stand_in.texts(direct(ALICE)))

    english = {}
    for line in german.LINES:
        stand_in.ephemeral.clear()
        stand_in.views.clear()
        await people.command(ALICE, line)
        await slack.settle()
        answers = [readable(each) for each in stand_in.ephemeral]
        answers += list(german.strings_in(stand_in.views))
        assert answers, line
        said = [each for text in answers for each in german.english_in(text)]
        if said:
            english[line] = said
    assert english == {}

    await desk.courier.deliver_due()
    for text in stand_in.texts(direct(ALICE))[before:]:
        assert german.english_in(text) == []


async def test_a_form_is_refused_in_german(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.dm(ALICE, "meine Lampe ist kaputt")
    await german.prepare(desk, Who("slack", TEAM, ALICE))
    await people.command(ALICE, "/survey comment 1")
    await slack.settle()

    refused = await people.submit(ALICE, stand_in.views[-1], text=" ")
    empty = await people.submit(
        ALICE, {"type": "modal", "callback_id": "new_request", "id": "V1"}, words=" "
    )

    assert "das fehlt" in refused.json()["errors"]["text"]
    assert empty.json()["errors"] == {"words": "Bitte schreiben Sie ein paar Worte."}
