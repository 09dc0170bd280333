"""Records: the only way anybody reads or writes the data of an app. Access is enforced here and nowhere else.

query.py reads, numbers.py counts and sums, write.py writes, steps.py runs actions, followers.py what automations do after a
change; whole.py puts them together. What a value of a type is belongs to ../fields, who may do what to ../access.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .record import Choice, Found, Link, Point, Record, Series

if TYPE_CHECKING:
    from .steps import Asked, Outcome
    from .whole import Records

__all__ = ["Asked", "Choice", "Found", "Link", "Outcome", "Point", "Record", "Records", "Series"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for: fields and storage, on which these stand, themselves speak of links and records.
    if name == "Records":
        from .whole import Records

        return Records
    if name in ("Asked", "Outcome"):
        from . import steps

        return getattr(steps, name)
    raise AttributeError(name)
