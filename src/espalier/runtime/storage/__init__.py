"""Where an app's data lives: tables made from its blueprint, a database that follows the blueprint, search, journal, numbers."""

from .database import Database
from .errors import Busy, Changed, Damaged, NoSpace, ReadOnly, Refused, Row, StorageError
from .tables import Tables

__all__ = ["Busy", "Changed", "Damaged", "Database", "NoSpace", "ReadOnly", "Refused", "Row", "StorageError", "Tables"]
