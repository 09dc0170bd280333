"""What can go wrong while answering a visit, as exceptions that carry the words for the person who sees them.

The four of `RecordError` are the data room's. Any room may raise these; app.py alone turns them into a page, a fragment
or JSON. Anything else that is raised is a defect: the visitor sees an error number, the log the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class AppError(Exception):
    """An expected failure. `words` are for the visitor; `title` is the heading of the page."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "That did not work"
    says: ClassVar[str] = "Please go back and try again."

    def __init__(self, words: str = "") -> None:
        self.words = words or self.says
        super().__init__(self.words)


class RecordError(AppError):
    """Any refusal of the data room; str() is a sentence that may be shown to a visitor."""


class NotFound(RecordError):
    """There is nothing here, or nothing that this person may know of: both look the same."""

    status = 404
    title = "Nothing here"
    says = "This does not exist, or not for you."


class Forbidden(RecordError):
    """This person may not do this. Anonymous visitors are sent to log in instead."""

    status = 403
    title = "Not for you"
    says = "You may not see or do this. If you think you should, ask whoever runs this app."


class Invalid(RecordError):
    """Values that cannot be saved. `errors` maps a field's name to words; the name "" stands for the record as a whole."""

    status = 422
    title = "Please check what you entered"

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(f"{name}: {words}" if name else words for name, words in self.errors.items()))


class Conflict(RecordError):
    """Somebody else changed the record in between; nothing was overwritten."""

    status = 409
    title = "Somebody was faster"
    says = "Somebody else changed this in the meantime. Look at it again and repeat your change."


class BadRequest(AppError):
    """The request makes no sense: a broken address, a body that cannot be read."""


class Expired(AppError):
    """A form without the right token: its page was open too long, or somebody else sent it."""

    status = 403
    title = "This page has expired"
    says = "For your safety the form was not sent. Go back, reload the page and try again."


class WrongMethod(AppError):
    """The address exists, but not for this method. `allowed` lists those it takes."""

    status = 405
    says = "This address cannot be used in that way."

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = allowed
        super().__init__()


class TooLarge(AppError):
    """The body or an upload is over the limit."""

    status = 413
    title = "Too large"
    says = "What you sent is too large. Choose a smaller file and try again."


class TooMany(AppError):
    """Too many attempts. `seconds` is how long to wait."""

    status = 429
    title = "Please wait a moment"
    says = "There were too many attempts. Wait a little and try again."

    def __init__(self, seconds: int, words: str = "") -> None:
        self.seconds = max(1, seconds)
        super().__init__(words)


class Busy(AppError):
    """The answer took too long, or the database is held by somebody else."""

    status = 503
    title = "Just a moment"
    says = "The app is busy right now. Try again in a few seconds."
