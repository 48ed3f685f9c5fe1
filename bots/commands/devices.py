"""What a browser calls itself, in words that people know: ``Firefox 140 on Windows``."""

import re

BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari/"),
)
"""In this order: each but Firefox says that it is the next ones, too."""
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
LONGEST = 60  # characters of what nobody knows


def in_words(device: str) -> str:
    """A User-Agent, shortened; what is none of a browser's is left as it is."""
    said = ""
    for name, pattern in BROWSERS:
        found = re.search(pattern, device)
        if found:
            said = f"{name} {found[1]}"
            break
    if not said:
        return device[:LONGEST] or "unknown device"
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, device)), "")
    return f"{said} on {system}" if system else said
