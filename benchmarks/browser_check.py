"""What looking at an app in a browser costs: every app of the gallery, in one process with one Chromium that has met them.

    .venv/bin/python benchmarks/browser_check.py            the gallery (a minute)
    .venv/bin/python benchmarks/browser_check.py forum      one app only

Prints for each app the pages that were opened, seconds by the clock, and seconds of processor time of this process, Chromium
and Playwright together (on Linux; what a busy machine changes least); then where the time goes, by the step. The bar: 2 s an
app by the clock, on two cores.
"""

import asyncio
import os
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from espalier.blueprint import read
from espalier.check.browser import opening
from espalier.check.checks import checks
from espalier.check.subject import Subject

GALLERY = sorted((Path(__file__).parents[1] / "apps").glob("*.yaml"))
BAR = 2.0  # s
STEPS = ("_capture", "_resize", "press_tab", "play", "_try", "_look")


def main(names: list[str]) -> None:
    chosen = [path for path in GALLERY if not names or path.stem in names]
    steps: dict[str, float] = defaultdict(float)
    for path in chosen[:2]:
        one(path)  # the browser, its caches, templates
    for name in STEPS:
        setattr(opening, name, timed(getattr(opening, name), steps, name.strip("_")))
    clocks, processors, pages, failed = [], [], 0, []
    print(f"{'app':12} {'pages':>6} {'clock':>7} {'processor':>10}   s")
    for path in chosen:
        busy = processor()
        start = time.perf_counter()
        opened, results = one(path)
        clocks.append(time.perf_counter() - start)
        processors.append(processor() - busy)
        pages += opened
        print(f"{path.stem:12} {opened:6} {clocks[-1]:7.2f} {processors[-1]:10.2f}")
        failed += [f"{path.stem}: {result.name}: {finding}" for result in results for finding in result.findings]
    print(f"{'mean':12} {pages / len(chosen):6.1f} {statistics.mean(clocks):7.2f} {statistics.mean(processors):10.2f}")
    print(f"\nby step, s a page ({opening.AT_ONCE} pages at once)")
    for name, seconds in sorted(steps.items(), key=lambda item: -item[1]):
        print(f"{name:12} {seconds / pages:7.3f}")
    print(
        f"\n{'within' if statistics.mean(clocks) <= BAR else 'above'} the bar of {BAR:g} s; load {os.getloadavg()[0]:.1f}"
    )
    print("\n".join(failed) or "nothing was found amiss")


def one(path: Path) -> tuple[int, list[Any]]:
    subject = Subject(read(path.read_text()), seconds=120)
    try:
        subject.cast  # noqa: B018  the app is started for the checks before these
        results = [check.run(subject) for check in checks("browser")]
        return len(opening.open_all(subject)), results
    finally:
        subject.close()


def timed(function: Any, steps: dict[str, float], name: str) -> Any:
    async def around(*given: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return await function(*given, **named)
        finally:
            steps[name] += time.perf_counter() - start

    assert asyncio.iscoroutinefunction(function)
    return around


def processor() -> float:
    """Seconds of processor time of this process and all that it started; 0 where the system does not tell."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    spent: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = place.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(place.parent.name)] = int(said[1])
        spent[int(place.parent.name)] = sum(map(int, said[11:15]))

    def ours(process: int) -> bool:
        while process in parents:
            if process == os.getpid():
                return True
            process = parents[process]
        return False

    return sum(ticks for process, ticks in spent.items() if ours(process)) / tick


if __name__ == "__main__":
    main(sys.argv[1:])
