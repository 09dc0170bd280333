"""Records: the only way anybody reads or writes the data of an app. Access is enforced here and nowhere else.

query.py reads, numbers.py counts and sums, write.py writes, steps.py runs actions, followers.py what automations do after a
change. What a value of a type is belongs to ../fields, who may do what to ../access.py.
"""

from __future__ import annotations

from .numbers import Numbers
from .record import Choice, Found, Link, Point, Record, Series
from .steps import Acting, Asked, Outcome


class Records(Numbers, Acting):
    """What one visitor can do with the data of an app: `Records(app, visitor)`."""


__all__ = ["Asked", "Choice", "Found", "Link", "Outcome", "Point", "Record", "Records", "Series"]
