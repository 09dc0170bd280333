"""One line of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field

# Control characters have no place in a line of text; line breaks become spaces.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Text(FieldType):
    name = "text"
    says = "one line of text"
    value = "text"
    aliases: ClassVar[tuple[str, ...]] = ("string", "str", "varchar", "char", "name", "title", "line")

    def read(self, text: str, field: Field) -> Any:
        if CONTROL.search(text):
            raise ValueError("holds characters that cannot be shown")
        return super().read(" ".join(text.split()), field)

    def sample(self, field: Field, index: int) -> str:
        return f"{field.label} {index}" if index else field.label
