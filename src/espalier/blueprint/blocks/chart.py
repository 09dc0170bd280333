"""Numbers drawn: bars, lines, areas, shares."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import Field

from ..condition import Expression
from ..field import read_expression
from ..spelled import Spelled
from .base import Block, Limit, Path, Paths

SHAPES = ("bar", "line", "area", "pie", "donut")


@dataclass(frozen=True)
class Drawing(Spelled):
    """`bar Ticket by status`, `line sum(Order.total) by month(created)`."""

    shape: str
    what: Expression | str  # an aggregate, or an entity that is counted
    by: Expression

    describes: ClassVar[str] = "bar|line|area|pie|donut WHAT by KEY"

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        choices: frozenset[str] = getattr(context, "choices", frozenset())
        shape, _, rest = text.strip().partition(" ")
        if shape.lower() not in SHAPES:
            shape, rest = "bar", text.strip()
        what, found, by = rest.rpartition(" by ")
        if not found:
            raise ValueError("say what is drawn by what: `bar Ticket by status`")
        what, by = what.strip(), re.sub(r"^(day|week|month|year)s? of (.+)$", r"\1(\2)", by.strip())
        counted = what if what.isidentifier() else Expression(read_expression(what, choices))
        return cls(shape.lower(), counted, Expression(read_expression(by, choices)))

    def __str__(self) -> str:
        return f"{self.shape} {self.what} by {self.by}"


class Chart(Block):
    kind = "chart"
    group = "data"
    says = "bar|line|area|pie|donut WHAT by KEY; `series`, `target`"
    sample = """\
- chart: line sum(Ticket.hours) by month(created)
  series: status
  target: 40
"""

    of: Drawing = Field(alias="chart")
    series: Path | None = Field(None, description="one line or colour for each of its values")
    target: float | None = Field(None, description="a line to reach")
    where: Expression | None = None
    filter: Paths = []
    limit: Limit | None = None
