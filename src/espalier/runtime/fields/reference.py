"""A record of another entity, stored as its id; many in a link table. The Python value here is the id, or a list of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from sqlalchemy import Column, Integer

from ...blueprint.field import Field
from ..records.record import Link
from ..render import fragment
from .base import FieldKind

FEW = 30  # so many records stand in a plain select
MOST_WITHOUT_SCRIPT = 300  # of more than that, those without scripts see the first

if TYPE_CHECKING:
    from ..display import Box, Display
    from ..visit import Form


class Reference(FieldKind):
    name = "reference"
    column_type = Integer()
    indexed = True

    def column(self, field: Field) -> Column[Any] | None:
        return None if field.many else super().column(field)

    def one_from_json(self, value: Any, field: Field) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError("must be the id of a record")
        return field.type.read(str(value).strip(), field)

    def one_show(self, value: Any, field: Field, display: Display, full: bool) -> Markup | str:
        # Only what the visitor may read arrives here as a Link; ids alone are never shown.
        if not isinstance(value, Link):
            return ""
        if value.entity == "User":
            if display.dense:
                return display.link(value)
            return Markup('<a class="person" href="{}">{}<span>{}</span></a>').format(
                display.record_url("User", value.id), display.ui.avatar(value.title, size="small"), value.title
            )
        return display.link(value)

    def given(self, form: Form, name: str, field: Field) -> list[str]:
        return [text for text in form.all(name) if text]

    def input(self, field: Field, box: Box) -> Markup:
        records = box.display.visit.records
        few = records.options(box.entity, field.name, limit=FEW + 1)
        missing = [int(text) for text in box.values if text.isascii() and text.isdigit() and len(text) < 19]
        missing = [id for id in missing if id not in {one.id for one in few}]
        if len(few) > FEW:
            few = records.options(box.entity, field.name, limit=MOST_WITHOUT_SCRIPT)
            missing = [id for id in missing if id not in {one.id for one in few}]
        if missing:
            few = [*records.options(box.entity, field.name, ids=missing), *few]
        options = [(one.id, one.title) for one in few]
        context: dict[str, Any] = {"options": options, "chosen": set(box.values), "box": box, "field": field}
        if field.many:
            chosen = [id for id, _ in options if str(id) in box.values]
            return fragment(box.display.visit, "forms/many.html", **context, chosen_ids=chosen)
        url = box.display.record_url(box.entity, "options", field.name) if len(options) > FEW else ""
        new = ""
        # Inside a dialog or a row there is no room for another form.
        if (
            not box.bare
            and not box.display.visit.is_htmx
            and field.target != "User"
            and records.can("create", field.target)
        ):
            new = box.display.new_url(field.target, **{"for": f"{box.entity}.{field.name}", "box": box.id})
        words = box.display.singular(field.target)
        return fragment(
            box.display.visit,
            "forms/reference.html",
            **context,
            more=box.more,
            options_url=url,
            new_url=new,
            new_words=words,
        )
