"""A form that makes a record."""

from pydantic import Field

from ..steps import Steps
from .base import DataBlock, Source, Title, Words


class Form(DataBlock):
    kind = "form"
    says = "makes a record; `set: field = value`, `button`, `done`"
    sample = """\
- form: Ticket
  title: Ask for help
  show: [title, text]
  set: status = Open
  button: Send
  done: Thank you. We answer within a day.
"""

    of: Source = Field(alias="form")
    set: Steps = Field([], description="values that the person does not see: `status = New`")
    button: Title = ""
    done: Words = ""
