"""Copies of an app's data: its database whole, its files linked. For previews of real data, branches and exports."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from espalier.runtime.app import DATA_FILE

FILES = "files"


def copy_data(source: Path, target: Path) -> None:
    """Copy the data of an app into a folder, while the app runs. Files may be deleted there without harm to the others."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (source / DATA_FILE).exists():
        copy_database(source / DATA_FILE, target / DATA_FILE)
    if (source / FILES).is_dir():
        shutil.copytree(source / FILES, target / FILES, copy_function=_link, dirs_exist_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is in one moment; the copy needs no other files beside it."""
    address = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=10)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)
