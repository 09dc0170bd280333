"""Records as JSON: which fields, in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.field import Field
from espalier.blueprint.meaning import SYSTEM_FIELDS

from ..fields import kind
from ..records.record import Link

if TYPE_CHECKING:
    from ..records import Records
    from ..records.record import Record

SYSTEM = ("created", "updated", "owner")


def shown(records: Records, entity: str) -> list[str]:
    """The fields of an answer: all that this person may see, the system's own among them."""
    fields = records.readable_fields(entity)
    return [*fields, *(name for name in SYSTEM if name not in fields)]


def to_json(records: Records, record: Record) -> dict[str, Any]:
    """A record as the API gives it. A reference is the id of its record; marks are a number, with whether one of them is
    this person's under `marked`."""
    fields = records.entity(record.entity).fields
    said: dict[str, Any] = {"id": record.id}
    marked: list[str] = []
    for path in record:
        field = fields.get(path) or SYSTEM_FIELDS.get(path)
        if field is None or path == "id":
            continue
        said[path] = one(record[path], field)
        if field.kind == "marks" and record.marked(path):
            marked.append(path)
    if any(field.kind == "marks" for name, field in fields.items() if name in record):
        said["marked"] = marked
    return said


def one(value: Any, field: Field) -> Any:
    """A value as JSON."""
    if isinstance(value, Link):
        return value.id
    if isinstance(value, list) and any(isinstance(item, Link) for item in value):
        return [item.id for item in value]
    if field.kind in ("marks", "reference"):
        return value
    return kind(field).to_json(value, field)
