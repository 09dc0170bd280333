"""How it goes, first to last."""

from pydantic import Field

from .base import Block, Lines


class Steps(Block):
    kind = "steps"
    group = "content"
    says = "how it goes, `Title: text` lines in order"
    sample = """\
- steps:
    Tell us what broke: A photo helps
    Get a price: Within a day
    Bring it in: We fix it while you wait
"""

    of: Lines = Field(alias="steps")
