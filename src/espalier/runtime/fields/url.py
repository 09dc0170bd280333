"""The address of a web page."""

from __future__ import annotations

from .base import FieldKind


class Url(FieldKind):
    name = "url"
    searchable = True
