"""Prose, in Markdown."""

from pydantic import Field

from .base import Block, Words


class Text(Block):
    kind = "text"
    group = "content"
    says = "prose (Markdown)"
    sample = """\
- text: We open the gate at eight and close it when the last child is picked up.
  title: Our day
"""

    text: Words = Field(alias="text", min_length=1)
