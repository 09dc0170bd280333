"""Copies of a database file in `backups/` beside it, made while others read and write, complete or not there at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "backups"
KEPT = 10  # the newest copies
KEPT_DAYS = 14  # and the last copy of each of this many days that have one


def back_up(path: Path) -> Path:
    """Copy the database at path with SQLite's online backup, and return the copy's path.

    The copy gets its name only when it is whole and on the disk; what a killed process left half done is removed.
    Raises OSError or sqlite3.Error, and leaves nothing behind then.
    """
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.part"):
        stale.unlink(missing_ok=True)
    stem = f"{path.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    part, whole = folder / f"{stem}.part", folder / f"{stem}.db"
    try:
        with (
            closing(sqlite3.connect(f"file:{_quote(path)}?mode=ro", uri=True, timeout=5)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
            # Alone in a folder, a copy must not need the files that WAL keeps beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        _sync(part)
        part.replace(whole)
        _sync(folder)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _rotate(folder, path.stem)
    return whole


def backups(path: Path) -> list[Path]:
    """The copies of the database at path, newest first."""
    return sorted((path.parent / FOLDER).glob(f"{path.stem}-*.db"), reverse=True)


def _rotate(folder: Path, stem: str) -> None:
    days: set[str] = set()
    for number, copy in enumerate(sorted(folder.glob(f"{stem}-*.db"), reverse=True)):
        day = copy.name.removeprefix(f"{stem}-")[:8]
        last_of_its_day = day not in days
        days.add(day)
        if number >= KEPT and not (last_of_its_day and len(days) <= KEPT_DAYS):
            copy.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _quote(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.absolute()))
