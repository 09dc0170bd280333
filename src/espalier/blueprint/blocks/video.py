"""A film: shown from its address."""

from pydantic import Field

from .base import Block, Words


class Video(Block):
    kind = "video"
    group = "content"
    says = "a film, by its address"
    sample = """\
- video: https://example.com/tour.mp4
  title: A walk through the garden
"""

    of: Words = Field(alias="video", min_length=1)
