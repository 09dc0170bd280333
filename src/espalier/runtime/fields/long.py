"""Text of several paragraphs, stored as the Markdown that was written."""

from __future__ import annotations

from .base import FieldKind


class Long(FieldKind):
    name = "long"
    searchable = True
