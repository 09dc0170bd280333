"""Records as a wall of pictures."""

from pydantic import Field

from .base import DataBlock, Source


class Gallery(DataBlock):
    kind = "gallery"
    says = "a wall of pictures"
    sample = """\
- gallery: Product
  show: [photo, name]
"""

    of: Source = Field(alias="gallery")
    carousel: bool = Field(False, description="one row that moves by itself")
