"""What follows a change by itself: the automations `when Order created`, `updated`, `deleted`, and `when Order status = Paid`.

They run inside the transaction of the change, after it has passed the rules of the data. One that fails is undone alone and
noted in the log: what a person did is never refused because of what should have followed. Timers are ../automations.py's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, insert, select

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.steps import Step, Trigger

from ..access import parts
from ..errors import RecordError
from ..storage import system
from .steps import Acting, Run
from .write import plain

log = logging.getLogger(__name__)

DEEPEST = 5  # automations that follow from automations


class Following(Acting):
    """Records whose changes are followed by automations."""

    _depth = 0

    def automations(self, kind: str, entity: str) -> Iterator[tuple[Trigger, list[Step]]]:
        """The automations of an entity with a trigger of this kind."""
        for trigger, steps in self.blueprint.automations.items():
            if trigger.kind == kind and trigger.entity == entity:
                yield trigger, steps

    def _before_change(self, entity: str, id: int) -> Any:
        return self._conditions(entity, id)

    def _conditions(self, entity: str, id: int) -> dict[str, bool]:
        """Which conditions of `becomes` automations hold for the record now."""
        triggers = [trigger for trigger, _ in self.automations("becomes", entity)]
        if not triggers or self.quiet:
            return {}
        row = self.tables[entity]
        columns = [
            plain(self.access.condition(trigger.condition, row)).label(f"t{at}")
            for at, trigger in enumerate(triggers)
            if trigger.condition is not None
        ]
        found = self.run(select(*columns).where(row.c.id == id))
        return {str(trigger): bool(held) for trigger, held in zip(triggers, found[0], strict=True)} if found else {}

    def _happened(self, what: str, entity: str, id: int, watched: Any = None) -> None:
        if self.quiet:
            return
        for trigger, steps in self.automations(what, entity):
            self.follow(trigger, steps, entity, id)
        before = watched or {}
        for trigger, steps in self.automations("becomes", entity):
            holds = self._conditions(entity, id).get(str(trigger), False)
            if holds and not before.get(str(trigger), False) and self._mark_became(trigger, id, True):
                self.follow(trigger, steps, entity, id)
            elif not holds:
                self._mark_became(trigger, id, False)

    def _before_removal(self, entity: str, id: int) -> None:
        if self.quiet:
            return
        for trigger, steps in self.automations("deleted", entity):
            self.follow(trigger, steps, entity, id)

    def follow(self, trigger: Trigger, steps: list[Step], entity: str | None, id: int | None) -> bool:
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

    def _mark_became(self, trigger: Trigger, id: int, holds: bool) -> bool:
        """Remember that a condition on the time has come true for a record, so that the clock does not find it again; True
        when it had not been remembered."""
        if not speaks_of_time(self.access.bound(trigger.condition).meaning if trigger.condition else None):
            return True
        due = system.due
        here = (due.c.automation == str(trigger)) & (due.c.key == str(id))
        with self.transaction() as connection:
            known = connection.execute(select(due.c.id).where(here)).first() is not None
            if known and not holds:
                connection.execute(delete(due).where(here))
            elif holds and not known:
                row = {"automation": str(trigger), "key": str(id), "entity": trigger.entity, "record": id}
                connection.execute(insert(due).values(**row, at=self.now, done=self.now))
        return not known


def speaks_of_time(meaning: m.Meaning | None) -> bool:
    """Does the truth of a condition depend on the clock?"""
    return meaning is not None and any(isinstance(part, m.Clock) for part in parts(meaning, inside=True))
