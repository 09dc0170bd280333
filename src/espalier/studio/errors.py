"""What can go wrong in the studio, with the status and the words that a person gets: what is wrong, and what to do.

server.py alone turns these into answers. Anything else that is raised is a defect.
"""

from __future__ import annotations

from typing import Any


class StudioError(Exception):
    """An expected failure. words: what is wrong; todo: what to do next; more: further keys of the JSON answer."""

    status = 400
    todo = ""

    def __init__(self, words: str, todo: str = "", **more: Any) -> None:
        super().__init__(words)
        self.words = words
        self.todo = todo or self.todo
        self.more = more


class NotThere(StudioError):
    """There is no such thing, or not for this account: both look the same."""

    status = 404
    todo = "Go back to the start page; it lists what is yours."

    def __init__(self, words: str = "This does not exist, or it is not yours.", todo: str = "", **more: Any) -> None:
        super().__init__(words, todo, **more)


class MustLogIn(StudioError):
    """Nobody is signed in."""

    status = 401
    todo = "Log in and try again."

    def __init__(self, words: str = "You are not logged in.", todo: str = "", **more: Any) -> None:
        super().__init__(words, todo, **more)


class Forbidden(StudioError):
    """This account may see it but not do this."""

    status = 403


class Moved(StudioError):
    """Somebody else changed the app in between; what was sent is kept as a draft."""

    status = 409
    todo = "Look at both and send yours again on the newer version, or leave it."


class Faulty(StudioError):
    """What was sent cannot be used: a blueprint with faults, a prompt without words."""

    status = 422


class TooMuch(StudioError):
    """Too often, or too many at once."""

    status = 429


class NoRoom(StudioError):
    """The disk is full, or the database cannot be written."""

    status = 507
    todo = "Nothing was changed. Free some space, then try again."
