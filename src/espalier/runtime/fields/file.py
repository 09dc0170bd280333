"""An uploaded file, stored as the name under which the app keeps it; several as a JSON list of names."""

from __future__ import annotations

from .base import FieldKind


class File(FieldKind):
    name = "file"
