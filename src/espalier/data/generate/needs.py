"""Requirements by the name of their kind, as composers write them down."""

from __future__ import annotations

from typing import Any

from espalier.check.requirements import KINDS, Requirement


def need(kind: str, **said: Any) -> Requirement:
    """A requirement of a kind; what it says is held against what its kind may say."""
    return KINDS[kind].model_validate(said)
