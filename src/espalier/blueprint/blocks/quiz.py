"""Questions with answers and a score."""

from pydantic import Field

from .base import DataBlock, Source


class Quiz(DataBlock):
    kind = "quiz"
    group = "flow"
    says = "questions with a score"
    stands_in = "cards"
    sample = """\
- quiz: Question
  filter: [level]
"""

    of: Source = Field(alias="quiz")
