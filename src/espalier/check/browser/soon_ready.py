"""How long until a page can be used?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject

READY_SECONDS = 5.0  # generous: a machine at work takes several times what a page needs
BUSY_SECONDS = 2.0


@check("browser", weight=1)
def soon_ready(subject: Subject) -> Iterator[Finding]:
    """Every page can be used soon after it was asked for, and its scripts do not hold it up."""
    for page in opened(subject):
        if page.hung:
            yield wrong(page.where, page.hung)
        elif page.busy > BUSY_SECONDS:
            yield wrong(page.where, f"its scripts hold the page up for {page.busy:.1f} s")
        elif max(page.ready, page.seconds) > READY_SECONDS:
            yield wrong(page.where, f"it takes {max(page.ready, page.seconds):.1f} s until it can be used")
        else:
            yield fine(page.where)
