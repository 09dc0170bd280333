"""Yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field

WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1", "y", "x", "t"), True),
    **dict.fromkeys(("false", "no", "off", "0", "n", "f"), False),
}


class Bool(FieldType):
    name = "bool"
    says = "yes or no"
    value = "bool"
    aliases = ("boolean", "checkbox", "flag", "yesno", "toggle", "switch", "check")

    def read(self, text: str, field: Field) -> Any:
        if text.lower() not in WORDS:
            raise ValueError("must be yes or no")
        return WORDS[text.lower()]

    def sample(self, field: Field, index: int) -> str:
        # A required yes/no is a consent box: only yes can be saved.
        return "true" if field.required or index % 2 == 0 else "false"

    def wrong(self, field: Field) -> list[str]:
        return ["perhaps"]
