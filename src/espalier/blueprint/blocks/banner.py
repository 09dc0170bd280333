"""One line that everybody should read."""

from pydantic import Field

from ..steps import Button
from .base import Block, Words


class Banner(Block):
    kind = "banner"
    group = "content"
    says = "one line that everybody should read"
    sample = """\
- banner: Closed on the 24th
"""

    of: Words = Field(alias="banner", min_length=1)
    button: Button | None = None
