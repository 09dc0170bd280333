"""A run: suites against endpoints, the same questions for all, so that what differs is the endpoints.

Every question is asked of all endpoints before the next, each time beginning with another, so that what else the machine does meanwhile
falls on all alike. One answer is made at a time, and none while one is judged: seconds are those of a machine that does nothing else
for us. What is kept on the way is folder.py's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, replace
from pathlib import Path

from espalier.check.bounded import Pool
from espalier.config import Settings
from espalier.model.build import How
from espalier.model.endpoint import Endpoint
from espalier.model.endpoints import open_endpoint
from espalier.model.errors import EndpointDown

from .asking import ask, effect_of, judged, warm
from .folder import Folder, Plan
from .outcome import Outcome
from .replay import Replay
from .suites import Case, Suite

IN_A_ROW = 3
Tell = Callable[[Outcome, int, int], None]  # what came, how many are done of how many


def opened(name: str, settings: Settings) -> Endpoint:
    """An endpoint by its name; `replay:FILE` gives recorded answers. Raises ModelError."""
    if name.startswith("replay:"):
        return Replay(Path(name.removeprefix("replay:")))
    return open_endpoint(name, settings)


def plan_of(suites: Sequence[Suite], how: How, limit: int, seed: int) -> Plan:
    return Plan({suite.source: suite.digest for suite in suites}, asdict(how), limit, seed)


def limited(suite: Suite, limit: int, seed: int) -> Suite:
    """A suite with no more than so many of its cases, drawn by the seed, in their order."""
    if not limit or limit >= len(suite.cases):
        return suite
    drawn = set(random.Random(seed).sample(range(len(suite.cases)), limit))  # noqa: S311
    return replace(suite, cases=tuple(case for at, case in enumerate(suite.cases) if at in drawn))


async def run(
    folder: Folder, suites: Sequence[Suite], endpoints: Sequence[str], how: How, settings: Settings, tell: Tell
) -> None:
    """Ask what has no answer yet. Raises ModelError when an endpoint cannot go on: it is not there, or leaves IN_A_ROW questions without
    an answer one after the other. What was answered by then is kept."""
    kept = {name: folder.kept(name, suites).values() for name in endpoints}
    done = {name: {one.key for one in outcomes if not one.error} for name, outcomes in kept.items()}
    total = len(endpoints) * sum(len(suite.cases) for suite in suites)
    count = sum(map(len, done.values()))
    left = [
        (suite, case, name)
        for suite, case, name in questions(suites, endpoints)
        if (suite.name, case.id) not in done[name]
    ]
    if not left:
        return
    async with AsyncExitStack() as stack:
        pool = stack.enter_context(Pool(1))
        open_: dict[str, Endpoint] = {}
        for name in dict.fromkeys(name for _, _, name in left):
            open_[name] = opened(name, settings)
            stack.push_async_callback(open_[name].close)
        for name, endpoint in open_.items():
            if not name.startswith("replay:"):
                await warm(endpoint, how, pool)
        silent: dict[str, int] = dict.fromkeys(open_, 0)
        for suite, case, name in left:
            outcome = await ask(open_[name], name, suite.name, case, how, pool)
            folder.keep(outcome)
            count += 1
            tell(outcome, count, total)
            silent[name] = silent[name] + 1 if outcome.error else 0
            if silent[name] >= IN_A_ROW:
                raise EndpointDown(f"{name} left {IN_A_ROW} questions in a row without an answer: {outcome.error}")


def questions(suites: Sequence[Suite], endpoints: Sequence[str]) -> Iterator[tuple[Suite, Case, str]]:
    """Everything to ask, in its order: each case of all endpoints, who is first changes from case to case."""
    for suite in suites:
        for at, case in enumerate(suite.cases):
            for turn in range(len(endpoints)):
                yield suite, case, endpoints[(at + turn) % len(endpoints)]


async def judge_again(folder: Folder, suites: Sequence[Suite], endpoints: Sequence[str], tell: Tell) -> None:
    """Judge what was answered once more, by the checks and the suites of today."""
    cases: Mapping[tuple[str, str], Case] = {(suite.name, case.id): case for suite in suites for case in suite.cases}
    kept = {name: folder.kept(name, suites) for name in endpoints}
    total, count = sum(map(len, kept.values())), 0
    with Pool(1) as pool:
        for name, outcomes in kept.items():
            again: list[Outcome] = []
            for key, outcome in outcomes.items():
                if not outcome.error:
                    case = cases[key]
                    outcome = effect_of(outcome, case) if case.is_edit else await judged(outcome, case, pool)
                again.append(outcome)
                count += 1
                tell(outcome, count, total)
            folder.replace(name, again)
