"""A picture: drawn from its words when there is none."""

from pydantic import Field

from .base import Block, Words


class Image(Block):
    kind = "image"
    group = "content"
    says = "a picture, said in words"
    sample = """\
- image: The workshop from above, with the long bench
"""

    of: Words = Field(alias="image", min_length=1)
    url: Words = ""
