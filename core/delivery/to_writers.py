"""What the writer of an article is told: that it does not help."""

from core.cards import Button, Card
from core.delivery.outgoing import direct_address, owe
from core.events import ArticleDemoted
from core.work import Work


async def tell_writer(work: Work, event: ArticleDemoted) -> None:
    """To whoever wrote the article last; to the staff rooms, where nobody did."""
    address = await direct_address(work, event.writer_id) if event.writer_id else None
    card = demoted(event)
    for place in (address,) if address else work.house.staff_rooms:
        key = f"demoted:{event.article_id}:{int(work.now.timestamp())}:{place.conversation}"
        owe(work, key, place, card)


def demoted(event: ArticleDemoted) -> Card:
    said = event.helpful + event.unhelpful
    return Card(
        title=f"📉 “{event.title}” does not help",
        text=f"{event.helpful} of {said} customers found it helpful. It is not given as the answer "
        "any more, only offered as a guess, until it is edited or more of them do.",
        buttons=(Button("✏️ Edit", "kb edit", str(event.article_id)),),
    )
