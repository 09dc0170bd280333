"""Print a random part of the corpus for a second pair of eyes, and count what the corpus holds.

    python tools/read_sample.py corpus/seed/home_3.jsonl --seed 4
    python tools/read_sample.py --counts

Of each file three pairs are drawn, prompt beside blueprint, and two of its edits: request beside patch, above the blueprint
with what the patch takes away (-) and puts in (+). The same file and seed draw the same ones, whatever other files are read with
it. What is printed is for a person to judge; what a machine can judge is the work of `add_pairs.py` and `espalier check`.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from espalier.blueprint import print_blueprint, read_all
from espalier.blueprint.patch import apply, read_patch
from espalier.blueprint.schema import Blueprint

SEED = Path(__file__).resolve().parent.parent / "corpus" / "seed"
LEFT = 44  # characters of the column that holds what a person asked for

Pair = dict[str, object]


def pairs_of(file: Path) -> dict[str, Pair]:
    """The pairs of a file by their id (the file's name and the line, such as `home_3:12`), edits of other files' pairs left out."""
    lines = enumerate(file.read_text("utf-8").splitlines(), 1)
    pairs = {f"{file.stem}:{number}": json.loads(line) for number, line in lines}
    return {name: pair for name, pair in pairs.items() if "blueprint" in pair}


def drawn(file: Path, seed: int, pairs: int, edits: int) -> tuple[list[str], list[tuple[str, int]]]:
    """Which pairs to read, by id, and which edits, by id of the pair and place among its edits."""
    known = pairs_of(file)
    every_edit = [(name, place) for name, pair in known.items() for place in range(len(edits_of(pair)))]
    chosen = random.Random(f"{file.stem} {seed}").sample(sorted(known), min(pairs, len(known)))
    # Drawn anew, so that how many pairs are read does not change which edits are.
    return chosen, random.Random(f"{file.stem} {seed}").sample(sorted(every_edit), min(edits, len(every_edit)))


def edits_of(pair: Pair) -> list[dict[str, str]]:
    """The edits of a pair: request and patch."""
    found = pair.get("edits", [])
    assert isinstance(found, list)
    return found


def beside(asked: str, answer: str) -> Iterator[str]:
    """Two texts in two columns, what was asked folded into the left one."""
    folded = [part for line in asked.splitlines() for part in textwrap.wrap(line, LEFT) or [""]]
    for left, right in zip_longest(folded, answer.splitlines(), fillvalue=""):
        yield f"{left:<{LEFT}} | {right}".rstrip()


def blueprint_of(pair: Pair) -> Blueprint:
    """The pair's blueprint, read."""
    blueprint = read_all(str(pair["blueprint"])).blueprint
    assert blueprint is not None, "the corpus holds only what can be read"
    return blueprint


def changed(pair: Pair, edit: dict[str, str]) -> Iterator[str]:
    """The pair's blueprint, whole, with the lines that the edit takes away and puts in."""
    before = blueprint_of(pair)
    after = apply(before, read_patch(edit["patch"]))
    lines = difflib.ndiff(print_blueprint(before).splitlines(), print_blueprint(after).splitlines())
    yield from (line for line in lines if not line.startswith("?"))


def show(file: Path, seed: int, pairs: int, edits: int) -> None:
    """Print the drawn part of a file."""
    known = pairs_of(file)
    names, places = drawn(file, seed, pairs, edits)
    for name in names:
        pair = known[name]
        print(f"\n=== {name} ({', '.join(str(pair[key]) for key in ('style', 'domain', 'language') if key in pair)})")
        print("\n".join(beside(str(pair["prompt"]), str(pair["blueprint"]))))
    for name, place in places:
        edit = edits_of(known[name])[place]
        print(f"\n=== {name}, edit {place + 1}")
        print("\n".join(beside(edit["request"], edit["patch"])))
        print("\n".join(changed(known[name], edit)))


def counts() -> None:
    """Print what the corpus holds, as a table of Markdown: a row for each group of files, then styles and languages."""
    groups: dict[str, list[Pair]] = {}
    files: Counter[str] = Counter()
    for file in sorted(SEED.glob("*.jsonl")):
        group = file.stem.rsplit("_", 1)[0]
        files[group] += 1
        groups.setdefault(group, []).extend(pairs_of(file).values())
    groups["all"] = [pair for pairs in groups.values() for pair in pairs]
    files["all"] = files.total()
    print("| group | files | pairs | other languages | with a custom block | pairs with edits | edits |")
    print("|---|---|---|---|---|---|---|")
    for group, pairs in groups.items():
        others = sum(pair.get("language", "en") != "en" for pair in pairs)
        custom = sum("- custom:" in str(pair["blueprint"]) for pair in pairs)
        edited = [len(edits_of(pair)) for pair in pairs if edits_of(pair)]
        print(f"| {group} | {files[group]} | {len(pairs)} | {others} | {custom} | {len(edited)} | {sum(edited)} |")
    for key, without in (("style", "not marked"), ("language", "en")):
        tally = Counter(str(pair.get(key, without)) for pair in groups["all"])
        print(f"\n{key}: " + ", ".join(f"{word} {count}" for word, count in tally.most_common()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws others (default 1)")
    parser.add_argument("--pairs", type=int, default=3, help="pairs drawn from each file (default 3)")
    parser.add_argument("--edits", type=int, default=2, help="edits drawn from each file (default 2)")
    parser.add_argument("--counts", action="store_true", help="count what the whole corpus holds")
    options = parser.parse_args()
    if options.counts:
        counts()
    elif not options.files:
        parser.error("name the files to read, or --counts")
    for file in options.files:
        show(file, options.seed, options.pairs, options.edits)
    return 0


if __name__ == "__main__":
    sys.exit(main())
