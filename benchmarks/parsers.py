"""What it costs to parse an expression: our read-aloud spelling by Lark, beside cel-python's own front for the same in CEL.

    .venv/bin/python benchmarks/parsers.py

Medians in microseconds over every expression of the corpus that both can say, uncached, in one run.
"""

import json
import statistics
import time
from pathlib import Path

import celpy

from espalier.blueprint import read
from espalier.blueprint.expression import parse, to_cel, to_text
from espalier.blueprint.reader import words_of
from espalier.blueprint.source import load

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "seed").glob("pairs_*.jsonl"))


def main() -> None:
    environment = celpy.Environment()
    uncached = parse.__wrapped__
    ours, theirs = [], []
    for path in CORPUS[:3]:
        for line in path.read_text().splitlines():
            text = json.loads(line)["blueprint"]
            choices = words_of(load(text).tree).choices
            for bound in [*read(text).meaning.computed.values(), *read(text).meaning.defaults.values()]:
                words, cel = to_text(bound.node), to_cel(bound.node)
                start = time.perf_counter()
                uncached(words, choices)
                middle = time.perf_counter()
                environment.compile(cel)
                ours.append((middle - start) * 1e6)
                theirs.append((time.perf_counter() - middle) * 1e6)
    print(
        f"{len(ours)} expressions: ours {statistics.median(ours):.0f} us, cel-python {statistics.median(theirs):.0f} us (median)"
    )
    print(
        f"95th percentile: ours {statistics.quantiles(ours, n=20)[-1]:.0f} us, cel-python {statistics.quantiles(theirs, n=20)[-1]:.0f} us"
    )


if __name__ == "__main__":
    main()
