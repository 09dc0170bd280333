"""Records as rows and columns: search, filters, sort, paging, edit, CSV."""

from pydantic import Field

from .base import DataBlock, Paths, Source


class Table(DataBlock):
    kind = "table"
    says = "rows; `edit`, `total` columns"
    sample = """\
- table: Ticket
  show: [title, customer, status, due]
  filter: [status, customer]
  sort: -created
  edit: [status]
  total: [hours]
"""

    of: Source = Field(alias="table")
    edit: Paths = Field([], description="columns that are edited in place")
    total: Paths = Field([], description="columns that are added up at the foot")
