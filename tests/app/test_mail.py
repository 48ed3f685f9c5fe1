"""Mail by the settings: on, off, or a sentence that says what is missing."""

import pytest

from app.errors import CannotStart
from app.mail import diagnosed, mail
from app.settings import Settings
from bots.email.smtp import Security
from tests.bots.email.server import running


async def test_the_doctor_says_whether_the_mail_server_lets_us_in() -> None:
    assert (await diagnosed(Settings()))[0] == "–"
    async with running() as server:
        settings = Settings(
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security=Security.NONE,
            mail_from="desk@shop.example",
        )
        assert await diagnosed(settings) == (
            "✓",
            "Mails go out by 127.0.0.1, from desk@shop.example.",
        )
    assert (await diagnosed(settings))[0] == "✗"


async def test_a_mail_server_without_an_address_of_ours_is_refused() -> None:
    settings = Settings(smtp_host="mail.example.com")

    with pytest.raises(CannotStart, match="MAIL_FROM"):
        mail(settings)
    assert (await diagnosed(settings))[0] == "✗"


def test_a_password_is_not_sent_in_clear() -> None:
    with pytest.raises(ValueError, match="in clear"):
        Settings(smtp_user="desk", smtp_security=Security.NONE)
