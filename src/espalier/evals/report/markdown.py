"""The table of a run in Markdown, short enough for a README."""

from __future__ import annotations

from collections.abc import Sequence

from ..metrics import cost, spell
from .figures import Section, between

APPS = ("met", "all_met", "score", "reads", "seconds", "late", "first")
EDITS = ("exact", "done", "reads", "seconds", "late")


def table(sections: Sequence[Section], command: str) -> str:
    """One table a suite, its figures with their 95 % intervals, and how it was made."""
    parts = [_of(one) for one in sections if one.sides]
    return "\n".join([*parts, f"Made by `{command}`. Ranges are 95 % bootstrap confidence intervals.", ""])


def _of(one: Section) -> str:
    chosen = EDITS if one.suite.edits else APPS
    columns = [metric for name in chosen for metric in one.columns if metric.name == name]
    base = one.baseline
    heads = [
        "",
        *(metric.label for metric in columns),
        "For 1,000",
        *([f"Points above {base.name}", "Times as fast"] if one.against and base else []),
    ]
    lines = [f"**{one.suite.name}**, {one.asked} {'edits' if one.suite.edits else 'prompts'}: {one.suite.about}", ""]
    lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    against = {each.side.name: each for each in one.against}
    for side in one.sides:
        cells = [f"`{side.name}`"]
        for metric in columns:
            figure = metric.figure(side.outcomes)
            ranged = metric.unit == "share" and figure.value == figure.value
            cells.append(spell(metric.unit, figure.value) + (f" ({between(metric.unit, figure)})" if ranged else ""))
        cells.append(spell("dollars", cost(side.price).figure(side.outcomes).value))
        if one.against:
            each = against.get(side.name)
            if each:
                figure = each.differences[one.main.name]
                cells.append(f"{100 * figure.value:+.1f} ({100 * figure.low:+.1f} to {100 * figure.high:+.1f})")
                cells.append(f"{each.faster.value:.1f}" if each.faster.value == each.faster.value else "–")
            else:
                cells += ["", ""]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
