"""Does the app start at all?"""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import OutOfTime, Subject


@check("use", gate=True, order=-100)
def starts(subject: Subject) -> Iterator[Finding]:
    """The app starts."""
    try:
        subject.world  # noqa: B018  made from its rows: asking for it starts the app
    except OutOfTime:
        raise
    except Exception as error:
        yield wrong("app", f"the app does not start: {type(error).__name__}: {str(error)[:300]}")
    else:
        yield fine("app")
