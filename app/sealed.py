"""What is kept secret in the database: sealed with a key made of ``SECRET_KEY``.

Fernet seals and signs. Its key is derived by HKDF, with the purpose in it, so that the same secret
never serves two purposes; HKDF rests on the secret being random, hence its least length.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class WrongKey(Exception):
    """It was sealed with another ``SECRET_KEY``."""


class Seal:
    """Seals and opens texts for one purpose."""

    def __init__(self, secret: str, *, purpose: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=f"switchboard: {purpose}".encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))

    def seal(self, text: str) -> str:
        """The text, readable only with the same secret and purpose."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed. Raises `WrongKey`."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise WrongKey("sealed with another SECRET_KEY") from None
