"""Records in columns by a choice, a reference or yes/no. Dragged, moved by buttons, or by a list of columns without scripts.

A move is an update like any other: `POST /{entity}/{id}/move/{field}` asks Records, which refuses what the person may not do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field

from ..errors import AppError, Forbidden, NotFound
from ..look.words import tone
from ..records import Link
from ..routes import route
from .actions import buttons, dialog, look_ahead
from .frame import DataFrame
from .portrait import Layout, Portrait

if TYPE_CHECKING:
    from espalier.blueprint.blocks.board import Board
    from espalier.blueprint.schema import Page

    from ..visit import Visit

MOST = 300  # records on a board
MOST_COLUMNS = 24
KINDS = ("choice", "reference", "bool")


@dataclass
class Column:
    """One column: the text that a move sends, its name, and its cards."""

    value: str
    title: str
    tone: str = "neutral"
    cards: list[Portrait] = field(default_factory=list)


def render(block: Board, visit: Visit, page: Page, this: Any = None) -> Markup:
    """The board."""
    frame = DataFrame(block, visit, page, this)
    spec = frame.field(frame.by)
    if spec is None or ("." not in frame.by and frame.by not in frame.readable):
        return Markup()
    show = [str(path) for path in block.show if str(path) != frame.by]
    layout = Layout(frame, show, leave_out=[frame.by], facts=3)
    found = frame.records.query(
        frame.entity,
        show=[*layout.shown, frame.by],
        sort=block.sort,
        limit=min(block.limit or MOST, MOST),
        may=("update",),
        **frame.limits,
    )
    layout.see(found)
    columns = _columns(frame, spec, [record.get(frame.by) for record in found])
    by_value = {column.value: column for column in columns}
    own = "." not in frame.by and not spec.many and spec.typed_in
    settable = own and frame.by in frame.records.writable_fields(frame.entity, "update")
    narrow = settable and frame.visit.app.blueprint.access.get(frame.entity) is not None
    movable: set[int] = set()
    look_ahead(frame.visit, found)
    for record in found:
        column = by_value.get(value_text(record.get(frame.by)))
        if column is None:
            continue
        card = layout.portrait(record)
        column.cards.append(card)
        if settable and record.may("update") and (not narrow or _may_set(frame, record)):
            movable.add(record.id)
        else:
            card.actions = buttons(frame.visit, record, menu=False)
    acting = any(card.actions for column in columns for card in column.cards)
    made = frame.draw(
        "board.html", columns=columns, movable=movable, filters=frame.filter_bar(frame.entity, found.total or 0, 30),
        url=frame.display.record_url(frame.entity, "{}", "move", frame.by).replace("%7B%7D", "{}"), left=max(0, (found.total or 0) - len(found)),
        can_add=frame.records.can("create", frame.entity), new=frame.display.new_url(frame.entity), field=frame.by,
    )  # fmt: skip
    return made + dialog(frame.visit) if acting else made


def _may_set(frame: DataFrame, record: Any) -> bool:
    """May this person set the field on this very record, where a rule looks at the record?"""
    entry = frame.visit.app.blueprint.access[frame.entity].fields.get(frame.by)
    if entry is None or entry.write is None:
        return True
    return frame.by in frame.records.writable_fields(frame.entity, "update", record)


def value_text(value: Any) -> str:
    """A value as a move sends it."""
    if isinstance(value, Link):
        return str(value.id)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _columns(frame: DataFrame, spec: Field, values: list[Any]) -> list[Column]:
    if spec.kind == "bool":
        label = frame.display.label(frame.entity, frame.by)
        columns = [Column("false", f"Not {label.lower()}"), Column("true", label, "success")]
    elif spec.kind == "choice":
        open_choices = possible(frame, spec)
        columns = [
            Column(choice, choice, tone(choice))
            for choice in spec.choices
            if choice in open_choices or choice in values
        ]
    else:
        links = {value.id: value for value in values if isinstance(value, Link)}
        if "." not in frame.by:
            offered = frame.records.options(frame.entity, frame.by, limit=MOST_COLUMNS)
            links = {one.id: one for one in offered} | links
        columns = [Column(str(link.id), link.title, "primary") for link in links.values()]
    if any(value is None for value in values) and spec.kind != "bool":
        columns.insert(0, Column("", f"No {frame.display.label(frame.entity, frame.by).lower()}"))
    elif spec.kind == "bool":
        for at, value in enumerate(values):
            values[at] = bool(value)
    return columns


def possible(frame: DataFrame, spec: Field) -> set[str]:
    """The choices that the block's `where` leaves open: a board without closed tickets has no column for them."""
    left = set(spec.choices)
    if frame.block.where is None:
        return left
    bound = frame.records.access.bound(frame.block.where).meaning
    for part in bound.operands if isinstance(bound, m.Logic) and bound.operator == "and" else (bound,):
        left &= _allowed(part, frame.by, spec)
    return left


def _allowed(part: m.Meaning, name: str, spec: Field) -> set[str]:
    everything = set(spec.choices)

    def is_it(one: m.Meaning) -> bool:
        return isinstance(one, m.Value) and one.anchor == "record" and not one.hops and one.field == name

    if isinstance(part, m.Not):
        inside = _allowed(part.operand, name, spec)
        return everything - inside if inside != everything else everything
    if isinstance(part, m.Compare) and isinstance(part.right, m.Constant) and is_it(part.left):
        if part.operator == "=":
            return {str(part.right.value)}
        if part.operator == "!=":
            return everything - {str(part.right.value)}
    if isinstance(part, m.OneOf) and is_it(part.item):
        return {str(option.value) for option in part.options if isinstance(option, m.Constant)}
    if isinstance(part, m.Logic) and part.operator == "or":
        return set().union(*(_allowed(one, name, spec) for one in part.operands))
    return everything


def move(visit: Visit, entity: str, id: int, field: str) -> Response:
    """`POST /{entity}/{id}/move/{field}`: put the record into another column. Scripts get words when it is refused."""
    name = visit.app.entity(entity)
    spec = visit.app.blueprint.entities[name].fields.get(field)
    if spec is None or spec.kind not in KINDS or spec.many or field not in visit.form:
        raise NotFound
    by_script = visit.headers.get("hx-request") == "true"
    try:
        visit.records.update(name, id, {field: visit.form.get(field)}, show=())
    except AppError as error:
        if by_script:
            if isinstance(error, Forbidden) and visit.visitor.id is None:
                return PlainTextResponse("Please sign in first.", 403)
            errors = getattr(error, "errors", {})
            return PlainTextResponse(" ".join(errors.values()) or error.words, error.status)
        if isinstance(error, Forbidden | NotFound):
            raise
        visit.flash(" ".join(getattr(error, "errors", {}).values()) or error.words, "danger")
    if by_script:
        return Response(status_code=204)
    from ..display import display_of

    display = display_of(visit)
    return RedirectResponse(display.back(display.record_url(name, id)), 303)


ROUTES = [route("POST", "/{entity}/{id:int}/move/{field}", move)]
