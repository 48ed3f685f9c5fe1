"""Customers are understood, and answered, in their own language."""

import pytest

from core.deflection import Suggestions, Verdict
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.index import Entry
from knowledge_base.tiers import Tier

# Article → language → phrasings, as customers write them.
PHRASINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "password": {
        "en": ("I forgot my password", "how do I reset my password"),
        "de": ("ich habe mein Passwort vergessen", "wie setze ich mein Passwort zurück"),
        "fr": ("j'ai oublié mon mot de passe", "comment réinitialiser mon mot de passe"),
        "es": ("olvidé mi contraseña", "cómo restablezco mi contraseña"),
        "pt": ("esqueci a minha senha", "como redefinir minha senha"),
        "zh": ("我忘记了密码", "怎么重置密码"),
        "ja": ("パスワードを忘れました", "パスワードを再設定するには"),
        "th": ("ลืมรหัสผ่าน", "รีเซ็ตรหัสผ่านอย่างไร"),
    },
    "parcel": {
        "en": ("where is my parcel", "track my delivery"),
        "de": ("wo ist mein Paket", "Sendung verfolgen"),
        "fr": ("où est mon colis", "suivre ma livraison"),
        "es": ("dónde está mi paquete", "seguimiento de mi envío"),
        "pt": ("onde está o meu pacote", "rastrear a minha entrega"),
        "zh": ("我的包裹在哪里", "查询物流"),
        "ja": ("荷物はどこですか", "配送状況を確認したい"),
        "th": ("พัสดุของฉันอยู่ที่ไหน", "ติดตามพัสดุ"),
    },
    "refund": {
        "en": ("when do I get my money back", "refund for a returned item"),
        "de": ("wann bekomme ich mein Geld zurück", "Erstattung für eine Rücksendung"),
        "fr": ("quand serai-je remboursé", "remboursement d'un article retourné"),
        "es": ("cuándo me devuelven el dinero", "reembolso de un artículo devuelto"),
        "pt": ("quando recebo o meu dinheiro de volta", "reembolso de um item devolvido"),
        "zh": ("什么时候退款", "退货的退款"),
        "ja": ("返金はいつですか", "返品した商品の返金"),
        "th": ("จะได้เงินคืนเมื่อไหร่", "คืนเงินสินค้าที่ส่งคืน"),
    },
    "invoice": {
        "en": ("I need an invoice", "download my receipt"),
        "de": ("ich brauche eine Rechnung", "Beleg herunterladen"),
        "fr": ("j'ai besoin d'une facture", "télécharger mon reçu"),
        "es": ("necesito una factura", "descargar mi recibo"),
        "pt": ("preciso de uma fatura", "baixar o meu recibo"),
        "zh": ("我需要发票", "下载收据"),
        "ja": ("領収書が必要です", "請求書をダウンロードしたい"),
        "th": ("ต้องการใบกำกับภาษี", "ดาวน์โหลดใบเสร็จ"),
    },
}

SAID = [
    ("de", "Hilfe, Passwort vergessen!", "password"),
    ("de", "wo bleibt denn mein Packet", "parcel"),
    ("de", "Brauche die Rechnung nochmal", "invoice"),
    ("fr", "je ne retrouve plus mon mot de passe", "password"),
    ("fr", "Où est passé mon colis ?", "parcel"),
    ("fr", "besoin d'une facture svp", "invoice"),
    ("es", "no recuerdo mi contraseña", "password"),
    ("es", "donde esta mi paquete??", "parcel"),
    ("es", "quiero que me devuelvan el dinero", "refund"),
    ("pt", "esqueci minha senha", "password"),
    ("pt", "cadê o meu pacote", "parcel"),
    ("pt", "quero meu dinheiro de volta", "refund"),
    ("zh", "密码忘记了怎么办", "password"),
    ("zh", "包裹到哪里了", "parcel"),
    ("zh", "需要开发票", "invoice"),
    ("ja", "パスワードを忘れてしまった", "password"),
    ("ja", "荷物はどこにありますか", "parcel"),
    ("ja", "返金はまだですか", "refund"),
    ("th", "ผมลืมรหัสผ่านครับ", "password"),
    ("th", "พัสดุอยู่ที่ไหนแล้ว", "parcel"),
    ("th", "ขอเงินคืน", "refund"),
]

STRANGE = [
    ("de", "Wie wird das Wetter morgen in Hamburg?"),
    ("fr", "Quelle est la capitale de l'Australie ?"),
    ("es", "¿Qué película me recomiendas?"),
    ("pt", "Qual é a receita de pão de queijo?"),
    ("zh", "今天天气怎么样"),
    ("ja", "明日の天気を教えて"),
    ("th", "วันนี้อากาศเป็นอย่างไร"),
]


def translations(*languages: str) -> list[Entry]:
    """One entry a translation, as the library hands them over."""
    return [
        Entry(
            slug=slug,
            title=f"{slug} ({language})",
            body=f"Answer in {language}.",
            language=language,
            phrasings=phrasings[language],
        )
        for slug, phrasings in PHRASINGS.items()
        for language in languages
    ]


async def knowing(*languages: str) -> KnowledgeBase:
    knowledge = KnowledgeBase(tier=Tier.DEFAULT)
    await knowledge.rebuild(translations(*languages))
    return knowledge


ALL = ("en", "de", "fr", "es", "pt", "zh", "ja", "th")


def shown(said: Suggestions) -> list[tuple[str, str]]:
    return [(each.article, each.language) for each in said.suggestions]


@pytest.mark.parametrize(("language", "question", "article"), SAID)
async def test_a_question_is_understood_among_many_languages(
    language: str, question: str, article: str
) -> None:
    said = await (await knowing(*ALL)).suggest(question)

    assert shown(said)[:1] == [(article, language)]


@pytest.mark.parametrize(("language", "question", "article"), SAID)
async def test_a_question_is_understood_where_articles_are_in_that_language_only(
    language: str, question: str, article: str
) -> None:
    said = await (await knowing(language)).suggest(question)

    assert shown(said)[:1] == [(article, language)]


@pytest.mark.parametrize(("language", "question"), STRANGE)
async def test_what_no_article_answers_is_left_alone_in_every_language(
    language: str, question: str
) -> None:
    for languages in (ALL, (language,)):
        said = await (await knowing(*languages)).suggest(question)
        assert said.verdict is not Verdict.SURE


async def test_the_customers_language_decides_which_translation_is_shown() -> None:
    knowledge = await knowing("en", "de")

    in_german = await knowledge.suggest("I forgot my password", language="de")
    in_english = await knowledge.suggest("ich habe mein Passwort vergessen", language="en")
    in_neither = await knowledge.suggest("ich habe mein Passwort vergessen", language="fr")
    of_a_country = await knowledge.suggest("I forgot my password", language="de-AT")

    assert shown(in_german) == [("password", "de")]
    assert shown(in_english) == [("password", "en")]
    assert shown(in_neither) == [("password", "de")]
    assert shown(of_a_country) == [("password", "de")]
