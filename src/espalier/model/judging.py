"""What came of an answer: the check's report on it, in bounded time, and the findings worth telling a model."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from espalier.check.bounded import Case, Pool, shared_pool
from espalier.check.report import Report

if TYPE_CHECKING:
    from espalier.check.requirements import Rubric


class Judge:
    """Judges in the worker processes of a pool, which start while a model writes."""

    def __init__(self, pool: Pool | None = None) -> None:
        self._pool = pool or shared_pool()

    async def warm(self) -> None:
        """Start the workers, so that the first app does not wait for them."""
        if not self._pool.processes():
            await asyncio.wrap_future(await asyncio.to_thread(self._pool.submit, Case("")))

    async def report(self, blueprint: str, prompt: str = "", rubric: Rubric | None = None) -> Report:
        """The report on a blueprint. Without a rubric, what the prompt demands is drawn from it."""
        future = await asyncio.to_thread(self._pool.submit, Case(blueprint, prompt, rubric))
        return await asyncio.wrap_future(future)


def findings(report: Report) -> list[str]:
    """What is wrong, the worst first: `where: why (suggestion)`, one of each check before a second of any."""
    told = [*report.problems, *([report.unfinished] if report.unfinished else [])]
    failed = [result for result in report.results if result.state == "failed" and result.findings]
    failed.sort(key=lambda result: (not result.gate, -result.weight * (1 - (result.share or 0))))
    longest = max((len(result.findings) for result in failed), default=0)
    told += [str(result.findings[at]) for at in range(longest) for result in failed if at < len(result.findings)]
    return list(dict.fromkeys(told))
