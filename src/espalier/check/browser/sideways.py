"""Do pages fit the window's width?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import captures

if TYPE_CHECKING:
    from ..subject import Subject

SLACK = 1  # px


@check("browser", weight=2)
def sideways(subject: Subject) -> Iterator[Finding]:
    """No page, and no custom block, is wider than a phone (375 px) or a desk's window (1440 px)."""
    for seen in captures(subject):
        where = f"{seen.page} as {seen.who} at {seen.width} px"
        frame = next((flaw for flaw in seen.flaws if flaw.kind == "wide frame"), None)
        if seen.too_wide <= SLACK and frame is None:
            yield fine(where)
            continue
        if seen.too_wide <= SLACK and frame is not None:
            yield wrong(
                where, f'"{frame.block}" is {frame.right} px wider than its place', "use widths in % in its css"
            )
            continue
        culprit = next((flaw for flaw in seen.flaws if flaw.kind == "beyond"), None)
        told = f': "{culprit.text}" in "{culprit.block}" reaches {culprit.right} px' if culprit else ""
        yield wrong(
            where, f"it is {seen.too_wide} px wider than the window{told}", "write shorter words or show fewer fields"
        )
