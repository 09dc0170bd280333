"""Messages as they come, in rooms or between people."""

from pydantic import Field

from .base import DataBlock, Path, Source


class Chat(DataBlock):
    kind = "chat"
    group = "flow"
    says = "messages as they come; `in` divides them into rooms"
    stands_in = "feed"
    sample = """\
- chat: Message
  in: room
"""

    of: Source = Field(alias="chat")
    inside: Path | None = Field(None, alias="in", description="the reference that divides messages into rooms")
