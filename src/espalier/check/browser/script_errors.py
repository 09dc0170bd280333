"""Do the scripts of the pages run without errors?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject

WORDS = {
    "script": "a script stopped with {}",
    "console": "the browser's console says {}",
    "policy": "the browser refused something: {}",
}


@check("browser", weight=3)
def script_errors(subject: Subject) -> Iterator[Finding]:
    """No script of a page stops with an error, and nothing is refused by the browser."""
    for page in opened(subject):
        told = list(dict.fromkeys((error.kind, error.text, error.custom) for error in page.errors))
        if not told:
            yield fine(page.where)
            continue
        kind, text, custom = told[0]
        why = WORDS[kind].format(text) + (f", and {len(told) - 1} more" if len(told) > 1 else "")
        if not custom:
            suggestion = ""
        elif kind == "policy" or "sandbox" in text:
            suggestion = "a custom block has no network, no dialogs and no files but what stands in it"
        else:
            suggestion = "mend the js of the custom block"
        yield wrong(page.where, why, suggestion)
