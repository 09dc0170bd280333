"""An uploaded picture. Its value is the name under which the runtime keeps it."""

from __future__ import annotations

from .file import File


class Image(File):
    name = "image"
    says = "an uploaded picture"
    value = "text"
    aliases = ("photo", "picture", "img", "avatar", "logo")
