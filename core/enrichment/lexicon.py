"""The words that say how urgent a matter is and what it is about, in five languages.

Points: 3 is enough for high priority, 6 for urgent, and -3 for low. The tables are small on purpose:
what a desk means by a word, it teaches by correcting (`core.enrichment.learned`).
"""

from collections.abc import Mapping, Sequence

from core.enrichment import angry
from core.enrichment.words import phrases, words

_URGENCY: Mapping[int, Sequence[str]] = {
    4: (
        *("emergency", "hacked", "data breach", "everything is down", "life threatening"),
        *("notfall", "gehackt", "datenleck", "lebensgefahr"),
        *("emergencia", "hackeado", "me han hackeado", "fuga de datos"),
        *("piraté", "fuite de données", "en danger"),
        *("emergência", "hackeada", "invadiram minha conta", "vazamento de dados"),
    ),
    3: (
        *("urgent", "urgently", "asap", "as soon as possible", "immediately", "right now"),
        *("locked out", "cannot log in", "cant log in", "can not log in", "cannot login"),
        *("outage", "production is down", "site is down", "stolen", "fraud", "lawyer", "sue you"),
        *("dringend", "dringende", "eilt", "sofort", "umgehend", "schnellstmöglich", "ausgesperrt"),
        *("kann mich nicht einloggen", "kann mich nicht anmelden", "gestohlen", "betrug", "anwalt"),
        *("urgente", "urgentemente", "inmediatamente", "cuanto antes", "lo antes posible"),
        *("no puedo entrar", "no puedo iniciar sesión", "robado", "fraude", "abogado", "bloqueado"),
        *(
            "d'urgence",
            "urgence",
            "immédiatement",
            "au plus vite",
            "le plus vite possible",
            "bloqué",
        ),
        *("je ne peux pas me connecter", "impossible de me connecter", "volé", "avocat", "urgente"),
        *("imediatamente", "o mais rápido possível", "não consigo entrar", "não consigo acessar"),
        *("roubado", "advogado", "o quanto antes"),
    ),
    2: (
        *("charged twice", "double charge", "deadline", "not working at all", "still waiting"),
        *("third time", "again and again", "cancel my contract"),
        *("doppelt abgebucht", "frist", "zum dritten mal", "immer noch nicht", "warte immer noch"),
        *("cobrado dos veces", "plazo", "por tercera vez", "sigo esperando", "todavía no"),
        *("débité deux fois", "délai", "troisième fois", "toujours pas", "j'attends toujours"),
        *("cobrado duas vezes", "prazo", "terceira vez", "ainda não", "continuo esperando"),
    ),
    -3: (
        *("not urgent", "no hurry", "no rush", "not in a hurry", "whenever you can"),
        *("when you have time", "just curious", "just wondering", "feature request"),
        *("nicht dringend", "nicht eilig", "eilt nicht", "keine eile", "hat zeit", "nur neugierig"),
        *("no es urgente", "sin prisa", "no hay prisa", "no corre prisa", "cuando puedan"),
        *("pas urgent", "pas pressé", "rien d'urgent", "quand vous pourrez", "par curiosité"),
        *("não é urgente", "sem pressa", "quando puderem", "só por curiosidade"),
    ),
}
_ABOUT: Mapping[str, Sequence[str]] = {
    "billing": (
        *("invoice", "invoices", "charged", "charge", "billing", "payment", "credit card", "vat"),
        *(
            "rechnung",
            "rechnungen",
            "abgebucht",
            "zahlung",
            "kreditkarte",
            "bezahlt",
            "lastschrift",
        ),
        *("factura", "facturas", "cobro", "cobrado", "pago", "tarjeta de crédito"),
        *("facture", "factures", "paiement", "débité", "prélèvement", "carte bancaire"),
        *("fatura", "faturas", "cobrança", "pagamento", "cartão de crédito", "boleto"),
    ),
    "delivery": (
        *("parcel", "package", "delivery", "delivered", "shipping", "shipment", "tracking"),
        *("paket", "lieferung", "geliefert", "versand", "sendung", "sendungsnummer", "zustellung"),
        *("paquete", "envío", "entrega", "entregado", "seguimiento"),
        *("colis", "livraison", "livré", "expédition", "suivi"),
        *("pacote", "encomenda", "frete", "rastreamento", "entregue"),
    ),
    "returns": (
        *("return", "send back", "refund", "exchange"),
        *("retoure", "zurückschicken", "zurückgeben", "rücksendung", "umtausch", "erstattung"),
        *("devolución", "devolver", "reembolso", "cambiar"),
        *("retour", "renvoyer", "remboursement", "échanger", "échange"),
        *("devolução", "devolver", "trocar", "estorno"),
    ),
    "account": (
        *("password", "log in", "login", "account", "locked out", "sign in", "two factor"),
        *("passwort", "kennwort", "einloggen", "anmelden", "konto", "ausgesperrt", "zugang"),
        *("contraseña", "iniciar sesión", "cuenta", "acceso"),
        *("mot de passe", "me connecter", "compte", "connexion"),
        *("senha", "conta", "entrar na conta", "acessar"),
    ),
}

POINTS: Mapping[str, int] = {
    " ".join(words(text)): points for points, those in _URGENCY.items() for text in those
}
"""What each word of urgency counts, as it is compared."""

URGENCY = phrases([text for those in _URGENCY.values() for text in those])
ANGER = phrases([*angry.FRAUD, *angry.ANGRY, *angry.CROSS])
ABOUT_WORDS = phrases([text for those in _ABOUT.values() for text in those])

CATEGORIES_OF: Mapping[str, tuple[str, ...]] = {
    said: tuple(
        name for name, those in _ABOUT.items() if said in {" ".join(words(each)) for each in those}
    )
    for said in {" ".join(words(text)) for those in _ABOUT.values() for text in those}
}
"""What a word is about, as it is compared: one category, or several."""
