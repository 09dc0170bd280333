"""Can a page be used with the keyboard alone?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject


@check("browser", weight=1)
def keyboard(subject: Subject) -> Iterator[Finding]:
    """Tab goes through everything that can be used, in order, shows where it is, and is caught nowhere."""
    for page in opened(subject):
        keys = page.keys
        if keys is None:
            continue
        if keys.trapped:
            yield wrong(page.where, f'Tab does not get beyond "{keys.trapped}"')
        for words, names in (
            ("Tab passes over", keys.missed),
            ("this looks like a control but takes no focus:", keys.unfocusable),
            ("one cannot see that the focus is on", keys.unmarked),
            ("Tab goes far back up the page to", keys.jumps),
        ):
            if names:
                yield wrong(
                    page.where, f'{words} "{names[0]}"' + (f" and {len(names) - 1} more" if len(names) > 1 else "")
                )
        for _ in range(keys.reached):
            yield fine(page.where)
