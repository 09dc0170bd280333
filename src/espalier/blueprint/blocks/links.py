"""Links, each a wide button."""

from pydantic import Field

from .base import Block, Lines


class Links(Block):
    kind = "links"
    group = "content"
    says = "`Label: address or page` lines"
    sample = """\
- links:
    Our shop: https://example.com/shop
"""

    of: Lines = Field(alias="links")
