"""Records, whole."""

from __future__ import annotations

from .followers import Following
from .numbers import Numbers


class Records(Numbers, Following):
    """What one visitor can do with the data of an app: `Records(app, visitor)`. See the files beside this one."""
