"""From the text of a blueprint to the first page served: in process, in memory, seeded. Every app of the gallery.

    .venv/bin/python benchmarks/first_page.py

Prints for each app in milliseconds: `first`, the total when the process meets the app for the first time (one run), then the
medians of ten further runs, split into reading, opening (database, seed) and answering; `again` is a page served by an app
that is already open. What a process keeps, such as templates, palettes and the words of field types, is warm from apps of
the corpus for `first`, and from the app itself for the rest.
"""

import gc
import itertools
import json
import statistics
import time
from pathlib import Path

from espalier.blueprint import read
from espalier.runtime.app import App
from espalier.runtime.visit import Visit

GALLERY = sorted((Path(__file__).parents[1] / "apps").glob("*.yaml"))
CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "seed").glob("pairs_*.jsonl"))
RUNS = 10
BEFORE = 50  # apps of the corpus that the process has served by then


def main() -> None:
    lines = [line for path in CORPUS for line in path.read_text().splitlines()]
    for line in lines[:: len(lines) // BEFORE]:
        once(json.loads(line)["blueprint"])  # what is made once a process: imports, templates, the route table
    print(
        f"{'app':12} {'first':>7} {'read':>7} {'open':>7} {'answer':>7} {'total':>7} {'again':>7}   ms, median of {RUNS}"
    )
    totals, firsts = [], []
    for path in GALLERY:
        text = path.read_text()
        firsts.append(once(text)[3])
        parts = [statistics.median(column) for column in zip(*(once(text) for _ in range(RUNS)), strict=True)]
        totals.append(parts[3])
        print(f"{path.stem:12} {firsts[-1]:7.1f} " + " ".join(f"{part:7.1f}" for part in parts))
    print(f"{'median':12} {statistics.median(firsts):7.1f} {'':23} {statistics.median(totals):7.1f}")


def once(text: str) -> tuple[float, float, float, float, float]:
    gc.collect()
    times = [time.perf_counter()]
    blueprint = read(text)
    times.append(time.perf_counter())
    app = App(blueprint)
    times.append(time.perf_counter())
    serve(app)
    times.append(time.perf_counter())
    serve(app)
    times.append(time.perf_counter())
    app.close()
    read_, open_, answer, again = ((after - before) * 1000 for before, after in itertools.pairwise(times))
    return read_, open_, answer, read_ + open_ + answer, again


def serve(app: App) -> None:
    response = app.respond(Visit(app, "GET", "/"))
    # A private app sends strangers to its log-in page; that is its first page for them.
    if response.status_code == 303:
        response = app.respond(Visit(app, "GET", "/login"))
    assert response.status_code == 200, response.status_code


if __name__ == "__main__":
    main()
