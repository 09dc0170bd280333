"""The database of one running app: opening it (which makes it follow its blueprint), reading, writing, copying.

A file is SQLite in WAL mode: readers see a snapshot, one writer at a time. Without a path the database lives in memory on
one shared connection, for checks. What a change of the blueprint means is plan.py's, doing it migrate.py's, looking for
text search.py's.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zlib import crc32

from sqlalchemy import Connection, Dialect, Engine, Table, create_engine, event, make_url, select
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.sql import ColumnElement
from sqlalchemy.util import LRUCache

from ...blueprint.schema import Blueprint
from ..fields.base import dump
from . import search, system
from .backup import back_up
from .errors import Changed, Damaged, ReadOnly, StorageError, explained
from .shape import Shape
from .tables import Tables, create_statements, quoted, tables_in_memory

if TYPE_CHECKING:
    from .plan import Plan

WAIT = 5.0  # seconds a writer waits for another
MOST_VERSIONS = 500
MOST_COMPILED = 1500  # statements of all apps of the process, some kilobytes each
NEWEST_COUNTER = select(system.version.c.counter).order_by(system.version.c.id.desc()).limit(1)
Step = Callable[[str], None]


class Database:
    """One app's data. Made by `Database.open`; `close` it when done.

    Threads may share it. Inside `write`, a further `read` or `write` of the same thread joins the same transaction.
    """

    def __init__(self, path: Path | None, blueprint: Blueprint) -> None:
        self.path = path
        self.blueprint = blueprint
        # What is checked in memory is small: only the indexes that are rules are made.
        self.tables = Tables(blueprint) if path is not None else tables_in_memory(blueprint)
        self.compiled: dict[Any, Any] = {}  # what access.py keeps of expressions over these tables
        self.counter = 0  # how many migrations the database had seen when this process opened it
        self.engine = _engine(path)
        self._local = threading.local()
        self._one_at_a_time = threading.RLock() if path is None else None
        # In memory all take turns with the one connection there is. Readers have no transaction to begin and to end.
        self._reader = self.engine.connect() if path is None else None
        self._writer = self.engine.connect() if path is None else None
        if self._writer is not None:
            event.listen(self._writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self._searchable: set[str] = set()

    @classmethod
    def open(
        cls,
        path: Path | None,
        blueprint: Blueprint,
        *,
        renames: Mapping[str, str] | None = None,
        back: bool = True,
        step: Step | None = None,
    ) -> Self:
        """Open the database at path (made when it is not there; None: in memory) and make it follow the blueprint.

        renames: what only changed its name, `{"Client": "Customer", "Client.phone": "mobile"}`, by the old names.
        back: whether an earlier blueprint of this database may be gone back to. A person who undoes an edit may; a server
            that loads its blueprint again by itself (after `Changed`) passes False, so that two servers never fight.
        step: called with the name of each step of a migration; for tests.
        Raises Refused when values would be lost, Changed when back is False and the database is ahead, else StorageError.
        """
        database = cls(Path(path) if path is not None else None, blueprint)
        try:
            with explained(database.path):
                database._prepare(dict(renames or {}), back, step or (lambda name: None))
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Let go of the file."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self.engine.dispose()

    # Reading and writing.

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the data from its first question to the end."""
        joined = self._writing or self._reading
        if joined is not None:
            yield joined
            return
        with self._guard(), explained(self.path), self._connect_to_read() as connection:
            self._local.reading = connection
            try:
                yield connection
            except Exception as error:
                if self._missing(error) and self.changed():
                    raise self._changed() from error
                raise
            finally:
                self._local.reading = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction that nobody else writes beside; kept at the end, undone when an error leaves it.

        Inside another write of the same thread it is a part of that: an error undoes only this part.
        Raises Changed when another process has moved the database to another blueprint.
        """
        joined = self._writing
        if joined is not None:
            with joined.begin_nested():
                yield joined
            return
        with self._guard(), explained(self.path), self._connect_to_write() as connection, connection.begin():
            if self.path is not None and _counter(connection) != self.counter:
                raise self._changed()
            self._local.writing = connection
            try:
                yield connection
            finally:
                self._local.writing = None

    def changed(self) -> bool:
        """Has another process moved the database to another blueprint since this one opened it?"""
        if self.path is None:
            return False
        with explained(self.path), self.engine.connect() as connection:
            return _counter(connection) != self.counter

    # Following the blueprint.

    def plan(self, blueprint: Blueprint, renames: Mapping[str, str] | None = None) -> Plan:
        """What moving to this blueprint would do, in words with counts, and what would refuse it. Changes nothing."""
        from .migrate import look_ahead

        with self.read() as connection:
            return look_ahead(connection, self.tables.shape, blueprint, dict(renames or {}))

    def follow(
        self, blueprint: Blueprint, renames: Mapping[str, str] | None = None, *, step: Step | None = None
    ) -> Plan | None:
        """Move this open database to the blueprint; None when the data has the same shape. Raises Refused or StorageError."""
        with explained(self.path), self._guard():
            return self._migrate(blueprint, dict(renames or {}), True, step or (lambda name: None))

    def back_up(self) -> Path | None:
        """Copy the database to `backups/` beside it and return the copy; None in memory."""
        if self.path is None:
            return None
        with explained(self.path):
            return back_up(self.path)

    def history(self) -> list[dict[str, Any]]:
        """The blueprints that the database has followed, newest first: id, counter, blueprint, renames, changes, backup, created."""
        with self.read() as connection:
            table = system.version
            rows = connection.execute(select(table).order_by(table.c.id.desc())).mappings()
            return [{key: value for key, value in row.items() if key not in ("shape", "digest")} for row in rows]

    # Looking for text.

    def search_condition(self, entity: str, text: str, fields: Iterable[str]) -> ColumnElement[bool]:
        """The condition that a row of the entity's table holds all words of the text in these fields; see search.py.

        fields: those that the person may read; others are never looked into.
        """
        if entity not in self._searchable:
            with self.write() as connection:
                search.keep(connection, self.tables, entity)
            if self._writing is None:
                self._searchable.add(entity)
        return search.condition(self.tables, entity, text, fields)

    # Opening.

    def _prepare(self, renames: dict[str, str], back: bool, step: Step) -> None:
        if self.path is None:
            with self._connect_to_write() as connection:
                driver: Any = connection.connection.driver_connection
                _system_in_memory().backup(driver)
                with connection.begin():
                    execute(connection, self.tables.create())
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnly(
                f"The folder `{self.path.parent}` cannot be made ({error.strerror}). Make it, or choose another."
            ) from error
        with self.engine.connect() as connection:
            found = _table_names(connection)
            connection.rollback()
            if not found or system.version.name in found:
                # Cannot be set inside a transaction. A copy from `backups` comes without it.
                driver = connection.connection.driver_connection
                driver.execute("PRAGMA journal_mode = WAL")
        if not found:
            self._make()
        elif system.version.name not in found:
            raise Damaged(
                f"`{self.path}` is a database, but not that of an app. Choose another path, or move the file away."
            )
        self._upgrade_system()
        self._migrate(self.blueprint, renames, back, step)
        self._keep_search()

    def _make(self) -> None:
        """Make all tables of a new file in one transaction, unless another process was faster."""
        with self._connect_to_write() as connection, connection.begin():
            if not _table_names(connection):
                execute(connection, [*system_statements(), *self.tables.create()])
                connection.exec_driver_sql(f"PRAGMA user_version = {_system_mark()}")
                record_version(connection, self.tables.shape, self.blueprint, 0)

    def _upgrade_system(self) -> None:
        """Give the file the system tables and columns that it was made without, by an earlier release of the platform."""
        with self.engine.connect() as connection:
            mark = connection.exec_driver_sql("PRAGMA user_version").scalar()
            connection.rollback()
        if mark == _system_mark():
            return
        with self._connect_to_write() as connection, connection.begin():
            found = _table_names(connection)
            for table in system.TABLES:
                if table.name not in found:
                    execute(connection, create_statements(table))
                    continue
                have = {row[1] for row in connection.exec_driver_sql(f'PRAGMA table_info("{table.name}")')}
                for column in table.columns:
                    if column.name not in have:
                        line = str(create_column(table, column.name))
                        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {line}')
            connection.exec_driver_sql(f"PRAGMA user_version = {_system_mark()}")

    def _migrate(self, blueprint: Blueprint, renames: dict[str, str], back: bool, step: Step) -> Plan | None:
        shape = Shape.of(blueprint)
        plan = None
        if self.path is None:
            from .migrate import migrate

            if shape.digest != self.tables.shape.digest or renames:
                plan = migrate(self, blueprint, self.tables.shape, renames, back, step)
        else:
            from ...blueprint.printer import print_blueprint

            text = print_blueprint(blueprint)
            with self.engine.connect() as connection:
                newest = newest_version(connection)
                connection.rollback()
            if newest.digest != shape.digest or newest.blueprint != text:
                from .migrate import migrate

                plan = migrate(self, blueprint, None, renames, back, step)
            else:
                self.counter = newest.counter
        self.blueprint = blueprint
        self.tables = Tables(shape)
        self.compiled = {}
        self._searchable.clear()
        if plan is not None and self.path is not None:
            self._keep_search()
        return plan

    def _keep_search(self) -> None:
        """Make the search tables that are missing, so that no reader ever has to."""
        with self.engine.connect() as connection:
            missing = [entity for entity in self.tables if not search.is_kept(connection, self.tables, entity)]
            connection.rollback()
        if missing:
            with self.write() as connection:
                for entity in missing:
                    search.keep(connection, self.tables, entity)
        self._searchable = set(self.tables)

    # Connections.

    @property
    def _writing(self) -> Connection | None:
        return getattr(self._local, "writing", None)

    @property
    def _reading(self) -> Connection | None:
        return getattr(self._local, "reading", None)

    def _guard(self) -> AbstractContextManager[Any]:
        """In memory all threads share one connection, so they take turns."""
        return self._one_at_a_time or nullcontext()

    def _connect_to_read(self) -> AbstractContextManager[Connection]:
        return self.engine.connect() if self._reader is None else nullcontext(self._reader)

    def _connect_to_write(self) -> AbstractContextManager[Connection]:
        if self._writer is not None:
            return nullcontext(self._writer)
        return self.engine.connect().execution_options(espalier_begin="BEGIN IMMEDIATE")

    def _changed(self) -> Changed:
        return Changed(
            f"`{self.path}` now follows another version of the app, made by another process. Load the blueprint again before going on."
        )

    @staticmethod
    def _missing(error: Exception) -> bool:
        return "no such table" in str(error) or "no such column" in str(error)


def _engine(path: Path | None) -> Engine:
    def connect() -> Any:
        connection = sqlite3.connect(
            ":memory:" if path is None else path, timeout=WAIT, check_same_thread=False, isolation_level=None
        )
        connection.execute("PRAGMA foreign_keys = ON")
        if path is not None:
            connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    dialect = _dialect()
    pool = StaticPool(connect, dialect=dialect) if path is None else QueuePool(connect, dialect=dialect)
    engine = Engine(pool, dialect, make_url("sqlite://"), hide_parameters=True)  # people's data has no place in a log
    engine.update_execution_options(compiled_cache=_compiled())

    def begin(connection: Connection) -> None:
        # The driver starts no transaction by itself (isolation_level None).
        connection.exec_driver_sql(connection.get_execution_options().get("espalier_begin", "BEGIN"))

    if path is not None:  # in memory only writers begin one, and an engine without listeners is faster
        event.listen(engine, "begin", begin)
    return engine


@cache
def _dialect() -> Dialect:
    """One for all databases of the process, which keeps what it has found out about types."""
    # Looking for rows that nothing joins would take a tenth of the making of every statement.
    engine = create_engine("sqlite://", json_serializer=dump, enable_from_linting=False)
    engine.connect().close()  # it asks the library once what that can do
    return engine.dialect


@cache
def _compiled() -> LRUCache[Any, Any]:
    """What statements over a table have become as SQL: one for all databases of the process, since they share the system
    tables, and those in memory share the tables of equal blueprints."""
    return LRUCache(MOST_COMPILED)


@cache
def _system_in_memory() -> sqlite3.Connection:
    """A database with nothing but the system tables. One in memory begins as a copy of it."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    for statement in system_statements():
        connection.execute(statement)
    return connection


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all with the same columns, in one statement, past SQLAlchemy's own work on each new statement."""
    columns = [table.c[name] for name in rows[0]]
    ways = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns]
    names = ", ".join(quoted(column.name) for column in columns)
    said = f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - quoted names
    connection.exec_driver_sql(
        said,
        [tuple(way(value) if way else value for way, value in zip(ways, row.values(), strict=True)) for row in rows],
    )


def execute(connection: Connection, statements: Iterable[str]) -> None:
    """Run plain SQL, past SQLAlchemy's own work on each statement."""
    cursor = connection.connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    cursor.close()


def now() -> datetime:
    """Now in UTC, without a zone: as the database keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


def newest_version(connection: Connection) -> Any:
    """The row of the blueprint that the database follows."""
    table = system.version
    row = connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise StorageError(
            "The database does not say which blueprint it follows. Put the newest copy from `backups` in its place."
        )
    return row


def record_version(
    connection: Connection,
    shape: Shape,
    blueprint: Blueprint,
    counter: int,
    *,
    renames: Any = None,
    changes: Any = None,
    backup: str | None = None,
) -> None:
    """Write down which blueprint the database follows from now on."""
    from ...blueprint.printer import print_blueprint

    table = system.version
    connection.execute(
        table.insert().values(
            counter=counter,
            digest=shape.digest,
            shape=shape.to_json(),
            blueprint=print_blueprint(blueprint),
            renames=renames,
            changes=changes,
            backup=backup,
            created=now(),
        )
    )
    newest = connection.execute(select(table.c.id).order_by(table.c.id.desc()).offset(MOST_VERSIONS).limit(1)).scalar()
    if newest is not None:
        connection.execute(table.delete().where(table.c.id <= newest))


_system_script: list[str] = []


def system_statements() -> list[str]:
    """The SQL that makes the system tables; worked out once a process."""
    if not _system_script:
        _system_script.extend(statement for table in system.TABLES for statement in create_statements(table))
    return _system_script


def create_column(table: Any, name: str) -> str:
    """One line of a CREATE TABLE: the column with its type and default."""
    from sqlalchemy.schema import CreateColumn

    from .tables import DIALECT

    return str(CreateColumn(table.c[name]).compile(dialect=DIALECT))


def _system_mark() -> int:
    """A number that changes when the system tables do; kept in the file's header."""
    return crc32("".join(system_statements()).encode()) & 0x7FFFFFFF


def _table_names(connection: Connection) -> set[str]:
    return {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _counter(connection: Connection) -> int:
    said = connection.execute(NEWEST_COUNTER).scalar()
    return -1 if said is None else int(said)
