"""A share of a whole, stored as 0 to 100."""

from __future__ import annotations

from .number import Number


class Percent(Number):
    name = "percent"
