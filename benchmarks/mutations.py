"""Do the checks notice when an app is broken? Every app of the gallery, broken in every way that fits it.

    python benchmarks/mutations.py [APP ...]

Each broken app is judged against a rubric of everything that the whole app fulfils. A row a mutation: how many broken apps, how
many the right check noticed (tests/check/mutations.py says which), and how many were noticed without any rubric, by what an
app must do to work at all. What was not noticed is listed below. The checks look at the usual part; --thorough at everything.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.check.mutations import MUTATIONS
from tests.check.noticing import rightly, tried
from tests.samples import GALLERY


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("apps", nargs="*", help="names of gallery apps; all when none is given")
    options.add_argument("--thorough", action="store_true", help="look at everything")
    given = options.parse_args()
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    missed = []
    for app in GALLERY:
        if given.apps and app.stem not in given.apps:
            continue
        for mutant, noticed, noticed_alone in tried(app, thorough=given.thorough):
            name = mutant.mutation.name
            made[name] += 1
            right[name] += rightly(mutant, noticed)
            alone[name] += bool(noticed_alone)
            if not rightly(mutant, noticed):
                missed.append(
                    f"{app.stem}: {name}: {mutant.where} (noticed by {', '.join(sorted(noticed)) or 'nobody'})"
                )
    print(f"{'mutation':44}{'made':>6}{'right check':>13}{'no rubric':>11}")
    for one in MUTATIONS:
        print(f"{one.name:44}{made[one.name]:6}{right[one.name]:13}{alone[one.name]:11}")
    total = sum(made.values())
    print(f"{'all':44}{total:6}{sum(right.values()) / total:13.1%}{sum(alone.values()) / total:11.1%}")
    print(*missed, sep="\n")


if __name__ == "__main__":
    main()
