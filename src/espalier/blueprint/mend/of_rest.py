"""Access, seed rows and automations."""

from __future__ import annotations

from ..meaning import Meaning
from ..schema import OPERATIONS
from .base import Base
from .faults import Wrong
from .near import near
from .rows import fitting_row
from .ways import at, put, rename_key, said


class OfRest(Base):
    """Repairs of what stands around the pages."""

    def _access(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        way = wrong.way
        if len(way) < 2:
            return self._out(way, wrong.message)
        value = at(self.tree, way)
        if len(way) == 2 and way[1] not in (*self._entities, "default"):
            meant = near(str(way[1]), [*self._entities, "default"])
            if meant and rename_key(self.tree, way, meant):
                self.say(f"{said(way)}: wrote `{meant}`")
                return True
            return self._out(way, wrong.message)
        if len(way) == 3 and "has no field" in wrong.message:
            fields = at(self.tree, ("data", way[1]))
            meant = near(str(way[2]), [*(fields if isinstance(fields, dict) else ()), *OPERATIONS, "write"])
            if meant and rename_key(self.tree, way, meant):
                self.say(f"{said(way)}: wrote `{meant}`")
                return True
            return self._out(way, wrong.message)
        if len(way) >= 3 and value is None and isinstance(at(self.tree, way[:3]), str):
            way = way[:3]  # `salary: hr` says both
            value = at(self.tree, way)
        if self._hint(wrong, way):
            return True
        if isinstance(value, str) and value != "nobody":
            # What nobody understands must not open a door.
            put(self.tree, way, self._who(value, str(way[1]), self.tries[wrong.way]) or "nobody")
            self.say(f"{said(way)}: wrote `{at(self.tree, way)}` for `{value[:60]}`")
            return True
        return self._out(way, wrong.message)

    def _seed(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        way = wrong.way
        if len(way) == 2 and way[1] not in self._entities:
            meant = near(str(way[1]), self._entities)
            if meant and rename_key(self.tree, way, meant):
                self.say(f"{said(way)}: wrote `{meant}`")
                return True
        row = at(self.tree, way[:3])
        if len(way) >= 3 and isinstance(row, str) and meaning is not None and self.tries[way] < 3:
            fit = fitting_row(meaning, str(way[1]), row)
            if fit and fit != row:
                put(self.tree, way[:3], fit)
                self.say(f"{said(way)}: wrote `{fit[:60]}` for `{row[:60]}`")
                return True
        return self._out(way[:3], wrong.message)

    def _automations(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        way = wrong.way
        if len(way) == 2 and self._hint_in_key(wrong, way):
            return True
        return self._hint(wrong) or self._out(way[:3], wrong.message)
