"""Does every page come to rest in a browser?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject


@check("browser", weight=3, strict=True, order=-1)
def complete_pages(subject: Subject) -> Iterator[Finding]:
    """Every page loads to its end in a browser, and asks nothing by itself."""
    for page in opened(subject):
        if page.hung:
            yield wrong(page.where, page.hung, "let every loop of a script come to an end")
        elif page.status >= 400:
            yield wrong(page.where, f"the page answers with status {page.status}")
        elif page.dialogs:
            yield wrong(
                page.where, f"it opens {page.dialogs} dialogs by itself", "write to the page instead of alert()"
            )
        else:
            yield fine(page.where)
    subject.notes["browser"] = {
        "pages": [
            {
                "page": page.page,
                "who": page.who,
                "load": round(page.seconds, 3),
                "ready": round(page.ready, 3),
                "busy": round(page.busy, 3),
            }
            for page in opened(subject)
        ]
    }
