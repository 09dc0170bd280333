"""What can go wrong with the storage of an app, in words for whoever runs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

MOST_NAMED = 20


class StorageError(Exception):
    """The database cannot be used as asked. str() says what happened and what to do next."""


class NoSpace(StorageError):
    """The disk, or what this process may use of it, is full. Nothing was changed."""


class Damaged(StorageError):
    """The file is no database, or it is broken."""


class ReadOnly(StorageError):
    """The file or its folder may not be written."""


class Busy(StorageError):
    """Another process holds the database for longer than we wait."""


class Changed(StorageError):
    """Another process has moved the database to another version of the app; load the blueprint again before going on."""


@dataclass(frozen=True)
class Row:
    """A row that stands in the way of a change, named so that a person finds it."""

    entity: str
    id: int
    title: str
    value: str
    why: str

    def __str__(self) -> str:
        title = f" ({self.title})" if self.title and self.title != self.value else ""
        return f"{self.entity} {self.id}{title}: `{self.value}` {self.why}"


class Refused(StorageError):
    """The change of the blueprint would lose values, so nothing was changed.

    count: how many rows stand in the way; rows: the first 20 of them.
    """

    def __init__(self, count: int, rows: list[Row]) -> None:
        self.count = count
        self.rows = rows[:MOST_NAMED]
        named = "\n".join(f"- {row}" for row in self.rows)
        more = f"\n- and {count - len(self.rows)} more" if count > len(self.rows) else ""
        stand = "1 row stands" if count == 1 else f"{count} rows stand"
        super().__init__(
            f"Nothing was changed: {stand} in the way. Correct these rows first, or leave the field as it was.\n{named}{more}"
        )


@contextmanager
def explained(path: Path | None) -> Iterator[None]:
    """Turn what SQLite and the system say of the file into a StorageError with words for an operator."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        found = _first_explained(error, path)
        if found is None:
            raise
        raise found from error


def _first_explained(error: BaseException, path: Path | None) -> StorageError | None:
    """The explanation of an error, or of what it came from: on a full disk SQLite ends the whole transaction by itself,
    and what is seen in the end is that a savepoint is not there any more."""
    at: BaseException | None = error
    while isinstance(at, DBAPIError | sqlite3.Error | OSError):
        found = explain(at.orig if isinstance(at, DBAPIError) else at, path)
        if found is not None:
            return found
        at = at.__context__
    return None


def explain(error: Any, path: Path | None) -> StorageError | None:
    """The StorageError that this error of SQLite or the system amounts to, or None when it is of another kind."""
    name = getattr(error, "sqlite_errorname", "") or ""
    said = str(error)
    where = f"`{path}`" if path else "the database in memory"
    if name.startswith("SQLITE_FULL") or "disk is full" in said or getattr(error, "errno", None) in (27, 28, 122):
        return NoSpace(f"There is no room left to write {where}. Nothing was changed; free some space and try again.")
    if name.startswith("SQLITE_IOERR"):
        return NoSpace(
            f"The system could not read or write {where} ({said}). Nothing was changed; look at the disk (is it full or failing?) and try again."
        )
    if name == "SQLITE_NOTADB" or "file is not a database" in said:
        return Damaged(
            f"{where} is not a database of an app. Move the file away, or put a copy from `backups` in its place."
        )
    if name.startswith("SQLITE_CORRUPT") or "malformed" in said:
        return Damaged(f"{where} is damaged. Keep the file, and put the newest copy from `backups` in its place.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")) or isinstance(error, PermissionError):
        return ReadOnly(f"{where} cannot be written. Give this user the right to write the file and its folder.")
    if name.startswith("SQLITE_CANTOPEN"):
        return ReadOnly(f"{where} cannot be opened. See that its folder exists and that this user may write there.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(f"Another process is holding {where}. Wait a little and try again.")
    return None
