"""One fault mended: by the name that is near, by the type that was meant, by declaring what is missing, or by leaving it out.

Each place is corrected once or twice; what is wrong again after that is left out, so that mending comes to an end.
"""

from __future__ import annotations

from ..blocks import KINDS
from ..meaning import Meaning
from ..normalise import TOP
from .faults import Wrong
from .near import near
from .of_data import OfData
from .of_head import OfHead
from .of_pages import OfPages
from .of_rest import OfRest
from .ways import Way, at, leave_out, put, rename_key, said

# Kinds of block that are options of other kinds as well.
OPTION_KINDS = ("button", "text", "image", "steps")


class Repair(OfHead, OfData, OfPages, OfRest):
    """Mends a tree in place."""

    def fix(self, wrong: Wrong, meaning: Meaning | None) -> bool:
        """Mend a fault; False when nothing could be done about it here."""
        self.tries[wrong.way] += 1
        part = wrong.way[0] if wrong.way else ""
        if wrong.kind == "extra_forbidden":
            return self._unknown_key(wrong)
        mender = {
            "app": self._app, "about": self._about, "theme": self._theme, "roles": self._roles, "signup": self._signup,
            "data": self._data, "access": self._access, "pages": self._pages, "seed": self._seed,
            "automations": self._automations,
        }.get(part)  # fmt: skip
        return mender(wrong, meaning) if mender else False

    def give_up(self, way: Way) -> None:
        """Nothing was changed: leave out what holds the fault, however much it is."""
        for length in range(len(way), 0, -1):
            if leave_out(self.tree, way[:length]):
                self.say(f"left out {said(way[:length])}")
                return

    def prune(self) -> None:
        """Take away what holds nothing any more."""
        data, pages = self.tree.get("data"), self.tree.get("pages")
        for entity in list(data.values()) if isinstance(data, dict) else ():
            for name in ("unique", "rules", "actions"):
                if isinstance(entity, dict) and not entity.get(name, True):
                    del entity[name]
        if isinstance(pages, dict):
            for key in [key for key, blocks in pages.items() if not blocks]:
                del pages[key]
        for name in ("data", "access", "seed", "automations"):
            group = self.tree.get(name)
            if isinstance(group, dict):
                for key in [key for key, value in group.items() if value in ({}, [], "", None)]:
                    del group[key]
        for key in [key for key, value in self.tree.items() if value in ({}, [], "", None)]:
            del self.tree[key]

    def _unknown_key(self, wrong: Wrong) -> bool:
        block = at(self.tree, wrong.way[:-1])
        kind = near(str(wrong.way[-1]), KINDS)
        in_block = len(wrong.way) == 4 and isinstance(block, dict) and next(iter(block)) in OPTION_KINDS
        if in_block and kind and kind not in block:
            # What was read as the kind (`button`) is an option of the one that is misspelled here.
            put(self.tree, wrong.way[:-1], {kind: block.pop(wrong.way[-1]), **block})
            self.say(f"{said(wrong.way)}: read as the block `{kind}`")
            return True
        known = TOP if len(wrong.way) == 1 else wrong.known
        meant = near(str(wrong.way[-1]), known, 70)
        if meant and meant not in KINDS and rename_key(self.tree, wrong.way, meant):
            self.say(f"{said(wrong.way)}: wrote `{meant}`")
            return True
        return self._out(wrong.way, "it is not known here")
