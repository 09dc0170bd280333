"""Boards: a card that is dragged stays where it is put, by those who may, and nobody else moves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import now, seeded
from .edits import changes_of, faults_of, outsider
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.blueprint.blocks.board import Board

    from ..subject import Subject

QUICK = 1
SCRIPTED = {"hx-request": "true"}


@check("use", weight=2)
def boards_move(subject: Subject) -> Iterator[Finding]:
    """A card dragged to another column of a board stays there, and only those move it who may."""
    if not in_turn(subject, "boards_move"):
        return
    stored = seeded(subject)
    boards: list[tuple[str, Board]] = [
        (f"pages > {page.key} > {at + 1} board", block)  # type: ignore[misc]
        for page in subject.blueprint.page_list
        for at, block in enumerate(page.blocks)
        if block.kind == "board"
    ]
    for where, block in subject.some(boards, QUICK):
        entity = block.source.entity
        by = subject.blueprint.meaning.by(block)
        spec = subject.blueprint.entities[entity].fields.get(by)
        if spec is None or spec.many or not spec.typed_in or spec.kind not in ("choice", "reference", "bool"):
            continue
        change = next(changes_of(subject, stored, entity, [by]), None)
        if change is None:
            continue
        url = subject.record_url(entity, change.row["id"], f"/move/{by}")
        value = "false" if change.choice.value is False else change.choice.texts[0]
        at = f"{where} as {subject.cast.named(change.who)}"
        other = outsider(subject, stored, change)
        if other is not None:
            answer = subject.visit(other, "POST", url, form={by: value}, headers=SCRIPTED)
            if answer.status < 400 or stored.changes(now(subject)):
                yield wrong(where, f"{subject.cast.named(other)} may not move this card, but does ({answer.status})")
            subject.restore()
        answer = subject.visit(change.who, "POST", url, form={by: value}, headers=SCRIPTED)
        if answer.status != 204:
            yield wrong(at, f"moved to `{value}`, the answer was {answer.status}: {answer.text[:120]}")
            continue
        faults = faults_of(stored, now(subject), change)
        yield wrong(at, f"moved to `{value}`: {'; '.join(faults[:3])}") if faults else fine(at)
        subject.restore()
