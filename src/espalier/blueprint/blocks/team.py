"""The people."""

from pydantic import Field

from .base import Block, Lines


class Team(Block):
    kind = "team"
    group = "content"
    says = "people, `Name: what they do` lines"
    sample = """\
- team:
    Ines Calder: Houses and gardens
"""

    of: Lines = Field(alias="team")
