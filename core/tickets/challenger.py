"""The challenger of the routing rules: what it is worth, for leads, and its switch, for admins."""

from core.channels import Who
from core.errors import Invalid
from core.model import Role
from core.people.actors import acting, staff
from core.routing import challenging
from core.routing.challenging import Report
from core.routing.off_policy import Challenged
from core.work import Work


async def report(work: Work, by: Who) -> Report:
    """What is known of the challenger; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    return await challenging.report(work)


async def switch(work: Work, by: Who, setting: str, *, lots: str | None = None) -> Report:
    """Set it to on, off or auto; ``lots`` is the share (0–0.2) of assignments given by lot, so that
    it can be judged. Raises `Invalid`, and `Conflict` where there is nothing to learn from yet."""
    await acting(work, by, at_least=Role.ADMIN)
    wanted = setting.strip().lower()
    if wanted not in list(Challenged):
        raise Invalid(
            f"The challenger is on, off or auto, not “{wanted[:20]}”: /routing challenger auto"
        )
    return await challenging.switch(work, Challenged(wanted), share=_share(lots))


def _share(lots: str | None) -> float | None:
    if lots is None:
        return None
    text = lots.strip()
    try:
        return float(text.removesuffix("%").replace(",", ".")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise Invalid(f"“{text[:20]}” is no share. For example: lots:5%") from None
