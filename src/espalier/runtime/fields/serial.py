"""A number that the app counts up by itself, stored as its text. Who counts is storage/serial.py."""

from __future__ import annotations

from .base import FieldKind


class Serial(FieldKind):
    name = "serial"
    searchable = True
