"""The tables of the traces, DATA/traces.db, and the file beside it with the key under which values are hashed.

What is deleted is overwritten (`secure_delete`), and gone from the log as well once `emptied` was called.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)

FILE = "traces.db"
KEY = "traces.key"
metadata = MetaData()

# A build, or one candidate of it. The texts are redacted, and empty without consent. `before`: the blueprint that an edit was asked of.
build = Table(
    "build", metadata,
    Column("id", String(64), primary_key=True), Column("candidate", Integer, primary_key=True),
    Column("account", String(64), nullable=False, index=True), Column("app", String(64), nullable=False),
    Column("kind", String(16), nullable=False), Column("consent", Boolean, nullable=False), Column("at", Float, nullable=False, index=True),
    Column("prompt", Text, nullable=False), Column("request", Text, nullable=False), Column("before", Text, nullable=False),
    Column("blueprint", Text, nullable=False), Column("patch", Text, nullable=False), Column("report", JSON), Column("score", Float),
    Column("state", String(16), nullable=False), Column("endpoint", String(200), nullable=False), Column("model", String(200), nullable=False),
    Column("adapter", String(200), nullable=False), Column("adapter_sha256", String(64), nullable=False),
    Column("sampling", JSON, nullable=False), Column("tokens_in", Integer, nullable=False), Column("tokens_out", Integer, nullable=False),
    Column("seconds", Float, nullable=False), Column("stages", JSON, nullable=False), Column("cost", Float, nullable=False),
    Column("rented", Float, nullable=False), Column("found", JSON, nullable=False),
)  # fmt: skip
call = Table(
    "call", metadata,
    Column("id", String(64), primary_key=True), Column("build", String(64), nullable=False, index=True),
    Column("account", String(64), nullable=False, index=True), Column("at", Float, nullable=False, index=True),
    Column("purpose", String(16), nullable=False), Column("consent", Boolean, nullable=False), Column("endpoint", String(200), nullable=False),
    Column("model", String(200), nullable=False), Column("adapter", String(200), nullable=False), Column("adapter_sha256", String(64), nullable=False),
    Column("messages", JSON, nullable=False), Column("answer", Text, nullable=False), Column("sampling", JSON, nullable=False),
    Column("grammar", Boolean, nullable=False), Column("tokens_in", Integer, nullable=False), Column("tokens_cached", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False), Column("first", Float, nullable=False), Column("seconds", Float, nullable=False),
    Column("finish", String(16), nullable=False), Column("error", Text, nullable=False), Column("cost", Float, nullable=False),
    Column("rented", Float, nullable=False),
)  # fmt: skip
outcome = Table(
    "outcome", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True), Column("build", String(64), nullable=False),
    Column("account", String(64), nullable=False, index=True), Column("kind", String(32), nullable=False), Column("detail", JSON, nullable=False),
    Column("at", Float, nullable=False), Index("outcome_of_build", "build", "id"),
)  # fmt: skip
# The number that a value has in the placeholders of a trace. scope: the build, or the call where there is none.
placeholder = Table(
    "placeholder", metadata,
    Column("scope", String(64), primary_key=True), Column("kind", String(16), primary_key=True),
    Column("hash", String(64), primary_key=True), Column("number", Integer, nullable=False),
)  # fmt: skip
# Builds that were forgotten: no data made from them may stay. why: asked, or consent (taken back).
forgotten = Table(
    "forgotten", metadata,
    Column("build", String(64), primary_key=True), Column("at", Float, nullable=False), Column("why", String(16), nullable=False),
)  # fmt: skip
# Files that were written from traces, so that what is forgotten goes from them too.
exported = Table(
    "exported", metadata, Column("path", String(1000), primary_key=True), Column("at", Float, nullable=False)
)


def open_store(file: Path) -> Engine:
    """The database, made when it is not there. Raises OSError or SQLAlchemyError when it cannot be."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}", hide_parameters=True)  # an error must not quote a text
    event.listen(engine, "connect", _opened)
    event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    file.chmod(0o600)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that nobody else writes beside: what is read in it is still so when something is written for it."""
    with engine.connect().execution_options(espalier_begin="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


def emptied(engine: Engine) -> None:
    """Take out of the log what was deleted."""
    with engine.connect().execution_options(espalier_begin="") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def key_beside(file: Path) -> bytes:
    """The key of this database; made the first time. It lies beside it and not in it: a copy of the database alone reveals no value."""
    path = file.with_name(KEY)
    if not path.exists():
        made = path.with_name(f"{KEY}.{secrets.token_hex(4)}")
        made.touch(0o600)
        made.write_bytes(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            os.link(made, path)  # whole or not at all, whoever else makes one at the same time
        made.unlink()
    return path.read_bytes()


def _opened(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for said in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {said}")


def _begin(connection: Connection) -> None:
    if said := connection.get_execution_options().get("espalier_begin", "BEGIN"):
        connection.exec_driver_sql(said)
