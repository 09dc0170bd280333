"""What the gateway itself says no to, in words for a person."""

from __future__ import annotations

from espalier.model.errors import ModelError


class OverBudget(ModelError):
    """What may be spent a day is spent."""


class TooFast(ModelError):
    """More questions a minute than are allowed. wait: seconds until the next may be asked."""

    def __init__(self, words: str, wait: float) -> None:
        super().__init__(words)
        self.wait = wait


class NoSuchModel(ModelError):
    """A name that stands for nothing here; the words say what there is."""
