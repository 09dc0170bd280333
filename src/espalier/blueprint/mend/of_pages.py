"""Pages and their blocks."""

from __future__ import annotations

from typing import Any

from ..blocks import KINDS
from ..meaning import Meaning
from .base import Base
from .faults import Wrong
from .near import near
from .ways import Way, at, put, rename_key, said


class OfPages(Base):
    """Repairs of the pages."""

    def _pages(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        way = wrong.way
        if len(way) == 2:
            return self._page(wrong)
        if len(way) < 3 or not isinstance(way[2], int):
            return self._out(way, wrong.message)
        block = at(self.tree, way[:3])
        if not isinstance(block, dict):
            return self._out(way[:3], wrong.message)
        kind = next((key for key in block if key in KINDS), None)
        if kind is None:
            meant = near(str(next(iter(block), "")), KINDS, 70)
            if meant and rename_key(self.tree, (*way[:3], next(iter(block))), meant):
                self.say(f"{said(way)}: read as the block `{meant}`")
                return True
            return self._out(way[:3], wrong.message)
        return self._block(wrong, kind, block)

    def _page(self, wrong: Wrong) -> bool:
        way = wrong.way
        if "two pages" in wrong.message:
            for number in range(2, 9):
                name, _, who = str(way[1]).partition(" (")
                if rename_key(self.tree, way, f"{name} {number}" + (f" ({who}" if who else "")):
                    return True
        if "no entity" in wrong.message:
            return self._hint_in_key(wrong, way) or self._out(way, wrong.message)
        if isinstance(at(self.tree, way), list) and self._who_in_key(wrong, way, "admin"):
            return True
        return self._out(way, wrong.message)

    def _block(self, wrong: Wrong, kind: str, block: dict[str, Any]) -> bool:
        way = wrong.way
        if self._hint(wrong):
            return True
        main = block.get(kind)
        if len(way) > 4 or (len(way) == 4 and way[3] != kind):
            if way[3] == "button" and isinstance(block.get("button"), str) and self._button(wrong, way[:4]):
                return True
            return self._out(way, wrong.message)
        if kind == "button" and self._button(wrong, (*way[:3], kind)):
            return True
        entity, _, by = main.partition(" by ") if isinstance(main, str) else ("", "", "")
        if entity in self._entities and kind not in ("chart", "search", "form", "wizard"):
            # It cannot go by this field: by one that fits, or else as a table.
            put(self.tree, way[:3], {kind: entity} if by and self.tries[way] < 3 else {"table": entity})
            self.say(f"{said(way[:3])}: left out what it goes by")
            return True
        return self._out(way[:3], wrong.message)

    def _button(self, wrong: Wrong, way: Way) -> bool:
        """A button that leads nowhere: to the page of the nearest name."""
        label, arrow, to = str(at(self.tree, way)).rpartition("->")
        pages = [str(key).partition(" (")[0] for key in self.tree.get("pages", {}) if not str(key).startswith("Each ")]
        meant = near(to.strip(), pages, 60) or near(label.strip(), pages, 60)
        if not arrow or not meant or self.tries[wrong.way] > 2:
            return False
        put(self.tree, way, f"{label.strip()} -> {meant}")
        self.say(f"{said(way)}: leads to `{meant}`")
        return True
