"""One record in full: all its fields and what belongs to it."""

from pydantic import Field

from .base import DataBlock, Source


class Detail(DataBlock):
    kind = "detail"
    says = "one record in full"
    sample = """\
- detail: Customer
  where: owner = me
"""

    of: Source = Field(alias="detail")
