"""The studio: how long from a sentence to the first part of an app, and to the whole app.

    .venv/bin/python benchmarks/studio.py [MODEL] [--rounds 1]

MODEL is the usual one when not given. The studio is a process of its own, as a person starts it; the example sentences of its start
page are asked for over HTTP one after the other, and the events are watched as the page watches them. The first sentence warms up and
does not count. Printed for each: seconds to the first piece of text, to the first section that can be shown, to the app in use;
the score; then medians. The bars are 1.5 s for a section and 8 s for the app, on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from espalier.studio.gallery import EXAMPLES

COLUMNS = ("text", "section", "done")


@contextmanager
def studio(model: str) -> Iterator[str]:
    """`espalier studio` over an empty folder, and its address."""
    said = [sys.executable, "-c", "from espalier.cli import main; main()", "studio", "--port", "0", "--apps-port", "0"]
    environment = os.environ | ({"ESPALIER_MODEL": model} if model else {})
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([*said, "--data", folder], stderr=subprocess.PIPE, text=True, env=environment)
        assert process.stderr
        try:
            for line in process.stderr:
                if found := re.search(r"studio is at (http://localhost:\d+)/", line):
                    yield found[1]
                    return
            raise SystemExit("The studio did not start.")
        finally:
            process.terminate()
            process.wait(30)


def build(browser: httpx.Client, token: str, prompt: str) -> dict[str, Any]:
    """When each kind of event first came, in seconds since the asking, and the score."""
    start = time.perf_counter()
    id = browser.post("/api/builds", json={"prompt": prompt}, headers={"X-CSRF": token}).json()["build"]
    seen: dict[str, Any] = {}
    event = ""
    with browser.stream("GET", f"/api/builds/{id}/events") as stream:
        for line in stream.iter_lines():
            name, _, said = line.partition(": ")
            if name == "event":
                event = said
                seen.setdefault(event, time.perf_counter() - start)
            elif name == "data" and event == "done":
                seen["score"] = json.loads(said)["score"]
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    with studio(given.model) as address, httpx.Client(base_url=address, timeout=600) as browser:
        token = browser.get("/api/session").json()["csrf"]
        build(browser, token, EXAMPLES[0])
        rows = [build(browser, token, prompt) for _ in range(given.rounds) for prompt in EXAMPLES[1:]]
    print(f"{'text':>8}{'section':>9}{'app':>8}{'score':>8}")
    for row in rows:
        print("".join(f"{row.get(name, float('nan')):8.2f} " for name in (*COLUMNS, "score")))
    good = [row for row in rows if "done" in row]
    for name in COLUMNS:
        print(f"median to {name}: {statistics.median(row[name] for row in good if name in row):.2f} s")
    print(f"{len(good)} of {len(rows)} became apps; mean score {statistics.mean(row['score'] for row in good):.2f}")


if __name__ == "__main__":
    main()
