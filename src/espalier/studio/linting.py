"""What is wrong with a blueprint's text, as the editor shows it while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from espalier.blueprint.lint import lint as look
from espalier.blueprint.problems import Problem

from .errors import Faulty

LARGEST = 300_000


def lint(text: str) -> dict[str, Any]:
    """Faults, warnings and slips that are understood, each with its line; and whether the text reads."""
    if len(text) > LARGEST:
        raise Faulty(f"A blueprint has at most {LARGEST:,} characters; this has {len(text):,}.", "Shorten it.")
    reading, warnings = look(text)
    return {
        "reads": reading.blueprint is not None,
        "problems": shown(reading.problems),
        "warnings": shown(warnings),
        "fixes": [{"line": fix.line, "message": fix.message} for fix in reading.fixes],
    }


def shown(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as JSON."""
    return [
        {
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
            "text": problem.text,
            "suggestion": problem.suggestion,
            "where": problem.where,
        }
        for problem in problems
    ]
