"""How a page looks, in figures. One file a measure over what browser/capture.py saw; docs/look.md says how they were calibrated."""

from __future__ import annotations

from collections.abc import Mapping

from ..checks import checks
from . import alignment, fit, hierarchy, palette, pictures, reading, rhythm, whitespace
from .measured import Measure, Measured

MEASURES: dict[str, Measure] = {
    module.__name__.rpartition(".")[2]: module.measure
    for module in (alignment, fit, hierarchy, palette, pictures, reading, rhythm, whitespace)
}


def score(shares: Mapping[str, float | None], weights: Mapping[str, float] | None = None) -> float:
    """One number in [0, 1] from the shares of the measures: their weighted mean, as a report counts them. Of nothing 1."""
    given = weights or {check.name: check.weight for check in checks("look")}
    counted = [(given[name], share) for name, share in shares.items() if share is not None]
    total = sum(weight for weight, _ in counted)
    return sum(weight * share for weight, share in counted) / total if total else 1.0


__all__ = ["MEASURES", "Measure", "Measured", "score"]
