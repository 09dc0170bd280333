"""A database follows its blueprint: what plan.py decided and judge.py found possible is done, in one transaction.

Tables that change are made anew beside the old ones, filled, and put in their place, which SQLite needs for most changes
and which any database can do; the statements go through Alembic's operations. Before that the file is copied. What is
dropped or rewritten is first copied into tables of its own (`espalier_aside_N`), and comes back from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, MetaData, Table, delete, exists, func, insert, literal, select, update
from sqlalchemy.schema import CreateTable

from ...blueprint.field import Field
from ...blueprint.schema import Blueprint
from . import search, serial, system
from .backup import back_up
from .database import execute, newest_version, now, record_version
from .defaults import default_row
from .errors import Changed, StorageError
from .judge import Judged, Prepared, as_text, became_like, link_like, prepare, read_kept, values_like
from .plan import EntityMove, FieldMove, Kept, Plan
from .shape import EntityShape, Shape, entity_to_json, field_to_text
from .tables import DIALECT, Tables, create_statements, is_link, maker_name, quoted

if TYPE_CHECKING:
    from alembic.operations import Operations

    from .database import Database

Step = Callable[[str], None]
# Where entities and fields are spoken of by name in the app's own tables.
SPEAK_OF_ENTITIES = (system.notification, system.file, system.serial, system.due, system.journal)
SPEAK_OF_FIELDS = (system.file, system.serial)


def look_ahead(connection: Connection, old: Shape, blueprint: Blueprint, renames: Mapping[str, str]) -> Plan:
    """The plan with counts, and with `refused` set when rows stand in the way. Only reads."""
    return prepare(connection, old, Shape.of(blueprint), renames).plan


def migrate(
    database: Database, blueprint: Blueprint, old: Shape | None, renames: Mapping[str, str], back: bool, step: Step
) -> Plan | None:
    """Bring the database to the blueprint; None when only the text is new. old: its shape, or None to read it under the lock.

    Raises Refused, Changed (see Database.open) or what the database says; nothing was changed then.
    """
    shape = Shape.of(blueprint)
    with database._connect_to_write() as connection:
        driver: Any = connection.connection.driver_connection
        # Neither can be set inside a transaction. Rows are moved as they are, and the whole is checked at the end.
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("PRAGMA synchronous = FULL")
        try:
            step("lock")
            with connection.begin():
                counter, backup = 0, None
                if old is None:
                    newest = newest_version(connection)
                    counter = newest.counter
                    if newest.digest == shape.digest:
                        if newest.blueprint != _text(blueprint):
                            record_version(connection, shape, blueprint, counter)
                        database.counter = counter
                        return None
                    if not back:
                        _refuse_to_go_back(connection, shape, newest.id)
                    old = Shape.from_json(newest.shape)
                found = prepare(connection, old, shape, renames)
                if found.plan.refused:
                    raise found.plan.refused
                if database.path is not None and _holds_rows(connection, found):
                    step("backup")
                    backup = back_up(database.path).name
                _Work(connection, found, blueprint, step).do()
                step("record")
                changes = [change.words for change in found.plan.changes]
                record_version(
                    connection,
                    shape,
                    blueprint,
                    counter + 1,
                    renames=found.plan.renames or None,
                    changes=changes,
                    backup=backup,
                )
                _check(connection)
                step("commit")
            step("done")
            database.counter = counter + 1
            return found.plan
        finally:
            if not connection.closed and connection.connection.is_valid:
                driver.execute("PRAGMA foreign_keys = ON")
                driver.execute("PRAGMA synchronous = NORMAL")


def _text(blueprint: Blueprint) -> str:
    from ...blueprint.printer import print_blueprint

    return print_blueprint(blueprint)


def _refuse_to_go_back(connection: Connection, shape: Shape, newest: int) -> None:
    table = system.version
    if connection.execute(select(exists().where(table.c.digest == shape.digest, table.c.id < newest))).scalar():
        raise Changed(
            "The database follows a newer version of this app, made by another process; this blueprint is an earlier one. "
            "Load the newer blueprint. To go back on purpose, open the app again by hand."
        )


def _holds_rows(connection: Connection, found: Prepared) -> bool:
    tables = found.rows.tables
    return any(connection.execute(select(exists(select(tables[name].c.id)))).scalar() for name in tables)


def _check(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
    if broken:
        said = "; ".join(f"row {row[1]} of {row[0]} refers to {row[2]}" for row in broken)
        raise StorageError(f"Nothing was changed: references would lead nowhere ({said}). Please report this.")


class _Work:
    """One migration while it is done."""

    def __init__(self, connection: Connection, found: Prepared, blueprint: Blueprint, step: Step) -> None:
        self.connection = connection
        self.found = found
        self.plan = found.plan
        self.blueprint = blueprint
        self.step = step
        self.before = found.rows.tables
        self.after = Tables(self.plan.new)
        self.used: list[Kept] = []
        # The asides of values that get another type now, by new entity and field.
        self.retyped: dict[tuple[str, str], int] = {}
        # Old tables that go, and new ones under the names they have until then.
        self.drop: list[Table] = []
        self.rename: list[tuple[str, Table]] = []
        self.operations = _operations(connection)

    def do(self) -> None:
        sequences = self._sequences()
        search.drop_all(self.connection)
        self.step("aside")
        self._rename_kept()
        self._keep_aside(sequences)
        self.step("create")
        for move in self.plan.moves:
            self._make_anew(move)
        self.step("drop")
        for table in self.drop:
            self.operations.drop_table(table.name)
        self.step("rename")
        for name, table in self.rename:
            self.operations.rename_table(name, table.name)
        self.step("fill")
        for move in self.plan.moves:
            self._fill(move)
        self._forget_dangling()
        self.step("index")
        self._index()
        self._forget_used()
        self._system_names()
        self._restore_sequences(sequences)

    # What goes is kept aside.

    def _rename_kept(self) -> None:
        """Let the catalogue of what is aside speak the new names of entities and fields."""
        fields = {(entity, field): new for entity, field, _, new in self.plan.renames if field}
        was = {item.id: item for item in read_kept(self.connection)}
        for item in self.found.kept:
            name = item.field
            if item.field and item.retyped and item.within is None:
                name = fields.get((was[item.id].entity, item.field), item.field)
            self.connection.execute(
                update(system.aside).where(system.aside.c.id == item.id).values(entity=item.entity, field=name)
            )

    def _retarget(self, names: Mapping[str, str], but: Collection[int] = ()) -> None:
        """Let the shapes of what is aside refer to entities by their new names; to one that went aside by its number there."""
        if not names:
            return
        for item in read_kept(self.connection):
            if item.id in but:
                continue
            if item.field:
                shape = field_to_text(replace(item.shape, target=names.get(item.shape.target, item.shape.target)))
            else:
                shape = _entity_text(item.shape.renamed(item.shape.name, names, {}))
            self.connection.execute(update(system.aside).where(system.aside.c.id == item.id).values(shape=shape))

    def _keep_aside(self, sequences: dict[str, int]) -> None:
        table = system.aside
        targets = dict(self.plan.entity_names)
        settled: set[int] = set()  # what came out of one aside to go into another: it has its new names already
        for move in self.plan.moves:
            if move.after is None:
                assert move.before
                number = self._keep_entity(move.before, sequences)
                targets[move.before.name] = f"#{number}"
                own = (
                    (table.c.entity == move.before.name)
                    & (table.c.field != "")
                    & table.c.within.is_(None)
                    & (table.c.id != number)
                )
                self.connection.execute(update(table).where(own).values(within=number))
        for move in self.plan.moves:
            if move.before is None or move.after is None:
                continue
            for part in move.fields:
                made = self._keep_field(move, part)
                if move.kept is not None and made is not None:
                    settled.add(made)
            self._keep_maker(move)
        self._retarget(targets, settled)

    def _keep_entity(self, before: EntityShape, sequences: dict[str, int]) -> int:
        main = self.before[before.name]
        rows = self._number(select(func.count()).select_from(main))
        number = self._catalogue(before.name, "", _entity_text(before), rows, retyped=False)
        tables: dict[str, Any] = {"": f"espalier_aside_{number}", "sequence": sequences.get(main.name, 0)}
        self._copy_plain(main, tables[""])
        for place, (field, link) in enumerate(self.before.links(before.name).items()):
            tables[field] = f"espalier_aside_{number}_{place}"
            self._copy_plain(link, tables[field])
        self._say_tables(number, tables)
        return number

    def _keep_field(self, move: EntityMove, part: FieldMove) -> int | None:
        assert move.before and move.after
        if part.before is None or part.kept is not None:
            return None
        judged = self.found.judged.get((move.after.name, part.after.name)) if part.after else None
        if part.after is None:
            if _is_maker(move.before, part.before) and maker_name(move.after) == "owner":
                return None  # the column stays, as what says who made the record
            number = self._copy_values(
                move, part.before, part.before, move.after.name, part.before.name, None, retyped=False
            )
            table = system.aside
            own = (
                (table.c.entity == move.after.name)
                & (table.c.field == part.before.name)
                & table.c.retyped
                & (table.c.within == move.kept.id if move.kept else table.c.within.is_(None))
            )
            self.connection.execute(update(table).where(own).values(within=number))
            return number
        if judged is not None:
            if judged.older is not None:
                self.used.append(judged.older)
            links_end = is_link(part.before) and not is_link(part.after) and judged.new
            if judged.lost_ways or links_end or _becomes_serial(part):
                name = part.after.name
                number = self._copy_values(move, part.before, part.before, move.after.name, name, judged, retyped=True)
                self.retyped[move.after.name, name] = number
                return number
        return None

    def _keep_maker(self, move: EntityMove) -> None:
        """Keep who made the records when their column gives way to a field called `owner` that comes from elsewhere."""
        assert move.before and move.after
        if (
            _has_maker_column(move.before)
            and not _has_maker_column(move.after)
            and self._source_of_owner(move) != maker_name(move.before)
        ):
            said = Field("reference", name=maker_name(move.before), target="User")
            self._copy_values(move, said, said, move.after.name, "_owner", None, retyped=False)

    def _copy_values(
        self,
        move: EntityMove,
        column: Field,
        said: Field,
        entity: str,
        name: str,
        judged: Judged | None,
        *,
        retyped: bool,
    ) -> int:
        """Copy a field's values into a table of their own. judged: only those that could not be worked out again."""
        number = self._catalogue(entity, name, field_to_text(replace(said, name=name)), 0, retyped=retyped)
        table = f"espalier_aside_{number}"
        self._say_tables(number, {"": table})
        if is_link(column):
            source = self.found.rows.link_source(move, column, None)
            self._copy_plain(source, table)
            rows = self._number(select(func.count(source.c.record.distinct())))
        else:
            target = values_like(table, said)
            target.create(self.connection)
            source = self.found.rows.source(move)
            chosen = select(source.c.id, source.c[column.name]).where(source.c[column.name].is_not(None))
            self.connection.execute(insert(target).from_select(["record", "value"], chosen))
            if judged is not None:
                for record in judged.new.keys() - judged.lost_ways:
                    self.connection.execute(delete(target).where(target.c.record == record))
            rows = self._number(select(func.count()).select_from(target))
        if judged is not None:
            became = became_like(f"{table}_became")
            became.create(self.connection)
            said_now = [{"record": record, "value": as_text(value)} for record, value in judged.new.items()]
            if said_now:
                self.connection.execute(insert(became), said_now)
            self._say_tables(number, {"": table, "became": became.name})
        self.connection.execute(update(system.aside).where(system.aside.c.id == number).values(rows=rows))
        return number

    def _catalogue(self, entity: str, field: str, shape: str, rows: int, *, retyped: bool) -> int:
        values = {
            "entity": entity,
            "field": field,
            "shape": shape,
            "rows": rows,
            "retyped": retyped,
            "created": now(),
        }
        key = self.connection.execute(insert(system.aside).values(values)).inserted_primary_key
        assert key
        return int(key[0])

    def _say_tables(self, number: int, tables: dict[str, Any]) -> None:
        self.connection.execute(update(system.aside).where(system.aside.c.id == number).values(tables=tables))

    def _copy_plain(self, source: Table, name: str) -> None:
        """Copy a table without its rules, so that nothing that happens to other rows reaches what is kept."""
        target = Table(name, MetaData(), *[Column(column.name, column.type) for column in source.columns], quote=True)
        target.create(self.connection)
        names = [column.name for column in source.columns]
        self.connection.execute(insert(target).from_select(names, select(*[source.c[part] for part in names])))

    # Tables are made anew.

    def _make_anew(self, move: EntityMove) -> None:
        if move.before is not None and move.kept is None:
            old_main = self.before[move.before.name]
            old_links = self.before.links(move.before.name)
        else:
            old_main, old_links = None, {}
        if move.after is None:
            self.drop += [table for table in (old_main, *old_links.values()) if table is not None]
            return
        main = self.after[move.after.name]
        columns = self._sources(move) if move.before else {}
        unchanged = (
            old_main is not None and _says(old_main) == _says(main) and all(new == old for new, old in columns.items())
        )
        if not unchanged:
            fresh = self._create(main)
            if move.before is not None:
                source = self.found.rows.source(move)
                taken = {new: old for new, old in columns.items() if old is not None}
                chosen = select(*[source.c[old].label(f"c{place}") for place, old in enumerate(taken.values())])
                self.connection.execute(insert(fresh).from_select(list(taken), chosen))
                self.step("copy")
            if old_main is not None:
                self.drop.append(old_main)
        stays: set[str] = set()
        for part in move.fields if move.before else [FieldMove(None, field) for field in move.after.fields.values()]:
            if part.after is None or not is_link(part.after):
                continue
            link = self.after.link(move.after.name, part.after.name)
            source_link = self._link_source(move, part)
            if source_link is not None and source_link.name == link.name and _says(source_link) == _says(link):
                stays.add(link.name)
                continue
            fresh = self._create(link)
            if source_link is not None:
                self._copy_links(source_link, fresh)
        self.drop += [link for link in old_links.values() if link.name not in stays]

    def _create(self, table: Table) -> Table:
        name = f"espalier_new_{len(self.rename)}"
        # References name the tables as they will be called, so the SQL is made from the final table.
        said = _says(table).replace(f"CREATE TABLE {quoted(table.name)}", f"CREATE TABLE {quoted(name)}", 1)
        execute(self.connection, [said])
        self.rename.append((name, table))
        return Table(name, MetaData(), *[Column(column.name, column.type) for column in table.columns], quote=True)

    def _link_source(self, move: EntityMove, part: FieldMove) -> Table | None:
        """The link table from which a field's links are taken over as they are."""
        assert move.after and part.after
        if part.before is None or not is_link(part.before):
            return None
        judged = self.found.judged.get((move.after.name, part.after.name))
        if judged is not None and judged.as_they_were and not judged.same:
            return None
        return self.found.rows.link_source(move, part.before, part.kept)

    def _copy_links(self, source: Table, target: Table) -> None:
        names = ["record", "target", "position", "created"]
        self.connection.execute(insert(target).from_select(names, select(*[source.c[name] for name in names])))

    def _sources(self, move: EntityMove) -> dict[str, str | None]:
        """For each column of the new main table the old column that it is copied from; None when it is filled later."""
        assert move.before and move.after
        found: dict[str, str | None] = {}
        parts = {part.after.name: part for part in move.fields if part.after is not None}
        for column in self.after[move.after.name].columns:
            part = parts.get(column.name)
            if part is None:
                # Who made a record, where that is a column of its own.
                own = column.name in ("id", "created", "updated")
                found[column.name] = column.name if own else self._maker_source(move)
            elif _is_maker(move.after, part.after) and part.before is None:
                found[column.name] = maker_name(move.before)
            else:
                found[column.name] = self._column_source(move, part)
        return found

    def _maker_source(self, move: EntityMove) -> str | None:
        assert move.before
        return maker_name(move.before)

    def _source_of_owner(self, move: EntityMove) -> str | None:
        part = next((part for part in move.fields if part.after is not None and part.after.name == "owner"), None)
        if part is None or move.before is None:
            return None
        return maker_name(move.before) if part.before is None else part.before.name

    def _column_source(self, move: EntityMove, part: FieldMove) -> str | None:
        assert move.after and part.after
        if part.before is None or part.kept is not None or is_link(part.before):
            return None
        judged = self.found.judged.get((move.after.name, part.after.name))
        return part.before.name if judged is None or judged.same else None

    # Values are put in.

    def _fill(self, move: EntityMove) -> None:
        if move.after is None:
            return
        if move.kept is not None:
            self.used.append(move.kept)
        for part in move.fields:
            if part.after is None:
                continue
            judged = self.found.judged.get((move.after.name, part.after.name))
            if part.kept is not None:
                self.used.append(part.kept)
                if judged is not None and judged.older is not None:
                    self.used.append(judged.older)
            if judged is not None:
                self._fill_judged(move.after.name, part, judged)
            elif part.kept is not None:
                self._fill_kept(move.after.name, part.after, part.kept)
            elif part.before is None and move.before is not None:
                self._fill_default(move.after.name, part.after)
            if part.after.kind == "serial" and (part.before is None or part.kept or _becomes_serial(part)):
                given = serial.number_rest(self.connection, self.after, move.after.name, part.after)
                self._keep_empty(self.retyped.get((move.after.name, part.after.name)), part, given)
        if move.before is not None and _has_maker_column(move.after) and not _has_maker_column(move.before):
            self._fill_maker(move.after)

    def _fill_judged(self, entity: str, part: FieldMove, judged: Judged) -> None:
        assert part.before and part.after
        if judged.same:
            return
        if not is_link(part.after):
            table = self.after[entity]
            column = table.c[part.after.name]
            for record, value in judged.new.items():
                self.connection.execute(update(table).where(table.c.id == record).values({column: value}))
            return
        if is_link(part.before) and not judged.as_they_were:
            return  # copied as they are
        link = self.after.link(entity, part.after.name)
        if judged.older is not None and judged.as_they_were:
            older = link_like(judged.older.tables[""])
            names = ["record", "target", "position", "created"]
            chosen = select(*[older.c[name] for name in names]).where(older.c.record.in_(sorted(judged.as_they_were)))
            self.connection.execute(insert(link).from_select(names, chosen))
        rows = [
            {"record": record, "target": target, "position": place, "created": now()}
            for record, targets in judged.new.items()
            if record not in judged.as_they_were
            for place, target in enumerate(targets or [])
        ]
        if rows:
            self.connection.execute(insert(link), rows)

    def _fill_kept(self, entity: str, field: Field, kept: Kept) -> None:
        if is_link(field):
            return  # copied as they are
        table, aside = self.after[entity], values_like(kept.tables[""], kept.shape)
        value = select(aside.c.value).where(aside.c.record == table.c.id).scalar_subquery()
        chosen = table.c.id.in_(select(aside.c.record))
        self.connection.execute(update(table).where(chosen).values({table.c[field.name]: value}))

    def _fill_default(self, entity: str, field: Field) -> None:
        if is_link(field):
            return
        written = self.blueprint.entities[entity].fields[field.name]
        value = default_row(written)
        table = self.after[entity]
        column = table.c[field.name]
        if value is None or (field.unique and self._number(select(func.count()).select_from(table)) > 1):
            return
        self.connection.execute(update(table).where(column.is_(None)).values({column: value}))

    def _keep_empty(self, number: int | None, part: FieldMove, given: dict[int, str]) -> None:
        """Remember which records had nothing before the app numbered them."""
        if number is None or part.before is None or not given:
            return
        values, became = (
            values_like(f"espalier_aside_{number}", part.before),
            became_like(f"espalier_aside_{number}_became"),
        )
        self.connection.execute(insert(values), [{"record": record, "value": None} for record in given])
        self.connection.execute(
            insert(became), [{"record": record, "value": as_text(said)} for record, said in given.items()]
        )

    def _fill_maker(self, after: EntityShape) -> None:
        kept = next(
            (item for item in reversed(self.found.kept) if item.entity == after.name and item.field == "_owner"), None
        )
        if kept is None:
            return
        table, aside = self.after[after.name], values_like(kept.tables[""], kept.shape)
        value = select(aside.c.value).where(aside.c.record == table.c.id).scalar_subquery()
        self.connection.execute(
            update(table).where(table.c.id.in_(select(aside.c.record))).values({maker_name(after): value})
        )
        self.used.append(kept)

    def _forget_dangling(self) -> None:
        """What came back may refer to records that were deleted meanwhile: such references are emptied, such parts go too."""
        back = [
            move for move in self.plan.moves if move.after and (move.kept or any(part.kept for part in move.fields))
        ]
        # Parts of parts: as often as there are entities, until nothing hangs loose.
        for _ in range(len(back) + 1):
            gone = 0
            for move in back:
                assert move.after
                gone += self._forget_in(move.after)
            if not gone:
                return

    def _forget_in(self, after: EntityShape) -> int:
        table = self.after[after.name]
        gone = 0
        for key in table.foreign_key_constraints:
            column = next(iter(key.columns))
            target = key.elements[0].column.table.alias()
            loose = column.is_not(None) & ~exists(select(literal(1)).where(target.c.id == column))
            if key.ondelete == "CASCADE":
                gone += self.connection.execute(delete(table).where(loose)).rowcount
            else:
                self.connection.execute(update(table).where(loose).values({column: None}))
        for link in self.after.links(after.name).values():
            for key in link.foreign_key_constraints:
                column = next(iter(key.columns))
                target = key.elements[0].column.table.alias()
                self.connection.execute(delete(link).where(~exists(select(literal(1)).where(target.c.id == column))))
        return gone

    # The rest.

    def _index(self) -> None:
        found = self.connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        )
        have: dict[str, str] = dict(found.all())
        want: dict[str, str] = {}
        tables = [self.after[name] for name in self.after] + [
            link for name in self.after for link in self.after.links(name).values()
        ]
        for table in tables:
            for index, statement in zip(
                sorted(table.indexes, key=lambda index: str(index.name)), create_statements(table)[1:], strict=True
            ):
                want[str(index.name)] = statement
        for name, sql in have.items():
            if name.startswith("ix_espalier_"):
                continue
            if want.get(name) != sql:
                execute(self.connection, [f"DROP INDEX {quoted(name)}"])
        execute(self.connection, [statement for name, statement in want.items() if have.get(name) != statement])

    def _forget_used(self) -> None:
        """Let go of what has come back."""
        table = system.aside
        for item in {item.id: item for item in self.used}.values():
            self.connection.execute(update(table).where(table.c.within == item.id).values(within=None))
            self.connection.execute(delete(table).where(table.c.id == item.id))
            if not item.field:
                self._retarget({f"#{item.id}": item.entity})
            for key, name in item.tables.items():
                if key != "sequence":
                    self.operations.drop_table(name)

    def _system_names(self) -> None:
        entities = self.plan.entity_names
        fields = {(entity, field): new for entity, field, _, new in self.plan.renames if field}
        # By way of names that nothing can have, so that two may change places.
        for table in SPEAK_OF_FIELDS:
            self._rename_values(table, {key: (key[0], new) for key, new in fields.items()})
        for table in SPEAK_OF_ENTITIES:
            for old, new in entities.items():
                self.connection.execute(update(table).where(table.c.entity == old).values(entity=f" {new}"))
            for new in entities.values():
                self.connection.execute(update(table).where(table.c.entity == f" {new}").values(entity=new))

    def _rename_values(self, table: Table, names: dict[tuple[str, str], tuple[str, str]]) -> None:
        for (entity, field), (_, new) in names.items():
            self.connection.execute(
                update(table).where(table.c.entity == entity, table.c.field == field).values(field=f" {new}")
            )
        for (entity, _), (_, new) in names.items():
            self.connection.execute(
                update(table).where(table.c.entity == entity, table.c.field == f" {new}").values(field=new)
            )

    def _sequences(self) -> dict[str, int]:
        """The highest id ever given, by table: ids must not be given twice, not even after a row was deleted."""
        return {
            name: int(number)
            for name, number in self.connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        }

    def _restore_sequences(self, sequences: dict[str, int]) -> None:
        for move in self.plan.moves:
            if move.before is None or move.after is None:
                continue
            was = (
                move.kept.tables.get("sequence", 0)
                if move.kept
                else sequences.get(self.before[move.before.name].name, 0)
            )
            name = self.after[move.after.name].name
            if was:
                has = self.connection.exec_driver_sql(
                    "SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)
                ).scalar()
                if has is None:
                    self.connection.exec_driver_sql(
                        "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, was)
                    )
                elif has < was:
                    self.connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (was, name))

    def _number(self, chosen: Any) -> int:
        return int(self.connection.execute(chosen).scalar() or 0)


def _operations(connection: Connection) -> Operations:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    return Operations(MigrationContext.configure(connection))


def _says(table: Table) -> str:
    """The SQL that makes the table, without its indexes."""
    return str(CreateTable(table).compile(dialect=DIALECT)).strip()


def _entity_text(entity: EntityShape) -> str:
    from ..fields.base import dump

    return dump(entity_to_json(entity))


def _becomes_serial(part: FieldMove) -> bool:
    return part.before is not None and part.after is not None and part.after.kind == "serial" != part.before.kind


def _is_maker(entity: EntityShape, field: Field | None) -> bool:
    """Is this field the column that says who made a record?"""
    return field is not None and field.name == "owner" and field.is_owner and entity.fields.get("owner") is not None


def _has_maker_column(entity: EntityShape) -> bool:
    """Is who made a record kept in a column of its own, not in a field?"""
    return not (maker_name(entity) == "owner" and "owner" in entity.fields)
