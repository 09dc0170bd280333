"""A text that is being written, without what a small model that lost its way says over and over.

Looks at the printer's layout only: a field, a block of a page and a row of the seed each begin behind four spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ITEM = re.compile(r"(?m)^    (?=- |\w+: )")
HEADER = re.compile(r"(?m)^ {0,3}\S")
BEGINNING = re.compile(r" *-?")  # of a line, of which it is not known yet what it will be


class Said:
    """A text that grows, and the listener to it, who does not hear what is taken back.

    A field, block or row that is the very one before it once more is taken back, and `again` is true from then on: the text is at
    the end of the first. An item that may still become that is not told on yet.
    """

    def __init__(self, begun: str, heard: Callable[[str], None]) -> None:
        self.text, self.again = begun, False
        self._heard, self._told = heard, len(begun)

    def hear(self, piece: str) -> None:
        self.text += piece
        self._look(self.text)

    def done(self) -> None:
        """Nothing more is written."""
        if not self.again:
            self._look(self.text + "\n.")
        self._tell(len(self.text))

    def _look(self, text: str) -> None:
        same, sure = said_again(text)
        if same:
            self.text, self.again = text[:sure], True
        self._tell(min(sure, len(self.text)))

    def _tell(self, end: int) -> None:
        new = self.text[self._told : end]
        if new:
            self._told = end
            self._heard(new)


def said_again(text: str) -> tuple[bool, int]:
    """Whether the text says its last item twice, and up to where it is sure: no more can be taken back from what stands before."""
    items = [match.start() for match in ITEM.finditer(text)]
    line = text.rfind("\n") + 1
    for before, last in ((-3, -2), (-2, -1)):
        if len(items) >= -before:
            item, rest = text[items[before] : items[last]], text[items[last] :]
            if HEADER.search(item):
                continue
            if rest.startswith(item) and (after := rest[len(item) :].lstrip("\n")).strip(" "):
                if len(after) - len(after.lstrip(" ")) <= 4:
                    return True, items[last] - 1
            elif last == -1 and (item.startswith(rest) or rest.startswith(item)):
                return False, items[last] - 1
    if BEGINNING.fullmatch(text, line):
        return False, max(line - 1, 0)
    if items and items[-1] < line and text[items[-1] : line].startswith(text[line:]):
        return False, line - 1
    return False, len(text)
