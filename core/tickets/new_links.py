"""New secret links by mail, for whoever lost theirs and knows the address they wrote with.

Whoever asks learns nothing by it: whatever is known of an address, the same is said and the same is kept
of the question, and only links and mail are not made. The links that there are stay good.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta

from sqlalchemy import ColumnElement, String, cast, delete, func, literal, select, true

from core import catalogue, speaking
from core.cards import Card
from core.channels import Address
from core.delivery.outgoing import owe
from core.events import NewLinksAsked
from core.model import Customer, Delivery, Identity, LinkMail, Progress, Ticket
from core.people.secret import hashed
from core.people.visitors import SITE, WEB, as_address, come_back
from core.speaking import Reader
from core.storage.serial import serialise
from core.tickets.proofs import MAIL
from core.tickets.reaching import is_over, tickets_at
from core.work import Work

ASKED = 5  # mails to one address in an hour
ASKING = timedelta(hours=1)
LINKS = 5  # of one mail
LOOKED_AT = 50  # conversations, for those that are not over
NAMED = 5  # tickets of a conversation
PAGE = "/requests"
_KEY = "new-links:"


async def send(work: Work, email: str) -> None:
    """New links for whoever is known by this address, to the last of their conversations on the site
    that are not over. Raises `NoAddress`."""
    address = as_address(email)
    work.actor = "visitor"
    await serialise(work.session, f"link mails:{address}")
    if await _asked_lately(work, address) >= ASKED:
        return
    mail = LinkMail(email_hash=hashed(address), created_at=work.now)
    work.session.add(mail)
    await work.session.flush()
    customers = await _known_by(work, address)
    links = await _links(work, customers)
    if links:
        # Owed here and by no subscriber: an event is kept as history, and the secrets must not be.
        owe(work, f"{_KEY}{mail.id}", Address(MAIL, "", address), _mail(customers, links))
    work.emit(NewLinksAsked(customer_ids=[each.id for each in customers], links=len(links)))


async def tidy(work: Work) -> None:
    """Take mails with links out of the ledger once they are sent, or an hour old; who asked lately is
    still counted."""
    over = LinkMail.created_at < work.now - ASKING
    await _forget_mails(work, true(), Delivery.progress == Progress.SENT)
    await _forget_mails(work, over, true())
    await work.session.execute(delete(LinkMail).where(over))


async def _asked_lately(work: Work, address: str) -> int:
    lately = select(func.count(LinkMail.id)).where(
        LinkMail.email_hash == hashed(address), LinkMail.created_at > work.now - ASKING
    )
    return await work.session.scalar(lately) or 0


async def _known_by(work: Work, address: str) -> Sequence[Customer]:
    known = select(Customer).where(Customer.email == address).order_by(Customer.id.desc())
    return (await work.session.scalars(known.limit(LOOKED_AT))).all()


async def _links(work: Work, customers: Sequence[Customer]) -> list[tuple[str, list[str]]]:
    """A new link to each conversation, and what is asked in it, the newest first."""
    links: list[tuple[str, list[str]]] = []
    for identity in await _on_the_site(work, customers):
        if len(links) < LINKS and not await is_over(work, identity.direct):
            tickets = await tickets_at(work, identity.direct)
            link = f"{work.house.url}{PAGE}/{come_back(work, identity, PAGE)}"
            links.append((link, [f"#{each.id} {each.subject}" for each in tickets[:NAMED]]))
    return links


async def _on_the_site(work: Work, customers: Sequence[Customer]) -> Sequence[Identity]:
    """Who they are on the site, if they ever asked anything there; first who did so last."""
    theirs = (
        select(Identity)
        .join(
            Ticket,
            (Ticket.channel == Identity.channel)
            & (Ticket.workspace == Identity.workspace)
            & (Ticket.conversation == Identity.user),
        )
        .where(
            Identity.customer_id.in_([each.id for each in customers]),
            Identity.channel == WEB,
            Identity.workspace == SITE,
        )
        .group_by(Identity.id)
        .order_by(func.max(Ticket.id).desc())
        .limit(LOOKED_AT)
    )
    return (await work.session.scalars(theirs)).all()


def _mail(customers: Sequence[Customer], links: Sequence[tuple[str, Sequence[str]]]) -> Card:
    """In the language of whom it goes to, as far as that is known; else of whoever asked."""
    language = next((each.language for each in customers if each.language), "")
    with speaking.to(Reader(language)) if language else nullcontext():
        return catalogue.links_mail(links)


async def _forget_mails(work: Work, of: ColumnElement[bool], where: ColumnElement[bool]) -> None:
    keys = select(literal(_KEY).concat(cast(LinkMail.id, String))).where(of)
    gone = delete(Delivery).where(Delivery.key.in_(keys), where)
    await work.session.execute(gone.execution_options(synchronize_session=False))
