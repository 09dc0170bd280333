"""Free times to choose from."""

from pydantic import Field

from .base import DataBlock, Path, Source, Title


class Booking(DataBlock):
    kind = "booking"
    group = "flow"
    says = "free times to choose from"
    needs_by = ("datetime", "date")
    stands_in = "form"
    sample = """\
- booking: Visit by starts
  hours: Mon-Fri 9:00-17:00, Sat 10:00-14:00
  slot: 30 minutes
  per: doctor
"""

    of: Source = Field(alias="booking")
    until: Path | None = Field(None, description="the field that says when it ends, for stays")
    per: Path | None = Field(None, description="what can be taken once at a time: a room, a person, a car")
    hours: Title = Field("", description="opening hours: Mon-Fri 9:00-17:00")
    slot: Title = Field("", description="how long: 30 minutes, or a path such as service.minutes")
    capacity: Path | int | None = Field(None, description="how many at the same time")
