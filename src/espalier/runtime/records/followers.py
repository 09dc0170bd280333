"""What follows a change by itself: the automations `when Order created|updated|deleted`, `when Order.price changes`, and `when
Order status = Paid`, the moment the condition becomes true by an edit: of the record, or of those that it counts and sums.

They run inside the transaction of the change, after it has passed the rules of the data. One that fails is undone alone and
noted in the log: what a person did is never refused because of what should have followed. Timers are ../automations.py's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.steps import Step, Trigger

from ..access import parts
from ..errors import RecordError
from .rows import Rows, UnknownPath
from .steps import Acting, Run
from .write import Batch, plain

log = logging.getLogger(__name__)

DEEPEST = 5  # automations that follow from automations
WATCHED = ("becomes", "changes")


class Following(Acting):
    """Records whose changes are followed by automations."""

    _depth = 0

    def automations(self, entity: str, *kinds: str) -> Iterator[tuple[Trigger, list[Step]]]:
        """The automations of an entity with a trigger of one of these kinds."""
        for trigger, steps in self.blueprint.automations.items():
            if trigger.kind in kinds and trigger.entity == entity:
                yield trigger, steps

    def _watch(self, batch: Batch, entity: str, id: int | None, values: Mapping[str, Any]) -> None:
        if self.quiet or not self.blueprint.automations:
            return
        if id is not None and (entity, id) not in batch.watched and any(self.automations(entity, *WATCHED)):
            batch.watched[entity, id] = self._state(entity, id)
        # Records that count or sum this one may be changed by it as well.
        for trigger in self.blueprint.automations:
            if trigger.kind not in WATCHED:
                continue
            for tie in self._ties_of(trigger, entity):
                held = values.get(tie)
                for parent in held if isinstance(held, list) else [held]:
                    if isinstance(parent, int) and (trigger.entity, parent) not in batch.watched:
                        batch.watched[trigger.entity, parent] = self._state(trigger.entity, parent)

    def _ties_of(self, trigger: Trigger, entity: str) -> set[str]:
        """The fields by which the trigger's records count or sum records of the entity."""
        if trigger.condition is not None:
            meaning = self.access.bound(trigger.condition).meaning
        else:
            bound = self.blueprint.meaning.computed.get((trigger.entity, trigger.field))
            if bound is None:
                return set()
            meaning = bound.meaning
        return {
            part.tie
            for part in parts(meaning, inside=True)
            if isinstance(part, m.Aggregate) and part.entity == entity and part.tie is not None
        }

    def _state(self, entity: str, id: int) -> dict[str, Any]:
        """What the watched conditions and fields of a record are now; empty when it is not there."""
        rows = Rows(self.author().access, entity)
        columns: list[ColumnElement[Any]] = []
        names: list[str] = []
        for trigger, _ in self.automations(entity, *WATCHED):
            if trigger.condition is not None:
                column: ColumnElement[Any] = plain(self.access.condition(trigger.condition, rows.row))
            else:
                try:
                    column = rows.value(rows.place(trigger.field))
                except UnknownPath:
                    continue
            names.append(str(trigger))
            columns.append(column.label(f"t{len(columns)}"))
        if not columns:
            return {}
        found = self.run(select(*columns).select_from(rows.source).where(rows.row.c.id == id))
        return dict(zip(names, found[0], strict=True)) if found else {}

    def _happened(self, batch: Batch) -> None:
        if self.quiet or not self.blueprint.automations:
            return
        for (entity, id), touched in batch.touched.items():
            for trigger, steps in self.automations(entity, "created" if touched.created else "updated"):
                self.follow(trigger, steps, entity, id)
        watched = {key: batch.watched.get(key, {}) for key in [*batch.watched, *batch.touched]}
        for (entity, id), before in watched.items():
            if not any(self.automations(entity, *WATCHED)):
                continue
            now = self._state(entity, id)
            created = (entity, id) in batch.touched and batch.touched[entity, id].created
            for trigger, steps in self.automations(entity, *WATCHED):
                name = str(trigger)
                if name not in now:
                    continue
                if trigger.kind == "changes":
                    fires = not created and now[name] != before.get(name)
                else:
                    fires = bool(now[name]) and (created or not before.get(name))
                if fires:
                    self.follow(trigger, steps, entity, id)

    def _before_removal(self, entity: str, id: int) -> None:
        if self.quiet:
            return
        for trigger, steps in self.automations(entity, "deleted"):
            self.follow(trigger, steps, entity, id)

    def follow(self, trigger: Trigger, steps: Sequence[Step], entity: str | None, id: int | None) -> bool:
        """Do the steps of an automation on a record; False when they could not be done (nothing of them is kept)."""
        if self._depth >= DEEPEST:
            log.warning(
                "%s: `%s` was not done: too many automations follow from each other", self.blueprint.app, trigger
            )
            return False
        waiting, self._batch = self._batch, None
        self._depth += 1
        try:
            with self.transaction():
                self.run_steps(steps, Run(entity, id))
            return True
        except RecordError as error:
            log.warning("%s: `%s` could not be done for %s %s: %s", self.blueprint.app, trigger, entity, id, error)
            return False
        finally:
            self._depth -= 1
            self._batch = waiting
