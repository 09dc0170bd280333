"""How far things have come: a bar for each record, or the share of records that are done."""

from pydantic import Field

from .base import DataBlock, Path, Source


class Progress(DataBlock):
    kind = "progress"
    says = "bars: a number against `target`, or the share of records done"
    needs_by = ("int", "number", "money", "percent", "rating", "marks", "bool", "choice")
    sample = """\
- progress: Goal by saved
  target: wanted
"""

    of: Source = Field(alias="progress")
    target: Path | float | None = Field(None, description="the field or number that is full")
