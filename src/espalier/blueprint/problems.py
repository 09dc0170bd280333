"""What is wrong with a blueprint, said so that a person or a model can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault. line and column count from 1; 0 when the fault has no place of its own."""

    message: str
    line: int = 0
    column: int = 0
    text: str = ""  # the offending text as it is written
    suggestion: str = ""
    where: str = ""  # the way to it: `pages > Home > table`

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        way = f"{self.where}: " if self.where else ""
        return f"{place}{way}{self.message}" + (f" ({self.suggestion})" if self.suggestion else "")


@dataclass(frozen=True)
class Fix:
    """One slip that the reader understood and put right."""

    message: str
    line: int = 0

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class BlueprintError(ValueError):
    """A blueprint that cannot be used. `problems` holds all faults, in the order of the text."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
