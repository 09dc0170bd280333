"""Text of several paragraphs, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType
from .text import CONTROL

if TYPE_CHECKING:
    from ..field import Field


class Long(FieldType):
    name = "long"
    says = "text of several lines (Markdown)"
    value = "text"
    aliases = ("textarea", "longtext", "markdown", "richtext", "rich", "paragraph", "description", "body", "html")
    largest = 50_000

    def read(self, text: str, field: Field) -> Any:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if CONTROL.search(text):
            raise ValueError("holds characters that cannot be shown")
        return super().read(text, field)

    def sample(self, field: Field, index: int) -> str:
        return f"{field.label} number {index}.\n\nA second paragraph."
