"""What can go wrong with models, each in words for a person that say what to do next."""

from __future__ import annotations


class ModelError(Exception):
    """Something about a model that a person should know."""


class ModelMissing(ModelError):
    """A model, or a file of it, is not here; the words say how to get it."""


class ModelDamaged(ModelError):
    """A file is here and cannot be used: cut off, changed, or of another kind."""


class EndpointDown(ModelError):
    """The model does not answer: it could not be started, ended in the middle, or took too long."""


class PromptTooLong(ModelError):
    """The prompt does not fit. tokens: how many it has, 0 when that is not known; room: how many fit."""

    def __init__(self, words: str, tokens: int = 0, room: int = 0) -> None:
        super().__init__(words)
        self.tokens = tokens
        self.room = room


class Refused(ModelError):
    """Nothing was asked of any model, because of what was asked for; the words say why."""
