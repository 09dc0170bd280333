"""Passwords: what is good enough, and hashing with argon2. Nothing here knows whose they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 200


@cache
def hasher() -> PasswordHasher:
    """Two passes over 19 MiB in one lane: what OWASP asks for, 20 to 40 ms here."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def common() -> frozenset[str]:
    """What guessers try first, as far as it is long enough to be let through otherwise."""
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split())


@cache
def _nobody() -> str:
    """A hash that no password fits; checking against it takes as long as any."""
    import secrets

    return hasher().hash(secrets.token_hex(16))


def fault(password: str, *about: str) -> str:
    """Why a password is not good enough, in words for the person; empty when it is. about: their name, email, the app."""
    if len(password) < SHORTEST:
        return f"Choose a password of at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"Choose a password of at most {LONGEST} characters."
    low = password.lower()
    if low in common() or len(set(low)) < 3:
        return "This password is among the first that anybody would guess. Choose another."
    if any(low in (word.lower(), word.lower().partition("@")[0]) for word in about if word):
        return "Choose a password that is not your name or your email."
    return ""


def make(password: str) -> str:
    """The hash to keep."""
    return hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Does the password fit the hash? Takes the same time when there is none (None, or a locked account's)."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    usable = kept is not None and kept.startswith("$argon2")
    try:
        hasher().verify(kept if kept is not None and usable else _nobody(), password[: LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        return False
    return usable


def outdated(kept: str) -> bool:
    """Was the hash made with older parameters?"""
    return hasher().check_needs_rehash(kept)
