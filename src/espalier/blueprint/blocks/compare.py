"""Records side by side."""

from pydantic import Field

from .base import DataBlock, Source


class Compare(DataBlock):
    kind = "compare"
    group = "flow"
    says = "records side by side"
    stands_in = "table"
    sample = """\
- compare: Product
  show: [name, price, kind]
"""

    of: Source = Field(alias="compare")
