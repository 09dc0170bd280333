"""A catalogue with a cart and checkout."""

from pydantic import Field

from .base import DataBlock, Paths, Source


class Shop(DataBlock):
    kind = "shop"
    group = "flow"
    says = "a catalogue with cart and checkout"
    stands_in = "cards"
    sample = """\
- shop: Product
  filter: [kind]
  ask: [address]
"""

    of: Source = Field(alias="shop")
    ask: Paths = Field([], description="what the checkout asks beside name and email")
