"""A colour, stored as its hex code."""

from __future__ import annotations

from .base import FieldKind


class Color(FieldKind):
    name = "color"
