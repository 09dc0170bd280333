"""Asking one endpoint one question of a suite, and judging the answer: an Outcome comes out, whatever happens.

The answer is made as for a person, by model/build.py, which may judge tries by what the prompt says; the suite's rubric is never shown
to it. It is judged here afterwards, while nothing is being written, so that no clock runs meanwhile.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import replace
from typing import Any

from espalier.blueprint import BlueprintError, read
from espalier.check.bounded import Case as Judged
from espalier.check.bounded import Pool
from espalier.check.report import Report
from espalier.check.requirements import Rubric
from espalier.model.build import Built, Edited, How, build, edit
from espalier.model.endpoint import Endpoint
from espalier.model.errors import EndpointDown, PromptTooLong, Refused

from .outcome import Fault, Outcome
from .suites import Case

MOST_FAULTS = 30
WARMING = "A page with the opening hours of our library and a form for questions"


async def ask(endpoint: Endpoint, name: str, suite: str, case: Case, how: How, pool: Pool) -> Outcome:
    """What came of it. name: of the endpoint in this run. What is refused, does not fit, or is not answered in time is an outcome without
    an answer. Raises other ModelErrors: there is no such model, or its file is damaged."""
    blank = Outcome(
        suite, case.id, name, weights=_weights(case), met=(False,) * len(_weights(case)), load=os.getloadavg()[0]
    )
    if case.is_edit:
        blank = replace(blank, done=False, clean=False)
    try:
        if case.is_edit:
            return _edited(blank, case, await edit(endpoint, case.blueprint, case.request, how, case.prompt, pool=pool))
        built = await build(endpoint, case.prompt, how, pool=pool)
    except (Refused, PromptTooLong, EndpointDown) as error:
        return replace(blank, error=str(error))
    outcome = replace(blank, text=built.text, **_taken(built))
    return await judged(outcome, case, pool)


async def warm(endpoint: Endpoint, how: How, pool: Pool) -> None:
    """Ask once for nothing, so that the first question that counts does not wait for a model to load or a card to be read. Whether it
    answers is seen with the questions that count."""
    with suppress(EndpointDown):
        await build(endpoint, WARMING, replace(how, samples=1, repair=False), pool=pool)


async def judged(outcome: Outcome, case: Case, pool: Pool) -> Outcome:
    """An outcome of an app with the judgement of its text by the suite's rubric."""
    assert case.rubric is not None
    report = await asyncio.wrap_future(pool.submit(Judged(outcome.text, case.prompt, case.rubric)))
    faults = [
        Fault(one.name, one.says, str(one.findings[0]) if one.findings else "") for one in report.failed[:MOST_FAULTS]
    ]
    problems = (*report.problems, *([report.unfinished] if report.unfinished else []))
    return replace(
        outcome,
        problems=problems,
        score=round(report.score, 4),
        works=round(report.works, 4),
        met=_met(report, case.rubric),
        weights=_weights(case),
        faults=tuple(faults),
    )


def _met(report: Report, rubric: Rubric) -> tuple[bool, ...]:
    """Whether each requirement is met; what was not looked at is not."""
    passed = {result.name for result in report.results if result.group == "asked" and result.state == "passed"}
    names = [f"{one.kind}_{at}" for at, one in enumerate(rubric.requirements, 1)]
    return tuple(name in passed and not report.problems for name in names)


def _weights(case: Case) -> tuple[float, ...]:
    return tuple(one.weight for one in case.rubric.requirements) if case.rubric else ()


def _edited(blank: Outcome, case: Case, edited: Edited) -> Outcome:
    """An outcome of an edit: what it did is seen in the blueprint, nothing has to run for that."""
    problems = edited.report.problems if edited.report and not edited.text else ()
    outcome = replace(blank, text=edited.patch, after=edited.text, problems=problems, **_taken(edited))
    return effect_of(outcome, case)


def effect_of(outcome: Outcome, case: Case) -> Outcome:
    """An outcome of an edit with what it did."""
    assert case.wishes is not None
    if not outcome.after:
        return replace(
            outcome, problems=outcome.problems or ("the patch cannot be read or applied",), done=False, clean=False
        )
    try:
        after = read(outcome.after)
    except BlueprintError as error:
        return replace(outcome, problems=tuple(str(problem) for problem in error.problems[:5]), done=False, clean=False)
    effect = case.wishes.effect(read(case.blueprint), after)
    return replace(
        outcome,
        problems=(),
        done=effect.done,
        clean=effect.clean,
        undone=effect.undone,
        strayed=effect.strayed[:MOST_FAULTS],
    )


def _taken(made: Built | Edited) -> dict[str, Any]:
    """What it took to make it. The clock says nothing of recorded answers."""
    timed = {} if made.model.startswith("replay:") else made.seconds
    return {
        "seconds": {stage: round(seconds, 4) for stage, seconds in timed.items()},
        "tokens_in": made.tokens_in,
        "tokens_out": made.tokens_out,
        "model": made.model,
        "adapter": made.adapter,
        "notes": tuple(made.notes),
        "tries": len(made.tries),
    }
