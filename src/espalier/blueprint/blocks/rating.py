"""The average of people's stars, how they are spread, and a way to add one's own."""

from pydantic import Field

from .base import DataBlock, Source


class Rating(DataBlock):
    kind = "rating"
    says = "average and spread of stars"
    needs_by = ("rating", "int", "number")
    stands_in = "list"
    sample = """\
- rating: Review by stars
"""

    of: Source = Field(alias="rating")
