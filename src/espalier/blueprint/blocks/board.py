"""Records in columns by a choice; dragged from one to the next."""

from pydantic import Field

from .base import DataBlock, Source


class Board(DataBlock):
    kind = "board"
    says = "`Entity by choice`, dragged"
    needs_by = ("choice", "reference", "bool")
    sample = """\
- board: Ticket by status
  show: [title, customer, due]
"""

    of: Source = Field(alias="board")
