"""What axe-core finds serious or critical."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject

COSTS = {"serious": 0.25, "critical": 0.5}  # of a page


@check("browser", weight=2)
def accessibility(subject: Subject) -> Iterator[Finding]:
    """axe-core finds nothing serious or critical on any page, for the rules of WCAG 2.2 A and AA."""
    for page in opened(subject):
        if page.violations is None:
            continue
        if not page.violations:
            yield fine(page.where)
            continue
        worst = max(page.violations, key=lambda one: (COSTS.get(one.impact, 0), one.count))
        more = f", and {len(page.violations) - 1} more" if len(page.violations) > 1 else ""
        part = max(0.0, 1 - sum(COSTS.get(one.impact, 0) for one in page.violations))
        yield Finding(
            False, page.where, f"{worst.help} ({worst.impact}, {worst.count} times): {worst.element}{more}", part=part
        )
