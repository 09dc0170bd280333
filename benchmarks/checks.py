"""What the checks of an app cost: over the gallery in one warm process, and over the corpus through the pool.

    .venv/bin/python benchmarks/checks.py              the gallery, by group and by check (20 s)
    .venv/bin/python benchmarks/checks.py forum        one app only
    .venv/bin/python benchmarks/checks.py --pool       apps a second, through two worker processes
    .venv/bin/python benchmarks/checks.py --processor  processor time, where other work shares the cores

Every app of the gallery is judged with its prompt: once, so that the process has met it, then RUNS times. An app's figure is
the median of its runs; `median` and `p95` are over the apps, in milliseconds. `start` is the app in memory, with its people;
`rest` is reading the blueprint and drawing a rubric from the prompt. A page is charged to the check that draws it first, as
checks share drawn pages. The bars: 60 ms for the median app on one core, 25 apps a second on two.
"""

import argparse
import json
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from espalier.check.judge import judge
from espalier.check.report import Report, Result

HOUSE = Path(__file__).parents[1]
GALLERY = sorted((HOUSE / "apps").glob("*.yaml"))
PROMPTS = HOUSE / "src/espalier/evals/suites/gallery.jsonl"
CORPUS = sorted((HOUSE / "corpus" / "seed").glob("pairs_*.jsonl"))
RUNS = 7
WORKERS = 2
BAR = 60.0  # ms
BAR_MANY = 25.0  # apps a second


def main() -> None:
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("apps", nargs="*", help="names of gallery apps; all when none is given")
    given.add_argument("--pool", action="store_true", help="the corpus through the pool")
    given.add_argument("--alone", action="store_true", help="without the prompts")
    given.add_argument("--processor", action="store_true", help="processor time: for a busy machine")
    asked = given.parse_args()
    if asked.processor:
        time.perf_counter = time.process_time
    if asked.pool:
        pool()
    else:
        gallery(asked.apps, with_prompts=not asked.alone)


def gallery(names: list[str], with_prompts: bool) -> None:
    prompts = {line["id"]: line["prompt"] for line in map(json.loads, PROMPTS.read_text().splitlines())}
    reports: dict[str, list[Report]] = {}
    for path in GALLERY:
        if names and path.stem not in names:
            continue
        text, prompt = path.read_text(), prompts.get(path.stem, "") if with_prompts else ""
        reports[path.stem] = [judge(text, prompt) for _ in range(RUNS + 1)][1:]
    print(
        f"{'app':12} {'score':>6} {'total':>7} {'rest':>7} {'start':>7} {'static':>7} {'use':>7} {'asked':>7} {'visits':>7}"
    )
    rows = {name: figures(runs) for name, runs in reports.items()}
    for name, row in rows.items():
        print(show(name, f"{reports[name][0].score:.3f}", row))
    columns = list(zip(*rows.values(), strict=True))
    print(show("median", "", [statistics.median(column) for column in columns]))
    print(show("p95", "", [late(column) for column in columns]))
    by_check(reports)
    median = statistics.median(columns[0])
    print(f"\nmedian app {median:.1f} ms, bar {BAR:g}: {'met' if median <= BAR else 'NOT MET'}")
    for name, runs in reports.items():
        for said in (*runs[0].problems, *([runs[0].unfinished] if runs[0].unfinished else [])):
            print(f"{name}: {said}")


def figures(runs: list[Report]) -> list[float]:
    """Milliseconds: total, the rest, starting, each group; then visits."""
    total = middle(report.seconds for report in runs)
    start = middle(report.notes.get("starting", 0) for report in runs)
    groups = [
        middle(sum(result.seconds for result in report.group(group)) for report in runs)
        for group in ("static", "use", "asked")
    ]
    return [total, total - start - sum(groups), start, *groups, runs[0].notes.get("visits", 0)]


def middle(seconds: Iterable[float]) -> float:
    return statistics.median(seconds) * 1000


def late(values: Iterable[float]) -> float:
    """The 95th percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]


def show(name: str, score: str, row: list[float]) -> str:
    return f"{name:12} {score:>6} " + " ".join(f"{value:7.1f}" for value in row[:-1]) + f" {row[-1]:7.0f}"


def by_check(reports: dict[str, list[Report]]) -> None:
    """Each check: its median and 95th percentile over the apps, the app that costs most, and what its share of all is."""
    costs: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    met: dict[tuple[str, str], list[float]] = defaultdict(list)
    for app, runs in reports.items():
        for result in runs[0].results:
            key = named(result)
            seconds = [sum(one.seconds for one in run.results if named(one) == key) for run in runs]
            costs[key][app] = middle(seconds)
            if result.share is not None:
                met[key].append(result.share)
    everything = sum(sum(of.values()) for of in costs.values()) or 1
    print(f"\n{'check':44} {'median':>7} {'p95':>7} {'most':>7} {'in':12} {'of all':>6} {'share':>6}")
    for (group, name), of in sorted(costs.items(), key=lambda one: -sum(one[1].values())):
        padded = [*of.values(), *([0.0] * (len(reports) - len(of)))]
        worst = max(of, key=lambda app: of[app])
        shares = met[group, name]
        print(
            f"{group + '/' + name:44} {statistics.median(padded):7.2f} {late(padded):7.2f} {of[worst]:7.2f} {worst:12} "
            f"{sum(of.values()) / everything:6.1%} {statistics.mean(shares) if shares else float('nan'):6.3f}"
        )


def named(result: Result) -> tuple[str, str]:
    """Group and name; requirements are one result each (`field_3`), of which those of a kind are one line."""
    return result.group, re.sub(r"_\d+$", " (requirements)", result.name)


def pool() -> None:
    from espalier.check.bounded import Case, Pool

    lines = [json.loads(line) for path in CORPUS for line in path.read_text().splitlines()]
    cases = [Case(line["blueprint"], line["prompt"]) for line in lines]
    with Pool(WORKERS) as workers:
        list(workers.judge_all(cases[:20]))
        start = time.perf_counter()
        reports = list(workers.judge_all(cases))
        seconds = time.perf_counter() - start
    times = [report.seconds * 1000 for report in reports]
    cut = sum(bool(report.unfinished or report.problems) for report in reports)
    print(
        f"{len(cases)} apps in {seconds:.1f} s with {WORKERS} workers: {len(cases) / seconds:.1f} a second, bar {BAR_MANY:g}"
    )
    print(f"each: median {statistics.median(times):.1f} ms, p95 {late(times):.1f} ms, most {max(times):.1f} ms")
    processor = [report.notes.get("processor", 0) for report in reports]
    print(
        f"processor time: median {statistics.median(processor) * 1000:.1f} ms, mean {statistics.mean(processor) * 1000:.1f} ms: "
        f"{WORKERS / statistics.mean(processor):.1f} a second on {WORKERS} cores of our own"
    )
    print(f"score: median {statistics.median(report.score for report in reports):.3f}; cut short: {cut}")


if __name__ == "__main__":
    main()
