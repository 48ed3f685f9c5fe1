"""What the page can ask over HTTP, and how it is answered."""

from core.desk import Desk
from tests.bots.console.shop import Page, hire, hire_admin


async def test_a_question_is_answered_by_an_article_with_two_buttons(page: Page) -> None:
    answer = await page.say("ana", "how do I reset my password?")

    assert (answer["ok"], answer["outcome"], answer["ticket"]) == (True, "suggested", None)
    asked, offered = await page.posts("ana")
    assert (asked["author"], asked["name"], asked["card"]["text"]) == (
        "them",
        "ana",
        "how do I reset my password?",
    )
    assert offered["author"] == "desk"
    assert offered["sent"]
    assert [each["title"] for each in offered["card"]["excerpts"]] == ["Reset your password"]
    assert [each["action"] for each in offered["card"]["buttons"]] == [
        "enquiry solved",
        "enquiry person",
    ]


async def test_a_repeated_post_does_nothing(page: Page) -> None:
    first = await page.say("ana", "the printer smokes", post="the-same-id")
    second = await page.say("ana", "the printer smokes", post="the-same-id")

    assert (first["outcome"], second["outcome"]) == ("ticket", "appended")
    assert first["ticket"] == second["ticket"]
    assert (await page.texts("ana")).count("the printer smokes") == 1


async def test_two_people_may_use_the_same_id(page: Page) -> None:
    await page.say("ana", "mine", post="the-same-id")
    await page.say("bob", "mine too", post="the-same-id")

    assert "mine too" in await page.texts("bob")


async def test_a_used_button_is_replaced_by_what_happened(page: Page) -> None:
    await page.say("ana", "how do I reset my password?")
    button = (await page.posts("ana"))[1]["card"]["buttons"][1]

    answer = await page.press("ana", button["action"], button["value"])

    assert answer["card"]["text"] == "🙋 A person takes over: ticket #1."
    offer = (await page.posts("ana"))[1]["card"]
    assert "buttons" not in offer
    assert offer["footnote"] == "🙋 A person takes over: ticket #1."


async def test_a_button_that_needs_words_asks_for_them(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await page.say("ana", "the printer smokes")

    asked = (await page.press("agent-1", "ticket reply", "1"))["form"]
    assert (asked["action"], asked["value"], asked["title"]) == ("ticket reply", "1", "Reply #1")
    assert [(each["name"], each["kind"], each["required"]) for each in asked["fields"]] == [
        ("text", "text", True)
    ]

    answer = await page.post(
        "submit",
        **{"as": "agent-1"},
        action="ticket reply",
        value="1",
        answers={"text": "Pull the plug."},
    )
    assert answer["ok"]
    reply = (await page.posts("ana"))[-1]["card"]
    assert (reply["title"], reply["text"]) == ("Maria", "Pull the plug.")


async def test_a_form_that_lacks_an_answer_is_refused_in_a_sentence(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1")
    await page.say("ana", "the printer smokes")

    answer = await page.post(
        "submit", **{"as": "agent-1"}, action="ticket reply", value="1", answers={"text": "  "}
    )

    assert (answer["ok"], answer["error"]) == (False, "Missing")
    assert answer["text"].startswith("Your answer to the customer is missing.")


async def test_a_typed_command_answers_whoever_typed_it_only(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1")
    await page.say("ana", "the printer smokes")
    before = await page.posts("agent-1")

    answer = await page.say("agent-1", "/ticket show 1")

    assert answer["ticket"]["subject"] == "the printer smokes"
    assert "the printer smokes" in answer["card"]["title"]
    assert await page.posts("agent-1") == before


async def test_a_typed_command_without_its_words_asks_for_them(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1")
    await page.say("ana", "the printer smokes")

    assert (await page.say("agent-1", "/ticket note 1"))["form"]["value"] == "1"
    assert (await page.say("ana", "/support"))["form"]["value"] == ""
    missing = await page.say("agent-1", "/ticket note")
    assert (missing["ok"], missing["error"]) == (False, "Missing")


async def test_people_are_mentioned_by_handle(page: Page, desk: Desk) -> None:
    await hire_admin(desk, "root")

    for mention in ("@agent-1", "agent-2"):
        assert (await page.say("root", f"/agent add {mention} skills:billing:2"))["ok"]

    people = (await page.client.get("/console/api/people")).json()["agents"]
    assert [(each["handle"], each["role"], each["holds"]) for each in people] == [
        ("agent-1", "agent", []),
        ("agent-2", "agent", []),
        ("root", "admin", []),
    ]


async def test_refusals_are_answers(page: Page) -> None:
    refused = {
        "/ticket claim 1": "NotStaff",
        "/ticket clam 1": "UnknownCommand",
        "/ticket show x": "Misread",
        "/ticket show 7": "UnknownTicket",
        " \n ": "NothingSaid",
    }
    for text, error in refused.items():
        answer = await page.say("ana", text)
        assert (answer["ok"], answer["error"]) == (False, error)
        assert " " in answer["text"]


async def test_nobody_is_called_like_the_staff_channel(page: Page) -> None:
    for handle in ("staff", "Staff", "", "a b", "ä" * 41, "../x", "x" * 41):
        answer = await page.say(handle, "hello")
        assert (answer["ok"], answer["error"]) == (False, "BadHandle")


async def test_what_staff_write_beneath_a_card_stays_among_them(page: Page, desk: Desk) -> None:
    await hire(desk, "agent-1", "Maria")
    await page.say("ana", "the printer smokes")
    card = (await page.posts("staff"))[0]

    answer = await page.post(
        "thread", **{"as": "agent-1"}, root=card["root"], text="CANARY", id="a-note-01"
    )

    assert answer == {"ok": True, "ticket": 1}
    note = (await page.posts("staff"))[-1]
    assert (note["name"], note["card"]["text"], note["under"]) == ("Maria", "CANARY", card["id"])
    assert "CANARY" not in str(await page.posts("ana"))


async def test_only_agents_write_beneath_a_card(page: Page) -> None:
    await page.say("ana", "the printer smokes")
    root = (await page.posts("staff"))[0]["root"]

    for who, beneath in (("ana", root), ("ana", "no-such-card")):
        answer = await page.post("thread", **{"as": who}, root=beneath, text="psst", id="a-note-01")
        assert (answer["ok"], answer["error"]) == (False, "NotACard")


async def test_the_customers_words_stand_beneath_the_ticket(page: Page, desk: Desk) -> None:
    await page.say("ana", "the printer smokes")
    await page.say("ana", "now it burns")

    card, line = await page.posts("staff")
    assert card["under"] is None
    assert line["under"] == card["id"]
    assert line["card"]["quote"] == "now it burns"


async def test_halves_of_letters_and_nul_are_harmless(page: Page) -> None:
    response = await page.client.post(
        "/console/api/say",
        content=rb'{"as": "ana", "text": "a\u0000b \ud83d c \u202e", "id": "odd-text-1"}',
        headers={"content-type": "application/json"},
    )

    assert response.json()["ok"]
    assert "ab ? c \u202e" in await page.texts("ana")


async def test_all_that_can_be_typed_is_listed_with_help(page: Page) -> None:
    listed = (await page.client.get("/console/api/commands")).json()["commands"]

    by_name = {each["name"]: each for each in listed}
    assert by_name["ticket claim"]["usage"] == "/ticket claim <ticket>"
    assert all(each["help"] and each["example"].startswith("/") for each in listed)
    assert "enquiry solved" not in by_name
    assert "support" in {each["name"] for each in listed if each["rank"] == 0}
