"""Records as posts, newest first, with what belongs to them below: comments and marks."""

from pydantic import Field

from .base import DataBlock, Source


class Feed(DataBlock):
    kind = "feed"
    says = "posts with comments and likes, newest first"
    sample = """\
- feed: Post
  show: [photo, text, likes]
"""

    of: Source = Field(alias="feed")
