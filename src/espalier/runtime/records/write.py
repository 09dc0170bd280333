"""Writing records: create, update, delete, mark. Every check and the writing itself are one transaction that excludes other
writers, so that two people cannot pass a rule together that only one of them may.

Two ways in: what a visitor does (`create`, `update`, ...) is checked against their access; what the blueprint's author has
said (steps of actions, automations, seeds: `put`, `change`, `remove`) is not, but follows the same rules of the data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as made_of
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    delete,
    insert,
    literal,
    null,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from espalier.blueprint.expression import field_paths, meaning, nodes, walk
from espalier.blueprint.field import Field
from espalier.blueprint.names import label, plural, words
from espalier.blueprint.schema import Entity

from ..access import always, never
from ..errors import Conflict, Forbidden, Invalid, NotFound
from ..fields import kind
from ..sql import another
from ..storage import journal, system
from ..storage.serial import next_serial
from .query import Reading
from .record import Record
from .values import MISSING, NOT_LISTED, missing, read_value

if TYPE_CHECKING:
    from ..app import App


@dataclass
class Touched:
    """What happened to one record in a batch."""

    created: bool = False
    changed: set[str] = made_of(default_factory=set)


@dataclass
class Batch:
    """Writes that are judged together. in_steps: they are steps of an action or automation, one after the other, so that
    what is needed may come with a later one. watched: what automations must know of records before they change."""

    in_steps: bool = False
    touched: dict[tuple[str, int], Touched] = made_of(default_factory=dict)
    watched: dict[tuple[str, int], dict[str, Any]] = made_of(default_factory=dict)


NOT_SETTABLE = "This cannot be set here."
TAKEN = "There is one with this already."
UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")
CHECK = re.compile(r"CHECK constraint failed: (\w+)")
MOST_NAMED = 5
MOST_NOTED = 200  # records of which the loss of a reference is noted


class Writing(Reading):
    """What Records can change."""

    quiet = False  # no automation follows and nothing is noted for undo
    _batch: Batch | None = None

    # --- what a visitor does ------------------------------------------------------------------------------------------

    def create(
        self,
        entity: str,
        values: Mapping[str, Any],
        *,
        preset: Mapping[str, Any] | None = None,
        show: Sequence[str] | None = None,
    ) -> Record:
        """Make a record. values: text or JSON values by field, as this person gave them; preset: Python values that the
        page sets, which the person could not choose. Gives what this person may read of it, at these paths (show) if not all.

        Raises Forbidden when they may not make such a record, Invalid when a value does not fit.
        """
        table = self.tables[self._known(entity)]
        if never(self.access.allowed("create", entity, table)):
            raise Forbidden()
        given = self._read(
            entity, {name: value for name, value in values.items() if name not in (preset or {})}, "create"
        )
        with self.transaction(), self._together():
            self._check_references(entity, given, {})
            id = self.put(entity, {**given, **(preset or {})}, owner=self.visitor.id)
            row = another(table)
            if not self._holds(row, id, self.access.allowed("create", entity, row)):
                raise Forbidden()
            settable = {name: self.access.field_writable(entity, name, row) for name in given}
            refused = [name for name, may in settable.items() if not self._holds(row, id, may)]
            if refused:
                raise Invalid(dict.fromkeys(refused, NOT_SETTABLE))
        return self._as_read(entity, id, show)

    def _as_read(self, entity: str, id: int, show: Sequence[str] | None) -> Record:
        """What this person may read of a record they have just written: nothing but its number, when they may not."""
        try:
            return self.get(entity, id, show)
        except NotFound:
            return Record(entity, id, label(entity), {})

    def update(
        self,
        entity: str,
        id: int,
        values: Mapping[str, Any],
        expected_updated: datetime | str | None = None,
        *,
        show: Sequence[str] | None = None,
    ) -> Record:
        """Change the given fields of a record. expected_updated: its `updated` as this person saw it, so that a change by
        somebody else in between is not overwritten. Gives what `create` gives.

        Raises NotFound, Forbidden, Invalid or Conflict.
        """
        self.entity(entity, id)
        row = another(self.tables[entity])
        given = self._read(entity, values, "update")
        with self.transaction() as connection, self._together():
            columns: list[ColumnElement[Any]] = [
                plain(self.access.allowed("update", entity, row)).label("may"),
                row.c.updated,
            ]
            for at, name in enumerate(given):
                may = and_(self.access.field_writable(entity, name, row), self.access.field_readable(entity, name, row))
                columns.append(plain(may).label(f"w{at}"))
            found = connection.execute(
                select(*columns).where(row.c.id == id, self.access.readable(entity, row))
            ).one_or_none()
            if found is None:
                raise NotFound()
            if not found.may:
                raise Forbidden()
            refused = {name: NOT_SETTABLE for at, name in enumerate(given) if not found[at + 2]}
            if refused:
                raise Invalid(refused)
            if expected_updated is not None and not _same_moment(found.updated, expected_updated):
                raise Conflict()
            before = self._stored(entity, id)
            given = self._visible_change(entity, given, before)
            self._check_references(entity, given, before)
            if entity == "User" and given.get("role", "admin") != "admin":
                self._keep_an_admin(id)
            changed = self.change(entity, id, given)
            moved = [name for name in changed if self._field(entity, name).kind == "reference"]
            if moved and not self.visitor.is_admin:
                self._check_moved(entity, id, before, changed)
        return self._as_read(entity, id, show)

    def delete(self, entity: str, id: int) -> None:
        """Delete a record with its parts. Raises NotFound, Forbidden, or Invalid naming what still needs it."""
        self.entity(entity, id)
        row = another(self.tables[entity])
        with self.transaction() as connection:
            found = connection.execute(
                select(plain(self.access.allowed("delete", entity, row))).where(
                    row.c.id == id, self.access.readable(entity, row)
                )
            ).one_or_none()
            if found is None:
                raise NotFound()
            if not found[0]:
                raise Forbidden()
            if entity == "User":
                self._keep_an_admin(id)
            self.remove(entity, id)

    def mark(self, entity: str, id: int, field: str, on: bool | None = None) -> bool:
        """Put this person's mark on a record they may read, or take it away; None turns it over. Gives what it is now.

        Raises NotFound for a record or a field of marks that is not there for them, Forbidden for visitors without account.
        """
        found = self.entity(entity, id).fields.get(field)
        row = another(self.tables[entity])
        if found is None or found.kind != "marks" or never(self.access.field_readable(entity, field, row)):
            raise NotFound()
        with self.transaction() as connection:
            seen = and_(self.access.readable(entity, row), self.access.field_readable(entity, field, row))
            may = connection.execute(
                select(plain(self.access.field_writable(entity, field, row))).where(row.c.id == id, seen)
            ).one_or_none()
            if may is None:
                raise NotFound()
            if self.visitor.id is None or not may[0]:
                raise Forbidden()
            link = self.tables.link(entity, field)
            mine = and_(link.c.record == id, link.c.target == self.visitor.id)
            marked = connection.execute(select(link.c.record).where(mine)).first() is not None
            wanted = not marked if on is None else on
            if wanted and not marked:
                connection.execute(insert(link).values(record=id, target=self.visitor.id, position=0, created=self.now))
            elif marked and not wanted:
                connection.execute(delete(link).where(mine))
            return wanted

    def can(self, operation: str, entity: str, record: Record | int | None = None) -> bool:
        """May this person do it: "read", "create", "update" or "delete"? Without a record: with any record at all."""
        row = another(self.tables[self._known(entity)])
        condition = self.access.allowed(operation, entity, row)
        if operation in ("update", "delete"):
            condition = and_(condition, self.access.readable(entity, row))
        if never(condition):
            return False
        if record is None or operation == "create":
            return True
        id = record if isinstance(record, int) else record.id
        return bool(self.run(select(row.c.id).where(row.c.id == id, condition)))

    def writable_fields(
        self,
        entity: str,
        operation: str,
        record: Record | int | None = None,
        preset: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """The fields that a form for this person has, in order: operation is "create" or "update". Where a rule depends on the
        record, the record decides; for a new one, whether this person could choose its references so that the rule holds
        (preset: values that nobody chooses)."""
        row = another(self.tables[self._known(entity)])
        conditions: dict[str, ColumnElement[bool]] = {}
        for name, field in self.entity(entity).fields.items():
            if not field.typed_in:
                continue
            may = self.access.field_writable(entity, name, row)
            if operation == "update":
                may = and_(may, self.access.field_readable(entity, name, row))
            if not never(may):
                conditions[name] = may
        open_ones = [name for name, may in conditions.items() if not always(may)]
        if operation == "create":
            return [name for name in conditions if name not in open_ones or self._settable_anew(entity, name, preset)]
        if record is None or not open_ones:
            return list(conditions)
        id = record if isinstance(record, int) else record.id
        found = self.run(select(*[conditions[name] for name in open_ones]).where(row.c.id == id))
        denied = {name for name, may in zip(open_ones, found[0], strict=True) if not may} if found else set(open_ones)
        return [name for name in conditions if name not in denied]

    def always_settable(self, entity: str, name: str) -> bool:
        """May this person set the field in every record that they may make?"""
        return always(self.access.field_writable(entity, name, another(self.tables[self._known(entity)])))

    def _settable_anew(self, entity: str, name: str, preset: Mapping[str, Any] | None) -> bool:
        """Could this person make a record in which they may set the field? Asked of a record that they would own, with each
        reference that the rule follows to any record they may choose. Rules over what is typed in may come true."""
        settled = self.access.settled_by(entity, name)
        table, fields = self.tables[entity], self.entity(entity).fields
        if settled is None:
            return True
        known = {
            key: value
            for key, value in (preset or {}).items()
            if value is None or (isinstance(value, int) and value > 0)
        }
        columns: list[ColumnElement[Any]] = []
        chosen: list[ColumnElement[bool]] = []
        for column in table.c:
            field = fields.get(column.name)
            value: ColumnElement[Any] = null()
            if column.name not in settled:
                pass
            elif field is None or field.is_me:
                if column.name in ("created", "updated"):
                    return True
                value = literal(self.visitor.id, column.type)
            elif field.kind != "reference" or field.many:
                return True
            elif column.name in known:
                value = literal(known[column.name], column.type)
            else:
                target = another(self.tables[field.target])
                chosen.append(self.access.readable(field.target, target))
                value = target.c.id
            columns.append(type_coerce(value, column.type).label(column.name))
        row = select(*columns).where(*chosen).subquery()
        may = self.access.field_writable(entity, name, row)
        return bool(self.run(select(literal(1)).select_from(row).where(may).limit(1)))

    # --- checks of what a visitor gives -------------------------------------------------------------------------------

    def _known(self, entity: str) -> str:
        self.entity(entity)
        return entity

    def _field(self, entity: str, name: str) -> Field:
        return self.entity(entity).fields[name]

    def _read(self, entity: str, values: Mapping[str, Any], operation: str) -> dict[str, Any]:
        """The Python values of what was given. Raises Invalid for a field that this person can never set, in the same words
        whether it exists or not."""
        fields = self.entity(entity).fields
        row = another(self.tables[entity])
        given: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, value in values.items():
            field = fields.get(name)
            if field is None or not field.typed_in or never(self._settable(entity, name, row, operation)):
                errors[name] = NOT_SETTABLE
                continue
            try:
                given[name] = read_value(value, field)
            except ValueError as error:
                errors[name] = str(error)
        if entity == "User" and given.get("role") is not None:
            self._check_role(given["role"], errors)
        if errors:
            raise Invalid(errors)
        return given

    def _settable(self, entity: str, name: str, row: FromClause, operation: str) -> ColumnElement[bool]:
        may = self.access.field_writable(entity, name, row)
        return may if operation == "create" else and_(may, self.access.field_readable(entity, name, row))

    def _check_role(self, role: str, errors: dict[str, str]) -> None:
        if role not in ("user", "admin", *self.blueprint.roles):
            errors["role"] = NOT_LISTED
        elif role == "admin" and not self.visitor.is_admin:
            errors["role"] = NOT_SETTABLE

    def _keep_an_admin(self, id: int) -> None:
        """Raises Invalid for the last admin who can sign in: an app is never left without one, by whatever way."""
        from ..people import accounts

        with self.transaction() as connection:
            accounts.keep_an_admin(cast("App", self.app), connection, id)

    def _visible_change(self, entity: str, given: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Without what the person did not mean: a reference they may not read looks empty to them, so that an empty
        place in their form leaves it as it is."""
        changes: dict[str, Any] = {}
        for name, value in given.items():
            field = self._field(entity, name)
            if field.kind == "reference" and not self.visitor.is_admin:
                old = before[name] if field.many else [before[name]] if before[name] is not None else []
                unseen = set(old) - self._readable_ids(field.target, old)
                if field.many:
                    value = [*(value or []), *(id for id in old if id in unseen and id not in (value or []))]
                elif value is None and unseen:
                    continue
            changes[name] = value
        return changes

    def _readable_ids(self, entity: str, ids: Iterable[int]) -> set[int]:
        wanted = {id for id in ids if 0 < id < 2**63}
        if not wanted:
            return set()
        row = another(self.tables[entity])
        return {
            id for (id,) in self.run(select(row.c.id).where(row.c.id.in_(wanted), self.access.readable(entity, row)))
        }

    def _check_references(self, entity: str, given: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        """A record that this person may not read cannot be chosen, in the same words as one that does not exist."""
        errors: dict[str, str] = {}
        for name, value in given.items():
            field = self._field(entity, name)
            if field.kind == "reference" and value is not None:
                ids = set(value) if field.many else {value}
                old = before.get(name)
                ids -= set(old or ()) if field.many else {old}
                if ids - self._readable_ids(field.target, ids):
                    errors[name] = NOT_LISTED
            elif field.kind in ("file", "image") and value is not None:
                names = value if field.many else [value]
                old = before.get(name)
                kept = set(old or ()) if field.many else {old}
                if not self._own_uploads([one for one in names if one not in kept]):
                    errors[name] = "Please choose the file again."
        if errors:
            raise Invalid(errors)

    def _own_uploads(self, names: Collection[str]) -> bool:
        """Were these files uploaded by this person, and do they belong to no record yet?"""
        file = system.file
        statement = select(file.c.name).where(file.c.name.in_(names), file.c.record.is_(None))
        if self.visitor.id is None:
            statement = statement.where(file.c.user.is_(None))
        elif not self.visitor.is_admin:
            statement = statement.where(file.c.user == self.visitor.id)
        return not names or {name for (name,) in self.run(statement)} == set(names)

    def _check_moved(self, entity: str, id: int, before: Mapping[str, Any], changed: Collection[str]) -> None:
        """After a change of references: would this person still be allowed to change the record, had they changed nothing
        else? So nobody pushes a record into somebody else's hands, while `status = Draft` may be left behind."""
        table = self.tables[entity]
        columns: list[ColumnElement[Any]] = []
        for column in table.c:
            field = self.entity(entity).fields.get(column.name)
            if field is not None and field.kind != "reference" and column.name in changed:
                value = kind(field).to_row(before[column.name], field)
                columns.append(literal(value, column.type).label(column.name))
            else:
                columns.append(column)
        row = select(*columns).where(table.c.id == id).subquery()
        if not self._holds(row, id, self.access.allowed("update", entity, row)):
            raise Forbidden()

    def _holds(self, row: FromClause, id: int, condition: ColumnElement[bool]) -> bool:
        if always(condition):
            return True
        if never(condition):
            return False
        return bool(self.run(select(row.c.id).where(row.c.id == id, condition)))

    # --- what the author says -----------------------------------------------------------------------------------------

    def put(self, entity: str, values: Mapping[str, Any], *, owner: int | None) -> int:
        """Make a record of Python values, with defaults for what is not given; the id. Access is not asked.

        Raises Invalid when the record breaks a rule of the data.
        """
        spec = self.entity(entity)
        table = self.tables[entity]
        with self.transaction() as connection, self._together() as batch:
            full = self._with_defaults(entity, values)
            if not batch.in_steps:
                self._check_complete(spec, full, full)
            row: dict[str, Any] = {"created": self._moment(), "updated": self._moment()}
            maker = self.tables.maker(entity).name
            row.update(self._columns_of(entity, full))
            row.setdefault(maker, owner)
            for name, field in spec.fields.items():
                if field.kind == "serial":
                    row[name] = next_serial(connection, self.tables, entity, field)
            self._watch(batch, entity, None, full)
            with self._in_words(entity):
                key = connection.execute(insert(table).values(row)).inserted_primary_key
                assert key is not None
                id = int(key[0])
                self._write_links(entity, id, full)
            self._attach_files(entity, id, full)
            self._note(entity, id, "create")
            batch.touched[entity, id] = Touched(created=True)
        return id

    def change(self, entity: str, id: int, values: Mapping[str, Any]) -> list[str]:
        """Set fields of a record to Python values; the names of those that are different now. Access is not asked.

        Raises NotFound, or Invalid when the record breaks a rule of the data.
        """
        spec = self.entity(entity)
        table = self.tables[entity]
        with self.transaction() as connection, self._together() as batch:
            before = self._stored(entity, id)
            changed = {name: value for name, value in values.items() if before.get(name) != value}
            if not changed:
                return []
            if not batch.in_steps:
                self._check_complete(spec, changed, {**before, **changed})
            batch.touched.setdefault((entity, id), Touched()).changed.update(changed)
            self._watch(batch, entity, id, before)
            self._watch(batch, entity, None, changed)
            self._note(entity, id, "update", self._before(entity, id))
            # Strictly later than before, to the second, so that `updated` tells every state of a record from the next.
            moment = max(self._moment(), before["updated"].replace(microsecond=0) + timedelta(seconds=1))
            row = {**self._columns_of(entity, changed), "updated": moment}
            with self._in_words(entity):
                connection.execute(update(table).where(table.c.id == id).values(row))
                self._write_links(entity, id, changed)
            self._attach_files(entity, id, changed)
        return list(changed)

    def remove(self, entity: str, id: int) -> None:
        """Delete a record with its parts. Access is not asked. Raises Invalid when other records need it."""
        table = self.tables[entity]
        with self.transaction() as connection, self._together() as batch:
            going = self._with_parts(entity, id)
            self._check_needed(going)
            for name, ids in going.items():
                for one in sorted(ids):
                    batch.touched.pop((name, one), None)
                    self._watch(batch, name, one, self._stored(name, one))
                    self._before_removal(name, one)
            for name, ids in self._pointing_at(going).items():
                for one in sorted(ids)[:MOST_NOTED]:
                    self._note(name, one, "update", self._before(name, one))
            # Parts first, so that undoing from the newest brings back the whole before its parts.
            for name, ids in reversed(going.items()):
                for one in sorted(ids):
                    self._note(name, one, "delete", self._before(name, one))
            try:
                connection.execute(delete(table).where(table.c.id == id))
            except IntegrityError:
                raise Invalid({"": "Other records still need this one."}) from None

    @contextmanager
    def _together(self, in_steps: bool = False) -> Iterator[Batch]:
        """What is written inside is judged by the rules of the data at the end, as one change; then automations follow."""
        if self._batch is not None:
            yield self._batch
            return
        self._batch = batch = Batch(in_steps)
        try:
            yield batch
            for (entity, id), touched in batch.touched.items():
                if batch.in_steps:
                    spec = self.entity(entity)
                    names = [name for name in spec.fields if touched.created or name in touched.changed]
                    self._check_complete(spec, names, self._stored(entity, id))
                self._check_rules(entity, id, None if touched.created else touched.changed)
        finally:
            self._batch = None
        self._happened(batch)

    def _before(self, entity: str, id: int) -> Any:
        """A record as it is, for the journal."""
        if self.quiet:
            return None
        with self.snapshot() as connection:
            return journal.snapshot(connection, self.tables, entity, id)

    def _note(self, entity: str, id: int, operation: str, before: Any = None) -> None:
        """Write down what a record was before it changed, so that it can be undone."""
        if not self.quiet:
            with self.transaction() as connection:
                journal.note(connection, entity, id, operation, self.visitor.id, before, self.now)

    def _moment(self) -> datetime:
        """Now, as records keep it: to the second."""
        return self.now.replace(microsecond=0)

    def _stored(self, entity: str, id: int) -> dict[str, Any]:
        """The Python values of a record as it is, whoever may read it. Raises NotFound."""
        table = self.tables[entity]
        with self.snapshot() as connection:
            if "stored" not in table.info:  # put together once, since every change asks it several times
                table.info["stored"] = select(table).where(table.c.id == bindparam("record"))
            row = connection.execute(table.info["stored"], {"record": id}).mappings().one_or_none()
            if row is None:
                raise NotFound()
            values: dict[str, Any] = {name: row[name] for name in ("id", "created", "updated")}
            values.setdefault("owner", row[self.tables.maker(entity).name])
            for name, field in self.entity(entity).fields.items():
                if field.kind == "reference" and field.many:
                    link = self.tables.link(entity, name)
                    statement = (
                        select(link.c.target).where(link.c.record == id).order_by(link.c.position, link.c.created)
                    )
                    values[name] = [target for (target,) in connection.execute(statement)]
                elif name in row:
                    values[name] = kind(field).from_row(row[name], field)
        return values

    def _columns_of(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Row values of those fields that have a column."""
        row = {}
        for name, value in values.items():
            field = self.entity(entity).fields.get(name)
            if field is None and name == "owner":
                row[self.tables.maker(entity).name] = value
            elif field is not None and not (field.many and field.kind == "reference"):
                row[name] = kind(field).to_row(value, field)
        return row

    def _with_defaults(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        full = dict(values)
        for name, field in self.entity(entity).fields.items():
            if name in full or not field.seeded:
                continue
            if field.default is not None:
                full[name] = self.default(entity, name)
            elif field.kind == "bool" and not field.required:
                full[name] = False  # a box that nobody ticked
            else:
                full[name] = [] if field.many else None
        return full

    def default(self, entity: str, name: str) -> Any:
        """The Python value that a field has when nothing is given, for this person and moment; None when it has none."""
        field = self.entity(entity).fields[name]
        bound = self.blueprint.meaning.defaults.get((entity, name))
        if bound is None:
            return None
        constant = bound.meaning
        if isinstance(constant, meaning.Constant):
            return kind(field).from_row(constant.value, field)
        if self.visitor.id is None and field.target == "User":
            return None
        return self.run(select(self.access.value(bound, None).label("value")))[0][0]

    def _check_complete(self, spec: Entity, given: Iterable[str], values: Mapping[str, Any]) -> None:
        errors = {}
        for name in given:
            field = spec.fields.get(name)
            if field is None or not field.required or not field.seeded:
                continue
            if missing(values.get(name), field):
                errors[name] = MISSING
        if errors:
            raise Invalid(errors)

    def _write_links(self, entity: str, id: int, values: Mapping[str, Any]) -> None:
        with self.snapshot() as connection:
            for name, value in values.items():
                field = self.entity(entity).fields.get(name)
                if field is None or field.kind != "reference" or not field.many:
                    continue
                link = self.tables.link(entity, name)
                connection.execute(delete(link).where(link.c.record == id))
                rows = [
                    {"record": id, "target": target, "position": at, "created": self._moment()}
                    for at, target in enumerate(dict.fromkeys(value or []))
                ]
                if rows:
                    connection.execute(insert(link), rows)

    def _attach_files(self, entity: str, id: int, values: Mapping[str, Any]) -> None:
        """The uploads that the record names belong to it from now on."""
        with self.snapshot() as connection:
            for name, value in values.items():
                field = self.entity(entity).fields.get(name)
                if field is not None and field.kind in ("file", "image") and value:
                    names = value if field.many else [value]
                    file = system.file
                    free = and_(file.c.name.in_(names), file.c.record.is_(None))
                    connection.execute(update(file).where(free).values(entity=entity, field=name, record=id))

    # --- rules of the data --------------------------------------------------------------------------------------------

    def _check_rules(self, entity: str, id: int, changed: set[str] | None) -> None:
        """Does the record, as it is now, follow the rules of its entity? After a change only those that name what changed.
        Numbers over other records in a rule do not count the record itself."""
        spec = self.entity(entity)
        rules = []
        for said, rule in spec.rules.items():
            named = _names_in(self.blueprint, entity, rule.bound)
            if changed is None or changed & named:
                rules.append((said, rule, named))
        if not rules:
            return
        row = another(self.tables[entity])
        columns = [
            plain(self.access.condition(rule, row, without=(entity, id))).label(f"r{at}")
            for at, (_, rule, _) in enumerate(rules)
        ]
        found = self.run(select(*columns).where(row.c.id == id))[0]
        errors: dict[str, str] = {}
        for kept, (said, _, named) in zip(found, rules, strict=True):
            if not kept:
                at = next((name for name in spec.fields if name in named and spec.fields[name].typed_in), "")
                errors.setdefault(at, said)
        if errors:
            raise Invalid(errors)

    def _in_words(self, entity: str) -> _InWords:
        return _InWords(self.entity(entity), self.tables[entity].name)

    def _with_parts(self, entity: str, id: int) -> dict[str, set[int]]:
        """The record and all that is part of it, by entity."""
        going: dict[str, set[int]] = {entity: {id}}
        todo = [(entity, {id})]
        with self.snapshot() as connection:
            while todo:
                parent, ids = todo.pop()
                for name, field in self._references_to(parent):
                    if not field.part:
                        continue
                    row = self.tables[name]
                    found = {one for (one,) in connection.execute(select(row.c.id).where(row.c[field.name].in_(ids)))}
                    new = found - going.get(name, set())
                    if new:
                        going.setdefault(name, set()).update(new)
                        todo.append((name, new))
        return going

    def _pointing_at(self, going: Mapping[str, set[int]]) -> dict[str, set[int]]:
        """Records that stay and lose a reference to what goes."""
        losing: dict[str, set[int]] = {}
        if self.quiet:
            return losing
        for entity, ids in going.items():
            for name, spec in self.blueprint.meaning.children(entity):
                if spec.many:
                    link = self.tables.link(name, spec.name)
                    statement = select(link.c.record).where(link.c.target.in_(ids))
                elif not spec.part and not spec.required:
                    row = self.tables[name]
                    statement = select(row.c.id).where(row.c[spec.name].in_(ids))
                else:
                    continue
                found = {id for (id,) in self.run(statement.limit(MOST_NOTED))} - going.get(name, set())
                if found:
                    losing.setdefault(name, set()).update(found)
        return losing

    def _references_to(self, entity: str) -> list[tuple[str, Field]]:
        return [(name, field) for name, field in self.blueprint.meaning.children(entity) if not field.many]

    def _check_needed(self, going: Mapping[str, set[int]]) -> None:
        """Raises Invalid when a record that stays cannot be without one that goes; names those that this person may read."""
        said: list[str] = []
        for entity, ids in going.items():
            for name, field in self._references_to(entity):
                if not field.required or field.part:
                    continue
                row = another(self.tables[name])
                stays = and_(row.c[field.name].in_(ids), row.c.id.not_in(going.get(name, set()) or {-1}))
                found = [id for (id,) in self.run(select(row.c.id).where(stays).limit(1000))]
                if found:
                    readable = sorted(self._readable_ids(name, found))[:MOST_NAMED]
                    titles = [self.get(name, id, ()).title for id in readable]
                    noun = words(name) if len(found) == 1 else plural(words(name))
                    named = f" ({', '.join(titles)}{', ...' if len(found) > len(titles) else ''})" if titles else ""
                    said.append(f"{len(found)} {noun}{named}")
        if said:
            raise Invalid({"": f"This is still needed by {' and '.join(said)}. Delete or change these first."})

    # --- what follows (automations.py) --------------------------------------------------------------------------------

    def _watch(self, batch: Batch, entity: str, id: int | None, values: Mapping[str, Any]) -> None:
        """A record (None: a new one) is about to change; values are those it has, or gets."""

    def _before_removal(self, entity: str, id: int) -> None:
        """A record is about to be deleted."""

    def _happened(self, batch: Batch) -> None:
        """What was written together has passed the rules of the data."""


class _InWords:
    """Turns what the database refuses into words at the field."""

    def __init__(self, entity: Entity, table: str) -> None:
        self.entity = entity
        self.table = table

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind_of: Any, error: Any, trace: Any) -> None:
        if not isinstance(error, IntegrityError):
            return
        text = str(error.orig)
        if match := UNIQUE.search(text):
            names = [part.strip().rpartition(".")[2].strip('"') for part in match[1].split(",")]
            at = next((name for name in names if name in self.entity.fields), "")
            if len(names) > 1:
                together = " and ".join(label(name).lower() for name in names)
                raise Invalid({at: f"There is one with this {together} already."}) from None
            raise Invalid({at: TAKEN}) from None
        if CHECK.search(text):
            name = next((name for name in self.entity.fields if f"ck_{name}_" in text), "")
            raise Invalid({name: "This value does not fit here."}) from None
        if "FOREIGN KEY" in text:
            raise Invalid({"": "A record that this one refers to is not there any more."}) from None


def plain(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """A condition as a column; SQLite has no word for a bare true."""
    return literal(True) if always(condition) else literal(False) if never(condition) else condition


def _same_moment(stored: datetime, seen: datetime | str) -> bool:
    if isinstance(seen, str):
        try:
            seen = datetime.fromisoformat(seen.strip())
        except ValueError:
            return False
    return stored.replace(microsecond=0) == seen.replace(microsecond=0, tzinfo=None)


def _names_in(blueprint: Any, entity: str, bound: Any) -> set[str]:
    """The fields of the record that a rule depends on directly: by name, as `this.name` inside a sum, or through a field
    that is computed from them."""
    found: set[str] = set()
    todo = [bound.node]
    while todo:
        node = todo.pop()
        names = {path[0] for path in field_paths(node)}
        names |= {
            part.names[1]
            for part in walk(node)
            if isinstance(part, nodes.Path) and part.names[0] == "this" and len(part.names) > 1
        }
        for name in names - found:
            found.add(name)
            field = blueprint.entities[entity].fields.get(name)
            if field is not None and field.computed and field.expression is not None:
                todo.append(field.expression)
    return found
