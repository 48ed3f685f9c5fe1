"""Identities as programs write them: ``slack:T012:U345``."""

import re

from core.channels import Who
from core.errors import Invalid

_IDENTITY = re.compile(r"([a-z]{1,20}):([^:\s]{0,64}):(\S{1,128})")
KEPT_APART = frozenset({"desk", "api", "operator"})
"""Where staff act who are known already; nobody is a customer there."""


def identity(text: str, name: str = "") -> Who:
    """Somebody on a channel. Raises `Invalid`."""
    found = _IDENTITY.fullmatch(text.strip())
    if found is None or found[1] in KEPT_APART:
        raise Invalid(
            f"“{text[:60]}” is no identity. One is slack:T012:U345, or custom:shop:user-7."
        )
    return Who(found[1], found[2], found[3], name)
