"""Questions with their answers."""

from pydantic import Field

from .base import Block, Lines


class Faq(Block):
    kind = "faq"
    group = "content"
    says = "`Question: answer` lines"
    sample = """\
- faq:
    May we bring the children?: Please do. There is a tent with toys.
"""

    of: Lines = Field(alias="faq")
