"""Blocks that hold `Title: text` lines, as what the look's macros take: each line a title with its text in Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from ..markdown import safe_html
from .frame import inline


@dataclass
class Item:
    """One line. url makes it a link; price, per and points belong to prices."""

    title: str
    text: Markup | str = ""
    url: str = ""
    icon: str | None = None
    name: str = ""
    role: str = ""
    avatar: str | None = None
    picture: str | None = None
    price: str = ""
    per: str = ""
    points: list[str] = field(default_factory=list)
    button: tuple[str, str] | None = None
    featured: bool = False


def marked_up(text: str) -> Markup | str:
    """A few words of Markdown for the inside of a paragraph."""
    return inline(safe_html(text)) if text else ""


def items(lines: dict[str, str]) -> list[Item]:
    """The lines with their texts drawn."""
    return [Item(title, marked_up(text)) for title, text in lines.items()]
