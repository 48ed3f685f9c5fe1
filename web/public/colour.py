"""The desk's colour, so that what is written in it or on it can be read."""

import re
from collections.abc import Sequence

LIGHT, DARK = "#f6f5f2", "#16181b"  # the grounds on which least can be read, by scheme
ENOUGH = 4.5  # WCAG 2.2, 1.4.3, for text of usual size
DEFAULT = "#1f5fbf"

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_STEPS = 40


def sheet(accent: str) -> str:
    """A style sheet that sets the colour for both schemes; each is as near to it as can be read."""
    light, dark = readable(accent, on=LIGHT), readable(accent, on=DARK)
    return (
        f":root {{ --accent: light-dark({light}, {dark}); "
        f"--on-accent: light-dark({_on(light)}, {_on(dark)}); }}\n"
    )


def readable(colour: str, *, on: str) -> str:
    """The colour, moved towards black or white until text in it can be read on a ground."""
    towards = (0, 0, 0) if luminance(on) > 0.5 else (255, 255, 255)
    begin = _parts(colour)
    for step in range(_STEPS + 1):
        share = step / _STEPS
        mixed = [round(a + (b - a) * share) for a, b in zip(begin, towards, strict=True)]
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if contrast(found, on) >= ENOUGH:
            return found
    return _on(on)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21. WCAG 2.2, “contrast ratio”."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1. WCAG 2.2, “relative luminance”."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def is_colour(text: str) -> bool:
    """Whether it is one as we read them: ``#1f5fbf``."""
    return _HEX.fullmatch(text) is not None


def _on(ground: str) -> str:
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, ground))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> Sequence[int]:
    found = _HEX.fullmatch(colour) or _HEX.fullmatch(DEFAULT)
    assert found is not None  # noqa: S101 - the default is one
    return [int(part, 16) for part in found.groups()]
