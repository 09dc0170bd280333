"""Hold what drawn rubrics take for granted (src/espalier/check/drawing/usual.toml) against the corpus.

    python tools/usual.py [--least 0.95]

Of every line that was drawn from at least so many prompts it prints in how many of their own apps it holds; those below the least
share are marked. The table is mended by hand.
"""

from __future__ import annotations

import argparse
import collections
import json
from pathlib import Path

from espalier.blueprint.reader import read_all
from espalier.check.draw import draw
from espalier.check.drawing.prompt import Prompt
from espalier.check.drawing.usual import anywhere, kinds_of
from espalier.check.requirements import Outline, Requirement
from espalier.check.requirements.field import Field
from espalier.check.requirements.public import Public
from espalier.check.requirements.reference import Reference
from espalier.check.requirements.seed import Seed

CORPUS = Path(__file__).parent.parent / "corpus" / "seed"


def line(one: Requirement, said: set[str]) -> str:
    """Which line of the table a requirement comes from; empty when from none."""
    match one:
        case Reference(through=True, entity=entity) if entity is not None and one.weight < 1:
            heads = [kind.words[0] for kind in kinds_of(entity.any[0])]
            return f"names: {heads[0] if heads else entity.any[0]} -> {one.to.any[0]}"
        case Field() if one.entity is not None and "/./" in one.like.any:
            heads = [kind.words[0] for kind in kinds_of(one.entity.any[0])]
            return f"has: {heads[0] if heads else one.entity.any[0]}: {one.like.any[0]}"
        case Field() if one.entity is None and one.like.any[0] in said:
            return f"anywhere: {one.like.any[0]}"
        case Public() | Seed() if one.entity is not None and one.weight == 0.5:
            return f"shown: {one.entity.any[0]} ({one.kind})"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--least", type=float, default=0.95)
    parser.add_argument("--often", type=int, default=3, help="leave out lines drawn more seldom")
    given = parser.parse_args()
    held: dict[str, list[bool]] = collections.defaultdict(list)
    for path in sorted(CORPUS.glob("pairs_*.jsonl")):
        for text in path.open():
            pair = json.loads(text)
            outline = Outline(read_all(pair["blueprint"]).blueprint)
            said = set(anywhere(Prompt(pair["prompt"])))
            for one in draw(pair["prompt"]).requirements:
                name = line(one, said)
                if name:
                    held[name].append(one.met_by(outline))
    for name, found in sorted(held.items()):
        share = sum(found) / len(found)
        if len(found) >= given.often:
            print(f"{'  ' if share >= given.least else '! '}{name:60} {sum(found):4} of {len(found)}")


if __name__ == "__main__":
    main()
