"""How good are the rubrics that are drawn from prompts?

    python benchmarks/rubrics.py corpus [--show KIND] [--most 20]
    python benchmarks/rubrics.py dev FILE

corpus: every prompt of corpus/seed with its own blueprint and with five others: the share of requirements met on each, and the chance that
its own is met better than another (AUC). dev: precision and recall against rubrics made by hand (lines of id, prompt, checks in the
form of check/requirements/given.py).
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
import time
from pathlib import Path

from espalier.blueprint.reader import read_all
from espalier.check.draw import draw
from espalier.check.requirements import Outline, Requirement
from espalier.check.words import Like

CORPUS = Path(__file__).parent.parent / "corpus" / "seed"


def corpus(show: str, most: int) -> None:
    """Share met on the own blueprint and on others."""
    pairs = [json.loads(line) for path in sorted(CORPUS.glob("pairs_*.jsonl")) for line in path.open()]
    outlines = [Outline(read_all(pair["blueprint"]).blueprint) for pair in pairs]
    chance = random.Random(7)
    own: dict[str, list[float]] = collections.defaultdict(list)
    other: dict[str, list[float]] = collections.defaultdict(list)
    better, empty, drawing, meeting, shown = [], 0, [], [], 0
    for at, pair in enumerate(pairs):
        start = time.perf_counter()
        rubric = draw(pair["prompt"])
        drawing.append(time.perf_counter() - start)
        empty += not rubric.requirements
        start = time.perf_counter()
        met = [one._meet(outlines[at], None) for one in rubric.requirements]
        meeting.append(time.perf_counter() - start)
        for one, finding in zip(rubric.requirements, met, strict=True):
            own[one.kind].append(float(finding.met))
            if show in (one.kind, "all") and not finding.met and shown < most:
                shown += 1
                print(f"- {pair['prompt'][:700]}\n    {one.model_dump_json(by_alias=True)}\n    {finding}")
        for against in chance.sample([n for n in range(len(pairs)) if abs(n - at) > 5], 5):
            found = [one._meet(outlines[against], None).met for one in rubric.requirements]
            for one, is_met in zip(rubric.requirements, found, strict=True):
                other[one.kind].append(float(is_met))
            if found:
                mine, its = _mean([float(one.met) for one in met]), _mean(list(map(float, found)))
                better.append(1.0 if mine > its else 0.5 if mine == its else 0.0)
    print(f"\n{'kind':12} {'drawn':>6} {'own':>6} {'others':>7}")
    for kind in sorted(own):
        print(f"{kind:12} {len(own[kind]):6} {_mean(own[kind]):6.3f} {_mean(other[kind]):7.3f}")
    every, elsewhere = sum(own.values(), []), sum(other.values(), [])
    print(f"{'all':12} {len(every):6} {_mean(every):6.3f} {_mean(elsewhere):7.3f}")
    print(f"requirements a prompt {len(every) / len(pairs):.1f}, prompts without any {empty}, AUC {_mean(better):.3f}")
    print(f"drawing {_middle(drawing):.2f} ms (99 %: {_high(drawing):.2f}), meeting {_middle(meeting):.2f} ms (99 %: {_high(meeting):.2f})")


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] * 1000


def _high(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["corpus", "dev"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--show", default="", help="print unmet requirements of this kind, or of all")
    parser.add_argument("--most", type=int, default=20)
    given = parser.parse_args()
    if given.what == "corpus":
        corpus(given.show, given.most)


if __name__ == "__main__":
    main()
