"""The app's secret key and what is made with it: signed values and fingerprints.

Each use names its purpose, so that a value signed for one place means nothing in another. Keeping sessions and tokens
is left to people/.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

KEY_FILE = "secret.key"


def key_of(folder: Path | None, given: str = "") -> bytes:
    """The secret key: as given, else the one kept in the folder (made on first use, readable by its owner only).

    Without a folder (an app in memory) it is a new one.
    """
    if given:
        return hashlib.sha256(given.encode()).digest()
    if folder is None:
        return secrets.token_bytes(32)
    file = folder / KEY_FILE
    try:
        return bytes.fromhex(file.read_text("ascii"))
    except FileNotFoundError:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    # Written aside and linked into place: of two processes that start at once, the second takes the first one's key.
    fresh = folder / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(32))
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return bytes.fromhex(file.read_text("ascii"))


class Signing:
    """Signs and fingerprints with one key. The key itself is never shown."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._serializers: dict[str, Any] = {}

    def __repr__(self) -> str:
        return "Signing(...)"

    def sign(self, purpose: str, value: Any) -> str:
        """A JSON value as text that fits a cookie or an address, and cannot be changed unnoticed."""
        return str(self._serializer(purpose).dumps(value))

    def unsign(self, purpose: str, text: str) -> Any:
        """The value of a signed text; None when it was not signed by this app for this purpose."""
        from itsdangerous import BadData

        try:
            return self._serializer(purpose).loads(text)
        except BadData:
            return None

    def fingerprint(self, purpose: str, text: str) -> str:
        """64 hexadecimal digits that only this app can compute; for tokens that are stored but must not be readable."""
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def _serializer(self, purpose: str) -> Any:
        if purpose not in self._serializers:
            from itsdangerous import URLSafeSerializer

            said = {"digest_method": hashlib.sha256}
            self._serializers[purpose] = URLSafeSerializer(self._key, salt=f"espalier.{purpose}", signer_kwargs=said)
        return self._serializers[purpose]
