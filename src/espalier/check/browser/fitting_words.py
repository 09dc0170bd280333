"""Do words fit where they stand?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import captures

if TYPE_CHECKING:
    from ..subject import Subject

WORDS = {"cut": "is cut off", "outside": "reaches out of its card", "overlaps": 'lies over "{other}"'}


@check("browser", weight=2)
def fitting_words(subject: Subject) -> Iterator[Finding]:
    """No words are cut off, lie over others, or reach out of their card."""
    for seen in captures(subject):
        where = f"{seen.page} as {seen.who} at {seen.width} px"
        flaws = [flaw for flaw in seen.flaws if flaw.kind in WORDS]
        if not flaws:
            yield fine(where)
            continue
        first = flaws[0]
        inside = f' in "{first.block}"' if first.block else ""
        more = f", and {len(flaws) - 1} more" if len(flaws) > 1 else ""
        yield wrong(
            where, f'"{first.text}"{inside} {WORDS[first.kind].format(other=first.other)}{more}', "write shorter words"
        )
