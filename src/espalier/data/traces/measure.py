"""How well redaction and the ear for frustration do on texts that were labelled by hand: labelled.jsonl and heard.jsonl.

A line of labelled.jsonl is a text as somebody types it into an app builder, with what is personal marked: `mail ‹EMAIL:ada@lovelace.org›`.
ALONE marks a given name alone, which is not redacted on purpose and counted apart. The rules were made better by looking at the lines
of the part `tuned` only; what is told of `measured` is what to expect of texts that nobody has looked at. A title (`Mrs`) may stay.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .frustration import frustrated
from .personal import KINDS, Found, find
from .personal.names import TITLES

LABELLED = Path(__file__).parent / "labelled.jsonl"
HEARD = Path(__file__).parent / "heard.jsonl"
MARK = re.compile(r"‹([A-Z]+):([^›]*)›")
ALONE = "ALONE"


@dataclass(frozen=True)
class Labelled:
    """A text and what in it is personal: start, end, kind."""

    text: str
    language: str
    part: str
    holds: tuple[tuple[int, int, str], ...]


@dataclass
class Tally:
    """Of a kind: how many are there, how many of them were found, how many findings were none. A finding of another kind that covers it
    counts as found: it is gone from the text, which is what matters."""

    there: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    right: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        said = self.right + len(self.wrong)
        return self.right / said if said else 1.0


def labelled(file: Path = LABELLED) -> list[Labelled]:
    """The labelled texts."""
    return [_read(json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def _read(said: dict[str, str]) -> Labelled:
    text, holds, end = "", [], 0
    for match in MARK.finditer(said["marked"]):
        text += said["marked"][end : match.start()]
        holds.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        end = match.end()
    return Labelled(text + said["marked"][end:], said["language"], said["part"], tuple(holds))


def measure(texts: Iterable[Labelled]) -> dict[str, Tally]:
    """Tallies by kind."""
    tallies: dict[str, Tally] = defaultdict(Tally, {kind: Tally() for kind in (*KINDS, ALONE)})
    for one in texts:
        found = find(one.text)
        for start, end, kind in one.holds:
            tally = tallies[kind]
            tally.there += 1
            if _gone(one, start, end, found):
                tally.found += 1
            else:
                tally.missed.append(f"{one.text[start:end]!r} in {one.text[:80]!r}")
        for other in found:
            tally = tallies[other.kind]
            if any(start < other.end and other.start < end for start, end, _ in one.holds):
                tally.right += 1
            else:
                tally.wrong.append(f"{other.of(one.text)!r} in {one.text[:80]!r}")
    return dict(tallies)


TITLE = re.compile(rf"{TITLES} ")


def _gone(one: Labelled, start: int, end: int, found: tuple[Found, ...]) -> bool:
    """Is nothing of it left but a title?"""
    left = "".join(
        sign for at, sign in enumerate(one.text[start:end], start) if not any(other.start <= at < other.end for other in found)
    )  # fmt: skip
    return not re.sub(r"[\W_]", "", TITLE.sub("", left + " "))


def heard(part: str = "", file: Path = HEARD) -> Tally:
    """How the ear for frustration does on labelled messages of a part, or on all."""
    tally = Tally()
    for line in file.read_text("utf-8").splitlines():
        said = json.loads(line)
        if part and said["part"] != part:
            continue
        found = frustrated(said["text"])
        if said["frustrated"]:
            tally.there += 1
            tally.found += found
            tally.right += found
            tally.missed += [] if found else [said["text"]]
        elif found:
            tally.wrong.append(said["text"])
    return tally
