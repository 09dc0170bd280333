"""Does everything that the pages ask for arrive?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from .capture import opened

if TYPE_CHECKING:
    from ..subject import Subject


@check("browser", weight=2)
def failed_requests(subject: Subject) -> Iterator[Finding]:
    """Everything a page asks for arrives, and it asks nothing of other servers."""
    for page in opened(subject):
        missing = list(dict.fromkeys((one.url, one.reason) for one in page.missing))
        if not missing:
            yield fine(page.where)
            continue
        url, reason = missing[0]
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        yield wrong(
            page.where,
            f"{url} does not arrive ({reason}){more}",
            "apps reach nothing but themselves: upload it instead",
        )
