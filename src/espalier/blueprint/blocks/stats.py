"""Numbers that matter, each with its label."""

from typing import Annotated, Literal

from pydantic import Field

from ..condition import Expression
from .base import Block, Title


class Stats(Block):
    kind = "stats"
    group = "data"
    says = "`Label: expression` lines; `compare: month` sets them against the month before"
    sample = """\
- stats:
    Open: count(Ticket where status = Open)
    Hours this month: sum(Ticket.hours where month(created) = month(today))
"""

    of: Annotated[dict[Title, Expression], Field(alias="stats", min_length=1, max_length=24)]
    compare: Literal["week", "month", "year"] | None = None
