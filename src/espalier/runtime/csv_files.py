"""Records as CSV files: what the visitor may see goes out, rows come in after a trial run that changes nothing.

A file that comes in is matched by the names of its columns; each row is made like any record, so access and rules hold. Cells that
a spreadsheet would run as formulas are made harmless on the way out and taken back on the way in.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from espalier.blueprint.field import Field

from .display import display_of
from .errors import AppError, Forbidden, Invalid, NotFound
from .fields import kind
from .records.record import Link, Record
from .render import render
from .routes import route

if TYPE_CHECKING:
    from .visit import Visit

MOST_OUT = 50_000
MOST_IN = 2_000
LARGEST = 1_000_000  # characters of a file that comes in
MOST_SHOWN = 50
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")
NOT_IN = ("file", "image", "marks", "serial", "json")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if text.startswith(FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """The cell as it was before it was guarded."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


# Out.


def export(visit: Visit, entity: str) -> Response:
    """`/{entity}/export.csv`; with `page`, `block`, `this` and the block's own query: what that table shows now."""
    name = visit.app.entity(entity)
    if not visit.records.can("read", name):
        raise Forbidden()
    out = io.StringIO()
    writer = csv.writer(out)
    for row in _rows(visit, name):
        writer.writerow([guarded(text) for text in row])
    # Names may be in any letters, and headers are Latin-1.
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(entity, safe='')}.csv"}
    # The mark in front tells spreadsheets that these are Unicode letters.
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(visit: Visit, entity: str) -> Iterator[list[str]]:
    display = display_of(visit)
    state = _state(visit, entity)
    if state is not None:
        paths = state.columns(60) if state.block.show else _all_paths(visit, entity)
    else:
        paths = _all_paths(visit, entity)
    fields = [display.field(entity, path) for path in paths]
    yield [path if "." in path else display.label(entity, path) for path in paths]
    for start in range(0, MOST_OUT, 1000):
        if state is not None:
            found = state.ask(paths, limit=1000, offset=start, count=False)
        else:
            found = visit.records.query(entity, show=paths, limit=1000, offset=start, count=False)
        for record in found:
            yield [text_of(record.get(path), one) for path, one in zip(paths, fields, strict=True)]
        if len(found) < 1000:
            return


def _all_paths(visit: Visit, entity: str) -> list[str]:
    return ["id", *visit.records.readable_fields(entity), "created"]


def _state(visit: Visit, entity: str) -> Any:
    """The table on a page that is asked for; None for all records. Raises NotFound for what is not there for this visitor."""
    from .blocks.frame import DataFrame
    from .pages import may_open

    at, slug = visit.query.get("block", ""), visit.query.get("page", "")
    if not slug:
        return None
    page = next((page for page in visit.app.blueprint.page_list if page.slug == slug), None)
    if (
        page is None
        or not may_open(visit, page)
        or not at.isascii()
        or not at.isdigit()
        or len(at) > 3
        or int(at) >= len(page.blocks)
    ):
        raise NotFound()
    block = page.blocks[int(at)]
    if getattr(getattr(block, "of", None), "entity", "") != entity:
        raise NotFound()
    this: Record | None = None
    given = visit.query.get("this", "")
    if page.each:
        if not given.isascii() or not given.isdigit() or len(given) > 18:
            raise NotFound()
        this = visit.records.get(page.each, int(given))
    return DataFrame(block, visit, page, this)


def text_of(value: Any, found: Field) -> str:
    """A value of a record as the text of a cell; a reference is its title, and from_text understands the rest again."""
    if value is None:
        return ""
    if found.kind == "reference":
        return ", ".join(str(one) for one in (value if found.many else [value]))
    if found.kind == "marks":
        return str(value)
    return kind(found).to_text(value, found)


# In.


@dataclass
class Incoming:
    """One row of a file: what it says, and what would become of it."""

    number: int
    cells: list[str]
    title: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass
class Trial:
    """A file that was read: its columns with the fields they fill, and its rows."""

    columns: list[tuple[str, str]]  # (heading, field name or "")
    rows: list[Incoming]

    @property
    def good(self) -> int:
        return sum(1 for row in self.rows if not row.faults)

    @property
    def shown(self) -> list[Incoming]:
        """What is worth seeing: the rows with faults first."""
        return sorted(self.rows, key=lambda row: (not row.faults, row.number))[:MOST_SHOWN]

    @property
    def unused(self) -> list[str]:
        return [heading for heading, name in self.columns if not name]


def ask(visit: Visit, entity: str) -> Response:
    """`/{entity}/import`: choose a file."""
    return _draw(visit, _may_import(visit, entity))


def receive(visit: Visit, entity: str) -> Response:
    """A file is tried first; with `sure`, its good rows are made, all in one change."""
    name = _may_import(visit, entity)
    upload = visit.form.file("file")
    try:
        text = _text(upload.read()) if upload is not None and upload.size else visit.form.get("text")
        trial = _read(visit, name, text)
    except Invalid as error:
        return _draw(visit, name, error=error.errors[""], status=422)
    sure = bool(visit.form.get("sure"))
    try:
        with visit.records.transaction():
            _make(visit, name, trial)
            if not sure:
                raise _OnlyTried
    except _OnlyTried:
        return _draw(visit, name, trial, text)
    display = display_of(visit)
    visit.flash(f"{display.counted(trial.good, name)} added.")
    from .records_pages.page import list_url

    return RedirectResponse(display.back(list_url(visit, name)), 303)


class _OnlyTried(Exception):
    """Leaves the transaction of a trial run, so that nothing of it is kept."""


def _may_import(visit: Visit, slug: str) -> str:
    name = visit.app.entity(slug)
    if name == "User" or visit.visitor.id is None or not visit.records.can("create", name):
        raise Forbidden()
    return name


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"": "This file is not text. Save it as CSV and try again."})


def _read(visit: Visit, entity: str, text: str) -> Trial:
    if not text.strip():
        raise Invalid({"": "Choose a file with a line of headings and at least one row."})
    if len(text) > LARGEST or "\0" in text:
        raise Invalid({"": "This file is too large or not text. Divide it, or save it as CSV."})
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max((",", ";", "\t"), key=first.count)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Invalid({"": f"This file cannot be read: {error}."}) from None
    if len(lines) < 2:
        raise Invalid({"": "There are no rows below the headings."})
    if len(lines) > MOST_IN + 1:
        raise Invalid({"": f"There are {len(lines) - 1:,} rows; at most {MOST_IN:,} can be added at once."})
    columns = _match(visit, entity, [heading.strip() for heading in lines[0]])
    if not any(name for _, name in columns):
        raise Invalid({"": "None of the headings is the name of a field. The first line must hold the names."})
    return Trial(
        columns, [Incoming(at, [unguarded(cell.strip()) for cell in row]) for at, row in enumerate(lines[1:], 2)]
    )


def fields_in(visit: Visit, entity: str) -> list[Field]:
    """The fields that a file may fill, for this visitor."""
    fields = visit.app.blueprint.entities[entity].fields
    return [fields[name] for name in visit.records.writable_fields(entity, "create") if fields[name].kind not in NOT_IN]


def _match(visit: Visit, entity: str, headings: list[str]) -> list[tuple[str, str]]:
    known: dict[str, str] = {}
    for one in fields_in(visit, entity):
        known.setdefault(_plain(one.name), one.name)
        known.setdefault(_plain(one.label), one.name)
    used: set[str] = set()
    columns = []
    for heading in headings:
        name = known.get(_plain(heading), "")
        columns.append((heading, "" if name in used else name))
        used.add(name)
    return columns


def _plain(heading: str) -> str:
    return re.sub(r"[^\w]+|_", "", heading).casefold()


def _make(visit: Visit, entity: str, trial: Trial) -> None:
    """Make a record of each row; what is wrong with a row stands in it."""
    fields = visit.app.blueprint.entities[entity].fields
    display = display_of(visit)
    found: dict[tuple[str, str], list[Link]] = {}
    for row in trial.rows:
        values: dict[str, Any] = {}
        for (_, name), cell in zip(trial.columns, row.cells, strict=False):
            if not name or not cell:
                continue
            values[name] = (
                _reference(visit, entity, fields[name], cell, row, found) if fields[name].kind == "reference" else cell
            )
        if len(row.cells) > len(trial.columns):
            row.faults.append("There are more cells than headings.")
        if row.faults:
            continue
        try:
            row.title = visit.records.create(entity, values, show=()).title
        except Invalid as error:
            row.faults += [
                f"{display.label(entity, name)}: {words}" if name else words for name, words in error.errors.items()
            ]
        except AppError as error:
            row.faults.append(error.words)


def _reference(
    visit: Visit, entity: str, field: Field, cell: str, row: Incoming, found: dict[tuple[str, str], list[Link]]
) -> Any:
    """The id (or ids) of the records whose titles stand in the cell."""
    ids = []
    for part in [piece.strip() for piece in cell.split(",")] if field.many else [cell]:
        key = (field.name, part.casefold())
        if key not in found:
            found[key] = [
                one
                for one in visit.records.options(entity, field.name, part, limit=50)
                if one.title.casefold() == part.casefold()
            ]
        same = found[key]
        if len(same) == 1:
            ids.append(str(same[0].id))
        elif same:
            row.faults.append(f"{field.label}: there are several called “{part}”.")
        else:
            row.faults.append(f"{field.label}: there is no “{part}”.")
    return ids if field.many else (ids[-1] if ids else None)


def _draw(
    visit: Visit, entity: str, trial: Trial | None = None, text: str = "", error: str = "", status: int = 200
) -> Response:
    display = display_of(visit)
    from .records_pages.page import list_url

    return render(
        visit, "csv_files.html", status=status, title=f"Import {display.plural(entity).lower()}", trial=trial, text=text, error=error,
        fields=fields_in(visit, entity), url=display.record_url(entity, "import"), next=display.back(list_url(visit, entity)),
        words=display.counted(trial.good, entity) if trial is not None else "",
    )  # fmt: skip


ROUTES = [
    route("GET", "/{entity}/export.csv", export),
    route("GET", "/{entity}/import", ask),
    route("POST", "/{entity}/import", receive),
]
