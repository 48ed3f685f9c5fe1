"""How a mail server is reached."""

import ssl
from dataclasses import dataclass
from enum import StrEnum


class Security(StrEnum):
    """How the connection is kept secret."""

    STARTTLS = "starttls"  # port 587
    TLS = "tls"  # port 465
    NONE = "none"  # for a server on the same machine


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """Where mails are handed in, as whom, and from which address they come."""

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = ""
    trust: ssl.SSLContext | None = None  # whose certificates are good; None: the machine's own
