"""Where an app's data lives: tables made from its blueprint, a database that follows the blueprint, search, journal, numbers."""

from .database import Database, _compiled
from .errors import Busy, Changed, Damaged, NoSpace, ReadOnly, Refused, Row, StorageError
from .tables import Tables, _tables_of

__all__ = [
    "Busy",
    "Changed",
    "Damaged",
    "Database",
    "NoSpace",
    "ReadOnly",
    "Refused",
    "Row",
    "StorageError",
    "Tables",
    "forget",
]


def forget() -> None:
    """Let go of the tables and statements that are kept for the next equal app. For a process that judges thousands of apps,
    each once: what it keeps of them only makes it larger and slower."""
    _compiled().clear()
    _tables_of.cache_clear()
