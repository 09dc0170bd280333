"""What makes this place what it is, a few words each."""

from pydantic import Field

from .base import Block, Lines


class Features(Block):
    kind = "features"
    group = "content"
    says = "strong points, `Title: text` lines"
    sample = """\
- features:
    Cleaned and checked: Every piece before every party
    Fair deposits: Back in your account within two days
"""

    of: Lines = Field(alias="features")
