"""How long it takes to read and check a blueprint: every pair of the corpus, each once, in one run.

    .venv/bin/python benchmarks/reading.py

Prints the median and the 95th percentile in milliseconds, for reading and for printing, with reading's own YAML part as
the yardstick (what any YAML-based language has to pay).
"""

import gc
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from espalier.blueprint import print_blueprint, read
from espalier.blueprint.source import load

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "seed").glob("pairs_*.jsonl"))


def main() -> None:
    texts = [json.loads(line)["blueprint"] for path in CORPUS for line in path.read_text().splitlines()]
    blueprints = [read(text) for text in texts]  # also warms what is made once a process
    rows: dict[str, tuple[Callable, list]] = {
        "YAML alone": (load, texts),
        "read and check": (read, texts),
        "print": (print_blueprint, blueprints),
    }
    medians = {}
    print(f"{len(texts)} blueprints, median {statistics.median(map(len, texts)):.0f} characters")
    for name, (function, items) in rows.items():
        times = [timed(function, item) * 1000 for item in items]
        medians[name] = statistics.median(times)
        print(
            f"{name:16} median {medians[name]:.2f} ms   95th percentile {statistics.quantiles(times, n=20)[-1]:.2f} ms"
        )
    print(f"reading costs {medians['read and check'] / medians['YAML alone']:.1f} times its YAML")


def timed(function: Callable, item: object) -> float:
    gc.collect(0)
    start = time.perf_counter()
    function(item)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
