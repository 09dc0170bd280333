"""A piece of a text that says something about a person, or opens a door: where it stands and of which kind it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["URL", "KEY", "PASSWORD", "EMAIL", "IBAN", "CARD", "ID", "IP", "PHONE", "NAME"]
KINDS: tuple[Kind, ...] = get_args(Kind)  # where two overlap, the earlier of these counts


@dataclass(frozen=True, order=True)
class Found:
    """From `start` to before `end` stands something of a kind. URL: an address that holds a secret; ID: a person's number with an office."""

    start: int
    end: int
    kind: Kind

    def of(self, text: str) -> str:
        """The words themselves."""
        return text[self.start : self.end]


def same(kind: Kind, value: str) -> str:
    """What is equal for two ways to write one thing: `DE89 3704` and `de893704`, `+1 (212) 555` and `+1212555`."""
    if kind in ("PHONE", "IBAN", "CARD", "ID"):
        return re.sub(r"[^0-9a-z+]", "", value.casefold())
    return value if kind in ("KEY", "PASSWORD", "URL") else " ".join(value.casefold().split())
