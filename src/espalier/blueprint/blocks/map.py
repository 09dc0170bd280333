"""Records by place."""

from pydantic import Field

from .base import DataBlock, Source


class Map(DataBlock):
    kind = "map"
    says = "records by place"
    needs_by = ("location",)
    stands_in = "cards"
    sample = """\
- map: Shop by address
"""

    of: Source = Field(alias="map")
