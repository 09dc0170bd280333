"""Who may ask when: a worker answers a few at once, within the room that they share.

Each slot remembers what it read last, so a question goes to the free slot that knows most of it; when none does, to the one that
rested longest. A slot's memory is of one adapter: another's would be wrong, so it does not count.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass

from rapidfuzz.distance import Prefix

ALIKE = 0.5  # share of a text that a slot must know to be chosen for it


@dataclass
class Slot:
    """A place to answer in. text: what it read and wrote last; need: tokens that its answer may take, 0 when it is free."""

    number: int
    adapter: str = ""
    text: str = ""
    need: int = 0
    used: int = 0


class Slots:
    """The slots of one worker. In the order of asking: nobody is overtaken by a smaller question."""

    def __init__(self, count: int, room: int) -> None:
        self._slots = [Slot(at) for at in range(count)]
        self._room = room
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._clock = itertools.count(1)

    @property
    def busy(self) -> int:
        """Answers under way."""
        return sum(slot.need > 0 for slot in self._slots)

    async def acquire(self, adapter: str, text: str, need: int) -> Slot:
        """A slot for a text, once there is one, and room for `need` tokens. Give it back with `release`."""
        need = max(1, min(need, self._room))
        async with self._turn:
            while not self._fits(need):
                self._changed.clear()
                await self._changed.wait()
            slot = self._choose(adapter, text)
            slot.adapter, slot.text, slot.need, slot.used = adapter, text, need, next(self._clock)
            return slot

    def release(self, slot: Slot, text: str) -> None:
        """It is free again. text: what it read and wrote."""
        slot.text, slot.need = text, 0
        self._changed.set()

    def _fits(self, need: int) -> bool:
        taken = sum(slot.need for slot in self._slots)
        return self.busy < len(self._slots) and taken + need <= self._room

    def _choose(self, adapter: str, text: str) -> Slot:
        free = [slot for slot in self._slots if not slot.need]
        known = {slot.number: Prefix.similarity(slot.text, text) if slot.adapter == adapter else 0 for slot in free}
        best = max(free, key=lambda slot: known[slot.number])
        if known[best.number] >= ALIKE * len(text):
            return best
        return min(free, key=lambda slot: slot.used)
