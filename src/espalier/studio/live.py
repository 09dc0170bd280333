"""A build as those who watch it see it: what is written so far, which sections can be shown, and a bell for each change.

Kept in memory while a build is at work; a build that rests is read from its rows. Used on the server's event loop alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Live:
    """The state of a build at work. texts: what each answer of this candidate says so far, by its number.

    section: rises with each part that can be shown; partial: the blueprint of those parts. run: how often the build was begun, so
    that a watcher who comes back after a restart knows that the text is another.
    """

    build: str
    candidate: int
    run: int
    state: str = "queued"
    stage: str = ""
    texts: dict[int, str] = field(default_factory=dict)
    section: int = 0
    partial: str = ""
    report: dict[str, Any] | None = None
    reports: int = 0
    over: bool = False
    _bells: set[asyncio.Event] = field(default_factory=set)

    def heard(self, number: int, piece: str) -> None:
        """A piece of an answer came."""
        self.texts[number] = self.texts.get(number, "") + piece
        self.ring()

    def say(self, state: str, stage: str = "") -> None:
        """The build does something else now."""
        if (state, stage) != (self.state, self.stage):
            self.state, self.stage = state, stage
            self.ring()

    def ring(self) -> None:
        """Wake everybody who watches."""
        for bell in self._bells:
            bell.set()

    async def change(self, seconds: float) -> None:
        """Wait for the next change, so long at most."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            pass
        finally:
            self._bells.discard(bell)
