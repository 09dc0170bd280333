"""Records as lines, one below the other."""

from pydantic import Field

from .base import DataBlock, Source


class List(DataBlock):
    kind = "list"
    says = "lines, one below the other"
    sample = """\
- list: Ticket
  title: Waiting for you
  where: status = Open and agent = me
  sort: due
"""

    of: Source = Field(alias="list")
