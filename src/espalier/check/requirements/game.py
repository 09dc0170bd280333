"""There is a game, a calculator or another small tool made for the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from espalier.blueprint.blocks.custom import Custom

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

SHORTEST = 60  # characters of script; less does nothing
DOES = re.compile(
    r"addEventListener|\bon(?:click|input|change|key\w*|submit|pointer\w*|mouse\w*)\b|setInterval|requestAnimation"
)


class Game(Requirement):
    """A custom block with a script that does something. like: what it is about; computed: worked-out fields will do as well."""

    kind: ClassVar[str] = "game"
    like: Like | None = None
    computed: bool = False

    def phrase(self) -> str:
        return f"There is a working {self.like}" if self.like else "There is a small tool made for the app"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        blocks = [(sight, sight.block) for sight in outline.sights if isinstance(sight.block, Custom)]
        why, where = "there is no custom block", "pages"
        for sight, block in blocks:
            script = block.js + "".join(re.findall(r"<script[^>]*>(.*?)</script>", block.html, re.DOTALL))
            if len(script) < SHORTEST or not (DOES.search(script) or DOES.search(block.html)):
                why, where = "its script does nothing", sight.where
                continue
            if self.like is not None and not self._about(sight.page.name, block, outline):
                why, where = f"is not about {self.like}", sight.where
                continue
            return fine(sight.where)
        if self.computed and any(spot.field.computed for spot in outline.spots):
            return fine("data")
        return wrong(where, why, "write a `custom` block with `html` and `js`")

    def _about(self, page: str, block: Custom, outline: Outline) -> bool:
        assert self.like is not None
        said = " ".join((page, block.of, block.title, block.text, block.html, block.js, outline.blueprint.app))
        words = re.findall(r"[A-Za-z]{3,}", said)
        return any(self.like.hits(word) for word in dict.fromkeys(words)) or self.like.hits(block.of)

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        if cls().look(outline, None).met:
            yield cls()
