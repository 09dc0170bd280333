"""What came of asking one endpoint one question of a suite: kept as a line of JSON, so that a run can be taken up again.

Only facts: the answer, what it took, what the judge found. What is counted from them is metrics.py's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Fault:
    """A check that the app failed: its name, what should hold, and the first thing that was found instead."""

    name: str
    says: str
    found: str = ""


@dataclass(frozen=True)
class Outcome:
    """One answer and its judgement.

    text: the blueprint, for an edit the patch; after: the blueprint after an edit. error: why there was no answer at all. problems: why the
    text cannot be read or started. met, weights: of each requirement of the suite's rubric. done, clean: of an edit, whether
    what was asked is there and nothing else was touched, with what is undone and what strayed. seconds: by stage of making it, `total`
    is what a person waits; judging for the evaluation is not in it. load: jobs that wanted a core when it was asked.
    """

    suite: str
    case: str
    endpoint: str
    text: str = ""
    after: str = ""
    error: str = ""
    problems: tuple[str, ...] = ()
    score: float = 0
    works: float = 0
    met: tuple[bool, ...] = ()
    weights: tuple[float, ...] = ()
    done: bool | None = None
    clean: bool | None = None
    undone: tuple[str, ...] = ()
    strayed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    tries: int = 1
    model: str = ""
    adapter: str = ""
    notes: tuple[str, ...] = ()
    load: float = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.suite, self.case

    @property
    def is_edit(self) -> bool:
        return self.done is not None

    @property
    def reads(self) -> bool:
        """Is there an answer that can be read, and for an edit applied?"""
        return not self.error and not self.problems

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, line: str) -> Self:
        """What `line` wrote. Raises ValueError when the line is none."""
        try:
            said: dict[str, Any] = json.loads(line)
            known = {one.name for one in fields(cls)}
            plain: dict[str, Any] = {name: _tuple(value) for name, value in said.items() if name in known}
            return cls(**{**plain, "faults": tuple(Fault(**one) for one in said.get("faults", ()))})
        except (TypeError, AttributeError) as error:
            raise ValueError(f"no outcome: {error}") from error


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def read(file: Path) -> Iterator[Outcome]:
    """The outcomes of a file. A last line that was broken off, when a run was killed, is passed over."""
    if not file.is_file():
        return
    *lines, rest = file.read_bytes().split(b"\n")  # not splitlines: texts may hold what it takes for the end of a line
    for at, line in enumerate([*lines, rest], 1):
        if not line.strip():
            continue
        try:
            yield Outcome.of(line.decode())
        except ValueError:
            if at <= len(lines):
                raise ValueError(f"{file}, line {at} is damaged; take the line out to have it asked again") from None


def append(file: Path, outcome: Outcome) -> None:
    """One more outcome, whole or not at all: what a killed run left of a line is put an end to first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as kept:
        if kept.tell():
            kept.seek(-1, 2)
            if kept.read(1) != b"\n":
                _cut(file)
        kept.write(outcome.line().encode() + b"\n")


def _cut(file: Path) -> None:
    whole = file.read_bytes()
    with file.open("r+b") as kept:
        kept.truncate(whole.rfind(b"\n") + 1)
