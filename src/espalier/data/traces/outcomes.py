"""What may become of a build, and what of it may be kept."""

from __future__ import annotations

from typing import Any, Literal, get_args

from .frustration import frustrated

# kept: applied, or said to be good. edited: changed by hand, `lines` and `where`. regenerated: another was wanted. compared: `chosen` of
# `others`. thumbs: `up`, with a `reason`. follow_up: asked for more, with the `message`. visited, failed_at_runtime: by people in use.
Outcome = Literal[
    "kept", "edited", "regenerated", "compared", "thumbs", "published", "unpublished", "deleted", "dropped", "follow_up", "visited",
    "failed_at_runtime",
]  # fmt: skip
KINDS: tuple[Outcome, ...] = get_args(Outcome)
SPOKEN = ("message", "reason")  # what a person says about the build


def heard(kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    """The detail with whether it sounds frustrated, where a person says something. Raises ValueError for a kind that there is not."""
    if kind not in KINDS:
        raise ValueError(f"{kind} is no outcome; there are {', '.join(KINDS)}")
    said = " ".join(str(detail[name]) for name in SPOKEN if detail.get(name))
    return {**detail, "frustrated": frustrated(said)} if said else detail


def counts(detail: dict[str, Any]) -> dict[str, Any]:
    """Of a detail what is no text: how often, how much, which number, yes or no."""
    return {name: value for name, value in detail.items() if isinstance(value, bool | int | float)}
