"""A form in several steps."""

from typing import Annotated

from pydantic import Field

from ..steps import Steps
from .base import DataBlock, Paths, Source, Title, Words


class Wizard(DataBlock):
    kind = "wizard"
    says = "a form in steps (`steps:` of `Title: [fields]`)"
    stands_in = "form"
    sample = """\
- wizard: Ticket
  steps:
    What happened: [title, text]
    When: [due]
"""

    of: Source = Field(alias="wizard")
    steps: Annotated[dict[Title, Paths], Field(max_length=20)] = {}
    set: Steps = Field([], description="values that the person does not see: `status = New`")
    button: Title = ""
    done: Words = ""
