"""Who may ask over HTTP: keys with names, each for an account. Only their hashes are kept; a key is shown once, when it is made."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from .store import keys

START = "esp-"
REMEMBERED = 5.0  # seconds until a key that was taken away elsewhere counts no more


class KeyTaken(ValueError):
    """There is a key of that name already."""


@dataclass(frozen=True)
class Key:
    """A key, without what is secret of it. made: seconds since 1970."""

    name: str
    account: str
    made: float


class Keys:
    """The keys in the gateway's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, str] = {}
        self._read = 0.0

    def make(self, name: str, account: str = "") -> str:
        """A new key, to be shown once. account: whose questions it asks; the key's name when not given. Raises KeyTaken."""
        secret = START + secrets.token_urlsafe(32)
        row = {"name": name, "account": account or name, "hash": _hash(secret), "made": time.time()}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(keys).values(row))
        except IntegrityError:
            raise KeyTaken(
                f"There is a key called `{name}` already. Take it away first, or choose another name."
            ) from None
        self._read = 0.0
        return secret

    def all(self) -> list[Key]:
        """Every key, the oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(keys).order_by(keys.c.made))
            return [Key(row.name, row.account, row.made) for row in rows]

    def remove(self, name: str) -> bool:
        """Take a key away; False when there is none of that name."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(keys).where(keys.c.name == name)).rowcount > 0
        self._read = 0.0
        return gone

    def needed(self) -> bool:
        """Is there any key? Then everybody needs one."""
        return bool(self._fresh())

    def account(self, secret: str) -> str | None:
        """Whose key it is; None when it is nobody's."""
        return self._fresh().get(_hash(secret))  # of hashes: how long it takes says nothing about a key

    def _fresh(self) -> dict[str, str]:
        """Accounts by hash, read again now and then: another process may make a key or take one away."""
        if time.monotonic() - self._read > REMEMBERED or not self._read:
            with self._engine.connect() as connection:
                self._known = {row.hash: row.account for row in connection.execute(select(keys))}
            self._read = time.monotonic()
        return self._known


def _hash(secret: str) -> str:
    """A plain hash is enough for a secret that nobody can guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
