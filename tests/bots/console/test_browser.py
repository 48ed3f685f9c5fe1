"""Finding a browser: a missing one is a sentence that says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import browser


def test_a_missing_browser_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.delenv("CHROMIUM_PATH", raising=False)

    with pytest.raises(browser.NoBrowser, match=r"`python -m tests\.browser --install` gets one"):
        browser.find()


def test_a_stub_that_does_not_start_is_no_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("CHROMIUM_PATH", str(stub))

    with pytest.raises(browser.NoBrowser):
        browser.find()


def test_it_prints_where_the_browser_is() -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "tests.browser"], capture_output=True, text=True, check=False
    )
    assert Path(asked.stdout.strip()) == browser.find()
