"""What others say."""

from pydantic import Field

from .base import Block, Lines


class Testimonials(Block):
    kind = "testimonials"
    group = "content"
    says = "what others say, `Name: words` lines"
    sample = """\
- testimonials:
    Rosa M.: My claim was paid in four days
"""

    of: Lines = Field(alias="testimonials")
