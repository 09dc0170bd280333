"""Does a check notice that an app was broken? Reports of the whole and of the broken app, compared by check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

from espalier.blueprint import read
from espalier.blueprint.schema import Blueprint
from espalier.check.judge import judge
from espalier.check.report import Report
from espalier.check.requirements import Rubric, facts

from .mutations import Mutant, mutants


@cache
def whole(app: Path) -> tuple[Blueprint, Rubric]:
    """An app of the gallery, and everything it fulfils as a rubric."""
    blueprint = read(app.read_text())
    return blueprint, Rubric(requirements=facts(blueprint), source="built")


def shares(report: Report) -> dict[str, float]:
    """The sum of what each name lost: several requirements have one name."""
    lost: dict[str, float] = {}
    for result in report.results:
        if result.share is not None:
            name = re.sub(r"_\d+$", "", result.name)
            lost[name] = lost.get(name, 0) + 1 - result.share
    return lost


def noticed(before: Report, after: Report) -> set[str]:
    """The names of the checks that found more wrong than before."""
    if after.problems or after.unfinished:
        return {"starts"}
    was, now = shares(before), shares(after)
    return {name for name, lost in now.items() if lost > was.get(name, 0) + 1e-9}


def rightly(mutant: Mutant, names: set[str]) -> bool:
    """Is one of those that must notice among them? An app that does not even start any more counts."""
    return bool(names & (mutant.mutation.notices | {"starts"}))


def tried(app: Path, most: int | None = None, thorough: bool = False) -> Iterator[tuple[Mutant, set[str], set[str]]]:
    """Each broken version of an app, with who notices against its rubric, and who without one."""
    blueprint, rubric = whole(app)
    before = judge(blueprint, rubric=rubric, thorough=thorough)
    alone = judge(blueprint, thorough=thorough)
    found = list(mutants(blueprint, Random(app.stem)))
    if most is not None and len(found) > most:
        found = Random(f"{app.stem} {most}").sample(found, most)
    for mutant in found:
        after = judge(mutant.blueprint, rubric=rubric, thorough=thorough)
        yield mutant, noticed(before, after), noticed(alone, judge(mutant.blueprint, thorough=thorough))
