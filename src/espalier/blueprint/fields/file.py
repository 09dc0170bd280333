"""An uploaded file. Its value is the name under which the runtime keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class File(FieldType):
    name = "file"
    says = "an uploaded file"
    value = "text"
    aliases = ("attachment", "upload", "document", "pdf", "audio")

    def sample(self, field: Field, index: int) -> str:
        return ""
