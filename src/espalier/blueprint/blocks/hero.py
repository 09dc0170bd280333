"""The first thing a visitor sees."""

from pydantic import Field

from ..steps import Button
from .base import Block, Title, Words


class Hero(Block):
    kind = "hero"
    group = "content"
    says = "opening: title, `text`, `button: Label -> Page`, `image` in words"
    sample = """\
- hero: Happy dogs start here
  text: Gentle grooming by people who love dogs
  button: Book now -> Book
"""

    of: Title = Field(alias="hero", min_length=1)
    button: Button | None = None
    image: Words = Field("", description="what the picture shows, in words")
