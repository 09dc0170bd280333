"""How to reach us."""

from pydantic import Field

from .base import Block, Title, Words


class Contact(Block):
    kind = "contact"
    group = "content"
    says = "how to reach us: `phone`, `email`, `address`, `hours`"
    sample = """\
- contact: Come by
  phone: 555 0126
  address: 11 Bell Alley
  hours: Mon to Fri, 9 to 17
"""

    of: Title = Field("", alias="contact")
    phone: Title = ""
    email: Title = ""
    address: Words = ""
    hours: Words = ""
