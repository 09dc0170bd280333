"""Do custom blocks do anything?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject


@check("browser", weight=3)
def living_blocks(subject: Subject) -> Iterator[Finding]:
    """Every custom block shows something, and answers to clicks, typing or keys, or moves by itself."""
    for page in opened(subject):
        thrown = {error.text for error in page.errors if error.custom and error.kind == "script"}
        for played in page.played:
            where = f'"{played.title}" on {page.where}'
            if played.hung:
                yield wrong(where, "its script does not come to an end", "let every loop come to an end")
            elif thrown:
                yield wrong(where, f"its script stops with {min(thrown)}", "mend the js of the custom block")
            elif not played.drawn:
                yield wrong(where, "there is nothing to be seen in it", "draw something, or leave the block out")
            elif not played.moved and not played.controls:
                yield wrong(where, "it never changes and has nothing to click or type in", "write it as a text block")
            elif not played.moved:
                yield wrong(where, "nothing in it answers to clicks, typing or keys", "mend the js of the custom block")
            else:
                yield fine(where)
