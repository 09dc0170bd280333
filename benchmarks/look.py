"""How well the measures of look agree with an eye: `benchmarks/look.py [--measure DIR] [--weights] [--pages]`.

tests/data/look holds the pages, the marks an eye gave them before there was a measure, the marks of a second look at a part of
them, and the shares of every measure (measures.json). Without options this reads these files and prints the agreement; no
browser is needed. `--measure DIR` measures afresh what tools/look_pages.py wrote into DIR and replaces measures.json.
`--weights` tries weights on the pages for fitting, `--pages` lists every page with its shares.
"""

import argparse
import json
import sys
import time
from itertools import combinations
from pathlib import Path
from statistics import mean, median

from espalier.check.checks import checks
from espalier.check.look import MEASURES, score

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "look"
CLEAR = 1.5  # marks; pairs of pages that an eye tells apart this clearly must be ordered rightly
WIDTHS = {1440: "wide", 375: "narrow"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", type=Path, metavar="DIR", help="measure what tools/look_pages.py wrote")
    parser.add_argument("--weights", action="store_true", help="try weights on the pages for fitting")
    parser.add_argument("--pages", action="store_true", help="list the pages with their shares")
    given = parser.parse_args()
    if given.measure:
        measure(given.measure)
    rows = load()
    if given.weights:
        try_weights([row for row in rows if row["part"] == "fit"])
    if given.pages:
        list_pages(rows)
    report(rows)


def load() -> list[dict]:
    """Every page at every width: number, width, worse, part, eye (mean of three marks), again (of a second look), shares."""
    marks = {one["number"]: one for one in json.loads((DATA / "eye.json").read_text())["marks"]}
    again = {
        (one["number"], one["width"]): one["mark"] for one in json.loads((DATA / "again.json").read_text())["marks"]
    }
    shares = json.loads((DATA / "measures.json").read_text())
    rows = []
    for page in json.loads((DATA / "pages.json").read_text()):
        for width, named in WIDTHS.items():
            number = page["number"]
            second = again.get((number, width))
            row = {"width": width, "eye": mean(marks[number][named]), "again": second, **page}
            rows.append({**row, "shares": shares[f"{number}-{width}"]})
    return rows


def measure(folder: Path) -> None:
    """Measure all captures in a folder, and say what that takes."""
    sys.path.insert(0, str(ROOT / "tools"))
    from look_pages import capture

    found, spent = {}, []
    for page in json.loads((DATA / "pages.json").read_text()):
        for width in WIDTHS:
            seen = capture(page["number"], width, folder)
            start = time.perf_counter()
            shares = {name: function(seen) for name, function in MEASURES.items()}
            spent.append(time.perf_counter() - start)
            found[f"{page['number']}-{width}"] = {
                name: None if measured is None else round(measured.share, 4) for name, measured in shares.items()
            }
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(shares)}" for key, shares in found.items())
    (DATA / "measures.json").write_text("{\n" + lines + "\n}\n")
    print(f"a capture takes {1000 * median(spent):.1f} ms (median), {1000 * max(spent):.1f} ms (longest)\n")


def report(rows: list[dict]) -> None:
    """Agreement of the score with the eye, and of the eye with itself."""
    print(f"weights: {', '.join(f'{check.name} {check.weight:g}' for check in checks('look'))}\n")
    print(f"{'':34}{'captures':>9}{'Spearman':>10}{'pairs':>9}{'ordered rightly':>17}")
    for part in ("fit", "held"):
        named = {"fit": "for fitting", "held": "held out"}[part]
        of_part = [row for row in rows if row["part"] == part]
        _line(f"{named}: all", of_part)
        _line(f"{named}: natural", [row for row in of_part if not row["worse"]])
        _line(f"{named}: made worse", [row for row in of_part if row["worse"]])
        for width in WIDTHS:
            _line(f"{named}: {width} px", [row for row in of_part if row["width"] == width])
    fitted = {row["worse"] for row in rows if row["part"] == "fit"}
    unknown = [row for row in rows if row["part"] == "held" and row["worse"] and row["worse"] not in fitted]
    natural = [row for row in rows if row["part"] == "held" and not row["worse"]]
    _line(f"held out: kinds never fitted ({len({row['worse'] for row in unknown})})", unknown + natural)
    right, of = twins(rows)
    print(f"\nthe same page as it is and made worse: the score is higher as it is in {right} of {of} (held out)")
    twice = [row for row in rows if row["again"] is not None]
    if twice:
        found = spearman([row["eye"] for row in twice], [row["again"] for row in twice])
        off = mean(abs(row["eye"] - row["again"]) for row in twice)
        print(
            f"the eye with itself, {len(twice)} captures looked at twice: Spearman {found:.2f}, {off:.2f} marks apart"
        )


def _line(named: str, rows: list[dict]) -> None:
    if len(rows) < 4:
        return
    scores, eye = [score(row["shares"]) for row in rows], [row["eye"] for row in rows]
    right, of = pairs(scores, eye)
    print(f"{named:34}{len(rows):>9}{spearman(scores, eye):>10.2f}{of:>9}{right / of if of else 0:>17.1%}")


def pairs(scores: list[float], eye: list[float]) -> tuple[float, int]:
    """How many pairs that the eye tells apart clearly the scores order likewise (a tie counts half), and of how many."""
    right, of = 0.0, 0
    for (one, seen), (other, other_seen) in combinations(zip(scores, eye, strict=True), 2):
        if abs(seen - other_seen) >= CLEAR:
            of += 1
            same = (one - other) * (seen - other_seen)
            right += 1.0 if same > 1e-9 else 0.5 if abs(same) <= 1e-9 else 0.0
    return right, of


def twins(rows: list[dict]) -> tuple[int, int]:
    """Of the held-out pages that are there both as they are and made worse: how often as it is scores higher."""
    natural = {(row["source"], row["page"], row["width"]): score(row["shares"]) for row in rows if not row["worse"]}
    worse = [row for row in rows if row["worse"] and row["part"] == "held"]
    both = [
        (natural[key], score(row["shares"]))
        for row in worse
        if (key := (row["source"], row["page"], row["width"])) in natural
    ]
    return sum(one > other for one, other in both), len(both)


def ranks(values: list[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda at: values[at])
    found = [0.0] * len(values)
    at = 0
    while at < len(order):
        last = at
        while last + 1 < len(order) and values[order[last + 1]] == values[order[at]]:
            last += 1
        for place in range(at, last + 1):
            found[order[place]] = (at + last) / 2
        at = last + 1
    return found


def spearman(one: list[float], other: list[float]) -> float:
    """Spearman's rank correlation, ties at their mean rank."""
    first, second = ranks(one), ranks(other)
    middle, middle_other = mean(first), mean(second)
    both = sum((a - middle) * (b - middle_other) for a, b in zip(first, second, strict=True))
    apart = sum((a - middle) ** 2 for a in first) * sum((b - middle_other) ** 2 for b in second)
    return both / apart**0.5 if apart else float("nan")


def try_weights(rows: list[dict]) -> None:
    """Weights from 1 to 4, one changed at a time while that orders more pairs rightly; only on the pages for fitting."""
    eye = [row["eye"] for row in rows]

    def worth(weights: dict[str, float]) -> float:
        scores = [score(row["shares"], weights) for row in rows]
        right, of = pairs(scores, eye)
        return right / of + spearman(scores, eye)

    weights = dict.fromkeys(MEASURES, 2.0)
    best = worth(weights)
    print(f"all weights equal: {best:.4f}")
    changed = True
    while changed:
        changed = False
        for name in MEASURES:
            for weight in (0.5, 1.0, 2.0, 3.0, 4.0):
                found = worth({**weights, name: weight})
                if found > best + 0.001:
                    weights, best, changed = {**weights, name: weight}, found, True
    print(f"{best:.4f}: {weights}\n")


def list_pages(rows: list[dict]) -> None:
    for row in sorted(rows, key=lambda row: -score(row["shares"])):
        shares = " ".join(
            f"{name[:6]} {'   -' if share is None else f'{share:.2f}'}" for name, share in row["shares"].items()
        )
        print(
            f"{score(row['shares']):.3f} eye {row['eye']:.1f} {row['number']:>3} {row['width']:>4} {row['worse'] or 'natural':10} {shares}"
        )
    print()


if __name__ == "__main__":
    main()
