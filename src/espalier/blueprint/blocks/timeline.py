"""Records along time."""

from pydantic import Field

from .base import DataBlock, Source


class Timeline(DataBlock):
    kind = "timeline"
    says = "records along time"
    needs_by = ("date", "datetime", "int", "text")
    sample = """\
- timeline: Visit by starts
"""

    of: Source = Field(alias="timeline")
