"""A small shop's articles, as a first customer of the desk might write them."""

from knowledge_base.index import Entry


def _article(slug: str, title: str, body: str, *phrasings: str) -> Entry:
    return Entry(slug=slug, title=title, body=body, language="en", phrasings=phrasings)


SHOP = (
    _article(
        "reset-password",
        "Reset your password",
        "Open the sign-in page, choose *Forgot password* and follow the link in our e-mail.",
        "how do I reset my password",
        "forgot my password",
        "I cannot sign in",
        "change my password",
    ),
    _article(
        "returns",
        "Return a purchase",
        "Print the label from your orders page and hand the parcel in within 30 days.",
        "how do I return an item",
        "send something back",
        "return label",
        "I want to return my order",
    ),
    _article(
        "shipping-times",
        "Shipping times",
        "Within the country two to three working days, to the rest of Europe five.",
        "how long does shipping take",
        "when will my order arrive",
        "delivery time to another country",
    ),
    _article(
        "invoices",
        "Get your invoice",
        "Every invoice is in your account under *Orders*, as a PDF.",
        "where can I download my invoice",
        "I need a receipt with VAT",
        "invoice for my company",
    ),
    _article(
        "change-address",
        "Change the delivery address",
        "Until the parcel has left us you can change the address on the orders page.",
        "I entered the wrong address",
        "can I change my shipping address",
        "update my address",
    ),
    _article(
        "refund-status",
        "When your refund arrives",
        "We refund within five working days after your return has reached us.",
        "where is my refund",
        "when do I get my money back",
        "refund not received yet",
    ),
    _article(
        "warranty",
        "Warranty",
        "Everything we sell has a warranty of two years.",
        "is there a guarantee",
        "how long is the warranty",
        "my device stopped working after a year",
    ),
    _article(
        "discount-codes",
        "Use a discount code",
        "Enter the code at the checkout, one an order.",
        "my coupon does not work",
        "where do I enter a voucher",
        "do you have a promo code",
        "student discount",
    ),
    _article(
        "delete-account",
        "Delete your account",
        "Under *Settings → Privacy* you can delete your account and everything we know about you.",
        "how can I delete my account",
        "remove my personal details",
        "close my account",
    ),
    _article(
        "payment-methods",
        "Ways to pay",
        "We take cards, PayPal and bank transfer.",
        "which payment methods do you accept",
        "can I pay with PayPal",
        "do you take credit cards",
    ),
    _article(
        "track-parcel",
        "Track your parcel",
        "The tracking number is in the e-mail that we sent when your parcel left.",
        "where is my parcel",
        "track my order",
        "tracking number",
        "where is my package",
    ),
    _article(
        "opening-hours",
        "Opening hours",
        "Our shop is open Monday to Saturday from nine to six.",
        "when are you open",
        "are you open on Sunday",
        "what time do you close",
    ),
)
