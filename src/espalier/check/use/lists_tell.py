"""Do lists show the records that the data says, in the order that is asked for, with the right counts and totals?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from espalier.blueprint.blocks.base import DataBlock, Sort
from espalier.blueprint.expression import meaning as m

from ..checks import check
from ..report import Finding, fine, wrong
from .covered import covered, entity_of
from .drawn import Drawn, drawn, reader
from .told import drawn_as, records_in, says_number, section

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page

    from ..subject import Subject
    from ..world import Row, View

SIZES = {"table": 25, "cards": 12, "list": 20, "gallery": 14, "feed": 10, "timeline": 20}
MOST = {"table": 100, "list": 100, "feed": 50}
CAROUSEL = 18
TEXTS = ("text", "long", "email", "phone", "url", "color", "location", "serial", "image", "file")
ENOUGH = 3  # records from which an order must tell them apart
ENOUGH_TO_FILTER = 5
COUNTED = re.compile(r"\((\d+)\)\s*$")


@check("use", weight=3, order=-50)
def lists_tell(subject: Subject) -> Iterator[Finding]:
    """Lists, tables and cards show the records they should, in the order asked for, with the right counts."""
    asked: list[tuple[Drawn, int, str, list[Row], list[Sort]]] = []
    for one in drawn(subject):
        if one.page is None or one.answer.status != 200:
            continue
        view = subject.world.of(one.who)
        for at, block in enumerate(one.page.blocks):
            if drawn_as(block) in SIZES and isinstance(block, DataBlock):
                if block.shown is not None and not view.holds(block.shown, one.page.each, one.this and one.this[1]):
                    continue
                yield from _told(one, one.page, at, block, view)
                asked += [(one, at, query, rows, sort) for query, rows, sort in _questions(view, one, at, block)]
    # In a quick look one of them, for one app in four: each draws a page anew.
    few = 1 if subject.chance.random() < 0.25 else 0
    for one, at, query, rows, sort in subject.some(asked, few) if few or subject.thorough else ():
        yield _answered(subject, one, at, query, rows, sort)
    for page in subject.pages:
        subject.in_time()
        view = subject.world.of(reader(subject, page))
        for block in page.blocks:
            if isinstance(block, DataBlock) and drawn_as(block) not in ("form", "detail"):
                yield from _useful(view, page, block)


def _told(one: Drawn, page: Page, at: int, block: Any, view: View) -> Iterator[Finding]:
    kind, entity = drawn_as(block), block.source.entity
    where = f"{one.where} > {at + 1} {block.kind} {entity}"
    node = section(one, page, at)
    if node is None:
        yield wrong(where, "the block is not on the page")
        return
    rows = covered(view, block, entity, one.this)
    shown, most = records_in(node, kind), _size(kind, block)
    ids = {row["id"] for row in rows}
    if strange := [id for id in shown if id not in ids]:
        yield wrong(where, f"shows {entity} {strange[0]}, which does not belong there")
    elif len(shown) != min(len(rows), most):
        yield wrong(where, f"shows {len(shown)} records where there are {min(len(rows), most)}")
    else:
        yield _ordered(view, block.sort, entity, rows, shown, where) if block.sort else fine(where)
    if block.filter and rows:
        yield from _counts(view, block, entity, rows, node, f"b{at}", where)
    if kind == "table" and getattr(block, "total", None) and rows:
        yield from _totals(view, block, entity, rows, node, where)


def _questions(view: View, one: Drawn, at: int, block: Any) -> Iterator[tuple[str, list[Row], list[Sort]]]:
    """What a person may ask of a list, as the query of its address, with the records that should come and their order: a value
    of each filter, and for a table the first column, either way."""
    entity = block.source.entity
    rows = covered(view, block, entity, one.this)
    for path in map(str, block.filter):
        field = view.world.place(entity, path)
        values = [value for row in rows if (value := view.at(entity, row, path)) is not None]
        if field is None or field.kind not in ("choice", "reference", "bool") or field.many or not values:
            continue
        wanted = values[len(values) // 2]
        text = ("yes" if wanted else "no") if field.kind == "bool" else quote(str(wanted))
        yield f"b{at}.{path}={text}", [row for row in rows if view.at(entity, row, path) == wanted], block.sort
    if drawn_as(block) == "table":
        path = next((str(path) for path in block.show if sortable(view, entity, str(path))), "")
        for descending in (False, True) if path and rows else ():
            order = Sort(path, descending)
            yield f"b{at}-sort={order}", rows, [order]


def sortable(view: View, entity: str, path: str) -> bool:
    """Can a table be sorted by it?"""
    field = view.world.place(entity, path)
    kinds = ("json", "image", "file", "tags", "marks")
    return field is not None and not field.many and field.kind not in kinds and view.sees(entity, path) is not False


def _answered(subject: Subject, one: Drawn, at: int, query: str, rows: list[Row], sort: list[Sort]) -> Finding:
    """Does the list hold what was asked for?"""
    assert one.page is not None
    block: Any = one.page.blocks[at]
    kind, entity = drawn_as(block), block.source.entity
    who = subject.cast.named(one.who)
    url = f"{one.url}?{query}"
    again = Drawn(one.page, one.who, f"{url} as {who}", url, subject.seeded(url, one.who), one.this)
    node = section(again, one.page, at) if again.answer.status == 200 else None
    if node is None:
        return wrong(again.where, f"answers {again.answer.status}, without the {block.kind} of {entity}")
    shown, ids = records_in(node, kind), {row["id"] for row in rows}
    if strange := [id for id in shown if id not in ids]:
        return wrong(again.where, f"shows {entity} {strange[0]}, which was not asked for")
    if len(shown) != min(len(rows), _size(kind, block)):
        return wrong(again.where, f"shows {len(shown)} records where there are {len(rows)}")
    if not sort:
        return fine(again.where)
    return _ordered(subject.world.of(one.who), sort, entity, rows, shown, again.where)


def _size(kind: str, block: Any) -> int:
    if kind in MOST:
        return min(block.limit or SIZES[kind], MOST[kind])
    size = CAROUSEL if getattr(block, "carousel", False) else SIZES[kind]
    return min(size, block.limit) if block.limit else size


def _ordered(view: View, sort: list[Sort], entity: str, rows: list[Row], shown: list[int], where: str) -> Finding:
    """Do they stand in this order? Those that are alike may stand either way."""
    right = [row["id"] for row in in_order(view, entity, rows, sort)][: len(shown)]
    by_id = {row["id"]: row for row in rows}
    for at, (id, other) in enumerate(zip(shown, right, strict=True)):
        if order_key(view, entity, by_id[id], sort) != order_key(view, entity, by_id[other], sort):
            order = ", ".join(map(str, sort))
            return wrong(where, f"sorted by {order}, record {other} should be the {at + 1}., not record {id}")
    return fine(where)


def in_order(view: View, entity: str, rows: list[Row], sort: list[Sort]) -> list[Row]:
    """The rows in an order of the blueprint; nothing comes last."""
    found = list(rows)
    for one in reversed(sort):
        pairs = [(sort_value(view, entity, row, one.path), row) for row in found]
        valued = sorted((pair for pair in pairs if pair[0] is not None), key=itemgetter(0), reverse=one.descending)
        found = [row for _, row in (*valued, *(pair for pair in pairs if pair[0] is None))]
    return found


def order_key(view: View, entity: str, row: Row, sort: list[Sort]) -> list[Any]:
    """What a record is sorted by."""
    return [sort_value(view, entity, row, one.path) for one in sort]


def sort_value(view: View, entity: str, row: Row, path: str) -> Any:
    """By value; a reference by its title, a choice by its place in the list, text without regard to capitals."""
    field = view.world.place(entity, path)
    value = view.at(entity, row, path)
    if field is None or value is None or isinstance(value, list):
        return None
    if field.kind == "reference":
        title = view.blueprint.entities[field.target].title_field
        target = view.world.row(field.target, value)
        return None if target is None or title == "id" else sort_value(view, field.target, target, title)
    if field.kind == "choice":
        return field.choices.index(value) if value in field.choices else len(field.choices)
    return value.lower() if field.kind in TEXTS and isinstance(value, str) else value


def _counts(view: View, block: Any, entity: str, rows: list[Row], node: Any, key: str, where: str) -> Iterator[Finding]:
    """The numbers behind the values of a filter."""
    for path in map(str, block.filter):
        select = node.css_first(f'select[name="{key}.{path}"]')
        field = view.world.place(entity, path)
        if select is None or field is None:
            continue
        right: Counter[str] = Counter()
        for row in rows:
            value = view.at(entity, row, path)
            for one in dict.fromkeys(value) if isinstance(value, list) else (value,):
                if one is not None:
                    right[str(one)] += 1
        said = {
            option.attributes.get("value") or "": int(found[1])
            for option in select.css("option")
            if (found := COUNTED.search(option.text())) is not None
        }
        if field.kind == "bool":
            said = {"False" if name == "no" else "True": count for name, count in said.items()}
        if field.kind in ("choice", "reference", "bool") and said != dict(right):
            yield wrong(f"{where} > filter {path}", f"counts {said}, the data says {dict(right)}")
        else:
            yield fine(f"{where} > filter {path}")


def _totals(view: View, block: Any, entity: str, rows: list[Row], node: Any, where: str) -> Iterator[Finding]:
    """The sums at the foot of a table."""
    cells = {cell.attributes.get("data-label"): cell.text().strip() for cell in node.css("tfoot td")}
    for path in map(str, block.total):
        field = view.world.place(entity, path)
        values = [value for row in rows if (value := view.at(entity, row, path)) is not None]
        if field is None or path not in (list(map(str, block.show)) or [path]):
            continue
        total = sum(values) / (100 if field.kind == "money" else 1)
        text = cells.get(field.label)
        if text is None:
            continue
        right = says_number(text, total) or (total == 0 and not text)
        yield fine(where) if right else wrong(f"{where} > total {path}", f"says {text!r}, the data says {total:g}")


# --- is it of use? ----------------------------------------------------------------------------------------------------


def _useful(view: View, page: Page, block: Any) -> Iterator[Finding]:
    """What a list is narrowed down and sorted by must tell records apart."""
    entity = entity_of(view, block)
    where = f"pages > {page.key} > {block.kind} {entity}"
    rows = covered(view, block, entity)
    if block.where is not None:
        fields = contradicted(view, block.where)
        if fields:
            yield wrong(
                f"{where} > where", f"`{block.where}` can never be true: {fields}", "Ask for one of the values."
            )
        elif view.readable(entity):
            yield fine(f"{where} > where")
    if len(rows) < ENOUGH:
        return
    for path in map(str, block.filter) if len(rows) >= ENOUGH_TO_FILTER else ():
        values = {str(view.at(entity, row, path)) for row in rows}
        if len(values) > 1:
            yield fine(f"{where} > filter {path}")
        else:
            yield wrong(f"{where} > filter {path}", f"all {len(rows)} records have the same {path}: there is nothing to choose",
                        "Filter by what tells them apart, or seed records that differ in it.")  # fmt: skip
    for one in block.sort:
        if any(view.at(entity, row, one.path) is not None for row in rows):
            yield fine(f"{where} > sort {one.path}")
        else:
            yield wrong(f"{where} > sort {one.path}", f"no record has a {one.path} to be sorted by",
                        "Sort by a field that they have, or seed it.")  # fmt: skip


def contradicted(view: View, where: Any) -> str:
    """Words for what a condition asks at once of one field, though it cannot be; "" when nothing."""
    part = view.world.bound(where).meaning
    wanted: dict[m.Meaning, Any] = {}
    for one in part.operands if isinstance(part, m.Logic) and part.operator == "and" else (part,):
        if isinstance(one, m.Constant) and not one.value:
            return "it is always false"
        if isinstance(one, m.Compare) and one.operator == "=" and isinstance(one.right, m.Constant):
            if one.left in wanted and wanted[one.left] != one.right.value:
                name = getattr(one.left, "field", "one thing")
                return f"{name} is {wanted[one.left]} and {one.right.value} at once"
            wanted[one.left] = one.right.value
    return ""
