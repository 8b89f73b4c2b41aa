"""Seals credentials at rest. The keys come from the settings and never touch the database."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gallery.errors import InvalidInput
from gallery.settings import Settings


class Vault:
    """Encrypts with the first key of `GALLERY_TOKEN_KEYS`, decrypts with any of them.

    Without that setting the key is derived from `GALLERY_SECRET_KEY` by HKDF-SHA256 (RFC 5869).
    """

    def __init__(self, settings: Settings) -> None:
        keys = [k for k in settings.token_keys.reveal().replace(",", " ").split() if k]
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys or [_derived(settings)]])
        except ValueError as error:
            raise InvalidInput(
                "GALLERY_TOKEN_KEYS can't be used as it is: each key is 32 random bytes in URL-safe Base64."
            ) from error

    def seal(self, account_id: str, credential: dict[str, str]) -> bytes:
        """Encrypt a credential, bound to its account."""
        return self._fernet.encrypt(json.dumps([account_id, credential]).encode())

    def open(self, account_id: str, sealed: bytes) -> dict[str, str]:
        """Decrypt a credential. Raises InvalidInput if the key or the account is another one."""
        try:
            bound_to, credential = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken as error:
            raise InvalidInput(
                "This account's secret was sealed with another key; connect the account again."
            ) from error
        if bound_to != account_id:
            raise InvalidInput(
                "This account's secret belongs to another account; connect it again."
            )
        return dict(credential)


def _derived(settings: Settings) -> str:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"afterglow token key")
    return base64.urlsafe_b64encode(hkdf.derive(settings.secret_key.reveal().encode())).decode()
