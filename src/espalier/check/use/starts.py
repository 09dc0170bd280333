"""Does the app start, with all that its seed says?"""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import OutOfTime, Subject


@check("use", weight=1, gate=True, order=-100)
def starts(subject: Subject) -> Iterator[Finding]:
    """The app starts, and holds every record of its seed."""
    try:
        world = subject.world
    except OutOfTime:
        raise
    except Exception as error:
        yield wrong("app", f"the app does not start: {type(error).__name__}: {str(error)[:300]}")
        return
    yield fine("app")
    for entity, rows in subject.blueprint.seed.items():
        there = len(world.rows[entity])
        if there < len(rows):
            yield wrong(f"seed > {entity}", f"{len(rows)} records are written, only {there} are there")
        else:
            yield fine(f"seed > {entity}")
