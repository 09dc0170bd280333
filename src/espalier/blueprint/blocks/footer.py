"""The last line of a page."""

from pydantic import Field

from .base import Block, Words


class Footer(Block):
    kind = "footer"
    group = "content"
    says = "the last line"
    sample = """\
- footer: Cooked with garlic and patience
"""

    of: Words = Field(alias="footer", min_length=1)
