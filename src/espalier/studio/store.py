"""The studio's tables, and the two ways to use them: `read` and `write`.

SQLAlchemy Core over SQLite in WAL mode, with types that PostgreSQL has too. Times are seconds since 1970 in UTC. What the rows mean
is the business of the files that use them: accounts, apps, versions, builds, outcomes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError

from espalier.runtime.storage.errors import explain

from .errors import NoRoom

FILE = "studio.db"
WAIT = 10  # seconds that a writer waits for another

metadata = MetaData()

# kind: owner (of this studio) or member. password: "" where nobody logs in (one person on this machine).
account = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("email", String(320), nullable=False, unique=True),
    Column("password", String(255), nullable=False, default=""),
    Column("kind", String(16), nullable=False, default="member"),
    Column("consent", Boolean, nullable=False, default=False),
    Column("closed", Boolean, nullable=False, default=False),
    Column("created", Float, nullable=False),
)
session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
)
# Links that work once. kind: welcome (makes the owner), invite (makes a member), share (makes an editor of `app`).
invitation = Table(
    "invitation",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("email", String(320), nullable=False, default=""),
    Column("app", ForeignKey("app.id", ondelete="CASCADE")),
    Column("by", ForeignKey("account.id", ondelete="CASCADE")),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
)
attempt = Table(
    "attempt", metadata, Column("key", String(64), nullable=False, index=True), Column("at", Float, nullable=False)
)
# head: the version that counts; tip: where redo leads. site: the address under which version `live` is published, NULL when not.
app = Table(
    "app",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("slug", String(80), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("owner", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("prompt", Text, nullable=False, default=""),
    Column("head", Integer, nullable=False),
    Column("tip", Integer, nullable=False),
    Column("site", String(63), unique=True),
    Column("live", Integer),
    Column("data_at", Integer),  # the version whose shape the kept data has; NULL while there is none
    Column("from_app", String(32), nullable=False, default=""),
    Column("created", Float, nullable=False),
    Column("changed", Float, nullable=False),
    Column("deleted", Float),
)
editor = Table(
    "editor",
    metadata,
    Column("app", ForeignKey("app.id", ondelete="CASCADE"), primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Float, nullable=False),
)
# how: build, edit (asked for), hand, patch, move, restore, branch, duplicate, gallery, rename. said: what it is, in words.
version = Table(
    "version",
    metadata,
    Column("app", ForeignKey("app.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("parent", Integer),
    Column("text", Text, nullable=False),
    Column("patch", Text, nullable=False, default=""),
    Column("how", String(16), nullable=False),
    Column("said", Text, nullable=False, default=""),
    Column("build", String(32), nullable=False, default=""),
    Column("candidate", Integer, nullable=False, default=0),
    Column("author", String(32), nullable=False),
    Column("at", Float, nullable=False),
)
# What came too late: made on a version that is no longer the head.
draft = Table(
    "draft",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("app", ForeignKey("app.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account", String(32), nullable=False),
    Column("base", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("what", String(16), nullable=False),
    Column("at", Float, nullable=False),
)
# state: queued, writing, judging, repairing, done, failed, refused, cancelled. candidate: the one at work or, at the end, chosen.
build = Table(
    "build",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("app", String(32), nullable=False, default="", index=True),
    Column("kind", String(8), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("request", Text, nullable=False, default=""),
    Column("block", String(200), nullable=False, default=""),
    Column("base", Integer),
    Column("state", String(16), nullable=False),
    Column("stage", String(32), nullable=False, default=""),
    Column("candidate", Integer, nullable=False, default=1),
    Column("words", Text, nullable=False, default=""),  # why it failed or was refused
    Column("decision", String(16), nullable=False, default=""),  # of an edit: applied or dropped
    Column("runs", Integer, nullable=False, default=0),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("ended", Float),
    Index("build_of_account", "account", "created"),
)
# written: what stands so far, by answer; memory: where its stages ended, from which it goes on after a restart.
candidate = Table(
    "candidate",
    metadata,
    Column("build", ForeignKey("build.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("written", JSON, nullable=False),
    Column("memory", JSON, nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("patch", Text, nullable=False, default=""),
    Column("report", JSON),
    Column("score", Float, nullable=False, default=0),
    Column("tries", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("seconds", JSON, nullable=False),
    Column("tokens_in", Integer, nullable=False, default=0),
    Column("tokens_out", Integer, nullable=False, default=0),
    Column("cost", Float, nullable=False, default=0),
    Column("rented", Float, nullable=False, default=0),
    Column("endpoint", String(200), nullable=False, default=""),
    Column("model", String(200), nullable=False, default=""),
    Column("adapter", String(200), nullable=False, default=""),
    Column("at", Float, nullable=False),
)
outcome = Table(
    "outcome",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("build", String(32), nullable=False, index=True),
    Column("account", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("at", Float, nullable=False),
)
# How published apps are used, a row a day.
used = Table(
    "used",
    metadata,
    Column("app", ForeignKey("app.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("visits", Integer, nullable=False, default=0),
    Column("faults", Integer, nullable=False, default=0),
)


def new_id() -> str:
    """A name for a row: 16 letters and digits, never the same twice. No secret."""
    return secrets.token_hex(8)


class Store:
    """The studio's database. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """folder: where studio.db lies or is made. Raises NoRoom when it cannot be."""
        self.path = folder / FILE
        self.told: Callable[[str, str, str, dict[str, Any]], None] = _nobody  # hears every outcome
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NoRoom(f"The folder {folder} cannot be made: {error.strerror}.") from error
        self.engine = create_engine(
            f"sqlite:///{self.path}", connect_args={"timeout": WAIT, "check_same_thread": False}, hide_parameters=True
        )
        event.listen(self.engine, "connect", _opened)
        event.listen(self.engine, "begin", _begin)
        with self._explained(), self.engine.begin() as connection:
            metadata.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state from its first question to the end."""
        with self._explained(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction that nobody else writes beside; kept at the end, undone when an error leaves it."""
        with (
            self._explained(),
            self.engine.connect().execution_options(espalier_begin="BEGIN IMMEDIATE") as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, OSError) as error:
            found = explain(error.orig if isinstance(error, DBAPIError) else error, self.path)
            if found is None:
                raise
            raise NoRoom(str(found)) from error


def _nobody(build: str, account: str, kind: str, detail: dict[str, Any]) -> None:
    """Nobody listens."""


def _opened(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    for said in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {said}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("espalier_begin", "BEGIN"))
