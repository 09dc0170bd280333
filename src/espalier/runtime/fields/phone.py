"""A telephone number, stored as it is written."""

from __future__ import annotations

from .base import FieldKind


class Phone(FieldKind):
    name = "phone"
    searchable = True
