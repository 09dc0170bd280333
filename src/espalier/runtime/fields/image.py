"""An uploaded picture, stored like a file."""

from __future__ import annotations

from .file import File


class Image(File):
    name = "image"
