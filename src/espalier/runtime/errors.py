"""What can go wrong with data, in words for the person who did it. How each is answered (404, 403, a form with its errors) is
the server's matter."""

from __future__ import annotations

from collections.abc import Mapping


class RecordError(Exception):
    """Any refusal of the data room; str() is a sentence that may be shown to a visitor."""


class NotFound(RecordError):
    """There is no such record, or this person may not know that there is."""

    def __init__(self, words: str = "This does not exist, or not for you.") -> None:
        super().__init__(words)


class Forbidden(RecordError):
    """This person may see the record but not do this with it."""

    def __init__(self, words: str = "You may not do this.") -> None:
        super().__init__(words)


class Invalid(RecordError):
    """Values that cannot be saved. `errors` maps a field's name to words; the name "" stands for the record as a whole."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(f"{name}: {words}" if name else words for name, words in self.errors.items()))


class Conflict(RecordError):
    """Somebody else changed the record in between; nothing was overwritten."""

    def __init__(self, words: str = "Somebody else changed this in the meantime. Look at it again and repeat your change.") -> None:
        super().__init__(words)
