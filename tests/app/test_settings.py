"""Settings: read strictly, and told the same everywhere."""

from pathlib import Path

import pytest

from app.errors import CannotStart
from app.settings import env_example, load
from core.channels import Who

ROOT = Path(__file__).parent.parent.parent


def test_the_example_file_is_what_the_settings_say() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()


def test_everything_has_a_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    settings = load()

    assert settings.database_url == "sqlite:///data/switchboard.db"
    assert not settings.console
    assert not settings.slack_is_on


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ada", Who("console", "local", "ada")),
        ("@ada", Who("console", "local", "ada")),
        ("console:ada", Who("console", "local", "ada")),
        ("U0123ABC", Who("slack", "", "U0123ABC")),
        ("slack:U0123ABC", Who("slack", "", "U0123ABC")),
        ("slack:T9:U0123ABC", Who("slack", "T9", "U0123ABC")),
    ],
)
def test_an_admin_may_be_named_in_short(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: Who
) -> None:
    monkeypatch.setenv("ADMINS", f" {written} , ")

    assert load().admins == (meant,)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")

    assert "canary" not in repr(load())


def test_a_wrong_value_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "99999")

    with pytest.raises(CannotStart, match="PORT"):
        load()
