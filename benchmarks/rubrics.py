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
import itertools
import json
import random
import re
import time
from pathlib import Path

from espalier.blueprint.reader import read_all
from espalier.check.draw import draw
from espalier.check.requirements import Outline, Requirement
from espalier.check.requirements.color import near
from espalier.check.words import Like

CORPUS = Path(__file__).parent.parent / "corpus" / "seed"


def corpus(show: str, most: int) -> None:
    """Share met on the own blueprint and on others."""
    pairs = [json.loads(line) for path in sorted(CORPUS.glob("pairs_*.jsonl")) for line in path.open()]
    outlines = [Outline(read_all(pair["blueprint"]).blueprint) for pair in pairs]
    chance = random.Random(7)
    own: dict[str, list[float]] = collections.defaultdict(list)
    other: dict[str, list[float]] = collections.defaultdict(list)
    shares: list[tuple[float, float]] = []
    better, empty, drawing, meeting, shown = [], 0, [], [], 0
    for at, pair in enumerate(pairs):
        start = time.process_time()
        rubric = draw(pair["prompt"])
        drawing.append(time.process_time() - start)
        empty += not rubric.requirements
        start = time.process_time()
        met = [one._meet(outlines[at], None) for one in rubric.requirements]
        meeting.append(time.process_time() - start)
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
                weights = [one.weight for one in rubric.requirements]
                mine = sum(weight * one.met for weight, one in zip(weights, met, strict=True))
                its = sum(weight * one for weight, one in zip(weights, found, strict=True))
                shares.append((mine / sum(weights), its / sum(weights)))
                better.append(1.0 if mine > its else 0.5 if mine == its else 0.0)
    print(f"\n{'kind':12} {'drawn':>6} {'own':>6} {'others':>7}")
    for kind in sorted(own):
        print(f"{kind:12} {len(own[kind]):6} {_mean(own[kind]):6.3f} {_mean(other[kind]):7.3f}")
    every, elsewhere = ([one for found in values.values() for one in found] for values in (own, other))
    print(f"{'all':12} {len(every):6} {_mean(every):6.3f} {_mean(elsewhere):7.3f}")
    print(f"requirements a prompt {len(every) / len(pairs):.1f}, prompts without any {empty}, AUC {_mean(better):.3f}")
    mine, its = (_mean([pair[at] for pair in shares]) for at in (0, 1))
    print(f"weighted share of a rubric: own {mine:.3f}, others {its:.3f}")
    print(
        f"drawing {_middle(drawing):.2f} ms (99 %: {_high(drawing):.2f}), meeting {_middle(meeting):.2f} ms (99 %: {_high(meeting):.2f})"
    )


# Kinds of check in a rubric made by hand, with the kinds of requirement that can say the same.
SAME = {
    "entity": {"entity"},
    "field": {"field"},
    "ref": {"reference"},
    "choice": {"choice"},
    "role": {"role"},
    "block": {"block", "flow", "game", "automation"},
    "private": {"private", "permission"},
    "public": {"public"},
    "colour": {"color"},
    "seed": {"seed"},
    "text": {"text"},
}
# The block that a flow speaks of.
BLOCKS = {
    "one vote": {"poll"}, "checkout": {"shop"}, "scored quiz": {"quiz"}, "reviews": {"rating"}, "subscribers": {"newsletter"},
    "free times": {"booking"}, "no double booking": {"booking"}, "total": {"stats", "chart"},
}  # fmt: skip


def says(check: dict, one: Requirement, *, any_kind: bool = False) -> bool:
    """Does a requirement say what a check of a rubric made by hand does? Its kind is the same (or, with any_kind, whichever), and a
    word of it is one that the check's patterns find; blocks by their kind, colours by sight. A check says also what stands under its
    `or`, a requirement only itself."""
    return _says(check, one, any_kind) or any(says(other, one, any_kind=any_kind) for other in check.get("or", []))


def _says(check: dict, one: Requirement, any_kind: bool) -> bool:
    kind = check["kind"]
    if not any_kind and one.kind not in SAME[kind]:
        return False
    if kind == "colour":
        return one.kind == "color" and any(_seen_as(word, one.color) for word in check["any"])
    if kind == "block":
        found = (
            set(getattr(one, "any", ()))
            | BLOCKS.get(getattr(one, "name", ""), set())
            | ({"custom"} if one.kind == "game" else set())
        )
        return bool(found & set(check["any"]))
    patterns = check.get("any") or check.get("to") or check["entity"]
    if kind in ("private", "public", "seed"):
        patterns = check["entity"]
        if one.kind == "permission" and one.reach not in ("limited", "own", "none"):
            return False
        if kind == "private" and one.kind == "private" and one.entity.any == ("/./",):
            return True
        likes = [getattr(one, "entity", None)]
    else:
        likes = [getattr(one, "like", None), getattr(one, "to", None), *getattr(one, "values", ())]
        if any_kind:
            likes.append(getattr(one, "entity", None))
    words = [word.lower() for like in likes if isinstance(like, Like) for word in like.any]
    if kind == "public" and one.kind == "public" and one.entity is None:
        return True
    return any(
        re.search(pattern, form, re.IGNORECASE)
        for pattern in patterns
        for word in words
        for form in (word, word.rstrip("s"))
    )


def _seen_as(pattern: str, color: str) -> bool:
    plain = re.sub(r"[\s-]", "", color.lower())
    try:
        return bool(re.search(pattern, plain, re.IGNORECASE)) or near(pattern, color) or near(color, pattern)
    except ValueError:
        return False


def dev(file: str) -> None:
    """Precision and recall against rubrics made by hand."""
    cases = [json.loads(line) for line in Path(file).read_text("utf-8").splitlines() if line.strip()]
    counts: collections.Counter[str] = collections.Counter()
    by_kind: dict[str, list[float]] = collections.defaultdict(list)
    drawn_kind: dict[str, list[float]] = collections.defaultdict(list)
    for case in cases:
        drawn = draw(case["prompt"]).requirements
        print(f"\n== {case['id']}: {case['prompt']}")
        for check in case["checks"]:
            strict = any(says(check, one) for one in drawn)
            loose = strict or any(says(check, one, any_kind=True) for one in drawn)
            by_kind[check["kind"]].append(float(strict))
            counts.update(checks=1, heard=strict, heard_as_other=loose)
            if not strict:
                print(
                    f"   missed  {json.dumps({key: value for key, value in check.items() if key != 'or'})}{'  (as another kind)' if loose else ''}"
                )
        for one in drawn:
            strict = any(says(check, one) for check in case["checks"])
            loose = strict or any(says(check, one, any_kind=True) for check in case["checks"])
            drawn_kind[one.kind].append(float(strict))
            counts.update(drawn=1, right=strict, right_as_other=loose)
            if not loose:
                print(f"   to judge  {one.kind}: {one.phrase()}")
    print(f"\n{'kind':12} {'by hand':>8} {'heard':>6}    | {'kind':12} {'drawn':>6} {'in the rubric':>6}")
    for left, right in itertools.zip_longest(sorted(by_kind), sorted(drawn_kind)):
        mine = f"{left:12} {len(by_kind[left]):8} {_mean(by_kind[left]):6.2f}" if left else " " * 28
        its = f"{right:12} {len(drawn_kind[right]):6} {_mean(drawn_kind[right]):6.2f}" if right else ""
        print(f"{mine}    | {its}")
    print(
        f"recall {counts['heard'] / counts['checks']:.3f} ({counts['heard_as_other'] / counts['checks']:.3f} whatever the kind) of {counts['checks']} checks"
    )
    print(
        f"precision {counts['right'] / counts['drawn']:.3f} ({counts['right_as_other'] / counts['drawn']:.3f} whatever the kind) of {counts['drawn']} drawn;"
    )
    print(
        "rubrics made by hand hold 4 to 10 checks, not all that a prompt says: what is printed as `to judge` is for a person"
    )


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
    elif given.file:
        dev(given.file)
    else:
        parser.error("say which file holds the rubrics")


if __name__ == "__main__":
    main()
