"""The list of checks. A check is one small function in a file of its own name, in the folder of its group:

    @check("static", weight=2)
    def unreachable_pages(subject: Subject) -> Iterator[Finding]:
        \"\"\"Every page can be opened by somebody.\"\"\"

It yields a finding for everything it looks at, met or not; one that yields nothing was not applicable. The first line of its
docstring is what a report calls it. Adding a check is adding a file; running them is judge.py's.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .report import GROUPS, Finding, Result, wrong

if TYPE_CHECKING:
    from .subject import Subject

Function = Callable[["Subject"], Iterator[Finding]]
CHECKS: dict[str, Check] = {}


@dataclass(frozen=True)
class Check:
    """A named function with a weight. See `Result.of` for strict, report.py for gate."""

    name: str
    group: str
    says: str
    function: Function
    weight: float
    gate: bool
    strict: bool
    order: int

    def run(self, subject: Subject) -> Result:
        """What it finds in this app. One that stumbles has no share, whatever it found before, so that there is nothing to be won
        by making it stumble; only the end of time or memory is raised."""
        from .subject import OutOfTime

        subject.doing = self.name
        start = time.perf_counter()
        findings: list[Finding] = []
        strict = self.strict
        try:
            with subject.untouched():
                findings.extend(self.function(subject))
        except (OutOfTime, MemoryError):
            raise
        except Exception as error:
            subject.in_time()  # a statement that the end of time cut short is no fault of the app
            findings = [wrong(self.name, f"the check stumbled: {type(error).__name__}: {str(error)[:300]}")]
            strict = False
        seconds = time.perf_counter() - start
        return Result.of(
            self.name,
            self.group,
            self.says,
            findings,
            weight=self.weight,
            gate=self.gate,
            strict=strict,
            seconds=seconds,
        )


def check(
    group: str, *, weight: float = 1, gate: bool = False, strict: bool = False, order: int = 0
) -> Callable[[Function], Function]:
    """Put a function on the list. order: those with a lower one are run first within their group."""

    def put(function: Function) -> Function:
        if group not in GROUPS:
            raise ValueError(f"{group!r} is not a group: {GROUPS}")
        name = function.__name__
        if name in CHECKS:
            raise ValueError(f"there are two checks named {name}")
        says = (function.__doc__ or "").strip().partition("\n")[0]
        CHECKS[name] = Check(name, group, says, function, weight, gate, strict, order)
        return function

    return put


@cache
def checks(group: str) -> tuple[Check, ...]:
    """The checks of a group, in the order in which they run."""
    package = importlib.import_module(f"{__package__}.{group}")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    found = [one for one in CHECKS.values() if one.group == group]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))
