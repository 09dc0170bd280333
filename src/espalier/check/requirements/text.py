"""Words stand in the app, other than in its name and the sentence about it, where they would be an echo of the prompt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Text(Requirement):
    """One of these words (or a pattern between slashes) is in a text, name or sample of the app. title: the app may be called so."""

    kind: ClassVar[str] = "text"
    like: Like
    title: bool = False

    def phrase(self) -> str:
        return f"The app says something of {self.like}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        said = [*outline.said, outline.blueprint.app] if self.title else outline.said
        for one in self.like.any:
            pattern = re.compile(one.strip("/") if one.startswith("/") else rf"\b{re.escape(one)}", re.IGNORECASE)
            if any(pattern.search(text) or pattern.search(text.replace("_", " ")) for text in said):
                return fine()
        return wrong("pages", f"nothing is said of {self.like}")
