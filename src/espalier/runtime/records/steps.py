"""Steps: what an action, an automation or a form does, one after the other, all or none.

Steps are the author's: they may set what the person who presses the button could not, but the rules of the data hold for
them too. Who may press a button is asked here; which steps are due by themselves is automations.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, insert, literal, or_, select, true

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.field import Field
from espalier.blueprint.schema import Action
from espalier.blueprint.steps import Ask, Confirm, Create, Delete, Email, If, Notify, Set, Step, Webhook

from .. import outbox
from ..access import AUTHOR, always, never
from ..errors import Forbidden, Invalid, NotFound
from ..fields import kind
from ..storage import system
from .record import Link, Record
from .rows import Rows, UnknownPath
from .values import MISSING, missing, read_value
from .write import NOT_SETTABLE, Writing, plain

TEMPLATE = re.compile(r"\{([^{}]*)\}")
MOST_RECIPIENTS = 1000
MOST_SET = 1000  # records that one step sets
LONGEST_VALUE = 500  # characters of one value in a text


@dataclass(frozen=True)
class Asked:
    """A field that an action asks for: its name in the form, and the field of the record that gets the answer."""

    path: str
    entity: str
    field: Field
    required: bool


@dataclass(frozen=True)
class Outcome:
    """What an action did. record: the record afterwards, None when it is gone or not this person's to read any more."""

    record: Record | None
    created: tuple[Link, ...] = ()


@dataclass
class Run:
    """Steps on their way: the record they run on (id None: none, or it is deleted), what was made, what was asked."""

    entity: str | None
    id: int | None
    asked: Mapping[str, Any] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)


class Acting(Writing):
    """What Records can do by steps."""

    def actions(self, record: Record | Link) -> list[Action]:
        """The actions of a record that this person may take now, in order: they are among those who may, and every `if`
        that the action begins with holds."""
        return self.actions_of(record.entity, [record.id]).get(record.id, [])

    def actions_of(self, entity: str, ids: Sequence[int]) -> dict[int, list[Action]]:
        """The same for many records of an entity that they have just read, by their ids, in one question; in none when it
        depends on no record."""
        actions = self.entity(entity).action_list
        if not actions or not ids:
            return {}
        row = self.tables[entity]
        readable = self.access.readable(entity, row)
        conditions = [self._may_act(entity, row, action) for action in actions]
        asked = [at for at, condition in enumerate(conditions) if not always(condition) and not never(condition)]
        if always(readable) and not asked:
            return {id: [one for one, may in zip(actions, conditions, strict=True) if always(may)] for id in ids}
        columns = [conditions[at].label(f"a{at}") for at in asked]
        found: dict[int, list[Action]] = {}
        for id, *held in self.run(select(row.c.id, *columns).where(row.c.id.in_(ids), readable)):
            may = dict(zip(asked, held, strict=True))
            found[id] = [one for at, one in enumerate(actions) if may.get(at, always(conditions[at]))]
        return found

    def asks(self, entity: str, action: Action | str) -> list[Asked]:
        """The fields that an action asks for, in order."""
        found = self._action(entity, action)
        made: set[str] = set()
        asked = []
        for step in found.steps:
            if isinstance(step, Create):
                made.add(step.entity)
            elif isinstance(step, Ask):
                target, name = self._asked_place(entity, step.path)
                spec = self.blueprint.entities[target].fields[name]
                asked.append(Asked(step.path, target, spec, spec.required))
        return asked

    def act(
        self,
        entity: str,
        id: int,
        action: Action | str,
        asked: Mapping[str, Any] | None = None,
        *,
        show: Sequence[str] | None = None,
    ) -> Outcome:
        """Take an action (its label or slug) on a record. asked: text or JSON values for what the action asks, by path; show: the
        paths wanted of the record afterwards, all when None.

        Raises NotFound, Forbidden when this person may not take it now, Invalid when an answer or a rule does not fit.
        """
        self.entity(entity, id)
        found = self._action(entity, action)
        row = self.tables[entity]
        with self.transaction() as connection:
            statement = select(plain(self._may_act(entity, row, found))).where(
                row.c.id == id, self.access.readable(entity, row)
            )
            may = connection.execute(statement).one_or_none()
            if may is None:
                raise NotFound()
            if not may[0]:
                raise Forbidden()
            run = Run(entity, id, self._answers(entity, found, asked or {}))
            self.run_steps(found.steps, run)
        created = []
        for name, made in run.made.items():
            try:
                created.append(self.get(name, made, ()).link)
            except NotFound:
                continue
        try:
            return Outcome(self.get(entity, id, show) if run.id is not None else None, tuple(created))
        except NotFound:
            return Outcome(None, tuple(created))

    def preset(self, entity: str, steps: Iterable[Step], this: Record | None = None) -> dict[str, Any]:
        """The Python values that the `set` of a form gives, for `create(..., preset=...)`."""
        values: dict[str, Any] = {}
        for step in steps:
            if isinstance(step, Set):
                target = self.entity(entity).fields[step.path]
                values[step.path] = self._worked_out(step, target, None, None, this.id if this else None)
        return values

    def run_steps(self, steps: Sequence[Step], run: Run) -> None:
        """Do the steps as one change. Access is not asked. Raises Invalid, and nothing is kept."""
        with self.transaction(), self._together(in_steps=True):
            for step in steps:
                if not self._step(step, run):
                    break

    # --- who may ------------------------------------------------------------------------------------------------------

    def _action(self, entity: str, action: Action | str) -> Action:
        if isinstance(action, Action):
            return action
        for one in self.entity(entity).action_list:
            if action in (one.slug, one.label):
                return one
        raise NotFound()

    def _may_act(self, entity: str, row: Any, action: Action) -> ColumnElement[bool]:
        conditions: list[ColumnElement[bool]] = []
        if not self.visitor.is_admin:
            if action.who is not None:
                conditions.append(self.access.who(action.who, entity, row))
            else:
                conditions.append(self.access.allowed("update", entity, row))
        for step in action.steps:
            if isinstance(step, If):
                conditions.append(self.access.condition(step.condition, row))
            elif not isinstance(step, Ask | Confirm):
                break
        return and_(true(), *conditions)

    def _asked_place(self, entity: str, path: str) -> tuple[str, str]:
        """The entity and the field that an answer goes to."""
        first, _, rest = path.partition(".")
        if first in self.blueprint.entities and rest:
            entity, path = first, rest
        place = self.blueprint.meaning.place(entity, path)
        return place.entity, place.field.name

    def _answers(self, entity: str, action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
        """The Python values of what was asked. Raises Invalid."""
        answers: dict[str, Any] = {}
        errors: dict[str, str] = {}
        asked = {one.path: one for one in self.asks(entity, action)}
        for path in given:
            if path not in asked:
                errors[path] = NOT_SETTABLE
        for path, one in asked.items():
            try:
                answers[path] = read_value(given.get(path), one.field)
            except ValueError as error:
                errors[path] = str(error)
                continue
            if one.required and missing(answers[path], one.field):
                errors[path] = MISSING
                continue
            try:
                self._check_references(one.entity, {one.field.name: answers[path]}, {})
            except Invalid as error:
                errors[path] = error.errors[one.field.name]
        if errors:
            raise Invalid(errors)
        return answers

    # --- one step after the other -------------------------------------------------------------------------------------

    def _step(self, step: Step, run: Run) -> bool:
        """Do one step; False when the steps end here."""
        match step:
            case If():
                return self._is_true(step, run)
            case Ask():
                self._set(step.path, run.asked.get(step.path), run)
            case Set():
                self._set_worked_out(step, run)
            case Create():
                run.made[step.entity] = self._create(step.entity, run)
            case Delete():
                if run.entity is not None and run.id is not None:
                    self.remove(run.entity, run.id)
                    run.id = None
                return False
            case Email() | Notify():
                self._tell(step, run)
            case Webhook():
                self._webhook(step, run)
        return True

    def _is_true(self, step: If, run: Run) -> bool:
        row = self.tables[run.entity] if run.entity is not None else None
        condition = self.access.condition(step.condition, row)
        if row is None:
            return bool(self.run(select(plain(condition)))[0][0])
        return bool(self.run(select(row.c.id).where(row.c.id == run.id, condition)))

    def _worked_out(self, step: Set, target: Field, entity: str | None, id: int | None, this: int | None = None) -> Any:
        """The value of a `field = value` step as a Python value of the field."""
        bound = self.access.bound(step.value)
        if isinstance(bound.meaning, m.Constant) and bound.meaning.value is None:
            return [] if target.many else None
        row = self.tables[entity] if entity is not None else None
        statement = select(self.access.value(bound, row, this).label("value"))
        if row is not None:
            statement = statement.where(row.c.id == id)
        found = self.run(statement)
        return from_expression(found[0][0], target) if found else None

    def _set_worked_out(self, step: Set, run: Run) -> None:
        place = self._place_of(step.path, run)
        self._set(step.path, self._worked_out(step, place, run.entity, run.id), run)

    def _place_of(self, path: str, run: Run) -> Field:
        first, _, rest = path.partition(".")
        if first in self.blueprint.entities:
            return self.blueprint.meaning.place(first, rest).field
        assert run.entity is not None
        return self.blueprint.meaning.place(run.entity, path).field

    def _set(self, path: str, value: Any, run: Run) -> None:
        """Set a field: here, through references, of what was just made, or of the records that belong to this one."""
        first, _, rest = path.partition(".")
        if first not in self.blueprint.entities:
            if run.entity is not None and run.id is not None:
                self._set_along(run.entity, [run.id], path, value)
        elif first in run.made:
            self._set_along(first, [run.made[first]], rest, value)
        else:
            self._set_along(first, self._below(first, run), rest, value)

    def _set_along(self, entity: str, ids: Sequence[int], path: str, value: Any) -> None:
        *hops, name = path.split(".")
        for hop in hops:
            row = self.tables[entity]
            found = self.run(select(row.c[hop]).where(row.c.id.in_(ids), row.c[hop].is_not(None)).distinct())
            ids = [id for (id,) in found]
            reference = self.blueprint.entities[entity].fields.get(hop)
            entity = reference.target if reference is not None else "User"
        for id in ids:
            self.change(entity, id, {name: value})

    def _ties(self, entity: str, to: str) -> list[Field]:
        """The single references of an entity to another; that to what it is a part of first."""
        fields = self.blueprint.entities[entity].fields.values()
        found = [one for one in fields if one.target == to and not one.computed and one.kind == "reference"]
        return sorted(found, key=lambda one: (not one.part, one.many))

    def _below(self, entity: str, run: Run) -> list[int]:
        """The records of an entity that refer to the one at hand; all of them when there is none."""
        row = self.tables[entity]
        if run.entity is None:
            return [id for (id,) in self.run(select(row.c.id).limit(MOST_SET))]
        conditions: list[ColumnElement[bool]] = []
        for tie in self._ties(entity, run.entity):
            if tie.many:
                link = self.tables.link(entity, tie.name)
                tied = select(link.c.record).where(link.c.target == run.id)
                conditions.append(row.c.id.in_(tied))
            else:
                conditions.append(row.c[tie.name] == run.id)
            break
        else:
            if run.entity == "User":
                conditions.append(row.c[self.tables.maker(entity).name] == run.id)
        return [id for (id,) in self.run(select(row.c.id).where(or_(false(), *conditions)).limit(MOST_SET))]

    def _create(self, entity: str, run: Run) -> int:
        values: dict[str, Any] = {}
        if run.entity is not None and run.id is not None:
            for tie in self._ties(entity, run.entity)[:1]:
                values[tie.name] = [run.id] if tie.many else run.id
        return self.put(entity, values, owner=self.visitor.id)

    # --- telling people -----------------------------------------------------------------------------------------------

    def _tell(self, step: Email | Notify, run: Run) -> None:
        said = self.filled(step.text, run.entity, run.id)
        if isinstance(step, Email):
            subject, body = _subject(said, self.blueprint.app), said
            with self.transaction() as connection:
                for address in self._addresses(step.who, run):
                    outbox.send(self.app, connection, address, subject, body)  # type: ignore[arg-type]
            return
        people = [id for id, _ in self._people(step.who, run)]
        with self.transaction() as connection:
            for id in people:
                values = {"user": id, "text": said[:1000], "entity": run.entity, "record": run.id, "created": self.now}
                connection.execute(insert(system.notification).values(values))

    def _addresses(self, who: str, run: Run) -> list[str]:
        place = self._told(who, run)
        if place is None or place[2].target == "User":
            found = [email for _, email in self._people(who, run)]
        else:
            entity, ids, spec = place
            row = self.tables[entity]
            found = [one for (one,) in self.run(select(row.c[spec.name]).where(row.c.id.in_(ids)))]
        return list(dict.fromkeys(one for one in found if one))[:MOST_RECIPIENTS]

    def _people(self, who: str, run: Run) -> list[tuple[int, str]]:
        """The people whom `who` means, as (id, email), each once."""
        user = self.tables["User"]
        statement = select(user.c.id, user.c.email).order_by(user.c.id).limit(MOST_RECIPIENTS)
        if who == "me":
            return self.run(statement.where(user.c.id == self.visitor.id)) if self.visitor.id is not None else []
        if who in (*self.blueprint.roles, "admin", "user"):
            return self.run(statement if who == "user" else statement.where(user.c.role == who))
        place = self._told(who, run)
        if place is None:
            return []
        entity, ids, spec = place
        if entity == "User" and spec.target != "User":
            return self.run(statement.where(user.c.id.in_(ids)))
        if spec.kind == "marks" or spec.many:
            link = self.tables.link(entity, spec.name)
            people = select(link.c.target).where(link.c.record.in_(ids))
        else:
            row = self.tables[entity]
            column = self.access.computed(entity, spec.name, row) if spec.computed else row.c[spec.name]
            people = select(column).where(row.c.id.in_(ids))
        return self.run(statement.where(user.c.id.in_(people)))

    def _told(self, who: str, run: Run) -> tuple[str, list[int], Field] | None:
        """Where a recipient's path leads: the entity, the ids of its records, and the field; None for a role."""
        if who in (*self.blueprint.roles, "admin", "user", "me"):
            return None
        first, _, rest = who.partition(".")
        entity, ids, path = run.entity, [run.id] if run.id is not None else [], who
        if first in self.blueprint.entities:
            entity, path = first, rest or "email"
            if first in run.made:
                ids = [run.made[first]]
            else:
                row = self.tables[first]
                tied = self._below(first, run) if run.entity is not None and self._ties(first, run.entity) else None
                ids = tied if tied is not None else [id for (id,) in self.run(select(row.c.id).limit(MOST_RECIPIENTS))]
        if entity is None:
            return None
        place = self.blueprint.meaning.place(entity, path)
        for hop in place.hops:
            row = self.tables[entity]
            ids = [id for (id,) in self.run(select(row.c[hop.name]).where(row.c.id.in_(ids))) if id is not None]
            entity = hop.target
        if place.field.name == "owner" and "owner" not in self.blueprint.entities[entity].fields:
            owners = self.blueprint.meaning.owners(entity)
            if owners != ["owner"]:
                return entity, ids, self.blueprint.entities[entity].fields[owners[0]]
        return entity, ids, place.field

    def filled(self, text: str, entity: str | None, id: int | None) -> str:
        """A text with the values of a record at its `{paths}`, each on one line. The author's: it may tell what the record's
        reader could not read."""
        if entity is None or id is None or "{" not in text:
            return text
        values: dict[str, str] = {}
        rows = Rows(self.author().access, entity)
        columns: list[ColumnElement[Any]] = []
        specs: list[tuple[str, Field | None]] = []
        for path in dict.fromkeys(name.strip() for name in TEMPLATE.findall(text)):
            try:
                place = rows.place(path)
                if place.field.kind == "reference" and not place.field.many:
                    spec, column = rows.title(place)
                else:
                    spec, column = place.field, rows.value(place)
            except UnknownPath:
                continue
            specs.append((path, spec))
            columns.append((column if column is not None else literal("")).label(f"v{len(columns)}"))
        found = self.run(select(*columns).select_from(rows.source).where(rows.row.c.id == id)) if columns else []
        for at, (path, spec) in enumerate(specs):
            raw = found[0][at] if found else None
            values[path] = outbox.one_line(_told_value(raw, spec))[:LONGEST_VALUE]
        return TEMPLATE.sub(lambda match: values.get(match[1].strip(), ""), text)

    def author(self) -> Self:
        """The same at the same moment, with everything readable and nobody as `me`."""
        made = type(self)(self.app, AUTHOR)
        made.now = self.now
        return made

    def _webhook(self, step: Webhook, run: Run) -> None:
        """A call of another program waits in the outbox like an email, with the record as JSON."""
        data: dict[str, Any] = {"app": self.blueprint.app, "entity": run.entity, "id": run.id}
        if run.entity is not None and run.id is not None:
            stored = self._stored(run.entity, run.id)
            fields = self.blueprint.entities[run.entity].fields
            data["record"] = {
                name: kind(fields[name]).to_json(value, fields[name])
                for name, value in stored.items()
                if name in fields
            }
        row = {
            "kind": "webhook",
            "recipient": step.url,
            "subject": "",
            "data": data,
            "created": self.now,
            "due": self.now,
        }
        with self.transaction() as connection:
            connection.execute(insert(system.outbox).values(row))


def from_expression(raw: Any, target: Field) -> Any:
    """What the database gave for an expression, as a Python value of the field that it is put into."""
    if raw is None:
        return [] if target.many else None
    match target.kind:
        case "money":
            return kind(target).from_row(round(raw), target)
        case "int" | "reference":
            return round(raw)
        case "bool":
            return bool(raw)
        case "number" | "percent" | "rating":
            return float(raw)
        case "datetime" if isinstance(raw, datetime):
            return raw.replace(microsecond=0)
        case "date" if isinstance(raw, datetime):
            return raw.date()
    return raw


def _subject(text: str, app: str) -> str:
    """The first sentence of a text, as the subject of its email."""
    first = re.split(r"(?<=[.!?])\s", outbox.one_line(text), maxsplit=1)[0]
    return first if len(first) <= 90 else app


def _told_value(raw: Any, spec: Field | None) -> str:
    """A value as it stands in a text to people."""
    if raw is None or spec is None:
        return ""
    if spec.kind == "marks":
        return str(raw)
    value = kind(spec).from_row(raw, spec)
    if isinstance(value, datetime):
        return f"{value.day} {value:%B} {value.year}, {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal) and spec.parameter and ".." not in spec.parameter:
        return f"{value:,.2f} {spec.parameter}"
    return kind(spec).to_text(value, spec)
