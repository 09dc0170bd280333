"""A button that leads somewhere."""

from pydantic import Field

from ..steps import Button as ButtonText
from .base import Block


class Button(Block):
    kind = "button"
    group = "content"
    says = "`Label -> Page`"
    sample = """\
- button: See all tickets -> Tickets
"""

    of: ButtonText = Field(alias="button")
