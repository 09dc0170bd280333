"""One line of text."""

from __future__ import annotations

from .base import FieldKind


class Text(FieldKind):
    name = "text"
    searchable = True
