"""An email address, stored in small letters."""

from __future__ import annotations

from .base import FieldKind


class Email(FieldKind):
    name = "email"
    searchable = True
