"""Records by day in a month."""

from pydantic import Field

from .base import DataBlock, Path, Source


class Calendar(DataBlock):
    kind = "calendar"
    says = "`by date`, `until`"
    needs_by = ("date", "datetime")
    sample = """\
- calendar: Visit by starts
  until: ends
"""

    of: Source = Field(alias="calendar")
    until: Path | None = Field(None, description="the field that says when it ends")
