"""What does not fit is refused by every form: with words at the field, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..checks import check
from ..report import Finding, fine, wrong
from ..sheet import Sheet, record_sheet, sheet_of_block
from ..stored import Stored, now, seeded
from .forms import UPLOADS, Place, fill_in, imagined, places
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.blueprint.field import Field
    from espalier.runtime.access import Visitor

    from ..subject import Answer, Subject

QUICK = 1
NOBODY = "999999999"  # the id of a record that is not there
Slips = dict[str, str]  # field -> the kind of slip


@check("use", weight=4)
def forms_refuse(subject: Subject) -> Iterator[Finding]:
    """What does not fit is refused by every form, with words at the field, and nothing is saved."""
    if not in_turn(subject, "forms_refuse"):
        return
    stored = seeded(subject)
    pairs = [(place, who) for place, people in places(subject) for who in people[:1]]
    for place, who in subject.some(pairs, QUICK):
        if not subject.thorough:
            # The same form in the dialog for a new record, which is a tenth of a page.
            quick = Place(place.entity)
            yield from _all_at_once(subject, stored, quick, who, imagined(stored, quick, who))
            continue
        _, sheet = place.opened(subject, who)
        if sheet is None:
            continue
        yield from _all_at_once(subject, stored, place, who, sheet)
        yield from _one_by_one(subject, stored, place, who, sheet)


def _all_at_once(subject: Subject, stored: Stored, place: Place, who: Visitor, sheet: Sheet) -> Iterator[Finding]:
    """A form in which every field has a slip: each must be said."""
    fields = stored.blueprint.entities[place.entity].fields
    sent: dict[str, Any] = {}
    slips: Slips = {}
    empty = subject.chance.random() < 0.5
    for name in sheet.fields:
        spec = fields[name]
        empty = not empty
        values = [one for one in spec.type.wrong(spec) if one != NOBODY]
        if spec.kind == "reference" and not sheet.options(name):
            values = []  # there is nothing to choose and no input
        if spec.kind == "bool" or (spec.kind == "reference" and not values):
            continue
        if spec.required and (empty or not values or spec.kind in UPLOADS):
            sent[name], slips[name] = [""], "left empty"
        elif values and spec.kind not in UPLOADS:
            value = subject.chance.choice(values)
            sent[name], slips[name] = [value], f"given `{_short(value)}`"
    if not slips:
        return
    form = sheet.filled(sent) if sheet.node is not None else {"all-of": " ".join(sheet.fields), **_said(sent)}
    yield from _refused(subject, stored, place, who, form, slips)


def _one_by_one(subject: Subject, stored: Stored, place: Place, who: Visitor, sheet: Sheet) -> Iterator[Finding]:
    """The form filled in as it should be but for one field, for each way in which it can be wrong."""
    filled = fill_in(stored, place, sheet, who)
    if filled.problem:
        return
    fields = stored.blueprint.entities[place.entity].fields
    for name in sheet.fields:
        for value, said in _slips_of(fields[name]):
            sent = dict(filled.sent)
            sent.pop(name, None)
            sent[name] = [value or ""]
            yield from _refused(subject, stored, place, who, sent, {name: said})
            subject.restore()
    if filled.search is None:
        return
    for condition in filled.search.conditions:
        if condition.kind != "rule":
            continue
        broken = filled.search.break_only(condition, filled.given)
        if broken is None:
            continue
        sent = sheet.filled({**filled.sent, **broken.texts})
        answer = subject.visit(who, "POST", place.url(subject), form=sent)
        where = f"{place.where(subject, who)}, {broken.given_words(condition)}"
        if answer.status != 422 or condition.words not in _plain(answer):
            yield wrong(where, f"the rule `{condition.words}` is broken, but not said (the answer is {answer.status})")
        else:
            yield fine(where)
        subject.restore()


def _slips_of(spec: Field) -> Iterator[tuple[str | None, str]]:
    if spec.required:
        yield None, "left empty"
    if spec.kind in (*UPLOADS, "bool"):
        return
    for value in spec.type.wrong(spec):
        yield value, f"given `{_short(value)}`"


def _refused(
    subject: Subject, stored: Stored, place: Place, who: Visitor, form: dict[str, Any], slips: Slips
) -> Iterator[Finding]:
    headers = {"hx-request": "true"} if place.page is None and not subject.thorough else None
    answer = subject.visit(who, "POST", place.url(subject), form=form, headers=headers)
    where = place.where(subject, who)
    if answer.status != 422:
        said = ", ".join(f"{name} {how}" for name, how in slips.items())
        yield wrong(where, f"sent with {said}, the answer was {answer.status} instead of the form again")
        return
    if now(subject).changes(stored):
        yield wrong(where, "refused, yet something was saved")
        return
    again = record_sheet(answer) if place.page is None else sheet_of_block(answer, place.at)
    if again is None:
        yield wrong(where, "refused, but the form does not come back to be mended")
        return
    for name, how in slips.items():
        at = f"{where} > {name}"
        yield (
            fine(at)
            if again.said.get(name) or again.said.get(f"{name}-kept")
            else wrong(at, f"{how}, it is refused without a word at the field")
        )


def _said(texts: dict[str, Any]) -> dict[str, Any]:
    return {name: values for name, values in texts.items() if values}


def _short(value: str) -> str:
    return value if len(value) < 30 else f"{value[:10]}... ({len(value)} letters)"


def _plain(answer: Answer) -> str:
    return " ".join((answer.main.text(separator=" ") if answer.main is not None else "").split())
