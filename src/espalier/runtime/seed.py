"""The rows of a blueprint's seed as records: examples that make a fresh app look lived in.

They are the author's, so neither access nor the rules of the data (`starts > now`) are asked, and no automation follows. A
cell that does not fit is left empty and a row that the database refuses is left out; the log says which. People whom the
rows name by an email or a role that no row of `User` has are made up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from espalier.blueprint.expression import meaning as m
from espalier.blueprint.expression import walk
from espalier.blueprint.expression.nodes import Path
from espalier.blueprint.field import Field
from espalier.blueprint.meaning import RELATIVE, seed_columns, split_many

from .access import AUTHOR
from .automations import moved
from .fields import kind
from .records import Records
from .storage import system
from .storage.database import insert_rows

log = logging.getLogger(__name__)

SEEDED = "seeded"
NAMES = ("Alex Kim", "Sam Rivera", "Robin Okafor", "Kit Larsen", "Noa Haddad", "Jo Novak", "Ari Tanaka", "Max Dubois")
MORNING = time(9, 0)  # of a moment that is given only by its day


def seed(app: Any) -> int:
    """Make the records of the blueprint's seed, once in the life of a database; how many were made."""
    blueprint = app.blueprint
    if not blueprint.seed:
        return 0
    with app.database.write() as connection:
        setting = system.setting
        if connection.execute(select(setting.c.name).where(setting.c.name == SEEDED)).first() is not None:
            return 0
        try:
            with connection.begin_nested():
                made = _Seed(app, connection).run()
        except IntegrityError:
            made = _Seed(app, connection, one_by_one=True).run()
        insert_rows(connection, setting, [{"name": SEEDED, "value": {"records": made, "announced": False}}])
    return made


class _Seed:
    """One sowing. one_by_one: leave out the rows that the database refuses, instead of raising IntegrityError."""

    def __init__(self, app: Any, connection: Any, *, one_by_one: bool = False) -> None:
        self.one_by_one = one_by_one
        self.app = app
        self.blueprint = app.blueprint
        self.tables = app.database.tables
        self.connection = connection
        self.now: datetime = app.now().replace(microsecond=0)
        self.records = Records(app, AUTHOR)
        self.columns = {name: seed_columns(entity) for name, entity in self.blueprint.entities.items()}
        self.people: list[dict[str, Any]] = []
        self.by_email: dict[str, int] = {}
        self.ids: dict[str, dict[str, int]] = {}  # entity -> what a row is called -> its id
        self.next_id = dict(connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all())

    def run(self) -> int:
        rows = {name: [row.cells for row in said] for name, said in self.blueprint.seed.items() if name in self.columns}
        people = rows.pop("User", [])
        first = self._first_id("User")
        for cells in people:
            values = dict(zip((field.name for field in self.columns["User"]), cells, strict=False))
            self._person(values.get("name", ""), values.get("email", ""), values.get("role") or None)
        self._missing_people(rows)
        self._name_rows(rows)
        at = first
        written: list[dict[str, Any]] = []
        for number, person in enumerate(self.people):
            cells = people[number] if number < len(people) else ()
            values = self._values("User", cells) if cells else {}
            written.append(self._row("User", at + number, {**values, **person}, None, len(self.people) - number))
        made = self._write("User", written)
        for entity in self._in_order(rows):
            owner = self._owner_of(entity)
            start = self._first_id(entity)
            values_of = [self._values(entity, cells) for cells in rows[entity]]
            written = [
                self._row(entity, start + number, values, owner, len(values_of) - number)
                for number, values in enumerate(values_of)
            ]
            made += self._write(entity, written)
            self._write_links(entity, start, values_of)
        return made

    # --- people -------------------------------------------------------------------------------------------------------

    def _person(self, name: str, email: str, role: str | None) -> int:
        number = self._first_id("User") + len(self.people)
        name = name or email.partition("@")[0].replace(".", " ").title() or NAMES[len(self.people) % len(NAMES)]
        email = (email or f"{name.lower().replace(' ', '.')}@example.com").lower()
        if email in self.by_email:
            email = f"{number}.{email}"
        self.people.append({"name": name, "email": email, "role": role or self._usual_role()})
        self.by_email[email] = number
        return number

    def _usual_role(self) -> str:
        """The role of somebody who signs up."""
        from .people.accounts import signup_roles

        return next(iter(signup_roles(self.blueprint)), "user")

    def _missing_people(self, rows: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Make up people for the emails and roles that the rows name."""
        for entity, entity_rows in rows.items():
            for cells in entity_rows:
                for field, cell in zip(self.columns[entity], cells, strict=False):
                    if field.target != "User" or not cell:
                        continue
                    for part in split_many(field, cell):
                        if "@" in part and part.lower() not in self.by_email:
                            self._person("", part, field.name if field.name in self.blueprint.roles else None)
                        elif part in self.blueprint.roles and self._of_role(part) is None:
                            self._person(NAMES[len(self.people) % len(NAMES)], f"{part}@example.com", part)

    def _of_role(self, role: str) -> int | None:
        first = self._first_id("User")
        return next((first + at for at, person in enumerate(self.people) if person["role"] == role), None)

    def _owner_of(self, entity: str) -> int | None:
        """Who made the rows of an entity: the first person who may make such records, so that `own` finds them."""
        access = self.blueprint.access.get(entity) or self.blueprint.access.get("default")
        who = access.rule("create") if access else None
        names = [part.names[0] for part in walk(who.node) if isinstance(part, Path)] if who is not None else []
        for role in names:
            if role in self.blueprint.roles and (found := self._of_role(role)) is not None:
                return found
        first = self._first_id("User")
        usual = [first + at for at, person in enumerate(self.people) if person["role"] != "admin"]
        return usual[0] if usual else None

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _first_id(self, entity: str) -> int:
        return int(self.next_id.get(self.tables[entity].name, 0)) + 1

    def _name_rows(self, rows: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Under which words each row can be meant by others: its first cell, its title, any other text in it."""
        for entity, entity_rows in rows.items():
            start = self._first_id(entity)
            names = [field.name for field in self.columns[entity]]
            title = self.blueprint.entities[entity].title_field
            title_at = names.index(title) if title in names else 0
            known: dict[str, int] = {}
            texts = [at for at, field in enumerate(self.columns[entity]) if kind(field).searchable]
            for at in dict.fromkeys([0, title_at, *texts]):
                for number, cells in enumerate(entity_rows):
                    if at < len(cells) and cells[at]:
                        known.setdefault(cells[at].casefold(), start + number)
            self.ids[entity] = known

    def _in_order(self, rows: Mapping[str, Any]) -> list[str]:
        """The entities with rows, those referred to before those that refer; foreign keys are looked at as rows arrive."""
        order: list[str] = []
        open_ones: set[str] = set()

        def visit(entity: str) -> None:
            if entity in order or entity in open_ones or entity not in rows:
                return
            open_ones.add(entity)
            for field in self.columns[entity]:
                visit(field.target)
            order.append(entity)

        for entity in rows:
            visit(entity)
        return order

    def _values(self, entity: str, cells: Iterable[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field, cell in zip(self.columns[entity], cells, strict=False):
            if not cell:
                continue
            try:
                values[field.name] = self._value(field, cell)
            except ValueError as error:
                log.warning("seed of %s: `%s` does not fit %s: it %s", entity, cell[:60], field.name, error)
        return values

    def _value(self, field: Field, cell: str) -> Any:
        """The Python value of a cell. Raises ValueError with words."""
        if field.kind == "reference":
            ids = [self._meant(field, part) for part in split_many(field, cell)]
            return list(dict.fromkeys(ids)) if field.many else ids[0] if ids else None
        if field.kind in ("image", "file"):
            return [] if field.many else None  # nobody has uploaded it
        if field.kind in ("date", "datetime") and (match := RELATIVE.fullmatch(cell)):
            word, sign, number, unit, clock = match.groups()
            moment = self.now
            if number:
                moment = _moved(moment, int(number) * (-1 if sign == "-" else 1), unit)
            if field.kind == "date":
                return moment.date()
            if clock:
                return datetime.combine(moment.date(), time.fromisoformat(clock.zfill(5)))
            return moment if word == "now" or unit == "hour" else datetime.combine(moment.date(), MORNING)
        if field.kind in ("datetime",) and len(cell) == 10:
            cell = f"{cell} 09:00"
        return kind(field).from_text(cell, field)

    def _meant(self, field: Field, part: str) -> int:
        if field.target == "User":
            if part.lower() in self.by_email:
                return self.by_email[part.lower()]
            if (found := self._of_role(part)) is not None:
                return found
            first = self._first_id("User")
            for at, person in enumerate(self.people):
                if person["name"].casefold() == part.casefold() or part == "me":
                    return first + at
        else:
            known = self.ids.get(field.target, {})
            if part.casefold() in known:
                return known[part.casefold()]
            if part.isdecimal() and int(part) - 1 in range(len(self.blueprint.seed.get(field.target, ()))):
                return self._first_id(field.target) + int(part) - 1
        raise ValueError("is not among the rows")

    def _row(self, entity: str, id: int, values: Mapping[str, Any], owner: int | None, age: int) -> dict[str, Any]:
        """The row for the database. age: how many rows are younger; the order of the seed is the order of making."""
        made = self.now - timedelta(seconds=age)
        row: dict[str, Any] = {"id": id, "created": made, "updated": made}
        for field in self.blueprint.entities[entity].fields.values():
            if field.computed or field.kind == "marks" or (field.kind == "reference" and field.many):
                continue
            if field.kind == "serial":
                row[field.name] = getattr(field.type, "at")(field, id - self._first_id(entity))  # noqa: B009 - only serials have it
                continue
            value = values.get(field.name)
            if value is None:
                value = self._default(entity, field, owner)
            row[field.name] = kind(field).to_row(value, field)
        whose = (
            values.get(name) for name in self.blueprint.meaning.owners(entity) if isinstance(values.get(name), int)
        )
        row.setdefault(self.tables.maker(entity).name, next(whose, owner))
        return row

    def _default(self, entity: str, field: Field, owner: int | None) -> Any:
        if field.default is None:
            return False if field.kind == "bool" and not field.required else [] if field.many else None
        bound = self.blueprint.meaning.defaults.get((entity, field.name))
        if bound is None:
            return None
        match bound.meaning:
            case m.Clock(word="today"):
                return self.now.date()
            case m.Clock():
                return self.now
        if field.target == "User":
            return owner
        return self.records.default(entity, field.name)

    def _write(self, entity: str, rows: list[dict[str, Any]]) -> int:
        if not rows:
            return 0
        table = self.tables[entity]
        made = len(rows)
        if not self.one_by_one:
            insert_rows(self.connection, table, rows)
        for row in rows if self.one_by_one else ():
            try:
                with self.connection.begin_nested():
                    insert_rows(self.connection, table, [row])
            except IntegrityError as error:
                made -= 1
                log.warning("seed of %s: row %s was left out: %s", entity, row["id"], error.orig)
        self._count_serials(entity, len(rows))
        return made

    def _count_serials(self, entity: str, given: int) -> None:
        for field in self.blueprint.entities[entity].fields.values():
            if field.kind == "serial":
                row = {"entity": entity, "field": field.name, "start": field.parameter or "1", "given": given}
                insert_rows(self.connection, system.serial, [row])

    def _write_links(self, entity: str, start: int, values_of: Sequence[Mapping[str, Any]]) -> None:
        for field in self.columns[entity]:
            if field.kind != "reference" or not field.many:
                continue
            rows = [
                {"record": start + number, "target": target, "position": at, "created": self.now}
                for number, values in enumerate(values_of)
                for at, target in enumerate(values.get(field.name) or ())
            ]
            if not rows:
                continue
            try:
                with self.connection.begin_nested() if self.one_by_one else nullcontext():
                    insert_rows(self.connection, self.tables.link(entity, field.name), rows)
            except IntegrityError:
                if not self.one_by_one:
                    raise
                log.warning("seed of %s: `%s` leads to rows that were left out", entity, field.name)


def _moved(moment: datetime, number: int, unit: str) -> datetime:
    try:
        return moved(moment, number * 12, "month") if unit == "year" else moved(moment, number, unit)
    except (ValueError, OverflowError):
        raise ValueError("is too far away") from None
