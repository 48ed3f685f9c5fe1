"""The knowledge base answers what it knows and keeps quiet about the rest."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.deflection import Deflector, Suggestions, Verdict
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.index import Entry
from knowledge_base.snapshot import LEAST_GUESS
from knowledge_base.tiers import NotInstalled, Tier
from tests.knowledge_base.shop import SHOP


async def knowing(*entries: Entry) -> KnowledgeBase:
    knowledge = KnowledgeBase(tier=Tier.DEFAULT)
    await knowledge.rebuild(entries)
    return knowledge


@pytest.fixture
async def shop() -> KnowledgeBase:
    return await knowing(*SHOP)


def slugs(said: Suggestions) -> Sequence[str]:
    return [suggestion.article for suggestion in said.suggestions]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("how do I reset my password?", "reset-password"),
        ("HOW DO I RESET MY PASSWORD", "reset-password"),
        ("when are you open on sundays", "opening-hours"),
        ("pls delete my account", "delete-account"),
        ("where is my order", "track-parcel"),
        ("how long does delivery take to france", "shipping-times"),
        ("is there a guarantee on the toaster", "warranty"),
    ],
)
async def test_a_question_it_knows_is_answered(
    shop: KnowledgeBase, question: str, article: str
) -> None:
    said = await shop.suggest(question)

    assert said.verdict is Verdict.SURE
    assert slugs(said) == [article]
    assert said.suggestions[0].answer
    assert 0.0 < said.suggestions[0].confidence <= 1.0


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("i forgot my pasword", "reset-password"),
        ("wher is my pacel", "track-parcel"),
        ("chnage my adress", "change-address"),
        ("delte acount", "delete-account"),
    ],
)
async def test_slips_of_the_finger_are_forgiven(
    shop: KnowledgeBase, question: str, article: str
) -> None:
    said = await shop.suggest(question)

    assert said.verdict is not Verdict.QUIET
    assert slugs(said)[0] == article


@pytest.mark.parametrize(
    "question",
    [
        "my package arrived broken and the driver was rude",
        "what is the weather on mars",
        "who won the world cup",
        "the app crashes when I open the camera",
        "hi",
        "thanks",
        "",
        "   \n\t ",
        "😀😀😀",
        "???",
        "¿dónde está mi pedido?",
        "注文はどこですか",
    ],
)
async def test_what_no_article_answers_is_left_to_a_person(
    shop: KnowledgeBase, question: str
) -> None:
    said = await shop.suggest(question)

    assert said.verdict is Verdict.QUIET
    assert slugs(said) == []


async def test_when_unsure_it_offers_up_to_three_with_falling_confidence(
    shop: KnowledgeBase,
) -> None:
    said = await shop.suggest("can I pay when it arrives")

    assert said.verdict is Verdict.UNSURE
    assert slugs(said)[0] == "payment-methods"
    assert 1 < len(said.suggestions) <= 3
    confidences = [suggestion.confidence for suggestion in said.suggestions]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] >= LEAST_GUESS


async def test_before_the_first_article_it_keeps_quiet() -> None:
    assert (await KnowledgeBase(tier=Tier.DEFAULT).suggest("help")).verdict is Verdict.QUIET
    assert (await (await knowing()).suggest("help")).verdict is Verdict.QUIET


async def test_one_article_is_enough() -> None:
    shop = await knowing(SHOP[0])

    assert slugs(await shop.suggest("how do I reset my password?")) == ["reset-password"]
    assert (await shop.suggest("do you sell bicycles")).verdict is Verdict.QUIET


async def test_an_article_with_no_phrasing_is_found_by_its_title_and_body() -> None:
    shop = await knowing(
        *SHOP,
        Entry(
            slug="gift-cards",
            title="Gift cards",
            body="Gift cards are valid for three years and come by e-mail.",
        ),
    )

    assert slugs(await shop.suggest("gift cards"))[0] == "gift-cards"
    assert slugs(await shop.suggest("how long is a gift card valid"))[0] == "gift-cards"


async def test_an_article_without_any_word_does_no_harm() -> None:
    shop = await knowing(*SHOP, Entry(slug="empty", title="", phrasings=("", "🙂")))

    assert slugs(await shop.suggest("track my order")) == ["track-parcel"]


async def test_the_same_phrasing_in_two_articles_answers_with_neither_for_certain() -> None:
    shop = await knowing(
        Entry(slug="one", title="Cancel an order", phrasings=("stop it",)),
        Entry(slug="two", title="Cancel a subscription", phrasings=("stop it",)),
    )

    said = await shop.suggest("stop it")

    assert all(suggestion.confidence < 0.99 for suggestion in said.suggestions)


async def test_new_articles_take_effect_without_a_restart(shop: KnowledgeBase) -> None:
    assert (await shop.suggest("do you repair bicycles")).verdict is Verdict.QUIET

    repair = Entry(slug="repair", title="Bicycle repair", phrasings=("do you repair bicycles",))
    await shop.rebuild([*SHOP, repair])

    assert slugs(await shop.suggest("do you repair bicycles")) == ["repair"]


async def test_the_customer_gets_the_article_in_their_language() -> None:
    german = Entry(
        slug="reset-password",
        title="Passwort zurücksetzen",
        body="Wähle auf der Anmeldeseite *Passwort vergessen*.",
        language="de",
        phrasings=("wie setze ich mein passwort zurück", "passwort vergessen"),
    )
    shop = await knowing(*SHOP, german)

    asked_in_german = await shop.suggest("Ich habe mein Passwort vergessen")
    asked_in_english = await shop.suggest("forgot my password", language="de")
    no_translation = await shop.suggest("forgot my password", language="fr")

    assert asked_in_german.suggestions[0].title == "Passwort zurücksetzen"
    assert asked_in_english.suggestions[0].title == "Passwort zurücksetzen"
    assert no_translation.suggestions[0].title == "Reset your password"


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("パスワードを忘れました", "password"),
        ("荷物はどこですか", "parcel"),
        ("ลืมรหัสผ่านครับ", "password"),
        ("où est mon colis ?", "parcel"),
        ("¿donde esta mi paquete?", "parcel"),
        ("esqueci a minha senha", "password"),
        ("मेरा पार्सल कहाँ है", "parcel"),
    ],
)
async def test_it_reads_other_scripts_and_languages(question: str, article: str) -> None:
    shop = await knowing(
        Entry(
            slug="password",
            title="Password",
            phrasings=(
                "パスワードを忘れた",
                "ลืมรหัสผ่าน",
                "mot de passe oublié",
                "olvidé mi contraseña",
                "esqueci minha senha",
                "मैं पासवर्ड भूल गया",
            ),
        ),
        Entry(
            slug="parcel",
            title="Parcel",
            phrasings=(
                "荷物はどこ",
                "พัสดุอยู่ที่ไหน",
                "où est mon colis",
                "¿dónde está mi paquete?",
                "onde está meu pacote",
                "मेरा पार्सल कहाँ है",
            ),
        ),
    )

    assert slugs(await shop.suggest(question))[0] == article


async def test_a_stricter_target_answers_less() -> None:
    questions = ["where is my order", "can I pay when it arrives", "money", "my order is wrong"]
    sure: list[int] = []
    for target in (0.01, 0.05, 0.3):
        knowledge = KnowledgeBase(target_far=target, tier=Tier.DEFAULT)
        await knowledge.rebuild(SHOP)
        said = [await knowledge.suggest(question) for question in questions]
        sure.append(sum(each.verdict is Verdict.SURE for each in said))

    assert sure == sorted(sure)
    assert sure[0] < sure[-1]


def test_it_is_what_the_core_asks_for() -> None:
    deflector: Deflector = KnowledgeBase(tier=Tier.DEFAULT)
    assert callable(deflector.suggest)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("tier", list(Tier))
async def test_a_handful_of_articles_does_not_answer_everything(count: int, tier: Tier) -> None:
    knowledge = KnowledgeBase(tier=tier)
    try:
        await knowledge.rebuild(SHOP[:count])
    except NotInstalled as missing:
        pytest.skip(str(missing))

    assert slugs(await knowledge.suggest("I forgot my pasword")) == ["reset-password"]
    for question in ("how do I cook rice", "where is my parcel", "my screen is broken", "hi"):
        assert (await knowledge.suggest(question)).verdict is Verdict.QUIET


async def test_articles_without_phrasings_are_found_by_title_and_text() -> None:
    bare = [replace(entry, phrasings=()) for entry in SHOP]
    knowledge = await knowing(*bare)

    assert slugs(await knowledge.suggest("forgot password"))[0] == "reset-password"
    assert (await knowledge.suggest("who won the world cup")).verdict is Verdict.QUIET


async def test_what_may_only_be_offered_is_never_the_answer() -> None:
    knowledge = await knowing(*(replace(entry, offer_only=True) for entry in SHOP))

    said = await knowledge.suggest("how do I reset my password")

    assert said.verdict is Verdict.UNSURE
    assert slugs(said)[0] == "reset-password"
