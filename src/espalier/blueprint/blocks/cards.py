"""Records as cards with a picture."""

from pydantic import Field

from .base import DataBlock, Source


class Cards(DataBlock):
    kind = "cards"
    says = "cards with picture, name and a few facts"
    sample = """\
- cards: Product
  show: [photo, name, price]
  filter: [kind]
  limit: 6
"""

    of: Source = Field(alias="cards")
    carousel: bool = Field(False, description="one row that moves by itself")
