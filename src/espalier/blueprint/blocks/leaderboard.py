"""Records ranked by a number."""

from typing import Literal

from pydantic import Field

from .base import DataBlock, Source


class Leaderboard(DataBlock):
    kind = "leaderboard"
    says = "`Entity by number`"
    needs_by = ("int", "number", "money", "percent", "rating", "marks", "date", "datetime", "time")
    sample = """\
- leaderboard: Player by points
  limit: 10
"""

    of: Source = Field(alias="leaderboard")
    best: Literal["highest", "lowest"] = "highest"
