"""A question with votes."""

from pydantic import Field

from .base import DataBlock, Source


class Poll(DataBlock):
    kind = "poll"
    group = "flow"
    says = "a question with votes"
    stands_in = "list"
    sample = """\
- poll: Poll
  limit: 1
"""

    of: Source = Field(alias="poll")
