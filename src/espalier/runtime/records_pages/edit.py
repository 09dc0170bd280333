"""New and edited records: pages with a form, and the same form in a dialog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ..blocks.actions import dialog
from ..display import Box, display_of, texts_of
from ..errors import Forbidden, NotFound
from ..fields import kind
from ..forms import RecordForm
from ..forms.strangers import may_send, trapped
from ..records.record import Record
from ..render import fragment, render
from .page import list_url, record_of

if TYPE_CHECKING:
    from ..visit import Visit

OURS = ("go-next", "for", "box", "csrf")


def new(visit: Visit, entity: str) -> Response:
    """`/{entity}/new?field=value`: the form of a new record, with what the address says filled in."""
    name = _may_create(visit, entity)
    start = {key: value for key, value in visit.query.items() if key not in OURS}
    return _draw_new(visit, RecordForm(visit, name, start=start, lines=True))


def create(visit: Visit, entity: str) -> Response:
    name = _may_create(visit, entity)
    if trapped(visit):
        return RedirectResponse(visit.url("/"), 303)
    may_send(visit)
    form = RecordForm(visit, name, lines=True).read()
    saved = form.save()
    if saved is None:
        return _draw_new(visit, form, 422)
    if visit.is_htmx:
        return _made_in_dialog(visit, saved)
    display = display_of(visit)
    visit.flash(f"{display.singular(name).capitalize()} added.")
    try:
        visit.records.get(name, saved.id, ())
        here = display.record_url(name, saved.id)
    except NotFound:
        here = visit.url("/")
    return RedirectResponse(display.back(here, form.entity) if display.said_next(form.entity) else here, 303)


def _may_create(visit: Visit, slug: str) -> str:
    name = visit.app.entity(slug)
    # People get an account by signing up or by invitation, never by a record.
    if name == "User" or not visit.records.can("create", name):
        raise Forbidden()
    return name


def _draw_new(visit: Visit, form: RecordForm, status: int = 200) -> Response:
    display = display_of(visit)
    said = {
        "form": form, "title": f"New {display.singular(form.entity)}", "button": "Add", "next": _next(visit, form.entity), "trap": visit.visitor.id is None,
        "url": display.new_url(form.entity, **{name: visit.query.get(name) for name in ("for", "box")}),
    }  # fmt: skip
    if visit.is_htmx:
        return HTMLResponse(fragment(visit, "records_pages/dialog.html", **said), status)
    return render(
        visit,
        "records_pages/edit.html",
        status=status,
        cancel=display.back(list_url(visit, form.entity), form.entity),
        dialog=dialog(visit),
        **said,
    )


def _next(visit: Visit, entity: str) -> str:
    return display_of(visit).said_next(entity)


def _made_in_dialog(visit: Visit, saved: Record) -> Response:
    """The dialog says that it is done, and the select it was opened from offers the new record."""
    entity, _, name = visit.query.get("for", "").partition(".")
    box = visit.query.get("box", "")
    found = visit.app.blueprint.entities.get(entity)
    field = found.fields.get(name) if found is not None else None
    select: Markup | str = ""
    if field is not None and field.kind == "reference" and re.fullmatch(r"[\w-]{1,80}", box):
        drawn = kind(field).input(field, Box(display_of(visit), entity, field, name, box, [str(saved.id)]))
        swapped = str(drawn).replace(f'id="{box}-box"', f'id="{box}-box" hx-swap-oob="true"', 1)
        select = Markup(swapped)  # noqa: S704 - it was markup
    return HTMLResponse(fragment(visit, "records_pages/made.html", saved=saved, select=select))


def edit(visit: Visit, entity: str, id: int) -> Response:
    """`/{entity}/{id}/edit`."""
    record = _may_update(visit, entity, id)
    return _draw_edit(visit, RecordForm(visit, record.entity, record=record, lines=True))


def update(visit: Visit, entity: str, id: int) -> Response:
    record = _may_update(visit, entity, id)
    form = RecordForm(visit, record.entity, record=record, lines=True).read()
    saved = form.save()
    if form.conflict:
        return _draw_edit(visit, form, 409)
    if saved is None:
        return _draw_edit(visit, form, 422)
    visit.flash("Saved.")
    display = display_of(visit)
    here = display.record_url(record.entity, record.id)
    return RedirectResponse(display.back(here, form.entity) if display.said_next(form.entity) else here, 303)


def _may_update(visit: Visit, slug: str, id: int) -> Record:
    record = record_of(visit, slug, id)
    if not record.may("update"):
        raise Forbidden()
    return record


def _draw_edit(visit: Visit, form: RecordForm, status: int = 200) -> Response:
    assert form.record is not None
    display = display_of(visit)
    here = display.record_url(form.entity, form.record.id)
    said: dict[str, Any] = {
        "form": form,
        "title": f"Edit {form.record.title}",
        "button": "Save",
        "next": _next(visit, form.entity),
        "trap": False,
    }
    if form.conflict:
        said |= {
            "button": "Save mine",
            "differences": _differences(form),
            "changed": display.show(form.record, "updated", True),
        }
    return render(
        visit, "records_pages/edit.html", status=status, url=f"{here}/edit", cancel=display.back(here, form.entity) if _next(visit, form.entity) else here,
        dialog=dialog(visit), **said,
    )  # fmt: skip


def _differences(form: RecordForm) -> list[tuple[str, Any, Any]]:
    """(label, the value now, what was typed in) of the fields in which the two differ."""
    assert form.record is not None
    found: list[tuple[str, Any, Any]] = []
    for name in form.names:
        field = form.spec.fields[name]
        now, mine = texts_of(form.record.get(name), field), list(form.values.get(name, []))
        if field.kind == "bool":
            now = ["true" if text == "yes" else "false" for text in now] or ["false"]
        if field.kind == "datetime":
            mine = [text.replace("T", " ") for text in mine]
        if now == mine or (not any(mine) and not now):
            continue
        typed: Any = ", ".join(mine)
        if field.kind == "reference":
            ids = [int(text) for text in mine if text.isascii() and text.isdigit() and len(text) < 19]
            typed = ", ".join(one.title for one in form.visit.records.options(form.entity, name, ids=ids))
        found.append((field.label, form.display.show(form.record, name), typed))
    return found
