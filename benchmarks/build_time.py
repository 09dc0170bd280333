"""How long a person waits: from a prompt to a checked app, split by stage, as `build` does it for people.

    .venv/bin/python benchmarks/build_time.py                      the tiers that are here, 12 prompts each
    .venv/bin/python benchmarks/build_time.py small qwen-1.5b      these endpoints, on the same prompts
    .venv/bin/python benchmarks/build_time.py small --prompts 30 --samples 4
    .venv/bin/python benchmarks/build_time.py small --no-grammar --no-repair

Prompts are drawn from the suite `heldout`, the same for all endpoints, in turn. One app is built at a time, in a warm process: the
model is loaded and what all prompts begin with is read. Figures are medians and 95th percentiles, seconds. `prompt` is until the first
piece of the answer, `section` until the first section that can be shown, both from the start; `writing` is the answer that was taken,
`judging` its check, `repair` the one turn in which the model mends. The bars: 4 s at the median for small, 8 s for standard, 1.5 s to the
first section.
"""

import argparse
import asyncio
import os
import statistics
from collections import defaultdict
from dataclasses import replace

from espalier.check.bounded import Pool
from espalier.config import load
from espalier.evals.asking import warm
from espalier.evals.run import limited, opened
from espalier.evals.suites import load as load_suite
from espalier.model.build import How, build
from espalier.model.errors import ModelError

STAGES = ("prompt", "section", "writing", "judging", "repair", "total")
BARS = {"small": {"total": 4.0, "section": 1.5}, "standard": {"total": 8.0, "section": 1.5}}
USUAL = ("small", "standard")


def main() -> None:
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("endpoints", nargs="*", help="whom to ask; the tiers that are here when none is given")
    given.add_argument("--prompts", type=int, default=12)
    given.add_argument("--seed", type=int, default=0)
    given.add_argument("--samples", type=int)
    for name in ("grammar", "repair", "mend"):
        given.add_argument(f"--no-{name}", action="store_true")
    said = given.parse_args()
    how = How(grammar=not said.no_grammar, repair=not said.no_repair, mend=not said.no_mend, seed=said.seed)
    how = replace(how, samples=said.samples) if said.samples else how
    asyncio.run(measure(said.endpoints, how, said.prompts, said.seed))


async def measure(names: list[str], how: How, count: int, seed: int) -> None:
    settings = load()
    prompts = [case.prompt for case in limited(load_suite("heldout"), count, seed).cases]
    endpoints = {}
    for name in names or USUAL:
        try:
            endpoints[name] = opened(name, settings)
        except ModelError as error:
            print(f"{name}: left out. {error}")
    taken: dict[str, list[dict[str, float]]] = defaultdict(list)
    tokens: dict[str, list[int]] = defaultdict(list)
    scores: dict[str, list[float]] = defaultdict(list)
    loads = []
    with Pool(1) as pool:
        for endpoint in endpoints.values():
            await warm(endpoint, how, pool)
        for at, prompt in enumerate(prompts):
            for turn in range(len(endpoints)):  # who is first changes, so that other work falls on all alike
                name = list(endpoints)[(at + turn) % len(endpoints)]
                loads.append(os.getloadavg()[0])
                built = await build(endpoints[name], prompt, how, pool=pool)
                taken[name].append(built.seconds)
                tokens[name].append(built.tokens_out)
                scores[name].append(built.score)
    for endpoint in endpoints.values():
        await endpoint.close()
    show(taken, tokens, scores)
    if loads:
        print(
            f"\n{len(prompts)} prompts; jobs that wanted one of {os.cpu_count()} cores: {statistics.median(loads):.1f} at the median"
        )


def show(
    taken: dict[str, list[dict[str, float]]], tokens: dict[str, list[int]], scores: dict[str, list[float]]
) -> None:
    print(f"{'':18}" + "".join(f"{stage:>16}" for stage in STAGES) + f"{'tokens':>9}{'score':>8}")
    print(f"{'':18}" + f"{'median':>9}{'95th':>7}" * len(STAGES))
    for name, builds in taken.items():
        row = f"{name[:18]:18}"
        for stage in STAGES:
            values = [seconds.get(stage, 0.0) for seconds in builds]
            row += f"{statistics.median(values):>8.2f} {late(values):>7.2f}"
        print(row + f"{statistics.median(tokens[name]):>9.0f}{statistics.fmean(scores[name]):>8.2f}")
        for stage, bar in BARS.get(name, {}).items():
            value = statistics.median(seconds.get(stage, 0.0) for seconds in builds)
            print(f"{'':18}{stage}: {value:.2f} s, bar {bar:g} s: {'met' if value <= bar else 'NOT MET'}")


def late(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


if __name__ == "__main__":
    main()
