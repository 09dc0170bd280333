"""What every field type does at run time with its values, and the list of types.

A value has four forms: the Python value (what expressions, pages and steps use), the row value (what the column holds),
the JSON value (API, journal) and the text (CSV, the value of an input). Here is the way between them. How a value is read
from what a person wrote is the blueprint's half (blueprint/fields/, the file of the same name), which from_text calls.
None is nothing in all four forms; as text it is "".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from markupsafe import Markup
from sqlalchemy import JSON, Column, Text
from sqlalchemy.types import TypeEngine

from ...blueprint.field import Field

if TYPE_CHECKING:
    from ..display import Box, Display
    from ..visit import Form

FIELD_KINDS: dict[str, FieldKind] = {}

LIST = JSON(none_as_null=True)


class FieldKind:
    """One kind of field at run time. Subclasses register by their name; adding one is adding a file."""

    name: ClassVar[str]
    column_type: ClassVar[TypeEngine[Any]] = Text()
    searchable: ClassVar[bool] = False  # is its text found by full text search?
    indexed: ClassVar[bool] = False  # do lists filter and sort by it so often that an index pays?

    def __init_subclass__(cls) -> None:
        FIELD_KINDS[cls.name] = cls()

    def column(self, field: Field) -> Column[Any] | None:
        """The column that holds the value, named like the field; None when it is kept elsewhere (a link table)."""
        return Column(field.name, LIST if field.many else self.column_type)

    def checks(self, field: Field) -> dict[str, str]:
        """Conditions in SQL that every row must meet, each under a short name; `{column}` stands for the column."""
        return {}

    def to_row(self, value: Any, field: Field) -> Any:
        """The Python value as the column takes it."""
        if value is None or not field.many:
            return value if value is None else self.one_to_row(value)
        return [self.one_to_row(item) for item in value]

    def from_row(self, value: Any, field: Field) -> Any:
        """What the column gave as the Python value."""
        if value is None or not field.many:
            return value if value is None else self.one_from_row(value)
        return [self.one_from_row(item) for item in value]

    def to_json(self, value: Any, field: Field) -> Any:
        """The Python value as json.dumps takes it."""
        if value is None or not field.many:
            return value if value is None else self.one_to_json(value)
        return [self.one_to_json(item) for item in value]

    def from_json(self, value: Any, field: Field) -> Any:
        """The Python value of a JSON value. Raises ValueError with words for a person."""
        if value is None or value == "":
            return None
        if not field.many:
            return self.one_from_json(value, field)
        if not isinstance(value, list):
            raise ValueError("must be a list")
        return _once([self.one_from_json(item, field) for item in value])

    def to_text(self, value: Any, field: Field) -> str:
        """The Python value as a person would type it; from_text gives it back."""
        if value is None:
            return ""
        return ", ".join(self.one_to_text(item) for item in value) if field.many else self.one_to_text(value)

    def from_text(self, text: str, field: Field) -> Any:
        """The Python value of what a person typed. Raises ValueError with words for them."""
        text = text.strip()
        if not text:
            return None
        if not field.many:
            return field.type.read(text, field)
        return _once([field.type.read(part.strip(), field) for part in text.split(",") if part.strip()])

    # How a value is drawn and asked for. display and box are those of ../display.py.

    def show(self, value: Any, field: Field, display: Display, full: bool = False) -> Markup | str:
        """The value for people: markup, or text that a template escapes; "" for nothing. full: on the record's own page,
        where there is room; otherwise in a cell, a line or a card."""
        if value is None or value == [] or value == "":
            return ""
        if field.many:
            return Markup(", ").join(self.one_show(one, field, display, full) for one in value)
        return self.one_show(value, field, display, full)

    def input(self, field: Field, box: Box) -> Markup:
        """The input in which a person gives the value, with its label, hint and error."""
        return box.draw("text", value=box.value)

    def given(self, form: Form, name: str, field: Field) -> list[str] | None:
        """What a form sent for this input, as texts; None when the form had no such input."""
        return form.all(name)[-1:] if name in form else None

    # One value of the field; those above deal with many and with nothing.

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        return self.one_to_text(value)

    def one_to_row(self, value: Any) -> Any:
        return value

    def one_from_row(self, value: Any) -> Any:
        return value

    def one_to_json(self, value: Any) -> Any:
        return value

    def one_from_json(self, value: Any, field: Field) -> Any:
        if not isinstance(value, str):
            raise ValueError("must be text")
        if not value.strip():
            return None
        return field.type.read(value.strip(), field)

    def one_to_text(self, value: Any) -> str:
        return str(value)


def kind(field: Field) -> FieldKind:
    """The run-time half of a field's type."""
    return FIELD_KINDS[field.kind]


def dump(value: Any) -> str:
    """JSON as it is stored: letters as they are, so that search finds them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))
