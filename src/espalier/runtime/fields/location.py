"""A place: an address, or `latitude, longitude`, stored as it is written."""

from __future__ import annotations

from .base import FieldKind


class Location(FieldKind):
    name = "location"
    searchable = True
