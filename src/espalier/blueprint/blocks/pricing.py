"""What it costs."""

from pydantic import Field

from .base import Block, Lines


class Pricing(Block):
    kind = "pricing"
    group = "content"
    says = "prices, `Title: price and what it holds` lines"
    sample = """\
- pricing:
    Solo: 9 a month, unlimited invoices
    Studio: 24 a month, five people
"""

    of: Lines = Field(alias="pricing")
