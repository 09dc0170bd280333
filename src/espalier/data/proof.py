"""Whether a pair holds: its app has no fault, and does what its rubric says. Judged by the checks, once.

Verdicts are remembered by the text judged and the code that judges.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Self

from espalier.check.bounded import Case, Pool
from espalier.check.report import Report

from .memory import Memory

SECONDS = 120.0  # far more than any app takes, so that a busy machine does not change what a dataset holds
AT_ONCE = 200  # apps looked up and judged together
GATES = ("economy", "fullness", "own_subject", "stuffing")  # about a whole prompt; an edit has none


@dataclass(frozen=True)
class Claim:
    """What is to be proven. rubric: as JSON, empty for none; prompt: empty for an edit, whose request alone says little."""

    blueprint: str
    prompt: str = ""
    rubric: str = ""


@dataclass(frozen=True)
class Verdict:
    """faults: what is wrong, `check: finding`; none when it holds."""

    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


class Court:
    """Judges claims, in worker processes of its own that start with the first claim nobody has judged. To be used in a `with`."""

    def __init__(self, memory: Memory, workers: int = 1) -> None:
        self.workers = workers
        self.judged = 0
        self._pool: Pool | None = None
        self._memory = memory

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._pool:
            self._pool.close()

    def verdicts(self, claims: Iterable[Claim]) -> Iterator[Verdict]:
        """One verdict for each claim, in their order; claims are read a little ahead."""
        waiting = iter(claims)
        while batch := list(islice(waiting, AT_ONCE)):
            keys = [_key(claim) for claim in batch]
            known = {key: faults for key in keys if (faults := self._memory.get(key)) is not None}
            fresh = {key: claim for key, claim in zip(keys, batch, strict=True) if key not in known}
            for key, faults in zip(fresh, self._judge(fresh.values()), strict=True):
                known[key] = faults
            self._memory.put((key, known[key]) for key in fresh)
            yield from (Verdict(tuple(known[key])) for key in keys)

    def verdict(self, claim: Claim) -> Verdict:
        return next(self.verdicts([claim]))

    def _judge(self, claims: Iterable[Claim]) -> Iterator[list[str]]:
        cases = [
            Case(claim.blueprint, claim.prompt, json.loads(claim.rubric) if claim.rubric else None, seconds=SECONDS)
            for claim in claims
        ]
        if not cases:
            return
        self._pool = self._pool or Pool(self.workers)
        for case, report in zip(cases, self._pool.judge_all(cases), strict=True):
            self.judged += 1
            yield faults_of(report, whole=bool(case.prompt))


def faults_of(report: Report, *, whole: bool) -> list[str]:
    """What a report holds against an app. whole: with what it says of the prompt as a whole."""
    found = [*report.problems, *([report.unfinished] if report.unfinished else [])]
    for result in report.failed:
        if whole or result.name not in GATES:
            found.append(f"{result.name}: {result.findings[0]}" if result.findings else result.name)
    return found


def _key(claim: Claim) -> str:
    return hashlib.sha256(
        "\0".join((code_of_checks(), claim.blueprint, claim.prompt, claim.rubric)).encode()
    ).hexdigest()


@cache
def code_of_checks() -> str:
    """A hash of all code that a verdict depends on."""
    import espalier.check

    digest = hashlib.sha256()
    checks = Path(espalier.check.__path__[0])
    for folder in (checks, checks.parent / "runtime"):  # the files alone: this room uses nothing of the runtime
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".toml", ".txt", ".html") and "__pycache__" not in file.parts:
                digest.update(file.relative_to(folder).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
