"""Is every row of the seed in the app? Rows that break a rule of their own app are left out when it starts."""

from __future__ import annotations

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine
from ..subject import Subject


@check("use", order=-99)
def seed_planted(subject: Subject) -> Iterator[Finding]:
    """The app holds every record of its seed."""
    for entity, rows in subject.blueprint.seed.items():
        there, where = len(subject.world.rows[entity]), f"seed > {entity}"
        if there >= len(rows):
            yield fine(where)
        else:
            why = f"{len(rows)} records are written, only {there} are there: the others do not fit the fields or rules"
            yield Finding(False, where, why, "Give every row what its fields and rules demand.", there / len(rows))
