"""A Chromium for the tests: the machine's own, driven by Playwright.

``python -m tests.browser`` prints where it is; with ``--install`` it gets one first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "chrome-headless-shell",
    "microsoft-edge-stable",
    "brave-browser",
)
IN_CACHE = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome-*linux*/*headless*shell",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium_headless_shell-*/chrome-*mac*/*headless*shell",
)
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--no-first-run",
)
PACKAGES = ("chromium", "fonts-noto-color-emoji")


class NoBrowser(Exception):
    """There is no Chromium on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "There is no Chromium here. `python -m tests.browser --install` gets one; or name "
            "yours in CHROMIUM_PATH."
        )


def find() -> Path:
    """The Chromium to use: $CHROMIUM_PATH, the PATH, or Playwright's cache. Raises `NoBrowser`."""
    named = os.environ.get("CHROMIUM_PATH")
    for candidate in [Path(named)] if named else _candidates():
        if os.access(candidate, os.X_OK) and _works(candidate):
            return candidate
    raise NoBrowser


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A headless browser, closed at the end. Raises `NoBrowser`."""
    path = find()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox as root
            args=QUIET,
        )
        try:
            yield browser
        finally:
            await browser.close()


def install() -> None:
    """Get a Chromium: from the distribution as root, else from Playwright."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False)  # noqa: S607
        wanted = ["apt-get", "install", "-qy", "--no-install-recommends", *PACKAGES]
        if subprocess.run(wanted, env=quiet, check=False).returncode == 0:  # noqa: S603
            return
    playwright = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    subprocess.run(playwright, check=False)  # noqa: S603


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    for cache in _caches():
        for pattern in IN_CACHE:
            yield from sorted(cache.glob(pattern), reverse=True)


def _caches() -> Iterator[Path]:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        yield Path(named)
    home = Path(os.environ.get("HOME") or tempfile.gettempdir())
    yield Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
    yield home / "Library/Caches/ms-playwright"


def _works(path: Path) -> bool:
    """Whether it starts: Ubuntu's ``chromium-browser`` may only say that one should get a snap."""
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


def main() -> None:
    """Print the browser's path, getting one first if asked to."""
    if "--install" in sys.argv:
        try:
            find()
        except NoBrowser:
            install()
    try:
        print(find())  # noqa: T201 - it is what the command is for
    except NoBrowser as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
