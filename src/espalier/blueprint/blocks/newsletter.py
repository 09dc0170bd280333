"""A sign-up for letters. Addresses are kept for the admin."""

from pydantic import Field

from .base import Block, Title


class Newsletter(Block):
    kind = "newsletter"
    group = "content"
    says = "a sign-up for letters"
    sample = """\
- newsletter: The Sunday letter
  text: Next week's menu and one recipe
"""

    of: Title = Field(alias="newsletter", min_length=1)
    button: Title = ""
