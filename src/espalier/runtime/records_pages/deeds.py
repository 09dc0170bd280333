"""Actions, marks and deleting. What asks something first has a page, which a dialog shows too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from espalier.blueprint.schema import Action
from espalier.blueprint.steps import Confirm

from ..blocks.actions import actions_of
from ..display import Box, display_of
from ..errors import Forbidden, Invalid, NotFound
from ..fields import kind
from ..files import keep
from ..forms.form import UPLOADS
from ..records.record import Record
from ..records.steps import Asked
from ..render import fragment, render
from .page import list_url, record_of

if TYPE_CHECKING:
    from ..visit import Visit


# Actions.


@dataclass
class Question:
    """An action that is about to be taken: what it asks, what was answered, what is wrong with it."""

    visit: Visit
    record: Record
    action: Action
    asked: list[Asked]
    answers: dict[str, list[str]]
    errors: dict[str, str]

    @property
    def inputs(self) -> list[Markup]:
        display = display_of(self.visit)
        made = []
        for one in self.asked:
            box = Box(
                display, one.entity, one.field, one.path, f"ask-{one.path.replace('.', '-')}", self.answers.get(one.path, []),
                self.errors.get(one.path, "") or self.errors.get(one.field.name, ""), required=one.required,
            )  # fmt: skip
            made.append(kind(one.field).input(one.field, box))
        return made

    @property
    def words(self) -> str:
        return next((step.text for step in self.action.steps if isinstance(step, Confirm)), "")

    @property
    def general(self) -> str:
        known = {one.path for one in self.asked} | {one.field.name for one in self.asked}
        return " ".join(words for name, words in self.errors.items() if name not in known)

    @property
    def has_files(self) -> bool:
        return any(one.field.kind in UPLOADS for one in self.asked)


def ask(visit: Visit, entity: str, id: int, action: str) -> Response:
    """The page of an action: its questions, and the button."""
    record = record_of(visit, entity, id, show=())
    return _draw(visit, _question(visit, record, action))


def do(visit: Visit, entity: str, id: int, action: str) -> Response:
    record = record_of(visit, entity, id, show=())
    question = _question(visit, record, action)
    answers: dict[str, Any] = {}
    for one in question.asked:
        texts = _answered(visit, one, question)
        question.answers[one.path] = texts
        answers[one.path] = texts if one.field.many else (texts[-1] if texts else None)
    if question.errors:
        return _draw(visit, question, 422)
    if question.asked and not any(
        one.path in visit.form or one.field.kind in (*UPLOADS, "bool", "choice") for one in question.asked
    ):
        # Pressed where there was no room to ask.
        return _draw(visit, question)
    try:
        outcome = visit.records.act(record.entity, record.id, question.action, answers, show=())
    except Invalid as error:
        question.errors = dict(error.errors)
        return _draw(visit, question, 422)
    display = display_of(visit)
    here = display.record_url(record.entity, record.id)
    visit.flash(f"{question.action.label}: done.")
    if outcome.record is None:
        after = display.back(list_url(visit, record.entity))
        return _go(visit, list_url(visit, record.entity) if after.startswith(here) else after)
    return _go(visit, display.back(here))


def _answered(visit: Visit, one: Asked, question: Question) -> list[str]:
    texts = kind(one.field).given(visit.form, one.path, one.field) or []
    if one.field.kind in UPLOADS:
        for upload in visit.form.files(one.path)[:10]:
            try:
                texts = [*texts, keep(visit, upload, picture=one.field.kind == "image")]
            except Invalid as error:
                question.errors[one.path] = error.errors[""]
    return texts


def _question(visit: Visit, record: Record, slug: str) -> Question:
    """Raises Forbidden when this person may not press the button now, NotFound when there is none."""
    action = next((one for one in actions_of(visit, record) if one.slug == slug), None)
    if action is None:
        known = visit.app.blueprint.entities[record.entity].action_list
        raise Forbidden() if any(one.slug == slug for one in known) else NotFound()
    return Question(visit, record, action, visit.records.asks(record.entity, action), {}, {})


def _draw(visit: Visit, question: Question, status: int = 200) -> Response:
    display = display_of(visit)
    record = question.record
    here = display.record_url(record.entity, record.id)
    said = {
        "question": question, "title": question.action.label, "url": f"{here}/do/{question.action.slug}", "next": display.back(here),
        "record": record,
    }  # fmt: skip
    if visit.is_htmx:
        return HTMLResponse(fragment(visit, "records_pages/ask_dialog.html", **said), status)
    return render(visit, "records_pages/ask.html", status=status, **said)


def _go(visit: Visit, url: str) -> Response:
    if visit.is_htmx:
        return Response(status_code=204, headers={"HX-Redirect": url})
    return RedirectResponse(url, 303)


# Marks.


def mark(visit: Visit, entity: str, id: int, field: str) -> Response:
    """Press or release a mark; htmx gets the button back."""
    name = visit.app.entity(entity)
    visit.records.mark(name, id, field)
    display = display_of(visit)
    if visit.is_htmx:
        record = visit.records.get(name, id, show=[field])
        return HTMLResponse(display.show(record, field))
    return RedirectResponse(display.back(display.record_url(name, id)), 303)


# Deleting.


def ask_to_delete(visit: Visit, entity: str, id: int) -> Response:
    record = _may_delete(visit, entity, id)
    return _draw_delete(visit, record)


def delete(visit: Visit, entity: str, id: int) -> Response:
    record = _may_delete(visit, entity, id)
    try:
        visit.records.delete(record.entity, record.id)
    except Invalid as error:
        return _draw_delete(visit, record, " ".join(error.errors.values()), 422)
    display = display_of(visit)
    here = display.record_url(record.entity, record.id)
    visit.flash(f"{record.title} deleted.")
    after = display.back(list_url(visit, record.entity))
    # Its own page is gone.
    return _go(
        visit,
        list_url(visit, record.entity)
        if f"{after}/".startswith(f"{here}/") or f"{after}?".startswith(f"{here}?")
        else after,
    )


def _may_delete(visit: Visit, slug: str, id: int) -> Record:
    record = record_of(visit, slug, id, show=())
    if not record.may("delete") or record.entity == "User":
        raise Forbidden()
    return record


def _draw_delete(visit: Visit, record: Record, error: str = "", status: int = 200) -> Response:
    display = display_of(visit)
    here = display.record_url(record.entity, record.id)
    parts = [
        display.counted(count, child)
        for child, by in visit.app.blueprint.meaning.children(record.entity)
        if by.part and not by.many and by.name in visit.records.readable_fields(child)
        and (count := visit.records.count(child, filters={by.name: [str(record.id)]}))
    ]  # fmt: skip
    said = {
        "record": record,
        "parts": parts,
        "error": error,
        "url": f"{here}/delete",
        "next": display.back(here),
        "title": f"Delete {record.title}?",
    }
    if visit.is_htmx:
        return HTMLResponse(fragment(visit, "records_pages/delete_dialog.html", **said), status)
    return render(visit, "records_pages/delete.html", status=status, **said)
