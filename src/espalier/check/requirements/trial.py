"""Trying an app for a requirement, through the only way in which anybody writes: the same record once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from espalier.runtime.access import AUTHOR
from espalier.runtime.errors import Invalid
from espalier.runtime.records import Records

if TYPE_CHECKING:
    from ..subject import Subject


def saved_twice(subject: Subject, entity: str) -> bool | None:
    """Could a record of this entity be saved a second time with the same values? None when there is none to try it with."""
    app = subject.app
    rows = subject.rows(app.database.tables[entity])
    fields = [field for field in app.blueprint.entities[entity].fields.values() if field.seeded]
    if not rows or any(field.many for field in fields):
        return None
    kept = {field.name: rows[-1][field.name] for field in fields if rows[-1].get(field.name) is not None}
    with subject.untouched():
        subject.touch()
        try:
            Records(app, AUTHOR).put(entity, kept, owner=rows[-1].get("owner"))
        except Invalid:
            return False
        return True
