"""The part of the desk that is about coming in."""

from core.desk.evenly import evenly
from core.door import Door, question, use_case
from core.people import keys, repeats, signing_in, visitors
from core.tickets import new_links


class Access(Door):
    """Coming in by the site, the widget and the API."""

    sign_in_link = use_case(signing_in.sign_in_link)
    whose_link = question(signing_in.whose_link)
    sign_in = use_case(signing_in.sign_in)
    begin_sign_in = use_case(signing_in.begin_sign_in)
    sign_in_as = use_case(signing_in.sign_in_as)
    visit = question(signing_in.visit)
    stay = use_case(signing_in.stay)
    sessions = question(signing_in.sessions)
    end_session = use_case(signing_in.end_session)

    come = use_case(visitors.come)
    guest = question(visitors.guest)
    seen = use_case(visitors.seen)
    introduce = use_case(visitors.introduce)
    _send_links = use_case(new_links.send)
    forget_link_mails = use_case(new_links.tidy)

    make_key = use_case(keys.make_key)
    api_keys = question(keys.keys)
    end_key = use_case(keys.end_key)
    program = question(keys.program)
    key_used = use_case(keys.key_used)
    begin_repeatable = use_case(repeats.begin)
    end_repeatable = use_case(repeats.end)
    forget_repeats = use_case(repeats.forget_repeats)

    async def send_links(self, email: str) -> None:
        """Somebody lost the links to their requests: new ones go to their address. Whoever is found,
        it takes the same time. Raises `NoAddress`."""
        async with evenly():
            await self._send_links(email)
