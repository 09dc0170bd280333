"""The scripts that are put into pages, by their names; static/README.md says what they are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def script(name: str) -> str:
    """The text of one of our own: an arrow function."""
    return (files(__package__) / "static" / f"{name}.js").read_text(encoding="utf-8")


@cache
def axe() -> bytes:
    """axe-core, as it is served to pages under check."""
    return (files(__package__) / "static" / "axe.min.js").read_bytes()
