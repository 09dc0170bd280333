"""Redaction: what it finds of what is personal, what it takes for personal and is not, and how long it takes.

    .venv/bin/python benchmarks/redaction.py [--corpus corpus/seed] [--show]

On the labelled texts (data/traces/labelled.jsonl), by kind: how many there are, recall, and precision; for the part that the rules were tuned
on and for the part that was only measured. A finding counts as right when it covers something that is labelled, of whatever kind. Then: how
many texts without personal data are touched, by language; the prompts and requests of the corpus, in which nearly nothing is personal, as a
count of findings to be read (--show prints them); milliseconds for a text, the median; and the ear for frustration on its own messages.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from espalier.data.traces.measure import ALONE, heard, labelled, measure
from espalier.data.traces.personal import KINDS, find


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--corpus", type=Path, default=Path("corpus/seed"))
    options.add_argument("--show", action="store_true", help="print what was missed and what was wrong")
    given = options.parse_args()
    texts = labelled()
    tuned, measured = (measure([one for one in texts if one.part == part]) for part in ("tuned", "measured"))
    print(
        f"{len(texts)} texts in {len({one.language for one in texts})} languages, {sum(not one.holds for one in texts)} of them hold nothing"
    )
    print("kind       tuned: there recall precision   measured: there recall precision")
    for kind in (*KINDS, ALONE):
        one, other = tuned[kind], measured[kind]
        print(
            f"{kind:9} {one.there:13} {one.recall:6.2f} {one.precision:9.2f} {other.there:17} {other.recall:6.2f} {other.precision:9.2f}"
        )
    clean = [one for one in texts if not one.holds]
    touched = Counter(one.language for one in clean if find(one.text))
    print(f"touched without need: {sum(touched.values())} of {len(clean)} texts {dict(touched) or ''}")
    if given.show:
        for tallies in (tuned, measured):
            for kind, tally in tallies.items():
                print(*(f"missed {kind} {said}" for said in tally.missed if kind != ALONE), sep="\n")
                print(*(f"wrong {kind} {said}" for said in tally.wrong), sep="\n")
    found: Counter[str] = Counter()
    times = []
    for text in of_corpus(given.corpus):
        start = time.process_time()
        there = find(text)
        times.append(time.process_time() - start)
        found.update(one.kind for one in there)
        for one in there if given.show else ():
            print(f"corpus {one.kind} {one.of(text)!r} in {text[max(0, one.start - 40) : one.end + 20]!r}")
    if times:
        print(
            f"corpus: {len(times)} prompts and requests, {sum(found.values())} findings {dict(found)}; {statistics.median(times) * 1000:.2f} ms a text (median)"
        )
    for part in ("tuned", "measured"):
        tally = heard(part)
        print(f"frustration, {part}: {tally.there} of them, recall {tally.recall:.2f}, precision {tally.precision:.2f}")


def of_corpus(folder: Path) -> Iterator[str]:
    """The words of people in the corpus."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            said = json.loads(line)
            yield from ([said["prompt"]] if "prompt" in said else [])
            yield from (edit["request"] for edit in said.get("edits", []))


if __name__ == "__main__":
    main()
