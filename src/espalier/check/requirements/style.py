"""The app has the look that was asked for: dark, elegant, playful."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from ..report import Finding, fine, wrong
from .base import Requirement
from .color import oklab
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

# Styles that a person would take one for the other.
NEAR: dict[str, tuple[str, ...]] = {
    "friendly": ("playful",),
    "playful": ("friendly", "bold"),
    "minimal": ("elegant", "editorial"),
    "elegant": ("minimal", "editorial"),
    "editorial": ("elegant", "minimal"),
    "corporate": ("minimal",),
    "bold": ("playful", "retro"),
    "retro": ("bold",),
}


class Style(Requirement):
    """A style or a mode. exact: this very style, not one near it."""

    kind: ClassVar[str] = "style"
    style: str | None = None
    mode: Literal["light", "dark"] | None = None
    layout: Literal["top", "side"] | None = None
    exact: bool = False

    def phrase(self) -> str:
        said = [self.mode and f"is {self.mode}", self.style and f"looks {self.style}"]
        said.append(self.layout and f"has its pages at the {self.layout}")
        return "The app " + " and ".join(part for part in said if part)

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        theme = outline.blueprint.theme
        if self.mode and self.mode != mode_of(outline):
            return wrong("theme > mode", f"is {mode_of(outline)}", f"write `mode: {self.mode}`")
        if self.style and theme.style != self.style and (self.exact or theme.style not in NEAR.get(self.style, ())):
            return wrong("theme > style", f"is {theme.style}", f"write `style: {self.style}`")
        if self.layout and theme.layout != self.layout:
            return wrong("theme > layout", "is not as asked", f"write `layout: {self.layout}`")
        return fine("theme")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        theme = outline.blueprint.theme
        if "style" in theme.model_fields_set:
            yield cls(style=theme.style, exact=True)
        if theme.model_fields_set & {"mode", "background"}:
            yield cls(mode=mode_of(outline))
        if theme.layout is not None:
            yield cls(layout=theme.layout)


def mode_of(outline: Outline) -> Literal["light", "dark"]:
    """light or dark, from the background when it is not said."""
    theme = outline.blueprint.theme
    return theme.mode or ("dark" if oklab(theme.background)[0] < 0.5 else "light")
