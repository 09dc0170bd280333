"""What was worked out before and would be worked out again: a file of keys and values, outside of everything that counts.

Losing it loses nothing but time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def default_file() -> Path:
    """Where it is kept when nobody says otherwise."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "espalier" / "data.sqlite"


class Memory:
    """Values by key, as JSON. Several processes may use the same file."""

    def __init__(self, file: Path | None = None) -> None:
        path = file or default_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, timeout=60)
        self._file.execute("create table if not exists known (key text primary key, value text not null)")

    def get(self, key: str) -> Any:
        """The value, or None."""
        row = self._file.execute("select value from known where key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, values: Iterable[tuple[str, Any]]) -> None:
        self._file.executemany(
            "insert or replace into known values (?, ?)", [(key, json.dumps(value)) for key, value in values]
        )
        self._file.commit()

    def close(self) -> None:
        self._file.close()
