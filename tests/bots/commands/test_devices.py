"""What browsers call themselves, in words."""

import pytest

from bots.commands.devices import in_words

APPLE = "Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) {}"
CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36{}"


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (CHROME.format("X11; Linux x86_64", "138.0.0.0", ""), "Chrome 138 on Linux"),
        (
            CHROME.format("Windows NT 10.0; Win64; x64", "138.0", " Edg/138.0"),
            "Edge 138 on Windows",
        ),
        (CHROME.format("Linux; Android 14", "138.0", ""), "Chrome 138 on Android"),
        (
            APPLE.format("Macintosh; Intel Mac OS X 10_15_7", "Version/18.5 Safari/605.1.15"),
            "Safari 18 on macOS",
        ),
        (
            APPLE.format(
                "iPhone; CPU iPhone OS 18_5 like Mac OS X",
                "Version/18.5 Mobile/15E148 Safari/604.1",
            ),
            "Safari 18 on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox 140 on Windows",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("x" * 300, "x" * 60),
        ("", "unknown device"),
    ],
)
def test_a_browser_in_words(device: str, words: str) -> None:
    assert in_words(device) == words
