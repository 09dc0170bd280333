"""What is given for a record, as Python values: from text of forms, CSV and seeds, and from JSON.

Only the shape of a value is judged here (is it a date, one of the choices, inside the range); whether this person may set
it, and whether a reference leads to a record they may choose, is write.py's.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from espalier.blueprint.field import Field

from ..fields import kind
from .record import Link

MOST_LINKS = 500
MISSING = "This is needed."
NOT_LISTED = "Choose one from the list."


def read_value(value: Any, field: Field) -> Any:
    """The Python value of a field; a reference is an id, or a list of ids. Raises ValueError with a sentence for people."""
    try:
        found = _read(value, field)
    except ValueError as error:
        if field.kind == "reference":
            raise ValueError(NOT_LISTED) from None
        raise ValueError(_sentence(str(error))) from None
    except (OverflowError, RecursionError, TypeError, AttributeError):
        raise ValueError("This is not understood.") from None
    if field.many and found is not None and len(found) > MOST_LINKS:
        raise ValueError(f"These are too many: at most {MOST_LINKS}.")
    return found


def _read(value: Any, field: Field) -> Any:
    if isinstance(value, Link):
        value = value.id
    if isinstance(value, datetime.date | datetime.time | Decimal):
        value = value.isoformat() if not isinstance(value, Decimal) else str(value)
    if isinstance(value, list | tuple | set | frozenset) and field.many:
        value = [item.id if isinstance(item, Link) else item for item in value if item not in ("", None)]
    if isinstance(value, list) and not field.many and field.kind not in ("tags", "json"):
        # A form may send a name more than once; the last one counts.
        value = value[-1] if value else None
    if isinstance(value, int) and not isinstance(value, bool) and field.many and field.kind == "reference":
        value = [value]
    found = kind(field).from_text(value, field) if isinstance(value, str) else kind(field).from_json(value, field)
    if field.kind == "rating" or field.kind == "int":
        _whole(found)
    return found


def _whole(value: Any) -> None:
    # SQLite's integers end at 2**63.
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("is too large")


def missing(value: Any, field: Field) -> bool:
    """Is what is required not there? A required yes/no wants a yes."""
    return value is None or value == [] or (field.kind == "bool" and value is not True)


def _sentence(words: str) -> str:
    """`must be a date` as `This must be a date.`"""
    said = f"This {words}"
    return said if said.endswith((".", "!", "?")) else f"{said}."
