"""Records: the only way anybody reads or writes the data of an app. Access is enforced here and nowhere else.

query.py reads, numbers.py counts and sums, write.py writes, ../steps.py runs actions and ../automations.py what follows.
"""

from __future__ import annotations

from .query import Reading
from .record import Choice, Found, Link, Point, Record, Series
from .write import Writing


class Records(Writing):
    """What one visitor can do with the data of an app: `Records(app, visitor)`."""


__all__ = ["Choice", "Found", "Link", "Point", "Reading", "Record", "Records", "Series"]
